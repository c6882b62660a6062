//! Forms made of a table: which fields they have, in which words, and how each is typed in.

use std::collections::HashMap;

use maud::{Markup, html};

use super::entry::{Entry, Typed};
use crate::console::shell::{Field, Fields, Ordered, Select, Switch, alert, hint_of};
use crate::problem::Problem;

/// What is offered: the value, and what people read.
pub(super) type Choices = Vec<(String, String)>;

/// A field of a form, in words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    /// What it is for: sentences.
    pub(super) explain: &'static str,
    pub(super) widget: Widget,
}

/// How a field is typed in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Widget {
    Line,
    Required,
    Lines,
    Number,
    Switch,
    /// One of these.
    Choice(fn() -> Choices),
    /// One of those that the page offers, see [`Sheet::offer`].
    Offered,
    /// Any of these, in an order.
    Ordered(fn() -> Choices),
    /// A channel other than voice: on or off, how many at once, accepted unasked after how long.
    Channel,
}

/// Fields under a heading.
#[derive(Clone, Copy, Debug)]
pub(super) struct Section {
    /// For links to it.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// What it is about: sentences, or nothing.
    pub(super) about: &'static str,
    pub(super) words: &'static [Words],
}

/// What a form shows: what stands in its fields, how they stood when it was made, and what is wrong with them.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    now: HashMap<String, String>,
    was: HashMap<String, String>,
    offered: HashMap<&'static str, Choices>,
    problems: Vec<Problem>,
}

impl Sheet {
    /// A record as it stands.
    pub(super) fn of<P, R, E: Entry<P, R>>(entries: &[E], record: &R) -> Self {
        Self::with(entries.iter().map(|entry| (entry.name(), entry.write(record))))
    }

    /// Fields that stand so.
    pub(super) fn with<K: Into<String>>(fields: impl IntoIterator<Item = (K, String)>) -> Self {
        let now: HashMap<String, String> = fields.into_iter().map(|(name, text)| (name.into(), text)).collect();
        Self {
            was: now.clone(),
            now,
            ..Self::default()
        }
    }

    /// What was typed over stays so.
    pub(super) fn typed(mut self, typed: &[Typed]) -> Self {
        for one in typed.iter().filter(|one| one.is_changed()) {
            self.now.insert(one.name.to_owned(), one.now.clone());
        }
        self
    }

    /// What was sent in these fields, which belong to no record, stays so.
    pub(super) fn kept(mut self, fields: &Fields, names: &[&str]) -> Self {
        for name in names {
            self.now.insert((*name).to_owned(), fields.exactly(name).to_owned());
        }
        self
    }

    /// What is wrong.
    pub(super) fn problems(mut self, problems: Vec<Problem>) -> Self {
        self.problems.extend(problems.into_iter().map(named_as_here));
        self
    }

    /// What a field offers.
    pub(super) fn offer(mut self, name: &'static str, choices: Choices) -> Self {
        self.offered.insert(name, choices);
        self
    }

    /// What stands in a field.
    pub(super) fn text(&self, name: &str) -> &str {
        self.now.get(name).map_or("", String::as_str)
    }

    /// What is wrong with a field.
    pub(super) fn problem(&self, name: &str) -> Option<&Problem> {
        let about = |problem: &&Problem| problem.details.field.as_deref() == Some(name);
        self.problems.iter().find(about)
    }

    /// The status of a page with this form.
    pub(super) fn status(&self) -> axum::http::StatusCode {
        self.problems
            .first()
            .map_or(axum::http::StatusCode::OK, Problem::status)
    }

    /// What is wrong, on top of the page: the one thing, or how many there are, with links to them.
    pub(super) fn alert(&self) -> Markup {
        let [first, _, ..] = self.problems.as_slice() else {
            return alert(self.problems.first());
        };
        html! {
            div.alert role="alert" data-code=(first.code) {
                p { strong { "Nothing was changed: " (self.problems.len()) " fields need to be corrected." } }
                ul {
                    @for problem in &self.problems {
                        li {
                            @match &problem.details.field {
                                Some(field) => a href={ "#field-" (field) } { (problem.message) },
                                None => (problem.message),
                            }
                        }
                    }
                }
                @if let Some(hint) = hint_of(first) { p { (hint) } }
            }
        }
    }

