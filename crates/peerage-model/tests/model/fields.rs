//! Every column that has a parser, with its parser.

use std::fmt::Display;
use std::str::FromStr;

use peerage_model::*;

/// Parses a text and writes the value down again.
pub(crate) type Reading = fn(&str) -> Result<String, Invalid>;

fn reading<T: FromStr<Err = Invalid> + Display>(text: &str) -> Result<String, Invalid> {
    text.parse::<T>().map(|value| value.to_string())
}

pub(crate) const FIELDS: &[(&str, Reading)] = &[
    ("number", reading::<Number>),
    ("host", reading::<Host>),
    ("nat", reading::<Nat>),
    ("type", reading::<PeerType>),
    ("transports", reading::<Transports>),
    ("codecs", reading::<Codecs>),
    ("callerid_name", reading::<CallerName>),
    ("callerid_number", reading::<CallerNumber>),
    ("emergency_callerid", reading::<CallerNumber>),
    ("context", reading::<Context>),
    ("call_groups", reading::<Groups>),
    ("pickup_groups", reading::<Groups>),
    ("named_call_groups", reading::<NamedGroups>),
    ("named_pickup_groups", reading::<NamedGroups>),
    ("record", reading::<Record>),
    ("qualify_seconds", reading::<QualifySeconds>),
    ("max_contacts", reading::<MaxContacts>),
    ("full_name", reading::<FullName>),
    ("alias", reading::<Alias>),
    ("description", reading::<Description>),
    ("email", reading::<Email>),
    ("phone", reading::<DialNumber>),
    ("mobile", reading::<DialNumber>),
    ("country", reading::<Country>),
    ("outside_numbers", reading::<NumberPatterns>),
    ("realm", reading::<Realm>),
    ("site_name", reading::<SiteName>),
    ("node_name", reading::<NodeName>),
    ("username", reading::<Username>),
    ("role", reading::<Role>),
    ("driver", reading::<Driver>),
    ("conflict_policy", reading::<ConflictPolicy>),
    ("log_level", reading::<LogLevel>),
    ("channel", reading::<Channel>),
    ("capacity", reading::<Capacity>),
];

pub(crate) type Words = fn() -> Vec<&'static str>;

/// The words of each closed vocabulary.
pub(crate) const VOCABULARIES: &[(&str, Words)] = &[
    ("nat", || words(Nat::ALL, Nat::as_str)),
    ("type", || words(PeerType::ALL, PeerType::as_str)),
    ("record", || words(Record::ALL, Record::as_str)),
    ("role", || words(Role::ALL, Role::as_str)),
    ("driver", || words(Driver::ALL, Driver::as_str)),
    ("conflict_policy", || words(ConflictPolicy::ALL, ConflictPolicy::as_str)),
    ("log_level", || words(LogLevel::ALL, LogLevel::as_str)),
    ("channel", || words(Channel::ALL, Channel::as_str)),
];

fn words<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|one| word(*one)).collect()
}
