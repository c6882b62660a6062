//! No secret where it does not belong. What child processes, logs and the server see is tested with the private cluster in `up.rs`.

use std::io::Write;
use std::time::{Duration, Instant};

use crate::redact::secrets;
use crate::session::Session;

#[test]
fn a_secret_that_was_given_is_never_shown() {
    let session = Session::new();
    for (line, input) in [
        ("agent add 1001 --name Ada --secret-stdin", "correct-horse"),
        ("agent set 1001 --secret-stdin", "battery-staple"),
        ("agent set 1001 --number 1002 --secret-stdin", "battery-staple"),
        ("agent set 1002 --pin-stdin", "73019284"),
        ("phone add 2001 --name Desk --secret-stdin", "correct-horse"),
        ("user add mira --role admin --password-stdin", "correct-horse"),
        ("user password mira --password-stdin", "battery-staple"),
    ] {
        for format in ["table", "json", "csv"] {
            let line = line
                .replace("1001", &format!("1001{format}"))
                .replace("1002", &format!("1002{format}"));
            let line = line
                .replace("2001", &format!("2001{format}"))
                .replace("mira", &format!("mira_{format}"));
            let run = session.quietly_with(&format!("{line} --format {format}"), input);
            assert!(!format!("{}{}", run.stdout, run.stderr).contains(input), "{line}");
            assert!(secrets(&run.stdout).is_empty(), "{line}: {}", run.stdout);
        }
    }
}

#[test]
fn a_generated_secret_is_shown_once_and_opens_the_account() {
    let session = Session::new();
    let made = session.quietly("agent add 1001 --name Ada").stdout;
    let secret = made.trim();
    assert_eq!(secrets(&made), [secret]);
    let matches = |number: &str, secret: &str| {
        session.db().psql(&format!(
            "select md5('{number}:asterisk:{secret}') = md5 from peerage.sip_secret where number = '{number}'"
        ))
    };
    assert_eq!(matches("1001", secret), "t");
    let json = session.quietly("agent set 1001 --new-secret --format json").json();
    assert_eq!(matches("1001", secret), "f");
    assert_eq!(matches("1001", json["secret"].as_str().unwrap()), "t");
    for line in [
        "agent show 1001",
        "agent show 1001 --format json",
        "agent list",
        "export json",
        "audit list --format json",
    ] {
        let shown = session.quietly(line).stdout;
        assert!(!shown.contains(secret) && secrets(&shown).is_empty(), "{line}: {shown}");
    }
}

#[test]
fn a_pin_is_read_from_standard_input_and_kept_as_a_hash() {
    let session = Session::new();
    let pin = || {
        let agent = session.quietly("agent show 1001 --format json").json();
        assert!(!agent.to_string().contains("730284619305"), "{agent}");
        agent["has_pin"].clone()
    };
    session.quietly_with(
        "agent add 1001 --name Ada --secret-stdin --pin-stdin",
        "correct-horse\n730284619305\n",
    );
    assert_eq!(pin(), true);
    let stored = session.db().psql("select pin_digest from peerage.agent");
    assert!(stored.starts_with("$argon2id$"), "{stored}");
    let secret = session
        .db()
        .psql("select md5('1001:asterisk:correct-horse') = md5 from peerage.sip_secret");
    assert_eq!(secret, "t", "each of the two lines is taken for what it is");
    session.quietly("agent set 1001 --no-pin");
    assert_eq!(pin(), false);
    session.quietly_with("agent set 1001 --new-secret --pin-stdin", "0742");
    assert_eq!(pin(), true);
    assert_ne!(session.db().psql("select pin_digest from peerage.agent"), stored);
    session.quietly_with("agent add 1002 --name Bo --pin-stdin", "730284619305");
    for (line, input) in [
        ("agent set 1001 --pin-stdin", "123\n"),
        ("agent set 1001 --pin-stdin", "12a4\n"),
        ("agent set 1001 --pin-stdin", ""),
        ("agent set 1001 --secret-stdin --pin-stdin", "correct-horse\n"),
        ("agent set 1001 --pin-stdin --no-pin", "730284619305\n"),
        ("agent set 1001 --pin 730284619305", ""),
    ] {
        let run = crate::session::finish(session.command(line), input);
        assert_eq!(run.code, 2, "{line}");
        assert!(!run.stderr.contains("12a4"), "{}", run.stderr);
    }
    let audit = session.quietly("audit list --format json").stdout;
    assert!(!audit.contains("argon2id"), "{audit}");
}

#[test]
fn nothing_is_read_from_standard_input_unless_asked_for() {
    let session = Session::new();
    let run = session.quietly_with("agent add 1001 --name Ada", "correct-horse\n");
    assert_ne!(run.stdout.trim(), "correct-horse");
    assert_eq!(secrets(&run.stdout).len(), 1);
}

#[test]
fn what_is_refused_is_not_repeated() {
    let session = Session::new();
    for (line, secret) in [
        ("agent add 1001 --name Ada --secret-stdin", "hörse-hunter2\n"),
        ("user add mira --role admin --password-stdin", "hunter2\n"),
    ] {
        let run = crate::session::finish(session.command(line), secret);
        assert_eq!(run.code, 2, "{line}");
        assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
        assert!(run.stderr.contains("***"), "{}", run.stderr);
    }
    session.write("agents.csv", "number,name,secret\n1001,Ada,hunter2\n");
    let run = crate::session::finish(session.command("import csv agents.csv"), "");
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("`secret` cannot be `***`") && !run.stderr.contains("hunter2"),
        "{}",
        run.stderr
    );
}

/// The kernel shows neither for a moment after a program was started.
fn read_when_there(path: &str) -> String {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let seen = std::fs::read(path).unwrap();
        if !seen.is_empty() {
            return String::from_utf8_lossy(&seen).into_owned();
        }
        assert!(Instant::now() < deadline, "{path} stays empty");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn the_command_line_and_the_environment_of_the_command_hold_no_secret_that_was_given() {
    let session = Session::new();
    let mut child = session
        .command("agent add 1001 --name Ada --secret-stdin")
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"correct-horse").unwrap();
    // The line has not ended, so that the command still waits for it.
    for file in ["cmdline", "environ"] {
        let seen = read_when_there(&format!("/proc/{}/{file}", child.id()));
        assert!(!seen.contains("correct-horse"), "{seen}");
    }
    input.write_all(b"\n").unwrap();
    drop(input);
    assert!(child.wait().unwrap().success());
}
