//! How days were spent: chart, numbers and file say the same, and of one's own agents only.

use crate::board::{get, page};
use crate::support::{Centre, Who};

/// Of the first of June 2026, in UTC: Ada from nine to eleven, half an hour of it at lunch, a quarter in coffee (productive), ten
/// minutes partly paused; Bob from nine to ten.
fn prepare(centre: &Centre) {
    centre.db.psql(
        "update peerage.pause_reason set productive = true where code = 'coffee';
         update peerage.pause_reason set label = '<i>Lunch' where code = 'lunch';
         update peerage.agent set full_name = '=1+Ada' where number = '1001';
         insert into peerage.agent_session (
           agent_id, agent_number, interface_kind, interface, state_interface, member_name, begun_by, began_at,
           ended_by, end_cause, end_reason, ended_at
         )
         select id, number, 'internal', 'PJSIP/' || number, 'PJSIP/' || number, full_name, 'ada', '2026-06-01T09:00:00Z',
           'sue', 'supervisor', 'fire drill', case number when '1001' then '2026-06-01T11:00:00Z'::timestamptz else '2026-06-01T10:00:00Z' end
         from peerage.agent where number in ('1001', '1002');
         insert into peerage.agent_place (session_id, interface_kind, interface, actor, began_at, ended_at)
         select id, interface_kind, interface, 'ada', began_at, ended_at from peerage.agent_session;
         insert into peerage.agent_state (session_id, state, reason, began_at, ended_at)
         select session.id, known.state, known.reason, ('2026-06-01T' || known.began_at || 'Z')::timestamptz, ('2026-06-01T' || known.ended_at || 'Z')::timestamptz
         from peerage.agent_session as session
           join (
             values
               ('1001', 'available', null, '09:00', '09:30'),
               ('1001', 'paused', 'lunch', '09:30', '10:00'),
               ('1001', 'paused', 'coffee', '10:00', '10:15'),
               ('1001', 'partly_paused', null, '10:15', '10:25'),
               ('1001', 'available', null, '10:25', '11:00'),
               ('1002', 'available', null, '09:00', '10:00')
           ) as known (number, state, reason, began_at, ended_at) on known.number = session.agent_number;
         insert into peerage.agent_pause (session_id, reason, actor, forced, ended_by, paused_since, began_at, ended_at)
         select id, 'lunch', 'console:sue', true, 'ada', '2026-06-01T09:30:00Z', '2026-06-01T09:30:00Z', '2026-06-01T10:00:00Z'
         from peerage.agent_session where agent_number = '1001'",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn chart_numbers_and_file_say_the_same() {
    let centre = Centre::start().await;
    prepare(&centre);
    let sue = centre.program(Who::Sue);
    let text = page(&centre, &sue, "/board/times?day=2026-06-01").await;
    for said in [
        "<rect class=\"available\" x=\"0\" width=\"3900\"",
        "<rect class=\"productive\" x=\"3900\" width=\"900\"",
        "<rect class=\"partly\" x=\"4800\" width=\"600\"",
        "<rect class=\"unproductive\" x=\"5400\" width=\"1800\"",
        "viewBox=\"0 0 7200 1\"",
        ">2:00:00<",
        ">1:05:00<",
        ">15:00<",
        ">10:00<",
        ">30:00<",
        "&lt;i&gt;Lunch",
        "value=\"2026-06-01\"",
        "/board/times.csv?day=2026-06-01",
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
    let answer = sue
        .get(centre.at("/board/times.csv?day=2026-06-01"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
    assert_eq!(
        answer.headers()["content-disposition"],
        "attachment; filename=\"times-2026-06-01.csv\""
    );
    let bytes = answer.bytes().await.unwrap();
    let file = std::str::from_utf8(&bytes).unwrap().strip_prefix('\u{feff}').unwrap();
    let lines: Vec<&str> = file.split("\r\n").collect();
    let header: Vec<&str> = lines[0].split(',').collect();
    let ada: Vec<&str> = lines[1].split(',').collect();
    let of = |column: &str| ada[header.iter().position(|name| *name == column).unwrap()];
    assert_eq!((of("day"), of("agent"), of("name")), ("2026-06-01", "1001", "'=1+Ada"));
    assert_eq!(
        [
            of("logged_in_seconds"),
            of("available_seconds"),
            of("partly_paused_seconds"),
            of("paused_productive_seconds"),
            of("paused_unproductive_seconds"),
            of("paused:lunch"),
            of("paused:coffee"),
            of("paused:other reasons"),
        ],
        ["7200", "3900", "600", "900", "1800", "1800", "900", "0"]
    );
    // Bob is none of Sue's.
    assert_eq!(lines[2..], [""]);
    let admin = centre.program(Who::Admin);
    let all = page(&centre, &admin, "/board/times.csv?day=2026-06-01").await;
    assert_eq!(all.lines().count(), 3);
    let support = page(&centre, &admin, "/board/times.csv?day=2026-06-01&queue=sales").await;
    assert_eq!(support.lines().count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_one_of_the_site() {
    let centre = Centre::start().await;
    prepare(&centre);
    centre.db.psql("update peerage.site set time_zone = 'Pacific/Auckland'");
    let sue = centre.program(Who::Sue);
    // There, noon of UTC is midnight.
    let text = page(&centre, &sue, "/board/times?day=2026-06-01").await;
    assert!(
        text.contains(">2:00:00<") && text.contains("in Pacific/Auckland"),
        "{text}"
    );
    let text = page(&centre, &sue, "/board/times?day=2026-06-02").await;
    assert!(text.contains("Nothing to show"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agents_day_tells_sessions_places_and_who_paused() {
    let centre = Centre::start().await;
    prepare(&centre);
    let sue = centre.program(Who::Sue);
    let text = page(&centre, &sue, "/board/agents/1001?day=2026-06-01").await;
    for said in [
        "2026-06-01 09:00:00 UTC",
        "supervisor: fire drill",
        "PJSIP/1001",
        "console:sue",
        "(forced)",
        "&lt;i&gt;Lunch",
        ">1:05:00<",
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
    let (_, other) = get(&centre, &sue, "/board/agents/1001?day=2026-05-30").await;
    assert!(!other.contains("fire drill"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_more_agents_than_are_read_at_once_is_whole() {
    let centre = Centre::start().await;
    centre.db.psql(
        "with accounts as (
           insert into peerage.sip_account (site_id, kind, number)
           select site.id, 'agent', (20000 + place)::text from peerage.site, generate_series(1, 1000) as place
           returning id, number
         ),
         agents as (
           insert into peerage.agent (account_id, account_kind, number, full_name)
           select id, 'agent', number, 'Agent ' || number from accounts
           returning id, number
         ),
         sessions as (
           insert into peerage.agent_session (
             agent_id, agent_number, interface_kind, interface, state_interface, member_name, begun_by, began_at
           )
           select id, number, 'internal', 'PJSIP/' || number, 'PJSIP/' || number, number, 'x', '2026-06-01T09:00:00Z' from agents
           returning id, interface, began_at
         ),
         places as (
           insert into peerage.agent_place (session_id, interface_kind, interface, actor, began_at)
           select id, 'internal', interface, 'x', began_at from sessions
         )
         insert into peerage.agent_state (session_id, state, began_at)
         select id, 'available', began_at from sessions",
    );
    let admin = centre.program(Who::Admin);
    let file = page(&centre, &admin, "/board/times.csv?day=2026-06-01").await;
    let numbers: Vec<&str> = file
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(1).unwrap())
        .collect();
    let expected: Vec<String> = (20001..=21000).map(|number| number.to_string()).collect();
    assert_eq!(numbers, expected);
    assert!(
        file.lines().skip(1).all(|line| line.contains(",54000,54000,0,0,0,")),
        "{file}"
    );
}
