//! `peerage import`: one pass over the file, in memory that does not grow with it; all lines are added, or none.

use std::fs::File;
use std::path::Path;

use peerage_store::fields::kind::{Agents, Phones, Subject};
use peerage_store::fields::yes_or_no;
use peerage_store::file::{CsvFile, HeaderError};
use peerage_store::{ImportError, Mode};
use serde::Serialize;

use super::Context;
use crate::args::Format;
use crate::args::files::{Import as Verb, ImportCsv, Kind};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::table::Section;

mod secrets;

use secrets::SecretsFile;

pub(super) fn run(verb: &Verb, context: &Context) -> Result<Exit, Failure> {
    let Verb::Csv(args) = verb;
    match args.kind {
        Kind::Agent => csv::<Agents>(args, context),
        Kind::Phone => csv::<Phones>(args, context),
    }
}

/// The outcome of an import.
#[derive(Serialize)]
struct Outcome {
    lines: u64,
    dry_run: bool,
    /// Secrets that were generated, and written to the file that was named.
    secrets_generated: u64,
}

fn csv<S: Subject>(args: &ImportCsv, context: &Context) -> Result<Exit, Failure> {
    let name = args.file.display().to_string();
    let trying = format!("cannot read `{name}`");
    let file = File::open(&args.file).map_err(|error| Failure::while_trying(&trying, &error))?;
    let file = CsvFile::<_, S>::begin(file).map_err(|error| prefixed(&name, error.into()))?;
    let store = context.store()?;
    let mut secrets = SecretsFile::create(args.secrets_out.as_deref(), args.dry_run, args.allow_weak_secrets)?;
    let mode = if args.dry_run { Mode::DryRun } else { Mode::Commit };
    match file.import(&store, &mut secrets, mode) {
        Ok(lines) => {
            let outcome = Outcome {
                lines,
                dry_run: args.dry_run,
                secrets_generated: secrets.keep(),
            };
            tell::<S>(&outcome, args.secrets_out.as_deref(), context)
        }
        Err(error) => {
            secrets.discard();
            Err(refused(&name, error, context))
        }
    }
}

fn tell<S: Subject>(outcome: &Outcome, secrets_out: Option<&Path>, context: &Context) -> Result<Exit, Failure> {
    let printer = context.printer;
    let lines = counted(outcome.lines, S::NOUN);
    if outcome.dry_run {
        printer.talk(format_args!("{lines} can be added; nothing was changed"));
    } else {
        printer.talk(format_args!("added {lines}"));
    }
    if let Some(path) = secrets_out.filter(|_| !outcome.dry_run) {
        let count = counted(outcome.secrets_generated, "generated secret");
        printer.talk(format_args!("wrote {count} to {}", path.display()));
    }
    if printer.format() != Format::Table {
        let fields = [
            ("lines", outcome.lines.to_string()),
            ("dry-run", yes_or_no(outcome.dry_run)),
            ("secrets-generated", outcome.secrets_generated.to_string()),
        ];
        printer.record(outcome, &[Section::new("", fields)])?;
    }
    Ok(Exit::Done)
}

fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// Reports every bad line.
fn refused(name: &str, error: ImportError, context: &Context) -> Failure {
    let (bad, more) = match error {
        ImportError::Rows { bad, more } => (bad, more),
        ImportError::Store(error) => return error.into(),
    };
    for row in &bad {
        context.printer.bad_row(row);
    }
    let count = more.saturating_add(u64::try_from(bad.len()).unwrap_or(u64::MAX));
    let shown = match more {
        0 => String::new(),
        more => format!(" ({more} not shown)"),
    };
    Failure::failed(format!(
        "{count} of the lines of `{name}` cannot be imported{shown}; nothing was changed"
    ))
    .hint("fix these lines, check the file with --dry-run, and import it again")
}

fn prefixed(name: &str, mut failure: Failure) -> Failure {
    failure.message = failure.message.map(|message| format!("`{name}`: {message}"));
    failure
}

impl From<HeaderError> for Failure {
    fn from(error: HeaderError) -> Self {
        Self {
            hint: error.hint,
            ..Self::failed(error.message)
        }
    }
}
