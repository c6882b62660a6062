//! What agents' pages reported, as an administrator reads it.

use peerage_model::LogLevel;
use peerage_store::ClientLog;

use crate::board::{get, page};
use crate::support::{Centre, Who};

fn report(centre: &Centre, agent: &str, level: &str, event: &str, detail: Option<&str>) {
    let log = ClientLog {
        level: level.parse::<LogLevel>().unwrap(),
        event: event.to_owned(),
        detail: detail.map(str::to_owned),
        client_at: Some("2026-06-01T09:00:00Z".parse().unwrap()),
    };
    let kept = centre.store.add_client_logs(&agent.parse().unwrap(), &[log]).unwrap();
    assert_eq!(kept, 1);
}

fn at_all_levels(centre: &Centre) {
    centre.db.psql("update peerage.agent set client_log_level = 'debug'");
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_are_filtered_by_agent_level_and_day() {
    let centre = Centre::start().await;
    at_all_levels(&centre);
    report(&centre, "1001", "error", "script broke", Some("at <script>:1\nat b"));
    report(&centre, "1001", "info", "opened", None);
    report(&centre, "1002", "warning", "connection lost", None);
    centre
        .db
        .psql("update peerage.client_log set received_at = '2026-06-01T09:00:01Z' where event = 'opened'");
    let admin = centre.program(Who::Admin);
    for (query, events) in [
        ("", &["script broke", "opened", "connection lost"][..]),
        ("agent=1001", &["script broke", "opened"]),
        ("level=warning", &["script broke", "connection lost"]),
        ("level=error&agent=1002", &[]),
        ("until=2026-06-02", &["opened"]),
        ("since=2026-06-02", &["script broke", "connection lost"]),
        ("since=2026-06-01&until=2026-06-02&agent=1002", &[]),
    ] {
        let text = page(&centre, &admin, &format!("/client-logs?{query}")).await;
        for event in ["script broke", "opened", "connection lost"] {
            let listed = text.contains(&format!(">{event}<"));
            assert_eq!(listed, events.contains(&event), "{event}, {query}");
        }
    }
    let text = page(&centre, &admin, "/client-logs").await;
    assert!(text.contains("at &lt;script&gt;:1\nat b"), "{text}");
    assert!(text.contains("2026-06-01 09:00:00 UTC"), "{text}");
    for path in [
        "/client-logs?agent=%25",
        "/client-logs?level=grave",
        "/client-logs?since=now",
        "/client-logs?after=x",
    ] {
        assert_eq!(get(&centre, &admin, path).await.0, 422, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_come_in_pages_the_newest_first() {
    let centre = Centre::start().await;
    centre.db.psql(
        "insert into peerage.client_log (agent_id, level, event)
         select id, 'info', 'event ' || place || '.' from peerage.agent, generate_series(1, 250) as place where number = '1001'",
    );
    let admin = centre.program(Who::Admin);
    let first = page(&centre, &admin, "/client-logs?agent=1001").await;
    assert!(first.contains(">event 250.<") && first.contains(">event 51.<") && !first.contains(">event 50.<"));
    let (_, next) = first.split_once("rel=\"next\" href=\"").unwrap();
    let next = next.split_once('"').unwrap().0.replace("&amp;", "&");
    let second = page(&centre, &admin, &next).await;
    assert!(second.contains(">event 50.<") && second.contains(">event 1.<") && !second.contains(">event 51.<"));
    assert!(!second.contains("rel=\"next\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_are_for_administrators() {
    let centre = Centre::start().await;
    for who in [Who::Sue, Who::Ada] {
        assert_eq!(get(&centre, &centre.program(who), "/client-logs").await.0, 403);
    }
    assert_eq!(get(&centre, &centre.nobody(), "/client-logs").await.0, 303);
}
