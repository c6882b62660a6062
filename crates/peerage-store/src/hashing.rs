//! argon2id for people's passwords and PINs: as many at once as there are processors, in memory that is given back.
//!
//! A hash takes 19 MiB and some hundredths of a second, on purpose. Whoever may make the service hash could otherwise fill its memory
//! and every thread. So whoever hashes takes a [`Slot`], of which there are few; those who wait are bounded in number and time, and
//! whoever is known waits for nobody who is not.

use std::sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use argon2::password_hash::{Output, ParamsString, PasswordHash, Salt, SaltString};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, Version};

use crate::StoreError;
use crate::error::Refusal;

/// Most hashes at once, whatever the number of processors.
const MAX_SLOTS: usize = 4;

/// Most who wait for a slot, of each [`Rank`].
const MAX_WAITING: usize = 128;

/// How long one waits for a slot.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// Most blocks of 1 KiB that a stored hash may ask for; ours ask for 19,456.
///
/// Memory for so many is set aside, though only what is used is ever touched: glibc takes what is larger than 32 MiB from the
/// kernel and gives it back when it is freed. Of smaller pieces, each of its arenas keeps the last ones.
const MAX_BLOCKS: usize = 36 * 1024;

/// Most passes that a stored hash may ask for.
const MAX_PASSES: u32 = 16;

/// Who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rank {
    /// Whoever is signed in, or was before: served first.
    Known,
    /// Anybody.
    Stranger,
}

#[derive(Default)]
struct State {
    running: usize,
    waiting: [usize; 2],
    /// What the last ones left for those who wait.
    memory: Vec<Vec<Block>>,
}

struct Gate {
    slots: usize,
    state: Mutex<State>,
    freed: Condvar,
}

static GATE: LazyLock<Gate> = LazyLock::new(|| {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    Gate::new(processors.min(MAX_SLOTS))
});

impl Gate {
    fn new(slots: usize) -> Self {
        Self {
            slots,
            state: Mutex::default(),
            freed: Condvar::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a slot.
    fn enter(&self, rank: Rank, patience: Duration) -> Result<Slot<'_>, StoreError> {
        let until = Instant::now() + patience;
        let mut state = self.state();
        let place = rank as usize;
        if state.waiting.get(place).is_some_and(|waiting| *waiting >= MAX_WAITING) {
            return Err(overloaded());
        }
        let wait = |state: &mut State, more: isize| {
            if let Some(waiting) = state.waiting.get_mut(place) {
                *waiting = waiting.saturating_add_signed(more);
            }
        };
        wait(&mut state, 1);
        let is_turn = |state: &State| {
            state.running < self.slots && (rank == Rank::Known || state.waiting.first().is_none_or(|known| *known == 0))
        };
        while !is_turn(&state) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                wait(&mut state, -1);
                // Somebody may have waited for this one.
                self.freed.notify_all();
                return Err(overloaded());
            }
            state = self
                .freed
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        wait(&mut state, -1);
        state.running += 1;
        let memory = state.memory.pop().unwrap_or_default();
        drop(state);
        self.freed.notify_all();
        Ok(Slot { gate: self, memory })
    }
}

fn overloaded() -> StoreError {
    StoreError::Busy(Refusal::new("too many passwords are being checked at once").hint("try again in a few seconds"))
}

/// The right to hash one password, and the memory for it.
pub(crate) struct Slot<'a> {
    gate: &'a Gate,
    memory: Vec<Block>,
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        let mut state = self.gate.state();
        state.running = state.running.saturating_sub(1);
        if state.waiting.iter().sum::<usize>() > state.memory.len() {
            state.memory.push(std::mem::take(&mut self.memory));
        } else {
            state.memory.clear();
        }
        drop(state);
        self.gate.freed.notify_all();
    }
}

/// Waits for the right to hash.
///
/// # Errors
///
/// [`StoreError::Busy`] when too many wait already, or it takes too long.
pub(crate) fn slot(rank: Rank) -> Result<Slot<'static>, StoreError> {
    GATE.enter(rank, MAX_WAIT)
}

