//! Login and logout.

use peerage_model::Penalty;
use peerage_store::QueuePatch;

use super::people::{device, name};
use super::shown::Shown;
use super::versions::on_each;

#[test]
fn an_agent_who_logs_in_is_a_member_until_logout_and_takes_the_calls_of_the_queue() {
    on_each(|centre| {
        let queue = centre.queue(QueuePatch::default());
        let agent = centre.agent(&[&queue]);
        centre
            .store
            .assign(&queue, &agent, Penalty::try_from(3).unwrap())
            .unwrap();
        let phone = centre.online(&device(&agent), &agent);
        assert_eq!(centre.shown(&queue), []);

        centre.log_in(&agent);
        let expected = Shown {
            name: name(&agent),
            interface: format!("PJSIP/{agent}"),
            penalty: 3,
            ring_in_use: false,
            paused: None,
            device: "Not in use".into(),
        };
        assert_eq!(centre.shown(&queue), [expected]);
        centre.call(&queue).assert_code(200);
        assert_eq!(phone.calls().unwrap(), 1);

        centre.log_out(&agent);
        assert_eq!(centre.shown(&queue), []);
    });
}

#[test]
fn a_name_with_the_marks_of_the_wire_is_the_members_name_and_the_logs() {
    on_each(|centre| {
        let queue = centre.queue(QueuePatch::default());
        let agent = centre.agent_with(&[&queue], |agent| {
            agent.profile.full_name = "Ada; ^3B (x) Zoë".parse().unwrap();
        });
        centre.log_in(&agent);
        let member = centre.only(&queue);
        assert_eq!(
            (member.name.as_str(), member.interface),
            ("Ada; ^3B (x) Zoë", format!("PJSIP/{agent}"))
        );
        centre.cli(&format!("queue pause member PJSIP/{agent} queue {queue}"));
        let logged = format!("select agent from peerage.queue_log where queuename = '{queue}' and event = 'PAUSE'");
        assert_eq!(centre.sql(&logged), "Ada; ^3B (x) Zoë");
    });
}

#[test]
fn a_name_longer_than_asterisk_has_room_for_is_cut_between_letters_and_still_tells_agents_apart() {
    on_each(|centre| {
        let queue = centre.queue(QueuePatch::default());
        let long = "é".repeat(80);
        let agents =
            [(), ()].map(|()| centre.agent_with(&[&queue], |agent| agent.profile.full_name = long.parse().unwrap()));
        for agent in &agents {
            centre.log_in(agent);
        }
        let names: Vec<_> = centre.shown(&queue).into_iter().map(|member| member.name).collect();
        assert!(
            names.iter().all(|name| name.len() <= 79 && name.starts_with("éééé")),
            "{names:?}"
        );
        assert_ne!(names[0], names[1]);
        centre.cli(&format!("queue pause member PJSIP/{} queue {queue}", agents[0]));
        let logged = format!("select agent from peerage.queue_log where queuename = '{queue}' and event = 'PAUSE'");
        assert_eq!(centre.sql(&logged), names[0]);
        let login = format!(
            "select count(*) from peerage.queue_log where agent = '{}' and event = 'AGENTCALLBACKLOGIN'",
            names[0]
        );
        assert_eq!(centre.sql(&login), "1");
    });
}
