#![doc = include_str!("../README.md")]

mod agent;
mod bounded;
mod caller_id;
mod codec;
mod context;
mod digests;
mod groups;
mod host;
mod invalid;
mod list;
mod nat;
mod number;
mod outside;
mod password;
mod peer_type;
mod permissions;
mod person;
mod qualify;
mod realm;
mod record;
mod secret;
mod site;
mod state;
mod text;
mod token;
mod transport;
mod vocabulary;
mod voice;
mod weak;

pub use agent::{Capacity, Channel, LogLevel, Role};
pub use caller_id::{CallerId, CallerName, CallerNumber};
pub use codec::{Codec, Codecs};
pub use context::Context;
pub use digests::Digests;
pub use groups::{GroupName, Groups, NamedGroups};
pub use host::{Address, Host};
pub use invalid::Invalid;
pub use nat::Nat;
pub use number::{DialNumber, Number};
pub use outside::{Country, NumberPattern, NumberPatterns};
pub use password::Password;
pub use peer_type::PeerType;
pub use permissions::Permissions;
pub use person::{Alias, Description, Email, FullName, Username};
pub use qualify::{MaxContacts, QualifySeconds};
pub use realm::Realm;
pub use record::Record;
pub use secret::{NoRandomness, Secret};
pub use site::{ConflictPolicy, Driver, NodeName, SiteName};
pub use state::{
    Actor, ActorRole, Choice, ConflictRemedy, DisplayState, EndCause, EndOther, EndReason, Entrance, Holder, InUse,
    Interface, InterfaceKind, Leaving, LoginDecision, LoginRequest, LogoutDecision, LogoutRequest, LogoutTime,
    MoveDecision, MoveRequest, NamedAccount, NewSession, NotOffered, OfferedPhone, OnConflict, OpenSession,
    OutsideNumber, Overlay, Pause, PauseDecision, PauseReason, PauseRequest, Pauses, Penalty, PhoneSeen, Place,
    QueueName, ReasonCode, ReasonSeen, Refusal, RefusalCode, Registration, ReleaseDecision, SessionEnd, SessionState,
    Situation, Stretch, SystemReason, Totals, UnpauseDecision, UnpauseRequest, Unreachable, WhyUnreachable,
    check_history, check_numbers, decide_after_call, decide_login, decide_logout, decide_move, decide_pause,
    decide_release, decide_unpause, display_state, telephone_list, totals,
};
pub use token::generate_token;
pub use transport::{Transport, Transports};
pub use voice::Voice;
pub use weak::{Weakness, pin_weakness, weakness};
