//! The fields of an agent and a telephone: their names on the command line and in CSV, how each is read and written.
//!
//! One table serves import, export and `show`, so that what one writes another reads.

use peerage_model::Invalid;

pub(crate) mod account;
pub(crate) mod agent;
pub(crate) mod channel;
pub(crate) mod kind;
pub(crate) mod permission;
pub(crate) mod phone;
pub(crate) mod voice;

/// One field of a `R`ecord, which can be changed through a `P`atch.
pub(crate) struct Field<P, R> {
    /// Its flag without the dashes: `call-group`.
    pub(crate) name: &'static str,
    /// Puts a text that is not empty into the patch.
    pub(crate) read: fn(&mut P, &str) -> Result<(), Invalid>,
    /// The text that [`read`](Self::read) takes; empty when there is no value.
    pub(crate) write: fn(&R) -> String,
}

impl<P, R> Clone for Field<P, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P, R> Copy for Field<P, R> {}

/// `yes` or `no`.
pub(crate) fn yes_or_no(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}

/// Reads `yes` or `no`.
pub(crate) fn read_switch(text: &str) -> Result<bool, Invalid> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(Invalid::new("switch", text, "yes or no")),
    }
}

/// The text of a value that may be missing.
pub(crate) fn or_empty<T: ToString>(value: Option<&T>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}
