//! What every parser promises, held against `schema/values.tsv`, the documented patterns and
//! arbitrary input.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod fields;
mod json;
mod patterns;
mod properties;
mod values;
