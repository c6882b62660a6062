//! Guessing, locking out and flooding at the sign-in.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use peerage_testkit::db::TestDb;
use tempfile::TempDir;

const PASSWORD: &str = "correct-horse-battery";

/// Ten times what anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A service as a process of its own, with an administrator `root`; its log is a file.
struct Served {
    child: Child,
    address: SocketAddr,
    db: TestDb,
    directory: TempDir,
}

impl Served {
    /// Begins it under a shell's limits, such as `ulimit -Sn 1024`, with more settings.
    fn start(limits: &str, settings: &[(&str, &str)]) -> Self {
        let db = TestDb::new();
        let directory = TempDir::new().unwrap();
        let peerage = peerage_testkit::command::peerage().unwrap();
        let mut added = Command::new(peerage)
            .args(["user", "add", "root", "--role", "admin", "--password-stdin"])
            .env("PEERAGE_DATABASE_URL", db.url())
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        added.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
        assert!(added.wait().unwrap().success());
        let log = std::fs::File::create(directory.path().join("log")).unwrap();
        let mut child = Command::new("bash")
            .args(["-c", &format!("{limits} exec \"$0\" serve --listen 127.0.0.1:0")])
            .arg(peerage)
            .env("PEERAGE_DATABASE_URL", db.url())
            .env("PEERAGE_HOME", directory.path())
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut first)
            .unwrap();
        let address = first.trim().trim_start_matches("http://").trim_end_matches('/');
        Self {
            address: address.parse().unwrap(),
            child,
            db,
            directory,
        }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.directory.path().join("log")).unwrap()
    }

    /// Resident memory in MiB.
    fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.split_whitespace().next().unwrap().parse::<u64>().unwrap() / 1024
    }

    /// What comes back for a request as it is written.
    fn say(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut text = Vec::new();
        // Who is refused early may find the connection reset.
        let _ = stream.read_to_end(&mut text);
        Answer(String::from_utf8_lossy(&text).into_owned())
    }

    fn get(&self, path: &str, headers: &str) -> Answer {
        self.say(&format!(
            "GET {path} HTTP/1.1\r\nHost: x\r\n{headers}Connection: close\r\n\r\n"
        ))
    }

    fn sign_in(&self, user: &str, password: &str, headers: &str) -> Answer {
        let body = format!("username={}&password={}", encoded(user), encoded(password));
        let length = body.len();
        self.say(&format!(
            "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {length}\r\n{headers}Connection: close\r\n\r\n{body}"
        ))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Answer(String);

impl Answer {
    fn status(&self) -> &str {
        self.0.split(' ').nth(1).unwrap_or("none")
    }

    fn header(&self, name: &str) -> Option<&str> {
        let (head, _) = self.0.split_once("\r\n\r\n")?;
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
    }

    /// All cookies that are set, as a browser sends them.
    fn cookies(&self) -> String {
        let set = self.0.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
        let pairs: Vec<&str> = set.filter_map(|cookie| cookie.split(';').next()).collect();
        format!("Cookie: {}\r\n", pairs.join("; "))
    }

    /// What the page says; its head tells the time.
    fn body(&self) -> &str {
        self.0.split_once("<main").map_or("", |(_, body)| body)
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[test]
fn a_locked_user_is_no_oracle_and_costs_no_hash() {
    let served = Served::start("", &[]);
    let refused: Vec<Answer> = (0..5).map(|_| served.sign_in("root", "guess", "")).collect();
    assert!(refused.iter().all(|answer| answer.status() == "401"));
    let (wrong, right) = (
        served.sign_in("root", "guess", ""),
        served.sign_in("root", PASSWORD, ""),
    );
    assert_eq!((wrong.status(), right.status()), ("429", "429"), "{}", right.0);
    assert!(wrong.body().contains("Too many sign-ins have failed"), "{}", wrong.0);
    assert_eq!(wrong.body(), right.body());
    let wait: u64 = right.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    // A name that nobody has, and one that nobody can have, are answered alike.
    for name in ["nobody", "no-body@example.com"] {
        let answers: Vec<String> = (0..6)
            .map(|_| served.sign_in(name, "guess", "").status().to_owned())
            .collect();
        assert_eq!(answers, ["401", "401", "401", "401", "401", "429"], "{name}");
        assert_eq!(
            served.sign_in(name, "guess", "").body().replace(name, "root"),
            wrong.body()
        );
    }
    // So quick that no hash is made: fifty take no longer than ten that are compared.
    let compared = Instant::now();
    (0..10).for_each(|number| drop(served.sign_in(&format!("u{number}"), "guess", "")));
    let compared = compared.elapsed();
    let locked = Instant::now();
    (0..50).for_each(|_| drop(served.sign_in("root", "guess", "")));
    assert!(
        locked.elapsed() < 5 * compared,
        "{:?} against {compared:?}",
        locked.elapsed()
    );
}

#[test]
fn an_outsider_with_many_addresses_guesses_five_times_and_the_known_browser_signs_in() {
    let served = Served::start("", &[("PEERAGE_TRUSTED_PROXIES", "127.0.0.0/8")]);
    let from = |address: &str| format!("X-Forwarded-For: 203.0.113.1, {address}\r\n");
    let known = served.sign_in("root", PASSWORD, &from("198.51.100.7"));
    assert_eq!(known.status(), "303", "{}", known.0);
    let compared = (1..=30)
        .filter(|last| {
            served
                .sign_in("root", "guess", &from(&format!("192.0.2.{last}")))
                .status()
                == "401"
        })
        .count();
    assert_eq!(compared, 5);
    assert_eq!(served.sign_in("root", PASSWORD, &from("192.0.2.77")).status(), "429");
    // The same browser somewhere else, and any browser at the user's own address.
    let abroad = format!("{}{}", from("192.0.2.78"), known.cookies());
    assert_eq!(served.sign_in("root", PASSWORD, &abroad).status(), "303");
    assert_eq!(served.sign_in("root", PASSWORD, &from("198.51.100.7")).status(), "303");
    // The addresses that are kept are the proxy's word, and not what the client made up before it.
    let kept = served
        .db
        .psql("select distinct address from peerage.console_session order by 1");
    assert_eq!(kept.lines().collect::<Vec<_>>(), ["192.0.2.78", "198.51.100.7"]);
    assert!(served.log().contains("address=192.0.2.30 ") && !served.log().contains("203.0.113.1"));
}

#[test]
fn forged_headers_of_somebody_who_is_no_proxy_change_nothing() {
    let served = Served::start("", &[("PEERAGE_TRUSTED_PROXIES", "192.0.2.0/24")]);
    for (number, forged) in [
        "X-Forwarded-For: 198.51.100.1\r\n",
        "Forwarded: for=198.51.100.1\r\n",
        "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 198.51.100.1\r\nForwarded: for=\"[2001:db8::1]:1\"\r\n",
        "X-Real-IP: 198.51.100.1\r\n",
        "X-Forwarded-For: \r\n",
        "Forwarded: ,,;for=;=\"\r\n",
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(
            served.sign_in(&format!("user{number}"), "guess", forged).status(),
            "401"
        );
    }
    let log = served.log();
    let failed: Vec<&str> = log.lines().filter(|line| line.contains("sign-in failed")).collect();
    assert_eq!(failed.len(), 6, "{log}");
    assert!(failed.iter().all(|line| line.contains("address=127.0.0.1 ")), "{log}");
}

#[test]
fn the_audit_knows_from_where_and_a_locked_user_fills_it_no_further() {
    let served = Served::start("", &[("PEERAGE_TRUSTED_PROXIES", "127.0.0.1")]);
    let signed_in = served.sign_in("root", PASSWORD, "X-Forwarded-For: 2001:db8::7\r\n");
    let cookies = signed_in.cookies();
    let page = served.get("/password", &cookies);
    let (_, csrf) = page.0.split_once("name=\"csrf\" value=\"").unwrap();
    let csrf = &csrf[..64];
    let body = format!("csrf={csrf}&old={PASSWORD}&new=another-horse-7&again=another-horse-7");
    let changed = served.say(&format!(
        "POST /password HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.1.1.1, 2001:db8::8\r\n{cookies}Content-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n{body}",
        body.len()
    ));
    assert_eq!(changed.status(), "303", "{}", changed.0);
    let audited = "select address from peerage.audit_entry where after ? 'password_hash' and operation = 'update'";
    assert_eq!(served.db.psql(audited), "2001:db8::8");
    let rows = || {
        served
            .db
            .psql("select count(*) from peerage.audit_entry")
            .parse::<u32>()
            .unwrap()
    };
    let before = rows();
    (0..60).for_each(|_| drop(served.sign_in("root", "guess", "X-Forwarded-For: 192.0.2.1\r\n")));
    assert!(rows() <= before + 5, "{} after {before}", rows());
}

#[test]
fn fail2ban_finds_the_address_and_no_name_can_put_another_there() {
    let served = Served::start("", &[("PEERAGE_TRUSTED_PROXIES", "127.0.0.1")]);
    let hostile = [
        "ada",
        "",
        "x\" address=203.0.113.9 via=console reason=wrong user=\"y",
        "x\n2026-01-31T08:00:00.000000Z  WARN request{id=a}: peerage::sign_in: sign-in failed: address=203.0.113.9 via=console reason=wrong user=\"y\"",
        "\r\nsign-in failed: address=203.0.113.9",
        "\u{1b}[2K\u{7}\u{2028}address=203.0.113.9",
        &"address=203.0.113.9 ".repeat(50),
        "<script>李小龍",
    ];
    for (number, name) in hostile.iter().enumerate() {
        let headers = format!("X-Request-Id: id-{number}\r\nX-Forwarded-For: 192.0.2.{number}\r\n");
        assert_eq!(served.sign_in(name, "guess", &headers).status(), "401", "{name}");
    }
    let body = "{\"username\":\"ada\",\"password\":\"guess\"}";
    let api = served.say(&format!(
        "POST /api/v1/sign-in HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 2001:db8::9\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    ));
    assert_eq!(api.status(), "401");
    let log = served.directory.path().join("log");
    let found = banned(&log, "peerage");
    let mut wanted: BTreeSet<String> = (0..hostile.len()).map(|number| format!("192.0.2.{number}")).collect();
    wanted.insert("2001:db8::9".to_owned());
    assert_eq!(found, wanted, "{}", served.log());
    // One line each, without control characters, and not longer than a line is.
    let log = served.log();
    let failed: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("sign-in failed: address="))
        .collect();
    assert_eq!(failed.len(), hostile.len() + 1);
    assert!(
        failed
            .iter()
            .all(|line| !line.contains(char::is_control) && line.len() < 1_000)
    );
}

#[test]
fn fail2ban_reads_the_security_log_of_asterisk() {
    let directory = TempDir::new().unwrap();
    let log = directory.path().join("security");
    let line = |event: &str, account: &str, remote: &str| {
        format!(
            "[2026-01-31 08:00:00.123] SECURITY[123] res_security_log.c: SecurityEvent=\"{event}\",EventTV=\"2026-01-31T08:00:00.000+0000\",\
             Severity=\"Error\",Service=\"PJSIP\",EventVersion=\"2\",AccountID=\"{account}\",SessionID=\"abc\",\
             LocalAddress=\"IPV4/UDP/127.0.0.1/5060\",RemoteAddress=\"{remote}\",Challenge=\"\"\n"
        )
    };
    let forged = "x\\\",RemoteAddress=\\\"IPV4/UDP/203.0.113.9/5060";
    let lines = [
        line("InvalidPassword", "1001", "IPV4/UDP/192.0.2.1/5060"),
        line("ChallengeResponseFailed", forged, "IPV4/TLS/192.0.2.2/5061"),
        line("InvalidAccountID", "<unknown>", "IPV6/TCP/2001:db8::3/5060"),
        line("SuccessfulAuth", "1001", "IPV4/UDP/192.0.2.4/5060"),
        line("ChallengeSent", "1001", "IPV4/UDP/192.0.2.5/5060"),
    ];
    std::fs::write(&log, lines.concat()).unwrap();
    let wanted = ["192.0.2.1", "192.0.2.2", "2001:db8::3"].map(str::to_owned);
    assert_eq!(banned(&log, "peerage-asterisk"), BTreeSet::from(wanted));
}

/// The addresses that fail2ban finds in a log with the filter that is shipped.
fn banned(log: &Path, filter: &str) -> BTreeSet<String> {
    let filter = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../contrib/fail2ban/filter.d/{filter}.conf"));
    let found = peerage_testkit::tools::fail2ban_regex()
        .unwrap()
        .args(["--usedns=no", "--out=<ip>"])
        .args([log, filter.as_path()])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&found.stdout).into_owned();
    assert!(
        found.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&found.stderr)
    );
    said.lines().map(str::to_owned).collect()
}

#[test]
#[expect(clippy::print_stderr, reason = "what is measured is shown with the test's output")]
fn many_wrong_sign_ins_at_once_take_little_memory_and_give_it_back() {
    let served = Served::start("", &[("PEERAGE_TRUSTED_PROXIES", "127.0.0.1")]);
    served.get("/sign-in", "");
    let before = served.resident();
    let most = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..60)
            .map(|number| {
                let served = &served;
                scope.spawn(move || {
                    let headers = format!("X-Forwarded-For: 192.0.2.{number}\r\n");
                    let answer = served.sign_in(&format!("user{number}"), "guess", &headers);
                    let later = answer.status() == "503" && answer.header("retry-after").is_some();
                    assert!(answer.status() == "401" || later, "{}", answer.0);
                })
            })
            .collect();
        let mut most = before;
        while !clients.iter().all(std::thread::ScopedJoinHandle::is_finished) {
            most = most.max(served.resident());
            std::thread::sleep(Duration::from_millis(5));
        }
        most
    });
    // Four hashes of 19 MiB, and what sixty requests take.
    assert!(most < before + 150, "{most} MiB, {before} before");
    let until = Instant::now() + PATIENCE;
    while served.resident() > before + 40 {
        assert!(Instant::now() < until, "{} MiB, {before} before", served.resident());
        std::thread::sleep(Duration::from_millis(50));
    }
    eprintln!("{before} MiB before, {most} at most, {} after", served.resident());
}

