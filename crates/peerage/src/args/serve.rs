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
                           its Manager user [default: manager in PEERAGE_HOME]
  PEERAGE_TRUSTED_PROXIES  addresses and networks (CIDR) of proxies that say where a request comes from, parted by
                           commas; without it the address is the proxy's, for sign-ins, limits, audit and log alike
  PEERAGE_FORWARDED_HEADER the header in which they say it: x-forwarded-for, forwarded, or either [default: either;
                           a request with both that disagree is refused]

Limits, each a number from 1. An address is an IPv4 address or an IPv6 network of 64 bits:

  PEERAGE_CONNECTIONS               connections in all, as far as open files allow [default: 16384]
  PEERAGE_CONNECTIONS_PER_ADDRESS   connections of one address; a trusted proxy has no such limit [default: 2000]
  PEERAGE_STREAMS_PER_USER          event streams of one user [default: 20]
  PEERAGE_STREAMS_PER_ADDRESS       event streams of one address [default: 1000]
  PEERAGE_REQUESTS_PER_USER         requests of one user in a second, twenty times as many at once [default: 100]
  PEERAGE_REQUESTS_PER_ADDRESS      requests of one address in a second, twenty times as many at once [default: 500]

A failed sign-in is one line of the log, which fail2ban reads (contrib/fail2ban).";

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