impl Slot<'_> {
    /// The argon2id hash of this text with a random salt.
    ///
    /// # Errors
    ///
    /// The operating system gives no randomness.
    pub(crate) fn hash(&mut self, text: &[u8]) -> Result<String, StoreError> {
        let mut bytes = [0_u8; Salt::RECOMMENDED_LENGTH];
        getrandom::fill(&mut bytes).map_err(peerage_model::NoRandomness::from)?;
        let made = SaltString::encode_b64(&bytes).and_then(|salt| {
            let params = Params::DEFAULT;
            let output = self.output(text, &bytes, Version::V0x13, params.clone())?;
            Ok(PasswordHash {
                algorithm: ARGON2ID_IDENT,
                version: Some(Version::V0x13.into()),
                params: ParamsString::try_from(&params)?,
                salt: Some(salt.as_salt()),
                hash: Some(output),
            }
            .to_string())
        });
        made.map_err(|error| StoreError::Other(Refusal::new(format!("a password cannot be hashed: {error}"))))
    }

    /// Whether the text is the one of this hash.
    pub(crate) fn verify(&mut self, text: &[u8], hash: &str) -> bool {
        let Ok(hash) = PasswordHash::new(hash) else {
            return false;
        };
        let (Some(salt), Some(wanted)) = (hash.salt, hash.hash) else {
            return false;
        };
        let (Ok(params), Ok(version)) = (
            Params::try_from(&hash),
            hash.version.map_or(Ok(Version::default()), Version::try_from),
        ) else {
            return false;
        };
        let mut buffer = [0_u8; Salt::MAX_LENGTH];
        let Ok(salt) = salt.decode_b64(&mut buffer) else {
            return false;
        };
        let bearable = params.block_count() <= MAX_BLOCKS && params.t_cost() <= MAX_PASSES;
        hash.algorithm == ARGON2ID_IDENT
            && bearable
            // Compared without telling by the time how much is right.
            && self.output(text, salt, version, params).is_ok_and(|made| made == wanted)
    }

    fn output(
        &mut self,
        text: &[u8],
        salt: &[u8],
        version: Version,
        params: Params,
    ) -> argon2::password_hash::Result<Output> {
        let blocks = params.block_count();
        let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        if self.memory.capacity() < MAX_BLOCKS {
            self.memory = Vec::with_capacity(MAX_BLOCKS);
        }
        self.memory.resize(blocks, Block::default());
        let hasher = Argon2::new(Algorithm::Argon2id, version, params);
        Output::init_with(length, |output| {
            Ok(hasher.hash_password_into_with_memory(text, salt, output, &mut self.memory)?)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    #[test]
    fn a_hash_is_argon2id_salted_and_verified() {
        let mut slot = slot(Rank::Known).unwrap();
        let hash = slot.hash(b"correct horse").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, slot.hash(b"correct horse").unwrap());
        assert!(slot.verify(b"correct horse", &hash));
        assert!(!slot.verify(b"correct house", &hash));
        // As the reference implementation makes it.
        let earlier =
            "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$rk2Mi3E4dgRMg0fHaYaptWVZRKqs//6b6k3/nntqGJk";
        assert!(slot.verify(b"correct horse", earlier));
        for odd in [
            "",
            "x",
            "$argon2id$",
            "$argon2i$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5$qbz3",
            "$argon2id$v=19$m=4000000,t=2,p=1$bm9ib2R5bm9ib2R5$qbz3d0Lm4Iz3Q9cQF0y5m7w0Xq3l1kqJ4Yt0T2m0Wco",
        ] {
            assert!(!slot.verify(b"x", odd), "{odd}");
        }
    }

    #[test]
    fn only_as_many_hash_at_once_as_there_are_slots_and_the_known_come_first() {
        let gate = Gate::new(1);
        let (tell, told) = mpsc::channel();
        thread::scope(|scope| {
            let taken = gate.enter(Rank::Stranger, MAX_WAIT).unwrap();
            for (rank, waiting) in [(Rank::Stranger, [0, 1]), (Rank::Known, [1, 1])] {
                let (gate, tell) = (&gate, tell.clone());
                scope.spawn(move || {
                    let slot = gate.enter(rank, MAX_WAIT).unwrap();
                    tell.send(rank).unwrap();
                    drop(slot);
                });
                while gate.state().waiting != waiting {
                    thread::yield_now();
                }
            }
            assert!(told.try_recv().is_err(), "nobody has a second slot");
            drop(taken);
            assert_eq!(told.recv().unwrap(), Rank::Known);
            assert_eq!(told.recv().unwrap(), Rank::Stranger);
        });
        assert_eq!(gate.state().running, 0);
        assert_eq!(gate.state().memory.len(), 0, "nothing is kept when nobody waits");
    }

    #[test]
    fn whoever_waits_too_long_or_comes_when_too_many_wait_is_refused() {
        let gate = Gate::new(1);
        let taken = gate.enter(Rank::Known, MAX_WAIT).unwrap();
        let refused = gate.enter(Rank::Known, Duration::from_millis(10));
        assert!(matches!(refused.err(), Some(StoreError::Busy(_))));
        gate.state().waiting = [0, MAX_WAITING];
        assert!(gate.enter(Rank::Stranger, MAX_WAIT).is_err());
        drop(taken);
        assert!(
            gate.enter(Rank::Known, MAX_WAIT).is_ok(),
            "strangers are not in the way of the known"
        );
    }
}
