//! `peerage export`: page by page, so that memory stays small however many there are.

use std::io::Write;

use peerage_store::fields::kind::{Agents, Phones, Subject};
use peerage_store::file::{self, ExportError};
use peerage_store::{Filter, Store};

use super::{Context, list};
use crate::args::files::{Export as Verb, Kind};
use crate::exit::Exit;
use crate::failure::Failure;

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
    file::export::<S>(store, Filter::default(), stream).map_err(|error| match error {
        ExportError::Store(error) => error.into(),
        ExportError::Output(error) => Failure::output(&error),
    })
}

/// `"agents": [...]`, one of them on a line.
fn as_json<S: Subject>(store: &Store, stream: &mut impl Write) -> Result<(), Failure> {
    put(stream, &format!("\"{}\": [", S::PLURAL))?;
    let mut separator = "\n";
    list::each::<S>(store, Filter::default(), |record| {
        put(stream, separator)?;
        separator = ",\n";
        Ok(serde_json::to_writer(&mut *stream, record)?)
    })?;
    put(stream, "\n]")
}

fn put(stream: &mut impl Write, text: &str) -> Result<(), Failure> {
    stream
        .write_all(text.as_bytes())
        .map_err(|error| Failure::output(&error))
}
