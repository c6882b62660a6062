//! What a real Asterisk 16 and 22 answer. Needs the lab (`contrib/lab/lab install`).
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod actions;
mod faults;
mod login;

use std::net::SocketAddr;
use std::sync::LazyLock;
use std::time::Duration;

use peerage_ami::{Action, Credentials, Failure, Link, Outcome, Settings, State, Value, Word};
use peerage_testkit::asterisk::{Asterisk, Version};

/// Spent only when a test fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// Asterisks that tests share which do not disturb each other.
static SHARED: LazyLock<[Asterisk; 2]> = LazyLock::new(|| Version::ALL.map(start));

/// With a queue, an endpoint in a cache, and a user who may do more than the one that is shipped.
fn start(version: Version) -> Asterisk {
    Asterisk::builder(version)
        .append("queues.conf", "[support]\nmember => PJSIP/1001,0,Ada King\n")
        .append(
            "pjsip.conf",
            "[1001]\ntype = endpoint\nallow = ulaw\naors = 1001\n[1001]\ntype = aor\n",
        )
        .file(
            "sorcery.conf",
            "[res_pjsip]\nendpoint/cache = memory_cache,name=endpoints,object_lifetime_maximum=3600\n\
             endpoint = config,pjsip.conf,criteria=type=endpoint\n",
        )
        .file(
            "local/manager.conf",
            "[tester]\nsecret = open: sesame\ndeny = 0.0.0.0/0.0.0.0\npermit = 127.0.0.0/255.0.0.0\n\
             read = all\nwrite = all\n",
        )
        .start()
        .unwrap()
}

fn value(text: &str) -> Value {
    text.try_into().unwrap()
}

fn word(text: &str) -> Word {
    text.try_into().unwrap()
}

/// For the user `tester`, quick to come back.
fn settings(address: SocketAddr) -> Settings {
    Settings {
        answer_within: PATIENCE,
        first_wait: Duration::from_millis(50),
        longest_wait: Duration::from_millis(500),
        ..Settings::new(address.to_string(), Credentials::new(value("tester"), "open: sesame"))
    }
}

async fn open(asterisk: &Asterisk) -> Link {
    open_with(settings(asterisk.manager().unwrap().address)).await
}

async fn open_with(settings: Settings) -> Link {
    let link = Link::open(settings);
    until(&link, State::is_up).await;
    link
}

/// Waits for a state.
async fn until(link: &Link, wanted: impl Fn(&State) -> bool) -> State {
    let mut state = link.state();
    let waited = tokio::time::timeout(PATIENCE, state.wait_for(wanted)).await;
    let found = waited.map(|found| found.unwrap().clone());
    found.unwrap_or_else(|_| panic!("{link:?}"))
}

/// Waits until the link is down, or was; and why.
async fn failure(link: &Link) -> Failure {
    match until(link, |state| matches!(state, State::Down { .. })).await {
        State::Down { failure, .. } => failure,
        other => panic!("{other:?}"),
    }
}

async fn command(link: &Link, line: &str) -> String {
    link.send(Action::command(value(line))).await.done().unwrap().output()
}

fn refused(outcome: Outcome) -> peerage_ami::Refusal {
    match outcome {
        Outcome::Refused(refusal) => refusal,
        other => panic!("{other:?}"),
    }
}
