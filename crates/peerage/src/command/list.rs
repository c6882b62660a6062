//! Agents and telephones, read page by page, so that memory stays small however many there are.

use std::io::Write;

use peerage_store::file::guard;
use peerage_store::{Filter, Store};
use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use super::Context;
use crate::args::Format;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::ListColumn;
use peerage_store::fields::account::Record;
use peerage_store::fields::kind::Subject;

/// Records read at a time.
const PAGE: u32 = 1000;

/// What a list shows.
pub(super) struct Columns<T: 'static> {
    /// For people.
    pub(super) table: &'static [ListColumn<T>],
    /// For programs: nothing put into words, and each fact in a column of its own.
    pub(super) csv: &'static [ListColumn<T>],
}

/// Hands over those that the filter lets through, by number.
pub(super) fn each<S: Subject>(
    store: &Store,
    filter: Filter,
    mut hand_over: impl FnMut(&S::Record) -> Result<(), Failure>,
) -> Result<(), Failure> {
    each_of::<S, _>(store, filter, &mut Ok, |record| hand_over(record))
}

/// Hands over what becomes of those that the filter lets through, by number. A page of them becomes items, perhaps
/// fewer; the filter's limit is one of items.
fn each_of<S: Subject, T>(
    store: &Store,
    filter: Filter,
    become_items: &mut impl FnMut(Vec<S::Record>) -> Result<Vec<T>, Failure>,
    mut hand_over: impl FnMut(&T) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut left = filter.limit;
    let mut size = left.map_or(PAGE, |left| left.min(PAGE));
    let mut page = filter;
    while left != Some(0) {
        page.limit = Some(size);
        let records = S::page(store, &page)?;
        let Some(last) = records.last() else {
            return Ok(());
        };
        page.after = Some(last.account().number.clone());
        let mut items = become_items(records)?;
        items.truncate(left.map_or(usize::MAX, |left| left as usize));
        items.iter().try_for_each(&mut hand_over)?;
        left = left.map(|left| left.saturating_sub(u32::try_from(items.len()).unwrap_or(u32::MAX)));
        // A short limit begins with short pages; where few of many are meant they grow.
        size = size.saturating_mul(4).min(PAGE);
    }
    Ok(())
}

/// `list`: only the table, whose columns are as wide as their widest cell, is gathered before it is written.
pub(super) fn run<S: Subject, T: Serialize>(
    columns: &Columns<T>,
    filter: Filter,
    store: &Store,
    context: &Context,
    mut become_items: impl FnMut(Vec<S::Record>) -> Result<Vec<T>, Failure>,
) -> Result<Exit, Failure> {
    match context.printer.format() {
        Format::Table => {
            let mut rows = Vec::new();
            each_of::<S, T>(store, filter, &mut become_items, |item| {
                rows.push(cells(columns.table, item));
                Ok(())
            })?;
            context.printer.rows(&names(columns.table), &rows)?;
        }
        Format::Csv => {
            let mut writer = csv::Writer::from_writer(context.printer.stream());
            writer.write_record(names(columns.csv))?;
            each_of::<S, T>(store, filter, &mut become_items, |item| {
                let cells = cells(columns.csv, item);
                Ok(writer.write_record(cells.iter().map(|cell| guard(cell).into_owned()))?)
            })?;
            writer.flush().map_err(|error| Failure::output(&error))?;
        }
        Format::Json => {
            let mut stream = context.printer.stream();
            let mut serializer = serde_json::Serializer::pretty(&mut stream);
            let mut sequence = serializer.serialize_seq(None)?;
            each_of::<S, T>(store, filter, &mut become_items, |item| {
                Ok(sequence.serialize_element(item)?)
            })?;
            sequence.end()?;
            let end = stream.write_all(b"\n").and_then(|()| stream.flush());
            end.map_err(|error| Failure::output(&error))?;
        }
    }
    Ok(Exit::Done)
}

fn names<T>(columns: &[ListColumn<T>]) -> Vec<&'static str> {
    columns.iter().map(|(name, _)| *name).collect()
}

fn cells<T>(columns: &[ListColumn<T>], item: &T) -> Vec<String> {
    columns.iter().map(|(_, cell)| cell(item)).collect()
}

impl From<csv::Error> for Failure {
    /// Of CSV that is written; nothing but the output can fail then.
    fn from(error: csv::Error) -> Self {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => Self::output(&error),
            other => Self::failed(format!("cannot write CSV: {other:?}")),
        }
    }
}

impl From<serde_json::Error> for Failure {
    /// Of JSON that is written.
    fn from(error: serde_json::Error) -> Self {
        if error.is_io() {
            return Self::output(&error.into());
        }
        Self::failed(format!("cannot write JSON: {error}"))
    }
}
