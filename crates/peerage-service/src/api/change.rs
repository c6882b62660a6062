//! Bodies that change something: what is left out stays, null clears what may be empty.

use std::str::FromStr;

use peerage_model::Invalid;
use peerage_store::Pin;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// What becomes of one field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Change<T> {
    /// Left out: it stays, or has its default in something new.
    #[default]
    Keep,
    /// It becomes this.
    Set(T),
}

impl<T> Change<T> {
    /// What the store's patches take.
    pub(crate) fn into_option(self) -> Option<T> {
        match self {
            Self::Keep => None,
            Self::Set(value) => Some(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::Set)
    }
}

/// Makes a body of changes. A field is `name: Type` for one that is never empty, `name: Type or null` for one that null clears;
/// the type is the model's, described by the type of the same name in [`types`](super::types).
macro_rules! changes {
    (
        $(#[$doc:meta])*
        $struct:ident {
            $( $(#[$field_doc:meta])* $field:ident : $type:ident $(or $null:ident)? , )*
        }
    ) => {
        $crate::api::change::changes! {
            @next [$(#[$doc])* $struct] [] $( { $(#[$field_doc])* $field $type $($null)? } )*
        }
    };
    (@next [$($head:tt)*] [$($done:tt)*] { $(#[$field_doc:meta])* $field:ident $type:ident null } $($rest:tt)*) => {
        $crate::api::change::changes! {
            @next [$($head)*] [
                $($done)*
                $(#[$field_doc])*
                #[serde(default)]
                #[schema(value_type = Option<$crate::api::types::$type>)]
                pub(crate) $field: $crate::api::change::Change<Option<$type>>,
            ] $($rest)*
        }
    };
    (@next [$($head:tt)*] [$($done:tt)*] { $(#[$field_doc:meta])* $field:ident bool } $($rest:tt)*) => {
        $crate::api::change::changes! {
            @next [$($head)*] [
                $($done)*
                $(#[$field_doc])*
                #[serde(default)]
                #[schema(value_type = bool)]
                pub(crate) $field: $crate::api::change::Change<bool>,
            ] $($rest)*
        }
    };
    (@next [$($head:tt)*] [$($done:tt)*] { $(#[$field_doc:meta])* $field:ident $type:ident } $($rest:tt)*) => {
        $crate::api::change::changes! {
            @next [$($head)*] [
                $($done)*
                $(#[$field_doc])*
                #[serde(default)]
                #[schema(value_type = $crate::api::types::$type)]
                pub(crate) $field: $crate::api::change::Change<$type>,
            ] $($rest)*
        }
    };
    (@next [$(#[$doc:meta])* $struct:ident] [$($done:tt)*]) => {
        $(#[$doc])*
        #[derive(Debug, Default, serde::Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $struct {
            $($done)*
        }
    };
}

pub(crate) use changes;

/// A text in a body that is read by the rule of its type.
#[derive(Clone, Debug)]
pub(crate) struct Parsed<T>(pub(crate) T);

impl<'de, T: FromStr<Err = Invalid>> Deserialize<'de> for Parsed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(D::Error::custom)
    }
}

/// A secret in a request body. A refusal never repeats the value.
#[derive(Clone, Debug)]
pub(crate) struct Secret(pub(crate) peerage_model::Secret);

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let hidden = || Invalid::hidden(peerage_model::Secret::FIELD, peerage_model::Secret::RULE);
        let text = String::deserialize(deserializer).map_err(|_shows_it| D::Error::custom(hidden()))?;
        peerage_model::Secret::try_from(text)
            .map(Self)
            .map_err(D::Error::custom)
    }
}

/// A person's password in a body, as [`Secret`].
#[derive(Clone, Debug)]
pub(crate) struct Password(pub(crate) peerage_model::Password);

impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let hidden = || Invalid::hidden(peerage_model::Password::FIELD, peerage_model::Password::RULE);
        let text = String::deserialize(deserializer).map_err(|_shows_it| D::Error::custom(hidden()))?;
        peerage_model::Password::try_from(text)
            .map(Self)
            .map_err(D::Error::custom)
    }
}

/// A PIN in a body, as [`Secret`].
#[derive(Clone, Debug)]
pub(crate) struct PinText(pub(crate) Pin);

impl<'de> Deserialize<'de> for PinText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let hidden = || Invalid::hidden(Pin::FIELD, Pin::RULE);
        let text = String::deserialize(deserializer).map_err(|_shows_it| D::Error::custom(hidden()))?;
        Pin::try_from(text).map(Self).map_err(D::Error::custom)
    }
}
