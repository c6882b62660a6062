//! What the service holds in memory, and nothing that acts on it: all of it can be had again from the database and from Asterisk, or is
//! given up with a restart.

mod calls;
mod drift;
mod events;
mod hub;
mod imports;
mod nodes;
mod once;
mod presence;
mod traffic;

pub(crate) use calls::{Call, Calls, Changed};
pub(crate) use drift::{Drift, Finding};
pub(crate) use events::{Events, OpenPage, To, Told};
pub(crate) use hub::{Change, Hub, Which};
pub(crate) use imports::{About, Imports, Job, MOST as LARGEST_IMPORT, Progress};
pub(crate) use nodes::{How, Linked, Nodes};
pub(crate) use once::{Once, Outcome, Shown};
pub(crate) use presence::{Presence, Present};
pub(crate) use traffic::{Network, Traffic, Whose};
