//! Logs out whose page has been gone for too long.

use std::time::Duration;

use peerage_model::{Actor, ActorRole, Number};
use peerage_store::{StateError, StoreError};
use tokio::time::{MissedTickBehavior, interval};

use crate::app::App;

/// The longest time between two looks.
const EVERY: Duration = Duration::from_secs(15);

/// Watches pages until the service ends.
pub(crate) async fn run(app: App) {
    // Shorter where the full pass is: tests have no minutes.
    let every = EVERY.min(app.settings().full_pass_every);
    let mut beat = interval(every);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut seen: Vec<Number> = Vec::new();
    loop {
        tokio::select! {
            () = app.stopped() => break,
            _ = beat.tick() => {}
        }
        // Kept until the database has it.
        seen.extend(app.presence().seen());
        // A call counts as being there: the time runs from its end.
        seen.extend(app.calls().on_call());
        seen.sort();
        seen.dedup();
        let present = seen.clone();
        let service = app.identity().id.clone();
        match app.db(move |store| look(store, &service, &present, every)).await {
            Ok(overdue) => {
                seen.clear();
                for agent in overdue {
                    log_out(&app, agent).await;
                }
            }
            Err(error) => tracing::warn!(%error, "pages that are gone cannot be told from others"),
        }
    }
    // Their time runs from here; where they go now is for others to say.
    seen.extend(app.presence().seen());
    let service = app.identity().id.clone();
    let last = app.db(move |store| {
        store.present(&seen)?;
        store.last_beat(&service)
    });
    if let Err(error) = last.await {
        tracing::debug!(%error, "the service's end could not be kept");
    }
}

/// Keeps who was seen, and returns who has been gone for too long, whichever service their page was connected to.
fn look(
    store: &peerage_store::Store,
    service: &str,
    seen: &[Number],
    every: Duration,
) -> Result<Vec<Number>, StoreError> {
    // Before the beat, which says that all who are there are kept as such.
    store.present(seen)?;
    let absence = store.beat(service, 3 * every)?;
    if !absence.is_zero() {
        tracing::info!(
            seconds = absence.as_secs(),
            "a service was away; pages are not held to that time"
        );
    }
    if absence.is_zero() {
        store.overdue()
    } else {
        // Pages come back first.
        Ok(Vec::new())
    }
}

async fn log_out(app: &App, agent: Number) {
    let number = agent.clone();
    let service = Actor::new("service", ActorRole::System);
    let done = app.db(move |store| store.log_out_overdue(&number, &service)).await;
    match done {
        Ok(true) => tracing::info!(%agent, "logged out: the page was gone for longer than the site allows"),
        Ok(false) => {}
        Err(error) => {
            let error: StateError = error;
            tracing::warn!(%agent, %error, "could not be logged out");
        }
    }
}
