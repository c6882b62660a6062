//! A link to each Asterisk, and the jobs that use it.

use crate::app::App;

/// The links.
#[derive(Debug, Default)]
pub(crate) struct Nodes {}

/// Keeps a link to each node and runs its jobs, until the service ends.
pub(crate) async fn run(app: App) {
    app.stopped().await;
}
