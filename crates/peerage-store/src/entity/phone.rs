use peerage_model::{CallerNumber, FullName, Number};

use super::account::{Account, AccountPatch, NewAccount};

/// A telephone to be added. The SIP secret goes beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPhone {
    /// The SIP account.
    pub account: NewAccount,
    /// Name as people read it, such as its place.
    pub full_name: FullName,
    /// Caller id number for emergency calls; none: the site's.
    pub emergency_callerid: Option<CallerNumber>,
}

impl NewPhone {
    /// A telephone with the defaults of everything else.
    pub fn new(number: Number, full_name: FullName) -> Self {
        Self {
            account: NewAccount::new(number),
            full_name,
            emergency_callerid: None,
        }
    }
}

/// A telephone.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Phone {
    /// The SIP account.
    #[serde(flatten)]
    pub account: Account,
    /// Name as people read it, such as its place.
    pub full_name: FullName,
    /// Caller id number for emergency calls; none: the site's.
    pub emergency_callerid: Option<CallerNumber>,
}

/// Changes of a telephone; none by default.
#[derive(Debug, Clone, Default)]
pub struct PhonePatch {
    /// Changes of the SIP account.
    pub account: AccountPatch,
    /// Name as people read it.
    pub full_name: Option<FullName>,
    /// Caller id number for emergency calls, or none.
    pub emergency_callerid: Option<Option<CallerNumber>>,
}
