//! One agent: what can be done, and what was.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use maud::Markup;
use peerage_model::{Choice, EndReason, Number, OnConflict};
use peerage_store::{Away, BoardAgent, BoardFilter, StateError};

use super::agent_page::{self, Shown};
use super::at_work::AtWork;
use super::scope::own_queues;
use super::steer::{self, Order};
use super::times::day;
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::PageUser;
use crate::console::listing::Asked;
use crate::console::shell::{Fields, PageProblem, done};
use crate::live::watched;
use crate::problem::Problem;

async fn load(app: &App, user: &SignedIn, agent: &Number, day: Option<Date>) -> Result<Shown, Problem> {
    let queues = own_queues(user)?;
    steer::is_own(app, user, agent).await?;
    let filter = BoardFilter {
        queues,
        agent: Some(agent.clone()),
        away: Some(Away { after: None, limit: 1 }),
        ..BoardFilter::default()
    };
    let number = agent.clone();
    let (board, reasons, day, history, places) = app
        .db(move |store| {
            let day = store.agent_site_day(&number, day)?;
            let until = day.ended_at.min(Timestamp::now());
            let history = store.history(&number, day.began_at, until)?;
            let places = store.agent_places(&number, day.began_at, until)?;
            Ok::<_, StateError>((store.board(&filter)?, store.pause_reasons()?, day, history, places))
        })
        .await?;
    let found = board.agents.into_iter().next();
    let found = found.ok_or_else(|| Problem::not_found(format!("there is no agent `{agent}`")))?;
    let now = watched(app, agent, found.now.clone());
    Ok(Shown {
        seen: AtWork::of(BoardAgent { now, ..found }, Timestamp::now()),
        reasons,
        day,
        history,
        places,
    })
}

/// `GET /board/agents/{number}`
pub(super) async fn show(
    State(app): State<App>,
    PageUser(user): PageUser,
    Path(agent): Path<String>,
    Asked(asked): Asked,
) -> Result<Markup, PageProblem> {
    let shown = load(&app, &user, &Number::try_from(agent)?, day(&asked)?).await?;
    Ok(agent_page::whole(&user, &shown, &asked, None))
}

/// `POST /board/agents/{number}/steer`
pub(super) async fn steer(
    State(app): State<App>,
    PageUser(user): PageUser,
    Path(agent): Path<String>,
    fields: Fields,
) -> Result<Response, PageProblem> {
    let agent = Number::try_from(agent)?;
    let done = async {
        let order = Order::of(&fields)?;
        steer::carry_out(&app, &user, &agent, order.clone()).await?;
        Ok::<_, Problem>(format!("{}: {agent}.", order.done()))
    };
    let done = done.await;
    answer(&app, &user, &agent, &fields, done).await
}

/// `POST /board/agents/{number}/log-in`
pub(super) async fn log_in(
    State(app): State<App>,
    PageUser(user): PageUser,
    Path(agent): Path<String>,
    fields: Fields,
) -> Result<Response, PageProblem> {
    let agent = Number::try_from(agent)?;
    let done = async {
        let choice = choice(&fields)?;
        steer::log_in(&app, &user, &agent, choice, on_conflict(&fields)?).await?;
        Ok::<_, Problem>(format!("Logged in agent {agent}."))
    };
    let done = done.await;
    answer(&app, &user, &agent, &fields, done).await
}

async fn answer(
    app: &App,
    user: &SignedIn,
    agent: &Number,
    fields: &Fields,
    done_or_not: Result<String, Problem>,
) -> Result<Response, PageProblem> {
    match done_or_not {
        Ok(sentence) => Ok(done(&format!("/board/agents/{agent}"), sentence)),
        Err(problem) => {
            // Who may not see the agent is told so here.
            let shown = load(app, user, agent, None).await?;
            let page = agent_page::whole(user, &shown, fields, Some(&problem));
            Ok((problem.status(), page).into_response())
        }
    }
}

/// Where calls shall ring, as a form says it.
fn choice(fields: &Fields) -> Result<Option<Choice>, Problem> {
    if let Some(telephone) = fields.get("telephone") {
        let number = Number::try_from(telephone).map_err(|error| Problem::from(error).field("telephone"))?;
        return Ok(Some(Choice::Telephone(number)));
    }
    Ok(match fields.text("interface") {
        "internal" => Some(Choice::Internal),
        "phone" => Some(Choice::Phone),
        "mobile" => Some(Choice::Mobile),
        _ => None,
    })
}

/// Whether somebody else's session may be ended for it, and why.
pub(super) fn on_conflict(fields: &Fields) -> Result<OnConflict, Problem> {
    if !fields.has("force") {
        return Ok(OnConflict::Refuse);
    }
    let reason = fields.get("why").map(EndReason::try_from).transpose();
    Ok(OnConflict::Force(
        reason.map_err(|error| Problem::from(error).field("why"))?,
    ))
}
