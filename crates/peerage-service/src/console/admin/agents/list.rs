//! The list of agents, with their state.

use std::collections::HashMap;

use axum::extract::State;
use maud::{Markup, html};
use peerage_model::{DisplayState, InterfaceKind, Number, Place};
use peerage_store::{Agent, AgentNow, Filter, Login, Reason, Store, StoreError};

use crate::app::App;
use crate::console::admin::guard::Admin;
use crate::console::admin::list::{Asked, PAGE, Part, WEAK_SECRET, states};
use crate::console::admin::sites;
use crate::console::shell::{Page, PageProblem, Query, page, since, state_badge, table, unreachable};
use crate::live::agents_now;

const PATH: &str = "/admin/agents";

/// What is asked for in place of a state: a phone or mobile that the site does not allow.
const REFUSED: &str = "refused_numbers";

/// An agent of the list.
struct Row {
    agent: Agent,
    now: Option<AgentNow>,
}

impl peerage_store::fields::account::Record for Row {
    fn account(&self) -> &peerage_store::Account {
        &self.agent.account
    }
}

pub(super) async fn get(
    State(app): State<App>,
    Admin(user): Admin,
    Query(fields): Query,
) -> Result<Markup, PageProblem> {
    let asked = Asked::of(&fields);
    let part = Part::of(&asked, PATH, found(&app, &asked).await?);
    let numbers: Vec<Number> = part
        .records
        .iter()
        .map(|row| row.agent.account.number.clone())
        .collect();
    let (logins, reasons) = app
        .db(move |store| {
            let logins = store.logins_of(&numbers.iter().collect::<Vec<_>>())?;
            Ok::<_, StoreError>((logins, store.pause_reasons()?))
        })
        .await?;
    let rows = part.records.iter().map(|row| cells(row, &logins, &reasons));
    let body = html! {
        div.split {
            p.soft { "People who take queue calls." }
            div.actions {
                a.button.primary href="/admin/agents/new" { "New agent" }
                a.button href="/admin/export/agents.csv" { "Export CSV" }
            }
        }
        (asked.form(PATH, &sites::offered(&app).await?, &states()))
        div #list data-live=(asked.address(PATH)) data-live-on="agents calls accounts" {
            (table("Agents", &["Number", "Name", "User", "State", "Where", "Hot desk", "Registered", "Note"], rows))
            (part.pager())
        }
    };
    Ok(page(&Page::new("Agents", &user, PATH), body))
}

/// A page of agents, and one more. A state is known only when it is looked at, so those of another are passed over.
async fn found(app: &App, asked: &Asked) -> Result<Vec<Row>, StoreError> {
    let wanted = asked.state.as_deref().filter(|state| *state != WEAK_SECRET);
    let mut filter = Filter {
        logged_in: wanted.filter(|state| *state != REFUSED).map(|state| state != "offline"),
        refused_numbers: wanted == Some(REFUSED),
        ..asked.filter()
    };
    // A call may outlast the session.
    let with_calls = match wanted {
        Some("on_call") => Some(app.calls().on_call()),
        Some("ringing") => Some(app.calls().ringing()),
        _ => None,
    };
    if with_calls.is_some() {
        filter.logged_in = None;
        filter.numbers = with_calls;
    }
    let mut rows: Vec<Row> = Vec::new();
    if wanted.is_some_and(|state| !matches!(state, "logged_in" | "offline" | REFUSED)) {
        filter.limit = Some(1_000);
    }
    loop {
        let page_filter = filter.clone();
        let agents = app.db(move |store| store.agents(&page_filter)).await?;
        let full = u32::try_from(agents.len()).ok() == filter.limit;
        let edge = if asked.is_backward() {
            agents.first()
        } else {
            agents.last()
        };
        let edge = edge.map(|agent| agent.account.number.clone());
        let numbers = agents.iter().map(|agent| agent.account.number.clone()).collect();
        let mut now = agents_now(app, numbers).await?;
        let mut batch: Vec<Row> = agents
            .into_iter()
            .map(|agent| Row {
                now: now.remove(&agent.account.number),
                agent,
            })
            .filter(|row| is_wanted(row.now.as_ref(), wanted))
            .collect();
        if asked.is_backward() {
            batch.append(&mut rows);
            rows = batch;
        } else {
            rows.append(&mut batch);
        }
        if !full || rows.len() > PAGE {
            break;
        }
        if asked.is_backward() {
            filter.before = edge;
        } else {
            filter.after = edge;
        }
    }
    let surplus = rows.len().saturating_sub(PAGE + 1);
    if asked.is_backward() {
        rows.drain(..surplus);
    } else {
        rows.truncate(PAGE + 1);
    }
    Ok(rows)
}

