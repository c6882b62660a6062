//! The report views on data with known answers.

use peerage_model::Choice;

use super::history::PAST;
use super::support::{Centre, because, in_queue, t, telephone};

#[test]
fn agents_now_shows_everybody_in_service() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.log_in("1003", telephone("2001")).unwrap();
    centre.pause("1003", &because("lunch")).unwrap();
    centre.store.unassign(&t("support"), &t("1001")).unwrap();
    centre.store.remove_agent(&t("1004")).unwrap();
    let now = "select agent, full_name, site, state, reason, interface_kind, interface, phone, logged_in_by, queues
      from report.agents_now
      order by agent";
    assert_eq!(
        centre.sql(now),
        "1001,\"Ada King\",default,available,,internal,PJSIP/1001,,agent:1001,1\n\
         1002,\"Bo Diddley\",default,offline,,,,,,0\n\
         1003,\"Cy Twombly\",default,paused,lunch,hot_desk,PJSIP/2001,2001,agent:1003,2"
    );
    let since = "select now.agent, now.logged_in_since = session.began_at, now.state_since >= session.began_at
      from report.agents_now as now
        left join peerage.agent_session as session on session.agent_number = now.agent
      order by now.agent";
    assert_eq!(centre.sql(since), "1001,t,t\n1002,,\n1003,t,t");
}

#[test]
fn sessions_of_a_known_day() {
    let centre = Centre::new();
    centre.exec(PAST);
    let sessions = "select agent, full_name, began_at = '2026-06-01T09:00:00Z', ended_at = '2026-06-01T10:30:00Z', end_cause, end_reason,
        begun_by, ended_by, logged_in, available, paused, partly_paused
      from report.sessions
      where ended_at is not null";
    assert_eq!(
        centre.sql(sessions),
        "1001,\"Ada King\",t,t,supervisor,\"fire drill\",ada,sue,01:30:00,00:30:00,01:00:00,00:00:00"
    );
    // The open one lasts until now.
    let open = "select available, partly_paused, logged_in = available + paused + partly_paused,
        logged_in = now() - '2026-06-01T11:00:00Z', paused = now() - '2026-06-01T13:00:00Z'
      from report.sessions
      where ended_at is null";
    assert_eq!(centre.sql(open), "01:00:00,01:00:00,t,t,t");
}

#[test]
fn pauses_of_a_known_day() {
    let centre = Centre::new();
    centre.exec(PAST);
    centre.exec("update peerage.pause_reason set label = 'Lunch break', productive = false where code = 'lunch'");
    centre.exec("update peerage.pause_reason set productive = true where code = 'training'");
    let pauses = "select agent, full_name, queue, reason, label, productive, duration, paused_by, ended_by, forced
      from report.pauses
      where ended_at is not null
      order by began_at";
    assert_eq!(
        centre.sql(pauses),
        "1001,\"Ada King\",,lunch,\"Lunch break\",f,00:30:00,ada,sue,f\n\
         1001,\"Ada King\",,training,training,t,00:30:00,sue,sue,t\n\
         1001,\"Ada King\",sales,,,,01:00:00,asterisk:pbx1,ada,t"
    );
    let open = "select queue, reason, duration = now() - '2026-06-01T13:00:00Z', paused_since = began_at from report.pauses where ended_at is null";
    assert_eq!(centre.sql(open), ",,t,t");
}

#[test]
fn phone_use_tells_who_was_on_a_telephone_at_an_instant() {
    let centre = Centre::new();
    centre.exec(PAST);
    let at = |phone: &str, time: &str| {
        centre.sql(&format!(
            "select agent, full_name, brought_by
             from report.phone_use
             where phone = '{phone}'
               and during @> timestamptz '2026-06-01T{time}Z'"
        ))
    };
    assert_eq!(at("2001", "08:59:59"), "");
    assert_eq!(at("2001", "09:00:00"), "1001,\"Ada King\",ada");
    assert_eq!(at("2001", "09:59:59.999999"), "1001,\"Ada King\",ada");
    // The instant of the move belongs to where it went.
    assert_eq!(at("2001", "10:00:00"), "");
    assert_eq!(at("2002", "10:00:00"), "1001,\"Ada King\",sue");
    assert_eq!(at("2002", "10:30:00"), "");
    assert_eq!(at("2003", "09:30:00"), "");
    assert_eq!(
        centre.sql("select count(*) from report.phone_use"),
        "2",
        "an interface is no telephone"
    );
}

