//! An Asterisk of each kind, with its database and its accounts.

use std::panic::resume_unwind;
use std::thread;
use std::time::Duration;

use peerage_model::Digests;
use peerage_testkit::asterisk::{Asterisk, Builder, DatabaseLogin, Driver, Version, wait_until};
use peerage_testkit::db::TestDb;

pub(super) const SECRET: &str = "sesame-open";
/// How long to wait for what takes milliseconds on an idle machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// One SIP driver of one Asterisk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stack {
    pub(super) name: &'static str,
    pub(super) version: Version,
    pub(super) driver: Driver,
}

pub(super) const CHAN_SIP_16: Stack = Stack {
    name: "chan_sip of 16",
    version: Version::V16,
    driver: Driver::Sip,
};
pub(super) const PJSIP_16: Stack = Stack {
    name: "PJSIP of 16",
    version: Version::V16,
    driver: Driver::Pjsip,
};
pub(super) const PJSIP_22: Stack = Stack {
    name: "PJSIP of 22",
    version: Version::V22,
    driver: Driver::Pjsip,
};

/// An Asterisk that caches, as nodes do, with its database.
pub(super) struct Lab {
    pub(super) stack: Stack,
    // Before the database: Asterisk must be gone when that goes.
    pub(super) asterisk: Asterisk,
    pub(super) db: TestDb,
}

impl Lab {
    pub(super) fn start(stack: Stack) -> Self {
        Self::with(stack, |login| login, |builder| builder)
    }

    /// On a way of its own to the database, or with another configuration.
    pub(super) fn with(
        stack: Stack,
        way: impl FnOnce(DatabaseLogin) -> DatabaseLogin,
        configure: impl FnOnce(Builder) -> Builder,
    ) -> Self {
        let db = TestDb::new();
        let login = db.login(&["peerage_asterisk"]);
        let tcp = db.tcp();
        db.psql(&format!(
            "alter role {0} set search_path = asterisk, pg_catalog;
            insert into peerage.node (name, login) values ('pbx1', '{0}')",
            login.user
        ));
        let login = way(DatabaseLogin {
            host: tcp.host,
            port: tcp.port,
            dbname: tcp.database,
            user: login.user,
            password: login.password,
        });
        let builder = Asterisk::builder(stack.version)
            .driver(stack.driver)
            .database(login)
            .caching();
        let asterisk = configure(builder).start().unwrap();
        Self { stack, asterisk, db }
    }

    /// Makes an account with [`SECRET`]; `settings` are columns with their values in SQL.
    pub(super) fn account(&self, number: &str, settings: &[(&str, &str)]) {
        self.account_without_secret(number, settings);
        let digests = Digests::new(
            &number.parse().unwrap(),
            &"asterisk".parse().unwrap(),
            &SECRET.parse().unwrap(),
        );
        self.db.psql(&format!(
            "insert into peerage.sip_secret (id, number, realm, md5, sha256)
            select id, number, 'asterisk', '{}', '{}' from peerage.sip_account where number = '{number}'",
            digests.md5(),
            digests.sha256()
        ));
    }

    pub(super) fn account_without_secret(&self, number: &str, settings: &[(&str, &str)]) {
        let mut columns = String::from("number, kind");
        let mut values = format!("'{number}', 'phone'");
        let site = ("site_id", "(select id from peerage.site where name = 'default')");
        let has_site = settings.iter().any(|(column, _)| *column == site.0);
        for (column, value) in settings.iter().chain((!has_site).then_some(&site)) {
            columns += &format!(", {column}");
            values += &format!(", {value}");
        }
        // No account stands alone: it is an agent's or a phone's.
        self.db.psql(&format!(
            "with account as (
              insert into peerage.sip_account ({columns}) values ({values}) returning id, number
            )
            insert into peerage.phone (account_id, number, full_name)
            select id, number, number from account"
        ));
    }

    pub(super) fn wait(&self, what: &str, mut probe: impl FnMut() -> bool) {
        wait_until(what, PATIENCE, || Ok(probe())).unwrap();
    }
}

/// Runs something on each of these stacks at once; what fails names its stack.
pub(super) fn on_stacks(stacks: &[Stack], test: impl Fn(Stack) + Sync) {
    let test = &test;
    thread::scope(|scope| {
        let runs: Vec<_> = stacks
            .iter()
            .map(|stack| {
                let thread = thread::Builder::new().name(stack.name.into());
                thread.spawn_scoped(scope, move || test(*stack)).unwrap()
            })
            .collect();
        let failed: Vec<_> = runs.into_iter().filter_map(|run| run.join().err()).collect();
        if let Some(panic) = failed.into_iter().next() {
            resume_unwind(panic);
        }
    });
}
