//! Queues of app_queue.

use std::collections::BTreeMap;

use maud::{Markup, html};
use peerage_model::{Invalid, QueueName, Secret};
use peerage_store::fields::Field;
use peerage_store::{Assigned, Queue, QueuePatch, Store, StoreError};

use super::field::whole_number;
use super::sheet::{Choices, Section, Sheet, Widget, Words, same};
use super::thing::Thing;
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::shell::{PageProblem, table};

/// Queues.
pub(super) enum Queues {}

/// Changes of a queue, its options as a whole.
#[derive(Default)]
pub(super) struct Patch {
    queue: QueuePatch,
    options: Option<BTreeMap<String, String>>,
}

macro_rules! text {
    ($name:literal, $field:ident) => {
        Field {
            name: $name,
            read: |patch, text| {
                patch.queue.$field = Some(text.to_owned());
                Ok(())
            },
            clear: None,
            write: |queue| queue.$field.clone(),
        }
    };
}

macro_rules! optional {
    ($name:literal, $field:ident) => {
        Field {
            name: $name,
            read: |patch, text| {
                patch.queue.$field = Some(Some(text.to_owned()));
                Ok(())
            },
            clear: Some(|patch| patch.queue.$field = Some(None)),
            write: |queue| queue.$field.clone().unwrap_or_default(),
        }
    };
}

macro_rules! whole {
    ($name:literal, $field:ident) => {
        Field {
            name: $name,
            read: |patch, text| {
                patch.queue.$field = Some(whole_number($name, text)?);
                Ok(())
            },
            clear: None,
            write: |queue| queue.$field.to_string(),
        }
    };
}

const FIELDS: &[Field<Patch, Queue>] = &[
    Field {
        name: "name",
        read: |patch, text| {
            patch.queue.name = Some(QueueName::try_from(text)?);
            Ok(())
        },
        clear: None,
        write: |queue| queue.name.to_string(),
    },
    optional!("description", description),
    text!("strategy", strategy),
    whole!("timeout", timeout_seconds),
    whole!("retry", retry_seconds),
    whole!("wrapup", wrapup_seconds),
    whole!("max-length", max_length),
    whole!("weight", weight),
    whole!("service-level", service_level_seconds),
    Field {
        name: "ring-in-use",
        read: |patch, text| {
            patch.queue.ring_in_use = Some(peerage_store::fields::read_switch(text)?);
            Ok(())
        },
        clear: None,
        write: |queue| peerage_store::fields::yes_or_no(queue.ring_in_use),
    },
    text!("autopause", autopause),
    text!("join-empty", join_empty),
    text!("leave-when-empty", leave_when_empty),
    optional!("music-class", music_class),
    Field {
        name: "options",
        read: |patch, text| {
            patch.options = Some(read_options(text)?);
            Ok(())
        },
        clear: Some(|patch| patch.options = Some(BTreeMap::new())),
        write: |queue| write_options(&queue.options),
    },
];

/// `name = value`, one a line.
fn read_options(text: &str) -> Result<BTreeMap<String, String>, Invalid> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| match line.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() && !value.trim().is_empty() => {
                Ok((name.trim().to_owned(), value.trim().to_owned()))
            }
            _ => Err(Invalid::new(
                "options",
                line,
                "a name, `=` and a value on each line, such as autofill=yes",
            )),
        })
        .collect()
}

fn write_options(options: &BTreeMap<String, String>) -> String {
    let lines: Vec<String> = options.iter().map(|(name, value)| format!("{name}={value}")).collect();
    lines.join("\n")
}

fn strategies() -> Choices {
    [
        ("ringall", "all at once"),
        ("leastrecent", "who has waited longest"),
        ("fewestcalls", "who had the fewest calls"),
        ("random", "by chance"),
        ("rrmemory", "in turn, where it stopped"),
        ("linear", "in order, from the first"),
        ("wrandom", "by chance, weighed by penalty"),
        ("rrordered", "in turn, in order"),
    ]
    .map(|(word, meaning)| (word.to_owned(), format!("{word}: {meaning}")))
    .into()
}

fn autopause() -> Choices {
    same(["no", "yes", "all"])
}

const NAME: Words = Words {
    name: "name",
    label: "Name",
    explain: "As the dialplan calls Queue() with it: letters, digits, _, . and -.",
    widget: Widget::Required,
};

