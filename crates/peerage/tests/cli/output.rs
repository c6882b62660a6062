//! Where the output goes, and what happens when it cannot.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::session::{Session, finish};

#[test]
fn every_list_is_json_and_csv_that_reads_back() {
    let session = Session::new();
    session.quietly("agent add 1001 --name 'King, \"Ada\"'");
    session.quietly("phone add 2001 --name Desk");
    session.quietly("user add mira --role admin");
    for (line, at_least) in [
        ("agent list", 1),
        ("phone list", 1),
        ("site list", 1),
        ("node list", 0),
        ("user list", 1),
        ("audit list", 5),
        ("views verify", 0),
    ] {
        let json = session.quietly(&format!("{line} --format json")).json();
        let csv = session.quietly(&format!("{line} --format csv")).csv();
        let rows = json.as_array().unwrap().len();
        assert!(rows >= at_least, "{line}: {json}");
        assert_eq!(csv.len(), rows + 1, "{line}");
        let table = session.quietly(line).stdout;
        assert_eq!(
            table.lines().count(),
            if line == "views verify" { 0 } else { rows + 1 },
            "{table}"
        );
    }
    for line in [
        "agent show 1001",
        "phone show 2001",
        "site show default",
        "audit show 1",
        "db status",
        "views plan",
    ] {
        assert!(
            session.quietly(&format!("{line} --format json")).json().is_object(),
            "{line}"
        );
        let csv = session.quietly(&format!("{line} --format csv")).csv();
        assert_eq!(csv[0], ["section", "field", "value"], "{line}");
        assert!(csv.len() > 3, "{line}");
    }
    assert_eq!(session.quietly("agent list --format csv").csv()[1][1], "King, \"Ada\"");
}

#[test]
fn talk_goes_to_standard_error_and_is_silenced_by_quiet() {
    let session = Session::new();
    let run = session.quietly("agent add 1001 --name Ada");
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
    assert!(run.stderr.starts_with("added agent 1001\n"), "{}", run.stderr);
    let run = session.quietly("agent add 1002 --name Bo -q");
    assert_eq!(run.stderr, "");
    assert_eq!(run.stdout.lines().count(), 1);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let session = Session::new();
    session.write(
        "agents.csv",
        &(10000..12000).fold("number,name,secret\n".to_owned(), |file, number| {
            file + &format!("{number},Agent {number},correct-horse\n")
        }),
    );
    session.quietly("import csv agents.csv");
    for line in [
        "agent list",
        "agent list --format json",
        "export csv",
        "export json",
        "completions bash",
        "man",
    ] {
        let mut child = session.command(line).spawn().unwrap();
        let mut first = String::new();
        BufReader::with_capacity(16, child.stdout.take().unwrap())
            .read_line(&mut first)
            .unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(!first.is_empty(), "{line}");
        assert_eq!(output.status.code(), Some(0), "{line}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{line}");
    }
}

#[test]
fn an_output_that_cannot_be_written_is_a_failure() {
    let session = Session::new();
    for line in [
        "agent list",
        "agent list --format json",
        "export csv",
        "export json",
        "completions bash",
        "man",
        "--help",
    ] {
        let mut command = session.command(line);
        command.stdout(Stdio::from(File::options().write(true).open("/dev/full").unwrap()));
        assert_eq!(finish(command, "").code, 1, "{line}");
    }
}

#[test]
fn a_secret_that_could_not_be_shown_is_told_with_the_remedy() {
    let session = Session::new();
    let login = format!("{}_login_pbx1", session.db().name());
    let add_node = format!("node add pbx1 --login {login}");
    for (line, remedy) in [
        ("agent add 1001 --name Ada", "peerage agent set 1001 --new-secret"),
        ("phone add 2001 --name Desk", "peerage phone set 2001 --new-secret"),
        ("agent set 1001 --new-secret", "peerage agent set 1001 --new-secret"),
        ("user add mira --role supervisor", "peerage user password mira"),
        (&add_node, "peerage node password pbx1"),
        ("up --no-serve", "peerage user password admin"),
    ] {
        let mut command = session.command(line);
        command.stdout(Stdio::from(File::options().write(true).open("/dev/full").unwrap()));
        let run = finish(command, "");
        assert_eq!(run.code, 1, "{line}");
        assert!(
            run.stderr.contains(&format!("hint: run `{remedy}`")),
            "{line}: {}",
            run.stderr
        );
        session.quietly(remedy.trim_start_matches("peerage "));
    }
    session.quietly("node remove pbx1");
}

#[test]
fn completions_and_manual_pages_are_made_for_every_command() {
    let session = Session::without_database();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = session.quietly(&format!("completions {shell}")).stdout;
        assert!(script.contains("pickup-group"), "{shell}");
    }
    assert_eq!(finish(session.command("completions tcsh"), "").code, 2);
    let page = session.quietly("man").stdout;
    assert!(page.contains(".SH NAME") && page.contains("peerage"), "{page}");
    let run = session.quietly("man pages");
    let pages: Vec<String> = std::fs::read_dir(session.path("pages"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(
        run.stderr.contains(&format!("wrote {} pages", pages.len())),
        "{}",
        run.stderr
    );
    for page in ["peerage.1", "peerage-agent.1", "peerage-agent-add.1", "peerage-up.1"] {
        assert!(pages.iter().any(|name| name == page), "{page}: {pages:?}");
    }
    let add = std::fs::read_to_string(session.path("pages/peerage-agent-add.1")).unwrap();
    assert!(add.contains("max\\-contacts") && add.contains("Examples:"), "{add}");
    session.write("file", "");
    assert_eq!(finish(session.command("man file"), "").code, 1);
}

#[test]
fn a_long_list_is_whole_and_stops_at_its_limit() {
    let session = Session::new();
    session.write(
        "phones.csv",
        &(10000..12100).fold("number,name,secret\n".to_owned(), |file, number| {
            file + &format!("{number},Desk {number},correct-horse\n")
        }),
    );
    session.quietly("import csv phones.csv --kind phone");
    for (flags, first, count) in [
        ("", "10000", 2100),
        ("--limit 1500", "10000", 1500),
        ("--limit 2000 --after 10999", "11000", 1100),
        ("--limit 0", "", 0),
        ("--search 'desk 12'", "12000", 100),
    ] {
        let json = session.quietly(&format!("phone list {flags} --format json")).json();
        let numbers: Vec<&str> = json
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["number"].as_str().unwrap())
            .collect();
        assert_eq!(numbers.len(), count, "{flags}");
        assert_eq!(numbers.first().copied().unwrap_or_default(), first, "{flags}");
        assert!(numbers.is_sorted());
        let csv = session.quietly(&format!("phone list {flags} --format csv")).csv();
        assert_eq!(csv.len(), count + 1, "{flags}");
        let table = session.quietly(&format!("phone list {flags}")).stdout;
        assert_eq!(table.lines().count(), count + 1, "{flags}");
    }
}
