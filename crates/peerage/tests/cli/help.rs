//! `--help` of every command.

use crate::session::Session;

/// The names under `Commands:`.
fn below(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    lines
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_explains_itself() {
    let mut session = Session::without_database();
    let nouns = below(&session.run("--help").stdout);
    insta::assert_snapshot!("help", session.transcript());
    assert!(nouns.len() > 10, "{nouns:?}");
    for noun in nouns {
        let mut session = Session::without_database();
        let verbs = below(&session.run(&format!("{noun} --help")).stdout);
        for verb in verbs {
            let run = session.run(&format!("{noun} {verb} --help"));
            assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{noun} {verb}");
        }
        insta::assert_snapshot!(format!("help_{noun}"), session.transcript());
    }
}

#[test]
fn what_is_no_command_is_an_error_of_usage() {
    let mut session = Session::without_database();
    for line in [
        "",
        "agnet list",
        "agent",
        "agent lst",
        "agent show",
        "agent show 1001 1002",
        "agent list --color red",
        "agent list --format yaml",
        "agent list --quiet --verbose",
        "help agent",
    ] {
        assert_eq!(session.run(line).code, 2, "{line}");
    }
    assert_eq!(session.run("--version").code, 0);
    insta::assert_snapshot!(session.transcript());
}
