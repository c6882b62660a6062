//! Before and after, side by side.

use std::collections::BTreeSet;

use maud::{Markup, html};
use serde_json::Value;

/// More columns than these are folded away.
const FOLDED: usize = 12;

/// A column as it was and as it is; none where there was or is no row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Changed {
    column: String,
    before: Option<String>,
    after: Option<String>,
}

/// The columns of a change, by name.
pub(super) fn of(before: Option<&Value>, after: Option<&Value>) -> Vec<Changed> {
    let (before, after) = (before.and_then(Value::as_object), after.and_then(Value::as_object));
    let columns: BTreeSet<&String> = [before, after]
        .into_iter()
        .flatten()
        .flat_map(|row| row.keys())
        .collect();
    columns
        .into_iter()
        .map(|column| Changed {
            column: column.clone(),
            before: before.and_then(|row| row.get(column)).map(words),
            after: after.and_then(|row| row.get(column)).map(words),
        })
        .collect()
}

/// A value as people read it; nothing is a dash.
fn words(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(values) if values.is_empty() => "–".to_owned(),
        Value::Array(values) => values.iter().map(words).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

pub(super) fn compared(changes: &[Changed]) -> Markup {
    html! {
        @if changes.len() > FOLDED {
            details {
                summary { (changes.len()) " values" }
                (values(changes))
            }
        } @else {
            (values(changes))
        }
    }
}

fn values(changes: &[Changed]) -> Markup {
    html! {
        table.compared {
            thead { tr { th scope="col" { "Column" } th scope="col" { "Before" } th scope="col" { "After" } } }
            tbody {
                @for change in changes {
                    tr {
                        th scope="row" { (change.column) }
                        td.before { @if let Some(before) = &change.before { (before) } }
                        td.after { @if let Some(after) = &change.after { (after) } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn changed(column: &str, before: Option<&str>, after: Option<&str>) -> Changed {
        Changed {
            column: column.to_owned(),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
        }
    }

    #[test]
    fn columns_stand_side_by_side_and_what_was_not_there_is_empty() {
        let before = json!({ "codecs": ["ulaw", "alaw"], "video": false, "host": null });
        let after = json!({ "codecs": [], "video": true, "host": "10.0.0.7" });
        assert_eq!(
            of(Some(&before), Some(&after)),
            [
                changed("codecs", Some("ulaw, alaw"), Some("–")),
                changed("host", Some("–"), Some("10.0.0.7")),
                changed("video", Some("false"), Some("true")),
            ]
        );
        assert_eq!(of(None, Some(&json!({ "id": 7 }))), [changed("id", None, Some("7"))]);
        assert_eq!(of(None, None), []);
    }
}
