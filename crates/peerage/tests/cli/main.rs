//! What the command says and how it ends: argv, exit code, standard output and standard error, in snapshots. Feel free to change the output;
//! these tests make sure that only what is meant to change does.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod agent;
mod asterisk;
mod audit;
mod help;
mod import;
mod node;
mod output;
mod phone;
mod pooler;
mod redact;
mod secrets;
mod serve;
mod session;
mod settings;
mod site;
mod state;
mod token;
mod up;
mod user;
mod values;
mod views;
