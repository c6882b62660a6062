//! The operations on agents' state: each locks the agent, loads the situation, asks the model, and writes what it
//! decided, in one transaction.

use diesel::prelude::*;
use diesel::result::Error as DieselError;
use peerage_model::{
    Actor, EndOther, EndReason, Interface, LoginDecision, LoginRequest, LogoutDecision, LogoutRequest, MoveDecision,
    MoveRequest, Number, OfferedPhone, PauseDecision, PauseRequest, PhoneSeen, Place, Refusal, ReleaseDecision,
    SiteName, Situation, UnpauseDecision, UnpauseRequest, decide_after_call, decide_login, decide_logout, decide_move,
    decide_pause, decide_release, decide_unpause, telephone_list,
};

use crate::pool::Store;
use crate::row::account::Kind;
use crate::{Entity, StoreError};

mod calls;
mod desk;
mod devices;
mod history;
mod live;
mod load;
mod orders;
mod overview;
mod presence;
mod write;

pub use calls::AgentCall;
pub use desk::{Desk, Membership};
pub use devices::{DeviceReport, DeviceWord};
pub use history::{History, PauseRecord, SessionRecord};
pub use live::Member;
pub use orders::{Lease, PauseOrder};
pub use overview::{AgentNow, CallNow, PhoneNow};
pub(crate) use overview::{AgentRow, phones_now, sites_registering};

use load::Loaded;
use write::At;

/// How often an operation begins anew when somebody else was first.
const ATTEMPTS: usize = 20;

/// How often an operation queues up anew that waited for a lock until its time was up.
const WAITS: usize = 3;

/// Why an operation on an agent's state did nothing.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StateError {
    /// The rules refuse it.
    #[error("{}", .0.message())]
    Refused(Box<Refusal>),
    /// The database, or there is no such agent or telephone.
    #[error(transparent)]
    Store(StoreError),
}

impl StateError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Refused(refusal) => Some(refusal.hint()),
            Self::Store(error) => error.hint(),
        }
    }
}

impl From<Refusal> for StateError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<StoreError> for StateError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<DieselError> for StateError {
    fn from(error: DieselError) -> Self {
        Self::Store(error.into())
    }
}

/// How one attempt ended that did not succeed.
enum Attempt {
    /// Somebody else was first; what was loaded is out of date.
    Anew,
    Failed(StateError),
}

impl From<StateError> for Attempt {
    fn from(error: StateError) -> Self {
        Self::Failed(error)
    }
}

impl From<StoreError> for Attempt {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<DieselError> for Attempt {
    fn from(error: DieselError) -> Self {
        Self::Failed(error.into())
    }
}

impl Store {
    /// Logs an agent in, and tells whether anything changed.
    ///
    /// # Errors
    ///
    /// What [`decide_login`] refuses; there is no such agent.
    pub fn log_in(&self, agent: &Number, request: &LoginRequest, actor: &Actor) -> Result<bool, StateError> {
        self.begin_session(agent, request, Ends::Anybody, actor)
    }

    /// The same for an actor who may end the session of this agent alone, or of nobody.
    ///
    /// # Errors
    ///
    /// The same; somebody else has meanwhile taken the place.
    pub fn log_in_ending(
        &self,
        agent: &Number,
        request: &LoginRequest,
        ends: Option<&Number>,
        actor: &Actor,
    ) -> Result<bool, StateError> {
        self.begin_session(agent, request, Ends::Only(ends), actor)
    }

    fn begin_session(
        &self,
        agent: &Number,
        request: &LoginRequest,
        may_end: Ends<'_>,
        actor: &Actor,
    ) -> Result<bool, StateError> {
        self.with_agent(
            agent,
            |situation| match decide_login(situation, request, actor) {
                Ok(LoginDecision::Begin(new)) => Needs::new(Some(agent), &new.place, new.ends),
                _ => Needs::default(),
            },
            |connection, loaded, at| match decide_login(&loaded.situation, request, actor)? {
                LoginDecision::Unchanged => Ok(false),
                LoginDecision::Begin(new) => {
                    if let Some(other) = &new.ends {
                        may_end.check(&other.agent)?;
                        write::end_other(connection, other, actor, at)?;
                    }
                    write::begin(connection, loaded, &new, actor, at).map_err(first_come)?;
                    Ok(true)
                }
            },
        )
    }

