//! The board: queues and agents right now.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use maud::{Markup, html};
use peerage_model::{Number, QueueName};
use peerage_store::{BoardAgent, BoardQueue, Reason, Store};

use super::at_work::{AtWork, Show};
use super::counts::Members;
use super::look::Look;
use super::scope::own_queues;
use super::steer::{Order, carry_out};
use super::{at_work, parts};
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::PageUser;
use crate::console::listing::Asked;
use crate::console::shell::{Field, Fields, Page, PageProblem, Select, alert, csrf, done, page, since, table};
use crate::live::watched;
use crate::problem::Problem;

/// Most agents that are changed at once: a page of them.
const AT_ONCE: usize = 200;

/// A board as it was looked at.
struct Seen {
    queues: Vec<BoardQueue>,
    agents: Vec<AtWork>,
    at: Timestamp,
}

async fn look_at(app: &App, user: &SignedIn, look: &Look) -> Result<Seen, Problem> {
    let filter = look.filter(own_queues(user)?);
    let board = app.db(move |store| store.board(&filter)).await?;
    let at = Timestamp::now();
    let agents = board.agents.into_iter().map(|agent| {
        let now = watched(app, &agent.number, agent.now.clone());
        at_work::AtWork::of(BoardAgent { now, ..agent }, at)
    });
    Ok(Seen {
        agents: agents.collect(),
        queues: board.queues,
        at,
    })
}

/// `GET /board`
pub(super) async fn show(
    State(app): State<App>,
    PageUser(user): PageUser,
    Asked(asked): Asked,
) -> Result<Markup, PageProblem> {
    let look = Look::of(&asked)?;
    Ok(whole(&app, &user, &look, &Fields::default(), None).await?)
}

/// `GET /board/live`
pub(super) async fn live(
    State(app): State<App>,
    PageUser(user): PageUser,
    Asked(asked): Asked,
) -> Result<Markup, PageProblem> {
    let look = Look::of(&asked)?;
    let seen = look_at(&app, &user, &look).await?;
    Ok(live_part(&app, &look, &seen, &[]))
}

/// `POST /board/steer`: does one thing to all who are chosen.
pub(super) async fn steer(
    State(app): State<App>,
    PageUser(user): PageUser,
    Asked(asked): Asked,
    fields: Fields,
) -> Result<Response, PageProblem> {
    let look = Look::of(&asked)?;
    match steer_all(&app, &user, &fields).await {
        Ok(sentence) => Ok(done(&look.address("/board"), sentence)),
        Err(problem) => {
            let status = problem.status();
            let page = whole(&app, &user, &look, &fields, Some(&problem)).await?;
            Ok((status, page).into_response())
        }
    }
}

/// Steers each; those who are not the one's own, or whom the rules refuse, do not keep the others from it.
async fn steer_all(app: &App, user: &SignedIn, fields: &Fields) -> Result<String, Problem> {
    let order = Order::of(fields)?;
    let numbers = fields.all("agent");
    let agents = numbers.into_iter().take(AT_ONCE).map(Number::try_from);
    let agents: Vec<Number> = agents.collect::<Result<_, _>>()?;
    if agents.is_empty() {
        let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
        return Err(Problem::new(status, "invalid", "no agents are selected")
            .field("agent")
            .hint("select agents in the list"));
    }
    let (mut succeeded, mut first) = (Vec::new(), None);
    let mut refused = Vec::new();
    for agent in agents {
        match carry_out(app, user, &agent, order.clone()).await {
            Ok(_) => succeeded.push(agent.to_string()),
            Err(problem) => {
                refused.push(problem.message.clone());
                first.get_or_insert(problem);
            }
        }
    }
    let sentence = format!("{}: {}.", order.done(), succeeded.join(", "));
    match first {
        None => Ok(sentence),
        Some(mut problem) => {
            problem.message = refused.join("; ");
            if !succeeded.is_empty() {
                problem = problem.hint(format!("succeeded for: {}", succeeded.join(", ")));
            }
            Err(problem)
        }
    }
}

async fn whole(
    app: &App,
    user: &SignedIn,
    look: &Look,
    fields: &Fields,
    problem: Option<&Problem>,
) -> Result<Markup, Problem> {
    let seen = look_at(app, user, look).await?;
    let reasons = app.db(Store::pause_reasons).await?;
    Ok(page(
        &Page::new("Board", user, "/board"),
        html! {
            (parts::tabs("/board"))
            (alert(problem))
            (filters(look, &seen.queues))
            (live_part(app, look, &seen, &fields.all("agent")))
            (steering(user, look, &reasons, fields))
        },
    ))
}

