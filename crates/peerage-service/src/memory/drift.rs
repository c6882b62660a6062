//! What was found otherwise at nodes, for pages.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use peerage_model::{Interface, NodeName, Number, QueueName};

/// How a node differs from the database in a member of a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// The node does not know a member: it cannot read the database, or has a queue of that name in a file.
    Missing(Interface),
    /// The node has a member that is not from the database: somebody added it there. It is left alone.
    Stranger(String),
    /// The node holds another pause. It is ordered anew.
    Paused {
        /// The agent.
        agent: Number,
        /// The member.
        interface: Interface,
        /// Whether the node has it paused.
        paused: bool,
        /// The reason there; none when there is none.
        reason: Option<String>,
    },
    /// The node rings by another strategy: it takes some over only when it is restarted.
    Strategy {
        /// The strategy there.
        there: String,
        /// The strategy in the database.
        here: String,
    },
    /// The node has another penalty.
    Penalty {
        /// The member.
        interface: Interface,
        /// The penalty there.
        there: String,
        /// The penalty in the database.
        here: String,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(interface) => write!(f, "{interface} is missing there"),
            Self::Stranger(interface) => write!(f, "{interface} is there, and not from the database"),
            Self::Paused {
                interface,
                paused: true,
                ..
            } => write!(f, "{interface} is paused there, or for another reason"),
            Self::Paused { interface, .. } => write!(f, "{interface} is not paused there"),
            Self::Strategy { there, here } => {
                write!(f, "it rings as {there} instead of {here} until Asterisk is restarted")
            }
            Self::Penalty { interface, there, here } => {
                write!(f, "{interface} has penalty {there} there instead of {here}")
            }
        }
    }
}

/// How a node's queue differed from the database when it was last compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Drift {
    /// The node.
    pub(crate) node: NodeName,
    /// The queue.
    pub(crate) queue: QueueName,
    /// What differed.
    pub(crate) finding: Finding,
}

/// What the last comparison with each node has found.
#[derive(Debug, Default)]
pub(crate) struct Drifts(Mutex<BTreeMap<NodeName, Vec<Drift>>>);

impl Drifts {
    /// All of it, by node.
    pub(crate) fn all(&self) -> Vec<Drift> {
        self.found().values().flatten().cloned().collect()
    }

    /// The queues of a node in which something differed.
    pub(crate) fn queues(&self, node: &NodeName) -> Vec<QueueName> {
        let found = self.found();
        let drifts = found.get(node).into_iter().flatten();
        drifts.map(|drift| drift.queue.clone()).collect()
    }

    /// Keeps what was found at a node, and tells whether it is something else than before.
    pub(crate) fn set(&self, node: &NodeName, drifts: &[Drift]) -> bool {
        let before = self.found().insert(node.clone(), drifts.to_owned());
        before.unwrap_or_default() != drifts
    }

    /// Forgets a node.
    pub(crate) fn forget(&self, node: &NodeName) {
        self.found().remove(node);
    }

    fn found(&self) -> MutexGuard<'_, BTreeMap<NodeName, Vec<Drift>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
