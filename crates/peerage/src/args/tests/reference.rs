//! `docs/reference/commands.md` says what `--help` says.

use std::fmt::Write as _;
use std::path::Path;

use clap::Command;

use super::{all, command};

const HEAD: &str = "\
# Commands

What `peerage NOUN VERB --help` says, for reading without the program. Made by `make reference` from the command line's own
description; a test holds it to that. Every command takes the global options, which stand under `peerage` alone.
";

fn help(command: &Command) -> String {
    // However wide somebody's terminal is.
    let mut command = command.clone().term_width(100);
    let noun_or_verb = command.get_name() != "peerage";
    command = command.mut_args(|argument| {
        let hidden = argument.get_id() == "help" || noun_or_verb && argument.is_global_set();
        argument.hide(hidden)
    });
    command.render_long_help().to_string()
}

fn reference() -> String {
    let mut text = HEAD.to_owned();
    for (path, command) in all(&command()) {
        let lines: Vec<String> = help(&command).lines().map(|line| line.trim_end().to_owned()).collect();
        write!(text, "\n## {path}\n\n```text\n{}\n```\n", lines.join("\n").trim_end()).unwrap();
    }
    text
}

#[test]
fn the_written_reference_is_what_help_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/commands.md");
    let wanted = reference();
    if std::env::var_os("PEERAGE_WRITE_REFERENCE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &wanted).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == wanted,
        "{} differs from the help of the command line: run `make reference`",
        path.display()
    );
}
