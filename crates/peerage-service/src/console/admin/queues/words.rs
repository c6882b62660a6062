//! A queue's fields in words.

use crate::console::admin::sheet::{Choices, Section, Widget, Words, same};

fn strategies() -> Choices {
    [
        ("ringall", "all at once"),
        ("leastrecent", "who has waited longest"),
        ("fewestcalls", "who had the fewest calls"),
        ("random", "by chance"),
        ("rrmemory", "in turn, where it stopped"),
        ("linear", "one after the other, in Asterisk's own order"),
        ("wrandom", "by chance, weighed by penalty"),
        ("rrordered", "in turn, in order"),
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
        "Who rings first. A change to linear or rrordered needs a restart of Asterisk. Nobody can set the order of linear.",
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
        about: "As app_queue knows them. A change holds from the next call on.",
        words: REST,
    },
];

pub(super) const NEW_SECTIONS: &[Section] = &[Section {
    id: "settings",
    title: "Settings",
    about: "As app_queue knows them.",
    words: REST,
}];
