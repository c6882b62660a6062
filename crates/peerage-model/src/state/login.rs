use super::place::{check_actor, check_force, check_own, find, is_there};
use super::{Actor, EndCause, EndReason, PauseReason, Place, Refusal, Situation, SystemReason};
use crate::Number;

/// Where calls shall ring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The agent's own account.
    Internal,
    /// The agent's phone field.
    Phone,
    /// The agent's mobile.
    Mobile,
    /// This telephone, by hot desk.
    Telephone(Number),
}

/// What to do when another agent has the place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum OnConflict {
    /// Refuse.
    #[default]
    Refuse,
    /// Take it over, where the site lets everybody.
    TakeOver,
    /// End the other session whatever the site's policy; for supervisors and administrators, who
    /// must say why. What `None` gets is the refusal that asks for it.
    Force(Option<EndReason>),
}

/// A wish to log in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LoginRequest {
    /// Where; `None` adopts an open session wherever it is, and else means internal.
    pub choice: Option<Choice>,
    /// What to do when another agent has the place.
    pub on_conflict: OnConflict,
}

/// A wish to have calls ring elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveRequest {
    /// Where.
    pub choice: Choice,
    /// What to do when another agent has the place.
    pub on_conflict: OnConflict,
}

/// The session of another agent that ends, before anything else is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndOther {
    /// The agent.
    pub agent: Number,
    /// The cause.
    pub cause: EndCause,
    /// What was said about it.
    pub reason: Option<EndReason>,
}

/// A session to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// Where its calls ring.
    pub place: Place,
    /// The session of another agent that ends for it.
    pub ends: Option<EndOther>,
    /// The pause of all queues that it begins with.
    pub paused: Option<PauseReason>,
}

/// What comes of a wish to log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginDecision {
    /// The agent is logged in there already.
    Unchanged,
    /// A session begins.
    Begin(NewSession),
}

/// What comes of a wish to move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MoveDecision {
    /// The agent is there already.
    Unchanged,
    /// The session goes on elsewhere, with its pauses.
    Move {
        /// Where.
        to: Place,
        /// The session of another agent that ends for it.
        ends: Option<EndOther>,
    },
}

/// Decides on a login.
///
/// # Errors
///
/// [`Refusal`]: an agent who acts for another; force by somebody who may not, or without a
/// reason; a disabled account; a session elsewhere; a place that the agent has not, may not take,
/// or that another agent has; a telephone that is not offered.
pub fn decide_login(situation: &Situation, request: &LoginRequest, actor: &Actor) -> Result<LoginDecision, Refusal> {
    check_actor(situation, actor)?;
    check_force(&request.on_conflict, actor)?;
    check_enabled(situation)?;
    let choice = request.choice.as_ref();
    if let Some(session) = &situation.session {
        if is_there(situation, session, choice) {
            return Ok(LoginDecision::Unchanged);
        }
        return Err(Refusal::LoggedInElsewhere {
            agent: situation.number.clone(),
            name: situation.name.clone(),
            place: Box::new(session.place.clone()),
            since: session.since,
        });
    }
    let (place, ends) = find(situation, choice, &request.on_conflict, actor)?;
    Ok(LoginDecision::Begin(NewSession {
        place,
        ends,
        paused: situation.login_in_pause.then(|| SystemReason::Login.into()),
    }))
}

/// Decides on a move to another interface or telephone.
///
/// # Errors
///
/// [`Refusal`]: an agent who is not logged in, or who may not move; and what
/// [`decide_login`] refuses of places.
pub fn decide_move(situation: &Situation, request: &MoveRequest, actor: &Actor) -> Result<MoveDecision, Refusal> {
    check_actor(situation, actor)?;
    check_force(&request.on_conflict, actor)?;
    check_enabled(situation)?;
    let choice = Some(&request.choice);
    let session = situation.open_session()?;
    if is_there(situation, session, choice) {
        return Ok(MoveDecision::Unchanged);
    }
    check_own(situation, actor, situation.permissions.move_session, "move")?;
    let (to, ends) = find(situation, choice, &request.on_conflict, actor)?;
    Ok(MoveDecision::Move { to, ends })
}

fn check_enabled(situation: &Situation) -> Result<(), Refusal> {
    if situation.disabled {
        return Err(Refusal::AccountDisabled {
            number: situation.number.clone(),
        });
    }
    Ok(())
}
