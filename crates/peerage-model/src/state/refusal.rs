use jiff::Timestamp;

use super::{Holder, InterfaceKind, OutsideNumber, PauseReason, Place, QueueName, ReasonCode};
use crate::vocabulary::vocabulary;
use crate::{DialNumber, FullName, Number, SiteName};

vocabulary! {
    /// The stable name of each [`Refusal`].
    RefusalCode, field "code" {
        /// The agent is logged out.
        NotLoggedIn = "not_logged_in",
        /// The agent is logged in on another place.
        LoggedInElsewhere = "logged_in_elsewhere",
        /// Another agent uses the phone.
        TelephoneInUse = "telephone_in_use",
        /// The phone is not registered, while others are.
        TelephoneNotRegistered = "telephone_not_registered",
        /// The phone's account is disabled.
        TelephoneDisabled = "telephone_disabled",
        /// The phone is at another site.
        OtherSite = "other_site",
        /// There is no phone with this number.
        NoSuchTelephone = "no_such_telephone",
        /// Another agent's calls ring there.
        InterfaceInUse = "interface_in_use",
        /// An agent with hot desk must choose a phone.
        ChooseATelephone = "choose_a_telephone",
        /// An agent without hot desk cannot choose a phone.
        NoHotDesk = "no_hot_desk",
        /// The agent has no such place.
        NoSuchInterface = "no_such_interface",
        /// The site does not allow calls to the agent's outside number.
        NumberNotAllowed = "number_not_allowed",
        /// The actor may not do this.
        NotPermitted = "not_permitted",
        /// The account is disabled.
        AccountDisabled = "account_disabled",
        /// There is no pause reason with this code.
        UnknownReason = "unknown_reason",
        /// Agents may not use this reason.
        ReasonNotOffered = "reason_not_offered",
        /// The agent is not in this queue.
        NotInQueue = "not_in_queue",
        /// Ending somebody's session by force needs a reason.
        ForceNeedsReason = "force_needs_reason",
    }
}

/// A place in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InUse {
    /// The place.
    pub place: Place,
    /// The agent who uses it, and since when.
    pub holder: Holder,
    /// What the actor can do about it.
    pub remedy: ConflictRemedy,
}

/// What to do about a place in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConflictRemedy {
    /// The site's policy allows a takeover.
    TakeOver,
    /// The actor may force it.
    Force,
    /// Neither.
    AskSupervisor,
}

/// Why a request is refused. A refused request changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// See [`RefusalCode::NotLoggedIn`].
    NotLoggedIn {
        /// The agent.
        agent: Number,
        /// The agent's full name.
        name: FullName,
    },
    /// See [`RefusalCode::LoggedInElsewhere`].
    LoggedInElsewhere {
        /// The agent.
        agent: Number,
        /// The agent's full name.
        name: FullName,
        /// Where he or she is.
        place: Box<Place>,
        /// Login.
        since: Timestamp,
    },
    /// See [`RefusalCode::TelephoneInUse`].
    TelephoneInUse(Box<InUse>),
    /// See [`RefusalCode::TelephoneNotRegistered`].
    TelephoneNotRegistered {
        /// The phone.
        telephone: Number,
        /// When it last was, where that is known.
        last_seen: Option<Timestamp>,
    },
    /// See [`RefusalCode::TelephoneDisabled`].
    TelephoneDisabled {
        /// The phone.
        telephone: Number,
    },
    /// See [`RefusalCode::OtherSite`].
    OtherSite {
        /// The phone.
        telephone: Number,
        /// Its site.
        site: SiteName,
        /// The agent's site.
        own_site: SiteName,
    },
    /// See [`RefusalCode::NoSuchTelephone`].
    NoSuchTelephone {
        /// The number given.
        telephone: Number,
    },
    /// See [`RefusalCode::InterfaceInUse`].
    InterfaceInUse(Box<InUse>),
    /// See [`RefusalCode::ChooseATelephone`].
    ChooseATelephone {
        /// The agent.
        agent: Number,
        /// The phones the agent can choose, in list order.
        free: Vec<Number>,
    },
    /// See [`RefusalCode::NoHotDesk`].
    NoHotDesk {
        /// The agent.
        agent: Number,
    },
    /// See [`RefusalCode::NoSuchInterface`].
    NoSuchInterface {
        /// The agent.
        agent: Number,
        /// The kind asked for.
        kind: InterfaceKind,
        /// What the agent's field of that kind holds, when it names no account and is no outside
        /// number; `None` when it is empty.
        field: Option<DialNumber>,
    },
    /// See [`RefusalCode::NumberNotAllowed`].
    NumberNotAllowed {
        /// The agent.
        agent: Number,
        /// The field that holds the number.
        kind: InterfaceKind,
        /// The number.
        number: OutsideNumber,
        /// The agent's site.
        site: SiteName,
    },
    /// See [`RefusalCode::NotPermitted`].
    NotPermitted {
        /// The actor's name.
        actor: String,
        /// The action, as it follows "may not".
        what: &'static str,
    },
    /// See [`RefusalCode::AccountDisabled`].
    AccountDisabled {
        /// The account: the agent's, or the one that the phone field names.
        number: Number,
    },
    /// See [`RefusalCode::UnknownReason`].
    UnknownReason {
        /// The reason given.
        reason: PauseReason,
        /// The reasons offered.
        offered: Vec<ReasonCode>,
    },
    /// See [`RefusalCode::ReasonNotOffered`].
    ReasonNotOffered {
        /// The reason given.
        reason: PauseReason,
        /// The reasons offered.
        offered: Vec<ReasonCode>,
    },
    /// See [`RefusalCode::NotInQueue`].
    NotInQueue {
        /// The agent.
        agent: Number,
        /// The queue given.
        queue: QueueName,
        /// The queues the agent is in.
        queues: Vec<QueueName>,
    },
    /// See [`RefusalCode::ForceNeedsReason`].
    ForceNeedsReason,
}

