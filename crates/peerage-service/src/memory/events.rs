//! What open pages are told: changes, a beat with how things are, the end of a sign-in.
//!
//! One task turns each change into bytes once; every stream sends the same bytes, if they concern it. A thousand open pages cost a
//! thousand small writes for each beat and one question to the database for all of them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use jiff::Timestamp;
use peerage_model::Number;
use peerage_store::SignInEnd;
use tokio::sync::{Notify, broadcast, watch};

use super::{Change, Which};

mod message;

pub(crate) use message::{To, Told};

use message::{Beat, Changed, message};

/// Most messages kept for a slow page; one that falls behind looks at everything again.
const BACKLOG: usize = 1024;

/// How things are, as pages say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Health {
    pub(crate) database: bool,
    /// Whether the database's notifications arrive.
    pub(crate) listening: bool,
    /// Nodes whose link is down.
    pub(crate) down: Vec<String>,
}

/// What the streams share.
#[derive(Debug)]
pub(crate) struct Events {
    told: broadcast::Sender<Told>,
    /// Open pages of each browser's session.
    open: Open,
    look: Notify,
    health: watch::Sender<Health>,
    /// Tells this run of the service from others, and messages of this run from each other.
    run: String,
    count: Mutex<u64>,
    places: AtomicU64,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            told: broadcast::Sender::new(BACKLOG),
            open: Open::default(),
            look: Notify::new(),
            health: watch::Sender::new(Health {
                database: true,
                listening: true,
                down: Vec::new(),
            }),
            run: Timestamp::now().as_millisecond().to_string(),
            count: Mutex::default(),
            places: AtomicU64::default(),
        }
    }
}

/// How many pages are open in which browser's session.
type Open = Arc<Mutex<HashMap<i64, usize>>>;

/// A page's place among the open ones.
pub(crate) struct OpenPage {
    open: Open,
    session: i64,
}

impl Drop for OpenPage {
    fn drop(&mut self) {
        let mut open = lock(&self.open);
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
    pub(crate) fn enter(&self, session: i64) -> OpenPage {
        *lock(&self.open).entry(session).or_default() += 1;
        OpenPage {
            open: Arc::clone(&self.open),
            session,
        }
    }

    /// The browsers' sessions in which pages are open.
    pub(crate) fn open(&self) -> Vec<i64> {
        lock(&self.open).keys().copied().collect()
    }

    /// Waits until somebody signs in or out.
    pub(crate) async fn sign_ins(&self) {
        self.look.notified().await;
    }

    /// Watches how things are.
    pub(crate) fn watch_health(&self) -> watch::Receiver<Health> {
        self.health.subscribe()
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

    fn advance(&self) {
        *lock(&self.count) += 1;
    }

    fn beat(&self, name: &str, id: &str, missed: Option<bool>, level: Option<&str>) -> Bytes {
        let health = self.health.borrow();
        let beat = Beat {
            now: Timestamp::now(),
            database: health.database,
            listening: health.listening,
            down: &health.down,
            places: self.places.load(Ordering::Relaxed),
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

    pub(crate) fn tell_change(&self, change: &Change) {
        // Counted before it is made: its id is the one that a page remembers.
        self.advance();
        if let Change::Accounts(_) | Change::Agents(_) | Change::Registrations(_) | Change::Missed = change {
            self.places.fetch_add(1, Ordering::Relaxed);
        }
        let (what, which) = match change {
            Change::Accounts(which) => ("accounts", which),
            Change::Agents(which) | Change::Registrations(which) => ("agents", which),
            Change::Calls(which) => ("calls", which),
            Change::Waiting(queue) => {
                let bytes = self.changed("waiting", None);
                return self.tell(To::Queue(queue.clone()), bytes.clone(), bytes);
            }
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

    pub(crate) fn tell_beat(&self) {
        let bytes = self.beat("beat", &self.last(), None, None);
        self.tell(To::All, bytes.clone(), bytes);
    }

    pub(crate) fn tell_end(&self, session: i64, why: SignInEnd) {
        let bytes = message("end", &self.last(), &serde_json::json!({ "why": why.as_str() }));
        self.tell(To::Ended(session), bytes.clone(), bytes);
    }

    pub(crate) fn set_health(&self, change: impl FnOnce(&mut Health)) {
        self.health.send_if_modified(|health| {
            let before = health.clone();
            change(health);
            *health != before
        });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
