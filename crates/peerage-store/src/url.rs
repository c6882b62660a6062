//! Where the database is.

use std::collections::HashSet;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use zeroize::Zeroizing;

mod parameter;

/// The URL of a database, as both drivers of this project read it: libpq (diesel, psql, Asterisk) and tokio-postgres.
///
/// They differ in what they take and, worse, in what they understand: `tcp_user_timeout` is milliseconds to one and seconds to the other.
/// A URL means what it means to libpq; for tokio-postgres it is translated, and what cannot be is refused:
///
/// `postgresql://[user[:password]@]host[:port][,...][/database][?parameter=value&...]`, the host also as parameter `host`, which may be the
/// directory of a socket. What would end a part too early is percent-encoded.
///
/// `Display` and `Debug` show `***` for the password.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    text: Zeroizing<String>,
    masked: String,
    names_application: bool,
}

/// Why a URL is refused. Shows nothing of a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the database URL {what}")]
pub struct UrlError {
    what: String,
    hint: String,
}

impl UrlError {
    fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            hint: hint.into(),
        }
    }

    /// What to write instead.
    pub fn hint(&self) -> &str {
        &self.hint
    }
}

/// How a server is known for the right one, besides its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// libpq's `sslmode`; `prefer` where the URL says none.
    pub mode: String,
    /// The file with the certificates of authorities; none where the URL names none.
    pub root_certificate: Option<PathBuf>,
}

impl DatabaseUrl {
    /// The URL as it was given, with its password.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The URL for libpq, with its password. A server that is gone without a word is noticed after seconds; by itself libpq would wait for a
    /// quarter of an hour.
    pub fn for_libpq(&self) -> Zeroizing<String> {
        self.with_parameters(parameter::for_libpq)
    }

    /// The same for tokio-postgres. It verifies nothing by itself: see [`DatabaseUrl::tls`].
    pub fn for_tokio_postgres(&self) -> Zeroizing<String> {
        self.with_parameters(parameter::for_tokio)
    }

    /// What it says of TLS.
    pub fn tls(&self) -> Tls {
        Tls {
            mode: self.parameter("sslmode").unwrap_or_else(|| "prefer".to_owned()),
            root_certificate: self.parameter("sslrootcert").map(PathBuf::from),
        }
    }

    /// The value of a parameter, decoded; none when the URL does not say it.
    pub fn parameter(&self, key: &str) -> Option<String> {
        let query = self.text.split_once('?').map_or("", |(_, query)| query);
        let said = parameter::split(query).unwrap_or_default();
        let found = said.into_iter().find(|(name, _)| *name == key);
        found.map(|(_, value)| parameter::decoded(value))
    }

    fn with_parameters<'a, K: AsRef<str>>(
        &'a self,
        translate: impl FnOnce(&[(&'a str, &'a str)]) -> Vec<(K, K)>,
    ) -> Zeroizing<String> {
        let (place, query) = self.text.split_once('?').unwrap_or((&self.text, ""));
        let said = parameter::split(query).unwrap_or_default();
        let mut url = Zeroizing::new(place.to_owned());
        for (position, (key, value)) in translate(&said).iter().enumerate() {
            url.push(if position == 0 { '?' } else { '&' });
            url.push_str(key.as_ref());
            url.push('=');
            url.push_str(value.as_ref());
        }
        url
    }

    /// Whether it says under which name sessions show in `pg_stat_activity`.
    pub(crate) fn names_application(&self) -> bool {
        self.names_application
    }
}

/// The parts of a URL as they are written.
struct Parts<'a> {
    scheme: &'a str,
    user: Option<&'a str>,
    password: Option<&'a str>,
    hosts: &'a str,
    path: &'a str,
    parameters: Vec<(&'a str, &'a str)>,
}

impl<'a> Parts<'a> {
    fn of(url: &'a str) -> Result<Self, UrlError> {
        let scheme = ["postgresql://", "postgres://"]
            .into_iter()
            .find(|scheme| url.starts_with(scheme))
            .ok_or_else(|| {
                UrlError::new(
                    "does not begin with `postgresql://`",
                    "write it like `postgresql://user@host/database`",
                )
            })?;
        let rest = &url[scheme.len()..];
        let (place, query) = rest
            .split_once('?')
            .map_or((rest, None), |(place, query)| (place, Some(query)));
        let (authority, path) = place.find('/').map_or((place, ""), |slash| place.split_at(slash));
        if path.contains('@') || query.is_some_and(|query| query.contains('@')) {
            return Err(UrlError::new(
                "has an `@` after its host",
                "write `%40` for `@`, and `%2F` for a `/` in a user name or password",
            ));
        }
        let (credentials, hosts) = authority
            .split_once('@')
            .map_or((None, authority), |(credentials, hosts)| (Some(credentials), hosts));
        if hosts.contains('@') {
            return Err(UrlError::new(
                "has more than one `@`",
                "write `%40` for an `@` in a password",
            ));
        }
        let (user, password) = match credentials.map(|both| both.split_once(':').ok_or(both)) {
            Some(Ok((user, password))) => (Some(user), Some(password)),
            Some(Err(user)) => (Some(user), None),
            None => (None, None),
        };
        Ok(Self {
            scheme,
            user,
            password,
            hosts,
            path,
            parameters: parameter::split(query.unwrap_or_default())?,
        })
    }

