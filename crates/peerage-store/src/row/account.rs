use diesel::prelude::*;
use jiff_diesel::Timestamp;
use peerage_model::{CallerId, Codecs, Digests, Groups, NamedGroups, Transports, Voice};

use super::{corrupt, maybe_parsed, parsed, text};
use crate::schema::{sip_account, sip_secret, site};
use crate::{Entity, NewAccount, StoreError};

/// Whose an account is: the column `kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Agent,
    Phone,
}

impl Kind {
    /// As errors name it.
    pub(crate) const fn entity(self) -> Entity {
        match self {
            Self::Agent => Entity::Agent,
            Self::Phone => Entity::Phone,
        }
    }

    /// As it is stored.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Phone => "phone",
        }
    }

    /// As people call it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Phone => "telephone",
        }
    }

    /// One of them, as people call it.
    pub(crate) fn one(self) -> &'static str {
        match self {
            Self::Agent => "an agent",
            Self::Phone => "a telephone",
        }
    }

    pub(crate) fn other(self) -> Self {
        match self {
            Self::Agent => Self::Phone,
            Self::Phone => Self::Agent,
        }
    }
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = sip_account, check_for_backend(diesel::pg::Pg))]
pub(crate) struct AccountRow {
    pub(crate) id: i64,
    #[diesel(embed)]
    pub(crate) columns: AccountColumns,
    #[diesel(deserialize_as = Timestamp)]
    pub(crate) created_at: jiff::Timestamp,
}

/// What an account's site says about it.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = site, check_for_backend(diesel::pg::Pg))]
pub(crate) struct HomeColumns {
    pub(crate) name: String,
    pub(crate) realm: String,
}

/// What may be read of a secret.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = sip_secret, check_for_backend(diesel::pg::Pg))]
pub(crate) struct SecretStateColumns {
    pub(crate) realm: String,
    pub(crate) weak: bool,
    #[diesel(deserialize_as = Timestamp)]
    pub(crate) changed_at: jiff::Timestamp,
}

/// What people set of an account. Flat, because rows that are copied in cannot be nested.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sip_account, check_for_backend(diesel::pg::Pg))]
#[diesel(treat_none_as_null = true, treat_none_as_default_value = false)]
pub(crate) struct AccountColumns {
    pub(crate) site_id: i64,
    pub(crate) disabled: bool,
    pub(crate) number: String,
    kind: String,
    transports: Vec<String>,
    host: String,
    nat: String,
    peer_type: String,
    codecs: Vec<String>,
    callerid_name: Option<String>,
    callerid_number: Option<String>,
    context: String,
    call_groups: Vec<i16>,
    pickup_groups: Vec<i16>,
    named_call_groups: Vec<String>,
    named_pickup_groups: Vec<String>,
    chanspy: bool,
    video: bool,
    record: String,
    encryption: bool,
    qualify_seconds: i32,
    max_contacts: i32,
}

impl AccountColumns {
    pub(crate) fn new(kind: Kind, site_id: i64, account: &NewAccount) -> Self {
        let voice = &account.voice;
        Self {
            site_id,
            disabled: account.disabled,
            number: account.number.to_string(),
            kind: kind.as_str().to_owned(),
            transports: owned(&voice.transports.words()),
            host: voice.host.to_string(),
            nat: voice.nat.to_string(),
            peer_type: voice.peer_type.to_string(),
            codecs: owned(&voice.codecs.words()),
            callerid_name: text(&voice.caller_id.name),
            callerid_number: text(&voice.caller_id.number),
            context: voice.context.to_string(),
            call_groups: voice.call_groups.numbers(),
            pickup_groups: voice.pickup_groups.numbers(),
            named_call_groups: owned(&voice.named_call_groups.words()),
            named_pickup_groups: owned(&voice.named_pickup_groups.words()),
            chanspy: voice.chanspy,
            video: voice.video,
            record: voice.record.to_string(),
            encryption: voice.encryption,
            qualify_seconds: voice.qualify.get(),
            max_contacts: voice.max_contacts.get(),
        }
    }

    /// The account at the site of this name.
    pub(crate) fn at(self, site: &str) -> Result<NewAccount, StoreError> {
        let voice = Voice {
            transports: Transports::from_words(self.transports).map_err(corrupt)?,
            host: parsed(self.host)?,
            nat: parsed(self.nat)?,
            peer_type: parsed(self.peer_type)?,
            codecs: Codecs::from_words(self.codecs).map_err(corrupt)?,
            caller_id: CallerId {
                name: maybe_parsed(self.callerid_name)?,
                number: maybe_parsed(self.callerid_number)?,
            },
            context: parsed(self.context)?,
            call_groups: Groups::from_numbers(self.call_groups).map_err(corrupt)?,
            pickup_groups: Groups::from_numbers(self.pickup_groups).map_err(corrupt)?,
            named_call_groups: NamedGroups::from_words(self.named_call_groups).map_err(corrupt)?,
            named_pickup_groups: NamedGroups::from_words(self.named_pickup_groups).map_err(corrupt)?,
            chanspy: self.chanspy,
            video: self.video,
            record: parsed(self.record)?,
            encryption: self.encryption,
            qualify: self.qualify_seconds.try_into().map_err(corrupt)?,
            max_contacts: self.max_contacts.try_into().map_err(corrupt)?,
        };
        Ok(NewAccount {
            number: parsed(self.number)?,
            site: parsed(site)?,
            disabled: self.disabled,
            voice,
        })
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// A secret to be stored. It has no `Debug`, and borrows what is overwritten when dropped.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = sip_secret, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
pub(crate) struct SecretColumns<'a> {
    pub(crate) id: i64,
    pub(crate) number: &'a str,
    pub(crate) realm: &'a str,
    pub(crate) md5: &'a str,
    pub(crate) sha256: &'a str,
    pub(crate) weak: bool,
}

impl<'a> SecretColumns<'a> {
    pub(crate) fn new(id: i64, number: &'a str, realm: &'a str, digests: &'a Digests, weak: bool) -> Self {
        Self {
            id,
            number,
            realm,
            md5: digests.md5(),
            sha256: digests.sha256(),
            weak,
        }
    }
}
