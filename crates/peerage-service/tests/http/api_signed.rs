//! Signing in to the interface for programs as a browser, and what ends that.

use serde_json::json;

use crate::api::Api;
use crate::support::{Centre, PASSWORD, Who, mentions};

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_changes_something_only_with_the_token_that_it_was_given() {
    let centre = Centre::start().await;
    let mut admin = Api::browser(&centre, Who::Admin).await;
    admin
        .patch("/api/v1/agents/1001", json!({ "alias": "A" }))
        .await
        .well(200);
    let right = admin.csrf.take();
    admin
        .patch("/api/v1/agents/1001", json!({ "alias": "B" }))
        .await
        .refused(403, "csrf");
    admin.csrf = Some("0".repeat(64));
    admin.delete("/api/v1/agents/1001").await.refused(403, "csrf");
    admin.csrf = right;
    let foreign = admin
        .request(reqwest::Method::DELETE, "/api/v1/agents/1001")
        .header("sec-fetch-site", "cross-site");
    admin.send(foreign).await.refused(403, "csrf");
    let agent = admin.get("/api/v1/agents/1001").await.well(200);
    assert_eq!(agent.text("/alias"), "A");
    admin.post("/api/v1/sign-out", json!({})).await.well(204);
    admin.get("/api/v1/me").await.refused(401, "not_signed_in");
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_passwords_lock_a_user_until_an_administrator_unlocks() {
    let centre = Centre::start().await;
    let (nobody, admin) = (Api::nobody(&centre), Api::program(&centre, Who::Admin));
    nobody
        .sign_in("no.such.user", PASSWORD)
        .await
        .refused(401, "wrong_password");
    for _ in 0..5 {
        nobody
            .sign_in("bob", "wrong-horse")
            .await
            .refused(401, "wrong_password");
    }
    nobody.sign_in("bob", PASSWORD).await.refused(429, "locked");
    let bob = admin.get("/api/v1/users/bob").await.well(200);
    assert!(bob.at("/locked_until").is_string(), "{bob:?}");
    admin
        .patch("/api/v1/users/bob", json!({ "unlock": true }))
        .await
        .well(200);
    nobody.sign_in("bob", PASSWORD).await.well(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_asks_nothing_for_too_long_is_signed_out() {
    let centre = Centre::start().await;
    let sue = Api::browser(&centre, Who::Sue).await;
    sue.get("/api/v1/me").await.well(200);
    centre
        .db
        .psql("update peerage.console_session set seen_at = now() - interval '11 hours 59 minutes'");
    sue.get("/api/v1/me").await.well(200);
    centre
        .db
        .psql("update peerage.console_session set seen_at = now() - interval '12 hours 1 minute'");
    sue.get("/api/v1/me").await.refused(401, "not_signed_in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_user_is_out_at_once_and_does_not_come_in() {
    let centre = Centre::start().await;
    let (bob, admin) = (Api::browser(&centre, Who::Bob).await, Api::program(&centre, Who::Admin));
    admin
        .patch("/api/v1/users/bob", json!({ "disabled": true }))
        .await
        .well(200);
    bob.get("/api/v1/me").await.refused(401, "not_signed_in");
    bob.sign_in("bob", PASSWORD).await.refused(403, "disabled");
    bob.sign_in("bob", "wrong-horse").await.refused(401, "wrong_password");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_password_ends_the_other_browsers_and_not_this_one() {
    let centre = Centre::start().await;
    let (here, there) = (
        Api::browser(&centre, Who::Admin).await,
        Api::browser(&centre, Who::Admin).await,
    );
    let change = |old: &str| json!({ "old": old, "new": "another-horse" });
    here.put("/api/v1/me/password", change("wrong-horse"))
        .await
        .refused(401, "wrong_password");
    there.get("/api/v1/me").await.well(200);
    here.put("/api/v1/me/password", change(PASSWORD)).await.well(204);
    here.get("/api/v1/me").await.well(200);
    there.get("/api/v1/me").await.refused(401, "not_signed_in");
    there.sign_in("ann", PASSWORD).await.refused(401, "wrong_password");
    there.sign_in("ann", "another-horse").await.well(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_that_is_no_token_is_refused_even_beside_a_cookie() {
    let centre = Centre::start().await;
    let admin = Api::browser(&centre, Who::Admin).await;
    for header in ["Basic YW5uOng=", "Bearer", "Bearer ", "bearer x", "Bearer nonsense"] {
        let request = admin
            .request(reqwest::Method::GET, "/api/v1/me")
            .header("authorization", header);
        let answer = admin.send(request).await;
        assert_eq!(answer.status, 401, "{header}: {answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_hears_changes_that_concern_it() {
    let centre = Centre::start().await;
    let (admin, bob) = (Api::program(&centre, Who::Admin), Api::program(&centre, Who::Bob));
    let mut stream = bob
        .request(reqwest::Method::GET, "/api/v1/events")
        .send()
        .await
        .unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let mut heard = String::from_utf8(stream.chunk().await.unwrap().unwrap().to_vec()).unwrap();
    assert!(heard.contains("event: "), "{heard}");
    admin.post("/api/v1/agents/1002/login", json!({})).await.well(200);
    let wanted = async {
        while !heard.contains("\"agents\"") {
            heard.push_str(std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap());
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), wanted)
        .await
        .expect("it hears of it");
    // Nothing is said of whom: an agent hears only of himself.
    assert!(!mentions(&heard, "1002"), "{heard}");
}
