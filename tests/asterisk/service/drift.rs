//! What is otherwise in Asterisk than in the database is taken over, healed, or reported.

use std::time::Duration;

use peerage_store::QueuePatch;
use peerage_testkit::asterisk::Version;

use super::stage::Stage;
use crate::queue::centre::Centre;
use crate::queue::versions::on_versions;

#[test]
fn a_member_that_is_not_from_the_database_is_reported_and_left_alone() {
    on_versions(|version| {
        let mut stage = Stage::without_service(Centre::start(version)).looking_every(Duration::from_secs(1));
        stage.start_service();
        let centre = &stage.centre;
        let drift = || stage.metric(&format!("peerage_drift{{node=\"{}\"}}", centre.node));
        let queue = centre.queue(QueuePatch::default());
        let agent = centre.logged_in(&[&queue]);
        centre.shown(&queue);
        centre.wait("nothing differs", || drift() == Some(0.0));
        centre.cli(&format!("queue add member Local/1@nowhere to {queue}"));
        centre.wait("the stranger is reported", || drift() == Some(1.0));
        assert!(centre.cli(&format!("queue show {queue}")).contains("Local/1@nowhere"));
        centre.cli(&format!("queue remove member Local/1@nowhere from {queue}"));
        centre.wait("nothing differs", || drift() == Some(0.0));
        // Who leaves is no drift either.
        centre.log_out(&agent);
        centre.wait("nothing differs", || drift() == Some(0.0));
    });
}

/// Asterisk changes a member while it cannot write: what it holds is in no database.
#[test]
fn what_asterisk_believes_and_could_not_write_gives_way_to_the_database() {
    let stage = Stage::start(Version::V22);
    let centre = &stage.centre;
    let queue = centre.queue(QueuePatch::default());
    let agent = centre.logged_in(&[&queue]);
    centre.pause(&agent, None);
    stage.wait_until_settled();
    // The node may read, and its writes come to nothing.
    centre.sql("create rule lost as on update to asterisk.queue_members do instead nothing");
    let listener = stage.listener();
    centre.cli(&format!("queue unpause member PJSIP/{agent} queue {queue}"));
    centre.wait("Asterisk has told", || !listener.heard().is_empty());
    assert_eq!(centre.state(&agent).0, "paused");
    centre.sql("drop rule lost on asterisk.queue_members");
    assert!(centre.only(&queue).paused.is_some(), "the database holds");
}
