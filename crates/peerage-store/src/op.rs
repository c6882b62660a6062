//! The operations: methods of [`Store`](crate::Store), each of them one transaction. Nothing else opens one.
//!
//! Rows are locked in this order: agent, account, secret.

mod account;
mod agent;
pub(crate) mod assignment;
mod audit;
pub(crate) mod board;
mod client_log;
pub(crate) mod coherence;
pub(crate) mod health;
mod import;
mod login;
pub(crate) mod node;
mod phone;
pub(crate) mod queue;
pub(crate) mod served;
mod sign_in;
mod site;
pub(crate) mod state;
mod supervisor;
mod token;
