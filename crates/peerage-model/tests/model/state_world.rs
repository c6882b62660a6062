//! A call centre in memory that keeps what the database keeps: rows of sessions, pauses and states,
//! written the way the functions of the schema write them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use peerage_model::*;

use crate::state_fixture::{at, t, telephone};

pub(crate) const AGENTS: [&str; 4] = ["1001", "1002", "1003", "1004"];
pub(crate) const PHONES: [&str; 5] = ["200", "201", "202", "203", "300"];
pub(crate) const QUEUES: [&str; 3] = ["billing", "sales", "support"];

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Session {
    pub(crate) agent: Number,
    pub(crate) place: Place,
    pub(crate) began: Timestamp,
    pub(crate) moved: Timestamp,
    pub(crate) ended: Option<Timestamp>,
    pub(crate) cause: Option<EndCause>,
    pub(crate) queues: BTreeSet<QueueName>,
    pub(crate) leaving: Option<Leaving>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PauseRow {
    pub(crate) session: usize,
    pub(crate) queue: Option<QueueName>,
    pub(crate) pause: Pause,
    pub(crate) began: Timestamp,
    pub(crate) ended: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct World {
    pub(crate) seconds: i64,
    /// The agents as configured; what changes is loaded from the rows.
    pub(crate) agents: Vec<Situation>,
    pub(crate) assigned: BTreeMap<Number, BTreeSet<QueueName>>,
    pub(crate) phones: Vec<PhoneSeen>,
    pub(crate) sessions: Vec<Session>,
    pub(crate) pauses: Vec<PauseRow>,
    pub(crate) states: Vec<(usize, Stretch)>,
}

impl World {
    /// Two agents who choose interfaces that cross each other's, two with hot desk.
    pub(crate) fn new() -> Self {
        let account = |number: &str| {
            Some(NamedAccount {
                number: t(number),
                driver: Driver::Pjsip,
                disabled: false,
            })
        };
        let mut agents: Vec<Situation> = AGENTS
            .map(|number| Situation {
                number: t(number),
                ..crate::state_fixture::ada()
            })
            .into();
        agents[0].phone_account = account("1002");
        agents[1].phone_account = account("200");
        agents[2].hot_desk = true;
        agents[3].hot_desk = true;
        agents[3].login_in_pause = true;
        agents[3].phone_account = account("201");
        let mut phones: Vec<PhoneSeen> = PHONES.map(telephone).into();
        phones[3].disabled = true;
        phones[4].site = t("leeds");
        Self {
            seconds: 0,
            agents,
            assigned: AGENTS
                .iter()
                .map(|number| (t(number), QUEUES[1..].iter().map(|queue| t(queue)).collect()))
                .collect(),
            phones,
            sessions: Vec::new(),
            pauses: Vec::new(),
            states: Vec::new(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        at(self.seconds)
    }

    pub(crate) fn open(&self, agent: &Number) -> Option<usize> {
        self.sessions
            .iter()
            .position(|session| session.agent == *agent && session.ended.is_none())
    }

    fn holder(&self, session: &Session) -> Holder {
        Holder {
            agent: session.agent.clone(),
            name: self.agents[0].name.clone(),
            interface: session.place.interface.clone(),
            since: session.moved,
        }
    }

    pub(crate) fn phone(&self, index: usize) -> PhoneSeen {
        let mut phone = self.phones[index].clone();
        let interface = Interface::of(Driver::Pjsip, &phone.number);
        let user = self
            .sessions
            .iter()
            .find(|session| session.ended.is_none() && session.place.interface == interface);
        phone.used_by = user.map(|session| self.holder(session));
        phone
    }

    /// What a store would load of an agent.
    pub(crate) fn load(&self, agent: usize) -> Situation {
        let mut situation = self.agents[agent].clone();
        situation.phones = (0..self.phones.len()).map(|index| self.phone(index)).collect();
        situation.holders = self
            .sessions
            .iter()
            .filter(|session| session.ended.is_none() && session.agent != situation.number)
            .map(|session| self.holder(session))
            .collect();
        situation.session = self.open(&situation.number).map(|id| OpenSession {
            place: self.sessions[id].place.clone(),
            since: self.sessions[id].began,
            pauses: self.open_pauses(id),
            queues: self.sessions[id].queues.clone(),
            leaving: self.sessions[id].leaving.clone(),
        });
        situation
    }

    pub(crate) fn open_pauses(&self, session: usize) -> Pauses {
        let mut pauses = Pauses::default();
        for row in self
            .pauses
            .iter()
            .filter(|row| row.session == session && row.ended.is_none())
        {
            let before = match &row.queue {
                None => pauses.all.replace(row.pause.clone()),
                Some(queue) => pauses.single.insert(queue.clone(), row.pause.clone()),
            };
            assert_eq!(before, None, "two open pauses of one queue");
        }
        pauses
    }

    pub(crate) fn begin(&mut self, agent: &Number, session: &NewSession, by: &Actor) {
        self.end_other(session.ends.as_ref());
        self.sessions.push(Session {
            agent: agent.clone(),
            place: session.place.clone(),
            began: self.now(),
            moved: self.now(),
            ended: None,
            cause: None,
            queues: self.assigned[agent].clone(),
            leaving: None,
        });
        let id = self.sessions.len() - 1;
        match &session.paused {
            Some(reason) => self.pause(id, None, Some(reason), by, false),
            None => self.settle(id),
        }
    }

    pub(crate) fn end_other(&mut self, ends: Option<&EndOther>) {
        if let Some(other) = ends {
            let id = self.open(&other.agent).unwrap();
            self.end(id, other.cause);
        }
    }

    /// `peerage.end_session`.
    pub(crate) fn end(&mut self, id: usize, cause: EndCause) {
        let now = self.now();
        self.close_pauses(id, |_| true);
        let open = self
            .states
            .iter_mut()
            .filter(|(of, state)| *of == id && state.until.is_none());
        open.for_each(|(_, state)| state.until = Some(now));
        let session = &mut self.sessions[id];
        session.queues.clear();
        session.ended = Some(now);
        session.cause = Some(cause);
    }

    /// `peerage.pause`.
    pub(crate) fn pause(
        &mut self,
        id: usize,
        queue: Option<&QueueName>,
        reason: Option<&PauseReason>,
        by: &Actor,
        forced: bool,
    ) {
        let now = self.now();
        self.close_pauses(id, |of| queue.is_none() || of == queue);
        self.pauses.push(PauseRow {
            session: id,
            queue: queue.cloned(),
            pause: Pause {
                reason: reason.cloned(),
                by: by.name.clone(),
                forced,
                since: now,
            },
            began: now,
            ended: None,
        });
        self.settle(id);
    }

    /// `peerage.unpause`.
    pub(crate) fn unpause(&mut self, id: usize, queue: Option<&QueueName>) {
        let now = self.now();
        let before = self.open_pauses(id);
        self.close_pauses(id, |of| queue.is_none() || of.is_none() || of == queue);
        if let (Some(queue), Some(all)) = (queue, before.all) {
            for member in &self.sessions[id].queues {
                if member != queue && !before.single.contains_key(member) {
                    self.pauses.push(PauseRow {
                        session: id,
                        queue: Some(member.clone()),
                        pause: all.clone(),
                        began: now,
                        ended: None,
                    });
                }
            }
        }
        self.settle(id);
    }

    /// `peerage.queue_assignment_follows`, of an assignment that is taken away.
    pub(crate) fn leave(&mut self, id: usize, queue: &QueueName) {
        self.close_pauses(id, |of| of == Some(queue));
        self.sessions[id].queues.remove(queue);
        self.settle(id);
    }

    fn close_pauses(&mut self, id: usize, which: impl Fn(Option<&QueueName>) -> bool) {
        let now = self.now();
        for row in &mut self.pauses {
            if row.session == id && row.ended.is_none() && which(row.queue.as_ref()) {
                row.ended = Some(now);
            }
        }
    }

    /// `peerage.settle`: by counting the paused memberships, which is not how the model does it.
    pub(crate) fn settle(&mut self, id: usize) {
        let now = self.now();
        let pauses = self.open_pauses(id);
        let members = &self.sessions[id].queues;
        let paused: Vec<&Pause> = members.iter().filter_map(|queue| pauses.of(queue)).collect();
        let reasons: BTreeSet<_> = paused.iter().map(|pause| pause.reason.clone()).collect();
        let state = match &pauses.all {
            Some(all) => SessionState::Paused(all.reason.clone()),
            None if !members.is_empty() && paused.len() == members.len() => {
                SessionState::Paused(reasons.first().cloned().flatten().filter(|_| reasons.len() == 1))
            }
            None if !paused.is_empty() => SessionState::PartlyPaused,
            None => SessionState::Available,
        };
        assert_eq!(state, pauses.state(members), "the schema and the model differ");
        let open = self
            .states
            .iter_mut()
            .find(|(of, row)| *of == id && row.until.is_none());
        if let Some((_, row)) = open {
            if row.state == state {
                return;
            }
            row.until = Some(now);
        }
        self.states.push((
            id,
            Stretch {
                state,
                from: now,
                until: None,
            },
        ));
    }
}
