//! Agents and telephones, read page by page, so that memory stays small however many there are.

use std::io::Write;

use peerage_store::{Filter, Store};
use serde::Serializer;
use serde::ser::SerializeSeq;

use super::Context;
use crate::args::Format;
use crate::args::files::Search;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::fields::account::Record;
use crate::fields::kind::Subject;
use crate::printer::ListColumn;

/// Records read at a time.
const PAGE: u32 = 1000;

/// Hands over those that the filter lets through, by number.
pub(super) fn each<S: Subject>(
    store: &Store,
    filter: Filter,
    mut hand_over: impl FnMut(&S::Record) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut left = filter.limit;
    let mut page = filter;
    loop {
        let size = left.map_or(PAGE, |left| left.min(PAGE));
        page.limit = Some(size);
        let records = S::page(store, &page)?;
        records.iter().try_for_each(&mut hand_over)?;
        left = left.map(|left| left.saturating_sub(size));
        match records.last() {
            Some(last) if left != Some(0) => page.after = Some(last.account().number.clone()),
            _ => return Ok(()),
        }
    }
}

/// `list`: only the table, whose columns are as wide as their widest cell, is gathered before it is written.
pub(super) fn run<S: Subject>(
    columns: &[ListColumn<S::Record>],
    search: Search,
    context: &Context,
) -> Result<Exit, Failure> {
    let store = context.store()?;
    let filter = Filter::from(search);
    let header: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let cells = |record: &S::Record| -> Vec<String> { columns.iter().map(|(_, cell)| cell(record)).collect() };
    match context.printer.format() {
        Format::Table => {
            let mut rows = Vec::new();
            each::<S>(&store, filter, |record| {
                rows.push(cells(record));
                Ok(())
            })?;
            context.printer.rows(&header, &rows)?;
        }
        Format::Csv => {
            let mut writer = csv::Writer::from_writer(context.printer.stream());
            writer.write_record(&header)?;
            each::<S>(&store, filter, |record| Ok(writer.write_record(cells(record))?))?;
            writer.flush().map_err(|error| Failure::output(&error))?;
        }
        Format::Json => {
            let mut stream = context.printer.stream();
            let mut serializer = serde_json::Serializer::pretty(&mut stream);
            let mut sequence = serializer.serialize_seq(None)?;
            each::<S>(&store, filter, |record| Ok(sequence.serialize_element(record)?))?;
            sequence.end()?;
            let end = stream.write_all(b"\n").and_then(|()| stream.flush());
            end.map_err(|error| Failure::output(&error))?;
        }
    }
    Ok(Exit::Done)
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
