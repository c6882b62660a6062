//! What the service holds in memory, and nothing that acts on it: all of it can be had again from the database and from Asterisk, or is
//! given up with a restart.

mod calls;
mod drift;
mod events;
mod hub;
mod imports;
mod leads;
mod nodes;
mod once;
mod presence;
mod refused;
mod traffic;

pub(crate) use calls::{Calls, Changed};
pub(crate) use drift::{Drift, Finding};
pub(crate) use events::{Events, OpenPage, To, Told};
pub(crate) use hub::{Change, Hub, Which};
pub(crate) use imports::{About, Imports, Job, MOST as LARGEST_IMPORT, Progress};
pub(crate) use leads::{Held, Identity, Leads};
pub(crate) use nodes::{How, Linked, Nodes};
pub(crate) use once::{Once, Outcome, Shown};
pub(crate) use presence::{Presence, Present};
pub(crate) use refused::{Refusal, Refusals, Refused, Watched, Why};
pub(crate) use traffic::{Network, Traffic, Whose};
