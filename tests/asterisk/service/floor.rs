//! Agents of a node, one in each state there is.

use peerage_model::{Choice, LoginRequest, Number, QueueName};
use peerage_store::QueuePatch;
use peerage_testkit::sipp::{Listening, Manner};

use crate::queue::caller::Caller;
use crate::queue::centre::Centre;
use crate::queue::people::{device, myself};

/// An agent in each state there is.
pub(super) struct Floor {
    pub(super) queues: [QueueName; 2],
    pub(super) available: Number,
    pub(super) paused: Number,
    pub(super) partly: Number,
    pub(super) on_call: Number,
    busy: QueueName,
    ringing: QueueName,
    callers: Vec<Caller>,
    _phones: Vec<Listening>,
}

impl Floor {
    /// The phones register at the node of this centre.
    pub(super) fn open(centre: &Centre) -> Self {
        Self::among(centre, centre.queues())
    }

    /// The same in queues that there are.
    pub(super) fn among(centre: &Centre, queues: [QueueName; 2]) -> Self {
        let busy = centre.queue(QueuePatch::default());
        let ringing = centre.queue(QueuePatch {
            timeout_seconds: Some(300),
            ..QueuePatch::default()
        });
        let both = [&queues[0], &queues[1]];
        let mut phones = Vec::new();
        let mut at_work = |among: &[&QueueName], manner| {
            let agent = centre.logged_in(among);
            phones.push(centre.online(&device(&agent).manner(manner), &agent));
            agent
        };
        let [available, paused, partly] = [(); 3].map(|()| at_work(&both, Manner::Answer));
        let on_call = at_work(&[&busy], Manner::Answer);
        at_work(&[&ringing], Manner::Ring);
        centre.pause(&paused, None);
        centre.pause(&partly, Some(&queues[0]));
        // Unreachable, logged out, and with hot desk.
        centre.logged_in(&both);
        centre.agent(&both);
        let nomad = centre.agent_with(&both, |agent| agent.profile.hot_desk = true);
        let phone = centre.telephone();
        phones.push(centre.online(&device(&phone), &phone));
        let there = LoginRequest {
            choice: Some(Choice::Telephone(phone)),
            ..LoginRequest::default()
        };
        assert!(centre.store.log_in(&nomad, &there, &myself(&nomad)).unwrap());
        let mut floor = Self {
            queues,
            available,
            paused,
            partly,
            on_call,
            busy,
            ringing,
            callers: Vec::new(),
            _phones: phones,
        };
        floor.call(centre);
        floor
    }

    /// One agent talks, and one is rung.
    fn call(&mut self, centre: &Centre) {
        let caller = centre.dial(&self.busy);
        caller.wait_for_answer();
        self.callers = vec![caller, centre.dial(&self.ringing)];
    }

    /// Calls again, after Asterisk was killed with all calls.
    pub(super) fn call_again(&mut self, centre: &Centre) {
        self.callers.clear();
        self.call(centre);
    }

    /// They change places.
    pub(super) fn change(&self, centre: &Centre) {
        centre.pause(&self.available, None);
        centre.unpause(&self.paused, None);
        centre.unpause(&self.partly, Some(&self.queues[0]));
        centre.log_out(&self.partly);
    }

    pub(super) fn change_back(&self, centre: &Centre) {
        centre.unpause(&self.available, None);
        centre.pause(&self.paused, None);
        centre.log_in(&self.partly);
        centre.pause(&self.partly, Some(&self.queues[0]));
    }

    /// Ends the calls.
    pub(super) fn close(self, centre: &Centre) {
        for caller in self.callers {
            caller.hang_up(centre);
        }
    }
}
