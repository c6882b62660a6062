//! The actions of one connection that are not yet answered: which answer is whose. Without any I/O.

use std::collections::{BTreeMap, VecDeque};

use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::time::Instant;

use crate::outcome::{Answer, NotSent, Outcome, Refusal, Unknown};
use crate::{Action, Frame, Settings, Value};

#[cfg(test)]
mod tests;

/// An action and who waits for it.
pub(crate) struct Order {
    pub(crate) action: Action,
    pub(crate) deadline: Instant,
    /// From when on it must not begin to be sent; none when it may be until the deadline.
    pub(crate) not_after: Option<Instant>,
    pub(crate) reply: oneshot::Sender<Outcome>,
    /// Given back when the action is no longer in Asterisk's hands.
    pub(crate) slot: OwnedSemaphorePermit,
}

impl Order {
    pub(crate) fn refuse(self, why: NotSent) {
        // Whoever does not wait any more does not miss it.
        let _ = self.reply.send(Outcome::NotSent(why));
    }
}

pub(crate) struct InFlight {
    /// Begins every id: other connections' ids are seen in events (`OriginateResponse`, `UserEvent`).
    prefix: String,
    next: u64,
    entries: BTreeMap<u64, Entry>,
    /// Those to be sent, in order; what was withdrawn since is still named.
    waiting: VecDeque<u64>,
    /// What is being sent.
    writing: Option<Writing>,
    /// Whether any entry may be one that nobody waits for.
    unwanted: bool,
    list_items: usize,
    list_bytes: usize,
}

struct Writing {
    id: u64,
    bytes: Vec<u8>,
    /// How many of them have been sent.
    written: usize,
}

#[derive(Default)]
struct Entry {
    /// The bytes, until the first of them is sent.
    unsent: Option<Vec<u8>>,
    deadline: Option<Instant>,
    not_after: Option<Instant>,
    /// Gone when there was an outcome before the answer, which is then only waited for to be passed over.
    reply: Option<oneshot::Sender<Outcome>>,
    list: Option<List>,
    _slot: Option<OwnedSemaphorePermit>,
}

struct List {
    response: Frame,
    items: Vec<Frame>,
    size: usize,
}

impl InFlight {
    /// `prefix` must be one that no other connection has and nobody can guess.
    pub(crate) fn new(prefix: String, settings: &Settings) -> Self {
        Self {
            prefix,
            next: 1,
            entries: BTreeMap::new(),
            waiting: VecDeque::new(),
            writing: None,
            unwanted: false,
            list_items: settings.list_items,
            list_bytes: settings.list_bytes,
        }
    }

    pub(crate) fn add(&mut self, order: Order) {
        let entry = Entry {
            deadline: Some(order.deadline),
            not_after: order.not_after,
            reply: Some(order.reply),
            _slot: Some(order.slot),
            ..Entry::default()
        };
        self.enter(&order.action, entry);
    }

    /// Asks whether Asterisk is there. Nobody waits for the answer, but what comes shows that it is.
    pub(crate) fn ping(&mut self) {
        self.unwanted = true;
        self.enter(&Action::ping(), Entry::default());
    }

    fn enter(&mut self, action: &Action, mut entry: Entry) {
        let id = self.next;
        self.next += 1;
        entry.unsent = Some(action.encode(&Value::id(&self.prefix, id)));
        self.entries.insert(id, entry);
        self.waiting.push_back(id);
    }

    /// What is to be sent at this moment, if anything; from now on it counts as sent.
    pub(crate) fn unsent(&mut self, now: Instant) -> Option<&[u8]> {
        self.withdraw_late(now);
        while self.writing.is_none() {
            let id = self.waiting.pop_front()?;
            let Some(entry) = self.entries.get_mut(&id) else {
                continue;
            };
            // Whoever gave up before it was sent does not want it done.
            if entry.reply.as_ref().is_some_and(oneshot::Sender::is_closed) {
                self.entries.remove(&id);
                continue;
            }
            let bytes = entry.unsent.take();
            self.writing = bytes.map(|bytes| Writing { id, bytes, written: 0 });
            self.withdraw_late(now);
        }
        let writing = self.writing.as_ref()?;
        writing.bytes.get(writing.written..)
    }

    /// What has not begun to be sent by its moment never is.
    fn withdraw_late(&mut self, now: Instant) {
        let Some(writing) = self.writing.as_ref().filter(|writing| writing.written == 0) else {
            return;
        };
        let id = writing.id;
        let not_after = self.entries.get(&id).and_then(|entry| entry.not_after);
        if not_after.is_some_and(|not_after| not_after <= now) {
            self.writing = None;
            if let Some(mut entry) = self.entries.remove(&id) {
                entry.settle(Outcome::NotSent(NotSent::TooLate));
            }
        }
    }

