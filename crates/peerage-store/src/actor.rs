use std::fmt;
use std::net::IpAddr;

use peerage_model::Invalid;

/// Most characters of an actor.
const LONGEST: usize = 200;

/// Who acts, as the audit records it: 1 to 200 characters without control characters, such as `ada` or `import:agents.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    name: String,
    address: Option<IpAddr>,
}

impl Actor {
    /// An actor of this name.
    ///
    /// # Errors
    ///
    /// The name is empty, too long, or has control characters.
    pub fn new(name: impl Into<String>) -> Result<Self, Invalid> {
        let name = name.into();
        let accepted = (1..=LONGEST).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        if accepted {
            Ok(Self { name, address: None })
        } else {
            Err(Invalid::new(
                "actor",
                name,
                "1 to 200 characters without control characters",
            ))
        }
    }

    /// The same actor, whose request came from there.
    #[must_use]
    pub fn at(mut self, address: Option<IpAddr>) -> Self {
        self.address = address;
        self
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// Where the request came from, as text; empty when it is not known.
    pub(crate) fn address(&self) -> String {
        self.address
            .map(|address| address.to_canonical().to_string())
            .unwrap_or_default()
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}
