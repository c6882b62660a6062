//! What is forgotten by age.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::app::App;

/// How often failed sign-ins are looked through: they are what strangers can fill the database with.
const SIGN_INS: Duration = Duration::from_secs(60);

/// How often everything else is.
const EVERYTHING: Duration = Duration::from_secs(3600);

/// Forgets until the service ends.
pub(crate) async fn forget(app: App) {
    let mut often = interval(SIGN_INS);
    let mut rarely = interval(EVERYTHING);
    often.set_missed_tick_behavior(MissedTickBehavior::Delay);
    rarely.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let forgotten = tokio::select! {
            () = app.stopped() => return,
            _ = often.tick() => app.db(peerage_store::Store::forget_sign_ins).await,
            _ = rarely.tick() => {
                let (idle, age) = (app.settings().idle_sign_in, app.settings().client_log_age);
                app.db(move |store| store.forget(idle, age)).await
            }
        };
        if let Err(error) = forgotten {
            tracing::debug!(%error, "nothing is forgotten now");
        }
    }
}
