//! What changed just now, for whoever watches.

mod calls;
pub(crate) mod events;
mod hub;
mod now;
mod presence;

pub(crate) use calls::{Call, Calls, Changed};
pub(crate) use events::{Events, OpenPage, To, Told};
pub(crate) use hub::{Change, Hub, Which};
pub(crate) use now::agents_now;
pub(crate) use presence::{Presence, Present};
