//! Why calls of queues do not reach an agent.

use std::fmt;

use crate::NodeName;

/// Why a node cannot ring an agent's device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyUnreachable {
    /// The device is not registered.
    NotRegistered,
    /// It is registered over a transport that the account does not list. The detail is that transport.
    Transport,
    /// It is registered at another node, and this one does not know. The detail is where.
    OtherNode,
    /// It is registered, or has a fixed address, and does not answer.
    NoAnswer,
    /// The node does not know the account.
    Unknown,
    /// Modules that the call needs are not loaded. The detail is their names.
    Module,
}

/// A node that cannot ring an agent's device, and why.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Unreachable {
    /// The node; none when no node says anything, and the registrations alone tell.
    pub node: Option<NodeName>,
    /// Why.
    pub reason: WhyUnreachable,
    /// What exactly, where the reason has something to add.
    pub detail: Option<String>,
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(node) = &self.node {
            write!(f, "{node}: ")?;
        }
        let detail = self.detail.as_deref().unwrap_or("unknown");
        match self.reason {
            WhyUnreachable::NotRegistered => f.write_str("the phone is not registered"),
            WhyUnreachable::Transport => {
                write!(
                    f,
                    "the phone is registered over {detail}, which its account does not list"
                )
            }
            WhyUnreachable::OtherNode => write!(f, "the phone is registered at {detail} only"),
            WhyUnreachable::NoAnswer => f.write_str("the phone does not answer"),
            WhyUnreachable::Unknown => f.write_str("Asterisk does not know the account"),
            WhyUnreachable::Module => write!(f, "Asterisk has not loaded {detail}"),
        }
    }
}
