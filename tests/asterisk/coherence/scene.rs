//! An Asterisk that caches, its database, and the service that looks after it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::thread::sleep;
use std::time::{Duration, Instant};

use peerage_model::Number;
use peerage_service::{Running, Settings};
use peerage_store::{AccountPatch, Actor, AgentPatch, NewAgent, Store, VoicePatch};
use peerage_testkit::asterisk::{Builder, DatabaseLogin};
use peerage_testkit::db::TestDb;
use peerage_testkit::proxy::Proxy;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::ALLOWED;
use crate::traffic::account::SECRET;
use crate::traffic::stack::{Lab, Stack, builder, node_login};

/// Between two looks at Asterisk.
const LOOK: Duration = Duration::from_millis(5);

/// What a test plays in.
pub(super) struct Scene {
    // In this order: the service is gone before what it talks to.
    service: Option<Running>,
    pub(super) runtime: Runtime,
    /// Between the service and the Manager interface.
    pub(super) link: Proxy,
    pub(super) lab: Lab,
    pub(super) store: Store,
    secrets: TempDir,
}

impl Scene {
    /// With the service.
    pub(super) fn start(stack: Stack) -> Self {
        let mut scene = Self::without_service(stack);
        scene.start_service();
        scene
    }

    pub(super) fn without_service(stack: Stack) -> Self {
        Self::with(stack, |builder| builder)
    }

    /// The same with further configuration of Asterisk, before the service is there.
    pub(super) fn with(stack: Stack, configure: impl FnOnce(Builder) -> Builder) -> Self {
        Self::made(stack, TestDb::new(), |login| login, configure)
    }

    /// The same on a database that is there, which Asterisk reaches by another way.
    pub(super) fn on(stack: Stack, db: TestDb, way: impl FnOnce(DatabaseLogin) -> DatabaseLogin) -> Self {
        Self::made(stack, db, way, |builder| builder)
    }

    fn made(
        stack: Stack,
        db: TestDb,
        way: impl FnOnce(DatabaseLogin) -> DatabaseLogin,
        configure: impl FnOnce(Builder) -> Builder,
    ) -> Self {
        let node = way(node_login(&db, "pbx1"));
        db.psql("update peerage.site set rtcachefriends = true");
        let asterisk = configure(builder(stack, node).caching()).start().unwrap();
        let manager = asterisk.manager().unwrap().clone();
        let link = Proxy::to(manager.address).unwrap();
        db.psql(&format!(
            "update peerage.node set manager = '{}' where name = '{}'",
            link.address(),
            asterisk.config().node
        ));
        let secrets = tempfile::tempdir().unwrap();
        let file = secrets.path().join(&asterisk.config().node);
        fs::write(&file, &manager.secret).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        let store = Store::open(&db.url().parse().unwrap(), Actor::new("test:ada").unwrap()).unwrap();
        Self {
            service: None,
            runtime: Runtime::new().unwrap(),
            link,
            lab: Lab::of(stack, asterisk, db),
            store,
            secrets,
        }
    }

    /// Starts the service, and waits until it has brought Asterisk in step: only then can a test tell its work.
    pub(super) fn start_service(&mut self) {
        let mut settings = Settings::new(self.lab.db.app_url().parse().unwrap(), "127.0.0.1:0".parse().unwrap());
        settings.manager_secrets = Some(self.secrets.path().to_owned());
        self.service = Some(self.runtime.block_on(Running::start(settings)).unwrap());
        let probe = self.add_agent();
        self.prime(&probe);
        self.lab.set(&probe, "context = 'in-step'");
        self.wait_for("the service looks after Asterisk", 3 * ALLOWED, || {
            self.context(&probe) == "in-step"
        });
    }

    pub(super) fn stop_service(&mut self) {
        if let Some(service) = self.service.take() {
            self.runtime.block_on(service.stop());
        }
    }

    /// The address of a page of the console.
    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.service.as_ref().unwrap().address())
    }

    /// An agent with [`SECRET`] and the defaults.
    pub(super) fn add_agent(&self) -> String {
        let number = self.lab.number();
        self.add_agent_numbered(&number);
        number
    }

    pub(super) fn add_agent_numbered(&self, number: &str) {
        let agent = NewAgent::new(number.parse().unwrap(), "Ada King".parse().unwrap());
        self.store.add_agent(&agent, &SECRET.parse().unwrap()).unwrap();
    }

    pub(super) fn set_agent(&self, number: &str, account: AccountPatch) {
        let patch = AgentPatch {
            account,
            ..AgentPatch::default()
        };
        let number: Number = number.parse().unwrap();
        assert!(self.store.set_agent(&number, &patch).unwrap());
    }

    pub(super) fn set_voice(&self, number: &str, voice: VoicePatch) {
        self.set_agent(
            number,
            AccountPatch {
                voice,
                ..AccountPatch::default()
            },
        );
    }

    /// Has Asterisk read an account into its cache.
    pub(super) fn prime(&self, number: &str) {
        assert!(self.knows(number), "{number}: {}", self.said(number));
        // From memory now.
        assert_eq!(self.context(number), self.stored_context(number));
    }

    fn stored_context(&self, number: &str) -> String {
        self.lab.db.psql(&format!(
            "select context from peerage.sip_account where number = '{number}'"
        ))
    }

    /// What Asterisk says of an account.
    pub(super) fn said(&self, number: &str) -> String {
        self.lab.cli(&self.shows(number))
    }

    /// The command that makes it say so.
    pub(super) fn shows(&self, number: &str) -> String {
        match self.lab.stack.is_pjsip() {
            true => format!("pjsip show endpoint {number}"),
            false => format!("sip show peer {number} load"),
        }
    }

    pub(super) fn knows(&self, number: &str) -> bool {
        let said = self.said(number);
        !said.contains("Unable to find object") && !said.contains("not found")
    }

    pub(super) fn context(&self, number: &str) -> String {
        self.field(number, "context", "Context")
    }

    /// Its codecs, such as `ulaw|alaw`.
    pub(super) fn codecs(&self, number: &str) -> String {
        self.field(number, "allow", "Codecs").replace(['(', ')'], "")
    }

    fn field(&self, number: &str, pjsip: &str, sip: &str) -> String {
        let said = self.said(number);
        let name = if self.lab.stack.is_pjsip() { pjsip } else { sip };
        let value = said.lines().find_map(|line| {
            let (field, value) = line.split_once(':')?;
            (field.trim() == name).then(|| value.trim().to_owned())
        });
        value.unwrap_or_default()
    }

    /// Waits for what a change is to bring about, and says how long it took.
    #[track_caller]
    pub(super) fn reaches(&self, what: &str, holds: impl FnMut() -> bool) -> Duration {
        self.wait_for(what, ALLOWED, holds)
    }

    #[track_caller]
    fn wait_for(&self, what: &str, at_most: Duration, mut holds: impl FnMut() -> bool) -> Duration {
        let begun = Instant::now();
        while !holds() {
            assert!(
                begun.elapsed() < at_most,
                "{}: {what}: not after {at_most:?}",
                self.lab.stack.name
            );
            sleep(LOOK);
        }
        begun.elapsed()
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        self.stop_service();
    }
}
