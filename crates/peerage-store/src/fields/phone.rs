//! The fields of a telephone.

use crate::{Account, AccountPatch, NewPhone, Phone, PhonePatch};
use peerage_model::{FullName, Invalid, Number};

use super::account::{Patch, Record};
use super::{Field, agent, or_empty};

/// The Account section.
pub const ACCOUNT: &[Field<PhonePatch, Phone>] = &[
    Field {
        name: "name",
        read: |patch, text| {
            patch.full_name = Some(text.parse()?);
            Ok(())
        },
        clear: None,
        write: |phone| phone.full_name.to_string(),
    },
    Field {
        name: "emergency-callerid",
        read: |patch, text| {
            patch.emergency_callerid = Some(Some(text.parse()?));
            Ok(())
        },
        clear: Some(|patch| patch.emergency_callerid = Some(None)),
        write: |phone| or_empty(phone.emergency_callerid.as_ref()),
    },
];

impl Patch for PhonePatch {
    fn account(&mut self) -> &mut AccountPatch {
        &mut self.account
    }
}

impl Record for Phone {
    fn account(&self) -> &Account {
        &self.account
    }
}

/// A new telephone: the defaults with these changes.
///
/// # Errors
///
/// There is no name, or settings do not go together.
pub fn new(number: Number, patch: PhonePatch) -> Result<NewPhone, Invalid> {
    let full_name = patch
        .full_name
        .ok_or_else(|| Invalid::new("name", "", FullName::RULE))?;
    Ok(NewPhone {
        account: agent::new_account(number, patch.account)?,
        full_name,
        emergency_callerid: patch.emergency_callerid.flatten(),
    })
}
