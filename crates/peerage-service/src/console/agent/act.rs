//! What an agent does: a form each, and the remedy when it is refused.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use peerage_model::{
    Actor, Choice, ConflictRemedy, Invalid, LoginRequest, LogoutRequest, LogoutTime, MoveRequest, Number, OnConflict,
    PauseRequest, Refusal, UnpauseRequest,
};
use peerage_store::{StateError, Store};

use super::desk::own_number;
use super::{place, work};
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::PageUser;
use crate::console::shell::{Fields, PageProblem, done, form};
use crate::problem::Problem;

/// Something that was refused, and the one form that would help.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) problem: Problem,
    pub(super) remedy: Option<Remedy>,
}

/// What the agent can do about it at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// End the other one's session.
    TakeOver,
    /// Go there with the session that is open.
    Move,
}

impl From<StateError> for Refused {
    fn from(error: StateError) -> Self {
        let remedy = match &error {
            StateError::Refused(refusal) if matches!(**refusal, Refusal::ChooseATelephone { .. }) => {
                return no_telephone_chosen().into();
            }
            StateError::Refused(refusal) => remedy(refusal),
            StateError::Store(_) => None,
        };
        Self {
            problem: error.into(),
            remedy,
        }
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self { problem, remedy: None }
    }
}

impl From<Invalid> for Refused {
    fn from(invalid: Invalid) -> Self {
        Problem::from(invalid).into()
    }
}

fn remedy(refusal: &Refusal) -> Option<Remedy> {
    match refusal {
        Refusal::TelephoneInUse(in_use) | Refusal::InterfaceInUse(in_use) => {
            (in_use.remedy == ConflictRemedy::TakeOver).then_some(Remedy::TakeOver)
        }
        Refusal::LoggedInElsewhere { .. } => Some(Remedy::Move),
        _ => None,
    }
}

impl Refused {
    /// The remedy as a form, with what was chosen.
    pub(super) fn help(&self, user: &SignedIn, fields: &Fields, moving: bool) -> Markup {
        let action = if moving || self.remedy == Some(Remedy::Move) {
            "/agent/move"
        } else {
            "/agent/log-in"
        };
        let label = match self.remedy {
            None => return html! {},
            Some(Remedy::TakeOver) => "Take it over and end that session",
            Some(Remedy::Move) => "Move there and keep your session",
        };
        form(
            user,
            action,
            html! {
                @for name in ["interface", "telephone"] {
                    @if let Some(value) = fields.get(name) { input type="hidden" name=(name) value=(value); }
                }
                @if self.remedy == Some(Remedy::TakeOver) { input type="hidden" name="take_over" value="yes"; }
                div.actions { button.primary type="submit" { (label) } }
            },
        )
    }
}

/// Where calls shall ring, as the form says; none when it does not.
fn choice(fields: &Fields) -> Result<Option<Choice>, Invalid> {
    if let Some(telephone) = fields.get("telephone") {
        return Ok(Some(Choice::Telephone(telephone.parse()?)));
    }
    Ok(match fields.get("interface") {
        Some("phone") => Some(Choice::Phone),
        Some("mobile") => Some(Choice::Mobile),
        Some(_) => Some(Choice::Internal),
        None => None,
    })
}

fn on_conflict(fields: &Fields) -> OnConflict {
    if fields.has("take_over") {
        OnConflict::TakeOver
    } else {
        OnConflict::Refuse
    }
}

/// Runs an operation as the agent.
async fn run(
    app: &App,
    user: &SignedIn,
    work: impl FnOnce(&Store, &Number, &Actor) -> Result<bool, StateError> + Send + 'static,
) -> Result<bool, Refused> {
    let (number, actor) = (own_number(user)?, user.actor_as_agent());
    Ok(app
        .db_as(user.store_actor()?, move |store| work(store, &number, &actor))
        .await?)
}

/// The console begins or adopts the session: from now on its page counts.
pub(in crate::console) async fn attend(app: &App, user: &SignedIn) {
    let Some(number) = user.agent.clone() else { return };
    let asked = number.clone();
    if let Err(error) = app.db(move |store| store.attend(&asked)).await {
        // The session is there all the same; it only would not end with its page.
        tracing::warn!(agent = %number, %error, "a session is not watched for a page that is gone");
    }
}

pub(super) async fn log_in(
    State(app): State<App>,
    PageUser(user): PageUser,
    fields: Fields,
) -> Result<Response, PageProblem> {
    match try_log_in(&app, &user, &fields).await {
        Ok(()) => Ok(done("/agent", "You are logged in.")),
        Err(refused) => place::again(&app, &user, &fields, &refused, false).await,
    }
}

