//! Asterisk, the database, the link or the service is away while an agent pauses: nothing is lost.

use std::fs;
use std::process::Command;

use diesel::{Connection, PgConnection};
use peerage_cluster::{Cluster, Profile};
use peerage_model::{Number, QueueName};
use peerage_store::QueuePatch;
use peerage_testkit::asterisk::Version;
use tempfile::TempDir;

use super::stage::Stage;
use crate::queue::centre::Centre;
use crate::queue::people::LUNCH;
use crate::queue::versions::on_versions;

/// Two at work in one queue, of whom one is paused; while something is away they change places.
struct Pair {
    queue: QueueName,
    one: Number,
    other: Number,
}

impl Pair {
    fn at_work(stage: &Stage) -> Self {
        let centre = &stage.centre;
        let queue = centre.queue(QueuePatch::default());
        let pair = Self {
            one: centre.logged_in(&[&queue]),
            other: centre.logged_in(&[&queue]),
            queue,
        };
        centre.pause(&pair.one, None);
        pair.assert_in_asterisk(stage, ["PAUSE", ""]);
        pair
    }

    fn change(&self, stage: &Stage) {
        stage.centre.unpause(&self.one, None);
        stage.centre.pause(&self.other, None);
    }

    /// Asterisk has told, of each of them, this last.
    #[track_caller]
    fn assert_in_asterisk(&self, stage: &Stage, last: [&str; 2]) {
        let centre = &stage.centre;
        centre.wait("Asterisk has told", || {
            [&self.one, &self.other].map(|agent| self.last(stage, agent)) == last
        });
        self.assert_paused(stage, last.map(|word| word == "PAUSE"));
    }

    /// Asterisk and the database say that they are paused or not.
    #[track_caller]
    fn assert_paused(&self, stage: &Stage, wanted: [bool; 2]) {
        let centre = &stage.centre;
        stage.wait_until_settled();
        let paused = || {
            let shown = centre.shown(&self.queue);
            [&self.one, &self.other].map(|agent| {
                let interface = format!("PJSIP/{agent}");
                let member = shown.iter().find(|member| member.interface == interface);
                member.map(|member| member.paused.is_some())
            })
        };
        centre.wait("Asterisk says so", || paused() == wanted.map(Some));
        assert_eq!(
            [&self.one, &self.other].map(|agent| centre.state(agent).0),
            wanted.map(|paused| if paused { "paused" } else { "available" })
        );
        stage.assert_agreement();
    }

    /// What Asterisk was told last of an agent, by its own log.
    fn last(&self, stage: &Stage, agent: &Number) -> String {
        let lines = stage
            .centre
            .asterisk
            .queue_log(self.queue.as_str(), &["PAUSE", "UNPAUSE"])
            .unwrap();
        let of = format!("Agent {agent}");
        let last = lines.into_iter().rfind(|[member, _, _]| *member == of);
        last.map(|[_, event, _]| event).unwrap_or_default()
    }

    #[track_caller]
    fn assert_changed(&self, stage: &Stage) {
        self.assert_in_asterisk(stage, ["UNPAUSE", "PAUSE"]);
    }
}

#[test]
fn what_changes_while_the_link_is_cut_reaches_asterisk_when_it_is_back() {
    on_versions(|version| {
        let stage = Stage::start(version);
        let pair = Pair::at_work(&stage);
        stage.link.refuse();
        stage.link.cut();
        pair.change(&stage);
        stage.link.pass();
        pair.assert_changed(&stage);
    });
}

#[test]
fn what_changes_while_the_service_is_down_reaches_asterisk_at_its_start() {
    on_versions(|version| {
        let mut stage = Stage::start(version);
        let pair = Pair::at_work(&stage);
        stage.stop_service();
        pair.change(&stage);
        stage.start_service();
        pair.assert_changed(&stage);
    });
}

#[test]
fn what_changes_while_asterisk_is_dead_reaches_it_when_it_is_back() {
    on_versions(|version| {
        let mut stage = Stage::start(version);
        let pair = Pair::at_work(&stage);
        stage.centre.asterisk.kill().unwrap();
        pair.change(&stage);
        stage.centre.asterisk.restart().unwrap();
        pair.assert_changed(&stage);
        // And it is still told.
        stage.centre.pause(&pair.one, None);
        pair.assert_in_asterisk(&stage, ["PAUSE", "PAUSE"]);
    });
}

/// A database server of the test's own, which it may kill.
struct Server {
    cluster: Cluster,
    home: TempDir,
}

impl Server {
    fn start() -> Self {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::Builder::new().prefix("peerage-service-").tempdir().unwrap();
        // The server is not root, and has to get in.
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
        // Nothing committed may be lost with it.
        let cluster = Cluster::at(home.path()).with_profile(Profile::Durable);
        cluster.start().unwrap();
        let mut connection = PgConnection::establish(&cluster.url().unwrap()).unwrap();
        peerage_views::install::migrate(&mut connection).unwrap();
        Self { cluster, home }
    }

    /// Ends it as a crash does: SIGQUIT to the postmaster, whose children end at once without writing anything.
    fn crash(&self) {
        let lock = fs::read_to_string(self.home.path().join("pg/postmaster.pid")).unwrap();
        let pid = lock.lines().next().unwrap();
        assert!(
            Command::new("kill")
                .args(["-s", "QUIT", pid])
                .status()
                .unwrap()
                .success()
        );
        let gone = || !std::path::Path::new(&format!("/proc/{pid}")).exists();
        let begun = std::time::Instant::now();
        while !gone() {
            assert!(begun.elapsed().as_secs() < 60, "the server does not end");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its directory goes with it, so nothing of it may run on; a failure shows by itself.
        let _ = self.cluster.stop();
    }
}

#[test]
fn what_was_committed_before_the_database_crashed_reaches_asterisk_when_it_is_back() {
    let server = Server::start();
    let (url, port) = (server.cluster.url().unwrap(), server.cluster.port().unwrap());
    let stage = Stage::over(Centre::on(Version::V22, &url, port, "pbx22", None));
    let pair = Pair::at_work(&stage);
    // The service hears of it and can do nothing, or has noted orders and hears no more.
    pair.change(&stage);
    server.crash();
    server.cluster.start().unwrap();
    // Asterisk writes a line of its log once: one that it wrote just then is lost with the server, what it means is not.
    pair.assert_paused(&stage, [false, true]);
    stage.wait_until_linked();
    stage.centre.pause(&pair.one, None);
    pair.assert_in_asterisk(&stage, ["PAUSE", "PAUSE"]);
    assert_eq!(stage.centre.state(&pair.one).1.as_deref(), Some(LUNCH));
}
