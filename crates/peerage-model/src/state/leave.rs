use super::place::{check_actor, check_own, permit};
use super::{Actor, EndCause, EndOther, EndReason, PauseReason, PhoneSeen, Refusal, Situation, SystemReason};

/// When to log out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogoutTime {
    /// At once; the running call goes on.
    #[default]
    Now,
    /// When the running call ends.
    AfterCall,
}

/// A wish to log out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogoutRequest {
    /// When.
    pub time: LogoutTime,
    /// What is said about it.
    pub reason: Option<EndReason>,
}

/// The end of a session: its pauses, then its memberships, then itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionEnd {
    /// The cause.
    pub cause: EndCause,
    /// What was said about it.
    pub reason: Option<EndReason>,
}

/// What comes of a wish to log out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogoutDecision {
    /// The agent is logged out, or is leaving after the call already.
    Unchanged,
    /// The session ends now.
    End(SessionEnd),
    /// The session ends when the running call does. Until then it takes no further call: it is
    /// paused in all queues.
    AfterCall {
        /// The reason of that pause.
        paused: PauseReason,
        /// The cause that the end will have.
        cause: EndCause,
        /// What is said about the end.
        reason: Option<EndReason>,
    },
}

/// Decides on a logout.
///
/// # Errors
///
/// [`Refusal`]: an agent who acts for another, or who may not log out, or not ask for it after
/// the call.
pub fn decide_logout(situation: &Situation, request: &LogoutRequest, actor: &Actor) -> Result<LogoutDecision, Refusal> {
    check_actor(situation, actor)?;
    let Some(session) = &situation.session else {
        return Ok(LogoutDecision::Unchanged);
    };
    let permissions = &situation.permissions;
    check_own(situation, actor, permissions.log_out, "log out")?;
    let reason = request.reason.clone();
    match request.time {
        LogoutTime::Now => Ok(LogoutDecision::End(SessionEnd {
            cause: actor.end_cause(),
            reason,
        })),
        LogoutTime::AfterCall => {
            let permitted = permissions.request_after_call;
            check_own(situation, actor, permitted, "request a logout after the call")?;
            if session.leaving.is_some() {
                return Ok(LogoutDecision::Unchanged);
            }
            Ok(LogoutDecision::AfterCall {
                paused: SystemReason::AfterCall.into(),
                cause: actor.end_cause(),
                reason,
            })
        }
    }
}

/// The end that is due once an agent has no call up: that of a session whose logout waits for it.
///
/// Cause and reason are those of the request; who asked is in [`Leaving::by`](super::Leaving::by).
pub fn decide_after_call(situation: &Situation) -> Option<SessionEnd> {
    let leaving = situation.session.as_ref()?.leaving.as_ref()?;
    Some(SessionEnd {
        cause: leaving.cause,
        reason: leaving.reason.clone(),
    })
}

/// What comes of a wish to free a telephone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReleaseDecision {
    /// Nobody has it.
    Unchanged,
    /// The session that has it ends.
    End(EndOther),
}

/// Decides on freeing a telephone from the session that has it.
///
/// # Errors
///
/// [`Refusal`]: an actor who is neither supervisor nor administrator; a telephone in use, and no
/// reason.
pub fn decide_release(
    telephone: &PhoneSeen,
    reason: Option<&EndReason>,
    actor: &Actor,
) -> Result<ReleaseDecision, Refusal> {
    permit(actor.may_force(), actor, "release a phone")?;
    let Some(holder) = &telephone.used_by else {
        return Ok(ReleaseDecision::Unchanged);
    };
    let Some(reason) = reason else {
        return Err(Refusal::ForceNeedsReason);
    };
    Ok(ReleaseDecision::End(EndOther {
        agent: holder.agent.clone(),
        cause: actor.end_cause(),
        reason: Some(reason.clone()),
    }))
}
