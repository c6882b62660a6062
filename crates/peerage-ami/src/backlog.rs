//! Notices that some reader has not read yet, bounded in number and in bytes.
//!
//! A channel of tokio's is bounded in number alone, and events may have a megabyte each: 4,096 of them are four gigabytes.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::Notice;

/// Where a link puts its notices. Clones are the same backlog.
#[derive(Clone, Debug)]
pub(crate) struct Backlog {
    kept: Arc<Mutex<Kept>>,
    /// Wakes readers.
    changed: watch::Sender<()>,
}

#[derive(Debug)]
struct Kept {
    notices: VecDeque<Notice>,
    /// The number of the first of them; each has the next number.
    first: u64,
    /// Their weight together.
    bytes: usize,
    most: usize,
    most_bytes: usize,
    /// The number that each reader reads next.
    readers: BTreeMap<u64, u64>,
    next_reader: u64,
    closed: bool,
}

/// What a reader finds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Notice(Notice),
    /// So many were dropped before it came to them.
    Missed(u64),
    /// There will be no more.
    Closed,
}

impl Backlog {
    /// Keeps at most so many notices, and at most so many bytes of them.
    pub(crate) fn new(most: usize, most_bytes: usize) -> Self {
        let kept = Kept {
            notices: VecDeque::new(),
            first: 0,
            bytes: 0,
            most,
            most_bytes,
            readers: BTreeMap::new(),
            next_reader: 0,
            closed: false,
        };
        Self {
            kept: Arc::new(Mutex::new(kept)),
            changed: watch::Sender::new(()),
        }
    }

    /// Adds one, for all readers; the oldest go when there is no room for it.
    pub(crate) fn push(&self, notice: Notice) {
        self.kept().push(notice);
        self.changed.send_replace(());
    }

    /// Readers see the end once they have read the rest.
    pub(crate) fn close(&self) {
        self.kept().closed = true;
        self.changed.send_replace(());
    }

    /// A reader, from now on.
    pub(crate) fn subscribe(&self) -> Cursor {
        let changed = self.changed.subscribe();
        let id = self.kept().enter();
        Cursor {
            backlog: self.clone(),
            changed,
            id,
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn push(&mut self, notice: Notice) {
        self.bytes += notice.weight();
        self.notices.push_back(notice);
        while self.notices.len() > self.most || (self.bytes > self.most_bytes && self.notices.len() > 1) {
            self.drop_first();
        }
        self.drop_read();
    }

    fn enter(&mut self) -> u64 {
        let id = self.next_reader;
        self.next_reader += 1;
        self.readers.insert(id, self.end());
        id
    }

    fn leave(&mut self, reader: u64) {
        self.readers.remove(&reader);
        self.drop_read();
    }

    /// What this reader is told next; none when it has to wait.
    fn next(&mut self, reader: u64) -> Option<Next> {
        let first = self.first;
        let at = self.readers.get_mut(&reader)?;
        if *at < first {
            let missed = first - *at;
            *at = first;
            return Some(Next::Missed(missed));
        }
        let index = usize::try_from(*at - first).ok()?;
        let Some(notice) = self.notices.get(index).cloned() else {
            return self.closed.then_some(Next::Closed);
        };
        *at += 1;
        // Only whoever reads the first one can be its last reader.
        if index == 0 {
            self.drop_read();
        }
        Some(Next::Notice(notice))
    }

    fn end(&self) -> u64 {
        self.first + self.notices.len() as u64
    }

    /// Drops what everybody has read.
    fn drop_read(&mut self) {
        let read = self.readers.values().min().copied().unwrap_or_else(|| self.end());
        while self.first < read && !self.notices.is_empty() {
            self.drop_first();
        }
        // The room of a flood is given back after it.
        if self.notices.is_empty() && self.notices.capacity() > 64 {
            self.notices = VecDeque::new();
        }
    }

    fn drop_first(&mut self) {
        if let Some(notice) = self.notices.pop_front() {
            self.bytes -= notice.weight();
            self.first += 1;
        }
    }
}

/// One reader's place in a backlog.
#[derive(Debug)]
pub(crate) struct Cursor {
    backlog: Backlog,
    changed: watch::Receiver<()>,
    id: u64,
}

impl Cursor {
    /// What comes next. Nothing is lost when the call is abandoned.
    pub(crate) async fn next(&mut self) -> Next {
        loop {
            // Marked before the look: what comes after it wakes.
            self.changed.mark_unchanged();
            if let Some(next) = self.backlog.kept().next(self.id) {
                return next;
            }
            // This reader holds a sender itself.
            let _ = self.changed.changed().await;
        }
    }
}

impl Drop for Cursor {
    fn drop(&mut self) {
        self.backlog.kept().leave(self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Frame;

    fn event(bytes: usize) -> Notice {
        let fields = vec![("Event".to_owned(), "x".repeat(bytes))];
        Notice::Event(Arc::new(Frame::new(fields)))
    }

    fn kept(backlog: &Backlog) -> (usize, usize) {
        let kept = backlog.kept();
        (kept.notices.len(), kept.bytes)
    }

    #[tokio::test]
    async fn a_reader_that_does_not_read_holds_no_more_than_the_bytes_allowed() {
        let backlog = Backlog::new(1000, 10_000);
        let mut slow = backlog.subscribe();
        for _ in 0..100 {
            backlog.push(event(1000));
        }
        let (count, bytes) = kept(&backlog);
        assert!(bytes <= 10_000 && count >= 5, "{count} with {bytes} bytes");
        assert_eq!(slow.next().await, Next::Missed(100 - count as u64));
        for _ in 0..count {
            assert_eq!(slow.next().await, Next::Notice(event(1000)));
        }
        assert_eq!(kept(&backlog), (0, 0));
        backlog.close();
        assert_eq!(slow.next().await, Next::Closed);
    }

    #[tokio::test]
    async fn a_flood_of_small_notices_is_bounded_in_number() {
        let backlog = Backlog::new(4, 10_000);
        let mut slow = backlog.subscribe();
        for _ in 0..6 {
            backlog.push(Notice::Up);
        }
        assert_eq!(slow.next().await, Next::Missed(2));
        assert_eq!(kept(&backlog), (4, 0));
    }

    #[tokio::test]
    async fn what_everybody_has_read_or_nobody_reads_is_not_kept() {
        let backlog = Backlog::new(10, 10_000);
        backlog.push(event(1));
        assert_eq!(kept(&backlog).0, 0);
        let (mut one, other) = (backlog.subscribe(), backlog.subscribe());
        backlog.push(event(1));
        assert_eq!(one.next().await, Next::Notice(event(1)));
        assert_eq!(kept(&backlog).0, 1);
        drop(other);
        assert_eq!(kept(&backlog).0, 0);
    }

    #[tokio::test]
    async fn an_event_larger_than_the_bound_still_arrives() {
        let backlog = Backlog::new(10, 100);
        let mut reader = backlog.subscribe();
        backlog.push(event(1));
        backlog.push(event(1000));
        assert_eq!(reader.next().await, Next::Missed(1));
        assert_eq!(reader.next().await, Next::Notice(event(1000)));
    }
}
