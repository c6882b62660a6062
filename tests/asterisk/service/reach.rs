//! Whether calls of queues reach an agent is what the nodes say, everywhere in the same words.

use peerage_model::{Number, QueueName, Transports, Unreachable, WhyUnreachable};
use peerage_store::QueuePatch;
use peerage_testkit::asterisk::{Driver, Transport, Version};

use super::stage::Stage;
use crate::queue::centre::Centre;
use crate::queue::people::device;
use crate::queue::versions::on_versions;

/// What the command line would list.
fn listed(centre: &Centre, agent: &Number) -> (String, Vec<Unreachable>) {
    let now = centre.store.agents_now(&[agent]).unwrap().remove(agent).unwrap();
    (now.state.as_str().to_owned(), now.unreachable_at)
}

/// What Asterisk says of the only member of a queue, such as `Not in use`.
fn member(centre: &Centre, queue: &QueueName) -> String {
    let shown = centre.cli(&format!("queue show {queue}"));
    let line = shown
        .lines()
        .find(|line| line.contains("(realtime)"))
        .unwrap_or_default();
    let state = line.split_once("(realtime) (").unwrap_or_default().1;
    state.split_once(')').unwrap_or_default().0.to_owned()
}

fn unreachable(node: &str, reason: WhyUnreachable, detail: Option<&str>) -> Unreachable {
    Unreachable {
        node: Some(node.parse().unwrap()),
        reason,
        detail: detail.map(str::to_owned),
    }
}

/// That API, command and reports say the same of an agent, in time.
#[track_caller]
fn everywhere(stage: &Stage, agent: &Number, state: &str, at: &[Unreachable]) {
    let centre = &stage.centre;
    let nodes: Vec<String> = at
        .iter()
        .filter_map(|at| at.node.as_ref())
        .map(ToString::to_string)
        .collect();
    let report = format!(
        "{}\t{}",
        if state == "unreachable" { "t" } else { "f" },
        nodes.join(", ")
    );
    centre.wait(&format!("{agent} is {state}: {at:?}"), || {
        listed(centre, agent) == (state.to_owned(), at.to_vec())
            && stage.state(agent) == state
            && stage.unreachable_at(agent) == at
            && centre.sql(&format!(
                "select unreachable, unreachable_at from report.agents_now where agent = '{agent}'"
            )) == report
    });
}

fn with_transports(centre: &Centre, queue: &QueueName, transports: &str) -> Number {
    let transports: Transports = transports.parse().unwrap();
    let agent = centre.agent_with(&[queue], |agent| agent.account.voice.transports = transports.clone());
    centre.log_in(&agent);
    agent
}

#[test]
fn a_phone_over_an_unlisted_transport_is_unreachable_until_it_uses_a_listed_one() {
    on_versions(|version| {
        let stage = Stage::start(version);
        let (centre, node) = (&stage.centre, &stage.centre.node);
        let queue = centre.queue(QueuePatch::default());
        let agent = with_transports(centre, &queue, "udp");
        everywhere(
            &stage,
            &agent,
            "unreachable",
            &[unreachable(node, WhyUnreachable::NotRegistered, None)],
        );
        let over_tcp = device(&agent).over(Transport::Tcp);
        let wrong = over_tcp.online(centre.asterisk.sip_addr(Transport::Tcp)).unwrap();
        everywhere(
            &stage,
            &agent,
            "unreachable",
            &[unreachable(node, WhyUnreachable::Transport, Some("tcp"))],
        );
        assert_eq!(member(centre, &queue), "Unavailable");
        drop(wrong);
        let right = centre.online(&device(&agent), &agent);
        everywhere(&stage, &agent, "available", &[]);
        assert_eq!(member(centre, &queue), "Not in use");
        centre.call(&queue).assert_code(200);
        assert_eq!(right.calls().unwrap(), 1);
    });
}

#[test]
fn with_several_transports_listed_a_call_over_another_one_arrives_and_nobody_warns() {
    on_versions(|version| {
        let stage = Stage::start(version);
        let centre = &stage.centre;
        let queue = centre.queue(QueuePatch::default());
        let agent = with_transports(centre, &queue, "udp,tls");
        let online = device(&agent)
            .over(Transport::Tcp)
            .online(centre.asterisk.sip_addr(Transport::Tcp))
            .unwrap();
        everywhere(&stage, &agent, "available", &[]);
        centre.wait("Asterisk says so", || member(centre, &queue) == "Not in use");
        centre.call(&queue).assert_code(200);
        assert_eq!(online.calls().unwrap(), 1);
        let shown = centre.store.agent(&agent).unwrap();
        assert_eq!(shown.account.warnings(), [""; 0]);
    });
}

