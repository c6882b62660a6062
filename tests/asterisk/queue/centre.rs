//! A call centre: a database, and an Asterisk that reads it.

use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

use peerage_model::Number;
use peerage_store::{RoleName, Store};
use peerage_testkit::asterisk::{Asterisk, Builder, DatabaseLogin, Transport, Version, wait_until};
use peerage_testkit::db::TestDb;

/// How long to wait for what takes seconds on an idle machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

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

/// One of them, with what is needed to act in it.
pub(crate) struct Centre {
    pub(crate) version: Version,
    // Before the database: Asterisk must be gone when that goes.
    pub(crate) asterisk: Asterisk,
    pub(crate) store: Store,
    /// Of the database, for a superuser.
    url: String,
    /// Name of the Asterisk node.
    pub(crate) node: String,
    numbers: AtomicU32,
    /// How many complaints of Asterisk have been looked at.
    pub(crate) complaints: AtomicUsize,
    _db: Option<TestDb>,
}

impl Centre {
    /// Starts one on a new database in which nobody is logged in.
    pub(crate) fn start(version: Version) -> Self {
        Self::start_with(version, "")
    }

    /// The same after some statements.
    pub(crate) fn start_with(version: Version, statements: &str) -> Self {
        Self::start_as(version, statements, |asterisk| asterisk)
    }

    /// The same with an Asterisk that differs.
    pub(crate) fn start_as(version: Version, statements: &str, change: impl FnOnce(Builder) -> Builder) -> Self {
        let db = TestDb::new().with_outside_numbers();
        db.psql(statements);
        let role = format!("{}_login_node", db.name());
        let node = format!("pbx{}", version.major());
        let (port, url) = (db.tcp().port, db.url().to_owned());
        Self {
            _db: Some(db),
            ..Self::on_as(version, &url, port, &node, Some(&role), change)
        }
    }

    /// Starts one on a database that there is, at this port, whose node signs in as `role`.
    pub(crate) fn on(version: Version, url: &str, port: u16, node: &str, role: Option<&str>) -> Self {
        Self::on_as(version, url, port, node, role, |asterisk| asterisk)
    }

    /// Starts another node on the database of this one.
    pub(crate) fn beside(&self, version: Version) -> Self {
        let port = self.sql("show port").parse().unwrap();
        let role = format!("{}_other_node", self.sql("select current_database()"));
        Self::on(version, &self.url, port, "other", Some(&role))
    }

    fn on_as(
        version: Version,
        url: &str,
        port: u16,
        node: &str,
        role: Option<&str>,
        change: impl FnOnce(Builder) -> Builder,
    ) -> Self {
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
        let asterisk = change(builder(version, login).node(node)).start().unwrap();
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

    pub(crate) fn sql(&self, statements: &str) -> String {
        sql(&self.url, statements)
    }

    /// The address of its database, for a superuser.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn cli(&self, command: &str) -> String {
        self.asterisk.cli(command).unwrap()
    }

    pub(crate) fn udp(&self) -> SocketAddr {
        self.asterisk.sip_addr(Transport::Udp)
    }

    #[track_caller]
    pub(crate) fn wait(&self, what: &str, mut probe: impl FnMut() -> bool) {
        wait_until(what, PATIENCE, || Ok(probe())).unwrap();
    }

    /// A number that no other test of this centre has.
    pub(crate) fn number(&self) -> Number {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        number.to_string().parse().unwrap()
    }
}

fn builder(version: Version, database: DatabaseLogin) -> Builder {
    Asterisk::builder(version)
        .database(database)
        .file("local/extensions.conf", DIALPLAN)
}

/// What psql prints for these statements: rows only, columns parted by tabs.
fn sql(url: &str, statements: &str) -> String {
    let mut psql = Command::new("psql");
    psql.args(["-XAtqw", "-v", "ON_ERROR_STOP=1", "-F", "\t", "-c", statements, url]);
    let output = psql.stdin(Stdio::null()).output().unwrap();
    assert!(
        output.status.success(),
        "{statements}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout)
        .unwrap()
        .trim_end_matches('\n')
        .to_owned()
}
