//! Asterisk's own column lists, and which columns are left out for what reason.
//!
//! An unknown column is dropped by Asterisk without a word, and a missing one means its default; so only a list can
//! tell a column that was forgotten from one that was left out.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::source::VIEWS;

/// Column lists, one for each source of them; lines of `table<TAB>column...`, `#` begins a comment.
const LISTS: &[&str] = &[
    include_str!("../../../asterisk-realtime-views/columns/16.28.0.tsv"),
    include_str!("../../../asterisk-realtime-views/columns/18.26.4.tsv"),
    include_str!("../../../asterisk-realtime-views/columns/20.20.1.tsv"),
    include_str!("../../../asterisk-realtime-views/columns/22.10.1.tsv"),
    include_str!("../../../asterisk-realtime-views/columns/sorcery.tsv"),
    include_str!("../../../asterisk-realtime-views/columns/chan_sip.tsv"),
    include_str!("../../../asterisk-realtime-views/columns/app_queue.tsv"),
];

const OMITTED: &str = include_str!("../../../asterisk-realtime-views/columns/omitted.toml");

/// Columns left out for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Omission {
    /// Why.
    pub reason: String,
    /// Which.
    pub columns: BTreeSet<String>,
}

/// All that Asterisk knows, and all that is left out, by view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Columns that some supported Asterisk knows.
    pub known: BTreeMap<String, BTreeSet<String>>,
    /// What is left out.
    pub omitted: BTreeMap<String, Vec<Omission>>,
}

impl Manifest {
    /// The embedded one.
    ///
    /// # Errors
    ///
    /// When `omitted.toml` is not in its form; a test reads it, so no release has that.
    pub fn load() -> Result<Self, toml::de::Error> {
        Ok(Self {
            known: known(LISTS),
            omitted: toml::from_str(OMITTED)?,
        })
    }

    /// Holds views against the lists, in both directions. `offered` gives the columns of each view.
    #[must_use]
    pub fn check(&self, offered: &BTreeMap<String, BTreeSet<String>>) -> Vec<Disagreement> {
        let none = BTreeSet::new();
        let mut found = Vec::new();
        for view in offered.keys().chain(self.omitted.keys()).collect::<BTreeSet<_>>() {
            let known = self.known.get(view).unwrap_or(&none);
            let offered = offered.get(view).unwrap_or(&none);
            let mut omitted = BTreeSet::new();
            for column in self.omitted.get(view).into_iter().flatten().flat_map(|o| &o.columns) {
                if !omitted.insert(column.clone()) {
                    found.push(Disagreement::new(view, column, Problem::OmittedTwice));
                }
            }
            for column in known.difference(offered).filter(|c| !omitted.contains(*c)) {
                found.push(Disagreement::new(view, column, Problem::Forgotten));
            }
            for column in offered.difference(known) {
                found.push(Disagreement::new(view, column, Problem::UnknownToAsterisk));
            }
            for column in omitted.intersection(offered) {
                found.push(Disagreement::new(view, column, Problem::OmittedAndOffered));
            }
            for column in omitted.difference(known) {
                found.push(Disagreement::new(view, column, Problem::OmittedAndUnknown));
            }
        }
        found
    }
}

/// A column on which a view and the lists disagree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{view}.{column}: {problem}")]
pub struct Disagreement {
    /// The view.
    pub view: String,
    /// The column.
    pub column: String,
    /// How they disagree.
    pub problem: Problem,
}

impl Disagreement {
    fn new(view: &str, column: &str, problem: Problem) -> Self {
        Self {
            view: view.to_string(),
            column: column.to_string(),
            problem,
        }
    }
}

/// How a view and the lists disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Asterisk knows it, the view does not offer it, and no reason is given.
    #[error("Asterisk knows it; offer it, or list it in omitted.toml with a reason")]
    Forgotten,
    /// The view offers what no supported Asterisk knows.
    #[error("no supported Asterisk knows it")]
    UnknownToAsterisk,
    /// It is offered all the same.
    #[error("it is listed in omitted.toml and offered all the same")]
    OmittedAndOffered,
    /// It is listed although no supported Asterisk knows it.
    #[error("it is listed in omitted.toml, but no supported Asterisk knows it")]
    OmittedAndUnknown,
    /// It is listed under two reasons.
    #[error("it is listed twice in omitted.toml")]
    OmittedTwice,
}

/// The columns that the embedded views offer to Asterisk.
#[must_use]
pub fn offered() -> BTreeMap<String, BTreeSet<String>> {
    VIEWS
        .iter()
        .filter(|source| source.schema() == "asterisk")
        .map(|source| {
            let columns = source.columns().into_iter().map(|column| column.name);
            (source.name().to_string(), columns.collect())
        })
        .collect()
}

fn known(lists: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in lists.iter().flat_map(|list| list.lines()) {
        let mut fields = line.split('\t');
        if let (Some(table), Some(column)) = (fields.next(), fields.next())
            && !table.starts_with('#')
            && table != "table"
        {
            known.entry(table.to_string()).or_default().insert(column.to_string());
        }
    }
    known
}

#[cfg(test)]
mod tests {
    use super::{Manifest, Problem, offered};

    #[test]
    fn every_column_of_asterisks_is_offered_or_left_out_with_a_reason() {
        let manifest = Manifest::load().unwrap();
        let offered = offered();
        assert_eq!(manifest.check(&offered), []);
        assert_eq!(offered.len(), 11);
        assert!(offered.values().all(|columns| columns.len() >= 4));
        assert!(manifest.known["ps_endpoints"].len() > 140);
        assert!(manifest.omitted.values().flatten().all(|o| !o.reason.is_empty()));
    }

    #[test]
    fn the_check_finds_each_kind_of_disagreement() {
        let manifest = Manifest::load().unwrap();
        let mut broken = offered();
        let endpoints = broken.get_mut("ps_endpoints").unwrap();
        endpoints.remove("allow");
        endpoints.insert("colour".to_string());
        endpoints.insert("dtmf_mode".to_string());
        let problems: Vec<_> = manifest
            .check(&broken)
            .into_iter()
            .map(|found| (found.column, found.problem))
            .collect();
        assert_eq!(
            problems,
            [
                ("allow".to_string(), Problem::Forgotten),
                ("colour".to_string(), Problem::UnknownToAsterisk),
                ("dtmf_mode".to_string(), Problem::OmittedAndOffered),
            ]
        );

        let mut manifest = manifest;
        let reasons = manifest.omitted.get_mut("ps_aors").unwrap();
        let twice = reasons[0].columns.first().unwrap().clone();
        reasons[1].columns.insert(twice.clone());
        reasons[1].columns.insert("colour".to_string());
        let problems: Vec<_> = manifest
            .check(&offered())
            .into_iter()
            .map(|found| (found.column, found.problem))
            .collect();
        assert_eq!(
            problems,
            [
                (twice, Problem::OmittedTwice),
                ("colour".to_string(), Problem::OmittedAndUnknown),
            ]
        );
    }
}
