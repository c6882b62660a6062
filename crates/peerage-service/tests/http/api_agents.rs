//! Agents, telephones and agents' state through the interface for programs.

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::json;

use crate::api::{Api, until};
use crate::support::{Centre, Who};

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_is_added_changed_renumbered_and_removed() {
    let centre = Centre::start().await;
    let admin = Api::program(&centre, Who::Admin);
    let body = json!({
        "number": "1010", "name": "Di Fox", "email": "di@example.org", "hot_desk": true, "pin": "4711",
        "permissions": { "move": false },
        "channels": [{ "channel": "chat", "capacity": 5, "auto_answer": 3 }],
        "voice": { "transport": ["tls", "udp"], "codecs": ["opus"], "call_group": [1, 3, 4], "record": "wav49" }
    });
    let added = admin.post("/api/v1/agents", body).await.well(201);
    let secret = added.text("/secret").to_owned();
    assert_eq!(secret.len(), 24, "generated and shown");
    assert_eq!(added.at("/agent/voice/transport"), &json!(["tls", "udp"]));
    assert_eq!(added.at("/agent/permissions/move"), &json!(false));
    assert_eq!(added.at("/agent/permissions/log_out"), &json!(true));
    assert_eq!(added.at("/agent/channels/0/auto_answer"), &json!(3));
    assert_eq!(added.at("/agent/has_pin"), &json!(true));
    assert_eq!(added.text("/agent/state/state"), "offline");
    let shown = admin.get("/api/v1/agents/1010").await.well(200);
    assert!(!shown.json.to_string().contains(&secret), "shown once");

    // Left out stays, null clears, what may not be empty refuses null.
    let change = json!({ "email": null, "voice": { "video": true }, "channels": [] });
    let changed = admin.patch("/api/v1/agents/1010", change).await.well(200);
    assert_eq!(changed.at("/email"), &json!(null));
    assert_eq!(changed.at("/channels"), &json!([]));
    assert_eq!(changed.at("/voice/video"), &json!(true));
    assert_eq!(changed.at("/voice/codecs"), &json!(["opus"]));
    let refused = admin.patch("/api/v1/agents/1010", json!({ "name": null })).await;
    refused.refused(422, "invalid");
    assert_eq!(refused.text("/details/field"), "name");

    // A new number needs a new secret.
    let refused = admin.patch("/api/v1/agents/1010", json!({ "number": "1011" })).await;
    assert!(refused.status == 409 || refused.status == 422, "{refused:?}");
    let moved = json!({ "number": "1011", "secret": "correct-horse" });
    let moved = admin.patch("/api/v1/agents/1010", moved).await.well(200);
    assert_eq!(moved.text("/number"), "1011");
    admin.get("/api/v1/agents/1010").await.refused(404, "not_found");
    admin.delete("/api/v1/agents/1011").await.well(204);
    admin.delete("/api/v1/agents/1011").await.refused(404, "not_found");
    let audited = admin.get("/api/v1/audit?subject=1011").await.well(200);
    assert!(
        audited
            .at("/items")
            .as_array()
            .unwrap()
            .iter()
            .any(|entry| entry["actor"] == "token:ann")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_do_not_go_together_name_the_field_by_its_path() {
    let centre = Centre::start().await;
    let admin = Api::program(&centre, Who::Admin);
    let body = json!({ "number": "1010", "name": "Di", "voice": { "transport": ["wss"] } });
    for refused in [
        admin.post("/api/v1/agents", body).await,
        admin
            .patch("/api/v1/agents/1001", json!({ "voice": { "transport": ["wss"] } }))
            .await,
        admin
            .patch("/api/v1/phones/2001", json!({ "voice": { "transport": ["wss"] } }))
            .await,
    ] {
        refused.refused(422, "invalid");
        assert_eq!(refused.text("/details/field"), "voice.encryption");
    }
    let twice = json!({ "channels": [{ "channel": "chat" }, { "channel": "chat" }] });
    let refused = admin.patch("/api/v1/agents/1001", twice).await;
    assert_eq!(
        refused.refused(422, "invalid"),
        "`channels`: a channel stands there twice"
    );
    let taken = admin
        .post("/api/v1/agents", json!({ "number": "2001", "name": "Di" }))
        .await;
    taken.refused(409, "conflict");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_come_in_pages_searched_and_by_state() {
    let centre = Centre::start().await;
    let admin = Api::program(&centre, Who::Admin);
    let first = admin.get("/api/v1/agents?limit=2").await.well(200);
    assert_eq!(first.at("/items/1/number"), "1002");
    assert_eq!(first.text("/next"), "1002");
    let second = admin.get("/api/v1/agents?limit=2&after=1002").await.well(200);
    assert_eq!(
        (second.at("/items/0/number"), second.at("/next")),
        (&json!("1003"), &json!(null))
    );
    let found = admin.get("/api/v1/agents?search=KING").await.well(200);
    assert_eq!(found.at("/items").as_array().unwrap().len(), 1);
    admin.post("/api/v1/agents/1001/login", json!({})).await.well(200);
    for (query, numbers) in [
        ("logged_in=true", vec!["1001"]),
        ("logged_in=false", vec!["1002", "1003"]),
        ("state=offline", vec!["1002", "1003"]),
        ("state=paused", vec![]),
        ("state=offline&limit=1", vec!["1002"]),
    ] {
        let found = admin.get(&format!("/api/v1/agents?{query}")).await.well(200);
        let items = found.at("/items").as_array().unwrap();
        let found: Vec<&str> = items.iter().map(|item| item["number"].as_str().unwrap()).collect();
        assert_eq!(found, numbers, "{query}");
    }
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=x", "limit"),
        ("after=a_b", "after"),
        ("state=asleep", "state"),
        ("colour=red", "colour"),
    ] {
        let refused = admin.get(&format!("/api/v1/agents?{query}")).await;
        refused.refused(422, "invalid");
        assert_eq!(refused.text("/details/field"), field, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_is_shown_the_agents_and_queues_of_the_own_queues() {
    let centre = Centre::start().await;
    let sue = Api::program(&centre, Who::Sue);
    let agents = sue.get("/api/v1/agents").await.well(200);
    let numbers: Vec<&str> = agents
        .at("/items")
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["number"].as_str().unwrap())
        .collect();
    assert_eq!(numbers, ["1001", "1003"]);
    let queues = sue.get("/api/v1/queues").await.well(200);
    assert_eq!(queues.at("/items").as_array().unwrap().len(), 1);
    assert_eq!(queues.text("/items/0/name"), "sales");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_logs_in_pauses_moves_and_logs_out() {
    let centre = Centre::start().await;
    let ada = Api::browser(&centre, Who::Ada).await;
    let at = |what: &str| format!("/api/v1/agents/1001/{what}");
    let done = ada.post(&at("login"), json!({ "interface": "mobile" })).await.well(200);
    assert_eq!(
        (done.at("/changed"), done.text("/state/now/state")),
        (&json!(true), "available")
    );
    assert_eq!(done.text("/state/now/place/kind"), "mobile");
    let again = ada.post(&at("login"), json!({})).await.well(200);
    assert_eq!(again.at("/changed"), &json!(false));
    ada.post(&at("login"), json!({ "interface": "internal" }))
        .await
        .refused(409, "logged_in_elsewhere");
    let paused = ada
        .post(&at("pause"), json!({ "reason": "coffee", "queue": "sales" }))
        .await
        .well(200);
    assert_eq!(paused.text("/state/now/state"), "partly_paused");
    assert_eq!(paused.at("/state/queues/0/paused/reason"), "coffee");
    assert_eq!(paused.at("/state/queues/0/paused/by"), "console:ada");
    assert_eq!(paused.at("/state/queues/1/paused"), &json!(null));
    ada.post(&at("pause"), json!({ "reason": "nap" }))
        .await
        .refused(409, "unknown_reason");
    ada.post(&at("unpause"), json!({})).await.well(200);
    let moved = ada
        .post(&at("move"), json!({ "interface": "internal" }))
        .await
        .well(200);
    assert_eq!(moved.text("/state/now/place/interface"), "PJSIP/1001");
    ada.post(&at("move"), json!({})).await.refused(422, "invalid");
    ada.post(&at("move"), json!({ "interface": "phone", "phone": "2001" }))
        .await
        .refused(422, "invalid");
    // No call is up, so that the service does it at once.
    ada.post(&at("logout"), json!({ "after_call": true, "reason": "home" }))
        .await
        .well(200);
    until(&ada, &at("state"), |state| state.at("/now/state") == "offline").await;
    let history = ada.get(&at("history")).await.well(200);
    assert_eq!(history.at("/sessions/0/end_cause"), "agent");
    assert_eq!(history.at("/sessions/0/end_reason"), "home");
    let total = |name: &str| history.at(&format!("/totals/{name}")).as_f64().unwrap();
    let paused: f64 = history
        .at("/totals/paused")
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["seconds"].as_f64().unwrap())
        .sum();
    assert!((total("logged_in") - total("available") - total("partly_paused") - paused).abs() < 1e-6);
    ada.get(&at("history?from=2030-01-01T00:00:00Z"))
        .await
        .refused(422, "invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_agent_may_not_do_is_refused_and_bound_to_the_agent_alone() {
    let centre = Centre::start().await;
    let (ada, admin) = (Api::program(&centre, Who::Ada), Api::program(&centre, Who::Admin));
    let forbid =
        json!({ "permissions": { "choose_interface": false, "edit_own_numbers": false, "see_own_history": false } });
    admin.patch("/api/v1/agents/1001", forbid).await.well(200);
    let numbers = json!({ "phone": null, "mobile": "+391" });
    ada.post("/api/v1/agents/1001/login", json!({ "interface": "mobile" }))
        .await
        .refused(403, "not_permitted");
    ada.put("/api/v1/agents/1001/numbers", numbers.clone())
        .await
        .refused(403, "not_permitted");
    ada.get("/api/v1/agents/1001/history")
        .await
        .refused(403, "not_permitted");
    let changed = admin.put("/api/v1/agents/1001/numbers", numbers).await.well(200);
    assert_eq!(
        (changed.at("/phone"), changed.at("/mobile")),
        (&json!(null), &json!("+391"))
    );
    admin
        .post("/api/v1/agents/1001/login", json!({ "interface": "mobile" }))
        .await
        .well(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_telephone_is_offered_taken_forced_and_released() {
    let centre = Centre::start().await;
    let (admin, sue) = (Api::program(&centre, Who::Admin), Api::program(&centre, Who::Sue));
    let offered = admin.get("/api/v1/agents/1003/phones").await.well(200);
    assert_eq!(offered.at("/items/0/state/not_offered"), &json!(null));
    admin
        .post("/api/v1/agents/1003/login", json!({ "phone": "2001" }))
        .await
        .well(200);
    let offered = admin.get("/api/v1/agents/1003/phones").await.well(200);
    assert_eq!(offered.text("/items/0/state/not_offered/code"), "in_use");
    assert!(offered.text("/items/0/state/not_offered/message").contains("Cy Young"));
    let phone = sue.get("/api/v1/phones/2001").await.well(200);
    assert_eq!(phone.text("/state/used_by/agent"), "1003");

    // 1002 is nobody of Sue's.
    admin
        .patch("/api/v1/agents/1002", json!({ "hot_desk": true }))
        .await
        .well(200);
    let force = |reason: serde_json::Value| json!({ "phone": "2001", "force": true, "reason": reason });
    let at = "/api/v1/agents/1002/login";
    admin
        .post(at, force(json!(null)))
        .await
        .refused(409, "force_needs_reason");
    admin.post(at, force(json!("desk needed"))).await.well(200);
    let cy = admin.get("/api/v1/agents/1003/history").await.well(200);
    assert_eq!(cy.text("/sessions/0/end_reason"), "desk needed");
    let release = json!({ "reason": "lunch" });
    sue.post("/api/v1/phones/2001/release", release.clone())
        .await
        .refused(403, "not_permitted");
    let freed = admin.post("/api/v1/phones/2001/release", release).await.well(200);
    assert_eq!(
        (freed.at("/changed"), freed.at("/phone/state/used_by")),
        (&json!(true), &json!(null))
    );
    let nobody = sue.post("/api/v1/phones/2001/release", json!({})).await.well(200);
    assert_eq!(nobody.at("/changed"), &json!(false));
}

#[tokio::test(flavor = "multi_thread")]
async fn telephones_are_added_changed_and_removed() {
    let centre = Centre::start().await;
    let admin = Api::program(&centre, Who::Admin);
    let body = json!({ "number": "2010", "name": "Lobby", "secret": "correct-horse", "emergency_callerid": "0039" });
    let added = admin.post("/api/v1/phones", body).await.well(201);
    assert_eq!(
        (added.at("/secret"), added.text("/phone/emergency_callerid")),
        (&json!(null), "0039")
    );
    let changed = admin
        .patch(
            "/api/v1/phones/2010",
            json!({ "emergency_callerid": null, "disabled": true }),
        )
        .await
        .well(200);
    assert_eq!(
        (changed.at("/emergency_callerid"), changed.at("/disabled")),
        (&json!(null), &json!(true))
    );
    assert_eq!(changed.text("/state/not_offered/code"), "disabled");
    admin
        .post("/api/v1/phones", json!({ "name": "No number" }))
        .await
        .refused(422, "invalid");
    admin.delete("/api/v1/phones/2010").await.well(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_tried_then_imported_whole_or_not_at_all() {
    let centre = Centre::start().await;
    let admin = Api::program(&centre, Who::Admin);
    let import = async |query: &str, file: &str| {
        let request = admin.request(Method::POST, &format!("/api/v1/import/agents{query}"));
        admin
            .send(request.header(CONTENT_TYPE, "text/csv").body(file.to_owned()))
            .await
    };
    let file = "number,name,secret,codecs\n7001,Ada,correct-horse,opus\n7002,Bo,,alaw\n";
    let refused = import("", file).await;
    refused.refused(422, "invalid_lines");
    assert_eq!(refused.at("/details/lines/0/line"), &json!(3));
    let tried = import("?dry_run=true&generate_secrets=true", file).await.well(200);
    assert_eq!((tried.at("/lines"), tried.at("/secrets")), (&json!(2), &json!([])));
    admin.get("/api/v1/agents/7001").await.refused(404, "not_found");
    let done = import("?generate_secrets=true", file).await.well(200);
    assert_eq!(
        (done.at("/secrets/0/number"), done.at("/dry_run")),
        (&json!("7002"), &json!(false))
    );
    admin.get("/api/v1/agents/7002").await.well(200);
    let bad = import("", "number,name,secret\n7003,Cy,correct-horse\n70 04,,x\n").await;
    assert_eq!(bad.at("/details/lines").as_array().unwrap().len(), 1);
    assert!(
        bad.text("/details/lines/0/message")
            .contains("`secret` cannot be `***`"),
        "{bad:?}"
    );
    admin.get("/api/v1/agents/7003").await.refused(404, "not_found");
    let unknown = import("", "number,name,colour\n").await;
    assert!(unknown.refused(422, "invalid").contains("`colour`"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_ends_nobodys_session_but_those_of_the_own_agents() {
    let centre = Centre::start().await;
    let (admin, sue) = (Api::program(&centre, Who::Admin), Api::program(&centre, Who::Sue));
    let desk = |phone: &str| json!({ "phone": phone, "force": true, "reason": "needed" });
    admin
        .patch("/api/v1/agents/1001", json!({ "hot_desk": true }))
        .await
        .well(200);
    admin
        .patch("/api/v1/agents/1002", json!({ "hot_desk": true }))
        .await
        .well(200);
    admin
        .post("/api/v1/agents/1002/login", json!({ "phone": "2001" }))
        .await
        .well(200);
    // 1002, who is there, is none of hers; 1003 and 1001 are.
    sue.post("/api/v1/agents/1003/login", desk("2001"))
        .await
        .refused(403, "not_permitted");
    sue.post("/api/v1/agents/1003/login", json!({ "phone": "2002" }))
        .await
        .well(200);
    sue.post("/api/v1/agents/1003/move", desk("2001"))
        .await
        .refused(403, "not_permitted");
    let bob = admin.get("/api/v1/agents/1002/state").await.well(200);
    assert_ne!(bob.text("/now/state"), "offline");
    sue.post("/api/v1/agents/1001/login", desk("2002")).await.well(200);
    let cy = admin.get("/api/v1/agents/1003/state").await.well(200);
    assert_eq!(cy.text("/now/state"), "offline");
    let freed = sue
        .post("/api/v1/phones/2002/release", json!({ "reason": "needed" }))
        .await
        .well(200);
    assert_eq!(freed.at("/changed"), &json!(true));
}
