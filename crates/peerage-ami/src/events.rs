//! What a link tells without being asked.

use std::sync::Arc;

use crate::Frame;
use crate::backlog::{Cursor, Next};

/// What a link tells, in the order in which it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// An event of Asterisk's.
    Event(Arc<Frame>),
    /// This reader was too slow: so many notices before the next one are lost to it.
    Missed(u64),
    /// The link is up. What happened in Asterisk before is not told; ask for it now.
    Up,
    /// The link is down: events are missed from here on.
    Down,
}

impl Notice {
    /// The memory that it takes, in bytes.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::Event(frame) => frame.weight(),
            Self::Missed(_) | Self::Up | Self::Down => 0,
        }
    }
}

/// One reader of a link's notices; each reader gets them all, from its subscription on.
#[derive(Debug)]
pub struct Events(pub(crate) Cursor);

impl Events {
    /// The next notice; none when the link is closed. Nothing is lost when the call is abandoned.
    pub async fn next(&mut self) -> Option<Notice> {
        match self.0.next().await {
            Next::Notice(notice) => Some(notice),
            Next::Missed(missed) => Some(Notice::Missed(missed)),
            Next::Closed => None,
        }
    }
}
