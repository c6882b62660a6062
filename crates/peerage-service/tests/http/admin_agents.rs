//! The administrator's pages of agents: each field saved and shown, errors beside the field, two administrators at once, secrets shown once.

use peerage_model::{Actor, ActorRole, LoginRequest};
use peerage_store::fields::kind::{Agents, Subject};

use crate::admin_form::{Form, secret_in};
use crate::browser::Browser;
use crate::support::{Centre, Who};

const ADA: &str = "/admin/agents/1001";

/// What the export says of agent 1001, by column.
async fn exported(browser: &Browser<'_>, number: &str) -> std::collections::HashMap<String, String> {
    let text = browser.get("/admin/export/agents.csv").await.text;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers().unwrap().clone();
    let row = reader
        .records()
        .map(Result::unwrap)
        .find(|row| row.get(0) == Some(number))
        .unwrap();
    names
        .iter()
        .zip(row.iter())
        .map(|(name, cell)| (name.to_owned(), cell.to_owned()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_of_every_section_is_saved_and_shown() {
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    let store = centre.store.clone();
    tokio::task::spawn_blocking(move || {
        store
            .add_site(
                &"rome".parse().unwrap(),
                &peerage_store::SitePatch {
                    outside_numbers: Some(Some("+39X.".parse().unwrap())),
                    ..peerage_store::SitePatch::default()
                },
            )
            .unwrap();
    })
    .await
    .unwrap();
    let plain = [
        ("name", "Ada \"the first\" <King> & Söhne"),
        ("alias", "Ada"),
        ("email", "ada@example.com"),
        ("phone", "2002"),
        ("mobile", "+39333"),
        ("description", "Line one\nline two"),
        ("hot-desk", "yes"),
        ("login-in-pause", "yes"),
        ("site", "rome"),
        ("host", "192.0.2.7"),
        ("nat", "comedia"),
        ("type", "peer"),
        ("callerid-name", "Ada; King"),
        ("callerid-number", "1001"),
        ("context", "sales"),
        ("call-group", "1,3-5"),
        ("pickup-group", "0"),
        ("named-call-group", "sales,night"),
        ("named-pickup-group", "day"),
        ("chanspy", "yes"),
        ("video", "yes"),
        ("record", "wav49"),
        ("encryption", "yes"),
        ("qualify", "30"),
        ("max-contacts", "3"),
        ("client-log-level", "debug"),
    ];
    let lists = [("transport", ["tls", "udp"]), ("codecs", ["opus", "ulaw"])];
    let mut form = Form::of(&ann.get(ADA).await, ADA);
    let before = exported(&ann, "1001").await;
    for (name, value) in plain {
        assert_ne!(before[name], value, "{name} is changed");
        form = form.with(name, value);
    }
    for (name, values) in &lists {
        form = form.with_each(name, values);
    }
    for permission in ["choose-interface", "move", "edit-own-numbers"] {
        form = form.with(&format!("may-{permission}"), "");
    }
    form = form
        .with("channel-chat", "yes")
        .with("channel-chat.capacity", "5")
        .with("channel-chat.auto-answer", "yes")
        .with("channel-chat.delay", "3")
        .with("channel-fax", "yes");
    let page = form.succeed(&ann).await;
    page.shows("Saved.");

    let stored = exported(&ann, "1001").await;
    let shown = Form::of(&ann.get(ADA).await, ADA);
    for (name, value) in plain {
        assert_eq!(stored[name], value, "{name} is stored");
        assert_eq!(shown.value(name), value, "{name} is shown");
        assert_eq!(
            shown.value(&format!("was.{name}")),
            value,
            "{name} is the original of the next change"
        );
    }
    for (name, values) in &lists {
        assert_eq!(stored[*name], values.join(","));
        assert_eq!(shown.value(name), values.join(","));
    }
    assert_eq!(stored["forbid"], "choose-interface,move,edit-own-numbers");
    assert_eq!(shown.value("may-move"), "");
    assert_eq!(shown.value("may-log-out"), "yes");
    assert_eq!(stored["channel"], "chat=5,auto-answer=3;fax=0");
    assert_eq!(shown.value("channel-chat.delay"), "3");
    // No field was forgotten here.
    let covered = |name: &str| {
        plain.iter().any(|(known, _)| *known == name)
            || lists.iter().any(|(known, _)| *known == name)
            || ["permit", "forbid", "channel", "disabled"].contains(&name)
    };
    for column in Agents::columns() {
        assert!(covered(column.name()), "{}", column.name());
    }

    // What can be none is taken away by an empty field.
    let mut form = shown;
    for name in [
        "alias",
        "email",
        "phone",
        "mobile",
        "description",
        "callerid-name",
        "callerid-number",
        "call-group",
    ] {
        form = form.with(name, "");
    }
    form.with("channel-chat", "").succeed(&ann).await;
    let stored = exported(&ann, "1001").await;
    for name in [
        "alias",
        "email",
        "phone",
        "mobile",
        "description",
        "callerid-name",
        "callerid-number",
        "call-group",
    ] {
        assert_eq!(stored[name], "", "{name}");
    }
    assert_eq!(stored["channel"], "fax=0");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_stands_beside_its_field_with_what_was_typed() {
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    let form = Form::of(&ann.get(ADA).await, ADA);
    let page = form
        .clone()
        .with("host", "not a host")
        .with("alias", " Ada")
        .with("mobile", "+39333")
        .send(&ann)
        .await;
    assert_eq!(page.status, 422);
    page.shows("2 fields need to be corrected")
        .shows("href=\"#field-host\"")
        .shows("id=\"field-host-error\"");
    let again = Form::of(&page, ADA);
    for (name, typed) in [("host", "not a host"), ("alias", " Ada"), ("mobile", "+39333")] {
        assert_eq!(again.value(name), typed, "{name} is kept");
    }
    assert_eq!(
        exported(&ann, "1001").await["mobile"],
        "+3969012345",
        "nothing was changed"
    );
    // A rule between fields names its field, too.
    let page = form.with_each("transport", &["wss"]).send(&ann).await;
    assert_eq!(page.status, 422);
    page.shows("browsers demand DTLS");
    assert_eq!(Form::of(&page, ADA).value("transport"), "wss");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_administrators_do_not_undo_each_other() {
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    let mine = Form::of(&ann.get(ADA).await, ADA);
    let theirs = mine.clone();
    theirs
        .with("context", "support")
        .with("mobile", "+39444")
        .succeed(&ann)
        .await;

    // Another field: both changes stand.
    mine.clone().with("nat", "no").succeed(&ann).await;
    let stored = exported(&ann, "1001").await;
    assert_eq!((stored["context"].as_str(), stored["nat"].as_str()), ("support", "no"));

    // The same field: told, and nothing is changed.
    let page = mine.with("context", "sales").with("mobile", "+39555").send(&ann).await;
    assert_eq!(page.status, 409);
    page.shows("another user has changed this field to `support`");
    assert_eq!(exported(&ann, "1001").await["mobile"], "+39444");

    // Saved once more, it is meant.
    Form::of(&page, ADA).succeed(&ann).await;
    let stored = exported(&ann, "1001").await;
    assert_eq!(
        (stored["context"].as_str(), stored["mobile"].as_str()),
        ("sales", "+39555")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_agent_gets_a_secret_and_a_user_whose_password_lets_in() {
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    let new = Form::of(&ann.get("/admin/agents/new").await, "/admin/agents/new");
    assert_eq!(new.value("transport"), "udp");
    let filled = new
        .with("number", "1900")
        .with("name", "Dee Dew")
        .with("username", "dee")
        .with("email", "dee@example.com")
        .with_each("codecs", &["g722", "alaw"]);
    // Sent twice at once, as by a double click: one agent, one outcome.
    let (first, second) = tokio::join!(filled.send(&ann), filled.send(&ann));
    assert_eq!(
        (first.status.as_u16(), second.status.as_u16()),
        (303, 303),
        "{}{}",
        first.text,
        second.text
    );
    assert_eq!(first.location(), second.location());

    let page = ann.get(&first.location()).await;
    let (secret, password) = (secret_in(&page, "SIP secret"), secret_in(&page, "Password of user dee"));
    assert_eq!(secret.len(), 24);
    let again = ann.get(&first.location()).await;
    assert_eq!(again.status, 410);
    again.hides(&secret).hides(&password);
    // A third time after all was seen, too.
    assert_eq!(filled.send(&ann).await.location(), "/admin/agents/1900");

    let stored = exported(&ann, "1900").await;
    assert_eq!(
        (stored["codecs"].as_str(), stored["email"].as_str()),
        ("g722,alaw", "dee@example.com")
    );
    let audit = centre
        .db
        .psql("select coalesce(string_agg(before::text || after::text, ' '), '') from peerage.audit_entry");
    assert!(!audit.contains(&secret) && !audit.contains(&password));
    assert_eq!(
        centre
            .db
            .psql("select count(*) from peerage.audit_entry where subject = '1900' and actor <> 'console:ann'"),
        "0"
    );

    let form = [("username", "dee"), ("password", password.as_str())];
    let signed_in = centre
        .nobody()
        .post(centre.at("/sign-in"))
        .form(&form)
        .send()
        .await
        .unwrap();
    assert_eq!(signed_in.status(), 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_agent_is_added_whole_or_not_at_all() {
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    let new = Form::of(&ann.get("/admin/agents/new").await, "/admin/agents/new");
    let page = new
        .clone()
        .with("number", "1900")
        .with("name", "Dee")
        .with("username", "ada")
        .send(&ann)
        .await;
    assert_eq!(page.status, 409, "{}", page.text);
    assert_eq!(ann.get("/admin/agents/1900").await.status, 404);
    let page = new
        .with("number", "10_01")
        .with("secret", "short")
        .with("username", "A B")
        .send(&ann)
        .await;
    assert_eq!(page.status, 422);
    for field in ["number", "name", "secret", "username"] {
        page.shows(&format!("id=\"field-{field}-error\""));
    }
    page.hides("short");
    assert_eq!(Form::of(&page, "/admin/agents/new").value("number"), "10_01");
}

#[tokio::test(flavor = "multi_thread")]
async fn secret_number_pin_and_password_are_set_and_shown_once() {
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    let form = |page: &crate::browser::Seen, rest: &str| Form::of(page, &format!("{ADA}/{rest}"));
    let digest = || {
        centre
            .db
            .psql("select md5 from peerage.sip_secret where number = '1001'")
    };

    let before = digest();
    let page = form(&ann.get(ADA).await, "secret").succeed(&ann).await;
    let secret = secret_in(&page, "SIP secret");
    assert_ne!(digest(), before);
    assert_eq!(
        centre.db.psql(&format!("select md5('1001:asterisk:{secret}')")),
        digest(),
        "the secret that was shown is in force"
    );
    let page = form(&ann.get(ADA).await, "secret")
        .with("secret", "correct-horse")
        .succeed(&ann)
        .await;
    page.shows("New secret for agent 1001.").hides("correct-horse");
    let page = form(&ann.get(ADA).await, "secret")
        .with("secret", "h0rse")
        .send(&ann)
        .await;
    assert_eq!(page.status, 422);
    page.shows("field-secret-error").hides("h0rse");

    let page = form(&ann.get(ADA).await, "pin").with("pin", "12ab").send(&ann).await;
    page.shows("4 to 12 digits").hides("12ab");
    form(&ann.get(ADA).await, "pin")
        .with("pin", "4711")
        .succeed(&ann)
        .await
        .shows("A PIN is set");
    form(&ann.get(ADA).await, "pin")
        .succeed(&ann)
        .await
        .shows("No PIN is set");

    centre.db.psql("update peerage.login_account set failed_sign_ins = 5, locked_until = now() + interval '1 hour' where username = 'ada'");
    ann.get("/admin/agents").await.shows("user locked");
    form(&ann.get(ADA).await, "unlock")
        .succeed(&ann)
        .await
        .hides("Locked until");
    let page = form(&ann.get(ADA).await, "password").succeed(&ann).await;
    let password = secret_in(&page, "Password");
    let signed_in = [("username", "ada"), ("password", password.as_str())];
    let answer = centre
        .nobody()
        .post(centre.at("/sign-in"))
        .form(&signed_in)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 303);

    let page = form(&ann.get(ADA).await, "number")
        .with("new-number", "1002")
        .send(&ann)
        .await;
    assert_eq!(page.status, 409);
    page.shows("field-new-number-error");
    let page = form(&ann.get(ADA).await, "number")
        .with("new-number", "1950")
        .succeed(&ann)
        .await;
    let secret = secret_in(&page, "SIP secret");
    assert_eq!(ann.get(ADA).await.status, 404);
    ann.get("/admin/agents/1950").await.shows("Ada King");
    assert_eq!(
        centre.db.psql(&format!(
            "select md5 = md5('1950:asterisk:{secret}') from peerage.sip_secret where number = '1950'"
        )),
        "t"
    );
    let audit = centre.db.psql("select coalesce(string_agg(coalesce(before::text, '') || coalesce(after::text, ''), ' '), '') from peerage.audit_entry");
    for hidden in [secret.as_str(), password.as_str(), "correct-horse", "4711"] {
        assert!(!audit.contains(hidden), "{hidden}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_is_assigned_disabled_and_removed() {
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    const BOB: &str = "/admin/agents/1002";
    let page = ann.get(BOB).await;
    page.shows("<a href=\"/admin/queues/support\">support</a>");
    let assign = |queue, penalty| [("queue", queue), ("penalty", penalty)];
    ann.does(&format!("{BOB}/queues"), &assign("sales", "3"))
        .await
        .shows("with penalty 3");
    let page = ann.post(&format!("{BOB}/queues"), &assign("sales", "-7")).await;
    assert_eq!(page.status, 422);
    page.shows("`penalty` cannot be `-7`").shows("value=\"-7\"");
    ann.does(&format!("{BOB}/queues"), &assign("sales", "5")).await;
    ann.does(&format!("{BOB}/queues/support/remove"), &[]).await;
    assert_eq!(
        centre.db.psql("select string_agg(queue.name || ' ' || penalty, ',') from peerage.queue_assignment as assignment join peerage.queue as queue on queue.id = queue_id join peerage.agent as agent on agent.id = agent_id where agent.number = '1002'"),
        "sales 5"
    );

    ann.does(&format!("{BOB}/disable"), &[])
        .await
        .shows("Asterisk does not see this account");
    ann.get("/admin/agents").await.shows("disabled");
    ann.does(&format!("{BOB}/enable"), &[])
        .await
        .hides("Asterisk does not see this account.");

    let page = ann.get(&format!("{BOB}/remove")).await;
    page.shows("Removed").shows("Kept").shows("the number becomes free");
    ann.does(&format!("{BOB}/remove"), &[])
        .await
        .shows("Removed agent 1002.");
    assert_eq!(ann.get(BOB).await.status, 404);
    // Sent twice: gone is gone.
    ann.does(&format!("{BOB}/remove"), &[])
        .await
        .shows("The agent 1002 no longer exists.");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_searched_and_paged_both_ways() {
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    let store = centre.store.clone();
    tokio::task::spawn_blocking(move || {
        for number in 3000..3120 {
            let new = peerage_store::NewAgent::new(
                number.to_string().parse().unwrap(),
                format!("Many {number}").parse().unwrap(),
            );
            store
                .add_agent(&new, &"correct-horse-battery".parse().unwrap())
                .unwrap();
        }
        let actor = Actor::new("test", ActorRole::Admin);
        store
            .log_in(&"3050".parse().unwrap(), &LoginRequest::default(), &actor)
            .unwrap();
        store
            .log_in(&"3119".parse().unwrap(), &LoginRequest::default(), &actor)
            .unwrap();
    })
    .await
    .unwrap();
    let numbers = |page: &crate::browser::Seen| -> Vec<String> {
        page.text
            .split("<th scope=\"row\"")
            .skip(1)
            .map(|row| {
                row.split("/admin/agents/")
                    .nth(1)
                    .unwrap()
                    .split('"')
                    .next()
                    .unwrap()
                    .to_owned()
            })
            .collect()
    };
    let link = |page: &crate::browser::Seen, rel: &str| -> Option<String> {
        let (before, _) = page.text.split_once(&format!("rel=\"{rel}\" href=\""))?;
        let rest = &page.text[before.len()..];
        rest.split("href=\"")
            .nth(1)?
            .split('"')
            .next()
            .map(crate::admin_form::decoded)
    };
    let mut page = ann.get("/admin/agents").await;
    let mut seen = numbers(&page);
    let mut pages = vec![seen.clone()];
    assert_eq!(link(&page, "prev"), None);
    while let Some(next) = link(&page, "next") {
        page = ann.get(&next).await;
        seen.extend(numbers(&page));
        pages.push(numbers(&page));
    }
    assert_eq!(seen.len(), 123);
    assert!(seen.is_sorted(), "{seen:?}");
    while let Some(previous) = link(&page, "prev") {
        pages.pop();
        page = ann.get(&previous).await;
        assert_eq!(Some(&numbers(&page)), pages.last());
    }
    assert_eq!(pages.len(), 1);

    let found = ann.get("/admin/agents?search=king").await;
    assert_eq!(numbers(&found), ["1001"]);
    found.shows("value=\"king\"");
    let at_work = ann.get("/admin/agents?state=logged_in").await;
    assert_eq!(numbers(&at_work), ["3050", "3119"]);
    let unreachable = ann.get("/admin/agents?state=unreachable&after=3050").await;
    assert_eq!(numbers(&unreachable), ["3119"]);
    assert_eq!(
        numbers(&ann.get("/admin/agents?state=offline&search=305").await).len(),
        9
    );
    assert_eq!(
        numbers(&ann.get("/admin/agents?search=%25").await).len(),
        0,
        "a search is taken literally"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_write_is_text_on_every_page() {
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    let evil = "<script>alert(1)</script>\"'&";
    Form::of(&ann.get(ADA).await, ADA)
        .with("name", evil)
        .with("alias", evil)
        .with("description", &format!("</textarea>{evil}"))
        .succeed(&ann)
        .await;
    for path in [
        "/admin/agents",
        ADA,
        &format!("{ADA}/remove"),
        &format!("{ADA}/asterisk"),
        "/admin/agents?search=%3Cscript%3E%22",
    ] {
        let page = ann.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        page.hides("<script>alert").hides("<script>\"");
    }
    assert_eq!(
        Form::of(&ann.get(ADA).await, ADA).value("description"),
        format!("</textarea>{evil}")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_are_for_administrators_alone() {
    let centre = Centre::start().await;
    let paths = [
        "/admin/agents",
        "/admin/agents/new",
        "/admin/agents/1001",
        "/admin/agents/1001/asterisk",
        "/admin/agents/1001/remove",
        "/admin/telephones",
        "/admin/telephones/2001",
        "/admin/queues",
        "/admin/queues/sales",
        "/admin/reasons",
        "/admin/users",
        "/admin/users/ann",
        "/admin/sites",
        "/admin/sites/default",
        "/admin/nodes",
        "/admin/tokens",
        "/admin/import",
        "/admin/export/agents.csv",
        "/admin/export/telephones.csv",
    ];
    let (ann, sue, ada) = tokio::join!(
        Browser::of(&centre, Who::Admin),
        Browser::of(&centre, Who::Sue),
        Browser::of(&centre, Who::Ada)
    );
    for path in paths {
        assert_eq!(ann.get(path).await.status, 200, "{path}");
        for other in [&sue, &ada] {
            assert_eq!(other.get(path).await.status, 403, "{path}");
        }
        let nobody = centre.nobody().get(centre.at(path)).send().await.unwrap();
        assert_eq!(nobody.status(), 303, "{path}");
    }
    for path in [
        "/admin/agents/1001/disable",
        "/admin/agents/1001/remove",
        "/admin/users/ann/password",
        "/admin/agents/1001/secret",
    ] {
        for other in [&sue, &ada] {
            assert_eq!(other.post(path, &[]).await.status, 403, "{path}");
        }
    }
    assert_eq!(exported(&ann, "1001").await["disabled"], "no");
}
