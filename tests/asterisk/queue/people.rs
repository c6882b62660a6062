//! The queues, agents and telephones of a test.

use peerage_model::{Actor, ActorRole, LoginRequest, LogoutRequest, Number, Penalty, QueueName, ReasonCode};
use peerage_store::{NewAgent, NewPhone, QueuePatch, ReasonPatch};
use peerage_testkit::sipp::{Listening, Phone};

use super::centre::Centre;

const SECRET: &str = "sesame-open";

/// The reason that agents give in these tests.
pub(crate) const LUNCH: &str = "lunch";

impl Centre {
    /// A queue of its own that rings for five seconds, again after one.
    pub(crate) fn queue(&self, settings: QueuePatch) -> QueueName {
        let name: QueueName = format!("queue{}", self.number()).parse().unwrap();
        let brisk = QueuePatch {
            timeout_seconds: settings.timeout_seconds.or(Some(5)),
            retry_seconds: Some(1),
            ..settings
        };
        self.store.add_queue(&name, &brisk).unwrap();
        name
    }

    /// Two of them, in the order of their names.
    pub(crate) fn queues(&self) -> [QueueName; 2] {
        [QueuePatch::default(), QueuePatch::default()].map(|settings| self.queue(settings))
    }

    /// An agent who works in these queues.
    pub(crate) fn agent(&self, queues: &[&QueueName]) -> Number {
        self.agent_with(queues, |_| {})
    }

    pub(crate) fn agent_with(&self, queues: &[&QueueName], change: impl FnOnce(&mut NewAgent)) -> Number {
        let number = self.number();
        let mut agent = NewAgent::new(number.clone(), name(&number).parse().unwrap());
        change(&mut agent);
        self.store.add_agent(&agent, &SECRET.parse().unwrap()).unwrap();
        for queue in queues {
            self.store
                .assign(queue, &number, Penalty::try_from(0).unwrap())
                .unwrap();
        }
        number
    }

    /// An agent who works in these queues and is logged in on the internal interface.
    pub(crate) fn logged_in(&self, queues: &[&QueueName]) -> Number {
        let agent = self.agent(queues);
        self.log_in(&agent);
        agent
    }

    pub(crate) fn log_in(&self, agent: &Number) {
        assert!(
            self.store
                .log_in(agent, &LoginRequest::default(), &myself(agent))
                .unwrap()
        );
    }

    pub(crate) fn log_out(&self, agent: &Number) {
        assert!(
            self.store
                .log_out(agent, &LogoutRequest::default(), &myself(agent))
                .unwrap()
        );
    }

    /// Makes `lunch` a reason that agents may give.
    pub(crate) fn offer_lunch(&self) -> ReasonCode {
        let code: ReasonCode = LUNCH.parse().unwrap();
        // Another test may have been first.
        let _ = self.store.add_pause_reason(&code, &ReasonPatch::default());
        code
    }

    /// A telephone of its own; not yet registered.
    pub(crate) fn telephone(&self) -> Number {
        let number = self.number();
        let phone = NewPhone::new(number.clone(), format!("Desk {number}").parse().unwrap());
        self.store.add_phone(&phone, &SECRET.parse().unwrap()).unwrap();
        number
    }

    /// Registers a device that does what `device` says, and waits until Asterisk takes it for reachable.
    pub(crate) fn online(&self, device: &Phone, number: &Number) -> Listening {
        let online = self.registered(device);
        self.wait_until_reachable(number);
        online
    }

    /// Registers a device. Asterisk asks it only some seconds later whether it is there.
    pub(crate) fn registered(&self, device: &Phone) -> Listening {
        device.online(self.udp()).unwrap()
    }

    #[track_caller]
    pub(crate) fn wait_until_reachable(&self, number: &Number) {
        self.wait("the device is reachable", || {
            self.cli(&format!("pjsip show endpoint {number}"))
                .contains("Not in use")
        });
    }
}

/// The device of an account.
pub(crate) fn device(number: &Number) -> Phone {
    Phone::new(number.as_str(), SECRET)
}

/// What an agent of this number is called.
pub(crate) fn name(number: &Number) -> String {
    format!("Agent {number}")
}

/// The agent of this number, acting.
pub(crate) fn myself(number: &Number) -> Actor {
    Actor::new(name(number), ActorRole::Agent(number.clone()))
}
