//! The only place that prints. Data go to standard output, talk to standard error.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Write};

use clap::error::ContextValue;
use peerage_store::BadRow;
use peerage_store::file::guard;
use serde::Serialize;

use crate::args::Format;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printable::{bounded, lines};
use crate::table::{self, Section};

/// Most characters of a line on standard error: what others made up has an end.
const MOST_OF_LINE: usize = 2000;

/// Writes what a command has to tell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Printer {
    format: Format,
    quiet: bool,
}

/// A column of a list: its name, and the text of its cell.
pub(crate) type ListColumn<T> = (&'static str, fn(&T) -> String);

impl Printer {
    pub(crate) fn new(format: Format, quiet: bool) -> Self {
        Self { format, quiet }
    }

    /// How data are to be written.
    pub(crate) fn format(self) -> Format {
        self.format
    }

    /// Standard output, for what is written as it comes. The caller flushes.
    pub(crate) fn stream(self) -> impl Write {
        BufWriter::new(io::stdout().lock())
    }

    /// Data as they are.
    pub(crate) fn data(self, text: &str) -> Result<(), Failure> {
        self.write(text).map_err(|error| Failure::output(&error))
    }

    /// Data that are shown once and nowhere else, so that a reader who is gone is a failure, too.
    pub(crate) fn write(self, text: &str) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(text.as_bytes())?;
        stdout.flush()
    }

    /// One JSON document.
    pub(crate) fn json<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Failure> {
        self.data(&json(value)?)
    }

    /// A list in the format that is asked for.
    pub(crate) fn list<T: Serialize>(self, columns: &[ListColumn<T>], items: &[T]) -> Result<(), Failure> {
        if self.format == Format::Json {
            return self.json(items);
        }
        let header: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let rows = items
            .iter()
            .map(|item| columns.iter().map(|(_, cell)| cell(item)).collect());
        let rows: Vec<Vec<String>> = rows.collect();
        self.rows(&header, &rows)
    }

    /// Rows under a header, as a table or as CSV.
    pub(crate) fn rows(self, header: &[&str], rows: &[Vec<String>]) -> Result<(), Failure> {
        match self.format {
            Format::Csv => self.data(&csv(header, rows)?),
            Format::Table | Format::Json => self.data(&table::list(header, rows)),
        }
    }

    /// One thing: as sections for people, as JSON, or as CSV with a line for each field.
    pub(crate) fn record<T: Serialize>(self, value: &T, sections: &[Section]) -> Result<(), Failure> {
        match self.format {
            Format::Json => self.json(value),
            Format::Table => self.data(&table::sections(sections)),
            Format::Csv => {
                let rows: Vec<Vec<String>> = sections.iter().flat_map(Section::rows).collect();
                self.rows(&["section", "field", "value"], &rows)
            }
        }
    }

    /// What was done, in a sentence; not when quiet.
    pub(crate) fn talk(self, text: impl Display) {
        if !self.quiet {
            self.say(&format!("{text}\n"));
        }
    }

    /// What is probably not meant.
    pub(crate) fn warn(self, text: impl Display) {
        self.say(&format!("warning: {text}\n"));
    }

    /// A line of a file that cannot be taken.
    pub(crate) fn bad_row(self, row: &BadRow) {
        self.say(&format!("error: {row}\n"));
    }

    /// Why a command did not do what it was asked to do.
    pub(crate) fn failure(self, failure: &Failure) {
        if let Some(message) = &failure.message {
            self.say(&format!("error: {message}\n"));
        }
        if let Some(hint) = &failure.hint {
            self.say(&format!("hint: {hint}\n"));
        }
    }

    /// Whether somebody types what is read from standard input.
    pub(crate) fn asks_a_person(self) -> bool {
        io::stdin().is_terminal()
    }

    /// Nobody is left to be told that standard error cannot be written.
    fn say(self, text: &str) {
        let _ = io::stderr().lock().write_all(lines(text, MOST_OF_LINE).as_bytes());
    }
}

/// What clap has to tell: help and version are data, the rest is an error of usage.
pub(crate) fn clap(mut error: clap::Error) -> Exit {
    let shown = if escape(&mut error) {
        // Without colours: what is between them would be taken for some of them.
        let text = lines(&error.render().to_string(), MOST_OF_LINE);
        io::stderr().lock().write_all(text.as_bytes())
    } else {
        error.print()
    };
    if error.use_stderr() {
        return Exit::Usage;
    }
    match shown {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Exit::Failed,
        _ => Exit::Done,
    }
}

/// Escapes what was typed in an error of clap's, which shows it as it came; the message is not to drive a terminal. Tells whether
/// anything had to be.
fn escape(error: &mut clap::Error) -> bool {
    let mut escaped = Vec::new();
    for (kind, value) in error.context() {
        let shown = match value {
            ContextValue::String(text) => ContextValue::String(bounded(text, MOST_OF_LINE)),
            ContextValue::Strings(texts) => {
                ContextValue::Strings(texts.iter().map(|text| bounded(text, MOST_OF_LINE)).collect())
            }
            _ => continue,
        };
        if shown != *value {
            escaped.push((kind, shown));
        }
    }
    let mut is_escaped = !escaped.is_empty();
    for (kind, shown) in escaped {
        error.insert(kind, shown);
    }
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let text = cause.to_string();
        is_escaped |= lines(&text, MOST_OF_LINE) != text;
        source = cause.source();
    }
    is_escaped
}

/// A value as a JSON document with its line end.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, Failure> {
    let mut text = serde_json::to_string_pretty(value).map_err(|error| Failure::because(&error))?;
    text.push('\n');
    Ok(text)
}

/// Rows as CSV, of which a spreadsheet computes nothing.
pub(crate) fn csv(header: &[&str], rows: &[Vec<String>]) -> Result<String, Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut write = || -> Result<(), csv::Error> {
        writer.write_record(header)?;
        rows.iter()
            .try_for_each(|row| writer.write_record(row.iter().map(|cell| guard(cell).into_owned())))
    };
    write().map_err(|error| Failure::because(&error))?;
    let bytes = writer.into_inner().map_err(|error| Failure::because(error.error()))?;
    String::from_utf8(bytes).map_err(|error| Failure::because(&error))
}
