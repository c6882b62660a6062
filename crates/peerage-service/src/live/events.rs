//! What open pages are told: changes, a beat with how things are, the end of a sign-in.
//!
//! One task turns each change into bytes once; every stream sends the same bytes, if they concern it. A thousand open pages cost a
//! thousand small writes for each beat and one question to the database for all of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use jiff::Timestamp;
use peerage_model::{NodeName, Number};
use peerage_store::SignInEnd;
use serde::Serialize;
use tokio::sync::{Notify, broadcast, watch};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::{Change, Which};
use crate::app::App;
use crate::nodes::Linked;

/// How often pages hear that they are connected. A page that hears nothing for more than twice as long says so.
const BEAT: Duration = Duration::from_secs(3);
/// How long the database may take to answer before pages say that it does not.
const PATIENCE: Duration = Duration::from_secs(2);
/// The least time between two looks at who is still signed in.
const REST: Duration = Duration::from_millis(200);
/// Most messages kept for a slow page; one that falls behind looks at everything again.
const BACKLOG: usize = 1024;

/// A message to pages.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// Whom it concerns.
    pub(crate) to: To,
    /// As it is sent, numbers included.
    pub(crate) full: Bytes,
    /// As it is sent to those who may not see others' numbers.
    pub(crate) plain: Bytes,
}

/// Whom a message concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum To {
    /// All.
    All,
    /// Who sees one of these agents.
    Agents(Which),
    /// The browser with this session, which is signed in no more.
    Ended(i64),
}

/// How things are, as pages say it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Health {
    database: bool,
    /// Nodes whose link is down.
    down: Vec<String>,
}

/// What the streams share.
#[derive(Debug)]
pub(crate) struct Events {
    told: broadcast::Sender<Told>,
    /// Open pages of each browser's session.
    open: Mutex<HashMap<i64, usize>>,
    look: Notify,
    health: watch::Sender<Health>,
    /// Tells this run of the service from others, and messages of this run from each other.
    run: String,
    count: Mutex<u64>,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            told: broadcast::Sender::new(BACKLOG),
            open: Mutex::default(),
            look: Notify::new(),
            health: watch::Sender::new(Health {
                database: true,
                down: Vec::new(),
            }),
            run: Timestamp::now().as_millisecond().to_string(),
            count: Mutex::default(),
        }
    }
}

#[derive(Serialize)]
struct Beat<'a> {
    now: Timestamp,
    database: bool,
    down: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    missed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<&'a str>,
}

#[derive(Serialize)]
struct Changed<'a> {
    what: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    numbers: Option<&'a [Number]>,
}

/// A page's place among the open ones.
pub(crate) struct OpenPage {
    app: App,
    session: i64,
}

impl Drop for OpenPage {
    fn drop(&mut self) {
        let mut open = lock(&self.app.events().open);
        if let Some(pages) = open.get_mut(&self.session) {
            *pages -= 1;
            if *pages == 0 {
                open.remove(&self.session);
            }
        }
    }
}

impl Events {
    /// Hears what is told from now on.
    pub(crate) fn hear(&self) -> broadcast::Receiver<Told> {
        self.told.subscribe()
    }

    /// A page of this browser's session is open, until the result is dropped.
    pub(crate) fn enter(app: &App, session: i64) -> OpenPage {
        *lock(&app.events().open).entry(session).or_default() += 1;
        OpenPage {
            app: app.clone(),
            session,
        }
    }

    /// Somebody signed in or out: looks at once whose page is to be told.
    pub(crate) fn look_at_sign_ins(&self) {
        self.look.notify_one();
    }

    /// What a page hears first: how things are, whether it missed anything since the message it heard last, and at which level
    /// it reports.
    pub(crate) fn hello(&self, last: Option<&str>, level: Option<&str>) -> Bytes {
        let id = self.last();
        let missed = last != Some(id.as_str());
        self.beat("hello", &id, Some(missed), level)
    }

    /// What a page hears that fell behind.
    pub(crate) fn missed(&self) -> Bytes {
        self.changed("missed", None)
    }

    /// The last message's id.
    pub(crate) fn last(&self) -> String {
        format!("{}-{}", self.run, lock(&self.count))
    }

    fn next_id(&self) -> String {
        let mut count = lock(&self.count);
        *count += 1;
        format!("{}-{count}", self.run)
    }

    fn beat(&self, name: &str, id: &str, missed: Option<bool>, level: Option<&str>) -> Bytes {
        let health = self.health.borrow();
        let beat = Beat {
            now: Timestamp::now(),
            database: health.database,
            down: &health.down,
            missed,
            level,
        };
        message(name, id, &beat)
    }

    fn changed(&self, what: &str, numbers: Option<&[Number]>) -> Bytes {
        message("change", &self.last(), &Changed { what, numbers })
    }

    fn tell(&self, to: To, full: Bytes, plain: Bytes) {
        // An error only says that no page is open.
        let _ = self.told.send(Told { to, full, plain });
    }

    fn tell_change(&self, change: &Change) {
        // Counted before it is made: its id is the one that a page remembers.
        let _ = self.next_id();
        let (what, which) = match change {
            Change::Accounts(which) => ("accounts", which),
            Change::Agents(which) => ("agents", which),
            Change::Calls(which) => ("calls", which),
            Change::Waiting(_) => return self.tell_all("waiting"),
            Change::Settings(_) => return self.tell_all("settings"),
            Change::Link(_) => return self.tell_all("link"),
            Change::Missed => return self.tell_all("missed"),
        };
        let numbers = match which {
            Which::All => None,
            Which::These(numbers) => Some(&**numbers),
        };
        self.tell(
            To::Agents(which.clone()),
            self.changed(what, numbers),
            self.changed(what, None),
        );
    }

    fn tell_all(&self, what: &str) {
        let bytes = self.changed(what, None);
        self.tell(To::All, bytes.clone(), bytes);
    }

    fn tell_beat(&self) {
        let bytes = self.beat("beat", &self.last(), None, None);
        self.tell(To::All, bytes.clone(), bytes);
    }

    fn tell_end(&self, session: i64, why: SignInEnd) {
        let bytes = message("end", &self.last(), &serde_json::json!({ "why": why.as_str() }));
        self.tell(To::Ended(session), bytes.clone(), bytes);
    }

    fn set_health(&self, change: impl FnOnce(&mut Health)) {
        self.health.send_if_modified(|health| {
            let before = health.clone();
            change(health);
            *health != before
        });
    }
}

/// As the event-stream format of HTML has it.
fn message(name: &str, id: &str, data: &impl Serialize) -> Bytes {
    // These types cannot fail to be written; JSON has no line breaks of its own.
    let data = serde_json::to_string(data).unwrap_or_default();
    Bytes::from(format!("id: {id}\nevent: {name}\ndata: {data}\n\n"))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

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
    let mut health = events.health.subscribe();
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = beat.tick() => events.tell_beat(),
            Ok(()) = health.changed() => events.tell_beat(),
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
        let open: Arc<[i64]> = lock(&events.open).keys().copied().collect();
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
            health.down = links_down(app);
        });
        sleep(REST).await;
        // Asked or not, the next look is due with the next beat.
        let _ = timeout(BEAT, events.look.notified()).await;
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
