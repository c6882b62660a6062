//! Ends what nodes' logins leave open in the database: a transaction keeps locked what it wrote, and registrations wait for it.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::app::App;

/// Time between two looks.
const EVERY: Duration = Duration::from_secs(10);

/// Longest transaction of a node: three times the statement timeout of its login, of whose statements each is one.
const LONGEST: Duration = Duration::from_secs(30);

/// Looks until the service ends. Two services on one database may both do so.
pub(crate) async fn run(app: App) {
    let mut look = interval(EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = app.stopped() => return,
            _ = look.tick() => {}
        }
        match app.db(|store| store.end_overlong_transactions(LONGEST)).await {
            Ok(0) => {}
            Ok(ended) => tracing::warn!(
                ended,
                "closed connections of nodes' logins that kept a transaction open"
            ),
            // The loss of the database is told by whoever needs it.
            Err(error) => tracing::debug!(%error, "transactions of nodes' logins cannot be looked at"),
        }
    }
}