fn is_wanted(now: Option<&AgentNow>, wanted: Option<&str>) -> bool {
    match wanted {
        None | Some(REFUSED) => true,
        Some("logged_in") => now.is_some_and(|now| now.logged_in_since.is_some()),
        Some(state) => now.is_some_and(|now| now.state.as_str() == state),
    }
}

fn cells(row: &Row, logins: &HashMap<Number, Login>, reasons: &[Reason]) -> Vec<Markup> {
    let (account, profile) = (&row.agent.account, &row.agent.profile);
    let login = logins.get(&account.number);
    let yes_or_no = |on: bool| html! { @if on { "yes" } @else { span.soft { "no" } } };
    vec![
        html! { a href={ (PATH) "/" (account.number) } { (account.number) } },
        html! { (profile.full_name) },
        html! { @if let Some(login) = login { a href={ "/admin/users/" (login.username) } { (login.username) } } },
        html! {
            @if let Some(now) = &row.now {
                (state_badge(&now.state, reasons))
                @if let Some(begun) = now.since { @if now.state != DisplayState::Offline { " " (since(begun)) } }
                @if !now.unreachable_at.is_empty() { " " span.over { (unreachable(&now.unreachable_at)) } }
            }
        },
        html! { @if let Some(place) = row.now.as_ref().and_then(|now| now.place.as_ref()) { (place_words(place)) } },
        yes_or_no(profile.hot_desk),
        html! {
            @match row.now.as_ref().and_then(|now| now.place.as_ref()?.telephone.as_ref()) {
                // Whose own account is registered does not matter at a telephone.
                Some(_) if !account.is_registered() => span.soft { "not required" },
                _ => (yes_or_no(account.is_registered())),
            }
        },
        html! { (notes(&row.agent, login).join(", ")) },
    ]
}

/// What an administrator should see at once.
fn notes(agent: &Agent, login: Option<&Login>) -> Vec<&'static str> {
    let mut notes = Vec::new();
    if agent.account.disabled {
        notes.push("disabled");
    }
    if agent.account.secret.is_none() {
        notes.push("no secret");
    }
    if agent.account.secret.as_ref().is_some_and(|secret| secret.weak) {
        notes.push("weak secret");
    }
    if login.is_some_and(|login| login.disabled) {
        notes.push("user disabled");
    }
    if login.is_some_and(|login| login.locked_until.is_some_and(|until| until > jiff::Timestamp::now())) {
        notes.push("user locked");
    }
    notes
}

/// Where calls ring, as people say it.
pub(super) fn place_words(place: &Place) -> String {
    if let Some(telephone) = &place.telephone {
        return format!("phone {telephone}");
    }
    let device = place.interface.device().map(|(_, number)| number.to_string());
    let outside = place.interface.outside_number().map(|number| number.to_string());
    match (place.kind, device.or(outside)) {
        (InterfaceKind::Internal, _) | (_, None) => place.kind.to_string(),
        (kind, Some(number)) => format!("{kind} {number}"),
    }
}

/// The state on the page of one agent.
pub(super) async fn now(app: &App, number: &Number) -> Result<Markup, StoreError> {
    let now = agents_now(app, vec![number.clone()]).await?.remove(number);
    let reasons = app.db(Store::pause_reasons).await?;
    Ok(html! {
        p #now data-live={ (PATH) "/" (number) } data-live-on="agents calls" data-live-number=(number) {
            @if let Some(now) = now {
                (state_badge(&now.state, &reasons))
                @if let Some(begun) = now.since { " " (since(begun)) }
                @if let Some(place) = &now.place { " on " (place_words(place)) }
                @if !now.unreachable_at.is_empty() { " " span.over { (unreachable(&now.unreachable_at)) } }
            }
        }
    })
}
