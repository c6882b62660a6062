//! Where a node's Manager interface is, and who signs in there.

use std::fmt;
use std::str::FromStr;

use peerage_model::Invalid;

/// `host:port` of an Asterisk's Manager interface, as the service reaches it: a name, an IPv4 address, or an IPv6 address in brackets.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
pub struct ManagerAddress(String);

/// The user of `manager.conf` as whom the service signs in. Its secret stands in a file of the service, never in the database.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
pub struct ManagerUser(String);

impl ManagerAddress {
    /// The field an error names, unless the caller knows it by another.
    pub const FIELD: &'static str = "manager";
    /// What the field takes, in words.
    pub const RULE: &'static str = "host:port of Asterisk's Manager interface, such as 192.0.2.5:5038";

    fn accepts(text: &str) -> bool {
        let Some((host, port)) = text.rsplit_once(':') else {
            return false;
        };
        let digits = (1..=5).contains(&port.len()) && port.bytes().all(|b| b.is_ascii_digit());
        let is_port = digits && port.parse::<u16>().is_ok_and(|port| port > 0);
        is_port
            && match host.strip_prefix('[') {
                Some(rest) => rest.strip_suffix(']').is_some_and(is_ipv6),
                None => is_name(host),
            }
    }
}

fn is_name(host: &str) -> bool {
    (1..=200).contains(&host.len())
        && host
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
}

fn is_ipv6(address: &str) -> bool {
    (2..=45).contains(&address.len())
        && address
            .bytes()
            .all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.'))
}

impl ManagerUser {
    /// The field an error names, unless the caller knows it by another.
    pub const FIELD: &'static str = "manager_user";
    /// What the field takes, in words.
    pub const RULE: &'static str = "1 to 64 letters, digits, `_` or `-`";

    fn accepts(text: &str) -> bool {
        (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
    }
}

macro_rules! as_text {
    ($($name:ident),*) => {$(
        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = Invalid;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                if Self::accepts(&text) {
                    Ok(Self(text))
                } else {
                    Err(Invalid::new(Self::FIELD, text, Self::RULE))
                }
            }
        }

        impl TryFrom<&str> for $name {
            type Error = Invalid;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                Self::try_from(text.to_owned())
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::try_from(text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    )*};
}

as_text!(ManagerAddress, ManagerUser);
