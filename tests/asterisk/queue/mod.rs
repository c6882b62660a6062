//! The state of agents between Peerage and app_queue: what Asterisk makes of it, and what becomes of what Asterisk writes.
//!
//! Each test is written once and runs on Asterisk 16 and 22, on an Asterisk that several share unless it stops things.

mod caller;
mod centre;
mod complaints;
mod hot_desk;
mod log;
mod log_in;
mod manager;
mod outside;
mod overrides;
mod pause;
mod pauses;
mod people;
mod reasons;
mod rules;
mod shown;
mod survival;
mod versions;
