//! What was found otherwise at nodes, for pages.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use peerage_model::{NodeName, QueueName};

use super::Finding;

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
    pub(super) fn queues(&self, node: &NodeName) -> Vec<QueueName> {
        let found = self.found();
        let drifts = found.get(node).into_iter().flatten();
        drifts.map(|drift| drift.queue.clone()).collect()
    }

    /// Keeps what was found at a node, and tells whether it is something else than before.
    pub(super) fn set(&self, node: &NodeName, drifts: &[Drift]) -> bool {
        let before = self.found().insert(node.clone(), drifts.to_owned());
        before.unwrap_or_default() != drifts
    }

    pub(super) fn forget(&self, node: &NodeName) {
        self.found().remove(node);
    }

    fn found(&self) -> MutexGuard<'_, BTreeMap<NodeName, Vec<Drift>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
