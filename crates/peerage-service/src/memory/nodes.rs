//! The nodes there are, how the links to them are, and what was otherwise there.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};
use std::time::SystemTime;

use peerage_ami::{Link, State};
use peerage_model::NodeName;

use super::drift::{Drift, Drifts};

/// How the link to a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Linked {
    /// It is up.
    Up {
        /// Since when.
        since: SystemTime,
    },
    /// It is not.
    Down {
        /// Since when; none when it has never been up.
        since: Option<SystemTime>,
        /// Why, for people.
        why: String,
    },
    /// The node has no Manager address: it is left alone.
    NoManager,
    /// There is no secret to sign in with.
    NoSecret {
        /// Why, and what to do.
        why: String,
    },
}

impl Linked {
    /// Whether the link is up.
    pub(crate) fn is_up(&self) -> bool {
        matches!(self, Self::Up { .. })
    }

    fn of(link: &Link) -> Self {
        match &*link.state().borrow() {
            State::Up { since, .. } => Self::Up { since: *since },
            State::Down { since, failure } => Self::Down {
                since: Some(*since),
                why: failure.to_string(),
            },
            State::Connecting => Self::Down {
                since: None,
                why: "connecting".to_owned(),
            },
            State::Closed => Self::Down {
                since: None,
                why: "closed".to_owned(),
            },
        }
    }
}

/// The nodes there are, and the links to them.
#[derive(Debug, Default)]
pub(crate) struct Nodes(RwLock<BTreeMap<NodeName, How>>, Drifts);

/// What is known of one of them.
#[derive(Clone, Debug)]
pub(crate) enum How {
    /// It has no Manager address.
    NoManager,
    /// There is no secret to sign in with, and why.
    NoSecret(String),
    /// It has a link.
    Link(Link),
}

impl Nodes {
    /// Each node and how its link is, by name.
    pub(crate) fn all(&self) -> Vec<(NodeName, Linked)> {
        let linked = |how: &How| match how {
            How::NoManager => Linked::NoManager,
            How::NoSecret(why) => Linked::NoSecret { why: why.clone() },
            How::Link(link) => Linked::of(link),
        };
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().map(|(name, how)| (name.clone(), linked(how))).collect()
    }

    /// The link to a node, up or down; none where there can be none.
    #[cfg(test)]
    pub(crate) fn link(&self, name: &NodeName) -> Option<Link> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        match known.get(name) {
            Some(How::Link(link)) => Some(link.clone()),
            _ => None,
        }
    }

    /// All links, up or down, by the node's name.
    #[cfg(test)]
    pub(crate) fn links(&self) -> Vec<(NodeName, Link)> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let link = |(name, how): (&NodeName, &How)| match how {
            How::Link(link) => Some((name.clone(), link.clone())),
            _ => None,
        };
        known.iter().filter_map(link).collect()
    }

    /// What was otherwise at nodes than in the database when they were last compared.
    pub(crate) fn drift(&self) -> Vec<Drift> {
        self.1.all()
    }

    /// Where that is kept.
    pub(crate) fn drifts(&self) -> &Drifts {
        &self.1
    }

    /// Takes which nodes there are now.
    pub(crate) fn set(&self, now: BTreeMap<NodeName, How>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = now;
    }
}
