//! What is sent to pages, and how it is written.

use axum::body::Bytes;
use jiff::Timestamp;
use peerage_model::{Number, QueueName};
use serde::Serialize;

use crate::memory::Which;

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
    /// Who watches this queue.
    Queue(QueueName),
    /// The browser with this session, which is signed in no more.
    Ended(i64),
}

/// How things are.
#[derive(Serialize)]
pub(super) struct Beat<'a> {
    pub(super) now: Timestamp,
    pub(super) database: bool,
    /// Whether changes are told at all.
    pub(super) listening: bool,
    pub(super) down: &'a [String],
    /// Grows when anybody's state or account changed, for lists that show others: less often than each change would.
    pub(super) places: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) missed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) level: Option<&'a str>,
}

/// What changed, and whose.
#[derive(Serialize)]
pub(super) struct Changed<'a> {
    pub(super) what: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) numbers: Option<&'a [Number]>,
}

/// As the event-stream format of HTML has it.
pub(super) fn message(name: &str, id: &str, data: &impl Serialize) -> Bytes {
    // These types cannot fail to be written; JSON has no line breaks of its own.
    let data = serde_json::to_string(data).unwrap_or_default();
    Bytes::from(format!("id: {id}\nevent: {name}\ndata: {data}\n\n"))
}
