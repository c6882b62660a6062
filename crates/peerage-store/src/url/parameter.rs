//! The parameters of a database URL, by their names and meanings in libpq 15, and what tokio-postgres 0.7 is told instead.

use super::{UrlError, check_encoding};

/// What a parameter takes.
enum Takes {
    /// Any text.
    Text,
    /// A number of seconds, or 0 and 1 as no and yes.
    Number,
    /// Ports, with commas between.
    Ports,
    /// An absolute path.
    File,
    /// One of these words.
    Word(&'static [&'static str]),
}

const KNOWN: &[(&str, Takes)] = &[
    ("host", Takes::Text),
    ("hostaddr", Takes::Text),
    ("port", Takes::Ports),
    ("dbname", Takes::Text),
    ("user", Takes::Text),
    ("password", Takes::Text),
    ("application_name", Takes::Text),
    ("options", Takes::Text),
    ("connect_timeout", Takes::Number),
    ("keepalives", Takes::Number),
    ("keepalives_idle", Takes::Number),
    ("keepalives_interval", Takes::Number),
    ("keepalives_count", Takes::Number),
    ("tcp_user_timeout", Takes::Number),
    (
        "sslmode",
        Takes::Word(&["disable", "prefer", "require", "verify-ca", "verify-full"]),
    ),
    ("sslrootcert", Takes::File),
    ("channel_binding", Takes::Word(&["disable", "prefer", "require"])),
    ("target_session_attrs", Takes::Word(&["any", "read-write", "read-only"])),
];

/// What bounds the wait for a server that is gone without a word, unless the URL says otherwise: to connect, in seconds for each host; to
/// have what was sent acknowledged, in milliseconds; and to notice while waiting for an answer, in seconds.
const BOUNDS: &[(&str, &str)] = &[
    ("connect_timeout", "3"),
    ("tcp_user_timeout", "9000"),
    ("keepalives_idle", "5"),
    ("keepalives_interval", "2"),
    ("keepalives_count", "2"),
];

/// Parameters that one driver knows and the other does not, or not so, with what to do instead.
const REFUSED: &[(&str, &str)] = &[
    ("service", "write the host, port, database and user into the URL"),
    ("servicefile", "write the host, port, database and user into the URL"),
    (
        "passfile",
        "put the password into the URL, and the URL into the environment variable PEERAGE_DATABASE_URL",
    ),
    (
        "sslcert",
        "sign in with a password: client certificates are not supported",
    ),
    (
        "sslkey",
        "sign in with a password: client certificates are not supported",
    ),
    (
        "sslpassword",
        "sign in with a password: client certificates are not supported",
    ),
    ("ssl", "write `sslmode=require`"),
    ("keepalives_retries", "write `keepalives_count`, as libpq calls it"),
    (
        "load_balance_hosts",
        "leave it out: libpq knows it from version 16 on only",
    ),
    ("sslnegotiation", "leave it out: libpq knows it from version 17 on only"),
    ("client_encoding", "leave it out: it is always UTF8"),
];

/// The parameters as they are written.
pub(super) fn split(query: &str) -> Result<Vec<(&str, &str)>, UrlError> {
    if query.is_empty() {
        return Ok(Vec::new());
    }
    query
        .split('&')
        .map(|pair| {
            let wrong = || {
                UrlError::new(
                    "has parameters that are not all of the form `key=value`",
                    "join them with `&`, and write `%26` for `&` and `%3D` for `=` in a value",
                )
            };
            let (key, value) = pair.split_once('=').ok_or_else(wrong)?;
            if value.contains('=') {
                Err(wrong())
            } else {
                Ok((key, value))
            }
        })
        .collect()
}

/// Refuses a parameter that is not known to both drivers, or a value that one of them does not take.
pub(super) fn check(key: &str, value: &str) -> Result<(), UrlError> {
    if let Some((_, hint)) = REFUSED.iter().find(|(refused, _)| *refused == key) {
        return Err(UrlError::new(format!("has the parameter `{key}`"), *hint));
    }
    let Some((_, takes)) = KNOWN.iter().find(|(known, _)| *known == key) else {
        let known: Vec<&str> = KNOWN.iter().map(|(known, _)| *known).collect();
        return Err(UrlError::new(
            "has a parameter that is not known",
            format!("use these only: {}", known.join(", ")),
        ));
    };
    if value.is_empty() {
        return Err(UrlError::new(
            format!("has an empty `{key}`"),
            "leave the parameter out",
        ));
    }
    check_encoding(value)?;
    match takes {
        Takes::Text => Ok(()),
        Takes::Ports => value.split(',').try_for_each(check_port),
        Takes::Number if value.bytes().all(|b| b.is_ascii_digit()) && value.len() <= 9 => Ok(()),
        Takes::Number => Err(UrlError::new(format!("has `{key}={value}`"), "write a whole number")),
        Takes::Word(words) if words.contains(&value) => Ok(()),
        Takes::File if decoded(value).starts_with('/') => Ok(()),
        Takes::File => Err(UrlError::new(
            format!("has a `{key}` that is no absolute path"),
            "name the file of the authority's certificates from the root, such as `sslrootcert=/etc/peerage/db-ca.crt`",
        )),
        Takes::Word(words) => Err(UrlError::new(
            format!("has a `{key}` that is not known"),
            format!("use one of {}", words.join(", ")),
        )),
    }
}

/// Refuses what is no port.
pub(super) fn check_port(port: &str) -> Result<(), UrlError> {
    match port.parse::<u16>() {
        Ok(number) if number > 0 && number.to_string() == port => Ok(()),
        _ => Err(UrlError::new(
            "has a port that is none",
            "write a number from 1 to 65535 after the `:`",
        )),
    }
}

/// Without its percent signs. The text is known to be encoded well.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut pieces = text.split('%');
    bytes.extend(pieces.next().unwrap_or_default().bytes());
    for piece in pieces {
        bytes.extend(piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()));
        bytes.extend(piece.get(2..).unwrap_or_default().bytes());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The parameters as libpq reads them, with the bounds that are not said.
pub(super) fn for_libpq<'a>(said: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let missing = BOUNDS.iter().filter(|(key, _)| !said.iter().any(|(one, _)| one == key));
    said.iter().chain(missing).copied().collect()
}

/// The same as tokio-postgres reads them: it has another name for one, counts another in seconds, and leaves it to the caller to verify.
pub(super) fn for_tokio(said: &[(&str, &str)]) -> Vec<(String, String)> {
    let translated = |(key, value): (&str, &str)| match key {
        "keepalives_count" => Some(("keepalives_retries".to_owned(), value.to_owned())),
        "tcp_user_timeout" => {
            let milliseconds: u64 = value.parse().unwrap_or_default();
            Some((key.to_owned(), milliseconds.div_ceil(1000).to_string()))
        }
        "sslmode" if value.starts_with("verify-") => Some((key.to_owned(), "require".to_owned())),
        "sslrootcert" => None,
        _ => Some((key.to_owned(), value.to_owned())),
    };
    for_libpq(said).into_iter().filter_map(translated).collect()
}
