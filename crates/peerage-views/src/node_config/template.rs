//! The templates' syntax: `@NAME@` is a value; lines from `;@if NAME` or `;@if not NAME` to `;@end` stand only when
//! that condition holds. Conditions nest. The marks are comments to Asterisk, so a template reads as configuration.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::NodeConfigError;

#[derive(Default)]
pub(super) struct Values {
    values: BTreeMap<&'static str, String>,
    conditions: BTreeMap<&'static str, bool>,
}

impl Values {
    pub(super) fn set(&mut self, name: &'static str, value: impl Display) {
        self.values.insert(name, value.to_string());
    }

    pub(super) fn condition(&mut self, name: &'static str, holds: bool) {
        self.conditions.insert(name, holds);
    }

    pub(super) fn holds(&self, template: &'static str, name: &str) -> Result<bool, NodeConfigError> {
        let fault = || fault(template, 0, format!("unknown condition `{name}`"));
        self.conditions.get(name).copied().ok_or_else(fault)
    }
}

pub(super) fn render(template: &'static str, text: &str, values: &Values) -> Result<String, NodeConfigError> {
    let mut out = String::with_capacity(text.len());
    // Whether the lines inside each open condition stand, outermost first.
    let mut open: Vec<bool> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if let Some(condition) = line.strip_prefix(";@if ") {
            open.push(evaluate(template, number, condition, values)?);
        } else if line == ";@end" {
            let no_if = || fault(template, number, "`;@end` without `;@if`");
            open.pop().ok_or_else(no_if)?;
        } else if line.starts_with(";@") {
            return Err(fault(template, number, format!("unknown mark `{line}`")));
        } else if open.iter().all(|stands| *stands) {
            substitute(template, number, line, values, &mut out)?;
            out.push('\n');
        }
    }
    if !open.is_empty() {
        return Err(fault(template, text.lines().count(), "`;@if` without `;@end`"));
    }
    Ok(out)
}

fn evaluate(template: &'static str, line: usize, condition: &str, values: &Values) -> Result<bool, NodeConfigError> {
    let (name, wanted) = match condition.strip_prefix("not ") {
        Some(name) => (name, false),
        None => (condition, true),
    };
    match values.conditions.get(name) {
        Some(holds) => Ok(*holds == wanted),
        None => Err(fault(template, line, format!("unknown condition `{name}`"))),
    }
}

/// Each value is put in once and not looked at again: one that contains `@` stays as it is.
fn substitute(
    template: &'static str,
    line: usize,
    text: &str,
    values: &Values,
    out: &mut String,
) -> Result<(), NodeConfigError> {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('@') {
        out.push_str(before);
        let end = after
            .find(|c: char| !(c.is_ascii_uppercase() || c == '_'))
            .unwrap_or(after.len());
        let (name, tail) = after.split_at(end);
        match tail.strip_prefix('@').filter(|_| !name.is_empty()) {
            Some(tail) => {
                let missing = || fault(template, line, format!("no value `{name}`"));
                out.push_str(values.values.get(name).ok_or_else(missing)?);
                rest = tail;
            }
            None => {
                out.push('@');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Ok(())
}

fn fault(template: &'static str, line: usize, reason: impl Into<String>) -> NodeConfigError {
    NodeConfigError::Template {
        template,
        line,
        reason: reason.into(),
    }
}
