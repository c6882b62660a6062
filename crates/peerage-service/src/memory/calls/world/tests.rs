use peerage_ami::{Limits, Parser};

use super::*;

fn t<T>(text: &str) -> T
where
    T: std::str::FromStr,
    T::Err: std::fmt::Debug,
{
    text.parse().unwrap()
}

/// A frame of these lines, each `name: value`.
fn frame(lines: &[&str]) -> Frame {
    let mut parser = Parser::new(Limits::default());
    let text = format!("Asterisk Call Manager/9.0.0\r\n{}\r\n\r\n", lines.join("\r\n"));
    let mut frames = Vec::new();
    parser.feed(text.as_bytes(), &mut frames).unwrap();
    frames.remove(0)
}

fn state(id: &str, channel: &str, state: u8) -> Frame {
    frame(&[
        "Event: Newstate",
        &format!("Channel: {channel}"),
        &format!("ChannelState: {state}"),
        &format!("Uniqueid: {id}"),
    ])
}

fn hangup(id: &str) -> Frame {
    frame(&["Event: Hangup", &format!("Uniqueid: {id}")])
}

/// Cy (1003) is at telephone 2001, Ada (1001) at her mobile.
fn world() -> (World, NodeName) {
    let mut world = World::default();
    let node: NodeName = t("pbx1");
    world.begin(&node, &[], &[], Timestamp::UNIX_EPOCH);
    let places = [
        (t("1003"), t("PJSIP/2001")),
        (t("1001"), t("Local/017@peerage-outbound/n")),
    ];
    world.place(None, &places);
    (world, node)
}

impl World {
    fn told(&mut self, node: &NodeName, event: &Frame) -> Vec<String> {
        let changed = self.event(node, event, Timestamp::UNIX_EPOCH);
        changed.agents.iter().map(ToString::to_string).collect()
    }

    fn says(&self, agent: &str) -> &'static str {
        match self.of(&t(agent)) {
            Some(Call { is_up: true, .. }) => "up",
            Some(Call { is_up: false, .. }) => "ringing",
            None => "",
        }
    }
}

#[test]
fn a_call_on_a_hot_desk_telephone_is_the_agents_who_is_there() {
    let (mut world, node) = world();
    assert_eq!(world.told(&node, &state("1", "PJSIP/2001-00000001", 5)), ["1003"]);
    assert_eq!((world.says("1003"), world.says("2001")), ("ringing", ""));
    assert_eq!(world.told(&node, &state("1", "PJSIP/2001-00000001", 6)), ["1003"]);
    assert_eq!(world.says("1003"), "up");
    // A second one, which changes nothing of what is shown.
    assert_eq!(world.told(&node, &state("2", "PJSIP/2001-00000002", 6)), [""; 0]);
    assert_eq!(world.told(&node, &hangup("1")), [""; 0]);
    assert_eq!(world.told(&node, &hangup("2")), ["1003"]);
    assert_eq!(world.says("1003"), "");
    assert!(world.talks.is_empty());
}

#[test]
fn a_call_is_timed_from_when_it_rang_and_from_when_it_was_answered() {
    let (mut world, node) = world();
    let at = |seconds| Timestamp::from_second(seconds).unwrap();
    let since = |world: &World| world.of(&t("1003")).map(|call| (call.is_up, call.since.as_second()));
    world.event(&node, &state("1", "PJSIP/2001-00000001", 5), at(10));
    assert_eq!(since(&world), Some((false, 10)));
    world.event(&node, &state("1", "PJSIP/2001-00000001", 5), at(12));
    assert_eq!(since(&world), Some((false, 10)), "it still rings");
    world.event(&node, &state("1", "PJSIP/2001-00000001", 6), at(14));
    assert_eq!(since(&world), Some((true, 14)));
    // Of two the longer one counts, until it ends.
    world.event(&node, &state("2", "PJSIP/2001-00000002", 6), at(20));
    assert_eq!(since(&world), Some((true, 14)));
    let changed = world.event(&node, &hangup("1"), at(30));
    assert_eq!(since(&world), Some((true, 20)));
    assert_eq!(changed.agents, BTreeSet::from([t("1003")]));
    world.event(&node, &hangup("2"), at(31));
    assert_eq!(since(&world), None);
}