impl Refusal {
    /// Its stable name.
    pub fn code(&self) -> RefusalCode {
        match self {
            Self::NotLoggedIn { .. } => RefusalCode::NotLoggedIn,
            Self::LoggedInElsewhere { .. } => RefusalCode::LoggedInElsewhere,
            Self::TelephoneInUse(_) => RefusalCode::TelephoneInUse,
            Self::TelephoneNotRegistered { .. } => RefusalCode::TelephoneNotRegistered,
            Self::TelephoneDisabled { .. } => RefusalCode::TelephoneDisabled,
            Self::OtherSite { .. } => RefusalCode::OtherSite,
            Self::NoSuchTelephone { .. } => RefusalCode::NoSuchTelephone,
            Self::InterfaceInUse(_) => RefusalCode::InterfaceInUse,
            Self::ChooseATelephone { .. } => RefusalCode::ChooseATelephone,
            Self::NoHotDesk { .. } => RefusalCode::NoHotDesk,
            Self::NoSuchInterface { .. } => RefusalCode::NoSuchInterface,
            Self::NumberNotAllowed { .. } => RefusalCode::NumberNotAllowed,
            Self::NotPermitted { .. } => RefusalCode::NotPermitted,
            Self::AccountDisabled { .. } => RefusalCode::AccountDisabled,
            Self::UnknownReason { .. } => RefusalCode::UnknownReason,
            Self::ReasonNotOffered { .. } => RefusalCode::ReasonNotOffered,
            Self::NotInQueue { .. } => RefusalCode::NotInQueue,
            Self::ForceNeedsReason => RefusalCode::ForceNeedsReason,
        }
    }

    /// What is wrong: who, what, since when. Times are UTC. No full stop.
    pub fn message(&self) -> String {
        match self {
            Self::NotLoggedIn { agent, name } => format!("agent {agent} ({name}) is not logged in"),
            Self::LoggedInElsewhere {
                agent,
                name,
                place,
                since,
            } => {
                format!("agent {agent} ({name}) is logged in on {place} since {}", time(*since))
            }
            Self::TelephoneInUse(in_use) | Self::InterfaceInUse(in_use) => in_use.message(),
            Self::TelephoneNotRegistered {
                telephone,
                last_seen: None,
            } => {
                format!("phone {telephone} is not registered")
            }
            Self::TelephoneNotRegistered {
                telephone,
                last_seen: Some(last_seen),
            } => {
                format!("phone {telephone} has not been registered since {}", time(*last_seen))
            }
            Self::TelephoneDisabled { telephone } => format!("phone {telephone} is disabled"),
            Self::OtherSite {
                telephone,
                site,
                own_site,
            } => {
                format!("phone {telephone} is at site {site}, but the agent is at site {own_site}")
            }
            Self::NoSuchTelephone { telephone } => format!("there is no phone {telephone}"),
            Self::ChooseATelephone { agent, .. } => {
                format!("agent {agent} has hot desk and needs a phone instead of an interface")
            }
            Self::NoHotDesk { agent } => {
                format!("agent {agent} has no hot desk and needs an interface instead of a phone")
            }
            Self::NoSuchInterface {
                agent,
                kind,
                field: None,
            } => format!("agent {agent} has no {kind}"),
            Self::NoSuchInterface {
                agent,
                kind,
                field: Some(field),
            } => {
                format!("the {kind} of agent {agent}, {field}, is neither an account nor an outside number")
            }
            Self::NumberNotAllowed {
                agent,
                kind,
                number,
                site,
            } => {
                format!("site {site} does not allow calls to {number}, the {kind} of agent {agent}")
            }
            Self::NotPermitted { actor, what } => format!("{actor} may not {what}"),
            Self::AccountDisabled { number } => format!("account {number} is disabled"),
            Self::UnknownReason { reason, .. } => format!("there is no pause reason {reason}"),
            Self::ReasonNotOffered { reason, .. } => format!("agents may not use the pause reason {reason}"),
            Self::NotInQueue { agent, queue, .. } => format!("agent {agent} is not in queue {queue}"),
            Self::ForceNeedsReason => "ending another agent's session by force needs a reason".to_owned(),
        }
    }

