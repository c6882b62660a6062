//! Host, port and TLS settings of a database URL, for Asterisk.

use peerage_store::DatabaseUrl;

/// Host, port and database, as `res_pgsql.conf` wants them. Empty or 0 is what the URL does not say.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Endpoint {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) database: String,
    /// As libpq calls it; none where the URL does not say.
    pub(super) target_session_attrs: Option<String>,
    pub(super) sslmode: Option<String>,
    pub(super) root_certificate: Option<String>,
}

const USUAL_PORT: u16 = 5432;

/// Reads a URL that is known to be good. A socket is left to its owner: a node signs in with a password, so over TCP.
pub(super) fn of_url(url: &DatabaseUrl) -> Endpoint {
    let text = url.expose();
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = place.split_once('/').unwrap_or((place, ""));
    let hosts = authority.rsplit_once('@').map_or(authority, |(_, hosts)| hosts);
    let parameter = |wanted: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(key, _)| *key == wanted).map(|(_, value)| value).next()
    };
    let mut names = Vec::new();
    let mut ports = Vec::new();
    for written in hosts.split(',').filter(|written| !written.is_empty()) {
        let (name, port) = split(written);
        names.push(decoded(name));
        ports.push(port);
    }
    if names.is_empty() {
        let listed = parameter("host").or_else(|| parameter("hostaddr")).unwrap_or_default();
        names.extend(listed.split(',').map(decoded));
        let listed = parameter("port").unwrap_or_default();
        ports.extend(listed.split(',').map(|port| port.parse().ok()));
    }
    if names.iter().any(|name| name.starts_with('/')) {
        names = vec!["127.0.0.1".to_owned()];
    }
    Endpoint {
        host: names.join(","),
        port: one(&ports),
        database: decoded(if path.is_empty() {
            parameter("dbname").unwrap_or_default()
        } else {
            path
        }),
        target_session_attrs: url.parameter("target_session_attrs"),
        sslmode: url.parameter("sslmode"),
        root_certificate: url.parameter("sslrootcert"),
    }
}

/// A host of the list and its port.
fn split(written: &str) -> (&str, Option<u16>) {
    let (name, port) = match written.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((name, port)) => (name, port.strip_prefix(':')),
        None => written
            .split_once(':')
            .map_or((written, None), |(name, port)| (name, Some(port))),
    };
    (name, port.and_then(|port| port.parse().ok()))
}

/// The one port of all hosts, which is all that Asterisk takes; 0 when they differ.
fn one(ports: &[Option<u16>]) -> u16 {
    let mut ports = ports.iter().map(|port| port.unwrap_or(USUAL_PORT));
    let first = ports.next().unwrap_or(USUAL_PORT);
    if ports.all(|port| port == first) { first } else { 0 }
}

/// Without its percent signs.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut pieces = text.split('%');
    bytes.extend(pieces.next().unwrap_or_default().bytes());
    for piece in pieces {
        let byte = piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.extend(byte);
        bytes.extend(piece.get(2..).unwrap_or_default().bytes());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_port_and_database_are_read_from_every_form() {
        for (url, host, port, database) in [
            ("postgresql://db.example.com/peerage", "db.example.com", 5432, "peerage"),
            (
                "postgres://ada:p%40ss@10.0.0.2:5433/peer%61ge?sslmode=require",
                "10.0.0.2",
                5433,
                "peerage",
            ),
            ("postgresql://[::1]:5433/peerage", "::1", 5433, "peerage"),
            ("postgresql://one:5433,two:5433/peerage", "one,two", 5433, "peerage"),
            ("postgresql://one:5433,two:5434/peerage", "one,two", 0, "peerage"),
            (
                "postgresql:///peerage?host=/run/postgresql&port=5433&user=postgres",
                "127.0.0.1",
                5433,
                "peerage",
            ),
            ("postgresql://%2Frun%2Fpostgresql/peerage", "127.0.0.1", 5432, "peerage"),
            ("postgresql://?host=db&dbname=peerage", "db", 5432, "peerage"),
            ("postgresql://db", "db", 5432, ""),
        ] {
            let url = DatabaseUrl::try_from(url).unwrap();
            let Endpoint {
                host: found,
                port: found_port,
                database: found_database,
                ..
            } = of_url(&url);
            assert_eq!(
                (found.as_str(), found_port, found_database.as_str()),
                (host, port, database),
                "{url}"
            );
        }
    }

    #[test]
    fn which_host_will_do_and_how_it_is_known_is_read_too() {
        let url = "postgresql://one,two/peerage?target_session_attrs=read-write&sslmode=verify-full&sslrootcert=/etc/db%2Dca.crt";
        let found = of_url(&DatabaseUrl::try_from(url).unwrap());
        assert_eq!(found.target_session_attrs.as_deref(), Some("read-write"));
        assert_eq!(found.sslmode.as_deref(), Some("verify-full"));
        assert_eq!(found.root_certificate.as_deref(), Some("/etc/db-ca.crt"));
        let silent = of_url(&DatabaseUrl::try_from("postgresql://one/peerage").unwrap());
        assert_eq!(
            (silent.target_session_attrs, silent.sslmode, silent.root_certificate),
            (None, None, None)
        );
    }
}
