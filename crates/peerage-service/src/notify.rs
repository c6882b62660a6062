//! LISTEN: what the database says changed, into the hub.

use crate::app::App;

/// Listens until the service ends.
pub(crate) async fn run(app: App) {
    app.stopped().await;
}