fn filters(look: &Look, queues: &[BoardQueue]) -> Markup {
    let queue = look.queue.as_ref().map_or("", QueueName::as_str);
    html! {
        form.filters method="get" action="/board" role="search" aria-label="Agents of the board" {
            (Field::search("q", "Name or number").value(&look.search))
            (Select::new("queue", "Queue")
                .option("", "All queues")
                .words(queues.iter().map(|queue| queue.name.as_str()))
                .chosen(queue))
            (Show::ALL
                .iter()
                .fold(Select::new("state", "State"), |select, (_, word, label)| select.option(*word, *label))
                .chosen(look.show.word()))
            button type="submit" { "Show" }
        }
    }
}

/// What changes by itself; the same in the page and alone.
fn live_part(app: &App, look: &Look, seen: &Seen, chosen: &[&str]) -> Markup {
    let (page, pager) = look.page(&seen.agents);
    let queues = seen.queues.iter().map(|queue| {
        let members = Members::of(&queue.name, &seen.agents);
        let waiting = app.calls().waiting(&queue.name);
        vec![
            html! {
                span {
                    a href={ "/board?queue=" (queue.name) } { (queue.name) }
                    @if let Some(description) = &queue.description { " " span.soft { (description) } }
                }
            },
            html! { (waiting.count) },
            html! { @match waiting.longest_since { Some(then) => (since(then)), None => "–" } },
            html! { (members.logged_in) " of " (queue.assigned) },
            html! { (members.available) },
            html! { (members.paused) },
            html! { (members.ringing) },
            html! { (members.on_call) },
            html! { (members.unreachable) },
        ]
    });
    let columns = [
        "Queue",
        "Waiting",
        "Longest wait",
        "Logged in",
        "Available",
        "Paused",
        "Ringing",
        "On a call",
        "Unreachable",
    ];
    html! {
        div #board data-live=(look.address("/board/live")) data-live-on="agents calls waiting settings" {
            (table("Queues", &columns, queues))
            (agents(&page, chosen, seen.at))
            (pager)
        }
    }
}

/// As [`table`], but each row has a key: when agents come and go, what is ticked stays with its agent.
fn agents(page: &[&AtWork], chosen: &[&str], now: Timestamp) -> Markup {
    const COLUMNS: [&str; 4] = ["Agent", "State", "Where", "Queues"];
    html! {
        table.cards role="table" {
            caption { "Agents" }
            thead role="rowgroup" {
                tr role="row" { @for column in COLUMNS { th scope="col" role="columnheader" { (column) } } }
            }
            tbody role="rowgroup" {
                @if page.is_empty() {
                    tr role="row" { td.none role="cell" colspan=(COLUMNS.len()) { "No agents to show." } }
                }
                @for seen in page { (row(seen, chosen, now)) }
            }
        }
    }
}

fn row(seen: &AtWork, chosen: &[&str], now: Timestamp) -> Markup {
    let agent = &seen.agent;
    let number = agent.number.as_str();
    html! {
        tr role="row" data-key=(number) {
            th scope="row" role="rowheader" data-label="Agent" {
                span.chosen {
                    input type="checkbox" name="agent" value=(number) form="steer" checked[chosen.contains(&number)]
                        aria-label={ "Choose " (number) " " (agent.name) };
                    (parts::agent_link(number, agent.name.as_str()))
                }
            }
            td role="cell" data-label="State" { div.cell { (parts::state(seen)) } }
            td role="cell" data-label="Where" { div.cell {
                @if let Some(place) = &agent.now.place { (parts::place(place)) " " (parts::registration(agent, now)) }
            } }
            td role="cell" data-label="Queues" { div.cell { (parts::seats(agent)) } }
        }
    }
}

fn steering(user: &SignedIn, look: &Look, reasons: &[Reason], fields: &Fields) -> Markup {
    html! {
        form #steer.card method="post" action=(look.address("/board/steer")) data-enhance data-order {
            (csrf(user))
            div.split {
                h2 { "With selected agents" }
                span.soft data-count="agent" role="status" {}
            }
            div.columns {
                (parts::reason_select(reasons, fields.text("reason")))
                (Field::text("words", "Message to the agent")
                    .value(fields.text("words"))
                    .explain("Shown to the agents after a logout."))
            }
            div.actions {
                button.primary type="submit" name="do" value="pause" { "Pause" }
                button type="submit" name="do" value="resume" { "Resume" }
                button type="submit" name="do" value="log_out_after_call" { "Log out after the call" }
                button.danger type="submit" name="do" value="log_out"
                    data-confirm="Log out all selected agents now? Queues stop ringing them; current calls continue." { "Log out now" }
            }
        }
    }
}
