//! Who asks: a browser by its cookie, a program by its token.
//!
//! A cookie is sent by the browser whoever made it ask, so what changes something must show the CSRF token too, which only our own
//! pages know: [`csrf_layer`] sees to that for every route.

mod client;
mod cookie;
mod csrf;
mod noted;
mod scope;
mod sign_in;
mod who;

pub(crate) use client::{ClientAddress, Visitor, client_layer};
pub(crate) use csrf::csrf_layer;
pub(crate) use noted::ActorSlot;
pub(crate) use scope::may_steer;
pub(crate) use sign_in::{Entrance, ended_because, refused, sign_in, sign_out};
pub(crate) use who::{Means, SignedIn};