    /// Takes an agent's session to another interface or telephone, and tells whether anything changed.
    ///
    /// # Errors
    ///
    /// What [`decide_move`] refuses; there is no such agent.
    pub fn move_agent(&self, agent: &Number, request: &MoveRequest, actor: &Actor) -> Result<bool, StateError> {
        self.move_session(agent, request, Ends::Anybody, actor)
    }

    /// The same for an actor who may end the session of this agent alone, or of nobody.
    ///
    /// # Errors
    ///
    /// The same; somebody else has meanwhile taken the place.
    pub fn move_agent_ending(
        &self,
        agent: &Number,
        request: &MoveRequest,
        ends: Option<&Number>,
        actor: &Actor,
    ) -> Result<bool, StateError> {
        self.move_session(agent, request, Ends::Only(ends), actor)
    }

    fn move_session(
        &self,
        agent: &Number,
        request: &MoveRequest,
        may_end: Ends<'_>,
        actor: &Actor,
    ) -> Result<bool, StateError> {
        self.with_agent(
            agent,
            |situation| match decide_move(situation, request, actor) {
                Ok(MoveDecision::Move { to, ends }) => Needs::new(None, &to, ends),
                _ => Needs::default(),
            },
            |connection, loaded, at| match decide_move(&loaded.situation, request, actor)? {
                MoveDecision::Unchanged => Ok(false),
                MoveDecision::Move { to, ends } => {
                    if let Some(other) = &ends {
                        may_end.check(&other.agent)?;
                        write::end_other(connection, other, actor, at)?;
                    }
                    write::relocate(connection, loaded.id, &to, actor, at).map_err(first_come)?;
                    Ok(true)
                }
            },
        )
    }

    /// Logs an agent out, now or after the call, and tells whether anything changed.
    ///
    /// # Errors
    ///
    /// What [`decide_logout`] refuses; there is no such agent.
    pub fn log_out(&self, agent: &Number, request: &LogoutRequest, actor: &Actor) -> Result<bool, StateError> {
        self.with_one(agent, |connection, loaded, at| {
            match decide_logout(&loaded.situation, request, actor)? {
                LogoutDecision::Unchanged => return Ok(false),
                LogoutDecision::End(end) => {
                    write::end(connection, agent, end.cause, end.reason.as_ref(), &actor.name, at)?;
                }
                LogoutDecision::AfterCall { paused, cause, reason } => {
                    let forced = !actor.is_agent(agent);
                    write::pause(connection, loaded.id, None, Some(&paused), forced, actor, at)?;
                    write::request_logout(connection, loaded.id, cause, reason.as_ref(), actor, at)?;
                }
            }
            Ok(true)
        })
    }

    /// Does what an agent asked for after the call, now that none is up; tells whether there was anything. Who asked
    /// is recorded as having ended the session; the actor is for the rest.
    ///
    /// # Errors
    ///
    /// There is no such agent.
    pub fn after_call(&self, agent: &Number, actor: &Actor) -> Result<bool, StateError> {
        self.with_one(agent, |connection, loaded, at| {
            let Some(end) = decide_after_call(&loaded.situation) else {
                return Ok(false);
            };
            let leaving = loaded
                .situation
                .session
                .as_ref()
                .and_then(|session| session.leaving.as_ref());
            let by = leaving.map_or(&actor.name, |leaving| &leaving.by);
            write::end(connection, agent, end.cause, end.reason.as_ref(), by, at)?;
            Ok(true)
        })
    }

    /// Pauses an agent, and tells whether anything changed.
    ///
    /// # Errors
    ///
    /// What [`decide_pause`] refuses; there is no such agent.
    pub fn pause(&self, agent: &Number, request: &PauseRequest, actor: &Actor) -> Result<bool, StateError> {
        self.with_one(agent, |connection, loaded, at| {
            match decide_pause(&loaded.situation, request, actor)? {
                PauseDecision::Unchanged => Ok(false),
                PauseDecision::Pause { queue, reason, forced } => {
                    write::pause(
                        connection,
                        loaded.id,
                        queue.as_ref(),
                        reason.as_ref(),
                        forced,
                        actor,
                        at,
                    )?;
                    Ok(true)
                }
            }
        })
    }

