//! Asterisk nodes as far as the database knows them: logins, used over TCP.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

use peerage_testkit::db::{Login, TestDb};

use super::MD5;

/// A database with the accounts 1001 to 1003, which have secrets and take one contact each.
pub(super) fn database() -> TestDb {
    let db = TestDb::new();
    db.psql(
        "with account as (
           insert into peerage.sip_account (site_id, number, kind)
           select 1, number::text, 'agent' from generate_series(1001, 1003) as number
           returning id, number
         )
         insert into peerage.agent (account_id, number, full_name)
         select id, number, number from account;
         insert into peerage.sip_secret (id, number, realm, md5, sha256)
         select id, number, 'asterisk', md5(number), md5(number) || md5(number) from peerage.sip_account",
    );
    db
}

/// A node's login.
pub(super) struct Node<'a> {
    db: &'a TestDb,
    pub(super) login: Login,
}

impl<'a> Node<'a> {
    pub(super) fn new(db: &'a TestDb, name: &str) -> Self {
        Self {
            db,
            login: db.node(name),
        }
    }

    fn psql(&self) -> Command {
        let tcp = self.db.tcp();
        let mut psql = Command::new("psql");
        psql.args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose", "-f", "-"])
            .args(["-h", &tcp.host, "-p", &tcp.port.to_string()])
            .args(["-U", &self.login.user, "-d", &tcp.database])
            .env("PGPASSWORD", &self.login.password)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        psql
    }

    /// What comes back over the line for statements sent as these bytes, or the error.
    pub(super) fn sends(&self, statements: &[u8]) -> Result<Vec<u8>, String> {
        let mut child = self.psql().spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let statements = statements.to_owned();
        let writer = thread::spawn(move || input.write_all(&statements));
        let output = child.wait_with_output().unwrap();
        // It hangs up when a statement fails.
        let _ = writer.join().unwrap();
        if output.status.success() {
            Ok(output.stdout.trim_ascii_end().to_owned())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }

    /// As [`Node::sends`], of texts.
    pub(super) fn says(&self, statements: &str) -> Result<String, String> {
        let answer = self.sends(statements.as_bytes())?;
        Ok(String::from_utf8(answer).unwrap())
    }

    /// What it is told when it may not write this: the constraint, and no more than a line of what was written.
    #[track_caller]
    pub(super) fn is_refused(&self, statement: &str, constraint: &str) {
        let error = self.says(statement).unwrap_err();
        assert!(
            error.contains(&format!("CONSTRAINT NAME:  {constraint}")),
            "{constraint}: {}",
            &error[..error.len().min(2000)]
        );
        let first = error.lines().next().unwrap();
        assert!(first.len() < 500, "{first}");
    }
}

/// Binds a contact as PJSIP does, an hour long, with other values for some columns (as they stand in SQL).
pub(super) fn contact(number: &str, changes: &[(&str, &str)]) -> String {
    let mut values = vec![
        ("id", format!("'{number}^3B@{MD5}'")),
        ("via_addr", "'127.0.0.9'".into()),
        ("qualify_timeout", "'3.000000'".into()),
        ("qualify_2xx_only", "'false'".into()),
        ("call_id", "'0a4f113b'".into()),
        ("reg_server", "'pbx1'".into()),
        ("prune_on_boot", "'no'".into()),
        ("path", "''".into()),
        ("endpoint", format!("'{number}'")),
        ("via_port", "'5060'".into()),
        ("authenticate_qualify", "'no'".into()),
        ("uri", format!("'sip:{number}@127.0.0.9:5060^3Btransport=udp'")),
        ("qualify_frequency", "'60'".into()),
        ("user_agent", "'phone'".into()),
        ("expiration_time", "extract(epoch from now())::bigint + 3600".into()),
        ("outbound_proxy", "''".into()),
    ];
    for (column, value) in changes {
        let known = values.iter_mut().find(|(name, _)| name == column).unwrap();
        known.1 = (*value).to_owned();
    }
    let columns: Vec<&str> = values.iter().map(|(column, _)| *column).collect();
    let texts: Vec<&str> = values.iter().map(|(_, value)| value.as_str()).collect();
    format!(
        "insert into ps_contacts ({}) values ({});",
        columns.join(", "),
        texts.join(", ")
    )
}

/// An id of this number's whose MD5 ends so.
pub(super) fn id(number: &str, end: u32) -> String {
    format!("'{number}^3B@{end:032x}'")
}
