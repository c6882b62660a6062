//! Reasons of pauses.

use maud::{Markup, html};
use peerage_model::{ReasonCode, Secret};
use peerage_store::fields::Field;
use peerage_store::{Reason, ReasonPatch, Store, StoreError};

use super::field::{switch, text, whole_number};
use super::sheet::{Section, Widget, Words};
use super::thing::Thing;
use crate::app::App;

/// Reasons.
pub(super) enum Reasons {}

const FIELDS: &[Field<ReasonPatch, Reason>] = &[
    text!("label", label),
    Field {
        name: "max-seconds",
        read: |patch, text| {
            patch.max_seconds = Some(Some(whole_number("max-seconds", text)?));
            Ok(())
        },
        clear: Some(|patch| patch.max_seconds = Some(None)),
        write: |reason| peerage_store::fields::or_empty(reason.max_seconds.as_ref()),
    },
    switch!("productive", productive),
    switch!("selectable", selectable),
    switch!("is-default", is_default),
];

const SECTIONS: &[Section] = &[Section {
    id: "reason",
    title: "Reason",
    about: "",
    words: &[
        Words {
            name: "label",
            label: "Label",
            explain: "Shown to people. Defaults to the code.",
            widget: Widget::Line,
        },
        Words {
            name: "max-seconds",
            label: "Maximum duration, in seconds",
            explain: "The board marks longer pauses. Empty: no limit.",
            widget: Widget::Number,
        },
        Words {
            name: "productive",
            label: "Productive",
            explain: "Counts as working time, such as training.",
            widget: Widget::Switch,
        },
        Words {
            name: "selectable",
            label: "Selectable",
            explain: "Agents can select it.",
            widget: Widget::Switch,
        },
        Words {
            name: "is-default",
            label: "Default",
            explain: "Used when an agent selects no reason. Replaces the current default.",
            widget: Widget::Switch,
        },
    ],
}];

impl Thing for Reasons {
    type Key = ReasonCode;
    type Record = Reason;
    type Patch = ReasonPatch;

    const PATH: &'static str = "/admin/reasons";
    const TITLE: &'static str = "Pause reasons";
    const NOUN: &'static str = "reason";
    const ABOUT: &'static str =
        "Why an agent pauses. Those of the system are given by Peerage and Asterisk, and stay as they are.";
    const KEY: Words = Words {
        name: "code",
        label: "Code",
        explain: "Used in Asterisk and its logs: letters, digits, _ and -.",
        widget: Widget::Required,
    };
    const COLUMNS: &'static [&'static str] = &["Code", "Label", "Productive", "Maximum", "Selectable", "Default"];

    fn sections() -> &'static [Section] {
        SECTIONS
    }

    fn entries() -> &'static [Field<ReasonPatch, Reason>] {
        FIELDS
    }

    fn default_of(name: &str) -> &'static str {
        match name {
            "productive" | "is-default" => "no",
            "selectable" => "yes",
            _ => "",
        }
    }

    fn key_of(record: &Reason) -> ReasonCode {
        record.code.clone()
    }

    fn rows(_app: &App, reasons: &[Reason]) -> Vec<Vec<Markup>> {
        let yes_or_no = |on: bool| html! { @if on { "yes" } @else { span.soft { "no" } } };
        reasons
            .iter()
            .map(|reason| {
                vec![
                    html! {
                        @if reason.system { (reason.code) " " span.soft.small { "system" } }
                        @else { a href={ (Self::PATH) "/" (reason.code) } { (reason.code) } }
                    },
                    html! { (reason.label) },
                    yes_or_no(reason.productive),
                    html! { @if let Some(most) = reason.max_seconds { (most) " s" } },
                    yes_or_no(reason.selectable),
                    yes_or_no(reason.is_default),
                ]
            })
            .collect()
    }

    fn all(store: &Store) -> Result<Vec<Reason>, StoreError> {
        store.pause_reasons()
    }

    fn load(store: &Store, key: &ReasonCode) -> Result<Reason, StoreError> {
        store.pause_reason(key)
    }

    fn add(store: &Store, key: &ReasonCode, patch: &ReasonPatch) -> Result<Vec<(String, Secret)>, StoreError> {
        store.add_pause_reason(key, patch)?;
        Ok(Vec::new())
    }

    fn set(store: &Store, key: &ReasonCode, patch: &ReasonPatch) -> Result<bool, StoreError> {
        store.set_pause_reason(key, patch)
    }

    fn remove(store: &Store, key: &ReasonCode) -> Result<(), StoreError> {
        store.remove_pause_reason(key)
    }

    fn farewell() -> (&'static [&'static str], &'static [&'static str]) {
        (
            &["The reason. Agents can no longer select it."],
            &["Its code in past and current pauses."],
        )
    }
}
