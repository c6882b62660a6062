//! The configuration files of one Asterisk node that reads its accounts from Peerage.
//!
//! The templates stand in `contrib/asterisk`; what is tested with a real Asterisk is what is shipped.

mod addresses;
mod check;
mod error;
mod pgsql;
mod template;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;

pub use error::NodeConfigError;
use template::Values;

/// Which SIP channel driver the node runs.
///
/// # Source
///
/// `chan_sip` is in Asterisk up to 20, `chan_pjsip` in all supported versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    /// `chan_pjsip` alone.
    Pjsip,
    /// `chan_sip` alone.
    Sip,
    /// Both, on different ports; the WebSocket is then PJSIP's.
    Both,
}

impl Driver {
    fn has_pjsip(self) -> bool {
        self != Driver::Sip
    }

    fn has_sip(self) -> bool {
        self != Driver::Pjsip
    }
}

/// Everything that differs between one node's configuration and another's.
#[derive(Clone, Debug)]
pub struct NodeConfig {
    /// The node's name: Asterisk's `systemname` and the `application_name` of its database connection.
    pub node: String,
    /// The SIP channel driver.
    pub driver: Driver,
    /// Where the accounts are read. `None`: only what the files themselves define.
    pub database: Option<DatabaseLogin>,
    /// How the database is chosen and known, besides its address.
    pub database_options: DatabaseOptions,
    /// The realm of SIP digests; the stored digests were made for it.
    pub realm: String,
    /// Where PJSIP listens.
    pub pjsip: Listen,
    /// Where `chan_sip` listens.
    pub sip: Listen,
    /// Where SIP over WebSocket listens.
    pub http: SocketAddr,
    /// Where SIP over secure WebSocket listens; unused without a certificate.
    pub https: SocketAddr,
    /// The certificate of TLS and secure WebSocket. `None`: neither is offered.
    pub tls: Option<Certificate>,
    /// The Manager interface. `None`: off.
    pub manager: Option<Manager>,
    /// From where the Manager's user may come besides this machine: where the service runs, when that is elsewhere.
    pub manager_from: Option<IpAddr>,
    /// Whether what is read from the database is kept until the service says that it has changed. Without a Manager
    /// interface nothing is kept, because nobody could say so.
    pub caching: bool,
    /// How long PJSIP keeps what it has read, in seconds, when nobody says that it has changed: as long as the service is away.
    pub cache_seconds: u32,
    /// Whether unknown accounts are offered SHA-256 before MD5, as those of a site that offers it are. They must be offered the
    /// same, or the offer tells which accounts there are.
    pub offer_sha256: bool,
    /// Addresses of the machine besides those that it listens on, such as its public one: no telephone may register there.
    pub further_addresses: Vec<IpAddr>,
    /// Whether telephones may register at the machine's own addresses, because some run there.
    pub phones_on_this_machine: bool,
    /// UDP ports of RTP.
    pub rtp: RangeInclusive<u16>,
    /// Asterisk's directories.
    pub directories: Directories,
}

/// How long PJSIP keeps what it has read, unless an operator says otherwise.
pub const CACHE_SECONDS: u32 = 600;

impl NodeConfig {
    /// Whether it keeps what it has read.
    #[must_use]
    pub fn caches(&self) -> bool {
        self.caching && self.manager.is_some() && self.database.is_some()
    }

    /// A node that caches, with the usual ports on every IPv4 address, Debian's directories, and no database, TLS or
    /// Manager yet.
    ///
    /// With [`Driver::Both`], `chan_sip` listens a hundred ports above PJSIP.
    #[must_use]
    pub fn new(node: impl Into<String>, driver: Driver) -> Self {
        let any = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        let sip_port = if driver == Driver::Both { 5160 } else { 5060 };
        Self {
            node: node.into(),
            driver,
            database: None,
            database_options: DatabaseOptions::default(),
            realm: "asterisk".into(),
            pjsip: Listen::on(any, 5060),
            sip: Listen::on(any, sip_port),
            http: SocketAddr::new(any, 8088),
            https: SocketAddr::new(any, 8089),
            tls: None,
            manager: None,
            manager_from: None,
            caching: true,
            cache_seconds: CACHE_SECONDS,
            offer_sha256: false,
            further_addresses: Vec::new(),
            phones_on_this_machine: false,
            rtp: 10000..=20000,
            directories: Directories::default(),
        }
    }
}

