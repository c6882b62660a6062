use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use peerage_testkit::stop::Stop;

use crate::redact::secrets;
use crate::session::{Session, finish};

/// Stops the private cluster at the end of the test, however that ends.
struct Stopped<'a>(&'a Session);

impl Drop for Stopped<'_> {
    fn drop(&mut self) {
        let _ = self.0.command("db stop").status();
    }
}

/// Every command line that a descendant of this process shows while `work` runs.
fn command_lines_during<T>(work: impl FnOnce() -> T) -> (T, BTreeSet<String>) {
    let stop = Stop::default();
    std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut seen = BTreeSet::new();
            while !stop.is_asked() {
                for entry in fs::read_dir("/proc").unwrap().flatten() {
                    // A process may be gone before it is read.
                    if let Ok(line) = fs::read_to_string(entry.path().join("cmdline")) {
                        seen.insert(line.replace('\0', " "));
                    }
                }
            }
            seen
        });
        let at_the_end = stop.when_dropped();
        let result = work();
        drop(at_the_end);
        (result, watcher.join().unwrap())
    })
}

/// The server's logs, as far as they are written.
fn logs(session: &Session) -> String {
    let log = session.path("home/pg/log");
    fs::read_dir(log)
        .unwrap()
        .map(|file| String::from_utf8_lossy(&fs::read(file.unwrap().path()).unwrap()).into_owned())
        .collect()
}

#[test]
fn a_private_cluster_is_set_up_used_and_stopped_and_shows_no_secret() {
    let mut session = Session::without_database();
    session.run("db status");
    session.run("db url");
    session.run("agent list");
    let (up, mut lines) = command_lines_during(|| finish(session.command("up --no-serve --format json"), ""));
    let report = up.json();
    assert_eq!(report["admin"], "admin");
    let mut known: Vec<String> = secrets(&up.stdout).into_iter().map(str::to_owned).collect();
    assert_eq!(known.len(), 1, "{}", up.stdout);
    assert!(up.stderr.contains("started the private cluster in"), "{}", up.stderr);

    let url = session.quietly("db url").stdout.trim().to_owned();
    // Everyday work is not done as the superuser, whose URL is for psql.
    assert_eq!(report["database"], url.replace("user=postgres", "user=peerage"));
    let status = session.quietly("db status --format json").json();
    session.hide(url.replace("user=postgres", "user=peerage"), "[everyday url]");
    session.hide(&url, "[database url]");
    session.hide(format!("port    {}\n", status["port"]), "port    [port]\n");
    session.hide(format!("port,{}\n", status["port"]), "port,[port]\n");
    let stopped = Stopped(&session);
    let psql = |sql: &str| {
        let output = Command::new("psql").args(["-XAtq", "-c", sql, &url]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(
        psql("select role from peerage.login_account where username = 'admin'"),
        "admin\n"
    );

    // Everything that takes or makes a secret, with a server that logs every statement and a command that logs all it does.
    psql("alter system set log_statement = 'all'");
    psql("alter system set log_min_duration_statement = 0");
    psql("select pg_reload_conf()");
    session.write("agents.csv", "number,name,secret\n1005,Ed,imported-horse\n1006,Flo,\n");
    let (shown, more) = command_lines_during(|| {
        let mut shown = String::new();
        for (line, input) in [
            ("agent add 1001 --name Ada", ""),
            ("agent add 1002 --name Bo --secret-stdin", "first-horse\n"),
            ("agent set 1002 --secret-stdin", "second-horse\n"),
            ("agent set 1001 --number 1003 --new-secret", ""),
            ("phone add 2001 --name Desk --secret-stdin", "third-horse\n"),
            ("phone set 2001 --secret-stdin", "short\n"),
            ("user add mira --role admin --password-stdin", "fourth-horse\n"),
            ("user password mira", ""),
            ("node add pbx1", ""),
            ("node password pbx1", ""),
            (
                "asterisk config --node pbx1 --out ast --database-password-stdin",
                "fifth-horse\n",
            ),
            ("import csv agents.csv --secrets-out secrets.csv", ""),
            ("export csv", ""),
            ("export json", ""),
            ("agent show 1003 --format json", ""),
            ("user list --format json", ""),
            ("audit list --format json", ""),
        ] {
            let run = finish(session.command(&format!("{line} -vv")), input);
            known.extend(secrets(&run.stdout).into_iter().map(str::to_owned));
            shown += &run.stderr;
            if input.is_empty() && !line.starts_with("agent set") {
                continue;
            }
            shown += &run
                .stdout
                .lines()
                .filter(|line| secrets(line).is_empty())
                .collect::<String>();
        }
        shown
    });
    lines.extend(more);
    known.extend(
        secrets(&fs::read_to_string(session.path("secrets.csv")).unwrap())
            .into_iter()
            .map(str::to_owned),
    );
    let given = ["imported", "first", "second", "third", "fourth", "fifth"].map(|word| format!("{word}-horse"));
    assert_eq!(known.len(), 7, "{known:?}");
    known.extend(given);
    let deadline = Instant::now() + Duration::from_secs(60);
    while !logs(&session).contains("audit_entry") {
        assert!(
            Instant::now() < deadline,
            "the server logs no statements: {}",
            logs(&session)
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    let log = logs(&session);
    assert!(
        lines.iter().any(|line| line.contains("initdb")),
        "no command line was seen: {lines:?}"
    );
    assert!(
        shown.contains("DEBUG") || shown.contains("TRACE"),
        "nothing was logged: {shown}"
    );
    for secret in &known {
        assert!(!shown.contains(secret), "{secret} in the output: {shown}");
        assert!(
            !lines.iter().any(|line| line.contains(secret)),
            "{secret} in a command line"
        );
        assert!(!log.contains(secret), "{secret} in the server's log");
    }
    drop(stopped);

    session.run("db start");
    session.run("db start");
    session.run("up --no-serve");
    let status = session.quietly("db status --format json").json();
    session.hide(format!("pid     {}\n", status["pid"]), "pid     [pid]\n");
    session.hide(status["server"].as_str().unwrap().to_owned(), "[server]");
    session.run("db status");
    session.run("db stop");
    session.run("db stop");
    session.run("db status --format csv");
    session.run("agent list");
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_database_that_is_configured_is_brought_up_and_no_cluster_is_started() {
    let mut session = Session::empty();
    session.hide_release();
    assert_eq!(session.run("up --no-serve --admin ada").code, 0);
    assert_eq!(session.run("up --no-serve --admin bo").code, 0);
    assert_eq!(session.run("up --no-serve --format csv").code, 0);
    assert_eq!(session.run("user list").code, 0);
    let status = session.quietly("db status --format json").json();
    session.hide(status["server"].as_str().unwrap().to_owned(), "[server]");
    assert_eq!(session.run("db status").code, 0);
    assert!(!session.path("home").exists());
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn the_first_admin_can_be_anybody_who_is_not_there_yet() {
    let session = Session::new();
    session.quietly("user add ada --role supervisor");
    let refused = finish(session.command("up --no-serve --admin ada"), "");
    assert_eq!(refused.code, 1);
    assert!(
        refused.stderr.contains("user name `ada` is taken"),
        "{}",
        refused.stderr
    );
    assert_eq!(
        session.quietly("up --no-serve --admin bo --format json").json()["admin"],
        "bo"
    );
}
