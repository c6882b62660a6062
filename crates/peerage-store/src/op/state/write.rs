//! What decisions write. The agents concerned are locked.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz};
use jiff::Timestamp;
use peerage_model::{
    Actor, EndCause, EndOther, EndReason, Interface, NewSession, Number, PauseReason, Place, QueueName,
};

use super::StateError;
use super::load::Loaded;
use crate::row::account::Kind;

/// A moment, see [`now`].
#[derive(Debug, Clone, Copy)]
pub(super) struct At(Timestamp);

impl At {
    fn bind(self) -> jiff_diesel::Timestamp {
        self.0.into()
    }
}

#[derive(QueryableByName)]
struct Moment {
    #[diesel(sql_type = Timestamptz)]
    at: jiff_diesel::Timestamp,
}

/// Locks agents, in the order of their ids.
pub(super) fn lock(connection: &mut PgConnection, agents: &[i64]) -> Result<(), StateError> {
    let mut ids = agents.to_vec();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        diesel::sql_query("select peerage.lock_agent($1)")
            .bind::<BigInt, _>(id)
            .execute(connection)?;
    }
    Ok(())
}

/// Lets one session at a time begin on an interface. Without it somebody could come and leave between the moment when
/// another saw the interface free and the moment when that other's session is written, which would begin before.
///
/// The last of the locks, so that whoever has it waits for nobody. A row, because anybody may take an advisory lock, and
/// keep it.
pub(super) fn reserve(connection: &mut PgConnection, interface: &Interface) -> Result<(), StateError> {
    diesel::sql_query("select from peerage.interface_lock where slot = hashtext($1) & 1023 for update")
        .bind::<Text, _>(interface.as_str())
        .execute(connection)?;
    Ok(())
}

/// Keeps these accounts, as far as they are of this kind, from being disabled, renumbered or removed until the session
/// on them is there to be ended with them.
///
/// A telephone's comes before the agents, an agent's own after: whoever changes an account holds its agent already, but a
/// telephone's agents only then.
pub(super) fn keep(connection: &mut PgConnection, kind: Kind, accounts: &[Number]) -> Result<(), StateError> {
    let numbers: Vec<&str> = accounts.iter().map(Number::as_str).collect();
    diesel::sql_query(
        "select 1
         from peerage.sip_account
         where number = any ($1)
           and kind = $2
         order by number
         for share",
    )
    .bind::<Array<Text>, _>(numbers)
    .bind::<Text, _>(kind.as_str())
    .execute(connection)?;
    Ok(())
}

/// Keeps the rule for outside numbers of an agent's site from being changed until the session on such a number is there to
/// be ended with it.
///
/// Comes before the agents: whoever changes the rule holds the site already when it locks them.
pub(super) fn keep_rule(connection: &mut PgConnection, agent: i64) -> Result<(), StateError> {
    diesel::sql_query(
        "select 1
         from peerage.agent as agent
           join peerage.sip_account as account on account.id = agent.account_id
           join peerage.site as site on site.id = account.site_id
         where agent.id = $1
         for share of site",
    )
    .bind::<BigInt, _>(agent)
    .execute(connection)?;
    Ok(())
}

/// The time for a change of these agents, by the database's clock, and no earlier than their last change. To be asked after the locks were
/// taken and after it was seen who has what: whoever was seen to have left left before.
pub(super) fn now(connection: &mut PgConnection, agents: &[i64]) -> Result<At, StateError> {
    let moment: Moment = diesel::sql_query("select peerage.time_of($1) as at")
        .bind::<Array<BigInt>, _>(agents)
        .get_result(connection)?;
    Ok(At(moment.at.to_jiff()))
}

/// Ends the open session of an agent, if there is one.
pub(super) fn end(
    connection: &mut PgConnection,
    agent: &Number,
    cause: EndCause,
    reason: Option<&EndReason>,
    by: &str,
    at: At,
) -> Result<(), StateError> {
    diesel::sql_query(
        "select peerage.end_session(session.id, $2, $3, $4, $5)
         from peerage.agent_session as session
           join peerage.agent as agent on agent.id = session.agent_id
         where agent.number = $1
           and agent.removed_at is null
           and session.ended_at is null",
    )
    .bind::<Text, _>(agent.as_str())
    .bind::<Text, _>(cause.as_str())
    .bind::<Nullable<Text>, _>(reason.map(EndReason::as_str))
    .bind::<Text, _>(by)
    .bind::<Timestamptz, _>(at.bind())
    .execute(connection)?;
    Ok(())
}

/// Ends the session that stands in the way.
pub(super) fn end_other(connection: &mut PgConnection, other: &EndOther, by: &Actor, at: At) -> Result<(), StateError> {
    end(
        connection,
        &other.agent,
        other.cause,
        other.reason.as_ref(),
        &by.name,
        at,
    )
}

