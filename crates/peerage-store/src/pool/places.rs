//! The connections of one process: few, made when they are needed, and given out in the order in which they are asked for.
//!
//! A pool of a library tries again and again until its patience is over before it says that the server refuses; here whoever asks makes
//! the connection, and is told at once what stands in the way.

use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::pg::PgConnection;

use super::session;
use crate::error::unavailable;
use crate::{DatabaseUrl, StoreError};

/// Most connections of one process.
const CONNECTIONS: usize = 8;

/// How long an operation waits for one of them.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Places {
    url: DatabaseUrl,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<PgConnection>,
    /// How many places are given out.
    taken: usize,
    /// Who waits, by number, first come first.
    queue: VecDeque<u64>,
    next: u64,
}

/// A connection, which goes back when it is dropped.
pub(super) struct Place {
    connection: Option<PgConnection>,
    places: Arc<Places>,
}

impl Places {
    pub(super) fn new(url: DatabaseUrl) -> Arc<Self> {
        Arc::new(Self {
            url,
            state: Mutex::default(),
            changed: Condvar::new(),
        })
    }

    /// A connection that works; whoever came before is served before.
    pub(super) fn take(self: &Arc<Self>) -> Result<Place, StoreError> {
        let idle = self.enter()?;
        let mut place = Place {
            connection: None,
            places: Arc::clone(self),
        };
        let found = match idle {
            Some(mut connection) => match connection.batch_execute("select 1") {
                Ok(()) => Some(connection),
                Err(error) => {
                    tracing::debug!(%error, "an idle connection is gone");
                    // What ended this one ended the others; each that waits for a vanished server would cost seconds.
                    self.lock().idle.clear();
                    None
                }
            },
            None => None,
        };
        place.connection = Some(match found {
            Some(connection) => connection,
            None => session(&self.url)?,
        });
        Ok(place)
    }

    /// Waits for a place, and takes what connection is idle.
    fn enter(&self) -> Result<Option<PgConnection>, StoreError> {
        let deadline = Instant::now() + PATIENCE;
        let mut state = self.lock();
        let number = state.next;
        state.next += 1;
        state.queue.push_back(number);
        loop {
            if state.queue.front() == Some(&number) && state.taken < CONNECTIONS {
                state.queue.pop_front();
                state.taken += 1;
                // There may be a place for the next one too.
                self.changed.notify_all();
                return Ok(state.idle.pop());
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                state.queue.retain(|waiting| *waiting != number);
                self.changed.notify_all();
                return Err(unavailable("all connections have been in use for ten seconds"));
            }
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut connection = self.connection.take();
        let broken = connection
            .as_mut()
            .is_some_and(AnsiTransactionManager::is_broken_transaction_manager);
        let mut state = self.places.lock();
        state.taken -= 1;
        if let Some(connection) = connection
            && !broken
        {
            state.idle.push(connection);
        }
        self.places.changed.notify_all();
    }
}

impl Deref for Place {
    type Target = PgConnection;

    #[expect(clippy::expect_used, reason = "nobody sees a place before it has a connection")]
    fn deref(&self) -> &PgConnection {
        self.connection.as_ref().expect("a place has a connection")
    }
}

impl DerefMut for Place {
    #[expect(clippy::expect_used, reason = "nobody sees a place before it has a connection")]
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.connection.as_mut().expect("a place has a connection")
    }
}
