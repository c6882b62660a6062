//! The agents, telephones, queues and users of a test.

use std::sync::PoisonError;

use anyhow::Result;
use peerage_model::{
    ActorRole, ConflictPolicy, LoginRequest, Number, Penalty, QueueName, ReasonCode, Role, SiteName, Username,
};
use peerage_store::{NewAgent, NewLogin, NewPhone, QueuePatch, ReasonPatch, SitePatch};
use peerage_testkit::asterisk::wait_until;
use peerage_testkit::browser::{Browser, PATIENCE, Window};
use peerage_testkit::sipp::{Listening, Manner, Phone};

use crate::house::House;

/// The SIP secret of all accounts.
const SECRET: &str = "sesame-open";

/// The password of all users.
pub(crate) const PASSWORD: &str = "correct horse battery";

impl House {
    /// A queue of the test's own, whose name begins so.
    pub(crate) fn queue(&self, name: &str) -> QueueName {
        self.queue_named(&format!("{name}-{}", self.number()))
    }

    /// A queue of just this name, in a house of the test's own.
    pub(crate) fn queue_named(&self, name: &str) -> QueueName {
        let name: QueueName = name.parse().unwrap();
        let brisk = QueuePatch {
            timeout_seconds: Some(5),
            retry_seconds: Some(1),
            ..QueuePatch::default()
        };
        self.store.add_queue(&name, &brisk).unwrap();
        name
    }

    /// An agent who works in these queues, and signs in by the number.
    pub(crate) fn agent(&self, name: &str, queues: &[&QueueName], change: impl FnOnce(&mut NewAgent)) -> Number {
        let number = self.number();
        let mut agent = NewAgent::new(number.clone(), name.parse().unwrap());
        change(&mut agent);
        self.store.add_agent(&agent, &SECRET.parse().unwrap()).unwrap();
        for queue in queues {
            self.store
                .assign(queue, &number, Penalty::try_from(0).unwrap())
                .unwrap();
        }
        self.user(number.as_str(), Role::Agent, Some(number.clone()));
        number
    }

    /// An agent who works nowhere and does not sign in.
    pub(crate) fn plain_agent(&self, name: &str) -> Number {
        let number = self.number();
        let agent = NewAgent::new(number.clone(), name.parse().unwrap());
        self.store.add_agent(&agent, &SECRET.parse().unwrap()).unwrap();
        number
    }

    /// A site of the test's own: its telephones are offered to its agents alone.
    pub(crate) fn site(&self, policy: ConflictPolicy) -> SiteName {
        let site: SiteName = format!("site{}", self.number()).parse().unwrap();
        let settings = SitePatch {
            conflict_policy: Some(policy),
            ..SitePatch::default()
        };
        self.store.add_site(&site, &settings).unwrap();
        site
    }

    /// An agent with hot desk at this site.
    pub(crate) fn nomad(&self, name: &str, site: &SiteName, queues: &[&QueueName]) -> Number {
        self.agent(name, queues, |agent| {
            agent.account.site = site.clone();
            agent.profile.hot_desk = true;
        })
    }

    /// A telephone; not yet registered.
    pub(crate) fn telephone(&self, name: &str) -> Number {
        self.telephone_at(&SiteName::default(), name)
    }

    /// One at this site.
    pub(crate) fn telephone_at(&self, site: &SiteName, name: &str) -> Number {
        let number = self.number();
        let mut phone = NewPhone::new(number.clone(), name.parse().unwrap());
        phone.account.site = site.clone();
        self.store.add_phone(&phone, &SECRET.parse().unwrap()).unwrap();
        number
    }

    /// Registers the device of an account, and waits until Asterisk takes it for reachable. It stays until the house ends.
    pub(crate) fn online(&self, number: &Number) -> Result<()> {
        self.online_as(number, Manner::Answer)
    }

