//! Who is on a call, and who waits in which queue, as the nodes' events say.

mod channel;
mod world;

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use peerage_ami::Frame;
use peerage_model::{Interface, NodeName, Number, QueueName};

use world::World;
pub(crate) use world::{Changed, Waiting};

/// A call of an agent, as far as it is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Call {
    /// One is up.
    pub(crate) up: bool,
    /// One rings.
    pub(crate) ringing: bool,
}

impl Call {
    /// Whether there is none.
    pub(crate) fn is_none(self) -> bool {
        self == Self::default()
    }
}

/// Who is on a call right now, and who waits in which queue, as the nodes' events say.
///
/// A call belongs to the agent whose session rang there when it began, until it ends: also when the agent moves or logs out
/// meanwhile. Where there was no session it belongs to whoever is there, or to the account itself.
#[derive(Debug, Default)]
pub(crate) struct Calls(Mutex<World>);

impl Calls {
    /// The calls of an agent.
    pub(crate) fn of(&self, agent: &Number) -> Call {
        self.world().of(agent)
    }

    /// Everybody who is on a call: agents, and accounts that are no agent's.
    pub(crate) fn on_call(&self) -> Vec<Number> {
        self.world().on_call()
    }

    /// The calls that wait in a queue, on all nodes.
    pub(crate) fn waiting(&self, queue: &QueueName) -> Waiting {
        self.world().waiting(queue)
    }

    /// Whether a node has said which calls there are, be it some time ago.
    pub(crate) fn knows(&self, node: &NodeName) -> bool {
        self.world().knows(node)
    }

    /// The queues in which calls wait at a node.
    pub(crate) fn queues(&self, node: &NodeName) -> Vec<QueueName> {
        self.world().queues(node)
    }

    /// Takes where agents are: these, or, without `about`, everybody. Who is not in `places` is logged out.
    pub(crate) fn place(&self, about: Option<&[Number]>, places: &[(Number, Interface)]) -> Changed {
        self.world().place(about, places)
    }

    /// Takes an event of a node.
    pub(crate) fn event(&self, node: &NodeName, event: &Frame) -> Changed {
        self.world().event(node, event, Timestamp::now())
    }

    /// Takes all of a node's channels (`CoreShowChannel`) and of its calls that wait (`QueueEntry`).
    pub(crate) fn begin(&self, node: &NodeName, channels: &[Frame], entries: &[Frame]) -> Changed {
        self.world().begin(node, channels, entries, Timestamp::now())
    }

    /// Forgets a node, which is gone or has been silent for too long.
    pub(crate) fn forget(&self, node: &NodeName) -> Changed {
        self.world().forget(node)
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
