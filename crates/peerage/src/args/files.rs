//! Lists, import, export, completions, manual pages.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use clap_complete::Shell;
use peerage_model::{Number, SiteName};

use super::value::typed;

const IMPORT_EXAMPLES: &str = "\
The first line names the columns, which are the flags of `agent add` and `phone add` without their dashes: number, name, \
secret, transport, call-group (or call_group), ... An empty cell is as a flag that is not given; switches are yes or no; a \
cell with commas stands in quotes; channels are parted by `;`. All lines are added, or none: each bad line is named.

A line without a secret gets one, which is written to the file that --secrets-out names. A secret that guessers try first, such \
as `password` or the number itself, is refused; --allow-weak-secrets takes it for the time being.

Examples:
  peerage import csv agents.csv --dry-run
  peerage import csv agents.csv --secrets-out secrets.csv
  peerage import csv phones.csv --kind phone";

const EXPORT_CSV_EXAMPLES: &str = "\
The columns are those that `import csv` reads. Secrets are not in it: nobody can read them back.

Examples:
  peerage export csv > agents.csv
  peerage export csv --kind phone > phones.csv";

const EXPORT_JSON_EXAMPLES: &str = "\
Examples:
  peerage export json > everything.json
  peerage export json --kind agent";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  peerage completions bash > /etc/bash_completion.d/peerage";

const MAN_EXAMPLES: &str = "\
Without a directory, the page of peerage itself goes to standard output.

Examples:
  peerage man | man -l -
  peerage man /usr/local/share/man/man1";

/// Which ones of a list.
#[derive(Debug, Args)]
pub(crate) struct Search {
    /// Only where number, name, alias or e-mail address has this text
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// Only those of this site
    #[arg(long, value_parser = typed::<SiteName>)]
    pub(crate) site: Option<SiteName>,
    /// Only those whose SIP secret is one that guessers try first
    #[arg(long)]
    pub(crate) weak_secret: bool,
    /// Only those after this number, to go on from an earlier list
    #[arg(long, value_name = "NUMBER", value_parser = typed::<Number>)]
    pub(crate) after: Option<Number>,
    /// At most this many; else all
    #[arg(long, value_name = "COUNT")]
    pub(crate) limit: Option<u32>,
}

/// What a line of a file is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    Agent,
    Phone,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// Add the agents or telephones of a CSV file
    #[command(after_long_help = IMPORT_EXAMPLES)]
    Csv(ImportCsv),
}

#[derive(Debug, Args)]
pub(crate) struct ImportCsv {
    /// The file, in UTF-8
    pub(crate) file: PathBuf,
    /// What its lines are
    #[arg(long, value_enum, default_value_t = Kind::Agent)]
    pub(crate) kind: Kind,
    /// Check everything, change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Where to write the secrets that were generated; the file must not exist yet
    #[arg(long, value_name = "FILE")]
    pub(crate) secrets_out: Option<PathBuf>,
    /// Take SIP secrets that guessers try first; `agent list --weak-secret` shows them until they are renewed
    #[arg(long)]
    pub(crate) allow_weak_secrets: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Export {
    /// As the CSV that `import csv` reads
    #[command(after_long_help = EXPORT_CSV_EXAMPLES)]
    Csv(ExportCsv),
    /// As one JSON document
    #[command(after_long_help = EXPORT_JSON_EXAMPLES)]
    Json(ExportJson),
}

#[derive(Debug, Args)]
pub(crate) struct ExportCsv {
    /// What to write
    #[arg(long, value_enum, default_value_t = Kind::Agent)]
    pub(crate) kind: Kind,
}

#[derive(Debug, Args)]
pub(crate) struct ExportJson {
    /// What to write; else both
    #[arg(long, value_enum)]
    pub(crate) kind: Option<Kind>,
}

#[derive(Debug, Args)]
#[command(after_long_help = COMPLETIONS_EXAMPLES)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

#[derive(Debug, Args)]
#[command(after_long_help = MAN_EXAMPLES)]
pub(crate) struct Man {
    /// Write the pages of all commands into this directory
    pub(crate) dir: Option<PathBuf>,
}
