//! The running service, asked over HTTP. One binary: a module for each part of the interface and of the console.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

mod api_open;
mod audit;
mod board;
mod board_steer;
mod board_times;
mod client_logs;
