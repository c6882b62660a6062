//! Accounts, and what the database knows of their registrations.

use peerage_model::Digests;
use peerage_testkit::db::TestDb;
use peerage_testkit::sipp::{Outcome, Phone};

use super::stack::Lab;

pub(crate) const SECRET: &str = "sesame-open";

/// What the canonical tables say of a registration, in one form for both drivers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Registration {
    /// The contact's URI, decoded.
    pub(crate) uri: String,
    /// The User-Agent header, decoded.
    pub(crate) agent: String,
    /// Where the REGISTER came from, as `address:port`.
    pub(crate) from: String,
    /// Seconds until it expires.
    pub(crate) seconds: i64,
    pub(crate) node: String,
    /// Name of the Asterisk that took it.
    pub(crate) server: String,
    /// PJSIP only; chan_sip refuses what is not listed.
    pub(crate) transport_listed: bool,
}

/// A database that takes SQL, and says what psql would.
pub(crate) trait Sql {
    fn sql(&self, statements: &str) -> String;
}

impl Sql for TestDb {
    fn sql(&self, statements: &str) -> String {
        self.psql(statements)
    }
}

impl Lab {
    /// Makes an account; `settings` are columns of `peerage.sip_account` with their values in SQL.
    pub(crate) fn account(&self, settings: &[(&str, &str)]) -> String {
        let number = self.number();
        self.account_numbered(&number, settings);
        number
    }

    pub(crate) fn account_numbered(&self, number: &str, settings: &[(&str, &str)]) {
        add_account(&self.db, number, settings);
    }

    /// Changes columns of an account, such as `disabled = true`.
    pub(crate) fn set(&self, number: &str, change: &str) {
        self.db.psql(&format!(
            "update peerage.sip_account set {change} where number = '{number}'"
        ));
    }

    /// An account with the phone that uses it.
    pub(crate) fn phone(&self, settings: &[(&str, &str)]) -> Phone {
        phone(&self.account(settings))
    }

    /// Calls a number from a phone of its own: Asterisk repeats a refusal for a while, and a later call from the same
    /// address would hear it.
    pub(crate) fn call(&self, number: &str) -> Outcome {
        self.phone(&[]).call(self.udp(), number).unwrap()
    }

    /// Live registrations of a number, as the canonical tables tell them.
    pub(crate) fn registrations(&self, number: &str) -> Vec<Registration> {
        registrations(&self.db, self.stack.is_pjsip(), number)
    }

    /// The only live registration of a number.
    #[track_caller]
    pub(crate) fn registration(&self, number: &str) -> Registration {
        let mut all = self.registrations(number);
        assert_eq!(all.len(), 1, "{number}: {all:?}");
        all.remove(0)
    }

    /// What Asterisk itself says of a number: the URI of each contact that it would call.
    pub(crate) fn contacts(&self, number: &str) -> Vec<String> {
        let (command, field) = if self.stack.is_pjsip() {
            (format!("pjsip show aor {number}"), " contact              : ")
        } else {
            (format!("sip show peer {number} load"), "  Reg. Contact : ")
        };
        let said = self.cli(&command);
        let line = said
            .lines()
            .find_map(|line| line.strip_prefix(field))
            .unwrap_or_default();
        line.split(',')
            .filter(|uri| uri.contains(':'))
            .map(|uri| uri.trim().to_owned())
            .collect()
    }
}

pub(crate) fn phone(number: &str) -> Phone {
    Phone::new(number, SECRET)
}

/// Makes an account with [`SECRET`].
pub(crate) fn add_account(db: &impl Sql, number: &str, settings: &[(&str, &str)]) {
    db.sql(&format!("{}; {}", account(number, settings), secret(number, SECRET)));
}

/// Makes an account that has no secret.
pub(crate) fn add_account_without_secret(db: &impl Sql, number: &str, settings: &[(&str, &str)]) {
    db.sql(&account(number, settings));
}

/// Gives an account another secret.
pub(crate) fn set_secret(db: &impl Sql, number: &str, text: &str) {
    db.sql(&secret(number, text));
}

fn account(number: &str, settings: &[(&str, &str)]) -> String {
    let mut columns = String::from("number, kind");
    let mut values = format!("'{number}', 'phone'");
    let site = ("site_id", "(select id from peerage.site where name = 'default')");
    let has_site = settings.iter().any(|(column, _)| *column == site.0);
    for (column, value) in settings.iter().chain((!has_site).then_some(&site)) {
        columns += &format!(", {column}");
        values += &format!(", {value}");
    }
    format!(
        "with account as (insert into peerage.sip_account ({columns}) values ({values}) returning id, number)
         insert into peerage.phone (account_id, number, full_name) select id, number, number from account"
    )
}

fn secret(number: &str, text: &str) -> String {
    let digests = Digests::new(
        &number.parse().unwrap(),
        &"asterisk".parse().unwrap(),
        &text.parse().unwrap(),
    );
    format!(
        "insert into peerage.sip_secret (id, number, realm, md5, sha256)
        select id, number, 'asterisk', '{}', '{}' from peerage.sip_account where number = '{number}'
        on conflict (id) do update set md5 = excluded.md5, sha256 = excluded.sha256",
        digests.md5(),
        digests.sha256()
    )
}

pub(crate) fn registrations(db: &impl Sql, pjsip: bool, number: &str) -> Vec<Registration> {
    let (columns, table, whose) = if pjsip {
        (
            "contact_uri, agent_name, via_addr || ':' || via_port, node, reg_server, transport_listed",
            "sip_contact",
            format!("account_id = (select id from peerage.sip_account where number = '{number}')"),
        )
    } else {
        (
            "contact_uri, agent_name, ipaddr || ':' || port, node, regserver, true",
            "sip_peer",
            format!("number = '{number}'"),
        )
    };
    // Tabs, because the texts of a phone may have anything else.
    let rows = db.sql(&format!(
        "select format(E'%s\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s', extract(epoch from expires_at - now())::bigint, {columns})
        from peerage.{table}
        where {whose} and expires_at > now()
        order by contact_uri"
    ));
    rows.lines().map(read).collect()
}

fn read(row: &str) -> Registration {
    let [seconds, uri, agent, from, node, server, listed] = row.split('\t').collect::<Vec<_>>()[..] else {
        panic!("not a registration: {row}");
    };
    Registration {
        uri: uri.into(),
        agent: agent.into(),
        from: from.into(),
        seconds: seconds.parse().unwrap(),
        node: node.into(),
        server: server.into(),
        transport_listed: listed == "t",
    }
}
