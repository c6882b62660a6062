//! What Asterisk changes of a membership besides its pause.

use peerage_model::Penalty;
use peerage_store::QueuePatch;

use super::versions::on_each;

#[test]
fn penalty_and_ringinuse_from_asterisk_hold_until_logout() {
    on_each(|centre| {
        let [one, other] = centre.queues();
        let agent = centre.agent(&[&one, &other]);
        centre
            .store
            .assign(&one, &agent, Penalty::try_from(3).unwrap())
            .unwrap();
        centre.log_in(&agent);
        let interface = format!("PJSIP/{agent}");
        let shown = |queue| {
            let member = centre.only(queue);
            (member.penalty, member.ring_in_use)
        };
        let kept = |queue| {
            let row = "select penalty, ring_in_use from peerage.queue_login";
            centre.sql(&format!("{row} where queue_name = '{queue}'"))
        };
        assert_eq!((shown(&one), shown(&other)), ((3, false), (0, false)));

        let member = [("Interface", interface.as_str()), ("Queue", one.as_str())];
        centre.action(&[&[("Action", "QueuePenalty"), ("Penalty", "7")][..], &member].concat());
        centre.action(&[&[("Action", "QueueMemberRingInUse"), ("RingInUse", "yes")][..], &member].concat());
        assert_eq!((shown(&one), shown(&other)), ((7, true), (0, false)));
        assert_eq!((kept(&one).as_str(), kept(&other).as_str()), ("7\t1", "0\t"));
        centre.action(&[&[("Action", "QueueMemberRingInUse"), ("RingInUse", "no")][..], &member].concat());
        assert_eq!((shown(&one), kept(&one).as_str()), ((7, false), "7\t0"));
        // A pause leaves them alone.
        centre.pause(&agent, None);
        assert_eq!((shown(&one), kept(&one).as_str()), ((7, false), "7\t0"));
        centre.action(&[&[("Action", "QueuePenalty"), ("Penalty", "2147483647")][..], &member].concat());
        assert_eq!(shown(&one).0, 2_147_483_647);

        centre.log_out(&agent);
        centre.log_in(&agent);
        assert_eq!((shown(&one), kept(&one).as_str()), ((3, false), "3\t"));
    });
}

#[test]
fn who_is_removed_from_a_queue_by_asterisk_is_out_of_it_until_the_next_login() {
    on_each(|centre| {
        let [one, other] = centre.queues();
        let agent = centre.logged_in(&[&one, &other]);
        assert_eq!((centre.shown(&one).len(), centre.shown(&other).len()), (1, 1));
        centre.pause(&agent, Some(&one));
        let interface = format!("PJSIP/{agent}");
        centre.action(&[
            ("Action", "QueueRemove"),
            ("Interface", &interface),
            ("Queue", one.as_str()),
        ]);
        assert_eq!((centre.shown(&one).len(), centre.shown(&other).len()), (0, 1));
        assert_eq!(
            centre.sql(&format!(
                "select count(*) from peerage.queue_login where queue_name = '{one}'"
            )),
            "0"
        );
        // The pause of that queue has gone with it.
        centre.assert_told(&agent, ("available", None), &[]);
        // Another queue does not bring it back.
        let third = centre.queue(QueuePatch::default());
        centre
            .store
            .assign(&third, &agent, Penalty::try_from(0).unwrap())
            .unwrap();
        assert_eq!((centre.shown(&one).len(), centre.shown(&third).len()), (0, 1));

        centre.log_out(&agent);
        centre.log_in(&agent);
        assert_eq!((centre.shown(&one).len(), centre.shown(&other).len()), (1, 1));
    });
}

#[test]
fn a_change_of_the_queue_or_of_the_assignment_is_seen_at_the_next_look() {
    on_each(|centre| {
        let queue = centre.queue(QueuePatch::default());
        let agent = centre.logged_in(&[]);
        assert_eq!(centre.shown(&queue), []);
        centre
            .store
            .assign(&queue, &agent, Penalty::try_from(2).unwrap())
            .unwrap();
        assert_eq!(centre.only(&queue).penalty, 2);
        let busy = QueuePatch {
            ring_in_use: Some(true),
            strategy: Some("fewestcalls".into()),
            weight: Some(4),
            ..QueuePatch::default()
        };
        centre.store.set_queue(&queue, &busy).unwrap();
        let said = centre.cli(&format!("queue show {queue}"));
        assert!(
            said.contains("in 'fewestcalls' strategy") && said.contains("W:4"),
            "{said}"
        );
        assert!(centre.only(&queue).ring_in_use);
        centre.store.unassign(&queue, &agent).unwrap();
        assert_eq!(centre.shown(&queue), []);
    });
}