#[test]
fn a_call_that_was_there_before_is_as_old_as_its_channel_and_a_known_one_as_it_was() {
    let (mut world, node) = world();
    let at = |seconds| Timestamp::from_second(seconds).unwrap();
    world.event(&node, &state("1", "PJSIP/2001-00000001", 6), at(5000));
    let item = |id: &str, channel: &str| {
        frame(&[
            "Event: CoreShowChannel",
            &format!("Channel: {channel}"),
            "ChannelState: 6",
            "Duration: 01:02:03",
            &format!("Uniqueid: {id}"),
        ])
    };
    let items = [item("1", "PJSIP/2001-00000001"), item("2", "PJSIP/1002-00000002")];
    world.begin(&node, &items, &[], at(9000));
    let since = |agent: &str| world.of(&t(agent)).map(|call| call.since.as_second());
    assert_eq!((since("1003"), since("1002")), (Some(5000), Some(9000 - 3723)));
}

#[test]
fn a_call_stays_the_agents_after_a_move_and_after_a_logout() {
    let (mut world, node) = world();
    world.told(&node, &state("1", "PJSIP/2001-00000001", 6));
    world.place(Some(&[t("1003")]), &[(t("1003"), t("PJSIP/2002"))]);
    assert_eq!(world.says("1003"), "up");
    world.place(Some(&[t("1003")]), &[]);
    // Somebody else comes to the telephone while the call goes on.
    world.place(Some(&[t("1004")]), &[(t("1004"), t("PJSIP/2001"))]);
    assert_eq!((world.says("1003"), world.says("1004")), ("up", ""));
    world.told(&node, &hangup("1"));
    assert_eq!(world.says("1003"), "");
    world.told(&node, &state("2", "PJSIP/2001-00000002", 5));
    assert_eq!((world.says("1003"), world.says("1004")), ("", "ringing"));
}

#[test]
fn without_a_session_a_call_is_the_accounts_until_somebody_comes() {
    let (mut world, node) = world();
    world.told(&node, &state("1", "PJSIP/1002-00000001", 4));
    assert_eq!(world.says("1002"), "up", "who dials is on the telephone");
    world.told(&node, &state("2", "PJSIP/2002-00000001", 6));
    let changed = world.place(Some(&[t("1004")]), &[(t("1004"), t("PJSIP/2002"))]);
    assert_eq!(changed.agents, BTreeSet::from([t("1004"), t("2002")]));
    assert_eq!(world.says("1004"), "up");
}

#[test]
fn a_call_to_the_outside_is_seen_on_the_near_side_of_its_local_channel() {
    let (mut world, node) = world();
    let dial = frame(&[
        "Event: DialBegin",
        "Channel: PJSIP/9-00000001",
        "Uniqueid: 1",
        "DestChannel: Local/017@peerage-outbound-00000001;1",
        "DestUniqueid: 2",
    ]);
    assert_eq!(world.told(&node, &dial), ["1001"]);
    assert_eq!(world.says("1001"), "ringing");
    world.told(&node, &state("3", "Local/017@peerage-outbound-00000001;2", 6));
    assert_eq!(world.says("1001"), "ringing");
    world.told(&node, &state("2", "Local/017@peerage-outbound-00000001;1", 6));
    assert_eq!(world.says("1001"), "up");
    // A dial that is told late does not make it ring again.
    world.told(&node, &dial);
    assert_eq!(world.says("1001"), "up");
}

#[test]
fn a_channel_that_gets_another_name_is_on_another_device() {
    let (mut world, node) = world();
    world.told(&node, &state("1", "PJSIP/2001-00000001", 6));
    let rename = frame(&["Event: Rename", "Uniqueid: 1", "Newname: PJSIP/1002-00000007"]);
    assert_eq!(world.told(&node, &rename), ["1002", "1003"]);
    assert_eq!((world.says("1002"), world.says("1003")), ("up", ""));
}

