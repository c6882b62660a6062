//! Compiler, installer, verifier and explainer of `asterisk-realtime-views/`.
//!
//! - [`source`]: the files, embedded, and what their headers say
//! - [`manifest`]: Asterisk's own column lists, and what is left out for which reason
//! - [`script`]: the whole schema as one script
//! - [`plan`]: what an install would do, decided without touching anything
//! - [`install`]: migrations and views, all in one transaction
//! - [`verify`]: what differs between the database and the files
//! - [`explain`]: from which field each value comes that Asterisk is told
//! - [`node_config`]: the configuration files of an Asterisk node
#![warn(missing_docs)]

pub mod explain;
pub mod install;
pub mod manifest;
pub mod node_config;
pub mod plan;
pub mod script;
pub mod source;
pub mod verify;
