//! The state of agents between Peerage and app_queue: what Asterisk makes of it, and what becomes of what Asterisk writes.
//!
//! Each test is written once and runs on Asterisk 16 and 22, on an Asterisk that several share unless it stops things.

pub(crate) mod caller;
pub(crate) mod centre;
mod complaints;
mod hot_desk;
mod log;
mod log_in;
mod manager;
mod outside;
mod overrides;
mod pause;
pub(crate) mod pauses;
pub(crate) mod people;
mod reasons;
mod rules;
pub(crate) mod shown;
mod survival;
pub(crate) mod versions;
