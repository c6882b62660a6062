//! The running service, asked over HTTP. One binary: a module for each part of the interface and of the console.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;
mod unknown;

mod admin_agents;
mod admin_form;
mod admin_import;
mod admin_settings;
mod admin_telephones;
mod admin_values;
mod agent;
mod api;
mod api_agents;
mod api_document;
mod api_junk;
mod api_open;
mod api_rights;
mod api_settings;
mod api_signed;
mod api_values;
mod audit;
mod board;
mod board_steer;
mod board_times;
mod browser;
mod client_logs;
mod events;
mod schemathesis;
mod sign_in;
