//! What is done to agents. Each of these asks first whether the agent is one's own.

use peerage_model::{
    Choice, LoginDecision, LoginRequest, LogoutRequest, LogoutTime, Number, OnConflict, PauseRequest, UnpauseRequest,
    decide_login,
};
use peerage_store::StateError;

use super::scope::own_queues;
use crate::app::App;
use crate::auth::{SignedIn, may_steer};
use crate::problem::Problem;

/// What can be done to an agent at work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Pause(PauseRequest),
    Resume(UnpauseRequest),
    LogOut(LogoutRequest),
}

impl Order {
    /// What a form asks for: the button's word, and what was typed.
    ///
    /// # Errors
    ///
    /// A value that breaks its rule, or a word that nobody knows.
    pub(super) fn of(fields: &crate::console::shell::Fields) -> Result<Self, Problem> {
        let queue = fields.get("queue").map(TryInto::try_into).transpose()?;
        let words = fields.get("words").map(TryInto::try_into).transpose();
        // The model's field is `reason`, which the form has for pauses.
        let words = words.map_err(|error| Problem::from(error).field("words"));
        match fields.text("do") {
            "pause" => Ok(Self::Pause(PauseRequest {
                reason: fields.get("reason").map(TryInto::try_into).transpose()?,
                queue,
            })),
            "resume" => Ok(Self::Resume(UnpauseRequest { queue })),
            "log_out" => Ok(Self::LogOut(LogoutRequest {
                time: LogoutTime::Now,
                reason: words?,
            })),
            "log_out_after_call" => Ok(Self::LogOut(LogoutRequest {
                time: LogoutTime::AfterCall,
                reason: words?,
            })),
            _ => Err(Problem::new(
                axum::http::StatusCode::UNPROCESSABLE_ENTITY,
                "invalid",
                "no action was chosen",
            )
            .field("do")
            .hint("press one of the buttons")),
        }
    }

    /// What was done, as a sentence begins.
    pub(super) const fn done(&self) -> &'static str {
        match self {
            Self::Pause(_) => "Paused",
            Self::Resume(_) => "Resumed",
            Self::LogOut(request) => match request.time {
                LogoutTime::Now => "Logged out",
                LogoutTime::AfterCall => "Logging out after the call",
            },
        }
    }
}

/// Lets pass whoever steers others, if this agent is the one's own. An agent steers himself or herself elsewhere, as far as
/// he or she is permitted to.
///
/// # Errors
///
/// `not_permitted`.
pub(super) async fn is_own(app: &App, user: &SignedIn, agent: &Number) -> Result<(), Problem> {
    own_queues(user)?;
    may_steer(app, user, agent).await
}

/// Does it, and tells whether anything changed.
///
/// # Errors
///
/// The agent is somebody else's; what the operation refuses.
pub(super) async fn carry_out(app: &App, user: &SignedIn, agent: &Number, order: Order) -> Result<bool, Problem> {
    is_own(app, user, agent).await?;
    let (agent, actor) = (agent.clone(), user.actor());
    let done = app.db_as(user.store_actor()?, move |store| match order {
        Order::Pause(request) => store.pause(&agent, &request, &actor),
        Order::Resume(request) => store.unpause(&agent, &request, &actor),
        Order::LogOut(request) => store.log_out(&agent, &request, &actor),
    });
    Ok(done.await?)
}

/// Logs an agent in, by force if a reason is given, and tells whether anything changed. Whose session ends for it must be
/// one's own, too.
///
/// # Errors
///
/// One of the agents is somebody else's; what the operation refuses.
pub(super) async fn log_in(
    app: &App,
    user: &SignedIn,
    agent: &Number,
    choice: Option<Choice>,
    on_conflict: OnConflict,
) -> Result<bool, Problem> {
    is_own(app, user, agent).await?;
    let request = LoginRequest { choice, on_conflict };
    let (number, wanted, actor) = (agent.clone(), request.clone(), user.actor());
    let ends = app
        .db(move |store| {
            let situation = store.situation(&number)?;
            Ok::<_, StateError>(match decide_login(&situation, &wanted, &actor)? {
                LoginDecision::Begin(session) => session.ends.map(|other| other.agent),
                LoginDecision::Unchanged => None,
            })
        })
        .await?;
    if let Some(other) = &ends {
        is_own(app, user, other).await?;
    }
    let (agent, actor) = (agent.clone(), user.actor());
    let done = app.db_as(user.store_actor()?, move |store| {
        store.log_in_ending(&agent, &request, ends.as_ref(), &actor)
    });
    Ok(done.await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::shell::Fields;

    fn order(fields: &[(&str, &str)]) -> Result<Order, Problem> {
        Order::of(&Fields::of(fields.iter().copied()))
    }

    #[test]
    fn an_order_is_read_from_the_button_and_the_fields() {
        let pause = Order::Pause(PauseRequest {
            reason: Some("lunch".parse().unwrap()),
            queue: Some("sales".parse().unwrap()),
        });
        let fields = [("do", "pause"), ("reason", "lunch"), ("queue", "sales"), ("words", "")];
        assert_eq!(order(&fields).unwrap(), pause);
        let leave = Order::LogOut(LogoutRequest {
            time: LogoutTime::AfterCall,
            reason: Some("shift ends".parse().unwrap()),
        });
        let fields = [
            ("do", "log_out_after_call"),
            ("reason", "lunch"),
            ("words", " shift ends "),
        ];
        assert_eq!(order(&fields).unwrap(), leave);
        assert_eq!(
            order(&[("do", "resume")]).unwrap(),
            Order::Resume(UnpauseRequest::default())
        );
    }

    #[test]
    fn what_no_button_sends_is_refused_with_its_field() {
        for (fields, field) in [
            (&[("do", "explode")][..], "do"),
            (&[], "do"),
            (&[("do", "log_out"), ("words", "a\u{1}b")], "words"),
            (&[("do", "pause"), ("reason", "a\u{1}b")], "reason"),
            (&[("do", "resume"), ("queue", "a b")], "queue"),
        ] {
            let problem = order(fields).unwrap_err();
            assert_eq!((problem.status, problem.details.field.as_deref()), (422, Some(field)));
        }
    }
}
