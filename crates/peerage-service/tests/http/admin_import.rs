//! A file is checked, looked at, and imported exactly as it was checked.

use std::time::Duration;

use reqwest::multipart::{Form as Parts, Part};

use crate::browser::{Browser, Seen};
use crate::support::{Centre, Who};

async fn send(centre: &Centre, browser: &Browser<'_>, file: &str, fields: &[(&'static str, &'static str)]) -> Seen {
    let mut parts = Parts::new().text("csrf", browser.csrf.clone());
    for (name, value) in fields {
        parts = parts.text(*name, *value);
    }
    let parts = parts.part("file", Part::text(file.to_owned()).file_name("agents.csv"));
    Seen::of(
        browser
            .client
            .post(centre.at("/admin/import"))
            .multipart(parts)
            .send()
            .await
            .unwrap(),
    )
    .await
}

/// The page once nothing goes on any more.
async fn settled(browser: &Browser<'_>, path: &str) -> Seen {
    for _ in 0..300 {
        let page = browser.get(path).await;
        if !page.headers.contains_key("refresh") {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("the import does not end");
}

const FILE: &str = "number,name,secret,codecs,hot-desk\n1901,Eve,correct-horse,\"opus,ulaw\",yes\n1902,Flo,,,\n";

fn numbers(centre: &Centre) -> String {
    centre.db.psql("select coalesce(string_agg(number, ',' order by number), '') from peerage.agent where number like '19%' and removed_at is null")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_preview_says_is_what_is_imported_once() {
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    let sent = send(&centre, &ann, FILE, &[("kind", "agents"), ("generate", "yes")]).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let path = sent.location();
    let page = settled(&ann, &path).await;
    page.shows("2 agents can be added")
        .shows("Eve")
        .shows("opus,ulaw")
        .shows("1 of them get a generated secret")
        .hides("correct-horse");
    assert_eq!(numbers(&centre), "", "a preview changes nothing");
    assert_eq!(
        centre
            .db
            .psql("select count(*) from peerage.audit_entry where subject like '19%'"),
        "0"
    );

    let confirm = format!("{path}/confirm");
    let (first, second) = tokio::join!(ann.post(&confirm, &[]), ann.post(&confirm, &[]));
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (303, 303));
    let page = settled(&ann, &path).await;
    page.shows("Added 2 agents").shows("1 secrets were generated");
    assert_eq!(numbers(&centre), "1901,1902");
    let secrets = ann.get(&format!("{path}/secrets.csv")).await;
    let secret = secrets
        .text
        .strip_prefix("number,secret\n1902,")
        .unwrap()
        .trim_end()
        .to_owned();
    assert_eq!(
        centre.db.psql(&format!(
            "select md5 = md5('1902:asterisk:{secret}') from peerage.sip_secret where number = '1902'"
        )),
        "t"
    );
    assert_eq!(ann.get(&format!("{path}/secrets.csv")).await.status, 410);
    let actors = centre
        .db
        .psql("select distinct actor from peerage.audit_entry where subject like '19%'");
    assert_eq!(actors, "console:ann");
    // Somebody else's file is not there.
    let sue = Browser::of(&centre, Who::Sue).await;
    assert_eq!(sue.get(&path).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_line_is_told_and_nothing_is_changed() {
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    let file = "number,name,secret,nat\n1901,Eve,correct-horse,no\n1001,Taken,correct-horse,\n19_3,Bad,short,maybe\n1904,<b>No secret</b>,,\n";
    let sent = send(&centre, &ann, file, &[("kind", "agents")]).await;
    let page = settled(&ann, &sent.location()).await;
    page.shows("3 lines cannot be imported");
    for (line, message) in [(3, "taken"), (4, "`nat` cannot be `maybe`"), (5, "there is no secret")] {
        page.shows(&format!(">{line}<")).shows(message);
    }
    page.hides("short").hides("<b>No");
    let confirmed = ann.post(&format!("{}/confirm", sent.location()), &[]).await;
    assert_eq!(confirmed.status, 303);
    assert_eq!(numbers(&centre), "", "a bad file cannot be confirmed");
    // A number that is taken only after the preview is told at the import, and nothing is changed.
    let sent = send(&centre, &ann, FILE, &[("kind", "agents"), ("generate", "yes")]).await;
    settled(&ann, &sent.location()).await.shows("can be added");
    let store = centre.store.clone();
    tokio::task::spawn_blocking(move || {
        let new = peerage_store::NewAgent::new("1902".parse().unwrap(), "Quick".parse().unwrap());
        store.add_agent(&new, &"correct-horse".parse().unwrap()).unwrap();
    })
    .await
    .unwrap();
    ann.post(&format!("{}/confirm", sent.location()), &[]).await;
    settled(&ann, &sent.location())
        .await
        .shows("1 lines cannot be imported");
    assert_eq!(numbers(&centre), "1902");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_none_are_refused_in_words() {
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    for (file, words) in [
        ("", "The file is empty"),
        ("number;name\n1;2\n", "not by `;`"),
        ("number,name,colour\n", "Unknown column"),
    ] {
        let sent = send(&centre, &ann, file, &[("kind", "telephones")]).await;
        assert_eq!(sent.status, 303, "{file:?}: {}", sent.text);
        settled(&ann, &sent.location())
            .await
            .shows(words)
            .shows("role=\"alert\"");
    }
    let nothing = Parts::new().text("csrf", ann.csrf.clone()).text("kind", "agents");
    let answer = ann
        .client
        .post(centre.at("/admin/import"))
        .multipart(nothing)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 422);
    assert_eq!(ann.get("/admin/import/none").await.status, 410);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_exported_can_be_imported() {
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    let exported = ann.get("/admin/export/telephones.csv").await;
    assert_eq!(exported.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(exported.text.lines().count(), 3);
    for number in ["2001", "2002"] {
        ann.does(&format!("/admin/telephones/{number}/remove"), &[]).await;
    }
    let sent = send(
        &centre,
        &ann,
        &exported.text,
        &[("kind", "telephones"), ("generate", "yes")],
    )
    .await;
    settled(&ann, &sent.location()).await.shows("2 phones can be added");
    ann.post(&format!("{}/confirm", sent.location()), &[]).await;
    settled(&ann, &sent.location()).await.shows("Added 2 phones");
    assert_eq!(ann.get("/admin/export/telephones.csv").await.text, exported.text);
}
