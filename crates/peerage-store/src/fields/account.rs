//! What agents and telephones share besides the Voice section, and the two put together.

use crate::{Account, AccountPatch, VoicePatch};
use peerage_model::{Invalid, Voice};

use super::{Field, read_switch, voice, yes_or_no};

/// Site and service.
pub const FIELDS: &[Field<AccountPatch, Account>] = &[
    Field {
        name: "site",
        read: |patch, text| {
            patch.site = Some(text.parse()?);
            Ok(())
        },
        clear: None,
        write: |account| account.site.to_string(),
    },
    Field {
        name: "disabled",
        read: |patch, text| {
            patch.disabled = Some(read_switch(text)?);
            Ok(())
        },
        clear: None,
        write: |account| yes_or_no(account.disabled),
    },
];

/// A change of an agent or a telephone.
pub trait Patch: Default {
    /// The part that both have.
    fn account(&mut self) -> &mut AccountPatch;
}

/// An agent or a telephone.
pub trait Record {
    /// The part that both have.
    fn account(&self) -> &Account;
}

/// A field of an agent or a telephone, wherever it belongs.
pub enum Column<P, R> {
    /// Its own kind's.
    Own(Field<P, R>),
    /// Of both kinds.
    Account(Field<AccountPatch, Account>),
    /// Of the Voice section.
    Voice(Field<VoicePatch, Voice>),
}

impl<P: Patch, R: Record> Column<P, R> {
    /// Its flag without the dashes.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Own(field) => field.name,
            Self::Account(field) => field.name,
            Self::Voice(field) => field.name,
        }
    }

    /// Puts a text that is not empty into the patch. An error names the column.
    ///
    /// # Errors
    ///
    /// The text breaks the field's rule.
    pub fn read(&self, patch: &mut P, text: &str) -> Result<(), Invalid> {
        let read = match self {
            Self::Own(field) => (field.read)(patch, text),
            Self::Account(field) => (field.read)(patch.account(), text),
            Self::Voice(field) => (field.read)(&mut patch.account().voice, text),
        };
        read.map_err(|invalid| invalid.with_field(self.name()))
    }

    /// As [`read`](Self::read); an empty text takes the value away where there can be none.
    ///
    /// # Errors
    ///
    /// The text breaks the field's rule.
    pub fn put(&self, patch: &mut P, text: &str) -> Result<(), Invalid> {
        let put = match self {
            Self::Own(field) => field.put(patch, text),
            Self::Account(field) => field.put(patch.account(), text),
            Self::Voice(field) => field.put(&mut patch.account().voice, text),
        };
        put.map_err(|invalid| invalid.with_field(self.name()))
    }

    /// The text that [`read`](Self::read) takes.
    pub fn write(&self, record: &R) -> String {
        match self {
            Self::Own(field) => (field.write)(record),
            Self::Account(field) => (field.write)(record.account()),
            Self::Voice(field) => (field.write)(&record.account().voice),
        }
    }
}

/// All columns: these of its own, then those that both kinds have.
pub fn columns<P, R>(own: &[Field<P, R>]) -> Vec<Column<P, R>> {
    let own = own.iter().map(|field| Column::Own(*field));
    let account = FIELDS.iter().map(|field| Column::Account(*field));
    let voice = voice::FIELDS.iter().map(|field| Column::Voice(*field));
    own.chain(account).chain(voice).collect()
}
