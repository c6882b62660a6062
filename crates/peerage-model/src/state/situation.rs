use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{EndCause, EndReason, Interface, Pauses, Place, QueueName, ReasonCode};
use crate::{ConflictPolicy, DialNumber, Driver, FullName, Number, Permissions, SiteName};

/// Everything a decision about an agent is made from, as loaded while the agent is locked.
#[derive(Debug, Clone, PartialEq)]
pub struct Situation {
    /// The agent's number.
    pub number: Number,
    /// The agent's full name.
    pub name: FullName,
    /// The agent's site.
    pub site: SiteName,
    /// The driver of that site.
    pub driver: Driver,
    /// What that site does about a telephone in use.
    pub conflict_policy: ConflictPolicy,
    /// Whether the agent's account is disabled.
    pub disabled: bool,
    /// Whether the agent picks a telephone at login, in place of an interface.
    pub hot_desk: bool,
    /// Whether each login begins paused.
    pub login_in_pause: bool,
    /// What the agent may do with the own session.
    pub permissions: Permissions,
    /// The agent's phone field.
    pub phone: Option<DialNumber>,
    /// Whether the site allows calls to it as an outside number.
    pub phone_allowed: bool,
    /// The account of that number, when there is one.
    pub phone_account: Option<NamedAccount>,
    /// The agent's mobile field.
    pub mobile: Option<DialNumber>,
    /// Whether the site allows calls to it as an outside number.
    pub mobile_allowed: bool,
    /// The open session; `None` when logged out.
    pub session: Option<OpenSession>,
    /// Telephones, of other sites too where they should be named in a refusal. Needed for a login
    /// or a move of a hot-desk agent only, and then all of the agent's site.
    pub phones: Vec<PhoneSeen>,
    /// Open sessions of others on the agent's own places (account, phone, mobile). Needed for a
    /// login or a move only.
    pub holders: Vec<Holder>,
    /// The reasons for a pause. Needed for a pause only.
    pub reasons: Vec<ReasonSeen>,
}

impl Situation {
    /// The open session of another agent on this interface.
    pub fn holder(&self, interface: &Interface) -> Option<&Holder> {
        let on_phones = self.phones.iter().filter_map(|phone| phone.used_by.as_ref());
        on_phones
            .chain(&self.holders)
            .find(|holder| holder.interface == *interface && holder.agent != self.number)
    }
}

/// The account that a phone field names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedAccount {
    /// Its number.
    pub number: Number,
    /// The driver of its site.
    pub driver: Driver,
    /// Whether it is disabled.
    pub disabled: bool,
}

/// A session that has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    /// Where its calls ring.
    pub place: Place,
    /// When the agent logged in.
    pub since: Timestamp,
    /// Its pauses.
    pub pauses: Pauses,
    /// The queues it is in.
    pub queues: BTreeSet<QueueName>,
    /// The logout asked for after the running call.
    pub leaving: Option<Leaving>,
}

/// A logout that waits for the running call to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// Who asked for it: who is recorded as having ended the session.
    pub by: String,
    /// The cause it will have.
    pub cause: EndCause,
    /// What was said about it.
    pub reason: Option<EndReason>,
}

/// The open session that has an interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The agent.
    pub agent: Number,
    /// The agent's full name.
    pub name: FullName,
    /// The interface it has.
    pub interface: Interface,
    /// Since when it has it: login, or the last move.
    pub since: Timestamp,
}

/// Whether a telephone is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registration {
    /// It is; since when, where that is known.
    Registered(Option<Timestamp>),
    /// It is not; when it last was, where that is known.
    Absent(Option<Timestamp>),
}

/// A telephone as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneSeen {
    /// Its number.
    pub number: Number,
    /// Its name.
    pub name: FullName,
    /// Its site.
    pub site: SiteName,
    /// Whether its account is disabled.
    pub disabled: bool,
    /// Whether it is registered. A fixed host counts as registered: it never registers.
    pub registration: Registration,
    /// The open session on its interface, whatever the kind of that session's place.
    pub used_by: Option<Holder>,
}

impl PhoneSeen {
    /// Whether it is registered.
    pub fn is_registered(&self) -> bool {
        matches!(self.registration, Registration::Registered(_))
    }
}

/// A reason for a pause, as configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasonSeen {
    /// Its code.
    pub code: ReasonCode,
    /// Whether agents are offered it; a reason of the system never is.
    pub selectable: bool,
    /// Whether it is meant when none is given; at most one is.
    pub is_default: bool,
}
