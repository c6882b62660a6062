//! What others say on a terminal.

use super::served::House;

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
