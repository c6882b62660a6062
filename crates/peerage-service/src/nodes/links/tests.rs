use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use peerage_store::{Actor, Store};
use peerage_testkit::db::TestDb;
use tempfile::TempDir;
use tokio::task::JoinHandle;

use super::*;

/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A database with nodes, and their keeper.
struct Stage {
    db: TestDb,
    secrets: TempDir,
    app: App,
    running: JoinHandle<()>,
}

impl Stage {
    fn open() -> Self {
        let db = TestDb::new();
        let secrets = tempfile::tempdir().unwrap();
        let mut settings = crate::Settings::new(db.url().parse().unwrap(), "127.0.0.1:0".parse().unwrap());
        settings.manager_secrets = Some(secrets.path().to_owned());
        let store = Store::open(&db.url().parse().unwrap(), Actor::new("test").unwrap()).unwrap();
        let app = App::new(store, settings);
        let running = tokio::spawn(run(app.clone()));
        Self {
            db,
            secrets,
            app,
            running,
        }
    }

    /// Runs a statement, and tells what the database would have told.
    fn sql(&self, statement: &str) {
        self.db.psql(statement);
        self.app.hub().tell(Change::Settings("node".to_owned()));
    }

    fn secret(&self, mode: u32) {
        write(&self.secrets.path().join("pbx1"), mode);
        // The keeper looks for secrets by itself only after a while.
        self.app.hub().tell(Change::Missed);
    }

    async fn is(&self, what: &str, holds: impl Fn(&[(NodeName, Linked)]) -> bool) {
        let settled = async {
            while !holds(&self.app.nodes().all()) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let waited = timeout(PATIENCE, settled).await;
        assert!(waited.is_ok(), "{what}: {:?}", self.app.nodes().all());
    }
}

fn write(path: &Path, mode: u32) {
    fs::write(path, "sesame\n").unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn only(nodes: &[(NodeName, Linked)]) -> Option<&Linked> {
    match nodes {
        [(name, linked)] if name.as_str() == "pbx1" => Some(linked),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn links_follow_the_nodes_and_their_secrets() {
    // Nobody ever answers there.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let stage = Stage::open();
    assert_eq!(stage.app.nodes().all(), []);

    stage.sql("insert into peerage.node (name, login) values ('pbx1', 'pbx1')");
    stage
        .is("left alone", |nodes| only(nodes) == Some(&Linked::NoManager))
        .await;
    assert!(stage.app.nodes().links().is_empty());

    let manager = silent.local_addr().unwrap();
    stage.sql(&format!("update peerage.node set manager = '{manager}'"));
    let no_secret = |nodes: &[(NodeName, Linked)], word: &str| match only(nodes) {
        Some(Linked::NoSecret { why }) => why.contains(word) && !why.contains("sesame"),
        _ => false,
    };
    stage.is("without a secret", |nodes| no_secret(nodes, "pbx1")).await;
    stage.secret(0o644);
    stage
        .is("others can read it", |nodes| no_secret(nodes, "chmod 600"))
        .await;

    stage.secret(0o600);
    stage
        .is("linked", |nodes| matches!(only(nodes), Some(Linked::Down { .. })))
        .await;
    let first = stage.app.nodes().link(&"pbx1".try_into().unwrap()).unwrap();
    silent.accept().unwrap();

    // Another address is another link; the first is closed.
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    stage.sql(&format!(
        "update peerage.node set manager = '{}'",
        other.local_addr().unwrap()
    ));
    other.accept().unwrap();
    let mut state = first.state();
    let closed = state.wait_for(|state| *state == State::Closed);
    assert!(timeout(PATIENCE, closed).await.unwrap().is_ok());

    stage.sql("delete from peerage.node");
    stage.is("gone", <[_]>::is_empty).await;
    stage.app.stop();
    timeout(PATIENCE, stage.running).await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_comes_or_goes_is_told() {
    let stage = Stage::open();
    let mut changes = stage.app.hub().watch();
    write(&stage.secrets.path().join("pbx1"), 0o600);
    stage.sql("insert into peerage.node (name, login, manager) values ('pbx1', 'pbx1', '127.0.0.1:1')");
    let told = async { while changes.next().await != Some(Change::Link("pbx1".try_into().unwrap())) {} };
    assert!(timeout(PATIENCE, told).await.is_ok());
    let why = |linked: &Linked| matches!(linked, Linked::Down { why, .. } if why.contains("could not connect"));
    stage.is("refused", |nodes| only(nodes).is_some_and(why)).await;
}
