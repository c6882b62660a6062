//! `peerage serve`.

use std::net::SocketAddr;

use clap::Args;

const LONG: &str = "\
Run the service: the web console, the API under /api/v1, and the tasks that keep each Asterisk in step with the database. \
It uses the configured database, or else the private cluster, which must be running. Ctrl-C or SIGTERM stops it after \
requests in progress. The first line on standard output is its address.

Settings in addition to those of every command:

  PEERAGE_LISTEN           address and port to listen on [default: 127.0.0.1:8080]
  PEERAGE_HTTPS            `true` if browsers use HTTPS, through a proxy that terminates TLS
  PEERAGE_MANAGER_SECRETS  directory with one file per Asterisk node, named after the node, that contains its AMI
                           secret [default: manager in PEERAGE_HOME]
  PEERAGE_TRUSTED_PROXIES  addresses and networks (CIDR) of trusted proxies, separated by commas; without it, the
                           proxy's address is used for sign-ins, limits, audit and log
  PEERAGE_FORWARDED_HEADER the header with the client's address: x-forwarded-for, forwarded, or either [default:
                           either; a request with contradicting headers is refused]

Limits, each at least 1. An address is an IPv4 address or an IPv6 /64 network:

  PEERAGE_CONNECTIONS               connections in total, as far as open files allow [default: 16384]
  PEERAGE_CONNECTIONS_PER_ADDRESS   connections from one address, except trusted proxies [default: 2000]
  PEERAGE_STREAMS_PER_USER          event streams of one user [default: 20]
  PEERAGE_STREAMS_PER_ADDRESS       event streams from one address [default: 1000]
  PEERAGE_REQUESTS_PER_USER         requests per second of one user, with bursts of 20 times as many [default: 100]
  PEERAGE_REQUESTS_PER_ADDRESS      requests per second from one address, with bursts of 20 times as many [default: 500]

Each failed sign-in writes one line to the log, for fail2ban (contrib/fail2ban).";

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
    /// Address and port to listen on; port 0 chooses a free port [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
}
