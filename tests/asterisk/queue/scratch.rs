
use super::centre::*;
use peerage_store::QueuePatch;
use peerage_model::*;

#[test]
fn s1_long() {
    on_each(|centre| {
        let queue = centre.queue(QueuePatch::default());
        let agent = centre.agent_with(&[&queue], |agent| agent.profile.full_name = "é".repeat(80).parse().unwrap());
        centre.log_in(&agent);
        println!("{}", centre.cli(&format!("queue show {queue}")));
        centre.cli(&format!("queue pause member PJSIP/{agent} queue {queue}"));
        println!("{}", centre.sql(&format!("select agent,event from peerage.queue_log where queuename = '{queue}'")));
        centre.assert_quiet();
    });
}
#[test]
fn s2_back() {
    on_each(|centre| {
        let [one, other] = centre.queues();
        let agent = centre.logged_in(&[&one]);
        centre.shown(&one);
        centre.action(&[("Action", "QueueRemove"), ("Interface", &format!("PJSIP/{agent}")), ("Queue", one.as_str())]);
        centre.store.assign(&other, &agent, Penalty::try_from(0).unwrap()).unwrap();
        println!("{:?} {:?}", centre.interfaces(&one), centre.interfaces(&other));
    });
}
#[test]
fn s3_penalty() {
    on_each(|centre| {
        let queue = centre.queue(QueuePatch::default());
        let agent = centre.logged_in(&[&queue]);
        centre.shown(&queue);
        centre.action(&[("Action", "QueuePenalty"), ("Interface", &format!("PJSIP/{agent}")), ("Queue", queue.as_str()), ("Penalty", "1234567")]);
        println!("{:?}", centre.shown(&queue));
        centre.assert_quiet();
    });
}
#[test]
fn s4_case() {
    on_versions(|version| {
        let centre = Centre::start(version);
        for (name, s) in [("Sales", "fewestcalls"), ("sales", "ringall")] {
            centre.store.add_queue(&name.parse().unwrap(), &QueuePatch { strategy: Some(s.into()), ..QueuePatch::default() }).unwrap();
        }
        let (a, b): (QueueName, QueueName) = ("Sales".parse().unwrap(), "sales".parse().unwrap());
        let x = centre.logged_in(&[&a]);
        let y = centre.logged_in(&[&b]);
        println!("{version} {x} {y}");
        for q in ["Sales", "sales", "SALES", "Sales", "sales"] {
            println!("{q}: {}", centre.cli(&format!("queue show {q}")));
        }
        println!("all: {}", centre.cli("queue show"));
    });
}
