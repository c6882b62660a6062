//! The log of the queues.

use peerage_model::QueueName;
use peerage_store::QueuePatch;

use super::centre::Centre;
use super::people::{LUNCH, device, name};
use super::versions::on_each;

/// Lines of a queue in order, without the fields that are empty or a time.
fn lines(centre: &Centre, queue: &QueueName) -> Vec<String> {
    let rows = centre.sql(&format!(
        "select concat_ws(' ', event, agent, case when event in ('ADDMEMBER', 'PAUSE', 'UNPAUSE', 'REMOVEMEMBER') then data1 end)
        from peerage.queue_log
        where queuename = '{queue}'
        order by time, id"
    ));
    rows.lines().map(str::to_owned).collect()
}

#[test]
fn asterisks_lines_are_in_the_log_under_the_members_name() {
    on_each(|centre| {
        let queue = centre.queue(QueuePatch::default());
        let agent = centre.logged_in(&[&queue]);
        let _phone = centre.online(&device(&agent), &agent);
        centre.call(&queue).assert_code(200);
        let interface = format!("PJSIP/{agent}");
        let pause = [
            ("Action", "QueuePause"),
            ("Interface", &interface),
            ("Queue", queue.as_str()),
        ];
        centre.action(&[&pause[..], &[("Paused", "true"), ("Reason", "lunch; ^break")]].concat());
        centre.action(&[&pause[..], &[("Paused", "false")]].concat());
        centre.log_out(&agent);
        assert_eq!(centre.shown(&queue), []);

        let name = name(&agent);
        let mut expected: Vec<_> = [
            "ADDMEMBER",
            "CONNECT",
            "COMPLETECALLER",
            "PAUSE",
            "UNPAUSE",
            "REMOVEMEMBER",
        ]
        .map(|event| format!("{event} {name}"))
        .into();
        expected[3] += " lunch; ^break";
        expected.insert(1, "ENTERQUEUE NONE".into());
        assert_eq!(lines(centre, &queue), expected);
    });
}

#[test]
fn the_times_of_the_log_are_those_of_the_databases_clock() {
    on_each(|centre| {
        let queue = centre.queue(QueuePatch::default());
        let agent = centre.logged_in(&[&queue]);
        centre.shown(&queue);
        centre.cli(&format!(
            "queue pause member PJSIP/{agent} queue {queue} reason {LUNCH}"
        ));
        let late = centre.sql(&format!(
            "select count(*), count(*) filter (where abs(extract(epoch from written_at - time)) > 120)
            from peerage.queue_log
            where queuename = '{queue}' and node = '{}'",
            centre.node
        ));
        assert_eq!(late, "2\t0");
    });
}

#[test]
fn a_login_and_a_logout_are_one_line_each() {
    on_each(|centre| {
        let [one, other] = centre.queues();
        let agent = centre.logged_in(&[&one, &other]);
        for queue in [&one, &other] {
            centre.shown(queue);
        }
        centre.log_out(&agent);
        for queue in [&one, &other] {
            centre.shown(queue);
        }
        let lines = centre.sql(&format!(
            "select event, queuename, data1, data3, node from peerage.queue_log
            where agent = '{}' and event like 'AGENT%' order by id",
            name(&agent)
        ));
        let expected =
            format!("AGENTCALLBACKLOGIN\tNONE\tPJSIP/{agent}\t\t\nAGENTCALLBACKLOGOFF\tNONE\tPJSIP/{agent}\tagent\t");
        assert_eq!(lines, expected);
    });
}
