//! The queue log: Asterisk's lines, and the login and logoff lines of Peerage's own.

use peerage_model::{Choice, LogoutRequest};

use super::support::{Centre, own, supervisor, t, take_over, telephone};

/// The minute that is: a node writes at once.
fn minute() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:").to_string()
}

/// A line as logger.c writes it.
fn line(time: &str, data1: &str, data2: &str) -> String {
    format!(
        "INSERT INTO queue_log (time, data5, data4, data3, data2, data1, event, agent, queuename, callid)
         VALUES ('{time}', '', '', '', '{data2}', '{data1}', 'PAUSE', 'Ada King', 'sales', 'NONE')"
    )
}

#[test]
fn a_line_is_taken_in_utc_and_decoded_whatever_the_nodes_time_zone() {
    let centre = Centre::empty();
    let mut node = centre.node("pbx1");
    node.write("set timezone = 'Europe/Rome'").unwrap();
    let time = minute() + "00.287793";
    let written = line(&time, "lunch^3B break ^5E2", "");
    assert_eq!(node.write(&written).unwrap(), 1);
    let stored = format!(
        "select time = timestamptz '{time}Z' and bad_time is null, callid, queuename, agent, event, data1, data2, data5, node
      from peerage.queue_log"
    );
    assert_eq!(
        centre.sql(&stored),
        "t,NONE,sales,\"Ada King\",PAUSE,\"lunch; break ^2\",,,pbx1"
    );
    assert_eq!(node.read("select time from queue_log"), format!("\"{time}\""));
}

#[test]
fn a_line_that_comes_twice_is_taken_once() {
    let centre = Centre::empty();
    let mut node = centre.node("pbx1");
    let count = "select count(*) from peerage.queue_log";
    let minute = minute();
    let at = |second: &str| format!("{minute}{second}");
    let first = line(&at("00.287793"), "lunch", "1");
    for _ in 0..3 {
        assert_eq!(node.write(&first).unwrap(), 1);
    }
    assert_eq!(centre.sql(count), "1");
    // What differs in anything is another line.
    for other in [
        line(&at("00.287794"), "lunch", "1"),
        line(&at("00.287793"), "tea", "1"),
        line(&at("00.287793"), "lunch", "2"),
        first.replace("'sales'", "'support'"),
        first.replace("'NONE'", "'1.2'"),
        first.replace("'PAUSE'", "'UNPAUSE'"),
        first.replace("'Ada King'", "'Bo Diddley'"),
    ] {
        assert_eq!(node.write(&other).unwrap(), 1);
        assert_eq!(node.write(&other).unwrap(), 1);
    }
    assert_eq!(centre.sql(count), "8");
    // Another node that says the same saw the same.
    let mut second = centre.node("pbx2");
    assert_eq!(second.write(&first.replace("NONE", "REALTIME")).unwrap(), 1);
    assert_eq!(centre.sql(count), "9");
}

#[test]
fn each_session_is_logged_once_when_it_begins_and_once_when_it_ends() {
    let centre = Centre::new();
    let lines = "select event, agent, data1, data3, callid, queuename from peerage.queue_log order by id";
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.move_to("1001", Choice::Mobile).unwrap();
    centre.log_out("1001").unwrap();
    centre.log_out("1001").unwrap();
    assert_eq!(
        centre.sql(lines),
        "AGENTCALLBACKLOGIN,\"Ada King\",PJSIP/1001,,NONE,NONE\n\
         AGENTCALLBACKLOGOFF,\"Ada King\",Local/01701234@peerage-outbound/n,agent,NONE,NONE"
    );
    let times = "select bool_and(time = case when event = 'AGENTCALLBACKLOGIN' then began_at else ended_at end),
        min(data2) = floor(extract(epoch from max(ended_at) - max(began_at)))::text
      from peerage.queue_log
        cross join peerage.agent_session";
    assert_eq!(centre.sql(times), "t,t");
}

#[test]
fn whatever_ends_a_session_it_is_logged() {
    let centre = Centre::new();
    centre.let_take_over();
    centre.log_in("1003", telephone("2001")).unwrap();
    centre
        .store
        .log_in(&t("1004"), &take_over(telephone("2001")), &own("1004"))
        .unwrap();
    centre
        .store
        .log_out(&t("1004"), &LogoutRequest::default(), &supervisor())
        .unwrap();
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.store.remove_agent(&t("1001")).unwrap();
    let lines = "select event, agent, data3 from peerage.queue_log order by id";
    assert_eq!(
        centre.sql(lines),
        "AGENTCALLBACKLOGIN,\"Cy Twombly\",\n\
         AGENTCALLBACKLOGOFF,\"Cy Twombly\",take_over\n\
         AGENTCALLBACKLOGIN,\"Di Brown\",\n\
         AGENTCALLBACKLOGOFF,\"Di Brown\",supervisor\n\
         AGENTCALLBACKLOGIN,\"Ada King\",\n\
         AGENTCALLBACKLOGOFF,\"Ada King\",removed"
    );
}

#[test]
fn a_name_that_needs_coding_is_logged_as_asterisk_would_and_read_in_clear() {
    let centre = Centre::new();
    centre.set_agent("1001", |patch| patch.full_name = Some(t("Ada; King^")));
    centre.log_in("1001", Choice::Internal).unwrap();
    let mut node = centre.node("pbx1");
    // `;` parts values for the driver, and `^` begins a code.
    assert_eq!(
        node.read("select distinct membername from queue_members where membername like 'Ada%'"),
        "\"Ada^3B King^5E\""
    );
    assert_eq!(centre.sql("select agent from peerage.queue_log"), "\"Ada; King^\"");
    assert_eq!(
        centre.sql("select full_name from report.agents_now where agent = '1001'"),
        "\"Ada; King^\""
    );
}
