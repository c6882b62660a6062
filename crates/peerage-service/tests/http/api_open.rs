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
    assert_eq!(message, "page not found: `/api/v1/no-such-thing`");
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
    assert!(page.text().await.unwrap().contains("Page not found: `/no/such/page`"));
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
            .starts_with("the body is not JSON: EOF")
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
    assert_eq!(not.text("/missing/0"), "the database does not respond");
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

#[tokio::test(flavor = "multi_thread")]
async fn readiness_names_what_keeps_the_database_from_being_used() {
    let centre = Centre::start().await;
    let nobody = Api::nobody(&centre);
    let ready = async || {
        until(&nobody, "/health/ready", |answer| answer.status == 200).await;
    };
    ready().await;
    for (breaks, mends, said) in [
        (
            "drop view asterisk.ps_endpoints",
            None,
            "views are missing (asterisk.ps_endpoints): `peerage db migrate`",
        ),
        (
            "drop schema asterisk cascade",
            None,
            "views are missing (asterisk.ps_aors",
        ),
        (
            "revoke select on asterisk.ps_auths from peerage_asterisk",
            None,
            "the schemas were changed since they were installed",
        ),
        (
            "insert into peerage.__diesel_schema_migrations (version) values ('99999999999999')",
            Some("delete from peerage.__diesel_schema_migrations where version = '99999999999999'"),
            "a newer release (migrations 99999999999999)",
        ),
        (
            "delete from peerage.__diesel_schema_migrations where version = '00000000000020'",
            Some("insert into peerage.__diesel_schema_migrations (version) values ('00000000000020')"),
            "1 migrations of this release have not run",
        ),
        (
            "alter table peerage.view_install rename to hidden",
            Some("alter table peerage.hidden rename to view_install"),
            "the tables are not there: `peerage db migrate`",
        ),
    ] {
        centre.db.psql(breaks);
        let not = nobody.get("/health/ready").await.well(503);
        assert!(not.text("/missing/0").contains(said), "{breaks}: {not:?}");
        match mends {
            Some(mends) => drop(centre.db.psql(mends)),
            None => {
                // A schema that is gone is made anew, and so are its views.
                let url = centre.db.url().parse().unwrap();
                tokio::task::spawn_blocking(move || {
                    let mut connection = peerage_store::connect(&url).unwrap();
                    if peerage_views::install::migrate(&mut connection).unwrap().views
                        == peerage_views::plan::Plan::Unchanged
                    {
                        peerage_views::install::install_again(&mut connection).unwrap();
                    }
                })
                .await
                .unwrap();
            }
        }
        ready().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_names_what_keeps_a_node_from_the_database() {
    let centre = Centre::start().await;
    let nobody = Api::nobody(&centre);
    until(&nobody, "/health/ready", |answer| answer.status == 200).await;
    let login = centre.db.node("pbx1").user;
    let told = nobody.get("/health/ready").await.well(200);
    assert_eq!(told.json.pointer("/nodes"), None, "{told:?}");
    let name = centre.db.name().to_owned();
    for (breaks, said) in [
        (
            format!("revoke peerage_asterisk from {login}"),
            "is no member of peerage_asterisk".to_owned(),
        ),
        (
            format!("alter role {login} reset search_path"),
            "has no search_path".to_owned(),
        ),
        (
            format!("alter role {login} in database {name} set search_path = public"),
            "has the search_path `public`".to_owned(),
        ),
        (format!("alter role {login} nologin"), "may not sign in".to_owned()),
        (
            format!(
                "insert into peerage.node_clock (login, ahead, backend, seen_at) values ('{login}', 3600, 1, clock_timestamp())"
            ),
            "its clock is 3600 seconds ahead".to_owned(),
        ),
        (
            "update peerage.node set login = 'nobody_of_that_name'".to_owned(),
            "nobody_of_that_name is gone".to_owned(),
        ),
    ] {
        centre.db.psql(&breaks);
        let told = nobody.get("/health/ready").await.well(200);
        assert_eq!(told.text("/nodes/0/node"), "pbx1");
        let all = told.json["nodes"].to_string();
        assert!(all.contains(&said), "{breaks}: {all}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_without_room_is_503_and_not_ready_until_there_is_room() {
    let directory = tempfile::Builder::new()
        .prefix("peerage-full-")
        .tempdir_in("/tmp")
        .unwrap();
    let small = Small::mount(directory.path());
    let centre = Centre::start().await;
    let (nobody, admin) = (Api::nobody(&centre), Api::program(&centre, Who::Admin));
    until(&nobody, "/health/ready", |answer| answer.status == 200).await;
    let name = centre.db.name().to_owned();
    let elsewhere = TestDb::empty();
    elsewhere.psql(&format!(
        "create tablespace {name}_small location '{}'",
        small.0.display()
    ));
    // The database goes there, while nobody is connected.
    elsewhere.psql(&format!("alter database {name} allow_connections false"));
    elsewhere.psql(&format!(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}' and pid <> pg_backend_pid()"
    ));
    elsewhere.psql(&format!("alter database {name} set tablespace {name}_small"));
    elsewhere.psql(&format!("alter database {name} allow_connections true"));
    until(&nobody, "/health/ready", |answer| answer.status == 200).await;

    let filler = small.fill();
    let not = nobody.get("/health/ready").await.well(503);
    assert!(not.text("/missing/0").contains("no room left"), "{not:?}");
    let mut refused = None;
    for number in 0..4000 {
        let reason = serde_json::json!({ "code": format!("r{number}"), "label": "x".repeat(60) });
        let answer = admin.post("/api/v1/pause-reasons", reason).await;
        if answer.status >= 300 {
            refused = Some(answer);
            break;
        }
    }
    refused.unwrap().refused(503, "database_unavailable");
    std::fs::remove_file(filler).unwrap();
    until(&nobody, "/health/ready", |answer| answer.status == 200).await;
    let reason = serde_json::json!({ "code": "after", "label": "After" });
    let added = admin.post("/api/v1/pause-reasons", reason).await;
    assert!(added.status < 300, "{added:?}");
    drop(centre);
    elsewhere.psql(&format!("drop database if exists {name} with (force)"));
    elsewhere.psql(&format!("drop tablespace {name}_small"));
}

/// A file system of a few megabytes, unmounted with this value.
struct Small(std::path::PathBuf);

impl Small {
    fn mount(directory: &std::path::Path) -> Self {
        // The server's user has to own it.
        let owner = std::process::Command::new("id")
            .args(["-u", "postgres"])
            .output()
            .unwrap();
        let owner = String::from_utf8(owner.stdout).unwrap();
        let mounted = std::process::Command::new("mount")
            .args([
                "-t",
                "tmpfs",
                "-o",
                &format!("size=48m,mode=0700,uid={}", owner.trim()),
                "tmpfs",
            ])
            .arg(directory)
            .status();
        assert!(mounted.unwrap().success(), "a file system cannot be mounted");
        Self(directory.to_owned())
    }

    /// Fills it to the last block.
    fn fill(&self) -> std::path::PathBuf {
        let path = self.0.join("filler");
        let mut file = std::fs::File::create(&path).unwrap();
        while file.write_all(&[0; 4096]).is_ok() {}
        path
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount")
            .args(["--lazy"])
            .arg(&self.0)
            .status();
    }
}
