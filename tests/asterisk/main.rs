//! What a running Asterisk says and does with the views. Needs the lab (`contrib/lab/lab install`).
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod coherence;
mod differential;
mod queue;
mod service;
mod traffic;
