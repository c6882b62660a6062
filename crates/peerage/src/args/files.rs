//! List filters, import, export, completions, manual pages.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use clap_complete::Shell;
use peerage_model::{Number, SiteName};

use super::value::typed;

const IMPORT_EXAMPLES: &str = "\
The first line names the columns: the flags of `agent add` or `phone add` without dashes, such as number, name, secret, \
transport, call-group (or call_group). An empty cell means the default. Switches are yes or no. Quote a cell that contains \
commas. Separate channels with `;`. Either all lines are added or none, and each bad line is reported.

For a line without a secret, one is generated and written to the file given with --secrets-out. Common secrets, such as \
`password` or the number itself, are refused; --allow-weak-secrets accepts them for now.

Examples:
  peerage import csv agents.csv --dry-run
  peerage import csv agents.csv --secrets-out secrets.csv
  peerage import csv phones.csv --kind phone";

const EXPORT_CSV_EXAMPLES: &str = "\
The columns are those of `import csv`, without secrets: they cannot be read back.

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
Without DIR, prints the manual page of peerage itself to standard output.

Examples:
  peerage man | man -l -
  peerage man /usr/local/share/man/man1";

/// Filters of a list.
#[derive(Debug, Args)]
pub(crate) struct Search {
    /// Only where number, name, alias or email address contains this text
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// Only at this site
    #[arg(long, value_parser = typed::<SiteName>)]
    pub(crate) site: Option<SiteName>,
    /// Only with a common SIP secret, one that attackers guess first
    #[arg(long)]
    pub(crate) weak_secret: bool,
    /// Only after this number, to continue an earlier list
    #[arg(long, value_name = "NUMBER", value_parser = typed::<Number>)]
    pub(crate) after: Option<Number>,
    /// Maximum number of rows; default: all
    #[arg(long, value_name = "COUNT")]
    pub(crate) limit: Option<u32>,
}

/// What a line of a file describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    Agent,
    Phone,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// Add the agents or phones of a CSV file
    #[command(after_long_help = IMPORT_EXAMPLES)]
    Csv(ImportCsv),
}

#[derive(Debug, Args)]
pub(crate) struct ImportCsv {
    /// CSV file in UTF-8
    pub(crate) file: PathBuf,
    /// What the lines describe
    #[arg(long, value_enum, default_value_t = Kind::Agent)]
    pub(crate) kind: Kind,
    /// Check the file without changing anything
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// File for generated secrets; must not exist
    #[arg(long, value_name = "FILE")]
    pub(crate) secrets_out: Option<PathBuf>,
    /// Accept common SIP secrets; `agent list --weak-secret` lists them until they are changed
    #[arg(long)]
    pub(crate) allow_weak_secrets: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Export {
    /// Export CSV, as `import csv` reads it
    #[command(after_long_help = EXPORT_CSV_EXAMPLES)]
    Csv(ExportCsv),
    /// Export one JSON document
    #[command(after_long_help = EXPORT_JSON_EXAMPLES)]
    Json(ExportJson),
}

#[derive(Debug, Args)]
pub(crate) struct ExportCsv {
    /// What to export
    #[arg(long, value_enum, default_value_t = Kind::Agent)]
    pub(crate) kind: Kind,
}

#[derive(Debug, Args)]
pub(crate) struct ExportJson {
    /// What to export; default: both
    #[arg(long, value_enum)]
    pub(crate) kind: Option<Kind>,
}

#[derive(Debug, Args)]
#[command(after_long_help = COMPLETIONS_EXAMPLES)]
pub(crate) struct Completions {
    /// Shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

#[derive(Debug, Args)]
#[command(after_long_help = MAN_EXAMPLES)]
pub(crate) struct Man {
    /// Write the pages of all commands into this directory
    pub(crate) dir: Option<PathBuf>,
}
