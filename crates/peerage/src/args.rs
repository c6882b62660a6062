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
Peerage keeps the agents and telephones of a call centre in PostgreSQL, and Asterisk reads them live from there.

Data go to standard output, everything else to standard error. Settings come from flags, then from the environment, \
then from the file that --config names:

  PEERAGE_DATABASE_URL        the database; without it, the private cluster is used
  PEERAGE_DATABASE_URL_FILE   a file that holds that URL, for one with a password
  PEERAGE_HOME                where the private cluster lives
  PEERAGE_NODE_PASSWORD_FILE  a file with a node's database password, for `asterisk config`
  PEERAGE_CONFIG              the settings file, as --config
  PEERAGE_LOG                 what is logged, such as `info` or `peerage_store=debug`
  PEERAGE_LISTEN, _HTTPS, _MANAGER_SECRETS   see `peerage serve --help`

In the file the names are the same without PEERAGE_, in lower case.";

const EXAMPLES: &str = "\
Examples:
  peerage up
  peerage agent add 1001 --name \"Ada King\" --transport udp,tls
  peerage agent list --format json
  peerage node add pbx1
  peerage asterisk config --node pbx1 --out ast --database-password-stdin < password.txt";

/// Configuration of Asterisk's agents and telephones, in PostgreSQL
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
    /// How data are written
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        hide_possible_values = true,
        value_name = "table|json|csv"
    )]
    pub(crate) format: Format,
    /// Say nothing but data, warnings and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Log what is done; twice for every detail
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
    /// Run the service: console, interface for programs, links to Asterisk
    Serve(serve::Serve),
    /// The private PostgreSQL cluster, and migrations
    #[command(subcommand)]
    Db(db::Db),
    /// The views that Asterisk reads
    #[command(subcommand)]
    Views(views::Views),
    /// Sites: places with their own policy
    #[command(subcommand)]
    Site(site::Site),
    /// Asterisk nodes: who may read the views
    #[command(subcommand)]
    Node(node::Node),
    /// Agents: people who take calls
    #[command(subcommand)]
    Agent(agent::Agent),
    /// Telephones: devices that hot-desking agents may take
    #[command(subcommand)]
    Phone(phone::Phone),
    /// Queues: where callers wait for agents
    #[command(subcommand)]
    Queue(queue::Queue),
    /// Reasons for which agents pause
    #[command(subcommand)]
    PauseReason(pause_reason::PauseReason),
    /// Users: who signs in to the console
    #[command(subcommand)]
    User(user::User),
    /// Tokens that let programs in
    #[command(subcommand)]
    Token(token::Token),
    /// What changed, when, and who did it
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Add many agents or telephones at once
    #[command(subcommand)]
    Import(files::Import),
    /// Write all agents and telephones out
    #[command(subcommand)]
    Export(files::Export),
    /// Configuration files for Asterisk itself
    #[command(subcommand)]
    Asterisk(asterisk::Asterisk),
    /// Write a shell's completion script to standard output
    Completions(files::Completions),
    /// Write the manual pages
    Man(files::Man),
}

#[cfg(test)]
mod tests;
