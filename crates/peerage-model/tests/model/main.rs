//! What every parser promises, held against `schema/values.tsv`, the documented patterns and
//! arbitrary input.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod fields;
mod json;
mod patterns;
mod properties;
mod state_fixture;
mod state_leave;
mod state_login;
mod state_pause;
mod state_phones;
mod state_properties;
mod state_refusal;
mod state_totals;
mod state_words;
mod state_world;
mod values;
