//! The board: who sees whom, what pages say, and that the live part says the same.

use peerage_model::{Actor, ActorRole, Choice, LoginRequest, OnConflict, PauseRequest};
use peerage_store::{NewAgent, ReasonPatch};
use reqwest::{Client, StatusCode};

use crate::support::{Centre, PASSWORD, Who, mentions};

/// The page at this path, and its status.
pub(crate) async fn get(centre: &Centre, client: &Client, path: &str) -> (StatusCode, String) {
    let answer = client.get(centre.at(path)).send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

/// The page at this path, which is there.
pub(crate) async fn page(centre: &Centre, client: &Client, path: &str) -> String {
    let (status, text) = get(centre, client, path).await;
    assert_eq!(status, 200, "{path}: {text}");
    text
}

/// Logs an agent in, as himself or herself.
pub(crate) fn log_in(centre: &Centre, number: &str, choice: Choice) {
    let request = LoginRequest {
        choice: Some(choice),
        on_conflict: OnConflict::Refuse,
    };
    let own = Actor::new(format!("own:{number}"), ActorRole::Agent(number.parse().unwrap()));
    assert!(centre.store.log_in(&number.parse().unwrap(), &request, &own).unwrap());
}

pub(crate) fn pause(centre: &Centre, number: &str, reason: &str) {
    let own = Actor::new(format!("own:{number}"), ActorRole::Agent(number.parse().unwrap()));
    let request = PauseRequest {
        reason: Some(reason.parse().unwrap()),
        queue: None,
    };
    assert!(centre.store.pause(&number.parse().unwrap(), &request, &own).unwrap());
}

/// The text without what counts up by itself.
fn without_clocks(text: &str) -> String {
    let mut parts = text.split("<time class=\"clock\"");
    let mut rest = parts.next().unwrap().to_owned();
    for part in parts {
        rest.push_str(part.split_once("</time>").unwrap().1);
    }
    rest
}

/// The numbers of the agents in the board's list, in order.
fn listed(page: &str) -> Vec<&str> {
    let rows = page.split("data-key=\"").skip(1);
    rows.map(|row| row.split_once('"').unwrap().0).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_sees_the_agents_of_the_own_queues_and_nobody_else() {
    let centre = Centre::start().await;
    for number in ["1001", "1002"] {
        log_in(&centre, number, Choice::Internal);
    }
    let sue = centre.program(Who::Sue);
    let board = page(&centre, &sue, "/board").await;
    assert_eq!(listed(&board), ["1001"]);
    for path in [
        "/board?state=all",
        "/board?state=all&q=10",
        "/board?queue=support&state=all",
        "/board/live?state=all",
        "/board/times",
        "/board/times?queue=support",
        "/board/phones",
        "/board/agents/1001",
    ] {
        let text = page(&centre, &sue, path).await;
        assert!(!mentions(&text, "1002") && !text.contains("Bob Fox"), "{path}: {text}");
    }
    for path in [
        "/board/agents/1002",
        "/board/agents/1002?day=2026-06-01",
        "/board/agents/9999",
    ] {
        assert_eq!(get(&centre, &sue, path).await.0, 403, "{path}");
    }
    let admin = centre.program(Who::Admin);
    assert_eq!(listed(&page(&centre, &admin, "/board").await), ["1001", "1002"]);
    let his = page(&centre, &admin, "/board/agents/1002").await;
    assert!(mentions(&his, "1002") && his.contains("Bob Fox"));
    assert_eq!(get(&centre, &admin, "/board/agents/9999").await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_have_no_board_and_who_is_not_signed_in_is_led_to_where_one_does() {
    let centre = Centre::start().await;
    for path in [
        "/board",
        "/board/live",
        "/board/phones",
        "/board/phones/2001",
        "/board/times",
        "/board/times.csv",
        "/board/agents/1001",
    ] {
        assert_eq!(get(&centre, &centre.program(Who::Ada), path).await.0, 403, "{path}");
        assert_eq!(get(&centre, &centre.nobody(), path).await.0, 303, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_says_who_is_where_and_why_and_marks_what_lasts_too_long() {
    let centre = Centre::start().await;
    let lunch = ReasonPatch {
        label: Some("Lunch break".to_owned()),
        max_seconds: Some(Some(60)),
        ..ReasonPatch::default()
    };
    centre
        .store
        .set_pause_reason(&"lunch".parse().unwrap(), &lunch)
        .unwrap();
    log_in(&centre, "1003", Choice::Telephone("2002".parse().unwrap()));
    pause(&centre, "1003", "lunch");
    let sue = centre.program(Who::Sue);
    let board = page(&centre, &sue, "/board").await;
    for said in [
        "1003 Cy Young",
        "data-state=\"paused\"",
        "phone 2002",
        "data-max=\"60\"",
        "1 of 2",
    ] {
        assert!(board.contains(said), "{said} in {board}");
    }
    assert!(!board.contains("class=\"over\""));
    centre.db.psql(
        "update peerage.agent_state set began_at = began_at - interval '1 h', ended_at = ended_at - interval '1 h' where ended_at is not null;
         update peerage.agent_state set began_at = began_at - interval '61 s' where ended_at is null",
    );
    for path in [
        "/board",
        "/board?state=over",
        "/board?state=paused",
        "/board?queue=sales&q=young",
    ] {
        assert!(page(&centre, &sue, path).await.contains("class=\"over\""), "{path}");
    }
    for path in ["/board?state=available", "/board?state=offline", "/board?q=nobody"] {
        assert!(!listed(&page(&centre, &sue, path).await).contains(&"1003"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_live_part_is_the_same_as_in_the_page() {
    let centre = Centre::start().await;
    log_in(&centre, "1001", Choice::Internal);
    pause(&centre, "1001", "coffee");
    let sue = centre.program(Who::Sue);
    for query in ["", "?state=all&q=a", "?queue=sales"] {
        let whole = without_clocks(&page(&centre, &sue, &format!("/board{query}")).await);
        let part = without_clocks(&page(&centre, &sue, &format!("/board/live{query}")).await);
        assert!(part.starts_with("<div id=\"board\""), "{part}");
        assert!(part.contains("1001 Ada King"), "{part}");
        assert!(whole.contains(&part), "{part} in {whole}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_typed_is_text_and_never_markup() {
    let centre = Centre::start().await;
    let agent = NewAgent::new("1009".parse().unwrap(), "<b>&\"'".parse().unwrap());
    centre.store.add_agent(&agent, &PASSWORD.parse().unwrap()).unwrap();
    let (queue, number) = ("sales".parse().unwrap(), "1009".parse().unwrap());
    centre.store.assign(&queue, &number, "0".parse().unwrap()).unwrap();
    let sue = centre.program(Who::Sue);
    let board = page(&centre, &sue, "/board?state=all&q=%3Cb%3E").await;
    assert_eq!(listed(&board), ["1009"]);
    assert!(board.contains("1009 &lt;b&gt;&amp;&quot;'"), "{board}");
    assert!(!board.contains("<b>"), "{board}");
    assert!(!page(&centre, &sue, "/board/agents/1009").await.contains("<b>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_of_many_agents_comes_in_pages() {
    let centre = Centre::start().await;
    centre.db.psql(
        "with accounts as (
           insert into peerage.sip_account (site_id, kind, number)
           select site.id, 'agent', (20000 + place)::text from peerage.site, generate_series(1, 450) as place
           returning id, number
         ),
         agents as (
           insert into peerage.agent (account_id, account_kind, number, full_name)
           select id, 'agent', number, 'Agent ' || number from accounts
           returning id
         )
         insert into peerage.queue_assignment (queue_id, agent_id)
         select queue.id, agents.id from agents, peerage.queue where queue.name = 'sales'",
    );
    for number in ["1001", "20001", "20200"] {
        log_in(&centre, number, Choice::Internal);
    }
    let sue = centre.program(Who::Sue);
    let follow = |text: &str, rel: &str| {
        let (_, link) = text.split_once(&format!("rel=\"{rel}\" href=\""))?;
        Some(link.split_once('"').unwrap().0.replace("&amp;", "&"))
    };
    let (mut path, mut seen, mut pages) = ("/board?state=all".to_owned(), Vec::new(), Vec::new());
    loop {
        let text = page(&centre, &sue, &path).await;
        seen.extend(listed(&text).into_iter().map(str::to_owned));
        pages.push(path);
        match follow(&text, "next") {
            Some(next) => path = next,
            None => break,
        }
    }
    let mut expected: Vec<String> = (20001..=20450).map(|number| number.to_string()).collect();
    expected.extend(["1001".to_owned(), "1003".to_owned()]);
    expected.sort();
    assert_eq!(seen, expected);
    assert_eq!(pages.len(), 3);
    let last = page(&centre, &sue, &pages[2]).await;
    let back = page(&centre, &sue, &follow(&last, "prev").unwrap()).await;
    assert_eq!(listed(&back)[0], listed(&page(&centre, &sue, &pages[1]).await)[0]);
    assert_eq!(listed(&page(&centre, &sue, "/board").await), ["1001", "20001", "20200"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_address_can_ask_for_is_said_with_its_field() {
    let centre = Centre::start().await;
    let sue = centre.program(Who::Sue);
    for path in [
        "/board?queue=a%20b",
        "/board?after=%25",
        "/board/times?day=2026-02-30",
        "/board/times.csv?day=yesterday",
        "/board/agents/1001?day=2026-13-01",
        "/board/phones?after=%25",
        "/board/agents/%25",
    ] {
        assert_eq!(get(&centre, &sue, path).await.0, 422, "{path}");
    }
}
