//! Queues of app_queue.

use maud::{Markup, html};
use peerage_model::{QueueName, Secret};
use peerage_store::fields::Field;
use peerage_store::{Assigned, Queue, Store, StoreError};

use super::sheet::{Section, Sheet, Words};
use super::thing::Thing;
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::shell::{PageProblem, table};

mod fields;
mod words;

use fields::{FIELDS, Patch};
use words::{NAME, NEW_SECTIONS, SECTIONS};

/// Queues.
pub(super) enum Queues {}

impl Thing for Queues {
    type Key = QueueName;
    type Record = Queue;
    type Patch = Patch;

    const PATH: &'static str = "/admin/queues";
    const TITLE: &'static str = "Queues";
    const NOUN: &'static str = "queue";
    const ABOUT: &'static str = "Where callers wait for agents.";
    const KEY: Words = NAME;
    const COLUMNS: &'static [&'static str] = &[
        "Name",
        "Description",
        "Strategy",
        "Timeout",
        "Wrap-up",
        "Weight",
        "Assigned",
        "Logged in",
        "Paused",
    ];
    const LIVE: &'static str = "settings agents";

    fn sections() -> &'static [Section] {
        SECTIONS
    }

    fn new_sections() -> &'static [Section] {
        NEW_SECTIONS
    }

    fn entries() -> &'static [Field<Patch, Queue>] {
        FIELDS
    }

    fn default_of(name: &str) -> &'static str {
        match name {
            "strategy" => "ringall",
            "timeout" => "15",
            "retry" => "5",
            "wrapup" | "max-length" | "weight" => "0",
            "service-level" => "60",
            "ring-in-use" | "autopause" | "leave-when-empty" => "no",
            "join-empty" => "yes",
            _ => "",
        }
    }

    fn key_of(record: &Queue) -> QueueName {
        record.name.clone()
    }

    fn rows(_app: &App, queues: &[Queue]) -> Vec<Vec<Markup>> {
        let count =
            |queue: &Queue, wanted: fn(&Assigned) -> bool| queue.agents.iter().filter(|one| wanted(one)).count();
        queues
            .iter()
            .map(|queue| {
                vec![
                    html! { a href={ (Self::PATH) "/" (queue.name) } { (queue.name) } },
                    html! { (queue.description.as_deref().unwrap_or("")) },
                    html! { (queue.strategy) },
                    html! { (queue.timeout_seconds) " s" },
                    html! { (queue.wrapup_seconds) " s" },
                    html! { (queue.weight) },
                    html! { (queue.agents.len()) },
                    html! { (count(queue, |one| one.logged_in)) },
                    html! { (count(queue, |one| one.paused)) },
                ]
            })
            .collect()
    }

    fn all(store: &Store) -> Result<Vec<Queue>, StoreError> {
        store.queues()
    }

    fn load(store: &Store, key: &QueueName) -> Result<Queue, StoreError> {
        store.queue(key)
    }

    fn add(store: &Store, key: &QueueName, patch: &Patch) -> Result<Vec<(String, Secret)>, StoreError> {
        let mut queue = patch.queue.clone();
        for (name, value) in patch.options.iter().flatten() {
            queue.options.insert(name.clone(), Some(value.clone()));
        }
        store.add_queue(key, &queue)?;
        Ok(Vec::new())
    }

    fn set(store: &Store, key: &QueueName, patch: &Patch) -> Result<bool, StoreError> {
        let mut queue = patch.queue.clone();
        if let Some(wanted) = &patch.options {
            let there = store.queue(key)?.options;
            let gone = there.into_keys().filter(|name| !wanted.contains_key(name));
            queue.options = gone.map(|name| (name, None)).collect();
            queue
                .options
                .extend(wanted.iter().map(|(name, value)| (name.clone(), Some(value.clone()))));
        }
        store.set_queue(key, &queue)
    }

    fn remark(before: &Queue, patch: &Patch) -> Option<String> {
        before.needs_restart(&patch.queue)
    }

    fn renamed(key: &QueueName, patch: &Patch) -> QueueName {
        patch.queue.name.clone().unwrap_or_else(|| key.clone())
    }

    fn remove(store: &Store, key: &QueueName) -> Result<(), StoreError> {
        store.remove_queue(key)
    }

    fn farewell() -> (&'static [&'static str], &'static [&'static str]) {
        (
            &[
                "The queue with its settings. Waiting callers leave it, and Queue() with this name fails.",
                "Its assignments. Agents who are logged in leave it now.",
                "Supervisors no longer see it.",
            ],
            &["Its agents, and its calls in the queue log."],
        )
    }

    async fn beside(app: &App, _user: &SignedIn, queue: &Queue, _sheet: &Sheet) -> Result<Markup, PageProblem> {
        let rows = queue.agents.iter().map(|one| {
            let standing = match (one.logged_in, one.paused) {
                (false, _) => "logged out",
                (true, false) => "logged in",
                (true, true) => "paused",
            };
            vec![
                html! { a href={ "/admin/agents/" (one.agent) "#queues" } { (one.agent) } },
                html! {
                    (one.penalty)
                    @if one.penalty != i64::from(one.assigned_penalty.get()) {
                        span.soft { " (set in Asterisk; assigned: " (one.assigned_penalty) ")" }
                    }
                },
                html! { (standing) },
            ]
        });
        let drifts = app.nodes().drift();
        let drifts = drifts.iter().filter(|drift| drift.queue == queue.name);
        Ok(html! {
            @for warning in queue.warnings() { p.remark { (warning) "." } }
            section #drift data-live={ (Self::PATH) "/" (queue.name) } data-live-on="settings link" {
                @for drift in drifts { p.over { (drift.node) ": " (drift.finding) "." } }
            }
            section.card #members data-live={ (Self::PATH) "/" (queue.name) } data-live-on="agents" {
                (table("Members", &["Agent", "Penalty", "Now"], rows))
                p.soft { "Assign agents on their own pages." }
            }
        })
    }
}
