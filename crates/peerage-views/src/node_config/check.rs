//! What Asterisk's configuration files and libpq's connection string can carry.

use super::pgsql::{DBNAME, LINE};
use super::{NodeConfig, NodeConfigError};

/// Most bytes of the run directory: a socket's path has 107, of which `/asterisk.ctl` takes 13.
const RUN_DIRECTORY: usize = 94;
/// Most bytes of a realm (`MAXHOSTNAMELEN`, `chan_sip.c` 20.20.1, is 64 with the final zero).
const REALM: usize = 63;

pub(super) fn check(config: &NodeConfig) -> Result<(), NodeConfigError> {
    name("the node's name", &config.node)?;
    length("the node's name", &config.node, LINE)?;
    plain("the realm", &config.realm, &['"', '\\', ';', ','])?;
    length("the realm", &config.realm, REALM)?;
    if config.rtp.start() >= config.rtp.end() {
        return Err(NodeConfigError::RtpRange);
    }
    if let Some(database) = &config.database {
        let host = "the database's host";
        connection_value(host, &database.host, LINE)?;
        connection_value("the database's name", &database.dbname, DBNAME)?;
        let user = "the database's user";
        connection_value(user, &database.user, LINE)?;
        connection_value("the database's password", &database.password, LINE)?;
        let options = &config.database_options;
        for (field, value) in [
            ("target_session_attrs", &options.target_session_attrs),
            ("sslmode", &options.sslmode),
        ] {
            if let Some(value) = value {
                name(field, value)?;
            }
        }
        if let Some(file) = &options.root_certificate {
            path("the database's root certificate", file)?;
            connection_value("the database's root certificate", file, LINE)?;
        }
    }
    if let Some(manager) = &config.manager {
        name("the Manager's user", &manager.user)?;
        plain("the Manager's secret", &manager.secret, &[';', '\\'])?;
    }
    paths(config)
}

fn paths(config: &NodeConfig) -> Result<(), NodeConfigError> {
    let directories = &config.directories;
    path("the configuration directory", &directories.etc)?;
    path("the library directory", &directories.lib)?;
    path("the spool directory", &directories.spool)?;
    path("the run directory", &directories.run)?;
    length("the run directory", &directories.run, RUN_DIRECTORY)?;
    path("the log directory", &directories.log)?;
    if let Some(tls) = &config.tls {
        path("the certificate", &tls.certificate)?;
        path("the private key", &tls.private_key)?;
    }
    Ok(())
}

/// Letters, digits, dot, hyphen and underscore: what is a name everywhere it goes.
fn name(field: &'static str, value: &str) -> Result<(), NodeConfigError> {
    not_empty(field, value)?;
    let strange = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    refuse(field, value, strange)
}

/// Printable, without blanks and without `refused`.
fn plain(field: &'static str, value: &str, refused: &[char]) -> Result<(), NodeConfigError> {
    not_empty(field, value)?;
    let strange = |c: char| c.is_whitespace() || c.is_control() || refused.contains(&c);
    refuse(field, value, strange)
}

/// Asterisk joins the connection string without quoting: blanks end a value there, quotes and backslashes mean
/// something, and a semicolon starts a comment before that.
fn connection_value(field: &'static str, value: &str, most: usize) -> Result<(), NodeConfigError> {
    plain(field, value, &['\'', '\\', ';'])?;
    length(field, value, most)
}

fn path(field: &'static str, value: &str) -> Result<(), NodeConfigError> {
    not_empty(field, value)?;
    if !value.starts_with('/') {
        return Err(NodeConfigError::NotAbsolute { field });
    }
    refuse(field, value, |c| c.is_control() || c == ';' || c == '\\')
}

fn not_empty(field: &'static str, value: &str) -> Result<(), NodeConfigError> {
    if value.is_empty() {
        return Err(NodeConfigError::Empty { field });
    }
    Ok(())
}

fn length(field: &'static str, value: &str, most: usize) -> Result<(), NodeConfigError> {
    let bytes = value.len();
    if bytes > most {
        return Err(NodeConfigError::TooLong { field, bytes, most });
    }
    Ok(())
}

fn refuse(field: &'static str, value: &str, strange: impl Fn(char) -> bool) -> Result<(), NodeConfigError> {
    let Some(found) = value.chars().find(|c| strange(*c)) else {
        return Ok(());
    };
    let character = match found {
        c if c.is_whitespace() => "a blank".into(),
        c if c.is_control() => "a control character".into(),
        c => format!("`{c}`"),
    };
    Err(NodeConfigError::Character { field, character })
}