/// Begins a session.
pub(super) fn begin(
    connection: &mut PgConnection,
    loaded: &Loaded,
    new: &NewSession,
    by: &Actor,
    at: At,
) -> Result<(), StateError> {
    diesel::sql_query(include_str!("begin.sql"))
        .bind::<BigInt, _>(loaded.id)
        .bind::<Text, _>(loaded.situation.number.as_str())
        .bind::<Text, _>(new.place.kind.as_str())
        .bind::<Text, _>(new.place.interface.as_str())
        .bind::<Nullable<Text>, _>(new.place.telephone.as_ref().map(Number::as_str))
        .bind::<Text, _>(&by.name)
        .bind::<Timestamptz, _>(at.bind())
        .execute(connection)?;
    match &new.paused {
        Some(reason) => pause(
            connection,
            loaded.id,
            None,
            Some(reason),
            !by.is_agent(&loaded.situation.number),
            by,
            at,
        ),
        None => settle(connection, loaded.id, at),
    }
}

fn settle(connection: &mut PgConnection, agent: i64, at: At) -> Result<(), StateError> {
    diesel::sql_query(
        "select peerage.settle(session.id, $2)
         from peerage.agent_session as session
         where session.agent_id = $1
           and session.ended_at is null",
    )
    .bind::<BigInt, _>(agent)
    .bind::<Timestamptz, _>(at.bind())
    .execute(connection)?;
    Ok(())
}

/// Takes the open session elsewhere. Its memberships become new ones for app_queue, which never changes the interface of
/// a member it knows; pauses, penalties and their history stay.
pub(super) fn relocate(
    connection: &mut PgConnection,
    agent: i64,
    to: &Place,
    by: &Actor,
    at: At,
) -> Result<(), StateError> {
    for statement in [
        include_str!("move_place.sql"),
        include_str!("move_session.sql"),
        include_str!("move_members.sql"),
    ] {
        diesel::sql_query(statement)
            .bind::<BigInt, _>(agent)
            .bind::<Text, _>(to.kind.as_str())
            .bind::<Text, _>(to.interface.as_str())
            .bind::<Nullable<Text>, _>(to.telephone.as_ref().map(Number::as_str))
            .bind::<Text, _>(&by.name)
            .bind::<Timestamptz, _>(at.bind())
            .execute(connection)?;
    }
    Ok(())
}

/// Pauses the open session.
pub(super) fn pause(
    connection: &mut PgConnection,
    agent: i64,
    queue: Option<&QueueName>,
    reason: Option<&PauseReason>,
    forced: bool,
    by: &Actor,
    at: At,
) -> Result<(), StateError> {
    diesel::sql_query(
        "select peerage.pause(session.id, (select queue.id from peerage.queue as queue where queue.name = $2), $3, $4, $5, $6)
         from peerage.agent_session as session
         where session.agent_id = $1
           and session.ended_at is null",
    )
    .bind::<BigInt, _>(agent)
    .bind::<Nullable<Text>, _>(queue.map(QueueName::as_str))
    .bind::<Nullable<Text>, _>(reason.map(PauseReason::as_str))
    .bind::<Text, _>(&by.name)
    .bind::<Bool, _>(forced)
    .bind::<Timestamptz, _>(at.bind())
    .execute(connection)?;
    Ok(())
}

/// Ends pauses of the open session.
pub(super) fn unpause(
    connection: &mut PgConnection,
    agent: i64,
    queue: Option<&QueueName>,
    by: &Actor,
    at: At,
) -> Result<(), StateError> {
    diesel::sql_query(
        "select peerage.unpause(session.id, (select queue.id from peerage.queue as queue where queue.name = $2), $3, $4)
         from peerage.agent_session as session
         where session.agent_id = $1
           and session.ended_at is null",
    )
    .bind::<BigInt, _>(agent)
    .bind::<Nullable<Text>, _>(queue.map(QueueName::as_str))
    .bind::<Text, _>(&by.name)
    .bind::<Timestamptz, _>(at.bind())
    .execute(connection)?;
    Ok(())
}

/// Notes that the session is to end when the call does.
pub(super) fn request_logout(
    connection: &mut PgConnection,
    agent: i64,
    cause: EndCause,
    reason: Option<&EndReason>,
    by: &Actor,
    at: At,
) -> Result<(), StateError> {
    diesel::sql_query(
        "insert into peerage.agent_request (session_id, reason, requested_by, cause, requested_at)
         select session.id, $2, $3, $4, $5
         from peerage.agent_session as session
         where session.agent_id = $1
           and session.ended_at is null",
    )
    .bind::<BigInt, _>(agent)
    .bind::<Nullable<Text>, _>(reason.map(EndReason::as_str))
    .bind::<Text, _>(&by.name)
    .bind::<Text, _>(cause.as_str())
    .bind::<Timestamptz, _>(at.bind())
    .execute(connection)?;
    Ok(())
}