#[test]
fn phone_use_of_several_agents_is_one_at_an_instant() {
    let centre = Centre::new();
    centre.let_take_over();
    for number in ["1003", "1004", "1003"] {
        let request = super::support::take_over(telephone("2001"));
        assert!(
            centre
                .store
                .log_in(&t(number), &request, &super::support::own(number))
                .unwrap()
        );
    }
    let use_of =
        "select agent, ended_at is null, brought_by from report.phone_use where phone = '2001' order by began_at";
    assert_eq!(
        centre.sql(use_of),
        "1003,f,agent:1003\n1004,f,agent:1004\n1003,t,agent:1003"
    );
    let twice = "select count(*)
      from report.phone_use as one
        join report.phone_use as other on other.phone = one.phone and other.session > one.session
      where one.during && other.during";
    assert_eq!(centre.sql(twice), "0");
    let now = "select agent from report.phone_use where phone = '2001' and during @> clock_timestamp()";
    assert_eq!(centre.sql(now), "1003");
}

#[test]
fn registrations_of_both_drivers() {
    let centre = Centre::new();
    let (mut one, mut other) = (centre.node("pbx1"), centre.node("pbx2"));
    for statement in [
        "INSERT INTO ps_contacts (id, uri, user_agent, via_addr, expiration_time, endpoint)
         VALUES ('2001^3B@0123456789abcdef0123456789abcdef', 'sip:2001@10.0.0.7^3Btransport=tcp', 'pyua^3B1', '10.0.0.7', '4102444800', '2001')",
        "INSERT INTO ps_contacts (id, uri, user_agent, via_addr, expiration_time, endpoint)
         VALUES ('2002^3B@0123456789abcdef0123456789abcdef', 'sip:2002@10.0.0.7', '', '10.0.0.7', '1767344400', '2002')",
    ] {
        assert_eq!(one.write(statement).unwrap(), 1);
    }
    let statement = "UPDATE sipregs
      SET ipaddr = '10.0.0.8', port = '5060', fullcontact = 'sip:1001@10.0.0.8', useragent = 'Snom', regseconds = '4102444800'
      WHERE name = '1001'";
    assert_eq!(other.write(statement).unwrap(), 1);
    let shown = "select number, driver, contact, user_agent, address, node, live, transport_listed,
        registered_at <= now(), expires_at between now() + interval '6 days' and now() + interval '8 days', expires_at = '2026-01-02T09:00:00Z'
      from report.registrations
      order by number";
    assert_eq!(
        centre.sql(shown),
        "1001,sip,sip:1001@10.0.0.8,Snom,10.0.0.8,pbx2,t,t,t,t,f\n\
         2001,pjsip,sip:2001@10.0.0.7;transport=tcp,pyua;1,10.0.0.7,pbx1,t,f,t,t,f\n\
         2002,pjsip,sip:2002@10.0.0.7,,10.0.0.7,pbx1,f,t,t,f,t"
    );
    // What unregistered is not shown.
    let statement = "UPDATE sipregs SET fullcontact = '', ipaddr = '', port = '0', regseconds = '0', useragent = '' WHERE name = '1001'";
    assert_eq!(other.write(statement).unwrap(), 1);
    assert_eq!(
        one.write("DELETE FROM ps_contacts WHERE id = '2001^3B@0123456789abcdef0123456789abcdef'")
            .unwrap(),
        1
    );
    assert_eq!(centre.sql("select number from report.registrations"), "2002");
}

#[test]
fn queue_membership_shows_the_assigned_and_what_each_one_does() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.pause("1001", &in_queue("sales", "lunch")).unwrap();
    let mut node = centre.node("pbx1");
    node.update(&centre.uniqueid("1001", "support"), "penalty = '7'");
    centre.store.remove_agent(&t("1003")).unwrap();
    let shown = "select queue, agent, full_name, assigned_penalty, logged_in, interface, penalty, paused, reason, since is not null
      from report.queue_membership
      where agent in ('1001', '1002', '1003')
      order by queue, agent";
    assert_eq!(
        centre.sql(shown),
        "sales,1001,\"Ada King\",1,t,PJSIP/1001,1,t,lunch,t\n\
         sales,1002,\"Bo Diddley\",1,f,,,,,f\n\
         support,1001,\"Ada King\",2,t,PJSIP/1001,7,f,,t\n\
         support,1002,\"Bo Diddley\",2,f,,,,,f"
    );
}

#[test]
fn people_who_read_reports_need_no_right_on_the_tables() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    for view in [
        "agents_now",
        "sessions",
        "pauses",
        "phone_use",
        "queue_events",
        "registrations",
        "queue_membership",
    ] {
        centre.exec(&format!(
            "set role peerage_report; select * from report.{view}; reset role"
        ));
    }
}
