//! `peerage up` and `peerage db`.

use clap::{Args, Subcommand};
use peerage_model::Username;

use super::value::typed;

const UP_LONG: &str = "\
Set everything up on one machine. Starts the private PostgreSQL cluster (or uses the configured database), runs \
migrations, installs the views, adds the first admin and shows the password once, and runs the service with its console \
until Ctrl-C or SIGTERM. The cluster keeps running. A second run changes nothing that already exists.";

const UP_EXAMPLES: &str = "\
Examples:
  peerage up
  peerage up --listen 0.0.0.0:8080
  peerage up --no-serve --admin ada --format json";

const START_EXAMPLES: &str = "\
Creates the cluster if it does not exist, and adds missing logins to a cluster of an earlier release. The cluster listens \
on a socket and on 127.0.0.1.

Examples:
  peerage db start";

const STOP_EXAMPLES: &str = "\
Examples:
  peerage db stop";

const STATUS_EXAMPLES: &str = "\
Checks the configured database or the private cluster: whether it is reachable, and whether migrations, views and disk \
space suit this release. Lists what keeps a node's login from working, and each missing limit of a login with the \
statement that sets it. Exits with 1 if the database cannot be used.

Examples:
  peerage db status --format json";

const URL_EXAMPLES: &str = "\
The URL connects as superuser over the socket. It works for root and for the cluster's owner, and contains no secret.

Examples:
  psql \"$(peerage db url)\"";

const MIGRATE_EXAMPLES: &str = "\
Creates the group roles, runs pending migrations and installs the views, in one transaction. Asterisk can keep reading \
meanwhile. Then restricts the logins, and prints the statements for a superuser where this login lacks the right. Uses the \
database's owner: PEERAGE_OWNER_DATABASE_URL, or else PEERAGE_DATABASE_URL.

Examples:
  peerage db migrate";

#[derive(Debug, Args)]
#[command(long_about = UP_LONG, after_long_help = UP_EXAMPLES)]
pub(crate) struct Up {
    #[command(flatten)]
    pub(crate) listen: super::serve::Listen,
    /// Set everything up and exit; `peerage serve` runs the service
    #[arg(long, conflicts_with = "listen")]
    pub(crate) no_serve: bool,
    /// User name of the first admin; ignored if an admin exists
    #[arg(long, value_name = "USERNAME", default_value = "admin", value_parser = typed::<Username>)]
    pub(crate) admin: Username,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Db {
    /// Start the private cluster
    #[command(after_long_help = START_EXAMPLES)]
    Start,
    /// Stop the private cluster
    #[command(after_long_help = STOP_EXAMPLES)]
    Stop,
    /// Show the state of the database
    #[command(after_long_help = STATUS_EXAMPLES)]
    Status,
    /// Print a URL of the private cluster, for psql
    #[command(after_long_help = URL_EXAMPLES)]
    Url,
    /// Upgrade a database to this release: migrations and views
    #[command(after_long_help = MIGRATE_EXAMPLES)]
    Migrate,
}
