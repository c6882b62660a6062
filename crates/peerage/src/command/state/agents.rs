//! `peerage agent list`: agents with their state.

use jiff::Timestamp;
use peerage_model::{Interface, InterfaceKind, Number, PauseReason, Unreachable};
use peerage_store::{Agent, AgentNow, Filter};
use serde::Serialize;

use super::super::list::{self, Columns};
use super::super::{Context, describe};
use super::words;
use crate::args::agent::List as Args;
use crate::exit::Exit;
use crate::failure::Failure;
use peerage_store::fields::kind::Agents;
use peerage_store::fields::{or_empty, yes_or_no};

/// An agent with its state; same names as in `agent login --format json`.
#[derive(Serialize)]
struct Item {
    #[serde(flatten)]
    agent: Agent,
    state: &'static str,
    /// Of a pause of all queues.
    state_reason: Option<PauseReason>,
    state_since: Option<Timestamp>,
    /// The nodes that cannot ring the device.
    unreachable_at: Vec<Unreachable>,
    session: Option<Session>,
    /// For people.
    #[serde(skip)]
    shown: String,
    #[serde(skip)]
    place: String,
}

#[derive(Serialize)]
struct Session {
    kind: InterfaceKind,
    interface: Interface,
    telephone: Option<Number>,
    since: Option<Timestamp>,
}

const COLUMNS: Columns<Item> = Columns {
    table: &[
        ("number", |item| item.agent.account.number.to_string()),
        ("name", |item| item.agent.profile.full_name.to_string()),
        ("site", |item| item.agent.account.site.to_string()),
        ("state", |item| item.shown.clone()),
        ("where", |item| item.place.clone()),
        ("since", |item| describe::time_or_none(item.state_since)),
        ("transport", |item| item.agent.account.voice.transports.to_string()),
        ("context", |item| item.agent.account.voice.context.to_string()),
        ("hot-desk", |item| yes_or_no(item.agent.profile.hot_desk)),
        ("disabled", |item| yes_or_no(item.agent.account.disabled)),
        ("registered", |item| yes_or_no(item.agent.account.is_registered())),
    ],
    csv: &[
        ("number", |item| item.agent.account.number.to_string()),
        ("name", |item| item.agent.profile.full_name.to_string()),
        ("site", |item| item.agent.account.site.to_string()),
        ("state", |item| item.state.to_owned()),
        ("reason", |item| or_empty(item.state_reason.as_ref())),
        ("state-since", |item| describe::time_or_none(item.state_since)),
        ("kind", |item| {
            or_empty(item.of_session(|session| Some(session.kind)).as_ref())
        }),
        ("interface", |item| {
            or_empty(item.of_session(|session| Some(&session.interface)))
        }),
        ("telephone", |item| {
            or_empty(item.of_session(|session| session.telephone.as_ref()))
        }),
        ("logged-in-since", |item| {
            describe::time_or_none(item.of_session(|session| session.since))
        }),
        ("transport", |item| item.agent.account.voice.transports.to_string()),
        ("context", |item| item.agent.account.voice.context.to_string()),
        ("hot-desk", |item| yes_or_no(item.agent.profile.hot_desk)),
        ("disabled", |item| yes_or_no(item.agent.account.disabled)),
        ("unreachable-at", |item| words::unreachable(&item.unreachable_at)),
        ("registered", |item| yes_or_no(item.agent.account.is_registered())),
    ],
};

pub(in crate::command) fn run(args: Args, context: &Context) -> Result<Exit, Failure> {
    let store = context.store()?;
    let is_meant = |item: &Item| {
        (args.state.is_empty() || args.state.iter().any(|wanted| wanted == item.state))
            && (!args.logged_in || item.session.is_some())
    };
    let filter = Filter {
        refused_numbers: args.refused_numbers,
        ..Filter::from(args.search)
    };
    list::run::<Agents, Item>(&COLUMNS, filter, &store, context, |agents| {
        let numbers: Vec<&Number> = agents.iter().map(|agent| &agent.account.number).collect();
        let mut now = store.agents_now(&numbers)?;
        let items = agents.into_iter().filter_map(|agent| {
            // The agent may have been removed since the page was read.
            let now = now.remove(&agent.account.number)?;
            Some(Item::new(agent, now))
        });
        Ok(items.filter(is_meant).collect())
    })
}

impl Item {
    fn new(agent: Agent, now: AgentNow) -> Self {
        let now = now.with_call();
        Self {
            agent,
            state: now.state.as_str(),
            state_reason: words::reason(&now.state).cloned(),
            state_since: now.since,
            shown: words::state_at(&now.state, &now.unreachable_at),
            unreachable_at: now.unreachable_at,
            place: now.place.as_ref().map(words::place).unwrap_or_default(),
            session: now.place.map(|place| Session {
                kind: place.kind,
                interface: place.interface,
                telephone: place.telephone,
                since: now.logged_in_since,
            }),
        }
    }

    fn of_session<'a, T>(&'a self, get: impl FnOnce(&'a Session) -> Option<T>) -> Option<T> {
        self.session.as_ref().and_then(get)
    }
}
