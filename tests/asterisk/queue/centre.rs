//! A call centre: a database, and an Asterisk that reads it.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::panic::resume_unwind;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use peerage_model::{Actor, ActorRole, LoginRequest, LogoutRequest, Number, Penalty, QueueName, ReasonCode};
use peerage_store::{NewAgent, NewPhone, QueuePatch, ReasonPatch, RoleName, Store};
use peerage_testkit::asterisk::{Asterisk, Builder, DatabaseLogin, Transport, Version, wait_until};
use peerage_testkit::db::TestDb;
use peerage_testkit::sipp::{Listening, Phone};

/// How long to wait for what takes seconds on an idle machine.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

const SECRET: &str = "sesame-open";

/// The reason that agents give in these tests.
pub(super) const LUNCH: &str = "lunch";

/// `*7` and a queue's name calls the queue. What leaves through the trunk is answered by a stranger.
const DIALPLAN: &str = "
[globals](+)
TRUNK = Local/%s@stranger

[from-sip](+)
exten => _*7.,1,Queue(${EXTEN:2})
 same => n,Hangup()

[stranger]
exten => _[+0-9*#]!,1,Answer()
 same => n,Wait(30)
";

/// Complaints that the tests provoke: what the message has, and what provokes it.
const EXPECTED: [(&str, &str); 1] = [(
    "registered during operation. Enable PJSIP_SAFE_MODULE",
    "PJSIP asks whether a telephone is there before all of its modules are loaded",
)];

pub(super) struct Centre {
    pub(super) version: Version,
    // Before the database: Asterisk must be gone when that goes.
    pub(super) asterisk: Asterisk,
    pub(super) store: Store,
    /// Of the database, for a superuser.
    url: String,
    /// Name of the Asterisk node.
    pub(super) node: String,
    numbers: AtomicU32,
    complaints: AtomicUsize,
    _db: Option<TestDb>,
}

impl Centre {
    /// Starts one on a new database in which nobody is logged in.
    pub(super) fn start(version: Version) -> Self {
        Self::start_with(version, "")
    }

    /// The same after some statements.
    pub(super) fn start_with(version: Version, statements: &str) -> Self {
        let db = TestDb::new();
        db.psql(statements);
        let role = format!("{}_login_node", db.name());
        let node = format!("pbx{}", version.major());
        let (port, url) = (db.tcp().port, db.url().to_owned());
        Self {
            _db: Some(db),
            ..Self::on(version, &url, port, &node, Some(&role))
        }
    }

    /// Starts one on a database that there is, at this port, whose node signs in as `role`.
    pub(super) fn on(version: Version, url: &str, port: u16, node: &str, role: Option<&str>) -> Self {
        let store = Store::open(&url.parse().unwrap(), peerage_store::Actor::new("test").unwrap()).unwrap();
        let role = role.map(|role| RoleName::try_from(role).unwrap());
        let (added, password) = store.add_node(&node.parse().unwrap(), role.as_ref()).unwrap();
        let login = DatabaseLogin {
            host: "127.0.0.1".into(),
            port,
            dbname: sql(url, "select current_database()"),
            user: added.login.to_string(),
            password: password.expose().to_owned(),
        };
        let asterisk = builder(version, login).node(node).start().unwrap();
        Self {
            version,
            asterisk,
            store,
            url: url.to_owned(),
            node: node.to_owned(),
            // Apart from those of a centre of the other version on the same database.
            numbers: AtomicU32::new(u32::from(version.major()) * 1000 + 1),
            complaints: AtomicUsize::new(0),
            _db: None,
        }
    }

    /// Whether Asterisk takes reasons of pauses from a database.
    pub(super) fn has_reasons(&self) -> bool {
        self.version != Version::V16
    }

    pub(super) fn sql(&self, statements: &str) -> String {
        sql(&self.url, statements)
    }

    pub(super) fn cli(&self, command: &str) -> String {
        self.asterisk.cli(command).unwrap()
    }

    pub(super) fn udp(&self) -> SocketAddr {
        self.asterisk.sip_addr(Transport::Udp)
    }

    #[track_caller]
    pub(super) fn wait(&self, what: &str, mut probe: impl FnMut() -> bool) {
        wait_until(what, PATIENCE, || Ok(probe())).unwrap();
    }

    /// A number that no other test of this centre has.
    pub(super) fn number(&self) -> Number {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        number.to_string().parse().unwrap()
    }

    /// A queue of its own that rings for five seconds, again after one.
    pub(super) fn queue(&self, settings: QueuePatch) -> QueueName {
        let name: QueueName = format!("queue{}", self.number()).parse().unwrap();
        let brisk = QueuePatch {
            timeout_seconds: settings.timeout_seconds.or(Some(5)),
            retry_seconds: Some(1),
            ..settings
        };
        self.store.add_queue(&name, &brisk).unwrap();
        name
    }

    /// Two of them, in the order of their names.
    pub(super) fn queues(&self) -> [QueueName; 2] {
        [QueuePatch::default(), QueuePatch::default()].map(|settings| self.queue(settings))
    }

    /// An agent who works in these queues.
    pub(super) fn agent(&self, queues: &[&QueueName]) -> Number {
        self.agent_with(queues, |_| {})
    }

    pub(super) fn agent_with(&self, queues: &[&QueueName], change: impl FnOnce(&mut NewAgent)) -> Number {
        let number = self.number();
        let mut agent = NewAgent::new(number.clone(), name(&number).parse().unwrap());
        change(&mut agent);
        self.store.add_agent(&agent, &SECRET.parse().unwrap()).unwrap();
        for queue in queues {
            self.store.assign(queue, &number, Penalty::try_from(0).unwrap()).unwrap();
        }
        number
    }

    /// An agent who works in these queues and is logged in on the internal interface.
    pub(super) fn logged_in(&self, queues: &[&QueueName]) -> Number {
        let agent = self.agent(queues);
        self.log_in(&agent);
        agent
    }

    pub(super) fn log_in(&self, agent: &Number) {
        assert!(self.store.log_in(agent, &LoginRequest::default(), &myself(agent)).unwrap());
    }

    pub(super) fn log_out(&self, agent: &Number) {
        assert!(self.store.log_out(agent, &LogoutRequest::default(), &myself(agent)).unwrap());
    }

    /// Makes `lunch` a reason that agents may give.
    pub(super) fn offer_lunch(&self) -> ReasonCode {
        let code: ReasonCode = LUNCH.parse().unwrap();
        // Another test may have been first.
        let _ = self.store.add_pause_reason(&code, &ReasonPatch::default());
        code
    }

    /// A telephone of its own; not yet registered.
    pub(super) fn telephone(&self) -> Number {
        let number = self.number();
        let phone = NewPhone::new(number.clone(), format!("Desk {number}").parse().unwrap());
        self.store.add_phone(&phone, &SECRET.parse().unwrap()).unwrap();
        number
    }

    /// Registers a device that does what `device` says, and waits until Asterisk takes it for reachable.
    pub(super) fn online(&self, device: &Phone, number: &Number) -> Listening {
        let online = device.online(self.udp()).unwrap();
        self.wait("the device is reachable", || {
            self.cli(&format!("pjsip show endpoint {number}")).contains("Not in use")
        });
        online
    }

    /// Fails when Asterisk has complained since this was last asked.
    #[track_caller]
    pub(super) fn assert_quiet(&self) {
        let complaints = complaints(&self.asterisk);
        let seen = self.complaints.swap(complaints.len(), Ordering::Relaxed);
        assert!(seen >= complaints.len(), "{}: {:#?}", self.version, &complaints[seen..]);
    }
}

/// Warnings, errors, and what the database driver notes: a column that it does not find is a mere NOTICE to it.
pub(super) fn complaints(asterisk: &Asterisk) -> Vec<String> {
    let log = asterisk.log().unwrap();
    let driver = log
        .lines()
        .filter(|line| line.contains("] NOTICE[") && line.contains("res_config_pgsql.c"))
        .map(str::to_owned);
    let mut all = asterisk.warnings().unwrap();
    all.extend(driver);
    all.retain(|line| !EXPECTED.iter().any(|(expected, _)| line.contains(expected)));
    all
}

/// The device of an account.
pub(super) fn device(number: &Number) -> Phone {
    Phone::new(number.as_str(), SECRET)
}

/// What an agent of this number is called.
pub(super) fn name(number: &Number) -> String {
    format!("Agent {number}")
}

/// The agent of this number, acting.
pub(super) fn myself(number: &Number) -> Actor {
    Actor::new(name(number), ActorRole::Agent(number.clone()))
}

fn builder(version: Version, database: DatabaseLogin) -> Builder {
    Asterisk::builder(version)
        .database(database)
        .file("local/extensions.conf", DIALPLAN)
}

/// What psql prints for these statements: rows only, columns parted by tabs.
pub(super) fn sql(url: &str, statements: &str) -> String {
    let mut psql = Command::new("psql");
    psql.args(["-XAtqw", "-v", "ON_ERROR_STOP=1", "-F", "\t", "-c", statements, url]);
    let output = psql.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{statements}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end_matches('\n').to_owned()
}

/// Runs a test on both versions at once, each on the centre that tests share: a test has queues and agents of its own there.
pub(super) fn on_each(test: impl Fn(&Centre) + Sync) {
    static CENTRES: [OnceLock<Centre>; Version::ALL.len()] = [const { OnceLock::new() }; Version::ALL.len()];
    on_versions(|version| {
        let index = Version::ALL.iter().position(|one| *one == version).unwrap();
        let centre = CENTRES[index].get_or_init(|| Centre::start(version));
        test(centre);
        centre.assert_quiet();
    });
}

/// Runs something for both versions at once; what fails names its version.
pub(super) fn on_versions(test: impl Fn(Version) + Sync) {
    let test = &test;
    thread::scope(|scope| {
        let runs = Version::ALL.map(|version| {
            let mut thread_name = String::new();
            let _ = write!(thread_name, "Asterisk {version}");
            let thread = thread::Builder::new().name(thread_name);
            thread.spawn_scoped(scope, move || test(version)).unwrap()
        });
        let failed: Vec<_> = runs.into_iter().filter_map(|run| run.join().err()).collect();
        if let Some(panic) = failed.into_iter().next() {
            resume_unwind(panic);
        }
    });
}
