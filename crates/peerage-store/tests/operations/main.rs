//! The operations against a real database: what they do, what they refuse and in which words, and what the audit keeps of them.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod agents;
mod audit;
mod catalogue;
mod concurrency;
mod connection;
mod import;
mod import_refusals;
mod logins;
mod nodes;
mod outside_numbers;
mod phones;
mod removal;
mod renumbering;
mod secrets;
mod served;
mod sign_in;
mod sites;
mod support;