    /// A section as a card.
    pub(super) fn section(&self, section: &Section) -> Markup {
        html! {
            section.card id=(section.id) {
                h2 { (section.title) }
                @if !section.about.is_empty() { p.soft { (section.about) } }
                (self.fields(section.words))
            }
        }
    }

    /// Fields in columns.
    pub(super) fn fields(&self, words: &[Words]) -> Markup {
        html! { div.columns { @for one in words { (self.field(one)) } } }
    }

    fn field(&self, words: &Words) -> Markup {
        let Words {
            name,
            label,
            explain,
            widget,
        } = *words;
        let (now, problem) = (self.text(name), self.problem(name));
        let offered = |choices: Choices, mut select: Select<'static>| {
            for (value, label) in choices {
                select = select.option(value, label);
            }
            select
        };
        html! {
            div {
                input type="hidden" name={ "was." (name) } value=(self.was.get(name).map_or("", String::as_str));
                @match widget {
                    Widget::Line => (Field::text(name, label).value(now).explain(explain).problem(problem)),
                    Widget::Required => (Field::text(name, label).value(now).explain(explain).problem(problem).required()),
                    Widget::Lines => (Field::lines(name, label).value(now).explain(explain).problem(problem)),
                    Widget::Number => (Field::number(name, label).value(now).explain(explain).problem(problem)),
                    Widget::Switch => {
                        (Switch::new(name, label).on(now == "yes").explain(explain))
                        @if let Some(problem) = problem { p.error { (problem.message) } }
                    },
                    Widget::Choice(choices) => (offered(choices(), Select::new(name, label)).chosen(now).explain(explain).problem(problem)),
                    Widget::Offered => {
                        (offered(self.offered.get(name).cloned().unwrap_or_default(), Select::new(name, label))
                            .chosen(now).explain(explain).problem(problem))
                    },
                    Widget::Ordered(choices) => {
                        @let chosen: Vec<&str> = now.split(',').filter(|one| !one.is_empty()).collect();
                        @let field = choices().into_iter().fold(Ordered::new(name, label), |field, (value, label)| field.option(value, label));
                        (field.chosen(&chosen).explain(explain).problem(problem))
                    },
                    Widget::Channel => (super::channel::field(name, label, now, problem)),
                }
            }
        }
    }
}

/// What a form of these sections sent: only fields that it showed.
pub(super) fn read(sections: &[Section], fields: &Fields) -> Vec<Typed> {
    let words = sections.iter().flat_map(|section| section.words);
    words
        .filter(|words| fields.knows(&format!("was.{}", words.name)))
        .map(|words| Typed {
            name: words.name,
            was: unix(fields.exactly(&format!("was.{}", words.name))),
            now: match words.widget {
                Widget::Switch => if fields.has(words.name) { "yes" } else { "no" }.to_owned(),
                Widget::Ordered(_) => fields.each(words.name).collect::<Vec<_>>().join(","),
                Widget::Channel => super::channel::read(words.name, fields),
                Widget::Line
                | Widget::Required
                | Widget::Lines
                | Widget::Number
                | Widget::Choice(_)
                | Widget::Offered => unix(fields.exactly(words.name)),
            },
        })
        .collect()
}

/// Browsers send the end of a line as two characters.
fn unix(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Under the name that the form has for the field: the database names its columns.
fn named_as_here(mut problem: Problem) -> Problem {
    problem.details.field = problem.details.field.map(|field| match field.as_str() {
        "full_name" => "name".to_owned(),
        "transports" => "transport".to_owned(),
        "call_groups" => "call-group".to_owned(),
        "pickup_groups" => "pickup-group".to_owned(),
        "named_call_groups" => "named-call-group".to_owned(),
        "named_pickup_groups" => "named-pickup-group".to_owned(),
        "log_level" | "client_log_level" => "client-log-level".to_owned(),
        "max_seconds" => "max-seconds".to_owned(),
        other => other.trim_end_matches("_seconds").replace('_', "-"),
    });
    problem
}

/// Words that are called by themselves.
pub(super) fn same<'a>(words: impl IntoIterator<Item = &'a str>) -> Choices {
    words
        .into_iter()
        .map(|word| (word.to_owned(), word.to_owned()))
        .collect()
}
