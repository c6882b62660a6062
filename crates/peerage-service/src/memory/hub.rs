use std::sync::Arc;

use peerage_model::{NodeName, Number, QueueName};
use tokio::sync::broadcast;

/// Most changes kept for a slow watcher; one that falls behind is told [`Change::Missed`].
const BACKLOG: usize = 1024;

/// Something that changed. It says what to look at again, never how it is now: that is the database's to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// What Asterisk is told of these accounts, agents' and telephones', was changed.
    Accounts(Which),
    /// The state of these agents: session, memberships, pauses, requests.
    Agents(Which),
    /// The registrations of these accounts, and of the devices where calls of these agents ring.
    Registrations(Which),
    /// The calls of these agents, as seen over the Manager interface.
    Calls(Which),
    /// The calls that wait in this queue.
    Waiting(QueueName),
    /// A table that lists and forms show: `queue`, `pause_reason`, `site`, `node`, `login_account`.
    Settings(String),
    /// The link to this node came up or went down.
    Link(NodeName),
    /// Something may have been missed: look at everything.
    Missed,
}

/// Which of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// Too many to name.
    All,
    /// These.
    These(Arc<[Number]>),
}

impl Which {
    /// These, however many.
    pub(crate) fn of(numbers: impl IntoIterator<Item = Number>) -> Self {
        Self::These(numbers.into_iter().collect())
    }

    /// Whether this one is among them.
    pub(crate) fn includes(&self, number: &Number) -> bool {
        match self {
            Self::All => true,
            Self::These(numbers) => numbers.contains(number),
        }
    }
}

/// Where changes are told and watched.
#[derive(Debug)]
pub(crate) struct Hub(broadcast::Sender<Change>);

impl Default for Hub {
    fn default() -> Self {
        Self(broadcast::Sender::new(BACKLOG))
    }
}

impl Hub {
    /// Tells all who watch.
    pub(crate) fn tell(&self, change: Change) {
        // An error only says that nobody watches.
        let _ = self.0.send(change);
    }

    /// Watches, from now on.
    pub(crate) fn watch(&self) -> Watch {
        Watch(self.0.subscribe())
    }
}

/// What one watcher sees.
pub(crate) struct Watch(broadcast::Receiver<Change>);

impl Watch {
    /// The next change; none when the service ends.
    pub(crate) async fn next(&mut self) -> Option<Change> {
        match self.0.recv().await {
            Ok(change) => Some(change),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Change::Missed),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}
