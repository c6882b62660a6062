//! A queue's fields in words.

use crate::console::admin::sheet::{Choices, Section, Widget, Words, same};

fn strategies() -> Choices {
    [
        ("ringall", "all members at once"),
        ("leastrecent", "the member idle longest"),
        ("fewestcalls", "the member with the fewest calls"),
        ("random", "at random"),
        ("rrmemory", "round robin, continues after the last member"),
        ("linear", "one after the other, in Asterisk's order"),
        ("wrandom", "at random, weighted by penalty"),
        ("rrordered", "round robin, in fixed order"),
    ]
    .map(|(word, meaning)| (word.to_owned(), format!("{word}: {meaning}")))
    .into()
}

fn autopause() -> Choices {
    same(["no", "yes", "all"])
}

pub(super) const NAME: Words = Words {
    name: "name",
    label: "Name",
    explain: "As in Queue(NAME) in the dialplan: letters, digits, _, . and -.",
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
        "Ring strategy. A change to linear or rrordered requires a restart of Asterisk. Asterisk chooses the order of linear.",
        Widget::Choice(strategies),
    ),
    words(
        "timeout",
        "Timeout",
        "Seconds a member rings; 0: no limit.",
        Widget::Number,
    ),
    words(
        "retry",
        "Retry",
        "Seconds before the next member rings.",
        Widget::Number,
    ),
    words(
        "wrapup",
        "Wrap-up",
        "Wrap-up time after a call, in seconds.",
        Widget::Number,
    ),
    words(
        "max-length",
        "Maximum callers",
        "Maximum waiting callers; 0: no limit.",
        Widget::Number,
    ),
    words(
        "weight",
        "Weight",
        "Queues with a higher weight are served first.",
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
        "Pause a member after a missed call: no, in this queue (yes), or in all queues (all).",
        Widget::Choice(autopause),
    ),
    words(
        "join-empty",
        "Join when empty",
        "Whether callers may join a queue without members: yes, no, strict, loose, or conditions such as paused,unavailable.",
        Widget::Line,
    ),
    words(
        "leave-when-empty",
        "Leave when empty",
        "Whether waiting callers leave a queue without members. Same values.",
        Widget::Line,
    ),
    words(
        "music-class",
        "Music on hold",
        "Class in musiconhold.conf. Empty: the channel's class.",
        Widget::Line,
    ),
    words(
        "ring-in-use",
        "Ring in use",
        "Ring members who are on a call.",
        Widget::Switch,
    ),
    words(
        "options",
        "Other options",
        "Options of queues.conf, one per line, with _ instead of -: announce_frequency=30.",
        Widget::Lines,
    ),
];

pub(super) const SECTIONS: &[Section] = &[
    Section {
        id: "queue",
        title: "Queue",
        about: "",
        words: &[NAME],
    },
    Section {
        id: "settings",
        title: "Settings",
        about: "Options of app_queue. Changes apply from the next call.",
        words: REST,
    },
];

pub(super) const NEW_SECTIONS: &[Section] = &[Section {
    id: "settings",
    title: "Settings",
    about: "Options of app_queue.",
    words: REST,
}];