    /// The same of a device that does so with calls.
    pub(crate) fn online_as(&self, number: &Number, manner: Manner) -> Result<()> {
        let device = Phone::new(number.as_str(), SECRET).manner(manner);
        let online = device.online(self.sip())?;
        wait_until("the device is reachable", PATIENCE, || {
            let said = self.asterisk.cli(&format!("pjsip show endpoint {number}"))?;
            Ok(said.contains("Not in use"))
        })?;
        let mut devices = self.devices.lock().unwrap_or_else(PoisonError::into_inner);
        devices.insert(number.clone(), (device, online));
        Ok(())
    }

    /// Takes the device of an account away, as if its plug were pulled, and its registration with it.
    pub(crate) fn unregister(&self, number: &Number) -> Result<()> {
        let mut devices = self.devices.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((device, online)) = devices.remove(number) {
            drop(online);
            device.unregister(self.sip())?.assert_code(200);
        }
        Ok(())
    }

    /// Somebody calls the queue, and stays until hung up or answered and hung up.
    pub(crate) fn call(&self, queue: &QueueName) -> Result<Listening> {
        let number = self.telephone("Caller");
        Phone::new(number.as_str(), SECRET).dial(self.sip(), &format!("*7{queue}"), 2 * PATIENCE)
    }

    /// Ends all calls in a queue.
    pub(crate) fn hang_up(&self, queue: &QueueName) -> Result<()> {
        let channels = self.asterisk.cli("core show channels concise")?;
        for channel in channels.lines().filter(|line| line.contains(&format!("!*7{queue}!"))) {
            let name = channel.split('!').next().unwrap_or_default();
            self.asterisk.cli(&format!("channel request hangup {name}"))?;
        }
        Ok(())
    }

    /// A user with the password of all.
    pub(crate) fn user(&self, name: &str, role: Role, agent: Option<Number>) -> Username {
        let username: Username = name.parse().unwrap();
        let login = NewLogin {
            username: username.clone(),
            role,
            agent,
        };
        self.store.add_login(&login, Some(&PASSWORD.parse().unwrap())).unwrap();
        username
    }

    /// An administrator of the test's own.
    pub(crate) fn admin(&self) -> Username {
        self.user(&format!("admin{}", self.number()), Role::Admin, None)
    }

    /// A supervisor of these queues.
    pub(crate) fn supervisor(&self, queues: &[&QueueName]) -> Username {
        self.supervisor_named(&format!("boss{}", self.number()), queues)
    }

    /// A supervisor of just this name, in a house of the test's own.
    pub(crate) fn supervisor_named(&self, name: &str, queues: &[&QueueName]) -> Username {
        let username = self.user(name, Role::Supervisor, None);
        let queues: Vec<QueueName> = queues.iter().map(|queue| (*queue).clone()).collect();
        self.store.set_supervisor_queues(&username, &queues).unwrap();
        username
    }

    /// A reason that agents may give. Tests share it.
    pub(crate) fn offer(&self, code: &str, label: &str) -> ReasonCode {
        let code: ReasonCode = code.parse().unwrap();
        let settings = ReasonPatch {
            label: Some(label.to_owned()),
            ..ReasonPatch::default()
        };
        // Another test may have been first.
        let _ = self.store.add_pause_reason(&code, &settings);
        code
    }

    /// Logs an agent in on the internal interface, without a browser.
    pub(crate) fn log_in(&self, agent: &Number) {
        let myself = peerage_model::Actor::new(agent.to_string(), ActorRole::Agent(agent.clone()));
        assert!(self.store.log_in(agent, &LoginRequest::default(), &myself).unwrap());
    }

    /// A browser in which this user has signed in.
    pub(crate) async fn signed_in(&self, user: impl ToString, window: Window) -> Result<Browser> {
        let browser = Browser::start(window).await?;
        self.sign_in(&browser, &user.to_string(), PASSWORD).await?;
        browser.wait_gone("[name=password]").await?;
        Ok(browser)
    }

    /// Fills and sends the sign-in form.
    pub(crate) async fn sign_in(&self, browser: &Browser, user: &str, password: &str) -> Result<()> {
        browser.open(&self.url("/sign-in")).await?;
        browser.fill("[name=username]", user).await?;
        browser.fill("[name=password]", password).await?;
        browser.press("Sign in").await
    }
}
