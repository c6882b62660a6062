use super::place::{check_actor, check_own};
use super::{
    Actor, ActorRole, OpenSession, Pause, PauseReason, QueueName, ReasonCode, Refusal, Situation, SystemReason,
};

/// A wish to pause.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PauseRequest {
    /// Why; `None` means the default reason or, by a supervisor or an administrator,
    /// [`SystemReason::Supervisor`].
    pub reason: Option<PauseReason>,
    /// The one queue; `None` for all.
    pub queue: Option<QueueName>,
}

/// A wish to end pauses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UnpauseRequest {
    /// The one queue; `None` for every pause there is.
    pub queue: Option<QueueName>,
}

/// What comes of a wish to pause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PauseDecision {
    /// That is paused for that reason already.
    Unchanged,
    /// A pause begins, in place of what was.
    Pause {
        /// The one queue; `None` for all.
        queue: Option<QueueName>,
        /// Its reason; `None` when none was given and none is the default.
        reason: Option<PauseReason>,
        /// Whether somebody else than the agent pauses.
        forced: bool,
    },
}

/// What comes of a wish to end pauses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnpauseDecision {
    /// Nothing there is paused, and no logout waits.
    Unchanged,
    /// Pauses end.
    Unpause {
        /// The one queue; `None` for every pause there is.
        queue: Option<QueueName>,
        /// The pauses of single queues that a pause of all becomes: same reason, same start.
        keeps: Vec<(QueueName, Pause)>,
        /// Whether a logout that waits for the call is withdrawn by it.
        withdraws_logout: bool,
    },
}

/// Decides on a pause.
///
/// # Errors
///
/// [`Refusal`]: an agent who acts for another, is not logged in, or may not pause one queue; a
/// queue the agent is not in; a reason that does not exist or is not offered to agents. What
/// Asterisk gives as a reason is taken as it is.
pub fn decide_pause(situation: &Situation, request: &PauseRequest, actor: &Actor) -> Result<PauseDecision, Refusal> {
    check_actor(situation, actor)?;
    let session = situation.open_session()?;
    check_queue(situation, session, request.queue.as_ref(), actor)?;
    let reason = reason(situation, request.reason.as_ref(), actor)?;
    if !session.pauses.would_change(request.queue.as_ref(), reason.as_ref()) {
        return Ok(PauseDecision::Unchanged);
    }
    Ok(PauseDecision::Pause {
        queue: request.queue.clone(),
        reason,
        forced: !actor.is_agent(&situation.number),
    })
}

/// Decides on the end of pauses, whoever began them.
///
/// # Errors
///
/// [`Refusal`]: an agent who acts for another, is not logged in, or may not pause one queue; a
/// queue the agent is not in.
pub fn decide_unpause(
    situation: &Situation,
    request: &UnpauseRequest,
    actor: &Actor,
) -> Result<UnpauseDecision, Refusal> {
    check_actor(situation, actor)?;
    let session = situation.open_session()?;
    let queue = request.queue.as_ref();
    check_queue(situation, session, queue, actor)?;
    let paused = match queue {
        Some(queue) => session.pauses.of(queue).is_some(),
        None => !session.pauses.is_empty() || session.leaving.is_some(),
    };
    if !paused {
        return Ok(UnpauseDecision::Unchanged);
    }
    Ok(UnpauseDecision::Unpause {
        queue: queue.cloned(),
        keeps: queue.map_or_else(Vec::new, |queue| session.pauses.kept_without(queue, &session.queues)),
        // Who takes calls again is not about to leave.
        withdraws_logout: session.leaving.is_some(),
    })
}

impl Situation {
    /// The open session.
    pub(super) fn open_session(&self) -> Result<&OpenSession, Refusal> {
        self.session.as_ref().ok_or_else(|| Refusal::NotLoggedIn {
            agent: self.number.clone(),
            name: self.name.clone(),
        })
    }
}

fn check_queue(
    situation: &Situation,
    session: &OpenSession,
    queue: Option<&QueueName>,
    actor: &Actor,
) -> Result<(), Refusal> {
    let Some(queue) = queue else {
        return Ok(());
    };
    let permitted = situation.permissions.pause_one_queue;
    check_own(situation, actor, permitted, "pause in one queue instead of all")?;
    if session.queues.contains(queue) {
        return Ok(());
    }
    Err(Refusal::NotInQueue {
        agent: situation.number.clone(),
        queue: queue.clone(),
        queues: session.queues.iter().cloned().collect(),
    })
}

fn reason(situation: &Situation, given: Option<&PauseReason>, actor: &Actor) -> Result<Option<PauseReason>, Refusal> {
    let Some(given) = given else {
        if actor.may_force() {
            return Ok(Some(SystemReason::Supervisor.into()));
        }
        let default = situation.reasons.iter().find(|reason| reason.is_default);
        return Ok(default.map(|reason| reason.code.clone().into()));
    };
    let known = situation
        .reasons
        .iter()
        .find(|reason| reason.code.as_str() == given.as_str());
    let takes_all = actor.may_force() || actor.role == ActorRole::System;
    match known {
        Some(known) if known.selectable || takes_all => Ok(Some(given.clone())),
        Some(_) => Err(Refusal::ReasonNotOffered {
            reason: given.clone(),
            offered: offered(situation),
        }),
        None if actor.role == ActorRole::System => Ok(Some(given.clone())),
        None => Err(Refusal::UnknownReason {
            reason: given.clone(),
            offered: offered(situation),
        }),
    }
}

fn offered(situation: &Situation) -> Vec<ReasonCode> {
    let offered = situation.reasons.iter().filter(|reason| reason.selectable);
    offered.map(|reason| reason.code.clone()).collect()
}
