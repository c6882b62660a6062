//! Fields in which one chooses.

use maud::{Markup, Render, html};

use super::field::Described;
use crate::problem::Problem;

/// What can be chosen: the value sent, and what people read.
type Options = Vec<(String, String)>;

/// One of several, in a drop-down.
#[derive(Clone, Debug)]
pub(crate) struct Select<'a> {
    name: &'a str,
    label: &'a str,
    options: Options,
    chosen: String,
    explanation: Option<&'a str>,
    problem: Option<&'a Problem>,
}

impl<'a> Select<'a> {
    pub(crate) fn new(name: &'a str, label: &'a str) -> Self {
        Self {
            name,
            label,
            options: Vec::new(),
            chosen: String::new(),
            explanation: None,
            problem: None,
        }
    }

    /// One more to choose from.
    pub(crate) fn option(mut self, value: impl Into<String>, label: impl Into<String>) -> Self {
        self.options.push((value.into(), label.into()));
        self
    }

    /// Several more, each of which is called by its value.
    pub(crate) fn words<T: AsRef<str>>(mut self, words: impl IntoIterator<Item = T>) -> Self {
        self.options.extend(words.into_iter().map(same));
        self
    }

    /// The one that is chosen.
    pub(crate) fn chosen(mut self, value: &str) -> Self {
        value.clone_into(&mut self.chosen);
        self
    }

    /// A line under it that says what it is for.
    pub(crate) fn explain(mut self, explanation: &'a str) -> Self {
        self.explanation = Some(explanation);
        self
    }

    /// What went wrong, shown here if it is about this field.
    pub(crate) fn problem(mut self, problem: Option<&'a Problem>) -> Self {
        self.problem = about(self.name, problem);
        self
    }
}

impl Render for Select<'_> {
    fn render(&self) -> Markup {
        let described = Described::new(self.name, self.explanation, self.problem);
        html! {
            div.field {
                label for=(described.id) { (self.label) }
                select id=(described.id) name=(self.name) aria-describedby=[described.by()] aria-invalid=[described.invalid()] {
                    @for (value, label) in &self.options {
                        option value=(value) selected[*value == self.chosen] { (label) }
                    }
                }
                (described)
            }
        }
    }
}

/// On or off. Off sends nothing.
#[derive(Clone, Debug)]
pub(crate) struct Switch<'a> {
    name: &'a str,
    label: &'a str,
    on: bool,
    explanation: Option<&'a str>,
}

impl<'a> Switch<'a> {
    pub(crate) fn new(name: &'a str, label: &'a str) -> Self {
        Self {
            name,
            label,
            on: false,
            explanation: None,
        }
    }

    /// How it stands.
    pub(crate) fn on(mut self, on: bool) -> Self {
        self.on = on;
        self
    }

    /// A line under it that says what it is for.
    pub(crate) fn explain(mut self, explanation: &'a str) -> Self {
        self.explanation = Some(explanation);
        self
    }
}

impl Render for Switch<'_> {
    fn render(&self) -> Markup {
        let described = Described::new(self.name, self.explanation, None);
        html! {
            div.field {
                label.check {
                    input id=(described.id) name=(self.name) type="checkbox" value="yes" checked[self.on]
                        aria-describedby=[described.by()];
                    span { (self.label) }
                }
                (described)
            }
        }
    }
}

/// Any number of several, in an order: a drop-down for each place, so that it works by keyboard and without a script. Blank
/// places send a blank, which [`Fields::all`](super::Fields::all) leaves out.
#[derive(Clone, Debug)]
pub(crate) struct Ordered<'a> {
    name: &'a str,
    label: &'a str,
    options: Options,
    chosen: Vec<String>,
    explanation: Option<&'a str>,
    problem: Option<&'a Problem>,
}

impl<'a> Ordered<'a> {
    pub(crate) fn new(name: &'a str, label: &'a str) -> Self {
        Self {
            name,
            label,
            options: Vec::new(),
            chosen: Vec::new(),
            explanation: None,
            problem: None,
        }
    }

    /// One more to choose from.
    pub(crate) fn option(mut self, value: impl Into<String>, label: impl Into<String>) -> Self {
        self.options.push((value.into(), label.into()));
        self
    }

    /// Those that are chosen.
    pub(crate) fn chosen<T: AsRef<str>>(mut self, values: &[T]) -> Self {
        self.chosen = values.iter().map(|value| value.as_ref().to_owned()).collect();
        self
    }

    /// A line under it that says what it is for.
    pub(crate) fn explain(mut self, explanation: &'a str) -> Self {
        self.explanation = Some(explanation);
        self
    }

    /// What went wrong, shown here if it is about this field.
    pub(crate) fn problem(mut self, problem: Option<&'a Problem>) -> Self {
        self.problem = about(self.name, problem);
        self
    }
}

impl Render for Ordered<'_> {
    fn render(&self) -> Markup {
        let Self {
            name,
            label,
            options,
            chosen,
            explanation,
            problem,
        } = self;
        let described = Described::new(name, *explanation, *problem);
        html! {
            fieldset.field.ordered id=(described.id) aria-describedby=[described.by()] {
                legend { (label) }
                ol {
                    @for place in 0..options.len() {
                        @let here = chosen.get(place);
                        li {
                            select name=(name) aria-label={ (label) " " (place + 1) } {
                                option value="" selected[here.is_none()] { "–" }
                                @for (value, label) in options {
                                    option value=(value) selected[here == Some(value)] { (label) }
                                }
                            }
                        }
                    }
                }
                (described)
            }
        }
    }
}

fn same<T: AsRef<str>>(word: T) -> (String, String) {
    (word.as_ref().to_owned(), word.as_ref().to_owned())
}

fn about<'a>(name: &str, problem: Option<&'a Problem>) -> Option<&'a Problem> {
    problem.filter(|problem| problem.details.field.as_deref() == Some(name))
}
