//! The parameters of a database URL that mean the same to libpq 15 and tokio-postgres 0.7.

use super::{UrlError, check_encoding};

/// What a parameter takes.
enum Takes {
    /// Any text.
    Text,
    /// A number of seconds, or 0 and 1 as no and yes.
    Number,
    /// Ports, with commas between.
    Ports,
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
    ("sslmode", Takes::Word(&["disable", "prefer", "require"])),
    ("channel_binding", Takes::Word(&["disable", "prefer", "require"])),
    ("target_session_attrs", Takes::Word(&["any", "read-write", "read-only"])),
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
        "sslrootcert",
        "use `sslmode=require`, and add the authority to the system's trusted certificates",
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
    (
        "tcp_user_timeout",
        "leave it out: it is milliseconds to one driver and seconds to the other",
    ),
    ("keepalives_count", "leave it out: only libpq knows it"),
    ("keepalives_retries", "leave it out: only tokio-postgres knows it"),
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
        // Nothing between an encrypted and a verified connection is known to both drivers.
        Takes::Word(_) if value.starts_with("verify-") => Err(UrlError::new(
            format!("has `{key}={value}`"),
            "use `sslmode=require`: tokio-postgres does not know the other",
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