#[test]
fn a_list_replaces_what_was_known_and_another_nodes_calls_stay() {
    let (mut world, node) = world();
    let other: NodeName = t("pbx2");
    assert_eq!(
        world.told(&other, &state("1", "PJSIP/1002-00000001", 6)),
        [""; 0],
        "not yet"
    );
    world.begin(&other, &[], &[], Timestamp::UNIX_EPOCH);
    world.told(&other, &state("1", "PJSIP/1002-00000001", 6));
    world.told(&node, &state("1", "PJSIP/2001-00000001", 6));
    world.told(&node, &state("2", "PJSIP/1009-00000001", 6));
    world.place(Some(&[t("1003")]), &[]);
    let list = [frame(&[
        "Event: CoreShowChannel",
        "Channel: PJSIP/2001-00000001",
        "ChannelState: 6",
        "Uniqueid: 1",
    ])];
    let changed = world.begin(&node, &list, &[], Timestamp::UNIX_EPOCH);
    assert_eq!(changed.agents, BTreeSet::from([t("1009")]));
    assert_eq!(
        (world.says("1003"), world.says("1002")),
        ("up", "up"),
        "it is known whose"
    );
    let mut on_call = world.with_calls(true);
    on_call.sort();
    assert_eq!(on_call, [t("1002"), t("1003")]);
    world.forget(&node, Timestamp::UNIX_EPOCH);
    assert_eq!((world.says("1003"), world.says("1002")), ("", "up"));
    assert!(!world.knows(&node) && world.knows(&other));
}

#[test]
fn callers_wait_in_a_queue_from_join_to_leave() {
    let (mut world, node) = world();
    let sales: QueueName = t("sales");
    let at = |seconds| Timestamp::from_second(seconds).unwrap();
    let event = |name: &str, id: &str| frame(&[&format!("Event: {name}"), "Queue: sales", &format!("Uniqueid: {id}")]);
    assert_eq!(world.waiting(&sales), Waiting::default());
    assert_eq!(
        world.event(&node, &event("QueueCallerJoin", "1"), at(100)).queues,
        BTreeSet::from([sales.clone()])
    );
    world.event(&node, &event("QueueCallerJoin", "2"), at(110));
    let entry = frame(&["Event: QueueEntry", "Queue: sales", "Uniqueid: 9", "Wait: 60"]);
    world.begin(&t("pbx2"), &[], &[entry], at(120));
    let waiting = |count, seconds| Waiting {
        count,
        longest_since: Some(at(seconds)),
    };
    assert_eq!(world.waiting(&sales), waiting(3, 60));
    world.forget(&t("pbx2"), Timestamp::UNIX_EPOCH);
    assert_eq!(world.waiting(&sales), waiting(2, 100));
    world.event(&node, &event("QueueCallerAbandon", "1"), at(130));
    world.event(&node, &event("QueueCallerLeave", "1"), at(130));
    assert_eq!(world.waiting(&sales), waiting(1, 110));
    assert_eq!(world.queues(&node), std::slice::from_ref(&sales));
    world.event(&node, &event("QueueCallerLeave", "2"), at(130));
    assert_eq!(world.waiting(&sales), Waiting::default());
    assert_eq!(world.queues(&node), []);
}

#[test]
fn idle_time_begins_when_the_last_call_that_was_up_ends() {
    let (mut world, node) = world();
    let at = |seconds| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds);
    // It only rings, and is given up.
    world.event(&node, &state("1.1", "PJSIP/2001-1", 5), at(1));
    world.event(&node, &hangup("1.1"), at(2));
    assert_eq!(world.ended(&t("1003")), None);
    // One is answered; while another goes on, nobody is idle.
    world.event(&node, &state("1.2", "PJSIP/2001-2", 6), at(3));
    world.event(&node, &state("1.3", "PJSIP/2001-3", 6), at(4));
    world.event(&node, &hangup("1.2"), at(5));
    assert_eq!(world.ended(&t("1003")), None);
    world.event(&node, &hangup("1.3"), at(6));
    assert_eq!(world.ended(&t("1003")), Some(at(6)));
    // One that a node has no more when it is asked again has ended by then.
    world.event(&node, &state("1.4", "PJSIP/2001-4", 6), at(7));
    assert_eq!(world.at(&node).unwrap().len(), 1);
    world.begin(&node, &[], &[], at(9));
    assert_eq!(world.ended(&t("1003")), Some(at(9)));
    assert_eq!(world.at(&node), Some(HashMap::new()));
    assert_eq!(world.at(&t("pbx9")), None);
}
