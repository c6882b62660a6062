use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;
use peerage_model::Invalid;
use peerage_store::DatabaseUrl;

/// What the service needs to know. [`Settings::new`] gives the defaults.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The database; its URL must not lead through a pooler that shares connections between transactions, because of LISTEN.
    pub database: DatabaseUrl,
    /// The same database as its owner, for the roles of nodes alone: a connection is made when a node is added, changed or removed.
    /// `None`: as everything else.
    pub owner: Option<DatabaseUrl>,
    /// Where HTTP is listened to; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Whether browsers reach the service over HTTPS, through a proxy that ends TLS: cookies are then `Secure`. Default no.
    pub https: bool,
    /// Proxies whose word is taken on where a request comes from. Default none.
    pub trusted_proxies: TrustedProxies,
    /// The header in which they say it. Default: whichever of both there is.
    pub forwarded_header: ForwardedHeader,
    /// How much anybody may take of the service.
    pub limits: Limits,
    /// Directory with a file for each node, of the node's name, which holds the secret of its Manager user. `None`: no
    /// node is linked.
    pub manager_secrets: Option<PathBuf>,
    /// How long a browser stays signed in without a request. Default 12 hours.
    pub idle_sign_in: Duration,
    /// How long client logs are kept. Default 14 days.
    pub client_log_age: Duration,
    /// How often everything is looked at again, whatever was notified. Default 5 minutes.
    pub full_pass_every: Duration,
}

impl Settings {
    /// The defaults.
    #[must_use]
    pub fn new(database: DatabaseUrl, listen: SocketAddr) -> Self {
        Self {
            database,
            owner: None,
            listen,
            https: false,
            trusted_proxies: TrustedProxies::default(),
            forwarded_header: ForwardedHeader::default(),
            limits: Limits::default(),
            manager_secrets: None,
            idle_sign_in: Duration::from_secs(12 * 3600),
            client_log_age: Duration::from_secs(14 * 24 * 3600),
            full_pass_every: Duration::from_secs(300),
        }
    }
}

/// The networks of trusted proxies: addresses and CIDR networks, parted by commas or blanks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Whether a proxy has this address.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl FromStr for TrustedProxies {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let one = |word: &str| {
            let address = word.parse::<IpAddr>().map(IpNet::from);
            address.or_else(|_no_address| word.parse()).map_err(|_no_network| {
                let rule = "addresses and networks parted by commas, such as `127.0.0.1, 10.0.0.0/8, fd00::/8`";
                Invalid::new("trusted_proxies", word, rule)
            })
        };
        let words = text.split([',', ' ', '\t', '\n']).filter(|word| !word.is_empty());
        words.map(one).collect::<Result<_, _>>().map(Self)
    }
}

/// In which header a trusted proxy says where a request comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForwardedHeader {
    /// Whichever there is. A request with both that disagree is refused: one of them is the client's own.
    #[default]
    Either,
    /// `X-Forwarded-For`; `Forwarded` is not looked at.
    XForwardedFor,
    /// `Forwarded` (RFC 7239); `X-Forwarded-For` is not looked at.
    Forwarded,
}

impl FromStr for ForwardedHeader {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text.to_ascii_lowercase().as_str() {
            "either" => Ok(Self::Either),
            "x-forwarded-for" => Ok(Self::XForwardedFor),
            "forwarded" => Ok(Self::Forwarded),
            _ => Err(Invalid::new(
                "forwarded_header",
                text,
                "one of either, x-forwarded-for, forwarded",
            )),
        }
    }
}

/// How much anybody may take of the service. An address is an IPv4 address, or an IPv6 network of 64 bits. The defaults leave room for a
/// site of 300 agents behind one address, each with three pages open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections in all; fewer where the system allows fewer files. Default 16,384.
    pub connections: NonZeroU32,
    /// Connections of one address; a trusted proxy has no such limit. Default 2,000.
    pub connections_per_address: NonZeroU32,
    /// Event streams of one user. Default 20.
    pub streams_per_user: NonZeroU32,
    /// Event streams of one address. Default 1,000.
    pub streams_per_address: NonZeroU32,
    /// Requests of one user in a second, for long; twenty times as many at once. Default 100.
    pub requests_per_user: NonZeroU32,
    /// Requests of one address in a second, for long; twenty times as many at once. Default 500.
    pub requests_per_address: NonZeroU32,
}

impl Default for Limits {
    fn default() -> Self {
        let number = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Self {
            connections: number(16_384),
            connections_per_address: number(2_000),
            streams_per_user: number(20),
            streams_per_address: number(1_000),
            requests_per_user: number(100),
            requests_per_address: number(500),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_addresses_and_networks_of_both_families() {
        let proxies: TrustedProxies = "127.0.0.1, 10.0.0.0/8 fd00::/8".parse().unwrap();
        for (trusted, address) in [
            (true, "127.0.0.1"),
            (false, "127.0.0.2"),
            (true, "10.200.0.1"),
            (true, "::ffff:10.0.0.1"),
            (true, "fd00::1"),
            (false, "2001:db8::1"),
        ] {
            assert_eq!(proxies.contains(address.parse().unwrap()), trusted, "{address}");
        }
        for bad in ["localhost", "10.0.0.0/33", "10.0.0", "1.2.3.4;"] {
            assert!(bad.parse::<TrustedProxies>().is_err(), "{bad}");
        }
        assert_eq!("".parse(), Ok(TrustedProxies::default()));
    }
}
