//! A link to each Asterisk, and the jobs that use it.
//!
//! [`run`] keeps a [`Link`] to each node that has a Manager address and a readable secret, and follows what is changed about
//! nodes. For each such node it spawns the jobs listed in [`jobs`], each a plain `async fn run(node: Node)`:
//!
//! - it is started once for each link, not for each connection: it sees the link come and go by `node.link.subscribe()`
//!   ([`Notice::Up`](peerage_ami::Notice::Up), `Down`), and subscribes before it looks at the state;
//! - it watches the hub for what concerns it (`node.app.hub().watch()`) and does a full pass when the link comes up, on
//!   [`Change::Missed`](crate::memory::Change::Missed), and every `settings().full_pass_every`;
//! - what gives a node orders, or answers for it, runs only while this service leads it ([`leading`]): another one on the
//!   same database may. What only looks, so that open pages are true, runs all the time;
//! - it ends when its events end (`None`: the link was shut down, because the node was removed or changed, or the service
//!   stops); what has not ended a moment later is aborted.

mod calls;
mod coherence;
mod devices;
mod leading;
pub(crate) mod leaving;
mod links;
mod orders;
pub(crate) mod overlong;
pub(crate) mod presence;
mod reconcile;
mod refusals;
mod registrations;
mod returned;
mod secret;
mod told_calls;
mod unregistered;

use std::time::Duration;

pub(crate) use links::run;
use peerage_ami::{Action, Invalid, Link, Outcome, Reason, Settings, Value};
use peerage_model::{NodeName, Number};
pub use secret::{NoSecret, read_or_make as manager_secret};
use tokio::sync::broadcast;
use tokio::task::JoinSet;

use crate::app::App;

/// How long Asterisk may be silent over an errand: with very many endpoints it reads them all for minutes.
const LONGEST_ERRAND: Duration = Duration::from_secs(150);

/// The events that a node's link asks for. `security` comes over a connection of its own ([`refusals`]).
const EVENTS: &str = "system,call,agent,reporting";

/// A node with a link, as its jobs have it.
#[derive(Clone)]
pub(crate) struct Node {
    pub(crate) app: App,
    pub(crate) name: NodeName,
    pub(crate) link: Link,
    settings: Settings,
    /// Accounts whose requests were authenticated there a moment ago ([`refusals`]).
    authenticated: broadcast::Sender<Number>,
}

impl Node {
    /// Whether a module is loaded there; none when the node does not answer. A node whose Manager may not say counts as having it.
    async fn has_module(&self, module: &str) -> Option<bool> {
        let Ok(module) = Value::try_from(module) else {
            return Some(false);
        };
        match self.link.send(Action::module_check(module)).await {
            Outcome::Done(_) => Some(true),
            Outcome::Refused(refusal) => match refusal.reason() {
                Reason::NotPermitted | Reason::NoSuchAction | Reason::ShuttingDown => Some(true),
                Reason::Absent | Reason::Other => Some(false),
            },
            Outcome::NotSent(_) | Outcome::Unknown(_) => None,
        }
    }

    /// Another link to the same Asterisk, without events, for what may take long: Asterisk does one action of a connection
    /// after the other, and agents' pauses must not wait. Only while the node's own link is up.
    fn errand(&self) -> Result<Link, Invalid> {
        Ok(Link::open(Settings {
            events: Value::try_from("off")?,
            boot_within: None,
            keepalive: LONGEST_ERRAND,
            ..self.settings.clone()
        }))
    }
}

/// Starts what is done for a node while it has a link.
fn jobs(node: &Node) -> JoinSet<()> {
    let mut jobs = JoinSet::new();
    jobs.spawn(links::tell(node.clone()));
    jobs.spawn(calls::run(node.clone()));
    jobs.spawn(registrations::run(node.clone()));
    jobs.spawn(refusals::run(node.clone()));
    jobs.spawn(leading::run(node.clone()));
    jobs
}

/// Starts what is done for a node while this service leads it besides.
fn led_jobs(node: &Node) -> JoinSet<()> {
    let mut jobs = JoinSet::new();
    jobs.spawn(coherence::run(node.clone()));
    jobs.spawn(devices::run(node.clone()));
    jobs.spawn(orders::run(node.clone()));
    jobs.spawn(reconcile::run(node.clone()));
    jobs.spawn(returned::run(node.clone()));
    jobs.spawn(told_calls::run(node.clone()));
    jobs.spawn(unregistered::run(node.clone()));
    jobs
}
