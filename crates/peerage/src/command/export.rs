//! `peerage export`: page by page, so that memory stays small however many there are.

use std::io::Write;

use peerage_store::{Filter, Store};
use serde::Serialize;

use super::{Context, describe};
use crate::args::files::{Export as Verb, Kind};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::fields::account::Record;
use crate::fields::kind::{Agents, Phones, Subject};

/// Records read at a time.
const PAGE: u32 = 1000;

pub(super) fn run(verb: &Verb, context: &Context) -> Result<Exit, Failure> {
    let store = context.store()?;
    let mut stream = context.printer.stream();
    match verb {
        Verb::Csv(args) => match args.kind {
            Kind::Agent => as_csv::<Agents>(&store, &mut stream)?,
            Kind::Phone => as_csv::<Phones>(&store, &mut stream)?,
        },
        Verb::Json(args) => {
            put(&mut stream, "{\n")?;
            if args.kind != Some(Kind::Phone) {
                as_json::<Agents>(&store, &mut stream)?;
            }
            if args.kind.is_none() {
                put(&mut stream, ",\n")?;
            }
            if args.kind != Some(Kind::Agent) {
                as_json::<Phones>(&store, &mut stream)?;
            }
            put(&mut stream, "\n}\n")?;
        }
    }
    stream.flush().map_err(|error| Failure::output(&error))?;
    Ok(Exit::Done)
}

fn as_csv<S: Subject>(store: &Store, stream: &mut impl Write) -> Result<(), Failure> {
    let columns = S::columns();
    let mut writer = csv::Writer::from_writer(stream);
    writer.write_record(describe::names(&columns)).map_err(output)?;
    each::<S>(store, |record| {
        writer.write_record(describe::row(&columns, record)).map_err(output)
    })?;
    writer.flush().map_err(|error| Failure::output(&error))
}

/// `"agents": [...]`, one of them on a line.
fn as_json<S: Subject>(store: &Store, stream: &mut impl Write) -> Result<(), Failure> {
    put(stream, &format!("\"{}\": [", S::PLURAL))?;
    let mut separator = "\n";
    each::<S>(store, |record| {
        put(stream, separator)?;
        separator = ",\n";
        json(stream, record)
    })?;
    put(stream, "\n]")
}

fn each<S: Subject>(store: &Store, mut write: impl FnMut(&S::Record) -> Result<(), Failure>) -> Result<(), Failure> {
    let mut filter = Filter {
        limit: Some(PAGE),
        ..Filter::default()
    };
    loop {
        let page = S::page(store, &filter)?;
        page.iter().try_for_each(&mut write)?;
        match page.last() {
            Some(last) => filter.after = Some(last.account().number.clone()),
            None => return Ok(()),
        }
    }
}

fn json<T: Serialize>(stream: &mut impl Write, record: &T) -> Result<(), Failure> {
    let text = serde_json::to_string(record).map_err(|error| Failure::because(&error))?;
    put(stream, &text)
}

fn put(stream: &mut impl Write, text: &str) -> Result<(), Failure> {
    stream
        .write_all(text.as_bytes())
        .map_err(|error| Failure::output(&error))
}

/// Nothing but the output can fail here.
fn output(error: csv::Error) -> Failure {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => Failure::output(&error),
        other => Failure::failed(format!("cannot write CSV: {other:?}")),
    }
}
