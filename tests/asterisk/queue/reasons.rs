//! Whether app_queue knows of reasons is decided when it is loaded, by the members that it then finds.

use peerage_model::QueueName;
use peerage_store::QueuePatch;
use peerage_testkit::asterisk::Version;

use super::centre::Centre;
use super::people::LUNCH;

/// Has somebody who logs in after Asterisk's start pause with a reason from Asterisk, and tells what was kept of it.
fn reason_kept(centre: &Centre) -> String {
    let queue: QueueName = centre.queue(QueuePatch::default());
    let agent = centre.logged_in(&[&queue]);
    centre.assert_shown(&[(&queue, None)]);
    centre.cli(&format!(
        "queue pause member PJSIP/{agent} queue {queue} reason {LUNCH}"
    ));
    centre.sql(&format!(
        "select paused, reason_paused from peerage.queue_login where queue_name = '{queue}'"
    ))
}

#[test]
fn reasons_are_kept_although_nobody_was_logged_in_when_asterisk_started() {
    let centre = Centre::start(Version::V22);
    assert_eq!(centre.sql("select count(*) from peerage.agent"), "0");
    assert_eq!(reason_kept(&centre), format!("1\t{LUNCH}"));
    centre.assert_quiet();
}

/// Why there is a member of no queue: what app_queue does when it finds nobody.
#[test]
fn reasons_would_be_lost_if_asterisk_found_no_member_at_its_start() {
    // No trigger, or it would stay.
    let without_probe = "
        set session_replication_role = replica;
        delete from peerage.queue_login where session_id is null;
        reset session_replication_role";
    let centre = Centre::start_with(Version::V22, without_probe);
    assert_eq!(reason_kept(&centre), "1\t");
}
