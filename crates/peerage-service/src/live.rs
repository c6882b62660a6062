//! How things are right now, for whoever watches.

mod now;
mod tell;

pub(crate) use now::agents_now;
pub(crate) use tell::run as tell_pages;
