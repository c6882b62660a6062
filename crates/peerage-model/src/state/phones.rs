use jiff::Timestamp;

use super::{Holder, PhoneSeen, Registration};
use crate::{FullName, Number, SiteName};

/// A telephone as an agent of a site sees it in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedPhone {
    /// Its number.
    pub number: Number,
    /// Its name.
    pub name: FullName,
    /// Why it cannot be picked; `None` when it can.
    pub not_offered: Option<NotOffered>,
}

/// The one reason why a telephone cannot be picked: the first that holds, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotOffered {
    /// It stands at another site.
    OtherSite(SiteName),
    /// Its account is disabled.
    Disabled,
    /// Somebody has it, perhaps the agent who asks.
    InUse(Holder),
    /// It is not registered; when it last was, where that is known.
    NotRegistered(Option<Timestamp>),
}

/// The telephones in the order given, each with whether an agent of this site may pick it.
///
/// When no telephone of the site is registered at all, the registrations tell nothing, and all
/// free ones may be picked.
pub fn telephone_list(phones: &[PhoneSeen], site: &SiteName) -> Vec<OfferedPhone> {
    phones
        .iter()
        .map(|phone| OfferedPhone {
            number: phone.number.clone(),
            name: phone.name.clone(),
            not_offered: not_offered(phone, phones, site),
        })
        .collect()
}

fn not_offered(phone: &PhoneSeen, phones: &[PhoneSeen], site: &SiteName) -> Option<NotOffered> {
    if phone.site != *site {
        return Some(NotOffered::OtherSite(phone.site.clone()));
    }
    if phone.disabled {
        return Some(NotOffered::Disabled);
    }
    if let Some(holder) = &phone.used_by {
        return Some(NotOffered::InUse(holder.clone()));
    }
    absence(phone, phones, site)
}

/// That a telephone is not registered, unless none of its site is.
pub(super) fn absence(phone: &PhoneSeen, phones: &[PhoneSeen], site: &SiteName) -> Option<NotOffered> {
    let Registration::Absent(last_seen) = phone.registration else {
        return None;
    };
    phones
        .iter()
        .any(|other| other.site == *site && !other.disabled && other.is_registered())
        .then_some(NotOffered::NotRegistered(last_seen))
}
