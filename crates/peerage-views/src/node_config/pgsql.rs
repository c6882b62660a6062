//! The lines of `res_pgsql.conf`.
//!
//! Asterisk joins them to one connection string without quotes, so an option of libpq's may follow any of them after a blank. Each line has
//! at most 63 bytes, and Asterisk cuts what is longer without a word: so the options are spread over the lines, wherever there is room.

use super::{DatabaseLogin, DatabaseOptions, NodeConfigError};

/// Most bytes of an option of `res_pgsql.conf` (`MAX_DB_OPTION_SIZE` less the final zero, `res_config_pgsql.c` 22.10.1).
pub(super) const LINE: usize = 63;
/// The database name is cut here (same source, `my_database`).
pub(super) const DBNAME: usize = 49;

/// What is written after each name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lines {
    pub(super) host: String,
    pub(super) dbname: String,
    pub(super) user: String,
    pub(super) appname: String,
    pub(super) password: String,
}

/// A database that has vanished is noticed after seconds, not after a quarter of an hour, while all realtime look-ups wait. The second one needs
/// libpq 12. Each with the line where it is put if there is room.
const BOUNDS: [(&str, usize); 2] = [("connect_timeout=3", APPNAME), ("tcp_user_timeout=9000", HOST)];

/// Places of lines that are asked for first.
const USER: usize = 0;
const APPNAME: usize = 3;
const HOST: usize = 4;

/// The lines, with the options spread over them.
pub(super) fn lines(node: &str, database: &DatabaseLogin, options: &DatabaseOptions) -> Result<Lines, NodeConfigError> {
    let mut lines = [
        (database.user.clone(), LINE),
        (database.dbname.clone(), DBNAME),
        (database.password.clone(), LINE),
        (node.to_owned(), LINE),
        (database.host.clone(), LINE),
    ];
    let said = [
        ("target_session_attrs", &options.target_session_attrs),
        ("sslmode", &options.sslmode),
        ("sslrootcert", &options.root_certificate),
    ];
    let said = said
        .into_iter()
        .filter_map(|(key, value)| value.as_ref().map(|value| (format!("{key}={value}"), USER)));
    let bounds = BOUNDS.map(|(option, preferred)| (option.to_owned(), preferred));
    let mut wanted: Vec<(String, usize)> = bounds.into_iter().chain(said).collect();
    // The longest first, so that what is short fills what is left.
    wanted.sort_by_key(|(option, _)| std::cmp::Reverse(option.len()));
    for (option, preferred) in wanted {
        let has_room = |(line, most): &(String, usize)| line.len() + 1 + option.len() <= *most;
        let found = [preferred]
            .into_iter()
            .chain(0..lines.len())
            .find(|at| has_room(&lines[*at]));
        let Some(at) = found else {
            let key = option.split('=').next().unwrap_or_default();
            return Err(NodeConfigError::NoRoom { option: key.to_owned() });
        };
        lines[at].0.push(' ');
        lines[at].0.push_str(&option);
    }
    let [(user, _), (dbname, _), (password, _), (appname, _), (host, _)] = lines;
    Ok(Lines {
        host,
        dbname,
        user,
        appname,
        password,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(host: &str) -> DatabaseLogin {
        DatabaseLogin {
            host: host.to_owned(),
            port: 5432,
            dbname: "peerage".to_owned(),
            user: "peerage_node_pbx1".to_owned(),
            password: "0123456789abcdefghijklmn".to_owned(),
        }
    }

    /// What libpq gets.
    fn joined(lines: &Lines) -> String {
        let Lines {
            host,
            dbname,
            user,
            appname,
            password,
        } = lines;
        format!("host={host} dbname={dbname} user={user} application_name={appname} password={password}")
    }

    #[test]
    fn a_host_of_the_longest_kind_leaves_room_for_everything_else() {
        let host = "a".repeat(LINE);
        let options = DatabaseOptions {
            target_session_attrs: Some("read-write".to_owned()),
            sslmode: Some("verify-full".to_owned()),
            root_certificate: Some("/etc/asterisk/db-ca.crt".to_owned()),
        };
        let lines = lines("pbx1", &login(&host), &options).unwrap();
        for line in [&lines.host, &lines.user, &lines.appname, &lines.password] {
            assert!(line.len() <= LINE, "{line}");
        }
        assert!(lines.dbname.len() <= DBNAME, "{lines:?}");
        let all = joined(&lines);
        for word in [
            &format!("host={host}"),
            "dbname=peerage",
            "user=peerage_node_pbx1",
            "application_name=pbx1",
            "password=0123456789abcdefghijklmn",
            "connect_timeout=3",
            "tcp_user_timeout=9000",
            "target_session_attrs=read-write",
            "sslmode=verify-full",
            "sslrootcert=/etc/asterisk/db-ca.crt",
        ] {
            assert_eq!(all.split(' ').filter(|part| part == &word).count(), 1, "{word}: {all}");
        }
    }

    #[test]
    fn an_option_without_room_is_named() {
        let options = DatabaseOptions {
            root_certificate: Some(format!("/{}", "a".repeat(60))),
            ..DatabaseOptions::default()
        };
        let error = lines("pbx1", &login("db"), &options).unwrap_err();
        assert!(error.to_string().contains("sslrootcert"), "{error}");
    }
}