    /// Ends an agent's pauses, and tells whether anything changed.
    ///
    /// # Errors
    ///
    /// What [`decide_unpause`] refuses; there is no such agent.
    pub fn unpause(&self, agent: &Number, request: &UnpauseRequest, actor: &Actor) -> Result<bool, StateError> {
        self.with_one(agent, |connection, loaded, at| {
            match decide_unpause(&loaded.situation, request, actor)? {
                UnpauseDecision::Unchanged => Ok(false),
                UnpauseDecision::Unpause { queue, .. } => {
                    // Withdraws a logout too.
                    write::unpause(connection, loaded.id, queue.as_ref(), actor, at)?;
                    Ok(true)
                }
            }
        })
    }

    /// Frees a telephone by ending the session on it, and tells whether there was one.
    ///
    /// # Errors
    ///
    /// What [`decide_release`] refuses; there is no such telephone.
    pub fn release_phone(&self, phone: &Number, reason: Option<&EndReason>, actor: &Actor) -> Result<bool, StateError> {
        self.release(phone, reason, Ends::Anybody, actor)
    }

    /// The same for an actor who may end the session of this agent alone.
    ///
    /// # Errors
    ///
    /// The same; somebody else has meanwhile taken the telephone.
    pub fn release_phone_from(
        &self,
        phone: &Number,
        holder: &Number,
        reason: Option<&EndReason>,
        actor: &Actor,
    ) -> Result<bool, StateError> {
        self.release(phone, reason, Ends::Only(Some(holder)), actor)
    }

    fn release(
        &self,
        phone: &Number,
        reason: Option<&EndReason>,
        may_end: Ends<'_>,
        actor: &Actor,
    ) -> Result<bool, StateError> {
        attempts(|| {
            self.write(|connection| {
                let ReleaseDecision::End(before) = decide_release(&seen(connection, phone)?, reason, actor)? else {
                    return Ok(false);
                };
                may_end.check(&before.agent)?;
                let id = load::agent_id(connection, &before.agent)?.ok_or(Attempt::Anew)?;
                write::lock(connection, &[id])?;
                match decide_release(&seen(connection, phone)?, reason, actor)? {
                    ReleaseDecision::Unchanged => Ok(false),
                    ReleaseDecision::End(other) if other.agent == before.agent => {
                        let at = write::now(connection, &[id])?;
                        write::end_other(connection, &other, actor, at)?;
                        Ok(true)
                    }
                    ReleaseDecision::End(_) => Err(Attempt::Anew),
                }
            })
        })
    }

    /// An agent's situation, as of now.
    ///
    /// # Errors
    ///
    /// There is no such agent.
    pub fn situation(&self, agent: &Number) -> Result<Situation, StateError> {
        self.read_state(|connection| Ok(load::situation(connection, agent)?.situation))
    }

    /// Telephones as they are, of one site or of all.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn phones_seen(&self, site: Option<&SiteName>) -> Result<Vec<PhoneSeen>, StateError> {
        self.read_state(|connection| load::telephones(connection, site, None))
    }

    /// The telephones that agents of a site are offered, and why not the others.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn telephone_list(&self, site: &SiteName) -> Result<Vec<OfferedPhone>, StateError> {
        Ok(telephone_list(&self.phones_seen(None)?, site))
    }

    fn read_state<T>(&self, work: impl FnOnce(&mut PgConnection) -> Result<T, StateError>) -> Result<T, StateError> {
        let mut result = None;
        self.read(|connection| {
            result = Some(work(connection));
            Ok(())
        })?;
        result.unwrap_or_else(|| Err(DieselError::NotFound.into()))
    }

    /// Locks the agent, loads, and works: for what concerns nobody else and no telephone.
    fn with_one<T>(
        &self,
        agent: &Number,
        work: impl Fn(&mut PgConnection, &Loaded, At) -> Result<T, StateError>,
    ) -> Result<T, StateError> {
        attempts(|| {
            self.write(|connection| {
                let locked = load::agent_id(connection, agent)?;
                write::lock(connection, locked.as_slice())?;
                let loaded = load::at_work(connection, agent)?;
                if locked != Some(loaded.id) {
                    // The number has gone to another agent while we waited.
                    return Err(Attempt::Anew);
                }
                let at = write::now(connection, &[loaded.id])?;
                Ok(work(connection, &loaded, at)?)
            })
        })
    }

    /// Locks the agent and what the decision needs, loads, and works. When the situation has meanwhile become one that
    /// needs something else, begins anew.
    fn with_agent<T>(
        &self,
        agent: &Number,
        needs: impl Fn(&Situation) -> Needs,
        work: impl Fn(&mut PgConnection, &Loaded, At) -> Result<T, Attempt>,
    ) -> Result<T, StateError> {
        attempts(|| {
            self.write(|connection| {
                let before = load::situation(connection, agent)?;
                let held = needs(&before.situation);
                let mut ids = vec![before.id];
                if let Some(other) = &held.ends {
                    ids.push(load::agent_id(connection, other)?.ok_or(Attempt::Anew)?);
                }
                if held
                    .interface
                    .as_ref()
                    .is_some_and(|interface| interface.device().is_none())
                {
                    write::keep_rule(connection, before.id)?;
                }
                if !held.accounts.is_empty() {
                    write::keep(connection, Kind::Phone, &held.accounts)?;
                }
                write::lock(connection, &ids)?;
                if !held.accounts.is_empty() {
                    write::keep(connection, Kind::Agent, &held.accounts)?;
                }
                if let Some(interface) = &held.interface {
                    write::reserve(connection, interface)?;
                }
                let loaded = load::situation(connection, agent)?;
                if loaded.id != before.id || !needs(&loaded.situation).are_in(&held) {
                    return Err(Attempt::Anew);
                }
                let at = write::now(connection, &ids)?;
                work(connection, &loaded, at)
            })
        })
    }
}

