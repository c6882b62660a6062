//! How agents spent a day.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use maud::{Markup, html};
use peerage_model::{Number, QueueName};
use peerage_store::{AgentDay, BoardSite, DayFilter, Reason};

use super::scope::own_queues;
use super::spent::Spent;
use super::{chart, parts};
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::PageUser;
use crate::console::listing::{Asked, Place, address, counted};
use crate::console::shell::{Field, Fields, Page, PageProblem, Select, page, table};
use crate::problem::Problem;

/// Most agents on a page.
const PAGE: usize = 200;

/// Which day somebody asks for, and of whom.
pub(super) struct Wanted {
    pub(super) filter: DayFilter,
    /// All queues that can be chosen.
    queues: Vec<QueueName>,
    /// The sites of the agents, the most important first.
    sites: Vec<BoardSite>,
    /// The day: today at the first of the sites, unless another was asked for.
    pub(super) day: Date,
}

impl Wanted {
    pub(super) async fn of(app: &App, user: &SignedIn, asked: &Fields) -> Result<Self, Problem> {
        let own = own_queues(user)?;
        let day = day(asked)?;
        let queue = asked.get("queue").map(QueueName::try_from).transpose()?;
        let after = asked.get("after").map(Number::try_from).transpose()?;
        let of = own.clone();
        let (sites, queues) = app
            .db(move |store| {
                let sites = store.board_sites(of.as_deref())?;
                let queues = match of {
                    Some(own) => own,
                    None => store.queues()?.into_iter().map(|queue| queue.name).collect(),
                };
                Ok::<_, peerage_store::StoreError>((sites, queues))
            })
            .await?;
        let today = sites.first().map(|site| site.today);
        Ok(Self {
            day: day
                .or(today)
                .unwrap_or_else(|| jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()),
            filter: DayFilter {
                queues: own,
                queue,
                day,
                after,
                limit: u32::try_from(PAGE + 1).unwrap_or(u32::MAX),
            },
            queues,
            sites,
        })
    }
}

/// A day of the address.
///
/// # Errors
///
/// It is none.
pub(super) fn day(asked: &Fields) -> Result<Option<Date>, Problem> {
    let day = asked.get("day").map(str::parse).transpose();
    day.map_err(|_no_day| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "this is not a date")
            .field("day")
            .hint("enter a date such as 2026-06-01")
    })
}

/// `GET /board/times`
pub(super) async fn show(
    State(app): State<App>,
    PageUser(user): PageUser,
    Asked(asked): Asked,
) -> Result<Markup, PageProblem> {
    let wanted = Wanted::of(&app, &user, &asked).await?;
    let filter = wanted.filter.clone();
    let (mut days, reasons) = app
        .db(move |store| Ok::<_, peerage_store::StoreError>((store.agent_days(&filter)?, store.pause_reasons()?)))
        .await?;
    let more = days.len() > PAGE;
    days.truncate(PAGE);
    let day = wanted.day.to_string();
    let queue = wanted.filter.queue.as_ref().map_or("", QueueName::as_str);
    let query = [("day", asked.text("day")), ("queue", queue)];
    let last = days.last().filter(|_| more).map(|day| day.number.to_string());
    let pager = Place::of(&asked).pager("/board/times", &query, last, counted(days.len(), "agent"));
    Ok(page(
        &Page::new("Daily report", &user, "/board"),
        html! {
            (parts::tabs("/board/times"))
            form.filters method="get" action="/board/times" {
                (Field::day("day", "Day").value(&day))
                (Select::new("queue", "Queue")
                    .option("", "All queues")
                    .words(wanted.queues.iter().map(QueueName::as_str))
                    .chosen(queue))
                button type="submit" { "Show" }
                a.button href=(address("/board/times.csv", [("day", day.as_str()), ("queue", queue)])) { "Download CSV" }
            }
            (zones(&wanted.sites))
            (chart::legend())
            (listed(&days, &reasons))
            (pager)
        },
    ))
}

fn zones(sites: &[BoardSite]) -> Markup {
    let mut zones: Vec<&str> = sites.iter().map(|site| site.time_zone.as_str()).collect();
    zones.dedup();
    html! {
        p.soft {
            @match zones.as_slice() {
                [] => "Your queues have no agents.",
                [zone] => { "From midnight to midnight in " (zone) "; today up to now." },
                _ => "From midnight to midnight in the time zone of the agent's site; today up to now.",
            }
        }
    }
}

fn listed(days: &[AgentDay], reasons: &[Reason]) -> Markup {
    let spent: Vec<Spent> = days.iter().map(|day| Spent::of(&day.totals, reasons)).collect();
    let scale = chart::scale(spent.iter().map(Spent::logged_in).max().unwrap_or_default());
    let columns = [
        "Agent",
        "Day",
        "Logged in",
        "Available",
        "Productive pauses",
        "Partly paused",
        "Other pauses",
    ];
    let rows = days.iter().zip(&spent).map(|(day, spent)| {
        let number = |seconds| html! { span.number { (chart::long(seconds)) } };
        vec![
            parts::agent_link(day.number.as_str(), day.name.as_str()),
            html! {
                div.drawn {
                    (chart::bar(spent, scale))
                    @if !spent.pauses.is_empty() { small.soft { (chart::pauses(spent)) } }
                }
            },
            number(spent.logged_in()),
            number(spent.available),
            number(spent.productive()),
            number(spent.partly_paused),
            number(spent.unproductive()),
        ]
    });
    table("Daily report", &columns, rows)
}
