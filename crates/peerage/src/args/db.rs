//! `peerage up` and `peerage db`.

use clap::{Args, Subcommand};
use peerage_model::Username;

use super::value::typed;

const UP_LONG: &str = "\
Set everything up on one machine: start the private PostgreSQL cluster (not when a database is configured: then that one \
is used), run the migrations, install the views, make the first admin, whose password is shown once, and run the service \
with its console until Ctrl-C or SIGTERM. The cluster goes on running. Doing it again changes nothing that is there \
already.";

const UP_EXAMPLES: &str = "\
Examples:
  peerage up
  peerage up --listen 0.0.0.0:8080
  peerage up --no-serve --admin ada --format json";

const START_EXAMPLES: &str = "\
The cluster is made when it is not there yet, and one of an earlier release gets the logins that commands use. It listens on a socket and on 127.0.0.1.

Examples:
  peerage db start";

const STOP_EXAMPLES: &str = "\
Examples:
  peerage db stop";

const STATUS_EXAMPLES: &str = "\
About the database that is configured; without one, about the private cluster. Says whether the database is reachable, and \
whether it is as this release needs it: migrations, views, room on its disk. Names what keeps a node's login from its work, and \
each limit of the logins that is not in force, with the statement that puts it in force. Exit status 1 when the database cannot be used.

Examples:
  peerage db status --format json";

const URL_EXAMPLES: &str = "\
The URL is that of a superuser over the socket, works for root and for the cluster's owner, and holds no secret.

Examples:
  psql \"$(peerage db url)\"";

const MIGRATE_EXAMPLES: &str = "\
Makes the group roles, runs the pending migrations, and installs the views, all of it or nothing. Asterisk may go on \
reading meanwhile. Then limits what each login may do; what this login may not limit is named, with the statement for a \
superuser. It works as the database's owner: PEERAGE_OWNER_DATABASE_URL, else PEERAGE_DATABASE_URL.

Examples:
  peerage db migrate";

#[derive(Debug, Args)]
#[command(long_about = UP_LONG, after_long_help = UP_EXAMPLES)]
pub(crate) struct Up {
    #[command(flatten)]
    pub(crate) listen: super::serve::Listen,
    /// Set everything up, and end: `peerage serve` runs the service
    #[arg(long, conflicts_with = "listen")]
    pub(crate) no_serve: bool,
    /// Name of the first admin; none is made when there is an admin already
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
    /// Show how the database is
    #[command(after_long_help = STATUS_EXAMPLES)]
    Status,
    /// Print a URL of the private cluster, for psql
    #[command(after_long_help = URL_EXAMPLES)]
    Url,
    /// Bring a database up to this release: migrations and views
    #[command(after_long_help = MIGRATE_EXAMPLES)]
    Migrate,
}
