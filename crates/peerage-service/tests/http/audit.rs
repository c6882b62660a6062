//! The audit's pages: before and after, never a secret, for administrators alone.

use peerage_store::AgentPatch;

use crate::board::{get, page};
use crate::support::{Centre, Who};

fn rename(centre: &Centre, name: &str) {
    let patch = AgentPatch {
        full_name: Some(name.parse().unwrap()),
        ..AgentPatch::default()
    };
    assert!(centre.store.set_agent(&"1001".parse().unwrap(), &patch).unwrap());
}

/// The ids of the changes on a page, in order.
fn changes(page: &str) -> Vec<i64> {
    let articles = page
        .split("<article class=\"card change\" aria-labelledby=\"change-")
        .skip(1);
    articles
        .map(|article| article.split_once('"').unwrap().0.parse().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_shown_before_and_after_as_text() {
    let centre = Centre::start().await;
    rename(&centre, "Ada <b>Lovelace");
    let admin = centre.program(Who::Admin);
    let text = page(&centre, &admin, "/audit?subject=1001&table=agent").await;
    let newest = text.split("</article>").next().unwrap();
    assert!(
        newest
            .contains("full_name</th><td class=\"before\">Ada King</td><td class=\"after\">Ada &lt;b&gt;Lovelace</td>"),
        "{newest}"
    );
    assert!(newest.contains(" by test "), "{newest}");
    let id = changes(&text)[0];
    let one = page(&centre, &admin, &format!("/audit/{id}")).await;
    assert_eq!(changes(&one), [id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_stands_in_the_audit() {
    let centre = Centre::start().await;
    let secrets = centre.db.psql(
        "select md5 from peerage.sip_secret
         union all select sha256 from peerage.sip_secret
         union all select password_hash from peerage.login_account
         union all select token_digest from peerage.api_token",
    );
    assert!(secrets.lines().count() > 10);
    let admin = centre.program(Who::Admin);
    let mut path = "/audit".to_owned();
    let mut seen = 0;
    loop {
        let text = page(&centre, &admin, &path).await;
        seen += changes(&text).len();
        for secret in secrets.lines().filter(|secret| !secret.is_empty()) {
            assert!(!text.contains(secret), "{secret} on {path}");
        }
        match text.split_once("rel=\"next\" href=\"") {
            Some((_, next)) => path = next.split_once('"').unwrap().0.replace("&amp;", "&"),
            None => break,
        }
    }
    assert_eq!(
        seen.to_string(),
        centre.db.psql("select count(*) from peerage.audit_entry")
    );
    let text = page(&centre, &admin, "/audit?table=sip_secret").await;
    assert!(
        text.contains("<th scope=\"row\">md5</th><td class=\"before\"></td><td class=\"after\">set</td>"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_is_filtered_and_comes_in_pages() {
    let centre = Centre::start().await;
    for name in 0..60 {
        rename(&centre, &format!("Ada {name}"));
    }
    centre
        .db
        .psql("update peerage.audit_entry set at = '2026-01-01T00:00:00Z' where relation = 'queue'");
    let admin = centre.program(Who::Admin);
    let first = page(&centre, &admin, "/audit?subject=1001&table=agent").await;
    assert_eq!(changes(&first).len(), 50);
    let (_, next) = first.split_once("rel=\"next\" href=\"").unwrap();
    let next = next.split_once('"').unwrap().0.replace("&amp;", "&");
    let second = page(&centre, &admin, &next).await;
    assert_eq!(changes(&second).len(), 11);
    assert!(changes(&second)[0] < changes(&first)[49]);
    for (query, count) in [
        ("subject=nobody", 0),
        ("table=queue", 2),
        ("table=queue&since=2026-01-02", 0),
        ("table=queue&since=2026-01-01", 2),
        ("actor=nobody", 0),
        ("actor=test&table=queue", 2),
    ] {
        let text = page(&centre, &admin, &format!("/audit?{query}")).await;
        assert_eq!(changes(&text).len(), count, "{query}");
    }
    for path in ["/audit?since=yesterday", "/audit?after=x"] {
        assert_eq!(get(&centre, &admin, path).await.0, 422, "{path}");
    }
    for path in ["/audit/x", "/audit/999999999"] {
        assert_eq!(get(&centre, &admin, path).await.0, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_is_for_administrators() {
    let centre = Centre::start().await;
    for path in ["/audit", "/audit/1"] {
        for who in [Who::Sue, Who::Ada] {
            assert_eq!(get(&centre, &centre.program(who), path).await.0, 403, "{path}");
        }
        assert_eq!(get(&centre, &centre.nobody(), path).await.0, 303, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_that_is_watched_can_be_chosen() {
    let centre = Centre::start().await;
    let watched = centre.db.psql(
        "select distinct relation.relname
         from pg_trigger as watch
           join pg_class as relation on relation.oid = watch.tgrelid
         where watch.tgname like '%\\_audit\\_insert'
         order by relation.relname",
    );
    let text = page(&centre, &centre.program(Who::Admin), "/audit").await;
    let (_, select) = text.split_once("name=\"table\"").unwrap();
    let options: Vec<&str> = select
        .split_once("</select>")
        .unwrap()
        .0
        .split("<option value=\"")
        .skip(2)
        .map(|option| option.split_once('"').unwrap().0)
        .collect();
    assert_eq!(options, watched.lines().collect::<Vec<_>>());
}
