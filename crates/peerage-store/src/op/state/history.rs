//! What was: sessions, pauses, and how the time was spent.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz};
use jiff::Timestamp;
use peerage_model::{Actor, ActorRole, Number, PauseReason, SessionState, Stretch, Totals, check_history, totals};
use serde::Serialize;

use super::StateError;
use crate::pool::Store;
use crate::row::maybe_parsed;
use crate::{Entity, StoreError};

/// An agent's history within a window of time.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// Sessions that touch the window, oldest first.
    pub sessions: Vec<SessionRecord>,
    /// Pauses that touch the window, oldest first.
    pub pauses: Vec<PauseRecord>,
    /// How the time within the window was spent; `logged_in` is exactly the sum of the others.
    pub totals: Totals,
}

/// One login.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SessionRecord {
    /// Login.
    pub began_at: Timestamp,
    /// Logout; none while open.
    pub ended_at: Option<Timestamp>,
    /// What app_queue dialled last.
    pub interface: String,
    /// The hot-desk telephone last used; none otherwise.
    pub phone: Option<String>,
    /// Who logged the agent in.
    pub begun_by: String,
    /// Who ended it; none while open.
    pub ended_by: Option<String>,
    /// Why it ended; none while open.
    pub end_cause: Option<String>,
    /// What was said about the end.
    pub end_reason: Option<String>,
}

/// One pause, of all queues or of one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PauseRecord {
    /// The one queue; none for all.
    pub queue: Option<String>,
    /// Reason as written.
    pub reason: Option<String>,
    /// From when.
    pub began_at: Timestamp,
    /// Until when; none while it lasts.
    pub ended_at: Option<Timestamp>,
    /// Who paused.
    pub by: String,
    /// Who ended it; none while it lasts.
    pub ended_by: Option<String>,
    /// Whether somebody else than the agent paused.
    pub forced: bool,
}

#[derive(QueryableByName)]
struct SessionRow {
    #[diesel(sql_type = Timestamptz)]
    began_at: jiff_diesel::Timestamp,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    ended_at: Option<jiff_diesel::Timestamp>,
    #[diesel(sql_type = Text)]
    interface: String,
    #[diesel(sql_type = Nullable<Text>)]
    phone_number: Option<String>,
    #[diesel(sql_type = Text)]
    begun_by: String,
    #[diesel(sql_type = Nullable<Text>)]
    ended_by: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    end_cause: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    end_reason: Option<String>,
}

#[derive(QueryableByName)]
struct PauseRow {
    #[diesel(sql_type = Nullable<Text>)]
    queue_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    began_at: jiff_diesel::Timestamp,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    ended_at: Option<jiff_diesel::Timestamp>,
    #[diesel(sql_type = Text)]
    actor: String,
    #[diesel(sql_type = Nullable<Text>)]
    ended_by: Option<String>,
    #[diesel(sql_type = Bool)]
    forced: bool,
}

#[derive(QueryableByName)]
struct StateRow {
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    began_at: jiff_diesel::Timestamp,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    ended_at: Option<jiff_diesel::Timestamp>,
}

#[derive(QueryableByName)]
struct AgentId {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

impl Store {
    /// The history of the agent who has this number now, or had it last, from `from` (inclusive) to `to` (exclusive).
    /// What is open counts until `to`. For whoever may see everybody's; see [`Store::history_for`].
    ///
    /// # Errors
    ///
    /// There never was such an agent.
    pub fn history(&self, agent: &Number, from: Timestamp, to: Timestamp) -> Result<History, StateError> {
        self.read_state(|connection| history(connection, agent, from, to))
    }

