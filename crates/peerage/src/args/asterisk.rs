//! `peerage asterisk`.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use peerage_model::{NodeName, Realm};

use super::value::typed;
use peerage_views::node_config::CACHE_SECONDS;

const CONFIG_EXAMPLES: &str = "\
Writes a complete configuration: extconfig.conf, sorcery.conf, res_pgsql.conf, pjsip.conf and the rest. Put your own \
additions into local/ beside them; Peerage never touches it. The node's database password comes from standard input or \
from the file named in PEERAGE_NODE_PASSWORD_FILE. It is stored in res_pgsql.conf, which only its owner can read: make \
Asterisk's user the owner.

--database-host, --database-port and --database-name default to Peerage's own database; the private cluster is at \
127.0.0.1. If the node has an AMI address (`peerage node set --manager`), AMI is turned on, and a missing secret is \
generated. Files that Peerage did not write are replaced only with --force.

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
    /// The node's name (see `node add`)
    #[arg(long, value_name = "NAME", value_parser = typed::<NodeName>)]
    pub(crate) node: NodeName,
    /// Output directory; created if missing
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// SIP channel driver; default: the sites' setting
    #[arg(long, value_enum)]
    pub(crate) driver: Option<Driver>,
    /// Realm of SIP digests; default: the sites' realm
    #[arg(long, value_parser = typed::<Realm>)]
    pub(crate) realm: Option<Realm>,
    /// Offer unknown accounts only MD5 even if a site offers SHA-256; for Asterisk before 20.12, 21.7 and 22.2
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
    /// Database host name or address, as seen from the node
    #[arg(long, value_name = "HOST")]
    pub(crate) database_host: Option<String>,
    /// Database TCP port
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) database_port: Option<u16>,
    /// Database name
    #[arg(long, value_name = "NAME")]
    pub(crate) database_name: Option<String>,
    /// Encryption and verification of the node's connection; default: as in the database URL
    #[arg(long, value_enum, value_name = "MODE")]
    pub(crate) database_sslmode: Option<SslMode>,
    /// CA certificates of the database (PEM), as a path on the node; default: as in the database URL
    #[arg(long, value_name = "FILE")]
    pub(crate) database_root_certificate: Option<String>,
}

/// libpq's `sslmode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SslMode {
    /// Not encrypted
    Disable,
    /// Encrypted if the server supports it
    Prefer,
    /// Encrypted
    Require,
    /// Encrypted, with a certificate from a known CA
    VerifyCa,
    /// The same, with the server's host name
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
#[command(next_help_heading = "Listening addresses")]
pub(crate) struct Listen {
    /// Address for SIP and WebSocket
    #[arg(long, value_name = "ADDRESS", default_value = "0.0.0.0")]
    pub(crate) bind: IpAddr,
    /// Port for SIP over UDP and TCP, 1 to 65534; TLS uses the next port [default: 5060]
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..=65534))]
    pub(crate) sip_port: Option<u16>,
    /// Port for SIP over WebSocket, 1 to 65534; secure WebSocket uses the next port [default: 8088]
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..=65534))]
    pub(crate) http_port: Option<u16>,
    /// First UDP port for RTP
    #[arg(long, value_name = "PORT", default_value_t = 10000)]
    pub(crate) rtp_first: u16,
    /// Last UDP port for RTP
    #[arg(long, value_name = "PORT", default_value_t = 20000)]
    pub(crate) rtp_last: u16,
    /// Further address of the node, such as its public one; no phone may register a contact there; may be repeated
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) own_address: Vec<IpAddr>,
    /// Let phones register contacts at the node's own addresses, for softphones or a proxy beside Asterisk
    #[arg(long, conflicts_with = "own_address")]
    pub(crate) phones_on_this_machine: bool,
    /// TLS certificate with chain (PEM), as a path on the node; without it, no TLS and no wss
    #[arg(long, value_name = "FILE", requires = "private_key")]
    pub(crate) certificate: Option<String>,
    /// Private key of the certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub(crate) private_key: Option<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "AMI, if `node set --manager` has set an address")]
pub(crate) struct Manager {
    /// Address of the machine that runs Peerage's service, if it is not the node itself
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) manager_from: Option<IpAddr>,
    /// Do not cache: slower, but independent of the service
    #[arg(long)]
    pub(crate) no_caching: bool,
    /// Maximum cache time; bounds the delay of a change while the service is down
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=86400), default_value_t = CACHE_SECONDS)]
    pub(crate) cache_seconds: u32,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Asterisk's directories")]
pub(crate) struct Place {
    /// Configuration; default: --out as an absolute path
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
    /// Both; chan_sip uses ports 100 higher
    Both,
}
