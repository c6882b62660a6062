//! Pauses from both sides.

use peerage_store::QueuePatch;
use peerage_testkit::sipp::Manner;

use super::pauses::Open;
use super::people::{LUNCH, device, name};
use super::versions::on_each;

#[test]
fn a_pause_that_the_agent_takes_holds_in_all_queues_until_the_agent_ends_it() {
    on_each(|centre| {
        let [one, other] = centre.queues();
        let agent = centre.logged_in(&[&one, &other]);
        centre.pause(&agent, None);
        let lunch = centre.read(LUNCH);
        centre.assert_shown(&[(&one, Some(lunch)), (&other, Some(lunch))]);
        centre.assert_told(
            &agent,
            ("paused", Some(LUNCH)),
            &[Open::of_all(Some(LUNCH), name(&agent))],
        );

        centre.unpause(&agent, None);
        centre.assert_shown(&[(&one, None), (&other, None)]);
        centre.assert_told(&agent, ("available", None), &[]);
    });
}

#[test]
fn a_pause_of_one_queue_stays_in_that_queue() {
    on_each(|centre| {
        let [one, other] = centre.queues();
        let agent = centre.logged_in(&[&one, &other]);
        centre.pause(&agent, Some(&one));
        centre.assert_shown(&[(&one, Some(centre.read(LUNCH))), (&other, None)]);
        centre.assert_told(
            &agent,
            ("partly_paused", None),
            &[Open::of(&one, Some(LUNCH), name(&agent))],
        );

        centre.unpause(&agent, Some(&one));
        centre.assert_shown(&[(&one, None), (&other, None)]);
        centre.assert_told(&agent, ("available", None), &[]);
    });
}

#[test]
fn a_paused_agent_gets_no_call_until_the_pause_is_over() {
    on_each(|centre| {
        let queue = centre.queue(QueuePatch::default());
        let agent = centre.logged_in(&[&queue]);
        let phone = centre.online(&device(&agent), &agent);
        centre.pause(&agent, None);
        let caller = centre.dial(&queue);
        // Asterisk has read the members once more after the caller has come.
        centre.wait("the caller waits", || {
            centre.cli(&format!("queue show {queue}")).contains("Callers: ")
        });
        centre.assert_shown(&[(&queue, Some(centre.read(LUNCH)))]);
        assert_eq!(phone.calls().unwrap(), 0);

        centre.unpause(&agent, None);
        caller.wait_for_answer();
        assert_eq!(phone.calls().unwrap(), 1);
        caller.hang_up(centre);
    });
}

#[test]
fn a_pause_of_one_queue_from_asterisk_lands_there_with_reason_and_actor() {
    on_each(|centre| {
        let [one, other] = centre.queues();
        let agent = centre.logged_in(&[&one, &other]);
        let (interface, queue) = (format!("PJSIP/{agent}"), one.as_str());
        let manager = |paused, reason| {
            let pause = [
                ("Action", "QueuePause"),
                ("Interface", &interface),
                ("Queue", queue),
                ("Paused", paused),
            ];
            centre.action(&[&pause[..], reason].concat());
        };
        let by_command: (&dyn Fn(), &dyn Fn()) = (
            &|| drop(centre.cli(&format!("queue pause member {interface} queue {queue} reason {LUNCH}"))),
            &|| drop(centre.cli(&format!("queue unpause member {interface} queue {queue}"))),
        );
        let by_manager: (&dyn Fn(), &dyn Fn()) = (&|| manager("true", &[("Reason", LUNCH)]), &|| manager("false", &[]));
        let reason = centre.written(LUNCH);

        for (pause, unpause) in [by_command, by_manager] {
            centre.assert_shown(&[(&one, None), (&other, None)]);
            pause();
            centre.assert_shown(&[(&one, Some(LUNCH)), (&other, None)]);
            centre.assert_told(
                &agent,
                ("partly_paused", None),
                &[Open::of(&one, reason, centre.itself())],
            );
            unpause();
            centre.assert_shown(&[(&one, None), (&other, None)]);
            centre.assert_told(&agent, ("available", None), &[]);
        }
    });
}

#[test]
fn a_pause_of_all_queues_from_asterisk_lands_in_each_of_them() {
    on_each(|centre| {
        let [one, other] = centre.queues();
        let agent = centre.logged_in(&[&one, &other]);
        let interface = format!("PJSIP/{agent}");
        let pause = [("Action", "QueuePause"), ("Interface", &interface)];
        centre.action(&[&pause[..], &[("Paused", "true"), ("Reason", LUNCH)]].concat());
        centre.assert_shown(&[(&one, Some(LUNCH)), (&other, Some(LUNCH))]);
        let reason = centre.written(LUNCH);
        let both = [&one, &other].map(|queue| Open::of(queue, reason, centre.itself()));
        centre.assert_told(&agent, ("paused", reason), &both);

        centre.action(&[&pause[..], &[("Paused", "false")]].concat());
        centre.assert_shown(&[(&one, None), (&other, None)]);
        centre.assert_told(&agent, ("available", None), &[]);
    });
}

