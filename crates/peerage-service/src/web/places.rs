//! Places for connections: how many there are, how many one address may have, and who gives way when there are none.
//!
//! A connection that waits for a request, be it idle or half-way through a head, costs its owner nothing. So when the places are taken, the
//! one that has waited longest is closed for a new one: whoever opens many such connections drives out the own ones first, and nobody
//! who is being answered.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use hyper::body::{Frame, SizeHint};
use tokio::sync::Notify;

use crate::memory::Network;

/// Files that are left for everything else: the database, links to Asterisk, the log.
const RESERVED_FILES: u64 = 128;

/// Fewest connections, however few files there may be.
const FEWEST: usize = 16;

/// All places.
#[derive(Clone)]
pub(super) struct Places(Arc<Inner>);

struct Inner {
    most: usize,
    most_of_address: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    connections: HashMap<u64, Connection>,
    by_address: HashMap<Network, usize>,
    /// Connections that wait for a request, the longest first.
    waiting: BTreeMap<u64, u64>,
    next: u64,
}

struct Connection {
    network: Network,
    close: Arc<Notify>,
    /// Its key among those who wait for a request.
    waits: Option<u64>,
}

impl State {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Closes the connection that has waited longest, of this address or of any; false when none waits. Its place is free at once, however
    /// long it takes to end: else one new connection after the other would close one more.
    fn close_one(&mut self, of: Option<Network>) -> bool {
        let mut waiting = self.waiting.values();
        let is_of = |id: &&u64| of.is_none_or(|of| self.connections.get(*id).is_some_and(|found| found.network == of));
        let Some(id) = waiting.find(is_of).copied() else {
            return false;
        };
        if let Some(connection) = self.remove(id) {
            connection.close.notify_one();
        }
        true
    }

    fn remove(&mut self, id: u64) -> Option<Connection> {
        let connection = self.connections.remove(&id)?;
        if let Some(key) = connection.waits {
            self.waiting.remove(&key);
        }
        if let Some(own) = self.by_address.get_mut(&connection.network) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                self.by_address.remove(&connection.network);
            }
        }
        Some(connection)
    }

    /// It waits for a request from now on, unless it was closed.
    fn wait(&mut self, id: u64) {
        let key = self.number();
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.waits = Some(key);
            self.waiting.insert(key, id);
        }
    }

    fn answer(&mut self, id: u64) {
        if let Some(key) = self
            .connections
            .get_mut(&id)
            .and_then(|connection| connection.waits.take())
        {
            self.waiting.remove(&key);
        }
    }
}

/// There is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoPlace {
    /// Every connection of this address is being answered, and it has no more.
    OfAddress,
    /// Every connection is being answered.
    AtAll,
}

impl Places {
    /// So many in all and for one address, as far as so many files allow.
    pub(super) fn new(most: u32, most_of_address: u32, files: u64) -> Self {
        let most = u64::from(most).min(files.saturating_sub(RESERVED_FILES));
        let most = usize::try_from(most).unwrap_or(usize::MAX).max(FEWEST);
        // Nobody takes all of them.
        let most_of_address = usize::try_from(most_of_address).unwrap_or(usize::MAX).min(most * 3 / 4);
        Self(Arc::new(Inner {
            most,
            most_of_address,
            state: Mutex::default(),
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many there are.
    pub(super) fn most(&self) -> usize {
        self.0.most
    }

    /// A place for a connection from there. A proxy, behind which there are many, may have all of them.
    pub(super) fn enter(&self, address: IpAddr, is_proxy: bool) -> Result<Place, NoPlace> {
        let network = Network::from(address);
        let mut state = self.state();
        let own = state.by_address.get(&network).copied().unwrap_or_default();
        if !is_proxy && own >= self.0.most_of_address && !state.close_one(Some(network)) {
            return Err(NoPlace::OfAddress);
        }
        if state.connections.len() >= self.0.most && !state.close_one(None) {
            return Err(NoPlace::AtAll);
        }
        let id = state.number();
        let close = Arc::new(Notify::new());
        let connection = Connection {
            network,
            close: Arc::clone(&close),
            waits: None,
        };
        state.connections.insert(id, connection);
        *state.by_address.entry(network).or_default() += 1;
        state.wait(id);
        drop(state);
        Ok(Place(Arc::new(Taken {
            places: self.clone(),
            id,
            close,
        })))
    }

    /// Closes the connection that has waited longest: the system gives no more files.
    pub(super) fn close_one(&self) {
        self.state().close_one(None);
    }
}

/// A connection's place, for as long as it lives. Clones are the same place.
#[derive(Clone)]
pub(super) struct Place(Arc<Taken>);

struct Taken {
    places: Places,
    id: u64,
    close: Arc<Notify>,
}

impl Place {
    /// Waits until the place is needed for somebody else.
    pub(super) async fn closed(&self) {
        self.0.close.notified().await;
    }

    /// A request has come, which is being answered as long as the result lives.
    pub(super) fn answers(&self) -> Answering {
        self.0.places.state().answer(self.0.id);
        Answering(self.clone())
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.places.state().remove(self.id);
    }
}

/// A request that is being answered.
pub(super) struct Answering(Place);

impl Drop for Answering {
    fn drop(&mut self) {
        let Taken { places, id, .. } = &*self.0.0;
        places.state().wait(*id);
    }
}

/// The body of an answer, which is being given until the last of it is sent.
pub(super) struct Answer {
    body: Body,
    _answering: Answering,
}

impl Answer {
    pub(super) fn new(body: Body, answering: Answering) -> Self {
        Self {
            body,
            _answering: answering,
        }
    }
}

impl hyper::body::Body for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    async fn is_closed(place: &Place) -> bool {
        let soon = std::time::Duration::from_millis(20);
        tokio::time::timeout(soon, place.closed()).await.is_ok()
    }

    #[tokio::test]
    async fn who_waits_longest_gives_way_and_who_is_answered_does_not() {
        let places = Places::new(20, 2, 1_000_000);
        let first = places.enter(address(1), false).unwrap();
        let second = places.enter(address(1), false).unwrap();
        let answering = first.answers();
        let third = places.enter(address(1), false).unwrap();
        assert!(is_closed(&second).await && !is_closed(&first).await && !is_closed(&third).await);
        drop(second);
        let answers = third.answers();
        assert_eq!(places.enter(address(1), false).err(), Some(NoPlace::OfAddress));
        assert!(places.enter(address(2), false).is_ok(), "others have their own");
        assert!(places.enter(address(1), true).is_ok(), "a proxy has no such limit");
        drop(answering);
        assert!(places.enter(address(1), false).is_ok());
        assert!(is_closed(&first).await);
        drop((answers, first, third));
        let state = places.state();
        assert!(state.by_address.is_empty());
        assert_eq!((state.connections.len(), state.waiting.len()), (0, 0));
    }

    #[tokio::test]
    async fn there_are_no_more_places_than_files() {
        let places = Places::new(16_384, 2_000, 1024);
        assert_eq!(places.most(), 896);
        assert_eq!(places.0.most_of_address, 672);
        assert_eq!(Places::new(16_384, 2_000, 100).most(), FEWEST);
        let places = Places::new(16, 16, 1_000_000);
        let held: Vec<Place> = (0..16)
            .map(|last| places.enter(address(last), false).unwrap())
            .collect();
        let answering: Vec<Answering> = held.iter().map(Place::answers).collect();
        assert_eq!(places.enter(address(99), false).err(), Some(NoPlace::AtAll));
        drop(answering);
        assert!(places.enter(address(99), false).is_ok());
    }
}