/// The database as this node reaches it.
#[derive(Clone)]
pub struct DatabaseLogin {
    /// Host name, address, comma-separated list of either, or directory of a Unix socket; at most 63 bytes.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Database name; at most 49 bytes.
    pub dbname: String,
    /// The node's own login role; at most 63 bytes.
    pub user: String,
    /// Its password; at most 63 bytes, without blank, quote, backslash or semicolon.
    pub password: String,
}

/// How the node's libpq chooses a database server and knows it for the right one. What is `None` is left to libpq.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DatabaseOptions {
    /// `target_session_attrs`: which of several hosts will do.
    pub target_session_attrs: Option<String>,
    /// `sslmode`.
    pub sslmode: Option<String>,
    /// `sslrootcert`: the file of the authority's certificates, in PEM, as Asterisk sees it.
    pub root_certificate: Option<String>,
}

impl fmt::Debug for DatabaseLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DatabaseLogin")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("dbname", &self.dbname)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// Where a channel driver listens, for each transport of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listen {
    /// SIP over UDP.
    pub udp: SocketAddr,
    /// SIP over TCP.
    pub tcp: SocketAddr,
    /// SIP over TLS.
    pub tls: SocketAddr,
}

impl Listen {
    /// UDP and TCP on `port`, TLS on the next one (the last port of all has none and keeps its own number).
    #[must_use]
    pub fn on(address: IpAddr, port: u16) -> Self {
        Self {
            udp: SocketAddr::new(address, port),
            tcp: SocketAddr::new(address, port),
            tls: SocketAddr::new(address, port.saturating_add(1)),
        }
    }
}

/// Files of the node's TLS certificate, in PEM, as Asterisk sees them.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The certificate, with its chain.
    pub certificate: String,
    /// Its private key.
    pub private_key: String,
}

/// The Manager interface (AMI) and its one user, who must come from this machine or from
/// [`NodeConfig::manager_from`].
#[derive(Clone)]
pub struct Manager {
    /// Where it listens.
    pub address: SocketAddr,
    /// The user's name.
    pub user: String,
    /// The user's secret.
    pub secret: String,
}

impl fmt::Debug for Manager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Manager")
            .field("address", &self.address)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// Asterisk's directories, absolute.
#[derive(Clone, Debug)]
pub struct Directories {
    /// Configuration (`astetcdir`).
    pub etc: String,
    /// Asterisk's own database (`astvarlibdir`, `astdbdir`).
    pub lib: String,
    /// Recordings and voicemail (`astspooldir`).
    pub spool: String,
    /// Control socket (`astrundir`); at most 94 bytes, for the socket's sake.
    pub run: String,
    /// Logs (`astlogdir`).
    pub log: String,
}

impl Default for Directories {
    /// Debian's.
    fn default() -> Self {
        Self {
            etc: "/etc/asterisk".into(),
            lib: "/var/lib/asterisk".into(),
            spool: "/var/spool/asterisk".into(),
            run: "/var/run/asterisk".into(),
            log: "/var/log/asterisk".into(),
        }
    }
}

/// One file of the configuration.
#[derive(Clone, PartialEq, Eq)]
pub struct ConfigFile {
    /// Its name in Asterisk's configuration directory.
    pub name: &'static str,
    /// Its permissions: `0o600` where it holds a secret. Its owner must be Asterisk's user.
    pub mode: u32,
    /// What stands in it.
    pub contents: String,
}

impl fmt::Debug for ConfigFile {
    /// Without the contents, which may hold a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfigFile")
            .field("name", &self.name)
            .field("mode", &format_args!("{:o}", self.mode))
            .finish_non_exhaustive()
    }
}

