//! A pause that is committed becomes an event and a line of the log in Asterisk, once.

use peerage_store::QueuePatch;

use super::manager::Listener;
use super::stage::Stage;
use crate::queue::people::LUNCH;
use crate::queue::versions::on_versions;

/// Queue and reason of the events about an interface, in order of the queues.
fn events(listener: &Listener, interface: &str) -> Vec<(String, Option<String>)> {
    let mut events: Vec<_> = listener
        .heard()
        .into_iter()
        .filter(|heard| heard.interface == interface)
        .map(|heard| (heard.queue, heard.paused))
        .collect();
    events.sort();
    events
}

#[test]
fn a_pause_by_the_database_is_an_event_and_a_line_of_the_log_in_each_queue_and_so_is_its_end() {
    on_versions(|version| {
        let stage = Stage::start(version);
        let centre = &stage.centre;
        let listener = stage.listener();
        let [one, other] = centre.queues();
        let agent = centre.logged_in(&[&one, &other]);
        let interface = format!("PJSIP/{agent}");
        centre.pause(&agent, None);
        centre.wait("both queues have told", || events(&listener, &interface).len() >= 2);
        stage.wait_until_settled();
        let lunch = Some(LUNCH.to_owned());
        let paused = [&one, &other].map(|queue| (queue.to_string(), lunch.clone()));
        assert_eq!(events(&listener, &interface), paused);

        listener.forget();
        centre.unpause(&agent, Some(&one));
        centre.wait("the one queue has told", || !events(&listener, &interface).is_empty());
        stage.wait_until_settled();
        assert_eq!(events(&listener, &interface), [(one.to_string(), None)]);
        centre.unpause(&agent, None);
        centre.wait("the other queue has told", || events(&listener, &interface).len() >= 2);
        stage.wait_until_settled();

        let pause = format!("PAUSE {LUNCH}");
        for queue in [&one, &other] {
            assert_eq!(stage.log(queue), [pause.as_str(), "UNPAUSE"]);
        }
        centre.assert_shown(&[(&one, None), (&other, None)]);
        // What we ordered is nobody's doing but the agent's.
        let actors = format!(
            "select distinct pause.actor from peerage.agent_pause as pause
             join peerage.agent_session as session on session.id = pause.session_id
             where session.agent_number = '{agent}'"
        );
        assert_eq!(centre.sql(&actors), format!("Agent {agent}"));
        centre.assert_quiet();
    });
}

#[test]
fn what_asterisk_does_itself_is_not_ordered_back_to_it() {
    on_versions(|version| {
        let stage = Stage::start(version);
        let centre = &stage.centre;
        let listener = stage.listener();
        let queue = centre.queue(QueuePatch::default());
        let agent = centre.logged_in(&[&queue]);
        centre.shown(&queue);
        centre.cli(&format!(
            "queue pause member PJSIP/{agent} queue {queue} reason {LUNCH}"
        ));
        centre.wait("the agent is paused", || centre.state(&agent).0 == "paused");
        stage.wait_until_settled();
        // Whatever the service had to say, it has said before this comes.
        let probe = centre.logged_in(&[&queue]);
        centre.pause(&probe, None);
        centre.wait("a later pause has told", || {
            listener
                .heard()
                .iter()
                .any(|heard| heard.interface == format!("PJSIP/{probe}"))
        });
        stage.wait_until_settled();
        assert_eq!(
            events(&listener, &format!("PJSIP/{agent}")).len(),
            1,
            "{:?}",
            listener.heard()
        );
        assert_eq!(centre.state(&agent).0, "paused");
    });
}

#[test]
fn who_is_paused_from_the_login_on_is_so_in_asterisks_log_too() {
    on_versions(|version| {
        let stage = Stage::start(version);
        let centre = &stage.centre;
        let queue = centre.queue(QueuePatch::default());
        let agent = centre.agent_with(&[&queue], |agent| agent.profile.login_in_pause = true);
        centre.log_in(&agent);
        centre.wait("the log has it", || stage.log(&queue) == ["PAUSE login"]);
        centre.unpause(&agent, None);
        centre.wait("the log has it", || stage.log(&queue) == ["PAUSE login", "UNPAUSE"]);
    });
}
