//! `peerage serve`.

use std::net::SocketAddr;

use clap::Args;

const LONG: &str = "\
Run the service: the web console, the interface for programs under /api/v1, and what keeps each Asterisk in step with the \
database. It uses the configured database, or the private cluster when there is none, which must run. It ends with \
Ctrl-C or SIGTERM, and finishes what it has begun. The first line on standard output is its address.

Settings beside those of every command:

  PEERAGE_LISTEN           where it listens [default: 127.0.0.1:8080]
  PEERAGE_HTTPS            `true` when browsers reach it over HTTPS, through a proxy that ends TLS
  PEERAGE_MANAGER_SECRETS  directory with a file for each Asterisk node, of the node's name, that holds the secret of
                           its Manager user [default: manager in PEERAGE_HOME]";

const EXAMPLES: &str = "\
Examples:
  peerage serve
  peerage serve --listen 0.0.0.0:8080";

#[derive(Debug, Args)]
#[command(long_about = LONG, after_long_help = EXAMPLES)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) listen: Listen,
}

/// Where the service listens.
#[derive(Debug, Args)]
pub(crate) struct Listen {
    /// Where the service listens; port 0 is a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
}
