//! What an agent does: a form each.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use peerage_model::{
    Actor, Choice, Invalid, LoginRequest, LogoutRequest, LogoutTime, MoveRequest, Number, OnConflict, PauseRequest,
    UnpauseRequest,
};
use peerage_store::{StateError, Store};

use super::desk::own_number;
use super::refused::{Refused, no_telephone_chosen};
use super::{place, work};
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::PageUser;
use crate::console::shell::{Fields, PageProblem, done};

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