#[test]
fn a_node_without_app_queue_or_the_driver_reaches_nobody_and_says_which_module_is_missing() {
    on_versions(|version| {
        let stage = Stage::start(version);
        let (centre, node) = (&stage.centre, &stage.centre.node);
        let queue = centre.queue(QueuePatch::default());
        let agent = centre.logged_in(&[&queue]);
        let _online = centre.online(&device(&agent), &agent);
        everywhere(&stage, &agent, "available", &[]);
        for module in ["app_queue.so", "chan_pjsip.so"] {
            assert!(centre.cli(&format!("module unload {module}")).contains("Unloaded"));
            everywhere(
                &stage,
                &agent,
                "unreachable",
                &[unreachable(node, WhyUnreachable::Module, Some(module))],
            );
            centre.cli(&format!("module load {module}"));
            everywhere(&stage, &agent, "available", &[]);
        }
    });
}

#[test]
fn what_a_node_said_counts_no_longer_when_its_link_is_down() {
    let stage = Stage::start(Version::V22);
    let centre = &stage.centre;
    let queue = centre.queue(QueuePatch::default());
    let agent = with_transports(centre, &queue, "udp");
    everywhere(
        &stage,
        &agent,
        "unreachable",
        &[unreachable(&centre.node, WhyUnreachable::NotRegistered, None)],
    );
    stage.link.refuse();
    stage.link.cut();
    let alone = Unreachable {
        node: None,
        reason: WhyUnreachable::NotRegistered,
        detail: None,
    };
    everywhere(&stage, &agent, "unreachable", std::slice::from_ref(&alone));
    let _online = device(&agent).online(centre.udp()).unwrap();
    everywhere(&stage, &agent, "available", &[]);
}

#[test]
fn a_phone_registered_at_one_node_is_unreachable_at_the_other_and_that_is_said() {
    // Two nodes on one database: a second Asterisk beside the stage's, each with a link of its own.
    let stage = Stage::start(Version::V22).beside(Version::V16);
    let (centre, other) = (&stage.centre, stage.other());
    let queue = centre.queue(QueuePatch::default());
    let agent = centre.logged_in(&[&queue]);
    assert_eq!(member(centre, &queue), "Unavailable");
    assert_eq!(member(other, &queue), "Unavailable");
    let gone = |node: &str| unreachable(node, WhyUnreachable::NotRegistered, None);
    everywhere(&stage, &agent, "unreachable", &[gone(&other.node), gone(&centre.node)]);
    let _online = centre.online(&device(&agent), &agent);
    let elsewhere = unreachable(&other.node, WhyUnreachable::OtherNode, Some(&centre.node));
    everywhere(&stage, &agent, "available", &[elsewhere]);
    assert_eq!(member(centre, &queue), "Not in use");
    assert_eq!(member(other, &queue), "Unavailable");
}

#[test]
fn a_chan_sip_phone_is_reachable_while_asterisk_says_so() {
    let sip = "update peerage.site set driver = 'sip', rtcachefriends = true";
    let centre = Centre::start_as(Version::V16, sip, |asterisk| asterisk.driver(Driver::Sip).caching());
    let stage = Stage::over(centre);
    let (centre, node) = (&stage.centre, &stage.centre.node);
    let queue = centre.queue(QueuePatch::default());
    let agent = centre.logged_in(&[&queue]);
    let phone = device(&agent);
    let online = phone.online(centre.udp()).unwrap();
    everywhere(&stage, &agent, "available", &[]);
    centre.wait("Asterisk says so", || member(centre, &queue) == "Not in use");
    drop(online);
    phone.unregister(centre.udp()).unwrap().assert_code(200);
    everywhere(
        &stage,
        &agent,
        "unreachable",
        &[unreachable(node, WhyUnreachable::NotRegistered, None)],
    );
    centre.wait("Asterisk says so", || member(centre, &queue) == "Unavailable");
}
