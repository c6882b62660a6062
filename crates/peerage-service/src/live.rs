//! What changed just now, for whoever watches.

mod calls;
mod hub;
mod now;

pub(crate) use calls::{Call, Calls};
pub(crate) use hub::{Change, Hub, Which};
pub(crate) use now::agents_now;
