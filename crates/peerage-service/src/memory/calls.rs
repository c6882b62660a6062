//! Who is on a call, and who waits in which queue, as the nodes' events say.

mod channel;
mod world;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use peerage_ami::Frame;
use peerage_model::{Interface, NodeName, Number, QueueName};

use world::World;
pub(crate) use world::{Changed, Waiting};

/// The call of an agent: of several one that is up, and of those the one that has lasted longest. Since when: of a call that was
/// there before the service looked, since its channel was made, ringing included.
pub(super) use peerage_store::CallNow as Call;

/// Who is on a call right now, and who waits in which queue, as the nodes' events say.
///
/// A call belongs to the agent whose session rang there when it began, until it ends: also when the agent moves or logs out
/// meanwhile. Where there was no session it belongs to whoever is there, or to the account itself.
#[derive(Debug, Default)]
pub(crate) struct Calls(Mutex<World>);

impl Calls {
    /// The call of an agent; none when none is seen.
    pub(crate) fn of(&self, agent: &Number) -> Option<Call> {
        self.world().of(agent)
    }

    /// When the last call of an agent ended that was up; none when none was seen to.
    pub(crate) fn ended(&self, agent: &Number) -> Option<Timestamp> {
        self.world().ended(agent)
    }

    /// Everybody's calls at a node, accounts that are no agent's among them; none when it has not said which there are.
    pub(crate) fn at(&self, node: &NodeName) -> Option<HashMap<Number, Call>> {
        self.world().at(node)
    }

    /// The agent whose calls ring at the device of an account.
    pub(crate) fn agent_at(&self, account: &Number) -> Option<Number> {
        self.world().agent_at(account)
    }

    /// Everybody who is on a call: agents, and accounts that are no agent's.
    pub(crate) fn on_call(&self) -> Vec<Number> {
        self.world().with_calls(true)
    }

    /// Everybody whose telephone rings, and who is on no other call.
    pub(crate) fn ringing(&self) -> Vec<Number> {
        self.world().with_calls(false)
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
        self.world().forget(node, Timestamp::now())
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
