//! The canonical schema in Rust: rows, queries, operations, migrations, pool. The only crate that speaks to the canonical tables.
//!
//! | table                              | row                  | value                        | operations of [`Store`]                      |
//! |------------------------------------|----------------------|------------------------------|----------------------------------------------|
//! | `sip_account`, `sip_secret`        | `row::account`       | [`Account`]                  | through the agent or telephone it belongs to |
//! | `sip_contact`, `sip_peer`          | `row::registration`  | [`Registration`]             | read with the account; Asterisk writes them  |
//! | `agent`, `agent_channel`           | `row::agent`         | [`Agent`], [`AgentChannel`]  | `add_agent`, `agents`, `agent`, `set_agent`, `remove_agent`, `import_agents` |
//! | `phone`                            | `row::phone`         | [`Phone`]                    | the same with `phone`                        |
//! | `site`                             | `row::site`          | [`Site`]                     | `add_site`, `sites`, `site`, `set_site`, `remove_site`, `refused_numbers` |
//! | `node`                             | `row::node`          | [`Node`]                     | `add_node`, `nodes`, `node`, `managed_nodes`, `set_node`, `rotate_node_password`, `remove_node` |
//! | `login_account`                    | `row::login`         | [`Login`]                    | `add_login`, `logins`, `login`, `set_login`, `set_login_password`, `remove_login` |
//! | `console_session`, `api_token`     | `op::sign_in`        | [`Holder`], [`Token`]        | `sign_in`, `signed_in`, `sign_out`, `change_password`, `add_token`, `tokens`, `remove_token`, `token_holder` |
//! | `sign_in_attempt`, `sign_in_device`, `sign_in_network` | none | none                     | `sign_in`, `change_password`; functions of the database decide |
//! | `supervisor_queue`                 | none                 | queue names                  | `supervisor_queues`, `set_supervisor_queues`, `is_in_queues`, `agents_of_queues` |
//! | `client_log`                       | `op::client_log`     | [`ClientLog`]                | `add_client_logs`, `client_logs`, `forget`   |
//! | `audit_entry`                      | `row::audit`         | [`AuditEntry`]               | `audit`, `audit_entry`; triggers write it    |
//! | `queue`, `queue_assignment`, `pause_reason` | documents | [`Queue`], [`Reason`] | `add_queue`, `queues`, `set_queue`, `assign`, ..., `add_pause_reason`, ... |
//! | `agent_session`, `queue_login`, `agent_pause`, `agent_request` | `op::state::load` | `peerage_model::Situation` | `log_in`, `move_agent`, `log_out`, `pause`, `unpause`, `release_phone`, `history` |
//! | the served tables                  | none                 | [`ServedRow`]                | triggers write them; `served` reads the views |
//! | `pause_order`, `pause_seen`        | none                 | [`PauseOrder`]               | `pause_orders_due`, `order_pauses`, `pause_orders_answered`, `forget_pause_orders` |
//! | `agent_presence`, `service_beat`   | none                 | none                         | `attend`, `present`, `beat`, `last_beat`, `overdue`, `log_out_overdue` |
//! | `node_lease`, `node_service`       | none                 | [`Lease`]                    | the service calls `peerage.lead` over a connection of its own; `order_pauses` checks |
//!
//! An operation is one transaction, in which the audit knows the [`Actor`]. Values come in as types of `peerage-model`, which have been
//! checked; the constraints of the tables hold for everybody else, and come back as [`StoreError`] in words.

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
pub use error::{EditError, Refusal, StoreError};
pub use manager::{ManagerAddress, ManagerUser};
pub use op::assignment::Assignment;
pub use op::board::{
    AgentDay, Away, Board, BoardAgent, BoardFilter, BoardPhone, BoardPhoneFilter, BoardQueue, BoardSite, DayFilter,
    KnownReason, PlaceRecord, Seat, SiteDay,
};
pub use op::coherence::{Served, SipRegistration};
pub use op::health::{Health, NodeFault, WantedViews, fingerprint, fingerprints_differ};
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