const fn words(name: &'static str, label: &'static str, explain: &'static str, widget: Widget) -> Words {
    Words {
        name,
        label,
        explain,
        widget,
    }
}

const REST: &[Words] = &[
    words("description", "Description", "Free text.", Widget::Line),
    words(
        "strategy",
        "Strategy",
        "Who rings first. A change to or from linear and rrordered needs a restart of Asterisk.",
        Widget::Choice(strategies),
    ),
    words(
        "timeout",
        "Timeout",
        "Seconds a member rings; 0 is without end.",
        Widget::Number,
    ),
    words(
        "retry",
        "Retry",
        "Seconds before the next member rings.",
        Widget::Number,
    ),
    words("wrapup", "Wrap-up", "Seconds of rest after a call.", Widget::Number),
    words(
        "max-length",
        "Most callers",
        "How many may wait; 0 is no limit.",
        Widget::Number,
    ),
    words(
        "weight",
        "Weight",
        "Queues of more weight are served first.",
        Widget::Number,
    ),
    words(
        "service-level",
        "Service level",
        "Seconds within which a call should be answered.",
        Widget::Number,
    ),
    words(
        "autopause",
        "Autopause",
        "Whether a missed ring pauses the member: no, in this queue (yes), or in all.",
        Widget::Choice(autopause),
    ),
    words(
        "join-empty",
        "Join when empty",
        "When a caller may join although nobody is there: yes, no, strict, loose, or conditions such as paused,unavailable.",
        Widget::Line,
    ),
    words(
        "leave-when-empty",
        "Leave when empty",
        "When a waiting caller is sent away: as above.",
        Widget::Line,
    ),
    words(
        "music-class",
        "Music on hold",
        "Its class in musiconhold.conf. Empty: the channel's.",
        Widget::Line,
    ),
    words(
        "ring-in-use",
        "Ring in use",
        "A member who is on a call rings all the same.",
        Widget::Switch,
    ),
    words(
        "options",
        "Other options",
        "One a line, as queues.conf has them but with _ for -: announce_frequency=30.",
        Widget::Lines,
    ),
];

const SECTIONS: &[Section] = &[
    Section {
        id: "queue",
        title: "Queue",
        about: "",
        words: &[NAME],
    },
    Section {
        id: "settings",
        title: "Settings",
        about: "As app_queue knows them. A change holds from the next call on.",
        words: REST,
    },
];

const NEW_SECTIONS: &[Section] = &[Section {
    id: "settings",
    title: "Settings",
    about: "As app_queue knows them.",
    words: REST,
}];

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

    fn renamed(key: &QueueName, patch: &Patch) -> QueueName {
        patch.queue.name.clone().unwrap_or_else(|| key.clone())
    }

    fn remove(store: &Store, key: &QueueName) -> Result<(), StoreError> {
        store.remove_queue(key)
    }

    fn farewell() -> (&'static [&'static str], &'static [&'static str]) {
        (
            &[
                "The queue with its settings: callers who wait in it are lost to it, and Queue() of that name fails.",
                "Its assignments: agents at work leave it now.",
                "It is no longer among the queues that supervisors watch.",
            ],
            &["The agents, and what the queue log says of its calls."],
        )
    }

    async fn beside(_app: &App, _user: &SignedIn, queue: &Queue, _sheet: &Sheet) -> Result<Markup, PageProblem> {
        let rows = queue.agents.iter().map(|one| {
            let standing = match (one.logged_in, one.paused) {
                (false, _) => "logged out",
                (true, false) => "logged in",
                (true, true) => "paused",
            };
            vec![
                html! { a href={ "/admin/agents/" (one.agent) "#queues" } { (one.agent) } },
                html! { (one.penalty) },
                html! { (standing) },
            ]
        });
        Ok(html! {
            section.card #members data-live={ (Self::PATH) "/" (queue.name) } data-live-on="agents" {
                (table("Members", &["Agent", "Penalty", "Now"], rows))
                p.soft { "Agents are assigned on their own page." }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_one_a_line() {
        let options = read_options("autofill=yes\n\n setqueuevar = a=b \n").unwrap();
        assert_eq!(write_options(&options), "autofill=yes\nsetqueuevar=a=b");
        for bad in ["autofill", "=yes", "autofill="] {
            assert_eq!(read_options(bad).unwrap_err().field(), "options", "{bad}");
        }
    }
}
