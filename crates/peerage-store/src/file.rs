//! Files of agents or telephones: CSV whose first line names the fields.
//!
//! A file is read in one pass, in memory that does not grow with it; all of its lines are imported, or none.

use std::io::{self, Read, Write};

use csv::ReaderBuilder;
use peerage_model::{Number, Secret};

use crate::fields::account::{Column, Record};
use crate::fields::kind::Subject;
use crate::{Filter, ImportError, Mode, Store, StoreError};

mod bounded;
mod formula;
mod header;
mod rows;

pub use formula::{guard, unguard};
pub use header::HeaderError;

use bounded::{Allowance, Bounded};
use header::Header;
use rows::Rows;

/// Records read at a time for an export.
const PAGE: u32 = 1000;

/// Where the secret of a line comes from that gives none.
pub trait SecretSource {
    /// A secret for this number; the error says what to do instead, and counts against the line.
    ///
    /// # Errors
    ///
    /// There is none to be had.
    fn secret_for(&mut self, number: &Number) -> Result<Secret, String>;

    /// Whether secrets of the file may be such that guessers try first.
    fn accepts_weak(&self) -> bool {
        false
    }

    /// All lines are read: the last moment at which the import can still be undone, by which generated secrets must be safe.
    ///
    /// # Errors
    ///
    /// They are not.
    fn finish(&mut self) -> Result<(), String>;
}

/// Why a file was not imported.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Its first line is not understood, so that no other was read.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// Its lines, or the database.
    #[error(transparent)]
    Import(#[from] ImportError),
}

/// What stands at the beginning of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glance {
    /// Its columns, by the names of the fields.
    pub columns: Vec<String>,
    /// Its first lines.
    pub rows: Vec<Vec<String>>,
}

/// A file whose first line has been understood.
pub struct CsvFile<R: Read, S: Subject> {
    reader: csv::Reader<Bounded<R>>,
    allowance: Allowance,
    header: Header<S>,
}

impl<R: Read, S: Subject> CsvFile<R, S> {
    /// Reads the first line.
    ///
    /// # Errors
    ///
    /// [`HeaderError`].
    pub fn begin(input: R) -> Result<Self, HeaderError> {
        let (input, allowance) = Bounded::new(input);
        let mut reader = ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            .from_reader(input);
        let header = Header::read(&mut reader, &allowance)?;
        Ok(Self {
            reader,
            allowance,
            header,
        })
    }

    /// The names of the first line, and the lines after it up to a number, as they are written; of a secret only that there is one. For
    /// people to see what they are about to import, so what is wrong with a line is not said here.
    #[must_use]
    pub fn glance(mut self, most: usize) -> Glance {
        let lines = self.reader.byte_records().map_while(Result::ok).take(most);
        let mut rows = Vec::new();
        for line in lines {
            self.allowance.renew();
            let cells = line.iter().enumerate().map(|(place, cell)| {
                if Some(place) == self.header.secret && !cell.is_empty() {
                    return "***".to_owned();
                }
                unguard(&String::from_utf8_lossy(cell)).to_owned()
            });
            rows.push(cells.collect());
        }
        Glance {
            columns: self.header.names,
            rows,
        }
    }

    /// Imports all other lines, or none, and returns how many.
    ///
    /// # Errors
    ///
    /// [`ImportError`].
    pub fn import(self, store: &Store, secrets: &mut impl SecretSource, mode: Mode) -> Result<u64, ImportError> {
        let rows = Rows::new(self.reader, self.allowance, &self.header, secrets);
        S::import(store, rows, mode)
    }
}

/// Writes those that the filter lets through as a file that can be imported, secrets apart, which nobody can read back.
///
/// # Errors
///
/// The database does not answer as expected, or the file cannot be written.
pub fn export<S: Subject>(store: &Store, filter: Filter, output: impl Write) -> Result<(), ExportError> {
    let columns = S::columns();
    let mut writer = csv::Writer::from_writer(output);
    writer.write_record(names(&columns))?;
    let mut page = Filter {
        limit: Some(PAGE),
        ..filter
    };
    loop {
        let records = S::page(store, &page)?;
        for record in &records {
            let row = row(&columns, record);
            writer.write_record(row.iter().map(|cell| guard(cell).into_owned()))?;
        }
        match records.last() {
            Some(last) => page.after = Some(last.account().number.clone()),
            None => return Ok(writer.flush()?),
        }
    }
}

/// Why an export is not whole.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Whoever takes the file.
    #[error(transparent)]
    Output(#[from] io::Error),
}

impl From<csv::Error> for ExportError {
    fn from(error: csv::Error) -> Self {
        // The kind of the output's own error counts: a reader that went away is no fault.
        Self::Output(match error.into_kind() {
            csv::ErrorKind::Io(error) => error,
            other => io::Error::other(format!("{other:?}")),
        })
    }
}

/// The first line.
fn names<P: crate::fields::account::Patch, R: Record>(columns: &[Column<P, R>]) -> Vec<&'static str> {
    std::iter::once("number")
        .chain(columns.iter().map(Column::name))
        .collect()
}

/// One of the others.
fn row<P: crate::fields::account::Patch, R: Record>(columns: &[Column<P, R>], record: &R) -> Vec<String> {
    std::iter::once(record.account().number.to_string())
        .chain(columns.iter().map(|column| column.write(record)))
        .collect()
}
