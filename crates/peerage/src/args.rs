//! The command line, as types: nouns here, their verbs and flags in a file each.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) mod agent;
pub(crate) mod asterisk;
pub(crate) mod audit;
pub(crate) mod db;
pub(crate) mod files;
pub(crate) mod node;
pub(crate) mod pause_reason;
pub(crate) mod phone;
pub(crate) mod queue;
pub(crate) mod release;
pub(crate) mod secret;
pub(crate) mod serve;
pub(crate) mod site;
pub(crate) mod state;
pub(crate) mod switch;
pub(crate) mod token;
pub(crate) mod user;
pub(crate) mod value;
pub(crate) mod views;
pub(crate) mod voice;

const LONG_ABOUT: &str = "\
Peerage keeps the agents and phones of a call centre in PostgreSQL, where Asterisk reads them live.

Data go to standard output, everything else to standard error. Settings come from flags, then the environment, \
then the file given with --config:

  PEERAGE_DATABASE_URL        the database; default: the private cluster
  PEERAGE_DATABASE_URL_FILE   a file with that URL, for a URL with a password
  PEERAGE_HOME                directory of the private cluster
  PEERAGE_NODE_PASSWORD_FILE  a file with a node's database password, for `asterisk config`
  PEERAGE_CONFIG              the settings file, like --config
  PEERAGE_LOG                 log filter, such as `info` or `peerage_store=debug`
  PEERAGE_LISTEN, _HTTPS, _MANAGER_SECRETS   see `peerage serve --help`

The file uses the same names in lower case, without PEERAGE_.";

const EXAMPLES: &str = "\
Examples:
  peerage up
  peerage agent add 1001 --name \"Ada King\" --transport udp,tls
  peerage agent list --format json
  peerage node add pbx1
  peerage asterisk config --node pbx1 --out ast --database-password-stdin < password.txt";

/// Agents and phones for Asterisk, in PostgreSQL
#[derive(Debug, Parser)]
#[command(
    name = "peerage",
    version,
    long_about = LONG_ABOUT,
    after_long_help = format!("{EXAMPLES}\n\n{}", crate::exit::HELP),
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) noun: Noun,
}

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Read settings from this TOML file
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Output format
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        hide_possible_values = true,
        value_name = "table|json|csv"
    )]
    pub(crate) format: Format,
    /// Print only data, warnings and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Log more; repeat for debug output
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// How data are written to standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// Columns for people
    #[default]
    Table,
    /// One JSON document
    Json,
    /// Comma-separated values with a header
    Csv,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Noun {
    /// Set everything up on one machine: database, views, first admin
    Up(db::Up),
    /// Run the service: console, API, connections to Asterisk
    Serve(serve::Serve),
    /// Manage the private PostgreSQL cluster, and run migrations
    #[command(subcommand)]
    Db(db::Db),
    /// Manage the views that Asterisk reads
    #[command(subcommand)]
    Views(views::Views),
    /// Manage sites, each with its own policy
    #[command(subcommand)]
    Site(site::Site),
    /// Manage Asterisk nodes, which read the views
    #[command(subcommand)]
    Node(node::Node),
    /// Manage agents, who take calls
    #[command(subcommand)]
    Agent(agent::Agent),
    /// Manage phones, which agents with hot desk can use
    #[command(subcommand)]
    Phone(phone::Phone),
    /// Manage queues, where callers wait for agents
    #[command(subcommand)]
    Queue(queue::Queue),
    /// Manage pause reasons
    #[command(subcommand)]
    PauseReason(pause_reason::PauseReason),
    /// Manage users of the console
    #[command(subcommand)]
    User(user::User),
    /// Manage API tokens
    #[command(subcommand)]
    Token(token::Token),
    /// Show what changed, when, and who changed it
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Add many agents or phones at once
    #[command(subcommand)]
    Import(files::Import),
    /// Export all agents and phones
    #[command(subcommand)]
    Export(files::Export),
    /// Write Asterisk's configuration files
    #[command(subcommand)]
    Asterisk(asterisk::Asterisk),
    /// Print a shell completion script
    Completions(files::Completions),
    /// Write the manual pages
    Man(files::Man),
}

#[cfg(test)]
mod tests;
