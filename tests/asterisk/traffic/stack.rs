//! The stacks that the traffic runs on, each with its database and its Asterisk.

use std::net::SocketAddr;
use std::panic::resume_unwind;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use peerage_testkit::asterisk::{Asterisk, Builder, DatabaseLogin, Driver, Transport, Version, wait_until};
use peerage_testkit::db::TestDb;

use super::log;

/// How long to wait for what takes milliseconds on an idle machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// One SIP driver of one Asterisk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stack {
    pub(crate) name: &'static str,
    pub(crate) version: Version,
    pub(crate) driver: Driver,
}

pub(crate) const CHAN_SIP_16: Stack = Stack {
    name: "chan_sip of 16",
    version: Version::V16,
    driver: Driver::Sip,
};
pub(crate) const PJSIP_16: Stack = Stack {
    name: "PJSIP of 16",
    version: Version::V16,
    driver: Driver::Pjsip,
};
pub(crate) const PJSIP_22: Stack = Stack {
    name: "PJSIP of 22",
    version: Version::V22,
    driver: Driver::Pjsip,
};

/// All of them.
pub(crate) const STACKS: [Stack; 3] = [CHAN_SIP_16, PJSIP_16, PJSIP_22];

impl Stack {
    pub(crate) fn is_pjsip(self) -> bool {
        self.driver == Driver::Pjsip
    }

    /// What a driver says to a REGISTER or INVITE whose secret is wrong, or whose account it does not know.
    pub(crate) fn refusal(self) -> u16 {
        if self.is_pjsip() { 401 } else { 403 }
    }

    fn index(self) -> usize {
        STACKS.iter().position(|stack| *stack == self).unwrap()
    }
}

/// The dialplan of the tests, besides the one that is shipped.
const DIALPLAN: &str = "
[from-sip]
; Says what the dialplan knows of the caller.
exten => variables,1,Log(NOTICE,variables of ${CALLERID(num)}: spy=${PEERAGE_CHANSPY} record=${PEERAGE_RECORD})
 same => n,Answer()
 same => n,Wait(5)
 same => n,Hangup()
";

/// An Asterisk of a stack with a database.
pub(crate) struct Lab {
    pub(crate) stack: Stack,
    // Before the database: Asterisk must be gone when that goes.
    pub(crate) asterisk: Asterisk,
    pub(crate) db: TestDb,
    numbers: AtomicU32,
    complaints: AtomicUsize,
}

impl Lab {
    pub(crate) fn start(stack: Stack) -> Self {
        Self::start_with(stack, TestDb::new(), |builder| builder)
    }

    /// Starts it on a database that is already as the test wants it, with further configuration.
    pub(crate) fn start_with(stack: Stack, db: TestDb, configure: impl FnOnce(Builder) -> Builder) -> Self {
        let node = node_login(&db, "pbx1");
        let asterisk = configure(builder(stack, node)).start().unwrap();
        Self::of(stack, asterisk, db)
    }

    /// Of what is there.
    pub(crate) fn of(stack: Stack, asterisk: Asterisk, db: TestDb) -> Self {
        Self {
            stack,
            asterisk,
            db,
            numbers: AtomicU32::new(1001),
            complaints: AtomicUsize::new(0),
        }
    }

    fn shared(stack: Stack) -> &'static Self {
        static LABS: [OnceLock<Lab>; STACKS.len()] = [const { OnceLock::new() }; STACKS.len()];
        LABS[stack.index()].get_or_init(|| Self::start(stack))
    }

    pub(crate) fn udp(&self) -> SocketAddr {
        self.asterisk.sip_addr(Transport::Udp)
    }

    pub(crate) fn tcp(&self) -> SocketAddr {
        self.asterisk.sip_addr(Transport::Tcp)
    }

    pub(crate) fn cli(&self, command: &str) -> String {
        self.asterisk.cli(command).unwrap()
    }

    /// A number that no other test of this lab has.
    pub(crate) fn number(&self) -> String {
        self.numbers.fetch_add(1, Ordering::Relaxed).to_string()
    }

    pub(crate) fn wait(&self, what: &str, mut probe: impl FnMut() -> bool) {
        wait_until(what, PATIENCE, || Ok(probe())).unwrap();
    }

    /// Fails when Asterisk has complained since this was last asked.
    pub(crate) fn assert_quiet(&self) {
        let mut complaints = log::complaints(&self.asterisk);
        complaints.retain(|complaint| !log::is_expected(complaint));
        let seen = self.complaints.fetch_max(complaints.len(), Ordering::Relaxed);
        assert!(
            seen >= complaints.len(),
            "{}: {:#?}",
            self.stack.name,
            &complaints[seen..]
        );
    }
}

/// An Asterisk of a stack, to start, with the tests' dialplan.
pub(crate) fn builder(stack: Stack, database: DatabaseLogin) -> Builder {
    Asterisk::builder(stack.version)
        .driver(stack.driver)
        .database(database)
        .file("local/extensions.conf", DIALPLAN)
}

/// The login of the Asterisk node of this name, as `peerage node add` makes it.
pub(crate) fn node_login(db: &TestDb, name: &str) -> DatabaseLogin {
    let login = db.node(name);
    let tcp = db.tcp();
    // Nodes of tests keep nothing in memory unless they say so, and chan_sip complains of peers that want it.
    db.psql("update peerage.site set rtcachefriends = false");
    DatabaseLogin {
        host: tcp.host,
        port: tcp.port,
        dbname: tcp.database,
        user: login.user,
        password: login.password,
    }
}

/// Runs a test on all stacks at once. Their Asterisks are shared by all tests that do so: each test has accounts of its own.
pub(crate) fn on_each_stack(test: impl Fn(&Lab) + Sync) {
    on_shared(&STACKS, test);
}

/// As [`on_each_stack`], for what only some of them do.
pub(crate) fn on_shared(stacks: &[Stack], test: impl Fn(&Lab) + Sync) {
    on_stacks(stacks, |stack| {
        let lab = Lab::shared(stack);
        test(lab);
        lab.assert_quiet();
    });
}

/// Runs a test on an Asterisk of its own of each of these stacks.
pub(crate) fn on_own(stacks: &[Stack], test: impl Fn(&mut Lab) + Sync) {
    on_stacks(stacks, |stack| {
        let mut lab = Lab::start(stack);
        test(&mut lab);
        lab.assert_quiet();
    });
}

/// Runs something for each of these stacks at once; what fails names its stack.
pub(crate) fn on_stacks(stacks: &[Stack], test: impl Fn(Stack) + Sync) {
    let test = &test;
    thread::scope(|scope| {
        let runs: Vec<_> = stacks
            .iter()
            .map(|stack| {
                let thread = thread::Builder::new().name(stack.name.into());
                thread.spawn_scoped(scope, move || test(*stack)).unwrap()
            })
            .collect();
        let failed: Vec<_> = runs.into_iter().filter_map(|run| run.join().err()).collect();
        if let Some(panic) = failed.into_iter().next() {
            resume_unwind(panic);
        }
    });
}
