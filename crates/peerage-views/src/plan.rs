//! What an install would do: decided from what is in force and what is to be, without touching anything.

use std::collections::BTreeMap;

use crate::script::Script;
use crate::source::VIEWS;

/// What becomes of the views.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Plan {
    /// They are in force already; no lock is taken.
    Unchanged,
    /// They are made for the first time, or replaced as a whole.
    Replace {
        /// Views that were not there.
        added: Vec<String>,
        /// Views that are there no more.
        removed: Vec<String>,
        /// Columns added to views that Asterisk writes to: it goes on without them until it restarts.
        written_columns_added: Vec<String>,
    },
}

/// Why what is in force may not be replaced.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "Asterisk writes to {}, and keeps their definitions in memory: a column of a written view is never dropped or renamed",
    .columns.join(", ")
)]
pub struct Refusal {
    /// Columns that would go, as `view.column`.
    pub columns: Vec<String>,
}

/// Decides.
///
/// # Errors
///
/// [`Refusal`] when a column that Asterisk writes to would go.
pub fn plan(
    installed_hash: Option<&str>,
    installed: &BTreeMap<String, Vec<String>>,
    script: &Script,
) -> Result<Plan, Refusal> {
    if installed_hash == Some(script.hash.as_str()) {
        return Ok(Plan::Unchanged);
    }
    let mut added = Vec::new();
    let mut written_columns_added = Vec::new();
    let mut gone = Vec::new();
    for source in VIEWS {
        let Some(old) = installed.get(source.name()) else {
            added.push(source.name().to_string());
            continue;
        };
        if !source.is_written() {
            continue;
        }
        let new: Vec<String> = source.columns().into_iter().map(|c| c.name).collect();
        let qualified = |column: &String| format!("{}.{column}", source.name());
        gone.extend(old.iter().filter(|c| !new.contains(c)).map(qualified));
        written_columns_added.extend(new.iter().filter(|c| !old.contains(c)).map(qualified));
    }
    if !gone.is_empty() {
        return Err(Refusal { columns: gone });
    }
    let removed = installed
        .keys()
        .filter(|name| !VIEWS.iter().any(|source| source.name() == name.as_str()))
        .cloned()
        .collect();
    Ok(Plan::Replace {
        added,
        removed,
        written_columns_added,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Plan, plan};
    use crate::script::compile;
    use crate::source::VIEWS;

    fn as_compiled() -> BTreeMap<String, Vec<String>> {
        VIEWS
            .iter()
            .map(|source| {
                let columns = source.columns().into_iter().map(|column| column.name);
                (source.name().to_string(), columns.collect())
            })
            .collect()
    }

    #[test]
    fn the_same_text_is_left_alone() {
        let script = compile();
        let decided = plan(Some(&script.hash), &as_compiled(), &script);
        assert_eq!(decided, Ok(Plan::Unchanged));
    }

    #[test]
    fn a_first_install_makes_every_view() {
        let Ok(Plan::Replace { added, .. }) = plan(None, &BTreeMap::new(), &compile()) else {
            panic!("refused or unchanged");
        };
        assert_eq!(added.len(), VIEWS.len());
    }

    #[test]
    fn a_written_view_never_loses_a_column() {
        let mut installed = as_compiled();
        installed.get_mut("ps_contacts").unwrap().push("colour".to_string());
        let refusal = plan(Some("older"), &installed, &compile()).unwrap_err();
        assert_eq!(refusal.columns, ["ps_contacts.colour"]);
    }

    #[test]
    fn a_view_that_is_only_read_may_lose_a_column() {
        let mut installed = as_compiled();
        installed.get_mut("ps_endpoints").unwrap().push("colour".to_string());
        assert!(plan(Some("older"), &installed, &compile()).is_ok());
    }

    #[test]
    fn a_column_added_to_a_written_view_is_named() {
        let mut installed = as_compiled();
        installed
            .get_mut("ps_contacts")
            .unwrap()
            .retain(|column| column != "qualify_2xx_only");
        installed.insert("ps_old".to_string(), vec!["id".to_string()]);
        let decided = plan(Some("older"), &installed, &compile()).unwrap();
        assert_eq!(
            decided,
            Plan::Replace {
                added: vec![],
                removed: vec!["ps_old".to_string()],
                written_columns_added: vec!["ps_contacts.qualify_2xx_only".to_string()],
            }
        );
    }
}