    fn parameter(&self, key: &str) -> Option<&'a str> {
        let found = self.parameters.iter().find(|(name, _)| *name == key);
        found.map(|(_, value)| *value)
    }

    fn check(&self) -> Result<(), UrlError> {
        for part in [
            self.user.unwrap_or_default(),
            self.password.unwrap_or_default(),
            self.hosts,
            self.path,
        ] {
            check_encoding(part)?;
        }
        if self.user == Some("") {
            return Err(UrlError::new(
                "has an `@` without a user before it",
                "leave the `@` out, or name the user",
            ));
        }
        let mut said = HashSet::new();
        said.extend(self.user.map(|_| "user"));
        said.extend(self.password.map(|_| "password"));
        said.extend(Some("host").filter(|_| !self.hosts.is_empty()));
        said.extend(Some("dbname").filter(|_| self.path.len() > 1));
        for (key, value) in &self.parameters {
            parameter::check(key, value)?;
            if !said.insert(key) {
                return Err(UrlError::new(
                    format!("says `{key}` twice"),
                    "say it once: the drivers differ in which one counts",
                ));
            }
        }
        if !said.contains("host") && !said.contains("hostaddr") {
            return Err(UrlError::new(
                "names no host",
                "name one, such as `postgresql://localhost/peerage`, or the directory of the server's socket, \
                 such as `postgresql:///peerage?host=/run/postgresql`",
            ));
        }
        if !self.hosts.is_empty() {
            if said.contains("port") {
                return Err(UrlError::new(
                    "says `port` beside a host",
                    "write the port after the host: `host:port`",
                ));
            }
            self.hosts.split(',').try_for_each(check_host)?;
        }
        Ok(())
    }

    fn masked(&self) -> String {
        let mut masked = self.scheme.to_owned();
        if let Some(user) = self.user {
            masked += user;
            masked += if self.password.is_some() { ":***@" } else { "@" };
        }
        masked += self.hosts;
        masked += self.path;
        for (position, (key, value)) in self.parameters.iter().enumerate() {
            masked += if position == 0 { "?" } else { "&" };
            let value = if *key == "password" { "***" } else { value };
            masked += &format!("{key}={value}");
        }
        masked
    }
}

/// One host of the list, with its port.
fn check_host(written: &str) -> Result<(), UrlError> {
    let (host, port) = match written.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, "")) => (address, None),
        Some((address, port)) => (address, Some(port.strip_prefix(':').unwrap_or_default())),
        None => written
            .split_once(':')
            .map_or((written, None), |(host, port)| (host, Some(port))),
    };
    if host.is_empty() {
        return Err(UrlError::new("has an empty host", "name the host, such as `localhost`"));
    }
    port.map_or(Ok(()), parameter::check_port)
}

/// Refuses what is no percent-encoded text: both drivers decode it, and not alike when it is wrong.
fn check_encoding(text: &str) -> Result<(), UrlError> {
    let wrong = || {
        UrlError::new(
            "has a `%` that does not begin a percent-encoded character",
            "write `%25` for the sign itself",
        )
    };
    let mut bytes = Vec::new();
    let mut pieces = text.split('%');
    bytes.extend(pieces.next().unwrap_or_default().bytes());
    for piece in pieces {
        let digits = piece.get(..2).ok_or_else(wrong)?;
        let is_hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
        let byte = u8::from_str_radix(digits, 16).ok().filter(|byte| is_hex && *byte != 0);
        bytes.push(byte.ok_or_else(wrong)?);
        bytes.extend(piece[2..].bytes());
    }
    if std::str::from_utf8(&bytes).is_err() {
        return Err(UrlError::new(
            "has percent-encoded bytes that are no UTF-8",
            "encode the text as UTF-8",
        ));
    }
    Ok(())
}

impl TryFrom<String> for DatabaseUrl {
    type Error = UrlError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let text = Zeroizing::new(text);
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(UrlError::new(
                "has a blank or a control character in it",
                "write `%20` for a blank; look for a line end at its end",
            ));
        }
        let parts = Parts::of(&text)?;
        parts.check()?;
        let (masked, names_application) = (parts.masked(), parts.parameter("application_name").is_some());
        Ok(Self {
            text,
            masked,
            names_application,
        })
    }
}

impl TryFrom<&str> for DatabaseUrl {
    type Error = UrlError;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        Self::try_from(text.to_owned())
    }
}

impl FromStr for DatabaseUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text)
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.masked)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({})", self.masked)
    }
}

#[cfg(test)]
mod tests;