    /// The same for somebody who may be an agent.
    ///
    /// # Errors
    ///
    /// What [`check_history`] refuses; there never was such an agent.
    pub fn history_for(
        &self,
        agent: &Number,
        from: Timestamp,
        to: Timestamp,
        actor: &Actor,
    ) -> Result<History, StateError> {
        self.read_state(|connection| {
            if matches!(actor.role, ActorRole::Agent(_)) {
                check_history(&super::load::at_work(connection, agent)?.situation, actor)?;
            }
            history(connection, agent, from, to)
        })
    }
}

fn history(
    connection: &mut PgConnection,
    agent: &Number,
    from: Timestamp,
    to: Timestamp,
) -> Result<History, StateError> {
    let found: Option<AgentId> = diesel::sql_query(
        "select id from peerage.agent where number = $1 order by removed_at desc nulls first limit 1",
    )
    .bind::<Text, _>(agent.as_str())
    .get_result(connection)
    .optional()?;
    let id = found.ok_or_else(|| StoreError::unknown(Entity::Agent, agent))?.id;
    let (since, until) = (jiff_diesel::Timestamp::from(from), jiff_diesel::Timestamp::from(to));
    let sessions: Vec<SessionRow> = diesel::sql_query(
        "select began_at, ended_at, interface, phone_number, begun_by, ended_by, end_cause, end_reason
         from peerage.agent_session
         where agent_id = $1
           and began_at < $3
           and coalesce(ended_at, 'infinity') > $2
         order by began_at",
    )
    .bind::<BigInt, _>(id)
    .bind::<Timestamptz, _>(since)
    .bind::<Timestamptz, _>(until)
    .load(connection)?;
    let pauses: Vec<PauseRow> = diesel::sql_query(
        "select pause.queue_name, pause.reason, pause.began_at, pause.ended_at, pause.actor, pause.ended_by, pause.forced
         from peerage.agent_pause as pause
           join peerage.agent_session as session on session.id = pause.session_id
         where session.agent_id = $1
           and pause.began_at < $3
           and coalesce(pause.ended_at, 'infinity') > $2
         order by pause.began_at, pause.id",
    )
    .bind::<BigInt, _>(id)
    .bind::<Timestamptz, _>(since)
    .bind::<Timestamptz, _>(until)
    .load(connection)?;
    let states: Vec<StateRow> = diesel::sql_query(
        "select state.state, state.reason, state.began_at, state.ended_at
         from peerage.agent_state as state
           join peerage.agent_session as session on session.id = state.session_id
         where session.agent_id = $1
           and state.began_at < $3
           and coalesce(state.ended_at, 'infinity') > $2
         order by state.began_at",
    )
    .bind::<BigInt, _>(id)
    .bind::<Timestamptz, _>(since)
    .bind::<Timestamptz, _>(until)
    .load(connection)?;
    let stretches = states.into_iter().map(stretch).collect::<Result<Vec<_>, _>>()?;
    Ok(History {
        sessions: sessions.into_iter().map(session).collect(),
        pauses: pauses.into_iter().map(pause).collect(),
        totals: totals(&stretches, from, to),
    })
}

/// The last session of the agent in this row.
pub(super) fn last_session(connection: &mut PgConnection, agent: i64) -> Result<Option<SessionRecord>, StateError> {
    let row: Option<SessionRow> = diesel::sql_query(
        "select began_at, ended_at, interface, phone_number, begun_by, ended_by, end_cause, end_reason
         from peerage.agent_session
         where agent_id = $1
         order by began_at desc
         limit 1",
    )
    .bind::<BigInt, _>(agent)
    .get_result(connection)
    .optional()?;
    Ok(row.map(session))
}

fn session(row: SessionRow) -> SessionRecord {
    SessionRecord {
        began_at: row.began_at.to_jiff(),
        ended_at: row.ended_at.map(jiff_diesel::Timestamp::to_jiff),
        interface: row.interface,
        phone: row.phone_number,
        begun_by: row.begun_by,
        ended_by: row.ended_by,
        end_cause: row.end_cause,
        end_reason: row.end_reason,
    }
}

fn pause(row: PauseRow) -> PauseRecord {
    PauseRecord {
        queue: row.queue_name,
        reason: row.reason,
        began_at: row.began_at.to_jiff(),
        ended_at: row.ended_at.map(jiff_diesel::Timestamp::to_jiff),
        by: row.actor,
        ended_by: row.ended_by,
        forced: row.forced,
    }
}

fn stretch(row: StateRow) -> Result<Stretch, StoreError> {
    let reason: Option<PauseReason> = maybe_parsed(row.reason)?;
    let state = match row.state.as_str() {
        "paused" => SessionState::Paused(reason),
        "partly_paused" => SessionState::PartlyPaused,
        // The table's check allows these three.
        _ => SessionState::Available,
    };
    Ok(Stretch {
        state,
        from: row.began_at.to_jiff(),
        until: row.ended_at.map(jiff_diesel::Timestamp::to_jiff),
    })
}
