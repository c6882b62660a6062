//! The fields of an agent and a telephone: their names on the command line, in CSV and in forms, how each is read and written.
//!
//! One table serves import, export, `show` and the console's forms, so that what one writes another reads.

use peerage_model::Invalid;

pub mod account;
pub mod agent;
pub mod channel;
pub mod kind;
pub mod permission;
pub mod phone;
pub mod voice;

/// One field of a `R`ecord, which can be changed through a `P`atch.
pub struct Field<P, R> {
    /// Its flag without the dashes: `call-group`.
    pub name: &'static str,
    /// Puts a text that is not empty into the patch.
    pub read: fn(&mut P, &str) -> Result<(), Invalid>,
    /// Takes the value away; none for a field that always has one, or whose empty text [`read`](Self::read) takes.
    pub clear: Option<fn(&mut P)>,
    /// The text that [`read`](Self::read) takes; empty when there is no value.
    pub write: fn(&R) -> String,
}

impl<P, R> Field<P, R> {
    /// Puts a text into the patch; an empty one takes the value away where there can be none.
    ///
    /// # Errors
    ///
    /// The text breaks the field's rule.
    pub fn put(&self, patch: &mut P, text: &str) -> Result<(), Invalid> {
        match self.clear {
            Some(clear) if text.is_empty() => {
                clear(patch);
                Ok(())
            }
            _ => (self.read)(patch, text),
        }
    }
}

impl<P, R> Clone for Field<P, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P, R> Copy for Field<P, R> {}

/// `yes` or `no`.
pub fn yes_or_no(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}

/// Reads `yes` or `no`.
///
/// # Errors
///
/// It is neither.
pub fn read_switch(text: &str) -> Result<bool, Invalid> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(Invalid::new("switch", text, "yes or no")),
    }
}

/// The text of a value that may be missing.
pub fn or_empty<T: ToString>(value: Option<&T>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}