/// Whose session an operation may end.
#[derive(Debug, Clone, Copy)]
enum Ends<'a> {
    /// Anybody's: the actor may steer all, or asks for no more than everybody may.
    Anybody,
    /// This agent's, or nobody's: of whom it was checked before that the actor may steer.
    Only(Option<&'a Number>),
}

impl Ends<'_> {
    fn check(self, agent: &Number) -> Result<(), StoreError> {
        match self {
            Self::Only(meant) if meant != Some(agent) => Err(StoreError::conflict(
                format!("agent {agent} has meanwhile taken the place"),
                "look who is there now, and decide anew",
            )),
            _ => Ok(()),
        }
    }
}

/// What must not change under a decision, besides the agent.
#[derive(Debug, Default)]
struct Needs {
    /// Where it shall ring.
    interface: Option<Interface>,
    /// The accounts that the session depends on.
    accounts: Vec<Number>,
    /// The agent whose session would end.
    ends: Option<Number>,
}

impl Needs {
    fn new(own: Option<&Number>, place: &Place, ends: Option<EndOther>) -> Self {
        let rings = place.interface.device().map(|(_, number)| number);
        Self {
            interface: Some(place.interface.clone()),
            accounts: own.cloned().into_iter().chain(rings).collect(),
            ends: ends.map(|other| other.agent),
        }
    }

    fn are_in(&self, held: &Self) -> bool {
        (self.ends.is_none() || self.ends == held.ends)
            && (self.interface.is_none() || self.interface == held.interface)
            && self.accounts.iter().all(|account| held.accounts.contains(account))
    }
}

impl From<Refusal> for Attempt {
    fn from(refusal: Refusal) -> Self {
        Self::Failed(refusal.into())
    }
}

fn attempts<T>(mut attempt: impl FnMut() -> Result<T, Attempt>) -> Result<T, StateError> {
    let mut waited = 0;
    for _ in 0..ATTEMPTS {
        match attempt() {
            Ok(done) => return Ok(done),
            Err(Attempt::Failed(StateError::Store(error))) if waited < WAITS && error.is_contended() => waited += 1,
            Err(Attempt::Failed(error)) => return Err(error),
            Err(Attempt::Anew) => {}
        }
    }
    Err(StateError::Store(StoreError::Busy(
        crate::error::Refusal::new("others were first each time").hint("try again"),
    )))
}

/// Two agents who want one interface both find it free; the index lets one in, and the other begins anew and is told
/// who has it.
fn first_come(error: StateError) -> Attempt {
    match &error {
        StateError::Store(store)
            if matches!(
                store.constraint(),
                Some("agent_session_interface_key" | "agent_session_agent_id_key")
            ) =>
        {
            Attempt::Anew
        }
        _ => Attempt::Failed(error),
    }
}

/// An agent's situation but for telephones, for operations on agents elsewhere.
pub(super) fn situation(connection: &mut PgConnection, agent: &Number) -> Result<Situation, StateError> {
    Ok(load::at_work(connection, agent)?.situation)
}

fn seen(connection: &mut PgConnection, phone: &Number) -> Result<PhoneSeen, StateError> {
    load::telephones(connection, None, Some(phone))?
        .into_iter()
        .next()
        .ok_or_else(|| StoreError::unknown(Entity::Phone, phone).into())
}
