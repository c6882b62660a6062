#![doc = include_str!("../README.md")]

pub mod fields;
pub mod file;
pub mod hardening;
pub mod migrate;

mod actor;
mod entity;
mod error;
mod hashing;
mod manager;
mod op;
mod password;
mod pool;
mod rights;
mod role_name;
mod row;
mod schema;
mod seconds;
mod served_sites;
mod url;

pub use actor::Actor;
pub use entity::account::{Account, AccountPatch, NewAccount, SecretState};
pub use entity::agent::{Agent, AgentChannel, AgentPatch, AgentProfile, NewAgent, PermissionsPatch};
pub use entity::audit::{AuditEntry, AuditFilter};
pub use entity::filter::Filter;
pub use entity::import::{BadRow, ImportError, ImportRow, Mode};
pub use entity::login::{Login, LoginPatch, NewLogin};
pub use entity::node::{ManagedNode, Node, NodePatch};
pub use entity::phone::{NewPhone, Phone, PhonePatch};
pub use entity::queue::{Assigned, Queue, QueuePatch, Reason, ReasonPatch};
pub use entity::registration::Registration;
pub use entity::sign_in::{
    ClientLog, ClientLogEntry, ClientLogFilter, Holder, LetInBy, NewSignIn, NewToken, Origin, Seen, SignInEnd,
    SignInError, Token, Tokens,
};
pub use entity::site::{Site, SitePatch};
pub use entity::voice::VoicePatch;
pub use error::{Advice, EditError, Entity, Refusal, StoreError};
pub use manager::{ManagerAddress, ManagerUser};
pub use op::assignment::Assignment;
pub use op::board::{
    AgentDay, Away, Board, BoardAgent, BoardFilter, BoardPhone, BoardPhoneFilter, BoardQueue, BoardSite, DayFilter,
    KnownReason, PlaceRecord, Seat, SiteDay,
};
pub use op::coherence::{Served, SipRegistration};
pub use op::health::{
    FINGERPRINT, Health, NodeFault, WantedViews, fingerprint, fingerprints_compare, fingerprints_differ,
};
pub use op::node::NotTold;
pub use op::queue::{LogLine, LoggedAs, QUEUE_OPTIONS};
pub use op::served::ServedRow;
pub use op::state::{
    AgentCall, AgentNow, CallNow, Desk, DeviceReport, DeviceWord, History, Lease, Member, Membership, PauseOrder,
    PauseRecord, PhoneNow, SessionRecord, StateError,
};
pub use password::Pin;
pub use pool::{SEARCH_PATH, Store, connect, shares_sessions};
pub use rights::Lacking;
pub use role_name::RoleName;
pub use seconds::{AutoAnswerDelay, DisconnectionTimeout};
pub use served_sites::ServedSites;
pub use url::{DatabaseUrl, Tls, UrlError};
