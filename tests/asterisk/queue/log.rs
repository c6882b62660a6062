//! The log of the queues.

use peerage_model::QueueName;
use peerage_store::QueuePatch;
use peerage_testkit::asterisk::Version;

use super::centre::Centre;
use super::people::{device, name};
use super::versions::{on_each, on_versions};

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

/// Lines that an Asterisk five hours behind UTC writes, and how many of them are off by more than two minutes.
fn times_of_five_hours_behind(version: Version, logger: &str) -> String {
    let centre = Centre::start_as(version, "", |asterisk| {
        asterisk.time_zone("Etc/GMT+5").file("logger.conf", logger)
    });
    // Its own log is in local time.
    let now = centre.sql("select to_char(now() at time zone 'UTC' - interval '5 hours', 'YYYY-MM-DD HH24')");
    let before =
        centre.sql("select to_char(now() at time zone 'UTC' - interval '5 hours 10 minutes', 'YYYY-MM-DD HH24')");
    let log = centre.asterisk.log().unwrap();
    assert!(log.contains(&now) || log.contains(&before), "{now}: {log}");
    let queue = centre.queue(QueuePatch::default());
    centre.shown(&queue);
    // One who is none of Peerage's: of its own agents it writes these lines itself.
    centre.cli(&format!("queue add member Local/1@nowhere to {queue}"));
    centre.cli(&format!("queue remove member Local/1@nowhere from {queue}"));
    let late = centre.sql(&format!(
        "select count(*), count(*) filter (where bad_time is not null)
        from peerage.queue_log
        where queuename = '{queue}' and node = '{}'",
        centre.node
    ));
    centre.assert_quiet();
    late
}

#[test]
fn the_times_of_the_log_are_those_of_the_databases_clock_whatever_the_local_time() {
    let shipped = include_str!("../../../contrib/asterisk/logger.conf");
    let without = shipped.replace("queue_log_realtime_use_gmt = yes", "");
    assert_ne!(shipped, without);
    on_versions(|version| {
        assert_eq!(times_of_five_hours_behind(version, shipped), "2\t0");
        // It is the setting that does it; without it the lines have the time of their arrival, and say so.
        assert_eq!(times_of_five_hours_behind(version, &without), "2\t2");
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
