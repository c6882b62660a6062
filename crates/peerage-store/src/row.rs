//! Rows as they are stored, and what they mean.

use peerage_model::Invalid;

use crate::StoreError;
use crate::error::{Advice, Refusal};

pub(crate) mod account;
pub(crate) mod agent;
pub(crate) mod audit;
pub(crate) mod login;
pub(crate) mod node;
pub(crate) mod phone;
pub(crate) mod registration;
pub(crate) mod site;

/// A stored value that is not one for this version: the constraints are those of another.
#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
pub(crate) fn corrupt(error: Invalid) -> StoreError {
    StoreError::Other(
        Refusal::new(format!(
            "the database holds a value that this version does not know: {error}"
        ))
        .hint(Advice::Migrate),
    )
}

/// The same of a value that is JSON.
pub(crate) fn illegible(error: &serde_json::Error) -> StoreError {
    StoreError::Other(
        Refusal::new(format!(
            "the database holds a value that this version cannot read: {error}"
        ))
        .hint(Advice::Migrate),
    )
}

/// Reads a stored text as the type it was checked for.
pub(crate) fn parsed<T>(text: impl AsRef<str>) -> Result<T, StoreError>
where
    T: for<'a> TryFrom<&'a str, Error = Invalid>,
{
    T::try_from(text.as_ref()).map_err(corrupt)
}

/// As [`parsed`], for a text that may be null.
pub(crate) fn maybe_parsed<T>(text: Option<String>) -> Result<Option<T>, StoreError>
where
    T: for<'a> TryFrom<&'a str, Error = Invalid>,
{
    text.map(parsed).transpose()
}

/// A text as it is stored.
pub(crate) fn text(value: &Option<impl AsRef<str>>) -> Option<String> {
    value.as_ref().map(|value| value.as_ref().to_owned())
}
