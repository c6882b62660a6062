//! The first line of a file: which cell is which field.

use std::io::Read;

use csv::{Reader, StringRecord};

use super::bounded::Allowance;
use crate::fields::account::Column;
use crate::fields::kind::Subject;

/// A first line that is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct HeaderError {
    /// What is wrong: lower case, without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl HeaderError {
    fn new(message: impl Into<String>, hint: impl Into<Option<String>>) -> Self {
        Self {
            message: message.into(),
            hint: hint.into(),
        }
    }
}

/// Where in a line each field stands.
pub(super) struct Header<S: Subject> {
    /// How many cells a line has.
    pub(super) width: usize,
    /// What the cells are called.
    pub(super) names: Vec<String>,
    /// Cell of the number.
    pub(super) number: usize,
    /// Cell of the secret, when there is one.
    pub(super) secret: Option<usize>,
    /// The other cells with their fields, in the order in which they are read.
    pub(super) columns: Vec<Place<S>>,
}

/// A cell with its field.
type Place<S> = (usize, Column<<S as Subject>::Patch, <S as Subject>::Record>);

impl<S: Subject> Header<S> {
    /// Reads the first line.
    pub(super) fn read(reader: &mut Reader<impl Read>, allowance: &Allowance) -> Result<Self, HeaderError> {
        let mut record = StringRecord::new();
        let found = reader
            .read_record(&mut record)
            .map_err(|error| HeaderError::new(error.to_string(), None))?;
        allowance.renew();
        if !found {
            return Err(HeaderError::new("the file is empty", known::<S>()));
        }
        Self::of(&record)
    }

    fn of(record: &StringRecord) -> Result<Self, HeaderError> {
        let names: Vec<String> = record.iter().map(name).collect();
        for (position, name) in names.iter().enumerate() {
            if names.iter().take(position).any(|earlier| earlier == name) {
                let message = format!("the column `{}` stands there twice", name.escape_debug());
                return Err(HeaderError::new(message, None));
            }
        }
        let place = |wanted: &str| names.iter().position(|name| name == wanted);
        // In the order of the fields, `permit` before `forbid`: what is forbidden wins, as on the command line.
        let columns: Vec<_> = S::aliases()
            .into_iter()
            .chain(S::columns())
            .filter_map(|column| place(column.name()).map(|cell| (cell, column)))
            .collect();
        let (number, secret) = (place("number"), place("secret"));
        let is_known = |cell: usize| {
            number == Some(cell) || secret == Some(cell) || columns.iter().any(|(known, _)| *known == cell)
        };
        let unknown: Vec<String> = record
            .iter()
            .enumerate()
            .filter(|(cell, _)| !is_known(*cell))
            .map(|(_, written)| format!("`{}`", written.escape_debug()))
            .collect();
        if !unknown.is_empty() {
            let noun = if unknown.len() == 1 { "column" } else { "columns" };
            let message = format!("unknown {noun} {}", unknown.join(", "));
            return Err(HeaderError::new(message, advice::<S>(record)));
        }
        let missing: Vec<&str> = ["number", "name"]
            .into_iter()
            .filter(|name| place(name).is_none())
            .collect();
        match number {
            Some(number) if missing.is_empty() => Ok(Self {
                width: names.len(),
                names,
                number,
                secret,
                columns,
            }),
            _ => Err(HeaderError::new(
                format!("there is no column `{}`", missing.join("` and no column `")),
                known::<S>(),
            )),
        }
    }
}

/// The name of a flag: `call_group` is `call-group`. Spreadsheets put a byte order mark before the first.
fn name(written: &str) -> String {
    written.trim_start_matches('\u{feff}').trim().replace('_', "-")
}

fn advice<S: Subject>(record: &StringRecord) -> String {
    let only = record.get(0).filter(|_| record.len() == 1);
    match only.and_then(|cell| cell.chars().find(|c| matches!(c, ';' | '\t' | '|'))) {
        Some(separator) => format!(
            "cells must be parted by commas, not by `{}`: save the file so",
            separator.escape_debug()
        ),
        None => known::<S>(),
    }
}

fn known<S: Subject>() -> String {
    let mut names = vec!["number", "secret"];
    let columns = S::columns();
    let aliases = S::aliases();
    names.extend(columns.iter().chain(&aliases).map(Column::name));
    format!("the first line names the columns: {}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::kind::{Agents, Phones};

    fn header(cells: &[&str]) -> Result<Header<Agents>, HeaderError> {
        Header::of(&StringRecord::from(cells.to_vec()))
    }

    fn refusal(cells: &[&str]) -> HeaderError {
        header(cells).err().unwrap()
    }

    #[test]
    fn hyphen_and_underscore_are_the_same_and_blanks_and_a_byte_order_mark_do_not_count() {
        let header = header(&[
            "\u{feff}number",
            " name ",
            "call_group",
            "call-group-x".trim_end_matches("-x"),
        ])
        .err();
        assert!(header.unwrap().message.contains("`call-group` stands there twice"));
        let header = Header::<Phones>::of(&StringRecord::from(vec!["\u{feff}number", " name ", "max_contacts"]));
        assert_eq!(header.ok().unwrap().columns.len(), 2);
    }

    #[test]
    fn every_unknown_column_is_named_and_the_known_ones_are_listed() {
        let failure = refusal(&["number", "name", "colour", "size\u{1b}"]);
        assert_eq!(failure.message, "unknown columns `colour`, `size\\u{1b}`");
        assert!(failure.hint.unwrap().contains("call-group"));
    }

    #[test]
    fn a_wrong_separator_is_recognised() {
        let failure = refusal(&["number;name;secret"]);
        assert!(failure.hint.unwrap().contains("not by `;`"));
    }

    #[test]
    fn number_and_name_must_be_there() {
        let failure = refusal(&["secret"]);
        assert_eq!(failure.message, "there is no column `number` and no column `name`");
        assert!(refusal(&["number"]).message.contains("`name`"));
    }

    #[test]
    fn what_is_forbidden_is_read_after_what_is_permitted() {
        let header = header(&["number", "name", "forbid", "permit"]).ok().unwrap();
        let order: Vec<&str> = header.columns.iter().map(|(_, column)| column.name()).collect();
        assert_eq!(order, ["name", "permit", "forbid"]);
    }
}
