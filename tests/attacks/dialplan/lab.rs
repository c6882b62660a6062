//! An Asterisk of each stack with the shipped dialplan, a trunk that notes what it is sent, and accounts in each context.

use std::net::SocketAddr;
use std::panic::resume_unwind;
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use peerage_testkit::asterisk::{Asterisk, Driver, Transport, Version, wait_until};

use super::manager::Events;
use super::wire::{Called, Manner, Wire};

const PATIENCE: Duration = Duration::from_secs(30);

/// A driver of an Asterisk, reached at its own port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stack {
    pub(crate) version: Version,
    pub(crate) driver: Driver,
    /// Whether chan_sip is what is spoken to.
    pub(crate) sip: bool,
}

const STACKS: [Stack; 5] = [
    stack(Version::V16, Driver::Sip, true),
    stack(Version::V16, Driver::Pjsip, false),
    stack(Version::V22, Driver::Pjsip, false),
    stack(Version::V16, Driver::Both, false),
    stack(Version::V16, Driver::Both, true),
];

const fn stack(version: Version, driver: Driver, sip: bool) -> Stack {
    Stack { version, driver, sip }
}

/// Accounts: number, context, whether they may be listened to.
const ACCOUNTS: [(&str, &str, bool); 16] = [
    ("1001", "from-sip", false),
    ("1002", "from-sip", false),
    ("1003", "desk", false),
    ("1004", "floor", false),
    ("1303", "from-sip", false),
    ("1051", "from-sip", true),
    ("10519", "from-sip", true),
    ("1051-2", "from-sip", true),
    ("front-desk.1", "from-sip", false),
    // What no account should be in: the dialplan's subroutines.
    ("2001", "peerage-outbound", false),
    ("2002", "peerage-listen", false),
    ("2003", "peerage-refused", false),
    ("2004", "peerage-account", false),
    ("2005", "peerage-called", false),
    ("2006", "peerage-dialled", false),
    ("2007", "peerage-spy", false),
];

/// The contexts of those who may call outside, and of those who may listen.
const CONTEXTS: &str = "
[desk]
include => from-sip
include => peerage-outbound
[floor]
include => from-sip
include => peerage-listen
";

pub(crate) struct Lab {
    pub(crate) stack: Stack,
    pub(crate) asterisk: Asterisk,
    pub(crate) events: Events,
    pub(crate) trunk: Called,
    pub(crate) phone: Wire,
}

impl Lab {
    fn start(stack: Stack) -> Self {
        let trunk = Called::new(Manner::Busy);
        let dial = if stack.sip { "SIP/sink/%s" } else { "PJSIP/%s@sink" };
        let mut pjsip = format!(
            "[sink]\ntype = endpoint\naors = sink\ncontext = from-sip\nallow = ulaw\n\
             [sink]\ntype = aor\ncontact = sip:{}:5060\n",
            trunk.ip()
        );
        let mut sip = format!("[sink]\ntype = peer\nhost = {}\nallow = ulaw\n", trunk.ip());
        for (number, context, spied) in ACCOUNTS {
            let spied = if spied { "yes" } else { "no" };
            let contacts = if number == "1303" { 3 } else { 1 };
            pjsip += &format!(
                "[{number}]\ntype = endpoint\naors = {number}\ncontext = {context}\nallow = ulaw\n\
                 set_var = PEERAGE_CHANSPY={spied}\n[{number}]\ntype = aor\n\
                 max_contacts = {contacts}\nremove_existing = yes\n"
            );
            sip += &format!(
                "[{number}]\ntype = friend\nhost = dynamic\nnat = no\ncontext = {context}\nallow = ulaw\n\
                 setvar = PEERAGE_CHANSPY={spied}\n"
            );
        }
        let asterisk = Asterisk::builder(stack.version)
            .driver(stack.driver)
            .file("local/pjsip.conf", pjsip)
            .file("local/sip.conf", sip)
            .file(
                "local/extensions.conf",
                format!("[globals](+)\nTRUNK = {dial}\n{CONTEXTS}"),
            )
            .start()
            .unwrap();
        let events = Events::of(&asterisk);
        Self {
            stack,
            asterisk,
            events,
            trunk,
            phone: Wire::new(),
        }
    }

