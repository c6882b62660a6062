//! What others say in the service's log.

use super::hostile_manager::Manager;
use super::served::{House, wait};

#[test]
fn a_managers_refusal_drives_no_terminal_forges_no_line_and_has_an_end() {
    let house = House::new();
    let manager = Manager::of(&house);
    let mut message =
        b"\x1b[2J\x1b]0;owned\x07\n2026-01-01T00:00:00Z  INFO forged status=200 \xe2\x80\xae\xc2\x9b".to_vec();
    message.extend(b"A".repeat(10_000));
    manager.refuse(&message);
    let served = house.serve("service");
    served.wait_until_linked("pbx1");
    house.db.psql("notify peerage_accounts, '1001'");
    wait("the refusal is in the log", || served.log().contains("AAAA"));
    let log = served.log();
    let odd = log.chars().find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
    assert_eq!(odd, None);
    assert!(
        !log.lines().any(|line| line.starts_with("2026-01-01T00:00:00Z")),
        "{log}"
    );
    let longest = log.lines().map(str::len).max().unwrap();
    assert!(longest < 3000, "{longest}");
    // What looks like a field is within quotation marks.
    let line = log.lines().find(|line| line.contains("forged")).unwrap();
    let mut quoted = line.split('"').skip(1).step_by(2);
    assert!(quoted.any(|text| text.contains("forged status=200")), "{line}");
}

#[test]
fn an_error_of_the_command_drives_no_terminal() {
    let house = House::new();
    let evil = "x\u{1b}[31m\u{7}\u{9b}\u{202e}y";
    for arguments in [
        vec!["agent", "show", evil],
        vec!["agent", evil],
        vec![evil],
        vec!["agent", "list", evil],
        vec!["agent", "list", "--state", evil],
        vec!["--config", evil, "agent", "list"],
        vec!["node", "show", evil],
        vec!["import", "agents", evil],
    ] {
        let output = std::process::Command::new(peerage_testkit::command::peerage().unwrap())
            .args(&arguments)
            .env("PEERAGE_DATABASE_URL", house.db.url())
            .output()
            .unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        let odd = said
            .chars()
            .find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
        assert_eq!(odd, None, "{arguments:?}: {said:?}");
        assert!(!said.is_empty());
    }
}
