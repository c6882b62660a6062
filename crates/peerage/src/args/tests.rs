//! The command line holds together, and says of itself what the style asks for.

use clap::{Command, CommandFactory};

use super::*;
use peerage_store::fields::account::{Column, Patch, Record};
use peerage_store::fields::kind::{Agents, Phones, Subject};

mod reference;

fn command() -> Command {
    let mut command = Cli::command();
    command.build();
    command
}

/// Every command with what one types for it.
fn all(command: &Command) -> Vec<(String, Command)> {
    fn collect(command: &Command, path: &str, found: &mut Vec<(String, Command)>) {
        found.push((path.to_owned(), command.clone()));
        for below in command.get_subcommands() {
            collect(below, &format!("{path} {}", below.get_name()), found);
        }
    }
    let mut found = Vec::new();
    collect(command, "peerage", &mut found);
    found
}

fn verb(noun: &str, verb: &str) -> Command {
    let command = command();
    command
        .find_subcommand(noun)
        .unwrap()
        .find_subcommand(verb)
        .unwrap()
        .clone()
}

#[test]
fn clap_finds_no_fault() {
    Cli::command().debug_assert();
}

#[test]
fn first_lines_of_help_fit_79_columns_and_have_no_full_stop() {
    let mut seen = 0;
    for (path, command) in all(&command()) {
        let about = command
            .get_about()
            .unwrap_or_else(|| panic!("{path} says nothing of itself"))
            .to_string();
        let first = about.lines().next().unwrap();
        assert!(first.chars().count() <= 79 && !first.ends_with('.'), "{path}: {first}");
        for argument in command.get_arguments() {
            let help = argument
                .get_help()
                .unwrap_or_else(|| panic!("{path}: {} has no help", argument.get_id()));
            assert!(!help.to_string().ends_with('.'), "{path}: {help}");
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn every_command_that_does_something_has_examples() {
    let mut seen = 0;
    for (path, command) in all(&command()) {
        if command.has_subcommands() && path != "peerage" {
            continue;
        }
        let after = command
            .get_after_long_help()
            .unwrap_or_else(|| panic!("{path} has no examples"))
            .to_string();
        assert!(after.contains("Examples:\n  "), "{path}");
        seen += 1;
    }
    assert!(seen > 40, "{seen}");
}

/// Splits as a shell does, as far as the examples need it, and stops at a pipe or redirection.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '|' | '<' | '>') => break,
            (None, ' ') => words.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[test]
fn every_example_is_taken() {
    let mut seen = 0;
    for (path, command) in all(&command()) {
        let Some(after) = command.get_after_long_help() else {
            continue;
        };
        for line in after
            .to_string()
            .lines()
            .filter_map(|line| line.strip_prefix("  peerage "))
        {
            for part in format!("peerage {line}")
                .split(" | ")
                .filter(|part| part.starts_with("peerage "))
            {
                if let Err(error) = Cli::try_parse_from(words(part)) {
                    panic!("{path}: `{part}`: {error}");
                }
                seen += 1;
            }
        }
    }
    assert!(seen > 60, "{seen}");
}

/// Flags of `add` that are no column of a file, and the other way round.
fn columns<S: Subject>(add: &Command) -> (Vec<String>, Vec<String>) {
    fn names<P: Patch, R: Record>(columns: Vec<Column<P, R>>) -> impl Iterator<Item = String> {
        columns.into_iter().map(|column| column.name().to_owned())
    }
    let columns: Vec<String> = names(S::columns()).chain(names(S::aliases())).collect();
    let flags: Vec<String> = add
        .get_arguments()
        .filter(|argument| !argument.is_global_set() && argument.get_help_heading() != Some("Global options"))
        .filter_map(|argument| argument.get_long().map(str::to_owned))
        .collect();
    let missing = flags
        .iter()
        .filter(|flag| !columns.contains(flag))
        .filter(|flag| {
            !(flag.starts_with("no-") || ["secret-stdin", "pin-stdin", "enabled", "help"].contains(&flag.as_str()))
        })
        .cloned()
        .collect();
    let unknown = columns
        .iter()
        .filter(|column| !flags.contains(column))
        .cloned()
        .collect();
    (missing, unknown)
}

#[test]
fn the_columns_of_a_file_are_the_flags_of_add() {
    let none = (Vec::<String>::new(), Vec::<String>::new());
    assert_eq!(columns::<Agents>(&verb("agent", "add")), none);
    assert_eq!(columns::<Phones>(&verb("phone", "add")), none);
}

#[test]
fn add_and_set_take_the_same_voice_flags_for_agents_and_telephones() {
    let voice = |noun, what| -> Vec<String> {
        verb(noun, what)
            .get_arguments()
            .filter(|argument| argument.get_help_heading() == Some("Voice"))
            .filter_map(|argument| argument.get_long().map(str::to_owned))
            .collect()
    };
    let agent = voice("agent", "add");
    assert!(agent.len() > 20, "{agent:?}");
    for (noun, what) in [("agent", "set"), ("phone", "add"), ("phone", "set")] {
        assert_eq!(voice(noun, what), agent, "{noun} {what}");
    }
}

#[test]
fn no_flag_takes_a_secret() {
    for (path, command) in all(&command()) {
        for argument in command.get_arguments() {
            let name = argument.get_long().unwrap_or_default();
            let takes_value = argument.get_action().takes_values();
            let is_pin = name.split('-').any(|word| word == "pin");
            let is_secret = name.contains("password") || name.contains("secret") || is_pin;
            // A path may be named; what stands in the file may not.
            assert!(!(is_secret && takes_value) || name == "secrets-out", "{path} --{name}");
        }
    }
}