    /// What to do, in the imperative. No full stop.
    pub fn hint(&self) -> String {
        match self {
            Self::NotLoggedIn { .. } => "log in first".to_owned(),
            Self::LoggedInElsewhere { .. } => "move there to keep the session, or log out first".to_owned(),
            Self::TelephoneInUse(in_use) | Self::InterfaceInUse(in_use) => in_use.remedy.hint().to_owned(),
            Self::TelephoneNotRegistered { .. } => "check that it is switched on, or choose another one".to_owned(),
            Self::TelephoneDisabled { .. } => "choose another one, or ask an administrator to enable it".to_owned(),
            Self::OtherSite { own_site, .. } => format!("choose a phone of site {own_site}"),
            Self::NoSuchTelephone { .. } => "choose one from the list".to_owned(),
            Self::ChooseATelephone { free, .. } => one_of("choose", free)
                .unwrap_or_else(|| "no phone of the site is available: free or register one".to_owned()),
            Self::NoHotDesk { .. } => "choose internal, phone or mobile".to_owned(),
            Self::NoSuchInterface { kind, .. } => {
                format!("enter a number as the agent's {kind}, or choose another interface")
            }
            Self::NumberNotAllowed { .. } => {
                "choose another interface, or ask an administrator for a number that the site allows".to_owned()
            }
            Self::NotPermitted { .. } => "ask a supervisor or an administrator".to_owned(),
            Self::AccountDisabled { .. } => "ask an administrator to enable it".to_owned(),
            Self::UnknownReason { offered, .. } | Self::ReasonNotOffered { offered, .. } => {
                one_of("use", offered).unwrap_or_else(|| "pause without a reason: none is offered".to_owned())
            }
            Self::NotInQueue { queues, .. } => {
                one_of("use", queues).unwrap_or_else(|| "pause without a queue: the agent is in none".to_owned())
            }
            Self::ForceNeedsReason => "enter a reason".to_owned(),
        }
    }
}

impl std::fmt::Display for Refusal {
    /// The message and, after a semicolon, the hint.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}; {}", self.message(), self.hint())
    }
}

impl std::error::Error for Refusal {}

impl InUse {
    fn message(&self) -> String {
        let Self { place, holder, .. } = self;
        let Holder { agent, name, since, .. } = holder;
        format!("{place} is in use by agent {agent} ({name}) since {}", time(*since))
    }
}

impl ConflictRemedy {
    const fn hint(self) -> &'static str {
        match self {
            Self::TakeOver => "take it over, which ends that session, or choose another one",
            Self::Force => "force it with a reason, which ends that session, or choose another one",
            Self::AskSupervisor => "choose another one, or ask a supervisor to release it",
        }
    }
}

fn time(at: Timestamp) -> impl std::fmt::Display {
    at.strftime("%Y-%m-%d %H:%M:%S UTC")
}

/// Maximum number of names in a hint.
const LISTED: usize = 8;

fn one_of<T: AsRef<str>>(verb: &str, names: &[T]) -> Option<String> {
    let listed: Vec<&str> = names.iter().take(LISTED).map(AsRef::as_ref).collect();
    let more = if names.len() > LISTED { ", ..." } else { "" };
    match listed[..] {
        [] => None,
        [only] => Some(format!("{verb} {only}")),
        _ => Some(format!("{verb} one of {}{more}", listed.join(", "))),
    }
}
