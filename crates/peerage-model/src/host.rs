use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use crate::Invalid;

/// Where an account is reached.
///
/// As text: `dynamic`, or one address in its canonical form (RFC 5952 for IPv6), which is what
/// Asterisk compares as text and what PostgreSQL's `host(value::inet)` prints. Names, masks and
/// ports are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Host {
    /// Wherever it registered from.
    #[default]
    Dynamic,
    /// Always at this address.
    Fixed(Address),
}

impl Host {
    /// The field an error names, unless the caller knows it by another.
    pub const FIELD: &'static str = "host";
    /// What the field takes, in words.
    pub const RULE: &'static str = "`dynamic` or one IP address of a host in its canonical form";

    /// The fixed address; none when dynamic.
    pub const fn fixed(self) -> Option<IpAddr> {
        match self {
            Self::Dynamic => None,
            Self::Fixed(address) => Some(address.get()),
        }
    }
}

/// An IP address that a phone can have.
///
/// Not the unspecified address, not multicast, not the broadcast address. Nor the IPv6 forms that
/// stand for an IPv4 address (`::ffff:a.b.c.d`, and `::a.b.c.d` other than `::1`): a packet from
/// there carries the IPv4 address and would never match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(IpAddr);

impl Address {
    /// The address.
    pub const fn get(self) -> IpAddr {
        self.0
    }
}

impl TryFrom<IpAddr> for Address {
    type Error = Invalid;

    fn try_from(address: IpAddr) -> Result<Self, Self::Error> {
        let belongs_to_a_host = match address {
            IpAddr::V4(v4) => v4 != Ipv4Addr::UNSPECIFIED && v4 != Ipv4Addr::BROADCAST && !v4.is_multicast(),
            IpAddr::V6(v6) => {
                // `to_ipv4` covers `::a.b.c.d` (so `::` and `::1` too) and `::ffff:a.b.c.d`.
                v6 == Ipv6Addr::LOCALHOST || (v6.to_ipv4().is_none() && !v6.is_multicast())
            }
        };
        if belongs_to_a_host {
            Ok(Self(address))
        } else {
            Err(Invalid::new(Host::FIELD, address.to_string(), Host::RULE))
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl TryFrom<&str> for Host {
    type Error = Invalid;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        if text == "dynamic" {
            return Ok(Self::Dynamic);
        }
        match text.parse::<IpAddr>() {
            Ok(address) if address.to_string() == text => Address::try_from(address).map(Self::Fixed),
            _ => Err(Invalid::new(Self::FIELD, text, Self::RULE)),
        }
    }
}

impl TryFrom<String> for Host {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::try_from(text.as_str())
    }
}

impl FromStr for Host {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text)
    }
}

impl From<Host> for String {
    fn from(host: Host) -> Self {
        host.to_string()
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dynamic => f.pad("dynamic"),
            Self::Fixed(address) => fmt::Display::fmt(address, f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_made_from_its_number_meets_the_same_rule_as_its_text() {
        for text in ["0.0.0.0", "::", "::ffff:10.0.0.1", "::102:304", "ff02::1", "239.1.2.3"] {
            assert!(Address::try_from(text.parse::<IpAddr>().unwrap()).is_err(), "{text}");
            assert!(Host::try_from(text).is_err(), "{text}");
        }
        for text in ["10.0.0.1", "::1", "2001:db8::1", "127.0.0.1"] {
            let address = Address::try_from(text.parse::<IpAddr>().unwrap()).unwrap();
            assert_eq!(Host::try_from(text).unwrap(), Host::Fixed(address));
        }
    }

    #[test]
    fn only_a_fixed_host_has_an_address() {
        assert_eq!(Host::default().fixed(), None);
        let host = Host::try_from("10.0.0.1").unwrap();
        assert_eq!(host.fixed().unwrap().to_string(), "10.0.0.1");
    }
}