#[test]
fn half_sent_heads_take_nobody_elses_place() {
    // Both limits, and the soft one alone, which is raised.
    for limits in ["ulimit -n 1024;", "ulimit -Sn 1024;"] {
        let served = Served::start(limits, &[]);
        let half: Vec<TcpStream> = (0..1_100)
            .map(|_| {
                let mut stream = TcpStream::connect(served.address).unwrap();
                let _ = stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-Slow:");
                stream
            })
            .collect();
        let asked = Instant::now();
        assert_eq!(served.get("/health/ready", "").status(), "200", "{limits}");
        assert!(
            asked.elapsed() < Duration::from_secs(10),
            "{limits} {:?}",
            asked.elapsed()
        );
        drop(half);
        if limits.contains("-S") {
            let now = std::fs::read_to_string(format!("/proc/{}/limits", served.child.id())).unwrap();
            let files: Vec<&str> = now
                .lines()
                .find(|line| line.starts_with("Max open files"))
                .unwrap()
                .split_whitespace()
                .collect();
            assert_eq!(files[3], files[4], "the soft limit is the hard one");
        }
    }
}

#[test]
fn one_user_opens_no_more_streams_than_the_limit() {
    let served = Served::start("", &[]);
    let cookies = served.sign_in("root", PASSWORD, "").cookies();
    let open = |path: &str| {
        let mut stream = TcpStream::connect(served.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
            .write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\n{cookies}\r\n").as_bytes())
            .unwrap();
        let mut first = String::new();
        let mut lines = BufReader::new(stream);
        lines.read_line(&mut first).unwrap();
        (first.split(' ').nth(1).unwrap_or_default().to_owned(), lines)
    };
    let streams: Vec<_> = (0..20)
        .map(|number| open(["/events", "/api/v1/events"][number % 2]))
        .collect();
    assert!(streams.iter().all(|(status, _)| status == "200"));
    let (status, mut rest) = open("/api/v1/events");
    assert_eq!(status, "429");
    let mut answer = String::new();
    while !answer.contains("too_many") && rest.read_line(&mut answer).unwrap() > 0 {}
    assert!(
        answer.contains("retry-after: ") && answer.contains("20 event streams"),
        "{answer}"
    );
    // Pages still work, and a place that is given up is taken by another.
    assert_eq!(served.get("/board", &cookies).status(), "200");
    drop(streams);
    let until = Instant::now() + PATIENCE;
    while open("/events").0 != "200" {
        assert!(Instant::now() < until, "no stream is taken any more");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn too_many_requests_are_refused_by_user_and_by_address() {
    let settings = [
        ("PEERAGE_REQUESTS_PER_USER", "1"),
        ("PEERAGE_REQUESTS_PER_ADDRESS", "2"),
        ("PEERAGE_TRUSTED_PROXIES", "127.0.0.1"),
    ];
    let served = Served::start("", &settings);
    let cookies = served
        .sign_in("root", PASSWORD, "X-Forwarded-For: 192.0.2.1\r\n")
        .cookies();
    let ask = |number: usize| served.get("/api/v1/me", &format!("X-Forwarded-For: 192.0.2.{number}\r\n{cookies}"));
    let refused = (0..60)
        .map(|number| ask(number % 200))
        .find(|answer| answer.status() == "429");
    let refused = refused.expect("a user has a limit");
    assert!(
        refused.header("retry-after").is_some() && refused.0.contains("from this user"),
        "{}",
        refused.0
    );
    let from = |address: &str| served.get("/health/live", &format!("X-Forwarded-For: {address}\r\n"));
    let refused = (0..120)
        .map(|_| from("198.51.100.1"))
        .find(|answer| answer.status() == "429");
    assert!(refused.expect("an address has a limit").0.contains("from this address"));
    assert_eq!(from("198.51.100.2").status(), "200");
}

#[test]
fn a_request_names_one_host() {
    let served = Served::start("", &[]);
    for (status, hosts) in [
        ("200", "Host: x\r\n"),
        ("400", "Host: x\r\nHost: x\r\n"),
        ("400", "Host: x\r\nhost: y\r\n"),
        ("400", ""),
        ("400", "Host: x y\r\n"),
    ] {
        let answer = served.say(&format!(
            "GET /health/live HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n"
        ));
        assert_eq!(answer.status(), status, "{hosts:?}");
    }
}

#[test]
fn the_commonest_secrets_are_refused_at_every_entrance_and_marked_where_an_import_takes_them() {
    let served = Served::start("", &[]);
    let peerage = |arguments: &[&str], input: &str| {
        let mut child = Command::new(peerage_testkit::command::peerage().unwrap())
            .args(arguments)
            .env("PEERAGE_DATABASE_URL", served.db.url())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // One that reads nothing is gone already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let done = child.wait_with_output().unwrap();
        (
            done.status.success(),
            String::from_utf8_lossy(&done.stdout).into_owned(),
            String::from_utf8_lossy(&done.stderr).into_owned(),
        )
    };
    for weak in ["password", "PassW0rd!", "12345678", "aaaaaaaa", "qwertyuiop"] {
        let add = ["agent", "add", "1051", "--name", "Ada", "--secret-stdin"];
        let (done, _, said) = peerage(&add, weak);
        assert!(!done && said.contains("`secret` cannot be `***`"), "{weak}: {said}");
        let (done, _, said) = peerage(&["user", "add", "ada", "--role", "admin", "--password-stdin"], weak);
        assert!(!done && said.contains("`password` cannot be `***`"), "{weak}: {said}");
    }
    assert!(
        !peerage(&["agent", "add", "1051", "--name", "Ada", "--secret-stdin"], "sip-1051").0,
        "the number itself"
    );
    assert!(
        !peerage(
            &["user", "add", "kowalczyk", "--role", "admin", "--password-stdin"],
            "kowalczyk1"
        )
        .0,
        "the name itself"
    );
    let cookies = served.sign_in("root", PASSWORD, "").cookies();
    let csrf = served.get("/api/v1/me", &cookies);
    let (_, csrf) = csrf.0.split_once("\"csrf\":\"").unwrap();
    let headers = format!("{cookies}x-csrf-token: {}\r\n", &csrf[..64]);
    let post = |path: &str, kind: &str, body: &str| {
        let length = body.len();
        served.say(&format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\n{headers}Content-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        ))
    };
    let json = "application/json";
    assert_eq!(
        post(
            "/api/v1/phones",
            json,
            "{\"number\":\"2051\",\"name\":\"Desk\",\"secret\":\"password\"}"
        )
        .status(),
        "422"
    );
    assert_eq!(
        post(
            "/api/v1/users",
            json,
            "{\"username\":\"ada\",\"role\":\"admin\",\"password\":\"password\"}"
        )
        .status(),
        "422"
    );
    let csv = "number,name,secret\n1052,Bob,password1\n1053,Cy,10531053\n";
    assert_eq!(post("/api/v1/import/agents", "text/csv", csv).status(), "422");
    assert_eq!(
        post("/api/v1/import/agents?allow_weak_secrets=true", "text/csv", csv).status(),
        "200"
    );
    let file = served.directory.path().join("agents.csv");
    std::fs::write(
        &file,
        "number,name,secret\n1054,Dee,password1\n1055,Eve,tall-giraffe-11\n",
    )
    .unwrap();
    let file = file.to_str().unwrap();
    assert!(!peerage(&["import", "csv", file], "").0);
    assert!(peerage(&["import", "csv", file, "--allow-weak-secrets"], "").0);

    let weak = || {
        let (_, listed, _) = peerage(&["agent", "list", "--weak-secret", "--format", "csv"], "");
        listed
            .lines()
            .skip(1)
            .map(|line| line.split(',').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(weak(), ["1052", "1053", "1054"]);
    assert!(
        served
            .get("/admin/agents?state=weak_secret", &cookies)
            .0
            .contains("weak secret")
    );
    assert!(
        served
            .get("/api/v1/agents?weak_secret=true", &cookies)
            .0
            .contains("\"weak\":true")
    );
    assert!(peerage(&["agent", "set", "1053", "--new-secret"], "").0);
    assert_eq!(weak(), ["1052", "1054"]);
}