#[test]
fn asterisk_ends_the_pause_of_one_queue_and_the_others_stay_paused_by_the_agent() {
    on_each(|centre| {
        let [one, other] = centre.queues();
        let agent = centre.logged_in(&[&one, &other]);
        centre.pause(&agent, None);
        let since = format!("select paused_since from report.pauses where agent = '{agent}' and ended_at is null");
        let before = centre.sql(&since);
        let lunch = centre.read(LUNCH);
        centre.assert_shown(&[(&one, Some(lunch)), (&other, Some(lunch))]);

        centre.cli(&format!("queue unpause member PJSIP/{agent} queue {one}"));
        centre.assert_shown(&[(&one, None), (&other, Some(lunch))]);
        centre.assert_told(
            &agent,
            ("partly_paused", None),
            &[Open::of(&other, Some(LUNCH), name(&agent))],
        );
        assert_eq!(centre.sql(&since), before);
        let ended = format!("select ended_by from report.pauses where agent = '{agent}' and queue is null");
        assert_eq!(centre.sql(&ended), centre.itself());
    });
}

#[test]
fn what_asterisk_repeats_changes_nothing() {
    on_each(|centre| {
        let [one, other] = centre.queues();
        let agent = centre.logged_in(&[&one, &other]);
        centre.pause(&agent, None);
        // As the service does after a pause, so that there is an event and a line in the log.
        for queue in [&one, &other] {
            let interface = format!("PJSIP/{agent}");
            let pause = [
                ("Action", "QueuePause"),
                ("Interface", interface.as_str()),
                ("Paused", "true"),
            ];
            centre.action(&[&pause[..], &[("Queue", queue.as_str()), ("Reason", LUNCH)]].concat());
        }
        centre.assert_shown(&[(&one, Some(LUNCH)), (&other, Some(LUNCH))]);
        centre.assert_told(
            &agent,
            ("paused", Some(LUNCH)),
            &[Open::of_all(Some(LUNCH), name(&agent))],
        );
        let pauses = format!("select count(*) from report.pauses where agent = '{agent}'");
        assert_eq!(centre.sql(&pauses), "1");
    });
}

#[test]
fn a_missed_ring_pauses_the_queue_or_all_queues_as_the_queue_says() {
    const MISSED: &str = "Auto-Pause";
    on_each(|centre| {
        for autopause in ["yes", "all"] {
            let one = centre.queue(QueuePatch {
                autopause: Some(autopause.into()),
                timeout_seconds: Some(1),
                ..QueuePatch::default()
            });
            let other = centre.queue(QueuePatch::default());
            let agent = centre.logged_in(&[&one, &other]);
            let _phone = centre.online(&device(&agent).manner(Manner::Ring), &agent);
            let caller = centre.dial(&one);
            let reason = centre.written(MISSED);
            let mut pauses = vec![Open::of(&one, reason, centre.itself())];
            let mut state = ("partly_paused", None);
            if autopause == "all" {
                pauses.push(Open::of(&other, reason, centre.itself()));
                state = ("paused", reason);
            }
            centre.wait("the agent is paused", || centre.state(&agent).0 == state.0);
            let elsewhere = (autopause == "all").then_some(MISSED);
            centre.assert_shown(&[(&one, Some(MISSED)), (&other, elsewhere)]);
            centre.assert_told(&agent, state, &pauses);
            let label = format!("select distinct label from report.pauses where agent = '{agent}'");
            assert_eq!(centre.sql(&label), centre.read("Missed a call"));
            caller.hang_up(centre);
        }
    });
}

#[test]
fn a_reason_from_asterisk_is_kept_whatever_is_in_it() {
    let long = format!("x{}", "é".repeat(100));
    let cases = [
        // As given, and as kept.
        ("lunch; break", "lunch; break"),
        ("^3B, \"x\" 100%", "^3B, \"x\" 100%"),
        ("a\tb", "a b"),
        // What app_queue has room for.
        (&long, &long[..79]),
    ];
    on_each(|centre| {
        let queue = centre.queue(QueuePatch::default());
        let agent = centre.logged_in(&[&queue]);
        let interface = format!("PJSIP/{agent}");
        for (given, kept) in cases {
            centre.shown(&queue);
            let pause = [
                ("Action", "QueuePause"),
                ("Interface", &interface),
                ("Queue", queue.as_str()),
            ];
            centre.action(&[&pause[..], &[("Paused", "true"), ("Reason", given)]].concat());
            let written = centre.written(kept);
            centre.assert_told(
                &agent,
                ("paused", written),
                &[Open::of(&queue, written, centre.itself())],
            );
            let shown = centre.only(&queue).paused.unwrap();
            assert!(shown == kept || centre.written(kept).is_none(), "{shown}");
            centre.unpause(&agent, None);
        }
    });
}
