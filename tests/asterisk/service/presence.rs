//! An agent whose page is gone is logged out, but not for the service's own absence, and not in a call.

use std::time::Duration;

use peerage_model::Number;
use peerage_store::QueuePatch;
use peerage_testkit::asterisk::Version;

use super::stage::Stage;
use crate::queue::centre::Centre;
use crate::queue::people::device;

/// The page was last there so long ago.
fn away_for(centre: &Centre, agent: &Number, time: &str) {
    centre.sql(&format!(
        "update peerage.agent_presence set seen_at = seen_at - interval '{time}'
         from peerage.agent_session as session
         where session.id = session_id and session.agent_number = '{agent}'"
    ));
}

fn seen_lately(centre: &Centre, agent: &Number) -> bool {
    let lately = format!(
        "select coalesce(bool_or(presence.seen_at > clock_timestamp() - interval '2 minutes'), false)
         from peerage.agent_presence as presence
         join peerage.agent_session as session on session.id = presence.session_id
         where session.agent_number = '{agent}'"
    );
    centre.sql(&lately) == "t"
}

fn is_logged_in(centre: &Centre, agent: &Number) -> bool {
    centre.store.situation(agent).unwrap().session.is_some()
}

#[test]
fn the_disconnection_timeout_counts_neither_the_services_absence_nor_a_call() {
    let mut stage = Stage::without_service(Centre::start(Version::V22)).looking_every(Duration::from_secs(1));
    stage.start_service();
    let queue = stage.centre.queue(QueuePatch::default());
    let agents = [(), ()].map(|()| stage.centre.logged_in(&[&queue]));
    let [attended, elsewhere] = &agents;
    assert!(stage.centre.store.attend(attended).unwrap());

    // The service is away for an hour, and the page with it.
    stage.stop_service();
    away_for(&stage.centre, attended, "1 hour");
    stage
        .centre
        .sql("update peerage.service_beat set beat_at = beat_at - interval '1 hour'");
    stage.start_service();
    stage
        .centre
        .wait("the absence is made good", || seen_lately(&stage.centre, attended));
    assert!(is_logged_in(&stage.centre, attended));

    // A call is up, whatever becomes of the page.
    let centre = &stage.centre;
    let _phone = centre.online(&device(attended), attended);
    centre.pause(elsewhere, None);
    let caller = centre.dial(&queue);
    caller.wait_for_answer();
    centre.wait("the call is seen", || stage.state(attended) == "on_call");
    away_for(centre, attended, "1 hour");
    centre.wait("the call counts as being there", || seen_lately(centre, attended));
    assert!(is_logged_in(centre, attended));
    caller.hang_up(centre);
    centre.wait("the call has ended", || stage.state(attended) == "available");

    away_for(centre, attended, "1 hour");
    centre.wait("the agent is logged out", || !is_logged_in(centre, attended));
    let end = format!("select end_cause, ended_by from peerage.agent_session where agent_number = '{attended}'");
    assert_eq!(centre.sql(&end), "disconnection\tservice");
    // Who did not log in at a console has no page to lose.
    assert!(is_logged_in(centre, elsewhere));
}