    /// So many bytes of [`InFlight::unsent`] have been sent.
    pub(crate) fn wrote(&mut self, count: usize) {
        if let Some(writing) = &mut self.writing {
            writing.written += count;
            if writing.written >= writing.bytes.len() {
                self.writing = None;
            }
        }
    }

    /// Takes what belongs to an action, and gives back what belongs to none.
    pub(crate) fn take(&mut self, frame: Frame) -> Option<Frame> {
        let Some(id) = frame.action_id().and_then(|id| self.number(id)) else {
            return Some(frame);
        };
        let Some(entry) = self.entries.get_mut(&id) else {
            return Some(frame);
        };
        if frame.response().is_some() {
            if is(&frame, "EventList", "start") {
                entry.list = Some(List::new(frame));
            } else {
                self.answer(id, frame, Vec::new());
            }
            self.forget_before(id);
            return None;
        }
        let Some(list) = &mut entry.list else {
            return Some(frame);
        };
        if is(&frame, "EventList", "Complete") || is(&frame, "EventList", "cancelled") {
            if let Some(list) = entry.list.take() {
                self.answer(id, list.response, list.items);
            }
        } else if entry.reply.is_some() {
            list.size += frame.size();
            list.items.push(frame);
            if list.items.len() > self.list_items || list.size > self.list_bytes {
                list.items = Vec::new();
                entry.settle(Outcome::Unknown(Unknown::ListTooLong));
                self.unwanted = true;
            }
        }
        None
    }

    fn answer(&mut self, id: u64, response: Frame, items: Vec<Frame>) {
        if let Some(mut entry) = self.entries.remove(&id) {
            entry.settle(match response.response() {
                Some(kind) if kind.eq_ignore_ascii_case("Error") => Outcome::Refused(Refusal::of(&response)),
                _ => Outcome::Done(Answer { response, items }),
            });
        }
    }

    /// Asterisk does the actions of a connection one after the other, so what was sent earlier, and is not wanted any
    /// more, will not be answered.
    ///
    /// # Source
    ///
    /// `main/manager.c`, `session_do` and `do_message`: one thread for each connection.
    fn forget_before(&mut self, id: u64) {
        if self.unwanted {
            self.entries
                .retain(|earlier, entry| *earlier >= id || !entry.is_unwanted());
            self.unwanted = self.entries.values().any(Entry::is_unwanted);
        }
    }

    fn number(&self, id: &str) -> Option<u64> {
        id.strip_prefix(&self.prefix)?.parse().ok()
    }

    /// When [`InFlight::expire`] is next due.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.entries.values().filter_map(|entry| entry.deadline).min()
    }

    /// Settles what is overdue. True when some of it was sent: its answers may come yet, or never.
    pub(crate) fn expire(&mut self, now: Instant) -> bool {
        let mut sent = false;
        self.entries.retain(|_, entry| {
            if entry.deadline.is_none_or(|deadline| deadline > now) {
                return true;
            }
            let withdrawn = entry.unsent.is_some();
            sent |= !withdrawn;
            if let Some(list) = &mut entry.list {
                list.items = Vec::new();
            }
            entry.settle(match withdrawn {
                true => Outcome::NotSent(NotSent::Busy),
                false => Outcome::Unknown(Unknown::Late),
            });
            !withdrawn
        });
        self.unwanted |= sent;
        sent
    }

    /// Settles everything: the connection is gone.
    pub(crate) fn lose(&mut self) {
        for (_, mut entry) in std::mem::take(&mut self.entries) {
            entry.settle(match entry.unsent {
                Some(_) => Outcome::NotSent(NotSent::Down),
                None => Outcome::Unknown(Unknown::Lost),
            });
        }
    }

    /// Whether an action has been sent in part: whatever followed it would become part of it.
    pub(crate) fn is_writing(&self) -> bool {
        self.writing.as_ref().is_some_and(|writing| writing.written > 0)
    }

    /// Whether anything was sent that is not answered.
    pub(crate) fn is_in_doubt(&self) -> bool {
        self.entries.values().any(|entry| entry.unsent.is_none())
    }

    /// Whether nobody waits for an answer.
    pub(crate) fn is_settled(&self) -> bool {
        self.entries.values().all(|entry| entry.reply.is_none())
    }
}

impl Entry {
    fn settle(&mut self, outcome: Outcome) {
        self.deadline = None;
        if let Some(reply) = self.reply.take() {
            // Whoever does not wait any more does not miss it.
            let _ = reply.send(outcome);
        }
    }

    /// Whether it was sent, and nobody waits for its answer.
    fn is_unwanted(&self) -> bool {
        self.reply.is_none() && self.unsent.is_none()
    }
}

impl List {
    fn new(response: Frame) -> Self {
        Self {
            response,
            items: Vec::new(),
            size: 0,
        }
    }
}

fn is(frame: &Frame, name: &str, value: &str) -> bool {
    frame.get(name).is_some_and(|found| found.eq_ignore_ascii_case(value))
}