/// When a file is part of a node's configuration.
#[derive(Clone, Copy)]
enum When {
    Always,
    /// A condition of the templates.
    If(&'static str),
}

macro_rules! shipped {
    ($name:literal, $mode:literal, $when:expr) => {
        (
            $name,
            $mode,
            $when,
            include_str!(concat!("../../../contrib/asterisk/", $name)),
        )
    };
}

/// The templates: name, permissions, when, text.
const TEMPLATES: [(&str, u32, When, &str); 24] = [
    shipped!("asterisk.conf", 0o640, When::Always),
    shipped!("modules.conf", 0o640, When::Always),
    shipped!("extconfig.conf", 0o640, When::Always),
    shipped!("sorcery.conf", 0o640, When::If("pjsip")),
    shipped!("res_pgsql.conf", 0o600, When::If("database")),
    shipped!("pjsip.conf", 0o640, When::If("pjsip")),
    shipped!("pjsip_sha256.conf", 0o640, When::If("sha256")),
    shipped!("sip.conf", 0o640, When::If("sip")),
    shipped!("extensions.conf", 0o640, When::Always),
    shipped!("queues.conf", 0o640, When::Always),
    shipped!("rtp.conf", 0o640, When::Always),
    shipped!("http.conf", 0o640, When::Always),
    shipped!("manager.conf", 0o600, When::Always),
    shipped!("logger.conf", 0o640, When::Always),
    shipped!("cdr.conf", 0o640, When::Always),
    shipped!("cel.conf", 0o640, When::Always),
    shipped!("indications.conf", 0o640, When::Always),
    shipped!("acl.conf", 0o640, When::Always),
    shipped!("ccss.conf", 0o640, When::Always),
    shipped!("features.conf", 0o640, When::Always),
    shipped!("pjproject.conf", 0o640, When::Always),
    shipped!("queuerules.conf", 0o640, When::Always),
    shipped!("stasis.conf", 0o640, When::Always),
    shipped!("udptl.conf", 0o640, When::Always),
];

/// The node's configuration files.
///
/// # Errors
///
/// [`NodeConfigError`] names the first value that Asterisk could not carry; a secret's value is never in it.
pub fn files(config: &NodeConfig) -> Result<Vec<ConfigFile>, NodeConfigError> {
    check::check(config)?;
    let values = values(config)?;
    let mut files = Vec::new();
    for (name, mode, when, text) in TEMPLATES {
        let wanted = match when {
            When::Always => true,
            When::If(condition) => values.holds(name, condition)?,
        };
        if wanted {
            let contents = template::render(name, text, &values)?;
            files.push(ConfigFile { name, mode, contents });
        }
    }
    Ok(files)
}

fn values(config: &NodeConfig) -> Result<Values, NodeConfigError> {
    let mut values = Values::default();
    let driver = config.driver;
    values.condition("pjsip", driver.has_pjsip());
    values.condition("sip", driver.has_sip());
    values.condition("sip_websocket", driver == Driver::Sip);
    values.condition("database", config.database.is_some());
    values.condition("tls", config.tls.is_some());
    values.condition("manager", config.manager.is_some());
    values.condition("manager_from", config.manager_from.is_some());
    values.condition("caching", config.caches());
    values.condition("sha256", config.offer_sha256 && driver.has_pjsip());
    values.set("CACHE_SECONDS", config.cache_seconds);
    let own_addresses = config.own_addresses();
    values.condition("own_addresses", !own_addresses.is_empty());
    values.set("OWN_ADDRESSES", own_addresses.join(","));

    values.set("NODE", &config.node);
    values.set("REALM", &config.realm);
    values.set("PJSIP_UDP", config.pjsip.udp);
    values.set("PJSIP_TCP", config.pjsip.tcp);
    values.set("PJSIP_TLS", config.pjsip.tls);
    values.set("SIP_UDP", config.sip.udp);
    values.set("SIP_TCP", config.sip.tcp);
    values.set("SIP_TLS", config.sip.tls);
    values.set("HTTP", config.http);
    values.set("HTTP_ADDRESS", config.http.ip());
    values.set("HTTP_PORT", config.http.port());
    values.set("HTTPS", config.https);
    values.set("RTP_FIRST", config.rtp.start());
    values.set("RTP_LAST", config.rtp.end());
    let directories = &config.directories;
    values.set("ETC", &directories.etc);
    values.set("LIB", &directories.lib);
    values.set("SPOOL", &directories.spool);
    values.set("RUN", &directories.run);
    values.set("LOG", &directories.log);
    if let Some(tls) = &config.tls {
        values.set("TLS_CERTIFICATE", &tls.certificate);
        values.set("TLS_PRIVATE_KEY", &tls.private_key);
    }
    if let Some(manager) = &config.manager {
        values.set("MANAGER_ADDRESS", manager.address.ip());
        values.set("MANAGER_PORT", manager.address.port());
        values.set("MANAGER_USER", &manager.user);
        values.set("MANAGER_SECRET", &manager.secret);
    }
    if let Some(from) = config.manager_from {
        values.set(
            "MANAGER_FROM",
            format_args!("{from}/{}", if from.is_ipv4() { 32 } else { 128 }),
        );
    }
    if let Some(database) = &config.database {
        let lines = pgsql::lines(&config.node, database, &config.database_options)?;
        values.set("DB_HOST", lines.host);
        values.set("DB_PORT", database.port);
        values.set("DB_NAME", lines.dbname);
        values.set("DB_USER", lines.user);
        values.set("DB_PASSWORD", lines.password);
        values.set("DB_APPNAME", lines.appname);
    }
    Ok(values)
}

#[cfg(test)]
mod tests;
