//! Signing out, which is no way to leave callers ringing at an empty chair: whoever is at work is asked.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum_extra::extract::CookieJar;
use jiff::SignedDuration;
use maud::{Markup, html};
use peerage_model::{LogoutRequest, LogoutTime, Number, OpenSession};
use peerage_store::StateError;

use super::PageUser;
use super::shell::{Fields, Page, PageProblem, alert, csrf, done, duration, page};
use crate::app::App;
use crate::auth::{self, SignedIn};
use crate::problem::Problem;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/sign-out", get(ask).post(sign_out))
}

/// An agent who would sign out of the console while at work.
struct AtWork {
    session: OpenSession,
    may_log_out: bool,
    is_on_call: bool,
    /// How long queues go on ringing an agent whose page is gone.
    patience: SignedDuration,
}

async fn at_work(app: &App, agent: &Number) -> Result<Option<AtWork>, Problem> {
    let number = agent.clone();
    let (situation, site) = app
        .db(move |store| {
            let situation = store.situation(&number)?;
            let site = store.site(&situation.site)?;
            Ok::<_, StateError>((situation, site))
        })
        .await?;
    let may_log_out = situation.permissions.log_out;
    Ok(situation.session.map(|session| AtWork {
        session,
        may_log_out,
        is_on_call: app.calls().of(agent).is_some_and(|call| call.is_up),
        patience: SignedDuration::from_secs(i64::from(site.disconnection_timeout.get())),
    }))
}

async fn ask(State(app): State<App>, PageUser(user): PageUser) -> Result<Markup, PageProblem> {
    Ok(question(&app, &user, None).await?)
}

async fn question(app: &App, user: &SignedIn, problem: Option<&Problem>) -> Result<Markup, Problem> {
    let at_work = match &user.agent {
        Some(agent) => at_work(app, agent).await?,
        None => None,
    };
    Ok(page(
        &Page::new("Sign out", user, ""),
        html! {
            (alert(problem))
            div.card.narrow {
                @match at_work {
                    Some(at_work) => (choose(user, &at_work)),
                    None => {
                        p { "Sign out of the console in this browser?" }
                        div.actions { (way_out(user, "only", "Sign out", true)) a.button href="/" { "Stay" } }
                    }
                }
            }
        },
    ))
}

fn choose(user: &SignedIn, at_work: &AtWork) -> Markup {
    let is_paused = at_work.session.pauses.all.is_some();
    html! {
        h2 { @if is_paused { "You are still logged in to your queues" } @else { "You are still taking calls" } }
        p {
            @if at_work.may_log_out {
                "Log out of your queues before you leave. Otherwise they keep "
                @if is_paused { "counting you as paused" } @else { "ringing you" }
            } @else {
                "You don't have permission to log out of your queues. They keep "
                @if is_paused { "counting you as paused" } @else { "ringing you" }
            }
            " for " (duration(at_work.patience)) " after you sign out."
        }
        div.actions {
            @if at_work.may_log_out {
                (way_out(user, "log_out", "Log out and sign out", true))
                @if at_work.is_on_call { (way_out(user, "after_call", "Log out after this call and sign out", false)) }
            }
            (way_out(user, "only", "Sign out only", false))
            a.button href="/agent" { "Stay" }
        }
    }
}

fn way_out(user: &SignedIn, then: &str, label: &str, primary: bool) -> Markup {
    html! {
        form method="post" action="/sign-out" {
            (csrf(user))
            button type="submit" name="then" value=(then) class=[primary.then_some("primary")] { (label) }
        }
    }
}

/// `POST /sign-out`: at once for whoever is not at work, after a question for whoever is.
async fn sign_out(
    State(app): State<App>,
    user: Option<SignedIn>,
    jar: CookieJar,
    fields: Fields,
) -> Result<Response, PageProblem> {
    let agent = user.as_ref().and_then(|user| user.agent.clone());
    let at_work = match &agent {
        Some(agent) => at_work(&app, agent).await?,
        None => None,
    };
    let mut sentence = "You are signed out.";
    if let (Some(user), Some(agent), Some(_)) = (&user, agent, at_work) {
        let time = match fields.text("then") {
            "log_out" => Some(LogoutTime::Now),
            "after_call" => Some(LogoutTime::AfterCall),
            "only" => None,
            _ => return Ok(done("/sign-out", "")),
        };
        sentence = match time {
            Some(LogoutTime::Now) => "You are logged out of your queues and signed out.",
            Some(LogoutTime::AfterCall) => "You are signed out, and logged out of your queues when your call ends.",
            None => {
                "You are signed out of the console but still logged in to your queues. They keep ringing you until the disconnection \
                 timeout. Sign in again to log out."
            }
        };
        if let Some(time) = time
            && let Err(problem) = log_out(&app, user, agent, time).await
        {
            let again = question(&app, user, Some(&problem)).await?;
            return Ok((problem.status(), again).into_response());
        }
    }
    let jar = auth::sign_out(&app, jar).await?;
    app.events().look_at_sign_ins();
    Ok((jar, done("/sign-in", sentence)).into_response())
}

async fn log_out(app: &App, user: &SignedIn, agent: Number, time: LogoutTime) -> Result<(), Problem> {
    let request = LogoutRequest { time, reason: None };
    let actor = user.actor_as_agent();
    let done = app.db_as(user.store_actor()?, move |store| {
        store.log_out(&agent, &request, &actor)
    });
    done.await?;
    Ok(())
}
