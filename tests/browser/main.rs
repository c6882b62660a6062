//! The console in a real browser: the real service, Postgres and Asterisk behind it. What comes of each flow is asked of Asterisk.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod admin;
mod agent;
mod choices;
mod contrast;
mod hot_desk;
mod house;
mod kept;
mod keyboard;
mod outage;
mod outcome;
mod pages;
mod people;
mod sample;
mod sign_in;
mod supervisor;
mod truth;
