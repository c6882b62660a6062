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
    phones: Vec<(Number, Listening)>,
}

impl Floor {
    /// The phones register at the node of this centre.
    pub(super) fn open(centre: &Centre) -> Self {
        let mut floor = Self::among(centre, centre.queues());
        floor.begin(centre);
        floor
    }

    /// One at each of two nodes, in the same queues.
    pub(super) fn at_both([one, other]: [&Centre; 2]) -> [Self; 2] {
        let here = Self::among(one, one.queues());
        let there = Self::among(other, here.queues.clone());
        let mut floors = [here, there];
        for (floor, centre) in floors.iter_mut().zip([one, other]) {
            floor.begin(centre);
        }
        floors
    }

    /// The agents and their phones in queues that there are. Asterisk may not have found yet that the phones are there.
    fn among(centre: &Centre, queues: [QueueName; 2]) -> Self {
        let busy = centre.queue(QueuePatch::default());
        let ringing = centre.queue(QueuePatch {
            timeout_seconds: Some(300),
            ..QueuePatch::default()
        });
        let both = [&queues[0], &queues[1]];
        let mut phones = Vec::new();
        let mut at_work = |among: &[&QueueName], manner| {
            let agent = centre.logged_in(among);
            phones.push((agent.clone(), centre.registered(&device(&agent).manner(manner))));
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
        phones.push((phone.clone(), centre.registered(&device(&phone))));
        let there = LoginRequest {
            choice: Some(Choice::Telephone(phone)),
            ..LoginRequest::default()
        };
        assert!(centre.store.log_in(&nomad, &there, &myself(&nomad)).unwrap());
        Self {
            queues,
            available,
            paused,
            partly,
            on_call,
            busy,
            ringing,
            callers: Vec::new(),
            phones,
        }
    }

    /// All phones at once, and then the calls: a phone may take seconds until Asterisk asks whether it is there.
    fn begin(&mut self, centre: &Centre) {
        for (number, _) in &self.phones {
            centre.wait_until_reachable(number);
        }
        self.call(centre);
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
