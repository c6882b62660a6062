//! `peerage asterisk`.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use peerage_model::{NodeName, Realm};

use super::value::typed;
use peerage_views::node_config::CACHE_SECONDS;

const CONFIG_EXAMPLES: &str = "\
Writes extconfig.conf, sorcery.conf, res_pgsql.conf, pjsip.conf and what else Asterisk needs, ready to start. What you add \
yourself goes into local/ beside them and is never touched. The node's database password comes from standard input, or \
from the file that PEERAGE_NODE_PASSWORD_FILE names. It stands in res_pgsql.conf, which only the owner can read: give the \
files to Asterisk's user.

Without --database-host, port and name, the place is that of Peerage's own database; the private cluster is reached at \
127.0.0.1. Where the node has a Manager interface (`peerage node set`), it is turned on, and its secret is made when there \
is none yet. A file in the directory that Peerage did not write is only replaced with --force.

Examples:
  peerage node password pbx1 > password.txt
  peerage asterisk config --node pbx1 --out ast --database-password-stdin < password.txt
  peerage asterisk config --node pbx2 --out ast --database-host 10.0.0.2 --driver sip";

#[derive(Debug, Subcommand)]
pub(crate) enum Asterisk {
    /// Write the configuration files of a node
    #[command(after_long_help = CONFIG_EXAMPLES)]
    Config(Box<Config>),
}

#[derive(Debug, Args)]
pub(crate) struct Config {
    /// The node; `node add` makes one
    #[arg(long, value_name = "NAME", value_parser = typed::<NodeName>)]
    pub(crate) node: NodeName,
    /// The directory to write to, made when it is not there
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// SIP channel driver; else what the sites say
    #[arg(long, value_enum)]
    pub(crate) driver: Option<Driver>,
    /// Realm of SIP digests; else that of the sites
    #[arg(long, value_parser = typed::<Realm>)]
    pub(crate) realm: Option<Realm>,
    /// Offer unknown accounts MD5 alone, though a site offers SHA-256: for an Asterisk older than 20.12, 21.7 or 22.2
    #[arg(long)]
    pub(crate) no_sha256: bool,
    /// Replace files that Peerage did not write
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) listen: Listen,
    #[command(flatten)]
    pub(crate) manager: Manager,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Database")]
pub(crate) struct Database {
    /// Read the node's database password from standard input, one line
    #[arg(long)]
    pub(crate) database_password_stdin: bool,
    /// Host name or address of the database, as the node reaches it
    #[arg(long, value_name = "HOST")]
    pub(crate) database_host: Option<String>,
    /// Its TCP port
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) database_port: Option<u16>,
    /// Its name
    #[arg(long, value_name = "NAME")]
    pub(crate) database_name: Option<String>,
    /// How the node's connection is encrypted and the server verified; else what the database URL says
    #[arg(long, value_enum, value_name = "MODE")]
    pub(crate) database_sslmode: Option<SslMode>,
    /// Certificates of the database's authority, in PEM, as Asterisk sees the file; else what the database URL says
    #[arg(long, value_name = "FILE")]
    pub(crate) database_root_certificate: Option<String>,
}

/// libpq's `sslmode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SslMode {
    /// Not encrypted
    Disable,
    /// Encrypted if the server can
    Prefer,
    /// Encrypted
    Require,
    /// Encrypted, with a certificate of a known authority
    VerifyCa,
    /// The same, for the server's own name
    VerifyFull,
}

impl SslMode {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Where it listens")]
pub(crate) struct Listen {
    /// The address for SIP and WebSocket
    #[arg(long, value_name = "ADDRESS", default_value = "0.0.0.0")]
    pub(crate) bind: IpAddr,
    /// The port of SIP over UDP and TCP, 1 to 65534; TLS has the next one [default: 5060]
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..=65534))]
    pub(crate) sip_port: Option<u16>,
    /// The port of SIP over WebSocket, 1 to 65534; the secure one has the next [default: 8088]
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..=65534))]
    pub(crate) http_port: Option<u16>,
    /// First UDP port of RTP
    #[arg(long, value_name = "PORT", default_value_t = 10000)]
    pub(crate) rtp_first: u16,
    /// Last UDP port of RTP
    #[arg(long, value_name = "PORT", default_value_t = 20000)]
    pub(crate) rtp_last: u16,
    /// A further address of this machine, such as its public one: no phone may register there
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) own_address: Vec<IpAddr>,
    /// Let phones register at this machine's own addresses: for softphones or a proxy beside Asterisk
    #[arg(long, conflicts_with = "own_address")]
    pub(crate) phones_on_this_machine: bool,
    /// Certificate with its chain, in PEM, as Asterisk sees it; without it no TLS and no wss
    #[arg(long, value_name = "FILE", requires = "private_key")]
    pub(crate) certificate: Option<String>,
    /// Its private key, in PEM
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub(crate) private_key: Option<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Manager interface, where `node set --manager` says that there is one")]
pub(crate) struct Manager {
    /// Address of the machine on which Peerage's service runs, when it is not this one
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) manager_from: Option<IpAddr>,
    /// Keep nothing of what is read from the database: slower, and independent of the service
    #[arg(long)]
    pub(crate) no_caching: bool,
    /// Keep nothing longer than this, should the service be away; a change then takes so long
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=86400), default_value_t = CACHE_SECONDS)]
    pub(crate) cache_seconds: u32,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Asterisk's directories")]
pub(crate) struct Place {
    /// Configuration; else --out made absolute
    #[arg(long, value_name = "DIR")]
    pub(crate) etc_dir: Option<String>,
    /// Asterisk's own database
    #[arg(long, value_name = "DIR", default_value = "/var/lib/asterisk")]
    pub(crate) lib_dir: String,
    /// Recordings and voicemail
    #[arg(long, value_name = "DIR", default_value = "/var/spool/asterisk")]
    pub(crate) spool_dir: String,
    /// Control socket
    #[arg(long, value_name = "DIR", default_value = "/var/run/asterisk")]
    pub(crate) run_dir: String,
    /// Logs
    #[arg(long, value_name = "DIR", default_value = "/var/log/asterisk")]
    pub(crate) log_dir: String,
}

/// Which SIP channel driver a node runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Driver {
    /// chan_pjsip
    Pjsip,
    /// chan_sip, up to Asterisk 20
    Sip,
    /// Both, chan_sip a hundred ports above
    Both,
}
