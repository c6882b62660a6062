//! How much each user and each address asks of the service.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};

use crate::settings::Limits;

/// So many seconds' worth of requests may come at once: all pages of a site ask again when something changes for all of them.
const BURST: u32 = 20;

/// After so many requests, those who ask no more are forgotten.
const SWEEP: u32 = 4096;

/// What shares the allowance of an address: IPv6 gives every customer 64 bits to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Network(IpAddr);

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
            }
        })
    }
}

/// What everybody asks.
#[derive(Debug)]
pub(crate) struct Traffic {
    users: Rate<String>,
    addresses: Rate<Network>,
    streams_of_users: Streams<String>,
    streams_of_addresses: Streams<Network>,
}

/// Who has too much already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    User,
    Address,
}

impl Traffic {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            users: Rate::new(limits.requests_per_user),
            addresses: Rate::new(limits.requests_per_address),
            streams_of_users: Streams::new(limits.streams_per_user),
            streams_of_addresses: Streams::new(limits.streams_per_address),
        }
    }

    /// One more request from there; the error is how long to wait.
    pub(crate) fn request_from(&self, address: IpAddr) -> Result<(), Duration> {
        self.addresses.one_more(&address.into())
    }

    /// One more request of this user or token; the error is how long to wait.
    pub(crate) fn request_by(&self, user: &str) -> Result<(), Duration> {
        self.users.one_more(&user.to_owned())
    }

    /// One more stream, for as long as the result lives; the error is whose limit is reached, and what it is.
    pub(crate) fn stream(&self, user: &str, address: IpAddr) -> Result<impl Send + Sync + use<>, (Whose, u32)> {
        let of_user = self.streams_of_users.one_more(user.to_owned());
        let of_user = of_user.ok_or((Whose::User, self.streams_of_users.most.get()))?;
        let of_address = self.streams_of_addresses.one_more(address.into());
        let of_address = of_address.ok_or((Whose::Address, self.streams_of_addresses.most.get()))?;
        Ok((of_user, of_address))
    }
}

struct Rate<K: Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
    clock: DefaultClock,
    asked: AtomicU32,
}

impl<K: Hash + Eq + Clone> std::fmt::Debug for Rate<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rate").finish_non_exhaustive()
    }
}

impl<K: Hash + Eq + Clone> Rate<K> {
    fn new(per_second: NonZeroU32) -> Self {
        let burst = per_second.saturating_mul(NonZeroU32::new(BURST).unwrap_or(NonZeroU32::MIN));
        Self {
            limiter: DefaultKeyedRateLimiter::keyed(Quota::per_second(per_second).allow_burst(burst)),
            clock: DefaultClock::default(),
            asked: AtomicU32::new(0),
        }
    }

    fn one_more(&self, key: &K) -> Result<(), Duration> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        self.limiter
            .check_key(key)
            .map_err(|later| later.wait_time_from(self.clock.now()))
    }
}

#[derive(Debug)]
struct Streams<K> {
    most: NonZeroU32,
    open: Arc<Mutex<HashMap<K, u32>>>,
}

impl<K: Hash + Eq + Clone> Streams<K> {
    fn new(most: NonZeroU32) -> Self {
        Self {
            most,
            open: Arc::default(),
        }
    }

    fn one_more(&self, key: K) -> Option<Counted<K>> {
        let mut open = lock(&self.open);
        let count = open.entry(key.clone()).or_default();
        if *count >= self.most.get() {
            return None;
        }
        *count += 1;
        drop(open);
        Some(Counted {
            open: Arc::clone(&self.open),
            key,
        })
    }
}

/// An open stream.
struct Counted<K: Hash + Eq> {
    open: Arc<Mutex<HashMap<K, u32>>>,
    key: K,
}

impl<K: Hash + Eq> Drop for Counted<K> {
    fn drop(&mut self) {
        let mut open = lock(&self.open);
        if let Some(count) = open.get_mut(&self.key) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                open.remove(&self.key);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> Limits {
        let one = NonZeroU32::MIN;
        Limits {
            streams_per_user: one,
            streams_per_address: one.saturating_add(1),
            requests_per_user: one,
            requests_per_address: one,
            ..Limits::default()
        }
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn streams_are_counted_by_user_and_by_address_while_they_are_open() {
        let traffic = Traffic::new(&one());
        let here = address("192.0.2.1");
        let first = traffic.stream("console:ada", here).unwrap();
        assert_eq!(traffic.stream("console:ada", here).err(), Some((Whose::User, 1)));
        let second = traffic.stream("console:bob", here).unwrap();
        assert_eq!(traffic.stream("console:cy", here).err(), Some((Whose::Address, 2)));
        drop(first);
        let third = traffic.stream("console:ada", here).unwrap();
        drop((second, third));
        assert!(lock(&traffic.streams_of_users.open).is_empty());
        assert!(lock(&traffic.streams_of_addresses.open).is_empty());
    }

    #[test]
    fn requests_come_in_bursts_and_then_wait_and_an_address_is_a_network() {
        let traffic = Traffic::new(&one());
        for _ in 0..BURST {
            traffic.request_from(address("2001:db8::1")).unwrap();
        }
        let wait = traffic.request_from(address("2001:db8::2")).unwrap_err();
        assert!(wait <= Duration::from_secs(1), "{wait:?}");
        traffic.request_from(address("2001:db8:0:1::1")).unwrap();
        assert_eq!(
            Network::from(address("::ffff:192.0.2.1")),
            Network::from(address("192.0.2.1"))
        );
        for _ in 0..BURST {
            traffic.request_by("token:crm").unwrap();
        }
        assert!(traffic.request_by("token:crm").is_err());
        traffic.request_by("token:other").unwrap();
    }
}
