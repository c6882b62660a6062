use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::session::{Session, finish};

/// A service, ended at the end of the test, however that ends.
pub(crate) struct Served {
    child: Child,
    address: String,
}

impl Served {
    pub(crate) fn start(session: &Session, line: &str) -> Self {
        let mut child = session.command(line).spawn().unwrap();
        let mut first = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut first).unwrap();
        let address = first
            .trim()
            .strip_prefix("http://")
            .and_then(|rest| rest.strip_suffix('/'))
            .unwrap_or_else(|| panic!("no address: {first:?}"))
            .to_owned();
        Self { child, address }
    }

    /// What it answers to a request for this path.
    pub(crate) fn get(&self, path: &str) -> String {
        self.get_with(path, "")
    }

    /// The same with headers, each ended by a line break.
    fn get_with(&self, path: &str, headers: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {}\r\n{headers}Connection: close\r\n\r\n",
            self.address
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Waits until requests make sense.
    pub(crate) fn wait_until_ready(&self) {
        let deadline = Instant::now() + Duration::from_secs(90);
        loop {
            let answer = self.get("/health/ready");
            if answer.starts_with("HTTP/1.1 200") {
                return;
            }
            assert!(Instant::now() < deadline, "{answer}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Ends it as a system does, and returns its exit code and what it said.
    pub(crate) fn terminate(mut self) -> (i32, String) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap().code().unwrap(), said)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_service_says_where_it_is_serves_and_ends_in_good_order() {
    let session = Session::new();
    let served = Served::start(&session, "serve --listen 127.0.0.1:0");
    assert!(served.get("/health/live").starts_with("HTTP/1.1 200"));
    served.wait_until_ready();
    let page = served.get("/sign-in");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("<form"), "{page}");
    let (code, said) = served.terminate();
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("the service listens") && said.contains("stopping"),
        "{said}"
    );
}

#[test]
fn the_log_says_who_asked_for_what_and_neither_a_secret_nor_whom_it_was_about() {
    let session = Session::new();
    let token = finish(session.command("token add crm --role admin --format json"), "").json();
    let token = token["token"].as_str().unwrap();
    let served = Served::start(&session, "serve --listen 127.0.0.1:0");
    let asked = |token: &str, id: &str| {
        let headers = format!("Authorization: Bearer {token}\r\nX-Request-Id: {id}\r\n");
        served.get_with("/api/v1/agents?search=lovelace", &headers)
    };
    assert!(asked(token, "first").starts_with("HTTP/1.1 200"));
    let wrong = format!("{}x", &token[..token.len() - 1]);
    assert!(asked(&wrong, "second").starts_with("HTTP/1.1 401"));
    let (_, said) = served.terminate();
    let line = |id: &str| {
        let of = format!("request{{id={id}}}");
        let found = said.lines().find(|line| line.contains(&of));
        found.unwrap_or_else(|| panic!("{id} in {said}"))
    };
    for (id, words) in [
        ("first", ["status=200", "actor=\"token:crm\""]),
        ("second", ["status=401", "actor=\"nobody\""]),
    ] {
        for word in words
            .into_iter()
            .chain(["method=\"GET\"", "route=\"/api/v1/agents\"", "milliseconds="])
        {
            assert!(line(id).contains(word), "{word} in {}", line(id));
        }
    }
    for secret in [token, &wrong, "lovelace", "Bearer"] {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
}

#[test]
fn what_stands_in_the_way_is_said() {
    let mut session = Session::new();
    let served = Served::start(&session, "serve --listen 127.0.0.1:0");
    session.hide(served.address.clone(), "[address]");
    let line = format!("serve --listen {}", served.address);
    assert_eq!(session.run(&line).code, 1);
    assert_eq!(session.run("serve --listen nowhere").code, 2);
    session.set("PEERAGE_LISTEN", "nowhere");
    assert_eq!(session.run("serve").code, 2);
    insta::assert_snapshot!(session.transcript());

    let session = Session::without_database();
    let refused = finish(session.command("serve"), "");
    assert_eq!(refused.code, 1);
    assert!(
        refused.stderr.contains("the private cluster is not running"),
        "{}",
        refused.stderr
    );
}

#[test]
fn a_service_that_begins_before_its_database_waits_for_it_and_says_so() {
    let session = Session::new();
    let name = session.db().name().to_owned();
    let elsewhere = peerage_testkit::db::TestDb::empty();
    elsewhere.psql(&format!("alter database {name} rename to {name}_away"));
    let served = Served::start(&session, "serve --listen 127.0.0.1:0");
    assert!(served.get("/health/live").starts_with("HTTP/1.1 200"));
    let answer = served.get("/health/ready");
    assert!(
        answer.starts_with("HTTP/1.1 503") && answer.contains("the database does not respond"),
        "{answer}"
    );
    // Each is told at once; to wait for ten seconds in each would take minutes.
    let began = Instant::now();
    for _ in 0..12 {
        assert!(served.get("/sign-in").starts_with("HTTP/1.1 "));
        assert!(served.get("/health/ready").starts_with("HTTP/1.1 503"));
    }
    assert!(began.elapsed() < Duration::from_secs(100), "{:?}", began.elapsed());
    elsewhere.psql(&format!("alter database {name}_away rename to {name}"));
    served.wait_until_ready();
    let (code, said) = served.terminate();
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("the service waits for the database and tries again"),
        "{said}"
    );
}
