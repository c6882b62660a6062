//! What every handler and task shares.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use peerage_store::{Actor, Health, Store, StoreError, WantedViews};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::Settings;
use crate::memory::{Calls, Events, Hub, Identity, Imports, Leads, Nodes, Once, Presence, Refusals, Traffic};
use crate::metrics::Metrics;

/// What every handler and task shares. Cloning is cheap.
#[derive(Clone)]
pub(crate) struct App(Arc<Inner>);

struct Inner {
    store: Store,
    settings: Settings,
    hub: Hub,
    events: Events,
    calls: Calls,
    presence: Presence,
    nodes: Nodes,
    refusals: Refusals,
    identity: Identity,
    leads: Leads,
    metrics: Metrics,
    listening: watch::Sender<bool>,
    deaf: Mutex<Option<String>>,
    health: Arc<tokio::sync::Mutex<Option<Looked>>>,
    once: Once,
    imports: Imports,
    traffic: Traffic,
    stop: watch::Sender<bool>,
}

impl App {
    pub(crate) fn new(store: Store, settings: Settings) -> Self {
        let traffic = Traffic::new(&settings.limits);
        Self(Arc::new(Inner {
            identity: Identity::new(settings.listen),
            leads: Leads::default(),
            store,
            settings,
            hub: Hub::default(),
            events: Events::default(),
            calls: Calls::default(),
            presence: Presence::default(),
            nodes: Nodes::default(),
            refusals: Refusals::default(),
            metrics: Metrics::default(),
            listening: watch::Sender::new(false),
            deaf: Mutex::default(),
            health: Arc::default(),
            once: Once::default(),
            imports: Imports::default(),
            traffic,
            stop: watch::Sender::new(false),
        }))
    }

    /// What was configured.
    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// What changed just now.
    pub(crate) fn hub(&self) -> &Hub {
        &self.0.hub
    }

    /// What open pages are told.
    pub(crate) fn events(&self) -> &Events {
        &self.0.events
    }

    /// Who is on a call.
    pub(crate) fn calls(&self) -> &Calls {
        &self.0.calls
    }

    /// Whose page is connected.
    pub(crate) fn presence(&self) -> &Presence {
        &self.0.presence
    }

    /// The links to Asterisk.
    pub(crate) fn nodes(&self) -> &Nodes {
        &self.0.nodes
    }

    /// Who was refused at nodes.
    pub(crate) fn refusals(&self) -> &Refusals {
        &self.0.refusals
    }

    /// Who this service is.
    pub(crate) fn identity(&self) -> &Identity {
        &self.0.identity
    }

    /// Which nodes this service leads.
    pub(crate) fn leads(&self) -> &Leads {
        &self.0.leads
    }

    /// What is counted.
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// Whether the database's notifications arrive: if not, what is seen may be old.
    pub(crate) fn listening(&self) -> bool {
        *self.0.listening.borrow()
    }

    /// The same, now and from now on.
    pub(crate) fn watch_listening(&self) -> watch::Receiver<bool> {
        self.0.listening.subscribe()
    }

    /// Says whether they arrive.
    pub(crate) fn set_listening(&self, listening: bool) {
        self.0.metrics.listening().set(i64::from(listening));
        self.0.listening.send_replace(listening);
    }

    /// Why the database's notifications do not arrive, for people; none when it is not known, or they do.
    pub(crate) fn deaf(&self) -> Option<String> {
        self.0.deaf.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Says why, or that they do.
    pub(crate) fn set_deaf(&self, why: Option<String>) {
        *self.0.deaf.lock().unwrap_or_else(PoisonError::into_inner) = why;
    }

    /// How the database is.
    ///
    /// Anybody may ask, and a look reads the whole catalogue of the views: there is one at a time, also when who asked has gone, and
    /// those who ask while it goes on wait and share what it finds.
    ///
    /// # Errors
    ///
    /// In words for the log: the database does not answer, or did not within the time.
    pub(crate) async fn health(&self) -> Result<Health, String> {
        /// What asks gives up soon, and asks again.
        const WITHIN: Duration = Duration::from_secs(10);
        let asked = Instant::now();
        let find = async {
            let mut last = self.0.health.clone().lock_owned().await;
            if let Some(looked) = last.as_ref().filter(|looked| looked.at > asked) {
                return looked.found.clone();
            }
            self.db(move |store| {
                let found = store.health(wanted_views()).map_err(|error| error.to_string());
                let at = Instant::now();
                *last = Some(Looked {
                    at,
                    found: found.clone(),
                });
                Ok::<_, StoreError>(found)
            })
            .await
            .unwrap_or_else(|error| Err(error.to_string()))
        };
        let too_long = |_| Err("the database has not answered in time".to_owned());
        timeout(WITHIN, find).await.unwrap_or_else(too_long)
    }

    /// Files on their way in.
    pub(crate) fn imports(&self) -> &Imports {
        &self.0.imports
    }

    /// How much everybody asks.
    pub(crate) fn traffic(&self) -> &Traffic {
        &self.0.traffic
    }

    /// What came of forms that were sent.
    pub(crate) fn once(&self) -> &Once {
        &self.0.once
    }

    /// Runs an operation of the store as the service itself, on a thread where it may wait.
    pub(crate) async fn db<T, E>(&self, work: impl FnOnce(&Store) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.blocking(self.0.store.clone(), work).await
    }

    /// The same as somebody: the audit records this actor.
    pub(crate) async fn db_as<T, E>(
        &self,
        actor: Actor,
        work: impl FnOnce(&Store) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.blocking(self.0.store.with_actor(actor), work).await
    }

    async fn blocking<T, E>(
        &self,
        store: Store,
        work: impl FnOnce(&Store) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match tokio::task::spawn_blocking(move || work(&store)).await {
            Ok(done) => done,
            Err(failed) if failed.is_panic() => std::panic::resume_unwind(failed.into_panic()),
            // The runtime is being torn down, so nobody reads this.
            Err(_) => Err(StoreError::stopping().into()),
        }
    }

    /// Tells every task to end.
    pub(crate) fn stop(&self) {
        self.0.stop.send_replace(true);
    }

    /// Waits until the service is to end.
    pub(crate) async fn stopped(&self) {
        // An error would mean that the sender is gone, which we hold.
        let _ = self.0.stop.subscribe().wait_for(|stop| *stop).await;
    }
}

/// A look at the database.
#[derive(Debug)]
struct Looked {
    at: Instant,
    found: Result<Health, String>,
}

/// The views of this version; compiled once.
fn wanted_views() -> &'static WantedViews {
    static WANTED: OnceLock<WantedViews> = OnceLock::new();
    WANTED.get_or_init(peerage_views::wanted)
}
