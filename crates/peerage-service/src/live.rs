//! How things are right now, for whoever watches.

mod forget;
mod now;
mod tell;

pub(crate) use forget::forget;
pub(crate) use now::{agents_now, watched};
pub(crate) use tell::run as tell_pages;
