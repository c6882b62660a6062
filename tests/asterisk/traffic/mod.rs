//! Phones that register, call and are called: what Asterisk's own commands cannot tell.
//!
//! Each test is written once and runs on every stack of [`stack::STACKS`], with real phones, against a database that
//! Asterisk reads through a node's login.

pub(crate) mod account;
mod calls;
mod digests;
mod log;
mod nodes;
mod outage;
mod registration;
pub(crate) mod stack;
mod tls;
mod transports;
mod types;
mod wire;
