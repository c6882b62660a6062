//! The stacks, and a pair of Asterisks of one of them: the one reads files, the other the views.

use std::time::Duration;

use anyhow::{Result, ensure};
use peerage_testkit::asterisk::{Asterisk, DatabaseLogin, Driver, Version, wait_until};
use peerage_testkit::db::TestDb;

use super::case::{PJSIP_TEMPLATES, SIP_TEMPLATES};
use super::console::Console;
use super::report::{Difference, differences};
use super::subject::Subject;

/// How long to wait for what takes a second at most.
const PATIENCE: Duration = Duration::from_secs(60);

/// A version of Asterisk with a SIP driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stack {
    Sip16,
    Pjsip16,
    Pjsip22,
}

impl Stack {
    pub(super) fn is_sip(self) -> bool {
        self == Stack::Sip16
    }

    fn version(self) -> Version {
        match self {
            Stack::Sip16 | Stack::Pjsip16 => Version::V16,
            Stack::Pjsip22 => Version::V22,
        }
    }

    fn driver(self) -> Driver {
        if self.is_sip() { Driver::Sip } else { Driver::Pjsip }
    }

    fn file(self) -> &'static str {
        if self.is_sip() { "sip.conf" } else { "pjsip.conf" }
    }

    /// The file's contents, beyond what is shipped.
    fn stanzas(self, subjects: &[Subject]) -> String {
        let mut stanzas = if self.is_sip() { SIP_TEMPLATES } else { PJSIP_TEMPLATES }.to_owned();
        for subject in subjects {
            stanzas += if self.is_sip() { &subject.sip } else { &subject.pjsip };
            if self == Stack::Pjsip22 {
                stanzas += &subject.auth22;
            }
        }
        stanzas
    }

    /// Commands that tell all that Asterisk knows of an account. `load`: also a peer that it has not read yet.
    fn shows(self, number: &str) -> Vec<String> {
        if self.is_sip() {
            ["peer", "user"]
                .map(|what| format!("sip show {what} {number} load"))
                .into()
        } else {
            ["endpoint", "aor", "auth", "identify"]
                .map(|what| format!("pjsip show {what} {number}"))
                .into()
        }
    }

    /// Modules that read the views.
    fn modules(self) -> &'static [&'static str] {
        if self.is_sip() {
            &["res_config_pgsql", "chan_sip"]
        } else {
            &["res_config_pgsql", "res_pjsip", "res_pjsip_endpoint_identifier_ip"]
        }
    }
}

/// An Asterisk with its command line.
pub(super) struct Side {
    asterisk: Asterisk,
    console: Console,
}

impl Side {
    fn of(asterisk: Asterisk) -> Result<Self> {
        let console = Console::open(asterisk.manager()?)?;
        Ok(Self { asterisk, console })
    }

    pub(super) fn run(&mut self, command: &str) -> Result<String> {
        self.console.run(command)
    }

    /// What it says, without the address that each Asterisk has for itself.
    fn show(&mut self, command: &str) -> Result<String> {
        let own = self.asterisk.ip().to_string();
        Ok(self.run(command)?.replace(&own, "(own address)"))
    }

    /// Its warnings and errors, and what the database driver remarks: a column that it misses is a mere NOTICE to it.
    pub(super) fn complaints(&self) -> Result<Vec<String>> {
        let mut complaints = self.asterisk.warnings()?;
        let remarks = |line: &&str| line.contains("] NOTICE[") && line.contains("res_config_pgsql.c");
        complaints.extend(self.asterisk.log()?.lines().filter(remarks).map(str::to_owned));
        Ok(complaints)
    }
}

/// Two Asterisks of one stack with the same accounts.
pub(super) struct Pair {
    stack: Stack,
    pub(super) files: Side,
    pub(super) views: Side,
    // After the Asterisk that reads it.
    pub(super) db: TestDb,
}

impl Pair {
    pub(super) fn start(stack: Stack, subjects: &[Subject]) -> Result<Self> {
        let builder = || Asterisk::builder(stack.version()).driver(stack.driver());
        let files = builder().append(stack.file(), stack.stanzas(subjects)).start()?;

        let db = TestDb::new();
        db.psql(
            "update peerage.site set rtcachefriends = true;
            insert into peerage.site (name, rtcachefriends, offer_sha256)
            values ('sha256', true, true), ('uncached', false, false);",
        );
        let numbers: Vec<String> = subjects
            .iter()
            .map(|subject| format!("(1, '{}', 'phone')", subject.number))
            .collect();
        db.psql(&format!(
            "with account as (
               insert into peerage.sip_account (site_id, number, kind) values {} returning id, number
             )
             insert into peerage.phone (account_id, number, full_name) select id, number, number from account;\n{}",
            numbers.join(", "),
            subjects.iter().map(Subject::sql).collect::<String>()
        ));
        let mut views = builder().database(login(&db));
        if stack.is_sip() {
            // Without it `sip show peer` knows no realtime peer, and chan_sip qualifies none.
            views = views.append("sip.conf", "rtcachefriends = yes");
        }
        let views = Side::of(views.start()?)?;
        Ok(Self {
            stack,
            files: Side::of(files)?,
            views,
            db,
        })
    }

    /// What the two say differently of an account.
    ///
    /// # Errors
    ///
    /// Also when the file's own side is not as the account says: two stanzas that are both refused would be equal.
    pub(super) fn compare(&mut self, subject: &Subject) -> Result<Vec<Difference>> {
        let mut found = Vec::new();
        let mut known = false;
        for command in self.stack.shows(&subject.number) {
            let (files, views) = (self.files.show(&command)?, self.views.show(&command)?);
            known |= !files.contains("not found.") && !files.contains("Unable to find object");
            found.extend(differences(&command, &files, &views));
        }
        ensure!(
            known == subject.known,
            "`{}` in {}: known is {known}",
            subject.number,
            self.stack.file()
        );
        Ok(found)
    }

    /// As [`Pair::compare`], of all of them.
    pub(super) fn compare_all(&mut self, subjects: &[Subject]) -> Result<Vec<Difference>> {
        let mut found = Vec::new();
        for subject in subjects {
            found.extend(self.compare(subject)?);
        }
        Ok(found)
    }

    /// Makes the Asterisk with the views ask for accounts anew.
    pub(super) fn forget(&mut self) -> Result<()> {
        if self.stack.is_sip() {
            self.views.run("sip prune realtime all")?;
        }
        Ok(())
    }

    /// Makes it read its configuration again, too.
    pub(super) fn reload(&mut self) -> Result<()> {
        if self.stack.is_sip() {
            // To be seen when it has.
            self.views
                .asterisk
                .write_file("local/sip.conf", "useragent = reloaded\n")?;
        }
        for module in self.stack.modules() {
            let said = self.views.run(&format!("module reload {module}.so"))?;
            ensure!(said.contains("reloaded successfully"), "{module}: {said}");
        }
        if self.stack.is_sip() {
            // It reloads in a thread of its own.
            wait_until("chan_sip has reloaded", PATIENCE, || {
                Ok(self.views.run("sip show settings")?.contains(" reloaded"))
            })?;
        }
        self.forget()
    }
}

/// A login as a node has it.
fn login(db: &TestDb) -> DatabaseLogin {
    let tcp = db.tcp();
    let login = db.node("pbx1");
    DatabaseLogin {
        host: tcp.host,
        port: tcp.port,
        dbname: tcp.database,
        user: login.user,
        password: login.password,
    }
}
