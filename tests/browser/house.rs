//! A house with everything in it: a database, an Asterisk that reads it, the service that browsers talk to.

use std::collections::HashMap;
use std::fs::{self, Permissions};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use peerage_model::Number;
use peerage_service::{Running, Settings};
use peerage_store::{Actor, RoleName, Store};
use peerage_testkit::agreement::Witnesses;
use peerage_testkit::asterisk::{Asterisk, DatabaseLogin, Loopback, Transport, Version};
use peerage_testkit::browser::PATIENCE;
use peerage_testkit::command::Serve;
use peerage_testkit::db::TestDb;
use peerage_testkit::sipp::{Listening, Phone};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::OnceCell;

use crate::people::PASSWORD;

/// The node's name.
const NODE: &str = "pbx1";

/// Where the service listens, on an address of the house's own: the same port after each start.
const PORT: u16 = 8080;

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

/// One of them.
pub(crate) struct House {
    pub(crate) store: Store,
    pub(crate) asterisk: Asterisk,
    settings: Settings,
    service: tokio::sync::Mutex<Option<Running>>,
    /// On which the service runs: that of a test ends with the test, and tests share a house.
    runtime: Option<Runtime>,
    /// Telephones that are registered.
    pub(crate) devices: Mutex<HashMap<Number, (Phone, Listening)>>,
    next: AtomicU32,
    _address: Loopback,
    secrets: TempDir,
    // Last: the others are connected to it.
    db: TestDb,
}

impl House {
    /// The house that tests share, each with agents and queues of its own.
    pub(crate) async fn shared() -> &'static Self {
        static HOUSE: OnceCell<House> = OnceCell::const_new();
        HOUSE.get_or_init(|| async { Self::start().await.unwrap() }).await
    }

    /// One that a test has for itself: to stop things in it.
    pub(crate) async fn start() -> Result<Self> {
        let db = TestDb::new().with_outside_numbers();
        let store = Store::open(&db.url().parse()?, Actor::new("test")?)?;
        let asterisk = asterisk(&db, &store)?;
        let secrets = manager_secret(&db, &asterisk)?;
        let address = Loopback::with_ports(&[PORT])?;
        let mut settings = Settings::new(db.app_url().parse()?, SocketAddr::new(address.ip(), PORT));
        settings.owner = Some(db.owner_url().parse()?);
        settings.manager_secrets = Some(secrets.path().to_owned());
        settings.full_pass_every = Duration::from_secs(5);
        let house = Self {
            store,
            asterisk,
            settings,
            service: tokio::sync::Mutex::default(),
            runtime: Some(Runtime::new()?),
            devices: Mutex::default(),
            next: AtomicU32::new(1001),
            _address: address,
            secrets,
            db,
        };
        house.begin_service().await?;
        Ok(house)
    }

    /// Starts the service where it was.
    pub(crate) async fn begin_service(&self) -> Result<()> {
        let mut service = self.service.lock().await;
        if let Some(runtime) = &self.runtime {
            *service = Some(runtime.spawn(Running::start(self.settings.clone())).await??);
        }
        Ok(())
    }

    /// Takes the database away from everybody, sessions that are open included, or gives it back.
    pub(crate) fn let_database(&self, be_there: bool) {
        let name = self.db.name();
        TestDb::empty().psql(&format!(
            "alter database {name} allow_connections {be_there};
             select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}' and not {be_there}"
        ));
    }

    /// Ends the service in order.
    pub(crate) async fn end_service(&self) -> Result<()> {
        if let (Some(service), Some(runtime)) = (self.service.lock().await.take(), &self.runtime) {
            runtime.spawn(service.stop()).await?;
        }
        Ok(())
    }

    /// Runs the service as a process, in place of the one that was ended.
    pub(crate) fn serve(&self) -> Result<Serve> {
        let log = self.secrets.path().join("serve.log");
        Serve::start(&self.db, self.settings.listen, self.secrets.path(), &log)
    }

    /// Waits until pages, API, command, database and Asterisk say the same of all agents.
    pub(crate) async fn assert_agreement(&self) -> Result<()> {
        const TOKEN: &str = "peerage_test_token_of_ann";
        self.db.psql(&format!(
            "insert into peerage.api_token (name, token_digest, role)
             values ('ann', encode(sha256(convert_to('{TOKEN}', 'UTF8')), 'hex'), 'admin')"
        ));
        let admin = self.admin();
        let witnesses = Witnesses {
            service: format!("http://{}", self.address()),
            admin: (admin.as_str(), PASSWORD),
            token: TOKEN,
            database: self.db.url(),
            nodes: vec![(NODE, &self.asterisk)],
            cookies: OnceCell::new(),
        };
        witnesses.agree(PATIENCE).await
    }

    /// Where the service listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.settings.listen
    }

    /// The address of a page.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address())
    }

    /// Where telephones register.
    pub(crate) fn sip(&self) -> SocketAddr {
        self.asterisk.sip_addr(Transport::Udp)
    }

    /// A number that no other test has.
    pub(crate) fn number(&self) -> Number {
        self.next.fetch_add(1, Ordering::Relaxed).to_string().parse().unwrap()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.devices.lock().unwrap_or_else(PoisonError::into_inner).clear();
        // A runtime may not be waited for within another.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn asterisk(db: &TestDb, store: &Store) -> Result<Asterisk> {
    let role = RoleName::try_from(format!("{}_login_node", db.name()).as_str())?;
    let (node, password) = store.add_node(&NODE.parse()?, Some(&role))?;
    let tcp = db.tcp();
    let login = DatabaseLogin {
        host: tcp.host,
        port: tcp.port,
        dbname: tcp.database,
        user: node.login.to_string(),
        password: password.expose().to_owned(),
    };
    Asterisk::builder(Version::V22)
        .database(login)
        .node(NODE)
        .file("local/extensions.conf", DIALPLAN)
        .start()
}

/// Tells the service how to reach Asterisk.
fn manager_secret(db: &TestDb, asterisk: &Asterisk) -> Result<TempDir> {
    let manager = asterisk.manager()?;
    db.psql(&format!(
        "update peerage.node set manager = '{}', manager_user = '{}' where name = '{NODE}'",
        manager.address, manager.user
    ));
    let directory = tempfile::Builder::new().prefix("peerage-house-").tempdir()?;
    let file = directory.path().join(NODE);
    fs::write(&file, &manager.secret)?;
    fs::set_permissions(&file, Permissions::from_mode(0o600))?;
    Ok(directory)
}
