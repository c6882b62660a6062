//! Export as CSV, sent while it is read: memory stays small however many there are.

use std::io::{self, BufWriter, Write};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use peerage_store::fields::kind::{Agents, Phones, Subject};
use peerage_store::file::{self, ExportError};
use peerage_store::{Filter, StoreError};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::app::App;
use crate::console::admin::guard::Admin;

/// Bytes sent at a time.
const CHUNK: usize = 64 * 1024;

pub(super) async fn agents(State(app): State<App>, Admin(_): Admin) -> Response {
    export::<Agents>(app, "agents.csv")
}

pub(super) async fn telephones(State(app): State<App>, Admin(_): Admin) -> Response {
    export::<Phones>(app, "telephones.csv")
}

fn export<S: Subject + 'static>(app: App, name: &str) -> Response {
    let (sender, receiver) = mpsc::channel::<io::Result<Bytes>>(2);
    let failures = sender.clone();
    tokio::spawn(async move {
        let written = app.db(move |store| {
            let mut output = BufWriter::with_capacity(CHUNK, Sender(sender));
            file::export::<S>(store, Filter::default(), &mut output).map_err(of_export)?;
            output.flush().map_err(|error| of_export(error.into()))
        });
        if let Err(error) = written.await {
            // The connection breaks, so that half a file is not taken for a whole one.
            let _ = failures.send(Err(io::Error::other(error.message()))).await;
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, Body::from_stream(ReceiverStream::new(receiver))).into_response()
}

fn of_export(error: ExportError) -> StoreError {
    match error {
        ExportError::Store(error) => error,
        // Whoever asked went away.
        ExportError::Output(_) => StoreError::stopping(),
    }
}

/// Writes into an answer.
struct Sender(mpsc::Sender<io::Result<Bytes>>);

impl Write for Sender {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes)));
        sent.map_err(|_gone| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
