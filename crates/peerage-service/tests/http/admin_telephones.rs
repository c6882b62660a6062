//! Telephones, and what Asterisk reads.

use crate::admin_form::{Form, secret_in};
use crate::browser::Browser;
use crate::support::{Centre, Who};

const DESK: &str = "/admin/telephones/2001";

#[tokio::test(flavor = "multi_thread")]
async fn a_telephone_is_added_changed_and_removed() {
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    let new = Form::of(&ann.get("/admin/telephones/new").await, "/admin/telephones/new");
    let page = new
        .with("number", "2900")
        .with("name", "Desk by the window")
        .succeed(&ann)
        .await;
    secret_in(&page, "SIP secret");
    const NEW: &str = "/admin/telephones/2900";
    let form = Form::of(&ann.get(NEW).await, NEW);
    form.with("emergency-callerid", "0651")
        .with_each("transport", &["tcp", "udp"])
        .with("host", "192.0.2.9")
        .with("video", "yes")
        .succeed(&ann)
        .await;
    let form = Form::of(&ann.get(NEW).await, NEW);
    for (name, value) in [
        ("emergency-callerid", "0651"),
        ("transport", "tcp,udp"),
        ("host", "192.0.2.9"),
        ("video", "yes"),
    ] {
        assert_eq!(form.value(name), value);
    }
    ann.get("/admin/telephones?search=window")
        .await
        .shows("Desk by the window")
        .hides("Desk 2001");
    ann.does(&format!("{NEW}/remove"), &[])
        .await
        .shows("Removed phone 2900.");
    assert_eq!(ann.get(NEW).await.status, 404);
    // The numbers of agents are others' pages.
    assert_eq!(ann.get("/admin/telephones/1001").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_asterisk_is_told_is_shown_column_by_column_and_never_a_digest() {
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    let form = Form::of(&ann.get(DESK).await, DESK);
    form.with("nat", "comedia")
        .with("callerid-name", "Ada \"K\"")
        .with("record", "wav")
        .succeed(&ann)
        .await;
    let page = ann.get(&format!("{DESK}/asterisk")).await;
    let value = |column: &str, value: &str| format!("<code data-column=\"{column}\">{value}</code>");
    for view in ["ps_endpoints", "ps_auths", "ps_aors", "sippeers"] {
        page.shows(&format!("id=\"{view}\""));
    }
    page.shows(&value("rtp_symmetric", "yes"))
        .shows(&value("nat", "comedia"))
        .shows(&value("md5_cred", "set"))
        .shows(&value("md5secret", "set"))
        .shows("PEERAGE_RECORD=wav")
        .shows(&format!("href=\"{DESK}#field-nat\""));
    let digests = centre.db.psql("select md5 || ' ' || sha256 from peerage.sip_secret");
    for digest in digests.split_whitespace() {
        page.hides(digest);
    }
    // All that Asterisk reads is there.
    let columns = centre.db.psql(
        "select attname from pg_attribute where attrelid in ('asterisk.ps_endpoints'::regclass, 'asterisk.ps_auths'::regclass, 'asterisk.ps_aors'::regclass, 'asterisk.sippeers'::regclass) and attnum > 0",
    );
    for column in columns.lines() {
        page.shows(&format!("<code>{column}</code>"));
    }
    ann.does(&format!("{DESK}/disable"), &[]).await;
    ann.get(&format!("{DESK}/asterisk"))
        .await
        .shows("Asterisk does not see this account: it is disabled.");
}
