//! A field that is typed into, with its label, its explanation and its error.

use maud::{Markup, Render, html};

use super::failure::sentence;
use crate::problem::Problem;

/// A field that is typed into.
#[derive(Clone, Debug)]
pub(crate) struct Field<'a> {
    kind: &'static str,
    name: &'a str,
    label: &'a str,
    value: &'a str,
    explanation: Option<&'a str>,
    problem: Option<&'a Problem>,
    required: bool,
    focused: bool,
    completes: Option<&'static str>,
}

impl<'a> Field<'a> {
    fn new(kind: &'static str, name: &'a str, label: &'a str) -> Self {
        Self {
            kind,
            name,
            label,
            value: "",
            explanation: None,
            problem: None,
            required: false,
            focused: false,
            completes: Some("off"),
        }
    }

    /// A line of text.
    pub(crate) fn text(name: &'a str, label: &'a str) -> Self {
        Self::new("text", name, label)
    }

    /// Several lines.
    pub(crate) fn lines(name: &'a str, label: &'a str) -> Self {
        Self::new("lines", name, label)
    }

    /// A password. It is never sent back to the page.
    pub(crate) fn password(name: &'a str, label: &'a str) -> Self {
        Self::new("password", name, label)
    }

    /// A whole number.
    pub(crate) fn number(name: &'a str, label: &'a str) -> Self {
        Self::new("number", name, label)
    }

    /// Words to search for.
    pub(crate) fn search(name: &'a str, label: &'a str) -> Self {
        Self::new("search", name, label)
    }

    /// A day.
    pub(crate) fn day(name: &'a str, label: &'a str) -> Self {
        Self::new("date", name, label)
    }

    /// A file.
    pub(crate) fn file(name: &'a str, label: &'a str) -> Self {
        Self::new("file", name, label)
    }

    /// What stands in it.
    pub(crate) fn value(mut self, value: &'a str) -> Self {
        self.value = value;
        self
    }

    /// A line under it that says what it is for.
    pub(crate) fn explain(mut self, explanation: &'a str) -> Self {
        self.explanation = Some(explanation);
        self
    }

    /// What went wrong, shown here if it is about this field.
    pub(crate) fn problem(mut self, problem: Option<&'a Problem>) -> Self {
        self.problem = problem.filter(|problem| problem.details.field.as_deref() == Some(self.name));
        self
    }

    /// It must be filled in.
    pub(crate) fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The page begins here.
    pub(crate) fn focused(mut self) -> Self {
        self.focused = true;
        self
    }

    /// What a browser may fill in, such as `username`; nothing unless said.
    pub(crate) fn completes(mut self, what: &'static str) -> Self {
        self.completes = Some(what);
        self
    }
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        let described = Described::new(self.name, self.explanation, self.problem);
        let value = Some(self.value).filter(|_| !matches!(self.kind, "password" | "file"));
        html! {
            div.field {
                label for=(described.id) { (self.label) @if !self.required { } @else { span.required aria-hidden="true" { " *" } } }
                @if self.kind == "lines" {
                    textarea id=(described.id) name=(self.name) rows="4" required[self.required] autofocus[self.focused]
                        aria-describedby=[described.by()] aria-invalid=[described.invalid()] { (self.value) }
                } @else {
                    input id=(described.id) name=(self.name) type=(self.kind) value=[value] required[self.required]
                        autofocus[self.focused] autocomplete=[self.completes]
                        aria-describedby=[described.by()] aria-invalid=[described.invalid()];
                }
                (described)
            }
        }
    }
}

/// The explanation and the error of a field, and how the field refers to them.
pub(super) struct Described<'a> {
    pub(super) id: String,
    explanation: Option<&'a str>,
    problem: Option<&'a Problem>,
}

impl<'a> Described<'a> {
    pub(super) fn new(name: &str, explanation: Option<&'a str>, problem: Option<&'a Problem>) -> Self {
        Self {
            id: format!("field-{name}"),
            explanation,
            problem,
        }
    }

    pub(super) fn by(&self) -> Option<String> {
        let error = self.problem.map(|_| format!("{}-error", self.id));
        let help = self.explanation.map(|_| format!("{}-help", self.id));
        let ids: Vec<String> = error.into_iter().chain(help).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    pub(super) fn invalid(&self) -> Option<&'static str> {
        self.problem.map(|_| "true")
    }
}

impl Render for Described<'_> {
    fn render(&self) -> Markup {
        html! {
            @if let Some(problem) = self.problem {
                p.error id={ (self.id) "-error" } { (sentence(&problem.message)) }
            }
            @if let Some(explanation) = self.explanation {
                p.help id={ (self.id) "-help" } { (explanation) }
            }
        }
    }
}
