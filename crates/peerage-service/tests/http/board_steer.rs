//! What supervisors do to agents and telephones: only to their own, and with a reason where it takes one.

use std::time::{Duration, Instant};

use peerage_model::Choice;
use peerage_store::AgentPatch;
use reqwest::{Client, StatusCode};

use crate::board::{get, log_in, page};
use crate::support::{Centre, Who};

async fn send(centre: &Centre, client: &Client, path: &str, form: &[(&str, &str)]) -> (StatusCode, String) {
    let answer = client.post(centre.at(path)).form(form).send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

/// State, telephone, and how and by whom the last session of an agent ended.
fn agent(centre: &Centre, number: &str) -> String {
    centre.db.psql(&format!(
        "select now.state, now.reason, now.phone, last.end_cause, last.end_reason, last.ended_by
         from report.agents_now as now
           left join lateral (
             select * from peerage.agent_session where agent_number = now.agent order by id desc limit 1
           ) as last on true
         where now.agent = '{number}'"
    ))
}

fn telephone(number: &str) -> Choice {
    Choice::Telephone(number.parse().unwrap())
}

/// Bob, who is none of Sue's, picks telephones too.
fn let_bob_pick_telephones(centre: &Centre) {
    let patch = AgentPatch {
        hot_desk: Some(true),
        ..AgentPatch::default()
    };
    centre.store.set_agent(&"1002".parse().unwrap(), &patch).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_are_ticked_are_steered_at_once() {
    let centre = Centre::start().await;
    log_in(&centre, "1001", Choice::Internal);
    log_in(&centre, "1003", telephone("2001"));
    let sue = centre.program(Who::Sue);
    let both = |with: &[(&'static str, &'static str)]| {
        let mut form = vec![("agent", "1001"), ("agent", "1003")];
        form.extend(with);
        form
    };
    let pause = both(&[("do", "pause"), ("reason", "coffee"), ("words", "")]);
    assert_eq!(send(&centre, &sue, "/board/steer", &pause).await.0, 303);
    assert_eq!(agent(&centre, "1001"), "paused|coffee||||");
    assert_eq!(agent(&centre, "1003"), "paused|coffee|2001|||");
    let forced = "select distinct actor, forced from peerage.agent_pause";
    assert_eq!(centre.db.psql(forced), "token:sue|t");

    let resume = both(&[("do", "resume")]);
    assert_eq!(send(&centre, &sue, "/board/steer", &resume).await.0, 303);
    assert_eq!(agent(&centre, "1001"), "available|||||");

    let nothing = both(&[("do", "pause")]);
    assert_eq!(send(&centre, &sue, "/board/steer", &nothing).await.0, 303);
    assert_eq!(agent(&centre, "1001"), "paused|supervisor||||");

    let out = both(&[("do", "log_out"), ("words", "fire drill")]);
    let answer = sue
        .post(centre.at("/board/steer?q=a&state=all"))
        .form(&out)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 303);
    assert_eq!(answer.headers()["location"], "/board?q=a&state=all");
    assert_eq!(agent(&centre, "1003"), "offline|||supervisor|fire drill|token:sue");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_can_wait_for_the_end_of_the_call() {
    let centre = Centre::start().await;
    log_in(&centre, "1001", Choice::Internal);
    let sue = centre.program(Who::Sue);
    let form = [("do", "log_out_after_call"), ("words", "shift ends")];
    assert_eq!(send(&centre, &sue, "/board/agents/1001/steer", &form).await.0, 303);
    let request = "select requested_by, reason from peerage.agent_request";
    assert_eq!(centre.db.psql(request), "token:sue|shift ends");
    // No call is up, so its end need not be waited for.
    let deadline = Instant::now() + Duration::from_secs(60);
    while agent(&centre, "1001") != "offline|||supervisor|shift ends|token:sue" {
        assert!(Instant::now() < deadline, "{}", agent(&centre, "1001"));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn others_agents_are_not_steered_whatever_a_form_says() {
    let centre = Centre::start().await;
    let_bob_pick_telephones(&centre);
    log_in(&centre, "1001", Choice::Internal);
    log_in(&centre, "1002", telephone("2002"));
    let (sue, bob) = (centre.program(Who::Sue), agent(&centre, "1002"));
    for (path, form) in [
        ("/board/steer", &[("agent", "1002"), ("do", "log_out")][..]),
        ("/board/agents/1002/steer", &[("do", "pause")]),
        ("/board/agents/1002/steer", &[("do", "log_out"), ("words", "out")]),
        ("/board/agents/1002/log-in", &[("telephone", "2001")]),
        ("/board/phones/2001/log-in", &[("agent", "1002")]),
        ("/board/phones/2002/release", &[("words", "mine")]),
        ("/board/phones/2002/release", &[("words", "mine"), ("holder", "1002")]),
        // Cy is Sue's, and the telephone is not free.
        (
            "/board/phones/2002/log-in",
            &[("agent", "1003"), ("force", "yes"), ("why", "mine")],
        ),
        (
            "/board/agents/1003/log-in",
            &[("telephone", "2002"), ("force", "yes"), ("why", "mine")],
        ),
        ("/board/agents/9999/steer", &[("do", "resume")]),
    ] {
        let (status, text) = send(&centre, &sue, path, form).await;
        assert_eq!(status, 403, "{path}: {text}");
        assert!(!text.contains("Bob Fox"), "{path}: {text}");
        assert_eq!(agent(&centre, "1002"), bob, "{path}");
        assert_eq!(agent(&centre, "1003"), "offline|||||", "{path}");
    }
    // The others who are ticked are steered, and the page says who was not.
    let form = [("agent", "1001"), ("agent", "1002"), ("do", "pause")];
    let (status, text) = send(&centre, &sue, "/board/steer", &form).await;
    assert_eq!(status, 403);
    assert!(text.contains("Agent 1002 is not in your queues"), "{text}");
    assert_eq!(agent(&centre, "1001"), "paused|supervisor||||");
    assert_eq!(agent(&centre, "1002"), bob);
    // An agent steers nobody here, not even himself or herself.
    let ada = centre.program(Who::Ada);
    for path in [
        "/board/steer",
        "/board/agents/1001/log-in",
        "/board/phones/2002/release",
    ] {
        let form = [("agent", "1001"), ("do", "resume"), ("words", "me")];
        assert_eq!(send(&centre, &ada, path, &form).await.0, 403, "{path}");
    }
    assert_eq!(agent(&centre, "1001"), "paused|supervisor||||");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_telephone_is_released_with_a_reason_from_whom_one_saw_there() {
    let centre = Centre::start().await;
    log_in(&centre, "1003", telephone("2001"));
    let sue = centre.program(Who::Sue);
    let list = page(&centre, &sue, "/board/phones?in_use=yes").await;
    assert!(list.contains("1003 Cy Young") && !list.contains("Desk 2002"), "{list}");
    assert!(
        page(&centre, &sue, "/board/phones/2001")
            .await
            .contains("Release from 1003 Cy Young")
    );
    let release = async |form: &[(&str, &str)]| send(&centre, &sue, "/board/phones/2001/release", form).await;
    let (status, text) = release(&[("holder", "1003")]).await;
    assert_eq!(status, 409);
    assert!(text.contains("data-code=\"force_needs_reason\""), "{text}");
    let (status, text) = release(&[("holder", "1001"), ("words", "stuck")]).await;
    assert_eq!(status, 409);
    assert!(text.contains("is now in use by 1003"), "{text}");
    assert_eq!(agent(&centre, "1003"), "available||2001|||");
    assert_eq!(release(&[("holder", "1003"), ("words", "stuck")]).await.0, 303);
    assert_eq!(agent(&centre, "1003"), "offline|||supervisor|stuck|token:sue");
    assert_eq!(release(&[("holder", "1003"), ("words", "stuck")]).await.0, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_is_logged_in_where_another_is_by_force_only_and_with_a_reason() {
    let centre = Centre::start().await;
    let_bob_pick_telephones(&centre);
    let (sales, bob) = ("sales".parse().unwrap(), "1002".parse().unwrap());
    centre.store.assign(&sales, &bob, "0".parse().unwrap()).unwrap();
    log_in(&centre, "1002", telephone("2002"));
    let sue = centre.program(Who::Sue);
    for (form, code) in [
        (&[("telephone", "2002")][..], "telephone_in_use"),
        (&[("telephone", "2002"), ("force", "yes")], "force_needs_reason"),
        (&[("telephone", "2009")], "no_such_telephone"),
        (&[("interface", "internal")], "choose_a_telephone"),
    ] {
        let (status, text) = send(&centre, &sue, "/board/agents/1003/log-in", form).await;
        assert_eq!(status, 409, "{text}");
        assert!(text.contains(&format!("data-code=\"{code}\"")), "{text}");
    }
    let form = [("agent", "1003"), ("force", "yes"), ("why", "the other one went home")];
    assert_eq!(send(&centre, &sue, "/board/phones/2002/log-in", &form).await.0, 303);
    assert_eq!(agent(&centre, "1003"), "available||2002|||");
    assert_eq!(
        agent(&centre, "1002"),
        "offline|||supervisor|the other one went home|token:sue"
    );
    // Ada has no hot desk: an interface, and no telephone.
    let form = [("interface", "mobile")];
    assert_eq!(send(&centre, &sue, "/board/agents/1001/log-in", &form).await.0, 303);
    assert!(page(&centre, &sue, "/board").await.contains("mobile +3969012345"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_rules_refuse_is_said_on_the_page_with_what_was_typed() {
    let centre = Centre::start().await;
    log_in(&centre, "1001", Choice::Internal);
    let sue = centre.program(Who::Sue);
    let form = [
        ("agent", "1001"),
        ("agent", "1003"),
        ("do", "pause"),
        ("reason", "lunch"),
        ("words", "so <i>"),
    ];
    let (status, text) = send(&centre, &sue, "/board/steer", &form).await;
    assert_eq!(status, 409);
    assert!(text.contains("data-code=\"not_logged_in\""), "{text}");
    assert!(text.contains("value=\"so &lt;i&gt;\""), "{text}");
    assert!(text.contains("value=\"1001\" form=\"steer\" checked"), "{text}");
    assert_eq!(agent(&centre, "1001"), "paused|lunch||||");
    for form in [
        &[("agent", "1001"), ("do", "explode")][..],
        &[("do", "pause")],
        &[("agent", "%"), ("do", "pause")],
    ] {
        assert_eq!(send(&centre, &sue, "/board/steer", form).await.0, 422, "{form:?}");
    }
    let long = "x".repeat(201);
    let form = [("do", "log_out"), ("words", long.as_str())];
    assert_eq!(send(&centre, &sue, "/board/agents/1001/steer", &form).await.0, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_steers_with_the_forms_token_only() {
    let centre = Centre::start().await;
    log_in(&centre, "1001", Choice::Internal);
    let sue = centre.browser(Who::Sue).await;
    let board = page(&centre, &sue, "/board").await;
    let (_, token) = board.split_once("name=\"csrf\" value=\"").unwrap();
    let token = token.split_once('"').unwrap().0.to_owned();
    let form = [("agent", "1001"), ("do", "pause"), ("csrf", "0000")];
    assert_eq!(send(&centre, &sue, "/board/steer", &form).await.0, 403);
    assert_eq!(agent(&centre, "1001"), "available|||||");
    let form = [("csrf", token.as_str()), ("agent", "1001"), ("do", "pause")];
    assert_eq!(send(&centre, &sue, "/board/steer", &form).await.0, 303);
    assert_eq!(agent(&centre, "1001"), "paused|supervisor||||");
    let (status, text) = get(&centre, &sue, "/board").await;
    assert_eq!(status, 200);
    assert!(text.contains("Paused: 1001."), "{text}");
    assert_eq!(centre.db.psql("select actor from peerage.agent_pause"), "console:sue");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_telephone_that_is_at_none_of_ones_sites_is_not_there() {
    let centre = Centre::start().await;
    centre.db.psql(
        "insert into peerage.site (name) values ('rome');
         update peerage.sip_account set site_id = (select id from peerage.site where name = 'rome') where number = '2002'",
    );
    let sue = centre.program(Who::Sue);
    let list = page(&centre, &sue, "/board/phones").await;
    assert!(list.contains("Desk 2001") && !list.contains("Desk 2002"), "{list}");
    assert_eq!(get(&centre, &sue, "/board/phones/2002").await.0, 404);
    let form = [("words", "stuck")];
    assert_eq!(send(&centre, &sue, "/board/phones/2002/release", &form).await.0, 404);
    let admin = centre.program(Who::Admin);
    assert!(page(&centre, &admin, "/board/phones/2002").await.contains("rome"));
}