    fn shared(stack: Stack) -> &'static Self {
        static LABS: [OnceLock<Lab>; STACKS.len()] = [const { OnceLock::new() }; STACKS.len()];
        let index = STACKS.iter().position(|one| *one == stack).unwrap();
        LABS[index].get_or_init(|| Self::start(stack))
    }

    /// Where SIP goes.
    pub(crate) fn server(&self) -> SocketAddr {
        if self.stack.sip {
            self.asterisk.chan_sip_addr(Transport::Udp)
        } else {
            self.asterisk.sip_addr(Transport::Udp)
        }
    }

    /// The technology of its channels.
    pub(crate) fn technology(&self) -> &'static str {
        if self.stack.sip { "SIP" } else { "PJSIP" }
    }

    pub(crate) fn cli(&self, command: &str) -> String {
        self.asterisk.cli(command).unwrap()
    }

    /// Calls as an account; the final status.
    pub(crate) fn call(&self, account: &str, user: &str) -> u16 {
        self.phone.call(self.server(), account, user)
    }

    /// Registers a phone's address for an account, with these parameters in its contact.
    pub(crate) fn register(&self, account: &str, phone: &Called, parameters: &str) -> u16 {
        let headers = format!(
            "Contact: <sip:{account}@{}:5060{parameters}>\r\nExpires: 300\r\n",
            phone.ip()
        );
        self.phone.request(self.server(), account, "REGISTER", "", &headers, "")
    }

    pub(crate) fn wait(&self, what: &str, mut probe: impl FnMut() -> bool) {
        wait_until(what, PATIENCE, || Ok(probe())).unwrap();
    }

    /// Runs something and returns what came up meanwhile: channels, but for those of these accounts, and calls to the trunk.
    pub(crate) fn strangers(&self, accounts: &[&str], attack: impl FnOnce()) -> Vec<String> {
        let (before, sent) = (self.channels().len(), self.trunk.users().len());
        attack();
        // Events come in order: when this call's channel has been told of, so has each one before it.
        let marks = |lab: &Self| {
            lab.events
                .field("Newchannel", "Exten")
                .iter()
                .filter(|e| *e == "*43")
                .count()
        };
        let marked = marks(self);
        assert_eq!(self.call("1001", "*43"), 200);
        self.wait("the channels have been told of", || marks(self) > marked);
        let own: Vec<String> = accounts
            .iter()
            .chain(&["1001"])
            .map(|account| format!("{}/{account}-0", self.technology()))
            .collect();
        let mut channels = self.channels().split_off(before);
        channels.retain(|channel| !own.iter().any(|own| channel.starts_with(own)));
        channels.extend(
            self.trunk
                .users()
                .into_iter()
                .skip(sent)
                .map(|user| format!("the trunk: {user}")),
        );
        channels
    }

    fn channels(&self) -> Vec<String> {
        self.events.field("Newchannel", "Channel")
    }
}

/// Runs a test on each stack at once. Their Asterisks are shared, and so one test at a time has them.
pub(crate) fn on_each(test: impl Fn(&Lab) + Sync) {
    static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let test = &test;
    thread::scope(|scope| {
        let runs: Vec<_> = STACKS
            .iter()
            .map(|stack| {
                let thread = thread::Builder::new().name(format!("{stack:?}"));
                thread.spawn_scoped(scope, move || test(Lab::shared(*stack))).unwrap()
            })
            .collect();
        let failed: Vec<_> = runs.into_iter().filter_map(|run| run.join().err()).collect();
        if let Some(panic) = failed.into_iter().next() {
            resume_unwind(panic);
        }
    });
}
