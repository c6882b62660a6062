//! The tasks that tell pages: of changes, and of sign-ins that have ended.

use std::time::Duration;

use peerage_model::NodeName;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use crate::app::App;
use crate::memory::{Change, Linked};

/// How often pages hear that they are connected. A page that hears nothing for more than twice as long says so.
const BEAT: Duration = Duration::from_secs(3);
/// How long the database may take to answer before pages say that it does not.
const PATIENCE: Duration = Duration::from_secs(2);
/// The least time between two looks at who is still signed in.
const REST: Duration = Duration::from_millis(200);

/// Tells pages, until the service ends.
pub(crate) async fn run(app: App) {
    tokio::select! {
        () = app.stopped() => {}
        () = tell_changes(&app) => {}
        () = look_after_sign_ins(&app) => {}
    }
}

async fn tell_changes(app: &App) {
    let events = app.events();
    let mut changes = app.hub().watch();
    let mut health = events.watch_health();
    let mut listening = app.watch_listening();
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = beat.tick() => events.tell_beat(),
            Ok(()) = health.changed() => events.tell_beat(),
            Ok(()) = listening.changed() => {
                events.set_health(|health| health.listening = app.listening());
                // Perhaps the whole database is gone: pages are to say which.
                events.look_at_sign_ins();
            }
            change = changes.next() => {
                let Some(change) = change else { return };
                if matches!(change, Change::Link(_) | Change::Missed) {
                    events.set_health(|health| health.down = links_down(app));
                }
                if matches!(&change, Change::Settings(table) if table == "login_account") {
                    events.look_at_sign_ins();
                }
                events.tell_change(&change);
            }
        }
    }
}

/// Asks in one question for all open pages whether their browsers are still signed in. The answer shows besides that the database
/// is there.
async fn look_after_sign_ins(app: &App) {
    let events = app.events();
    loop {
        let open = events.open();
        let idle = app.settings().idle_sign_in;
        let asked = app.db(move |store| store.ended_sign_ins(&open, idle));
        let answered = match timeout(PATIENCE, asked).await {
            Ok(Ok(ended)) => {
                for (session, why) in ended {
                    events.tell_end(session, why);
                }
                true
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "whether browsers are still signed in cannot be told");
                false
            }
            Err(_elapsed) => false,
        };
        events.set_health(|health| {
            health.database = answered;
            health.listening = app.listening();
            health.down = links_down(app);
        });
        sleep(REST).await;
        // Asked or not, the next look is due with the next beat.
        let _ = timeout(BEAT, events.sign_ins()).await;
    }
}

/// The nodes whose link is down.
fn links_down(app: &App) -> Vec<String> {
    let down = |(name, linked): (NodeName, Linked)| match linked {
        Linked::Down { .. } | Linked::NoSecret { .. } => Some(name.to_string()),
        // One without a Manager address is left alone on purpose.
        Linked::Up { .. } | Linked::NoManager => None,
    };
    app.nodes().all().into_iter().filter_map(down).collect()
}
