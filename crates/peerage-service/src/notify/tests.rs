use std::time::Duration;

use peerage_store::{Actor, NewAgent, Store};
use peerage_testkit::db::TestDb;
use peerage_testkit::proxy::Proxy;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::*;
use crate::Settings;
use crate::memory::Which;

/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A database, somebody who listens to it through a proxy, and what is heard.
struct Ear {
    db: TestDb,
    proxy: Proxy,
    app: App,
    changes: mpsc::UnboundedReceiver<Change>,
    running: JoinHandle<()>,
}

impl Ear {
    async fn open(parameters: &str) -> Self {
        let db = TestDb::new();
        let login = db.login(&["peerage_app"]);
        let tcp = db.tcp();
        let proxy = Proxy::to(format!("{}:{}", tcp.host, tcp.port).parse().unwrap()).unwrap();
        let url = format!(
            "postgresql://{}:{}@{}/{}?{parameters}",
            login.user,
            login.password,
            proxy.address(),
            tcp.database
        );
        let settings = Settings::new(url.parse().unwrap(), "127.0.0.1:0".parse().unwrap());
        let store = Store::open(&db.url().parse().unwrap(), Actor::new("test").unwrap()).unwrap();
        let app = App::new(store, settings);
        let mut watch = app.hub().watch();
        let (tell, changes) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Some(change) = watch.next().await {
                let _ = tell.send(change);
            }
        });
        let running = tokio::spawn(run(app.clone()));
        Self {
            db,
            proxy,
            app,
            changes,
            running,
        }
    }

    async fn next(&mut self) -> Change {
        timeout(PATIENCE, self.changes.recv()).await.unwrap().unwrap()
    }

    async fn is_listening(&self, wanted: bool) {
        let mut listening = self.app.watch_listening();
        let waited = timeout(PATIENCE, listening.wait_for(|listening| *listening == wanted)).await;
        waited.unwrap().unwrap();
    }

    /// Adds an agent, and waits until it is heard of.
    async fn hears_of(&mut self, number: &str) {
        let store = Store::open(&self.db.url().parse().unwrap(), Actor::new("test").unwrap()).unwrap();
        let agent = NewAgent::new(number.parse().unwrap(), "Ada King".parse().unwrap());
        tokio::task::spawn_blocking(move || {
            store
                .add_agent(&agent, &"correct-horse-battery".parse().unwrap())
                .unwrap();
        })
        .await
        .unwrap();
        let wanted = Change::Accounts(Which::These([number.parse().unwrap()].into()));
        while self.next().await != wanted {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_database_tells_is_heard_and_the_end_is_an_end() {
    let mut ear = Ear::open("sslmode=disable").await;
    assert_eq!(ear.next().await, Change::Missed);
    assert!(ear.app.listening());
    ear.hears_of("1001").await;
    ear.app.stop();
    timeout(PATIENCE, ear.running).await.unwrap().unwrap();
    assert!(!ear.app.listening());
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_cut_it_listens_again_and_says_that_something_may_have_been_missed() {
    let mut ear = Ear::open("sslmode=disable").await;
    assert_eq!(ear.next().await, Change::Missed);
    ear.proxy.refuse();
    ear.proxy.cut();
    ear.is_listening(false).await;
    ear.proxy.pass();
    assert_eq!(ear.next().await, Change::Missed);
    ear.hears_of("1001").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_says_nothing_any_more_is_given_up() {
    let mut ear = Ear::open("sslmode=disable").await;
    assert_eq!(ear.next().await, Change::Missed);
    ear.proxy.stall();
    ear.is_listening(false).await;
    ear.proxy.pass();
    ear.is_listening(true).await;
    ear.hears_of("1001").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_tls_at_the_server_prefer_listens_and_require_does_not() {
    let ear = Ear::open("sslmode=prefer").await;
    if ear.db.psql("show ssl") == "on" {
        return ear.is_listening(true).await;
    }
    ear.is_listening(true).await;
    let ear = Ear::open("sslmode=require").await;
    // It goes on trying, and says why not in the log.
    assert!(
        timeout(
            Duration::from_secs(2),
            ear.app.watch_listening().wait_for(|listening| *listening)
        )
        .await
        .is_err()
    );
}

#[test]
fn a_socket_is_not_encrypted_and_a_session_has_a_name() {
    let config = config("postgresql:///peerage?host=/run/postgresql&sslmode=require").unwrap();
    assert_eq!(config.get_ssl_mode(), SslMode::Disable);
    assert_eq!(config.get_application_name(), Some("peerage"));
    let config = super::config("postgresql://db.example/peerage?sslmode=require&application_name=x").unwrap();
    assert_eq!(config.get_ssl_mode(), SslMode::Require);
    assert_eq!(config.get_application_name(), Some("x"));
}
