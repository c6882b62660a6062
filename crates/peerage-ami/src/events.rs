//! What a link tells without being asked.

use std::sync::Arc;

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::Frame;

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

/// One reader of a link's notices; each reader gets them all, from its subscription on.
#[derive(Debug)]
pub struct Events(pub(crate) broadcast::Receiver<Notice>);

impl Events {
    /// The next notice; none when the link is closed. Nothing is lost when the call is abandoned.
    pub async fn next(&mut self) -> Option<Notice> {
        match self.0.recv().await {
            Ok(notice) => Some(notice),
            Err(RecvError::Lagged(missed)) => Some(Notice::Missed(missed)),
            Err(RecvError::Closed) => None,
        }
    }
}
