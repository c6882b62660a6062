//! The queue log: Asterisk's lines, and the login and logoff lines of Peerage's own.

use peerage_model::{Choice, LogoutRequest};

use peerage_store::LoggedAs;

use super::support::{Centre, because, own, supervisor, t, take_over, telephone};

/// The minute that is: a node writes at once.
fn minute() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:").to_string()
}

/// This moment.
fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:%S.%6f").to_string()
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
    let lines = "select event, agent, data1, data3, callid, queuename from peerage.queue_log where event like 'AGENT%' order by id";
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
        cross join peerage.agent_session
      where event like 'AGENT%'";
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
    let lines = "select event, agent, data3 from peerage.queue_log where event like 'AGENT%' order by id";
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
    assert_eq!(
        centre.sql("select distinct agent from peerage.queue_log"),
        "\"Ada; King^\""
    );
    assert_eq!(
        centre.sql("select full_name from report.agents_now where agent = '1001'"),
        "\"Ada; King^\""
    );
}

/// Lines about members, with whose they are.
const MEMBERS: &str = "select event, agent, agent_number, data1, node from peerage.queue_log
  where queuename = 'sales' order by time, id";

#[test]
fn a_pause_and_a_membership_are_one_line_each_however_many_nodes_say_so() {
    let centre = Centre::new();
    let mut nodes = [centre.node("pbx1"), centre.node("pbx2")];
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.pause("1001", &because("lunch")).unwrap();
    let minute = minute();
    for (place, node) in nodes.iter_mut().enumerate() {
        for event in ["ADDMEMBER", "PAUSE", "UNPAUSE", "PAUSE", "REMOVEMEMBER"] {
            let line = line(&format!("{minute}0{place}.5"), "lunch", "").replace("'PAUSE'", &format!("'{event}'"));
            assert_eq!(node.write(&line).unwrap(), 1);
        }
    }
    centre.log_out("1001").unwrap();
    assert_eq!(
        centre.sql(MEMBERS),
        "ADDMEMBER,\"Ada King\",1001,,\"\"\n\
         PAUSE,\"Ada King\",1001,lunch,\"\"\n\
         REMOVEMEMBER,\"Ada King\",1001,,\"\""
    );
}

#[test]
fn a_reason_that_only_asterisks_line_has_is_taken_from_it() {
    let centre = Centre::new();
    let mut node = centre.node("pbx1");
    centre.log_in("1001", Choice::Internal).unwrap();
    node.write("update queue_members set paused = '1' where queue_name = 'sales'")
        .unwrap();
    node.write(&line(&(minute() + "00.5"), "lunch", "")).unwrap();
    assert_eq!(
        centre.sql("select data1 from peerage.queue_log where queuename = 'sales' and event = 'PAUSE'"),
        "lunch"
    );
}

#[test]
fn namesakes_renames_and_numbers_used_again_stay_apart() {
    let centre = Centre::new();
    let mut node = centre.node("pbx1");
    let mut calls = 0;
    // A call that somebody of this name takes and ends.
    let mut call = |centre: &Centre, name: &str| {
        calls += 1;
        for event in ["CONNECT", "COMPLETECALLER"] {
            let written = line(&now(), "1", "2")
                .replace("'NONE'", &format!("'1700000000.{calls}'"))
                .replace("'PAUSE'", &format!("'{event}'"))
                .replace("'Ada King'", &format!("'{name}'"));
            node.write(&written).unwrap();
        }
        centre.sql(&format!(
            "select string_agg(distinct agent || ' ' || agent_id, '; ') from report.queue_events where callid = '1700000000.{calls}'"
        ))
        .replace('"', "")
    };
    let id = |number: &str| {
        centre.sql(&format!(
            "select id from peerage.agent where number = '{number}' and removed_at is null"
        ))
    };
    let (ada, bo) = (id("1001"), id("1002"));
    centre.log_in("1001", Choice::Internal).unwrap();
    assert_eq!(call(&centre, "Ada King"), format!("1001 {ada}"));
    centre.log_out("1001").unwrap();
    // Bo takes her name, and works.
    centre.set_agent("1002", |patch| patch.full_name = Some(t("Ada King")));
    centre.set_agent("1001", |patch| patch.full_name = Some(t("Ada Lovelace")));
    centre.log_in("1002", Choice::Internal).unwrap();
    assert_eq!(call(&centre, "Ada King"), format!("1002 {bo}"));
    centre.log_in("1001", Choice::Internal).unwrap();
    assert_eq!(call(&centre, "Ada Lovelace"), format!("1001 {ada}"));
    // What was is as it was.
    assert_eq!(
        centre
            .sql("select agent, agent_id from report.queue_events where callid = '1700000000.1' and event = 'CONNECT'"),
        format!("1001,{ada}")
    );
}

#[test]
fn the_log_is_written_as_asterisks_file_with_the_agents_named_as_wanted() {
    let centre = Centre::new();
    let mut node = centre.node("pbx1");
    centre.log_in("1001", Choice::Internal).unwrap();
    let written = line(&(minute() + "00.5"), "", "+391234")
        .replace("'NONE'", "'1700000000.7'")
        .replace("'Ada King'", "'NONE'")
        .replace("'PAUSE'", "'ENTERQUEUE'");
    node.write(&written).unwrap();
    centre.log_out("1001").unwrap();
    let lines = |logged_as| {
        let lines = centre
            .store
            .queue_log((jiff::Timestamp::UNIX_EPOCH, 0), None, 1000, logged_as)
            .unwrap();
        let mut texts: Vec<String> = lines
            .iter()
            .map(|line| line.text.split_once('|').unwrap().1.to_owned())
            .collect();
        for line in &lines {
            let (seconds, _) = line.text.split_once('|').unwrap();
            assert_eq!(seconds.parse::<i64>().unwrap(), line.time.as_second());
        }
        texts.sort();
        texts
    };
    let numbered = lines(LoggedAs::Number);
    assert!(
        numbered.contains(&"NONE|NONE|1001|AGENTCALLBACKLOGIN|PJSIP/1001".to_owned()),
        "{numbered:#?}"
    );
    assert!(
        numbered.contains(&"1700000000.7|sales|NONE|ENTERQUEUE||+391234".to_owned()),
        "{numbered:#?}"
    );
    assert!(
        numbered.contains(&"REALTIME|sales|1001|ADDMEMBER|".to_owned()),
        "{numbered:#?}"
    );
    assert!(lines(LoggedAs::Code).contains(&"REALTIME|sales|Agent/1001|REMOVEMEMBER|".to_owned()));
    assert!(lines(LoggedAs::Name).contains(&"REALTIME|sales|Ada King|REMOVEMEMBER|".to_owned()));
    // A page at a time is the same.
    let mut paged = Vec::new();
    let mut after = (jiff::Timestamp::UNIX_EPOCH, 0);
    loop {
        let page = centre.store.queue_log(after, None, 2, LoggedAs::Number).unwrap();
        let Some(last) = page.last() else { break };
        after = (last.time, last.id);
        paged.extend(
            page.into_iter()
                .map(|line| line.text.split_once('|').unwrap().1.to_owned()),
        );
    }
    paged.sort();
    assert_eq!(paged, numbered);
}
