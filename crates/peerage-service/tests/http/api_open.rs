//! What answers without a sign-in, and what holds for every answer.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use peerage_testkit::db::TestDb;
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE};

use crate::api::{Api, until};
use crate::support::{Centre, Who, mentions};

#[tokio::test(flavor = "multi_thread")]
async fn the_service_is_ready_without_a_node_and_says_what_is_missing_when_it_is_not() {
    let centre = Centre::start().await;
    let nobody = Api::nobody(&centre);
    nobody.get("/health/live").await.well(200);
    let ready = until(&nobody, "/health/ready", |answer| answer.status == 200).await;
    assert_eq!(
        ready.json,
        serde_json::json!({ "ready": true, "missing": [], "leads": [], "stands_by": [] })
    );
    centre
        .db
        .psql("update peerage.view_install set content_hash = repeat('0', 64)");
    let not = nobody.get("/health/ready").await.well(503);
    assert!(not.text("/missing/0").contains("peerage db migrate"), "{not:?}");
    nobody.get("/health/live").await.well(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_counted_by_route_and_never_by_path() {
    let centre = Centre::start().await;
    let admin = Api::program(&centre, Who::Admin);
    admin.get("/api/v1/agents/1001").await.well(200);
    admin.get("/api/v1/agents/9999").await.refused(404, "not_found");
    admin.get("/no/such/page").await.well(404);
    let metrics = Api::nobody(&centre).get("/metrics").await.well(200);
    let metrics = metrics.json.as_str().unwrap();
    for line in [
        r#"peerage_http_requests_total{method="GET",route="/api/v1/agents/{number}",status="200"} 1"#,
        r#"peerage_http_requests_total{method="GET",route="/api/v1/agents/{number}",status="404"} 1"#,
        r#"peerage_http_requests_total{method="GET",route="none",status="404"} 1"#,
        r#"peerage_http_request_seconds_count{method="GET",route="/api/v1/agents/{number}"} 2"#,
    ] {
        assert!(metrics.contains(line), "{line}\n{metrics}");
    }
    assert!(!mentions(metrics, "1001"), "{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_paths_and_methods_are_problems_for_programs_and_pages_for_people() {
    let centre = Centre::start().await;
    let admin = Api::program(&centre, Who::Admin);
    let message = admin
        .get("/api/v1/no-such-thing")
        .await
        .refused(404, "not_found")
        .to_owned();
    assert_eq!(message, "there is nothing at `/api/v1/no-such-thing`");
    let answer = admin.client.delete(centre.at("/api/v1/agents")).send().await.unwrap();
    assert_eq!(answer.status(), 405);
    assert!(answer.headers()["allow"].to_str().unwrap().contains("POST"));
    assert!(answer.text().await.unwrap().contains("method_not_allowed"));
    let page = centre
        .nobody()
        .get(centre.at("/no/such/page"))
        .header(ACCEPT, "text/html")
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 404);
    assert!(page.headers()[CONTENT_TYPE].to_str().unwrap().starts_with("text/html"));
    assert!(
        page.text()
            .await
            .unwrap()
            .contains("There is nothing at `/no/such/page`")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_an_id_and_tells_browsers_to_be_careful() {
    let centre = Centre::start_with(|settings| settings.https = true).await;
    let asked = centre
        .nobody()
        .get(centre.at("/api/v1/me"))
        .header("x-request-id", "from-the-proxy.1");
    let answer = asked.send().await.unwrap();
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("x-request-id"), "from-the-proxy.1");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("referrer-policy"), "same-origin");
    assert!(header("strict-transport-security").starts_with("max-age="));
    assert!(header("content-security-policy").starts_with("default-src 'none'; script-src 'self';"));
    let forged = centre
        .nobody()
        .get(centre.at("/health/live"))
        .header("x-request-id", "a b\u{e9}");
    let made = forged.send().await.unwrap().headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    assert_eq!(made.len(), 16, "{made}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_large_or_of_another_type_or_no_json_is_refused_in_words() {
    let centre = Centre::start().await;
    let admin = Api::program(&centre, Who::Admin);
    let post = || admin.request(Method::POST, "/api/v1/agents");
    let large = post()
        .header(CONTENT_TYPE, "application/json")
        .body("x".repeat(64 * 1024 + 1));
    admin.send(large).await.refused(413, "too_large");
    admin
        .send(post().body("{}"))
        .await
        .refused(415, "unsupported_media_type");
    let broken = post().header(CONTENT_TYPE, "application/json").body("{\"number\":");
    assert!(
        admin
            .send(broken)
            .await
            .refused(400, "bad_json")
            .starts_with("the body is no JSON: EOF")
    );
    let latin = post()
        .header(CONTENT_TYPE, "application/json")
        .body(vec![b'"', 0xe9, b'"']);
    admin.send(latin).await.refused(400, "bad_json");
    // An import takes more.
    let file = format!("number,name,secret\n{}", "9001,Ada,correct-horse\n".repeat(10_000));
    let import = admin
        .request(Method::POST, "/api/v1/import/agents")
        .header(CONTENT_TYPE, "text/csv")
        .body(file);
    admin.send(import).await.refused(422, "invalid_lines");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_database_is_said_and_mends_by_itself() {
    let centre = Centre::start().await;
    let admin = Api::program(&centre, Who::Admin);
    until(&Api::nobody(&centre), "/health/ready", |answer| answer.status == 200).await;
    let elsewhere = TestDb::empty();
    elsewhere.psql(&format!(
        "alter database {0} allow_connections false;
         select pg_terminate_backend(pid) from pg_stat_activity where datname = '{0}'",
        centre.db.name()
    ));
    let answer = admin.get("/api/v1/agents").await;
    answer.refused(503, "database_unavailable");
    let not = Api::nobody(&centre).get("/health/ready").await.well(503);
    assert_eq!(not.text("/missing/0"), "the database does not answer");
    elsewhere.psql(&format!("alter database {} allow_connections true", centre.db.name()));
    until(&admin, "/api/v1/agents", |answer| answer.status == 200).await;
    until(&Api::nobody(&centre), "/health/ready", |answer| answer.status == 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_http_ends_the_connection_and_harms_nobody() {
    let centre = Centre::start().await;
    let address = centre.service.as_ref().unwrap().address();
    let send = |bytes: &[u8]| {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        // The service may hang up before it has heard all.
        let _ = stream.write_all(bytes).and_then(|()| stream.shutdown(Shutdown::Write));
        let mut answer = Vec::new();
        let ended = stream.read_to_end(&mut answer).err().map(|error| error.kind());
        assert!(
            !matches!(ended, Some(ErrorKind::WouldBlock | ErrorKind::TimedOut)),
            "the connection goes on"
        );
        String::from_utf8_lossy(&answer).into_owned()
    };
    for junk in [
        &b"\x16\x03\x01\x02\x00"[..],
        b"GET / HTTP/9.9\r\n\r\n",
        b"\r\n\r\nhello\r\n\r\n",
    ] {
        let answer = send(junk);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    let head = format!(
        "GET /health/live HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n",
        "x".repeat(128 * 1024)
    );
    let answer = send(head.as_bytes());
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    Api::nobody(&centre).get("/health/live").await.well(200);
}
