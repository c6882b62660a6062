//! What decisions are made from, read from the database.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use jiff::Timestamp;
use peerage_model::{
    ConflictPolicy, DialNumber, Driver, EndCause, EndReason, FullName, Holder, Interface, InterfaceKind, Leaving,
    NamedAccount, Number, OpenSession, Pause, PauseReason, Pauses, Permissions, PhoneSeen, Place, QueueName,
    ReasonCode, ReasonSeen, Registration, SiteName, Situation,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::StateError;
use crate::error::Refusal;
use crate::{Entity, StoreError};

/// An agent as loaded.
pub(super) struct Loaded {
    /// The agent's row.
    pub(super) id: i64,
    pub(super) situation: Situation,
}

#[derive(QueryableByName)]
struct AgentDocument {
    #[diesel(sql_type = BigInt)]
    agent_id: i64,
    #[diesel(sql_type = Text)]
    document: String,
}

#[derive(QueryableByName)]
struct Document {
    #[diesel(sql_type = Text)]
    document: String,
}

/// The situation of an agent; with the telephones of all sites when the agent hot-desks.
pub(super) fn situation(connection: &mut PgConnection, number: &Number) -> Result<Loaded, StateError> {
    let mut loaded = at_work(connection, number)?;
    if loaded.situation.hot_desk {
        loaded.situation.phones = telephones(connection, None, None)?;
    }
    Ok(loaded)
}

/// The same without the telephones, which only logins and moves ask for.
pub(super) fn at_work(connection: &mut PgConnection, number: &Number) -> Result<Loaded, StateError> {
    let row: Option<AgentDocument> = diesel::sql_query(include_str!("situation.sql"))
        .bind::<Text, _>(number.as_str())
        .get_result(connection)
        .optional()?;
    let row = row.ok_or_else(|| StoreError::unknown(Entity::Agent, number))?;
    let read: AgentRead = parse(&row.document)?;
    Ok(Loaded {
        id: row.agent_id,
        situation: read.situation(),
    })
}

#[derive(QueryableByName)]
struct AgentId {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// The row of an agent, if in service.
pub(super) fn agent_id(connection: &mut PgConnection, number: &Number) -> Result<Option<i64>, StateError> {
    let row: Option<AgentId> =
        diesel::sql_query("select id from peerage.agent where number = $1 and removed_at is null")
            .bind::<Text, _>(number.as_str())
            .get_result(connection)
            .optional()?;
    Ok(row.map(|row| row.id))
}

/// Telephones, of one site or all, or one of them.
pub(super) fn telephones(
    connection: &mut PgConnection,
    site: Option<&SiteName>,
    number: Option<&Number>,
) -> Result<Vec<PhoneSeen>, StateError> {
    let rows: Vec<Document> = diesel::sql_query(include_str!("telephones.sql"))
        .bind::<Text, _>(site.map_or("", SiteName::as_str))
        .bind::<Text, _>(number.map_or("", Number::as_str))
        .load(connection)?;
    rows.iter()
        .map(|row| Ok(parse::<PhoneRead>(&row.document)?.seen()))
        .collect()
}

fn parse<T: DeserializeOwned>(document: &str) -> Result<T, StateError> {
    serde_json::from_str(document).map_err(|error| not_ours(&error.to_string()))
}

/// A row that this version cannot read.
fn not_ours(what: &str) -> StateError {
    StateError::Store(StoreError::Other(Refusal::new(format!(
        "the database holds what this version cannot read: {what}"
    ))))
}

#[derive(Deserialize)]
struct AgentRead {
    number: Number,
    name: FullName,
    site: SiteName,
    driver: Driver,
    conflict_policy: ConflictPolicy,
    disabled: bool,
    hot_desk: bool,
    login_in_pause: bool,
    permissions: Permissions,
    phone: Option<DialNumber>,
    phone_allowed: bool,
    phone_account: Option<NamedRead>,
    mobile: Option<DialNumber>,
    mobile_allowed: bool,
    session: Option<SessionRead>,
    holders: Vec<HolderRead>,
    reasons: Vec<ReasonRead>,
}

impl AgentRead {
    fn situation(self) -> Situation {
        Situation {
            number: self.number,
            name: self.name,
            site: self.site,
            driver: self.driver,
            conflict_policy: self.conflict_policy,
            disabled: self.disabled,
            hot_desk: self.hot_desk,
            login_in_pause: self.login_in_pause,
            permissions: self.permissions,
            phone: self.phone,
            phone_allowed: self.phone_allowed,
            phone_account: self.phone_account.map(|named| NamedAccount {
                number: named.number,
                driver: named.driver,
                disabled: named.disabled,
            }),
            mobile: self.mobile,
            mobile_allowed: self.mobile_allowed,
            session: self.session.map(SessionRead::open),
            phones: Vec::new(),
            holders: self.holders.into_iter().map(HolderRead::holder).collect(),
            reasons: self
                .reasons
                .into_iter()
                .map(|reason| ReasonSeen {
                    code: reason.code,
                    selectable: reason.selectable,
                    is_default: reason.is_default,
                })
                .collect(),
        }
    }
}

#[derive(Deserialize)]
struct NamedRead {
    number: Number,
    driver: Driver,
    disabled: bool,
}

#[derive(Deserialize)]
struct ReasonRead {
    code: ReasonCode,
    selectable: bool,
    is_default: bool,
}

#[derive(Deserialize)]
struct HolderRead {
    agent: Number,
    name: FullName,
    interface: Interface,
    since: Timestamp,
}

impl HolderRead {
    fn holder(self) -> Holder {
        Holder {
            agent: self.agent,
            name: self.name,
            interface: self.interface,
            since: self.since,
        }
    }
}

#[derive(Deserialize)]
struct SessionRead {
    kind: InterfaceKind,
    interface: Interface,
    telephone: Option<Number>,
    since: Timestamp,
    queues: BTreeSet<QueueName>,
    pauses: Vec<PauseRead>,
    leaving: Option<LeavingRead>,
}

#[derive(Deserialize)]
struct PauseRead {
    queue: Option<QueueName>,
    reason: Option<PauseReason>,
    by: String,
    forced: bool,
    since: Timestamp,
}

#[derive(Deserialize)]
struct LeavingRead {
    by: String,
    cause: EndCause,
    reason: Option<EndReason>,
}

impl SessionRead {
    fn open(self) -> OpenSession {
        let mut pauses = Pauses::default();
        for read in self.pauses {
            let pause = Pause {
                reason: read.reason,
                by: read.by,
                forced: read.forced,
                since: read.since,
            };
            match read.queue {
                Some(queue) => {
                    pauses.single.insert(queue, pause);
                }
                None => pauses.all = Some(pause),
            }
        }
        let leaving = self.leaving.map(|read| Leaving {
            by: read.by,
            cause: read.cause,
            reason: read.reason,
        });
        OpenSession {
            place: Place {
                kind: self.kind,
                interface: self.interface,
                telephone: self.telephone,
            },
            since: self.since,
            pauses,
            queues: self.queues,
            leaving,
        }
    }
}

#[derive(Deserialize)]
struct PhoneRead {
    number: Number,
    name: FullName,
    site: SiteName,
    disabled: bool,
    fixed: bool,
    registered_since: Option<Timestamp>,
    last_seen: Option<Timestamp>,
    used_by: Option<HolderRead>,
}

impl PhoneRead {
    fn seen(self) -> PhoneSeen {
        let registration = match self.registered_since {
            Some(since) => Registration::Registered(Some(since)),
            // A fixed host need not register to be reached.
            None if self.fixed => Registration::Registered(None),
            None => Registration::Absent(self.last_seen),
        };
        PhoneSeen {
            number: self.number,
            name: self.name,
            site: self.site,
            disabled: self.disabled,
            registration,
            used_by: self.used_by.map(HolderRead::holder),
        }
    }
}