async fn try_log_in(app: &App, user: &SignedIn, fields: &Fields) -> Result<(), Refused> {
    let request = LoginRequest {
        choice: choice(fields)?,
        on_conflict: on_conflict(fields),
    };
    run(app, user, move |store, number, actor| {
        store.log_in(number, &request, actor)
    })
    .await?;
    attend(app, user).await;
    Ok(())
}

pub(super) async fn move_to(
    State(app): State<App>,
    PageUser(user): PageUser,
    fields: Fields,
) -> Result<Response, PageProblem> {
    match try_move(&app, &user, &fields).await {
        Ok(moved) => Ok(done(
            "/agent",
            if moved {
                "Your calls now ring there."
            } else {
                "Your calls already ring there."
            },
        )),
        Err(refused) => place::again(&app, &user, &fields, &refused, true).await,
    }
}

async fn try_move(app: &App, user: &SignedIn, fields: &Fields) -> Result<bool, Refused> {
    let choice = choice(fields)?.ok_or_else(no_telephone_chosen)?;
    let request = MoveRequest {
        choice,
        on_conflict: on_conflict(fields),
    };
    run(app, user, move |store, number, actor| {
        store.move_agent(number, &request, actor)
    })
    .await
}

/// To whoever sees the list: the rule that programs are told means nothing to people.
fn no_telephone_chosen() -> Problem {
    Problem::new(
        axum::http::StatusCode::UNPROCESSABLE_ENTITY,
        "choose_a_telephone",
        "choose the phone you are sitting at",
    )
    .hint("open the list with the arrow and choose a free phone")
}

pub(super) async fn log_out(
    State(app): State<App>,
    PageUser(user): PageUser,
    fields: Fields,
) -> Result<Response, PageProblem> {
    let after_call = fields.has("after_call");
    let request = LogoutRequest {
        time: if after_call {
            LogoutTime::AfterCall
        } else {
            LogoutTime::Now
        },
        reason: None,
    };
    let out = run(&app, &user, move |store, number, actor| {
        store.log_out(number, &request, actor)
    })
    .await;
    let sentence = if after_call {
        "You will be logged out when this call ends."
    } else {
        "You are logged out. Calls no longer ring for you."
    };
    finish(&app, &user, out, sentence).await
}

pub(super) async fn pause(
    State(app): State<App>,
    PageUser(user): PageUser,
    fields: Fields,
) -> Result<Response, PageProblem> {
    let out = try_pause(&app, &user, &fields).await;
    finish(&app, &user, out, &of_queue("Paused", &fields)).await
}

async fn try_pause(app: &App, user: &SignedIn, fields: &Fields) -> Result<bool, Refused> {
    let request = PauseRequest {
        reason: fields.get("reason").map(str::parse).transpose()?,
        queue: fields.get("queue").map(str::parse).transpose()?,
    };
    run(app, user, move |store, number, actor| {
        store.pause(number, &request, actor)
    })
    .await
}

pub(super) async fn unpause(
    State(app): State<App>,
    PageUser(user): PageUser,
    fields: Fields,
) -> Result<Response, PageProblem> {
    let out = try_unpause(&app, &user, &fields).await;
    finish(&app, &user, out, &of_queue("Resumed", &fields)).await
}

async fn try_unpause(app: &App, user: &SignedIn, fields: &Fields) -> Result<bool, Refused> {
    let request = UnpauseRequest {
        queue: fields.get("queue").map(str::parse).transpose()?,
    };
    run(app, user, move |store, number, actor| {
        store.unpause(number, &request, actor)
    })
    .await
}

/// What was done, and in which queue unless it was in all.
fn of_queue(done: &str, fields: &Fields) -> String {
    match fields.get("queue") {
        Some(queue) => format!("{done} in {queue}."),
        None => format!("{done}."),
    }
}

/// Back to the work page, which says itself how it is now; or the page with what was refused on top.
async fn finish(
    app: &App,
    user: &SignedIn,
    out: Result<bool, Refused>,
    sentence: &str,
) -> Result<Response, PageProblem> {
    match out {
        Ok(_) => Ok(done("/agent", sentence)),
        Err(refused) => {
            let view = work::page_of(app, user, Some(&refused.problem)).await?;
            Ok((refused.problem.status(), view).into_response())
        }
    }
}
