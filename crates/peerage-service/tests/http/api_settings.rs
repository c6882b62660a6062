//! Queues, reasons, users, sites, nodes and tokens through the interface for programs.

use serde_json::json;

use crate::api::Api;
use crate::support::{Centre, Who};

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_is_added_changed_and_gets_its_agents() {
    let centre = Centre::start().await;
    let admin = Api::program(&centre, Who::Admin);
    let body = json!({ "name": "night", "strategy": "linear", "timeout": 20, "option": { "autofill": "yes" } });
    let added = admin.post("/api/v1/queues", body).await.well(201);
    assert_eq!(
        (added.at("/timeout"), added.at("/option/autofill")),
        (&json!(20), &json!("yes"))
    );
    let change = json!({ "name": "late", "description": "After six", "option": { "autofill": null } });
    let changed = admin.patch("/api/v1/queues/night", change).await.well(200);
    assert_eq!((changed.text("/name"), changed.at("/option")), ("late", &json!({})));
    let assigned = admin
        .put("/api/v1/queues/late/agents/1002", json!({ "penalty": 3 }))
        .await
        .well(200);
    assert_eq!(assigned.at("/agents/0/penalty"), &json!(3));
    admin
        .put("/api/v1/queues/late/agents/9999", json!({}))
        .await
        .refused(404, "not_found");
    let gone = admin.delete("/api/v1/queues/late/agents/1002").await.well(200);
    assert_eq!(gone.at("/agents"), &json!([]));
    for (body, field) in [
        (json!({ "timeout": -1 }), "timeout"),
        (json!({ "timeout": 3601 }), "timeout"),
        (json!({ "retry": 0 }), "retry"),
        (json!({ "strategy": "loudest" }), "strategy"),
        (json!({ "option": { "no-such": "x" } }), "option"),
        (json!({ "timeout": 99_999_999_999_i64 }), "timeout"),
        (json!({ "description": "a\u{0}b" }), "description"),
    ] {
        let refused = admin.patch("/api/v1/queues/late", body).await;
        refused.refused(422, "invalid");
        assert_eq!(refused.text("/details/field"), field);
    }
    admin
        .post("/api/v1/queues", json!({ "name": "late" }))
        .await
        .refused(409, "conflict");
    admin.delete("/api/v1/queues/late").await.well(204);
    admin.get("/api/v1/queues/late").await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn reasons_for_pauses_are_added_changed_and_removed_but_not_the_systems() {
    let centre = Centre::start().await;
    let admin = Api::program(&centre, Who::Admin);
    let added = admin
        .post(
            "/api/v1/pause-reasons",
            json!({ "code": "training", "productive": true }),
        )
        .await
        .well(201);
    assert_eq!(
        (added.text("/label"), added.at("/default")),
        ("training", &json!(false))
    );
    let changed = admin
        .patch(
            "/api/v1/pause-reasons/training",
            json!({ "max_seconds": 600, "default": true }),
        )
        .await
        .well(200);
    assert_eq!(changed.at("/max_seconds"), &json!(600));
    let all = admin.get("/api/v1/pause-reasons").await.well(200);
    let defaults = all
        .at("/items")
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["default"] == true)
        .count();
    assert_eq!(defaults, 1);
    let refused = admin
        .patch("/api/v1/pause-reasons/training", json!({ "selectable": false }))
        .await;
    refused.refused(422, "invalid");
    assert_eq!(refused.text("/details/field"), "default");
    admin
        .delete("/api/v1/pause-reasons/login")
        .await
        .refused(409, "conflict");
    admin.delete("/api/v1/pause-reasons/training").await.well(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_added_and_changed_and_no_answer_has_a_password() {
    let centre = Centre::start().await;
    let admin = Api::program(&centre, Who::Admin);
    let body = json!({ "username": "eve", "role": "supervisor", "password": "correct-battery" });
    let added = admin.post("/api/v1/users", body).await.well(201);
    assert_eq!(
        (added.at("/has_password"), added.at("/queues")),
        (&json!(true), &json!([]))
    );
    let watched = admin
        .put("/api/v1/users/eve/queues", json!({ "queues": ["support", "sales"] }))
        .await
        .well(200);
    assert_eq!(watched.at("/queues"), &json!(["sales", "support"]));
    admin
        .put("/api/v1/users/eve/queues", json!({ "queues": ["nowhere"] }))
        .await
        .refused(404, "not_found");
    let eve = Api::nobody(&centre);
    eve.sign_in("eve", "correct-battery").await.well(200);
    admin
        .put("/api/v1/users/eve/password", json!({ "password": "another-horse" }))
        .await
        .well(204);
    eve.get("/api/v1/me").await.refused(401, "not_signed_in");
    eve.sign_in("eve", "correct-battery")
        .await
        .refused(401, "wrong_password");
    eve.sign_in("eve", "another-horse").await.well(200);
    let listed = admin.get("/api/v1/users").await.well(200).json.to_string();
    assert!(!listed.contains("argon2") && !listed.contains("another-horse"));
    let refused = admin
        .post("/api/v1/users", json!({ "username": "zoe", "role": "agent" }))
        .await;
    refused.refused(422, "invalid");
    assert_eq!(refused.text("/details/field"), "role");
    // What is refused is not repeated, of whatever kind it is.
    for password in [json!("short"), json!(12_345_678)] {
        let refused = admin
            .put("/api/v1/users/eve/password", json!({ "password": password }))
            .await;
        refused.refused(422, "invalid");
        assert!(
            !refused.json.to_string().contains("short") && !refused.json.to_string().contains("12345678"),
            "{refused:?}"
        );
    }
    admin.delete("/api/v1/users/eve").await.well(204);
    eve.get("/api/v1/me").await.refused(401, "not_signed_in");
}

#[tokio::test(flavor = "multi_thread")]
async fn sites_are_added_changed_and_removed_when_empty() {
    let centre = Centre::start().await;
    let admin = Api::program(&centre, Who::Admin);
    let body = json!({ "name": "rome", "settings": { "time_zone": "Europe/Rome", "conflict_policy": "take_over" } });
    let added = admin.post("/api/v1/sites", body).await.well(201);
    assert_eq!(
        (added.text("/time_zone"), added.at("/agents")),
        ("Europe/Rome", &json!(0))
    );
    let changed = admin
        .patch(
            "/api/v1/sites/rome",
            json!({ "disconnection_timeout": 0, "emergency_callerid": "112" }),
        )
        .await
        .well(200);
    assert_eq!(
        (changed.at("/disconnection_timeout"), changed.text("/conflict_policy")),
        (&json!(0), "take_over")
    );
    let refused = admin
        .patch("/api/v1/sites/rome", json!({ "time_zone": "Mars/North" }))
        .await;
    refused.refused(422, "invalid");
    admin.delete("/api/v1/sites/default").await.refused(409, "conflict");
    admin.delete("/api/v1/sites/rome").await.well(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_gets_a_role_whose_password_is_shown_once() {
    let centre = Centre::start().await;
    let admin = Api::program(&centre, Who::Admin);
    let name = centre.db.name().replace('_', "-");
    let body = json!({ "name": name, "login": format!("{}_login_node", centre.db.name()) });
    let added = admin.post("/api/v1/nodes", body).await.well(201);
    assert!(added.text("/password").len() >= 24);
    let at = format!("/api/v1/nodes/{name}");
    let shown = admin.get(&at).await.well(200);
    assert_eq!(shown.at("/manager"), &json!(null));
    assert!(!shown.json.to_string().contains(added.text("/password")));
    let changed = admin.patch(&at, json!({ "manager": "127.0.0.1:5038" })).await.well(200);
    assert_eq!(
        (changed.text("/manager"), changed.text("/manager_user")),
        ("127.0.0.1:5038", "peerage")
    );
    for bad in ["127.0.0.1", "a b:1", "x:70000", "x:0"] {
        let refused = admin.patch(&at, json!({ "manager": bad })).await;
        refused.refused(422, "invalid");
        assert_eq!(refused.text("/details/field"), "manager");
    }
    let rotated = admin.post(&format!("{at}/password"), json!({})).await.well(200);
    assert_ne!(rotated.text("/password"), added.text("/password"));
    admin.delete(&at).await.well(204);
    admin.get(&at).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_lets_in_until_it_expires_or_is_removed_and_never_for_more_than_its_user() {
    let centre = Centre::start().await;
    let admin = Api::program(&centre, Who::Admin);
    let made = admin
        .post("/api/v1/tokens", json!({ "name": "crm", "role": "admin" }))
        .await
        .well(201);
    let crm = Api::with_token(&centre, made.text("/token"));
    let me = crm.get("/api/v1/me").await.well(200);
    assert_eq!(
        (me.text("/token"), me.at("/username"), me.at("/csrf")),
        ("crm", &json!(null), &json!(null))
    );
    assert!(
        !admin
            .get("/api/v1/tokens")
            .await
            .well(200)
            .json
            .to_string()
            .contains(made.text("/token"))
    );
    centre
        .db
        .psql("update peerage.api_token set expires_at = now() - interval '1 second' where name = 'crm'");
    crm.get("/api/v1/me").await.refused(401, "bad_token");
    centre
        .db
        .psql("update peerage.api_token set expires_at = null where name = 'crm'");
    crm.get("/api/v1/me").await.well(200);
    admin.delete("/api/v1/tokens/crm").await.well(204);
    crm.get("/api/v1/me").await.refused(401, "bad_token");
    let too_much = json!({ "name": "x", "role": "admin", "username": "ada" });
    let refused = admin.post("/api/v1/tokens", too_much).await;
    assert!(refused.status == 422 || refused.status == 409, "{refused:?}");
    // A user who is made less is less by token at once, and one who is disabled is nobody.
    let ann = Api::with_token(&centre, &Who::Sue.token());
    ann.get("/api/v1/agents").await.well(200);
    admin
        .patch("/api/v1/users/sue", json!({ "disabled": true }))
        .await
        .well(200);
    ann.get("/api/v1/agents").await.refused(401, "bad_token");
}
