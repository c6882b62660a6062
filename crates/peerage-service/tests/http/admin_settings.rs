//! Queues, reasons, users, sites, nodes and tokens.

use crate::admin_form::{Form, secret_in};
use crate::browser::Browser;
use crate::support::{Centre, Who};

/// Types all of these, saves, and sees each of them.
async fn saved_and_shown(ann: &Browser<'_>, path: &str, fields: &[(&str, &str)]) {
    let mut form = Form::of(&ann.get(path).await, path);
    for (name, value) in fields {
        assert_ne!(form.value(name), *value, "{name} is changed");
        form = form.with(name, value);
    }
    form.succeed(ann).await.shows("Saved.");
    let shown = Form::of(&ann.get(path).await, path);
    for (name, value) in fields {
        assert_eq!(shown.value(name), *value, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_of_a_queue_is_saved_and_shown() {
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    const SALES: &str = "/admin/queues/sales";
    saved_and_shown(
        &ann,
        SALES,
        &[
            ("description", "Who buys"),
            ("strategy", "rrmemory"),
            ("timeout", "20"),
            ("retry", "7"),
            ("wrapup", "8"),
            ("max-length", "9"),
            ("weight", "10"),
            ("service-level", "11"),
            ("ring-in-use", "yes"),
            ("autopause", "all"),
            ("join-empty", "strict"),
            ("leave-when-empty", "paused,unavailable"),
            ("music-class", "jazz"),
            ("options", "announce_frequency=30\nautofill=yes"),
        ],
    )
    .await;
    // An option is taken away by taking its line away, and another stays.
    Form::of(&ann.get(SALES).await, SALES)
        .with("options", "autofill=no")
        .succeed(&ann)
        .await;
    assert_eq!(
        centre.db.psql("select options from peerage.queue where name = 'sales'"),
        "{\"autofill\": \"no\"}"
    );

    for (name, bad, message) in [
        ("timeout", "3601", "0 to 3600"),
        ("timeout", "soon", "a whole number"),
        ("join-empty", "Never", "conditions"),
        ("options", "no_such=1", "app_queue"),
        ("options", "autofill", "name=value on each line"),
        ("name", "peerage-probe", "taken"),
    ] {
        let page = Form::of(&ann.get(SALES).await, SALES).with(name, bad).send(&ann).await;
        assert_eq!(page.status, 422, "{name} {bad}");
        page.shows(message).shows(&format!("id=\"field-{name}-error\""));
        assert_eq!(Form::of(&page, SALES).value(name), bad);
    }
    let page = Form::of(&ann.get(SALES).await, SALES)
        .with("name", "orders")
        .succeed(&ann)
        .await;
    page.shows("<title>orders");
    assert_eq!(ann.get(SALES).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_is_added_once_however_often_it_is_sent_and_removed() {
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    let new = Form::of(&ann.get("/admin/queues/new").await, "/admin/queues/new")
        .with("name", "night")
        .with("weight", "4");
    let (first, second) = tokio::join!(new.send(&ann), new.send(&ann));
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (303, 303));
    assert_eq!(
        centre.db.psql("select weight from peerage.queue where name = 'night'"),
        "4"
    );
    // Another form for the same name is another wish.
    let page = Form::of(&ann.get("/admin/queues/new").await, "/admin/queues/new")
        .with("name", "night")
        .send(&ann)
        .await;
    assert_eq!(page.status, 409);
    page.shows("field-name-error");
    ann.get("/admin/queues/night/remove").await.shows("Removed");
    ann.does("/admin/queues/night/remove", &[])
        .await
        .shows("Removed queue night.");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_administrators_of_a_queue_do_not_undo_each_other() {
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    const SALES: &str = "/admin/queues/sales";
    let mine = Form::of(&ann.get(SALES).await, SALES);
    mine.clone().with("timeout", "20").succeed(&ann).await;
    mine.clone().with("weight", "3").succeed(&ann).await;
    assert_eq!(
        centre
            .db
            .psql("select timeout_seconds || ' ' || weight from peerage.queue where name = 'sales'"),
        "20 3"
    );
    let page = mine.with("timeout", "30").send(&ann).await;
    assert_eq!(page.status, 409);
    page.shows("Another user has changed this field to `20`");
}

#[tokio::test(flavor = "multi_thread")]
async fn reasons_sites_and_users_are_saved_and_shown() {
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    let new = |path: &'static str| async { Form::of(&ann.get(path).await, path) };

    new("/admin/reasons/new")
        .await
        .with("code", "training")
        .succeed(&ann)
        .await;
    saved_and_shown(
        &ann,
        "/admin/reasons/training",
        &[
            ("label", "In training"),
            ("max-seconds", "3600"),
            ("productive", "yes"),
            ("is-default", "yes"),
        ],
    )
    .await;
    saved_and_shown(
        &ann,
        "/admin/reasons/training",
        &[("max-seconds", ""), ("is-default", "")],
    )
    .await;
    saved_and_shown(&ann, "/admin/reasons/training", &[("selectable", "")]).await;
    let system = centre
        .db
        .psql("select code from peerage.pause_reason where system limit 1");
    let path = format!("/admin/reasons/{system}");
    let page = Form::of(&ann.get(&path).await, &path)
        .with("label", "Mine")
        .send(&ann)
        .await;
    assert_eq!(page.status, 409);
    page.shows("one of the system");
    ann.does("/admin/reasons/training/remove", &[])
        .await
        .shows("Removed reason training.");

    new("/admin/sites/new").await.with("name", "rome").succeed(&ann).await;
    saved_and_shown(
        &ann,
        "/admin/sites/rome",
        &[
            ("driver", "sip"),
            ("realm", "pbx.example"),
            ("conflict-policy", "take_over"),
            ("disconnection-timeout", "60"),
            ("time-zone", "Europe/Rome"),
            ("emergency-callerid", "0651"),
            ("offer-sha256", "yes"),
            ("rtcachefriends", ""),
        ],
    )
    .await;
    let page = new("/admin/sites/rome")
        .await
        .with("time-zone", "Europe/Nowhere")
        .send(&ann)
        .await;
    assert_eq!(page.status, 422);
    page.shows("field-time-zone-error");
    let page = ann.post("/admin/sites/default/remove", &[]).await;
    assert_eq!(page.status, 409);
    page.shows("cannot be removed");

    let page = new("/admin/users/new")
        .await
        .with("username", "sam")
        .with("role", "supervisor")
        .with("queues", "sales")
        .succeed(&ann)
        .await;
    let password = secret_in(&page, "Password of user sam");
    let signed_in = [("username", "sam"), ("password", password.as_str())];
    let sam = centre.nobody();
    assert_eq!(
        sam.post(centre.at("/sign-in"))
            .form(&signed_in)
            .send()
            .await
            .unwrap()
            .status(),
        303
    );
    saved_and_shown(
        &ann,
        "/admin/users/sam",
        &[("queues", "sales,support"), ("role", "admin"), ("agent", "1003")],
    )
    .await;
    for (name, bad) in [("agent", "9999"), ("queues", "no-such"), ("agent", "1001")] {
        let page = new("/admin/users/sam").await.with(name, bad).send(&ann).await;
        assert!(page.status.is_client_error(), "{name} {bad}");
        page.shows("role=\"alert\"");
        assert_eq!(Form::of(&page, "/admin/users/sam").value(name), bad);
    }
    let page = Form::of(&ann.get("/admin/users/sam").await, "/admin/users/sam/password")
        .succeed(&ann)
        .await;
    assert_ne!(secret_in(&page, "Password"), password);
    saved_and_shown(&ann, "/admin/users/sam", &[("disabled", "yes")]).await;
    assert_eq!(
        sam.get(centre.at("/admin/agents")).send().await.unwrap().status(),
        303,
        "signed out"
    );
    ann.does("/admin/users/sam/remove", &[])
        .await
        .shows("Removed user sam.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_shown_once_and_lets_in_until_it_is_removed() {
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    let form = Form::of(&ann.get("/admin/tokens").await, "/admin/tokens");
    let page = form.clone().with("name", "crm").with("days", "30").succeed(&ann).await;
    let token = secret_in(&page, "Token");
    let list = ann.get("/admin/tokens").await;
    list.shows("crm").hides(&token);
    let program = crate::support::bearer(&token);
    assert_eq!(
        program.get(centre.at("/admin/agents")).send().await.unwrap().status(),
        200
    );
    for (name, bad, field) in [
        ("days", "0", "days"),
        ("username", "nobody", "username"),
        ("name", "ann", "name"),
    ] {
        let page = Form::of(&list, "/admin/tokens")
            .with("name", "other")
            .with(name, bad)
            .send(&ann)
            .await;
        assert!(page.status.is_client_error(), "{name} {bad}: {}", page.status);
        page.shows("role=\"alert\"");
        assert_eq!(Form::of(&page, "/admin/tokens").value(field), bad);
    }
    ann.does("/admin/tokens/remove", &[("name", "crm")])
        .await
        .shows("Removed token crm.");
    assert_eq!(
        program.get(centre.at("/admin/agents")).send().await.unwrap().status(),
        303
    );
    assert!(
        !centre
            .db
            .psql("select string_agg(token_digest, ' ') from peerage.api_token")
            .contains(&token)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_gets_a_role_whose_password_is_shown_once() {
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    let name = format!("t{}", std::process::id());
    let new = Form::of(&ann.get("/admin/nodes/new").await, "/admin/nodes/new");
    let page = new
        .with("name", &name)
        .with("manager", "127.0.0.1:1")
        .succeed(&ann)
        .await;
    let password = secret_in(&page, &format!("Password of database role peerage_node_{name}"));
    let path = format!("/admin/nodes/{name}");
    saved_and_shown(&ann, &path, &[("manager", "127.0.0.1:2"), ("manager-user", "boss")]).await;
    ann.get(&path).await.shows("Health").hides(&password);
    let page = Form::of(&ann.get(&path).await, &path)
        .with("manager", "no port")
        .send(&ann)
        .await;
    assert_eq!(page.status, 422);
    page.shows("field-manager-error");
    let page = Form::of(&ann.get(&path).await, &format!("{path}/password"))
        .succeed(&ann)
        .await;
    assert_ne!(secret_in(&page, "Database password"), password);
    ann.get("/admin/nodes").await.shows(&name);
    ann.does(&format!("{path}/remove"), &[]).await.shows("Removed node");
    assert_eq!(
        centre.db.psql(&format!(
            "select count(*) from pg_roles where rolname = 'peerage_node_{name}'"
        )),
        "0"
    );
}
