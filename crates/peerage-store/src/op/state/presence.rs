//! Whose page is open, and who is logged out because it has been gone for too long.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Double, Nullable, Text};
use peerage_model::{Actor, EndCause, Number};

use super::{StateError, write};
use crate::StoreError;
use crate::pool::Store;
use crate::row::parsed;

#[derive(QueryableByName)]
struct AgentRow {
    #[diesel(sql_type = Text)]
    agent: String,
}

#[derive(QueryableByName)]
struct Gap {
    #[diesel(sql_type = Nullable<Double>)]
    seconds: Option<f64>,
}

#[derive(QueryableByName)]
struct Overdue {
    #[diesel(sql_type = Bool)]
    overdue: bool,
}

/// Sessions whose page was last seen longer ago than their site allows. A page may be connected to any service, so it is gone only as of
/// the moment when the last of them has said whose are connected.
const OVERDUE: &str = "
  from peerage.agent_presence as presence
    join peerage.agent_session as session on session.id = presence.session_id
    join peerage.agent as agent on agent.id = session.agent_id
    join peerage.sip_account as account on account.id = agent.account_id
    join peerage.site as site on site.id = account.site_id
  where session.ended_at is null
    and site.disconnection_timeout_seconds > 0
    and presence.seen_at + make_interval(secs => site.disconnection_timeout_seconds) < (
      select min(beat.beat_at)
      from peerage.service_beat as beat
      where beat.ended_at is null
    )";

impl Store {
    /// A console began the open session of an agent, or adopted it: from now on the session ends when its page is gone for
    /// longer than the site allows. False when the agent is logged out.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn attend(&self, agent: &Number) -> Result<bool, StoreError> {
        self.write(|connection| {
            let attended = diesel::sql_query(
                "insert into peerage.agent_presence (session_id)
                 select session.id
                 from peerage.agent_session as session
                   join peerage.agent as agent on agent.id = session.agent_id
                 where agent.number = $1
                   and agent.removed_at is null
                   and session.ended_at is null
                 on conflict on constraint agent_presence_session_id_pk do update
                 set seen_at = clock_timestamp()",
            )
            .bind::<Text, _>(agent.as_str())
            .execute(connection)?;
            Ok(attended > 0)
        })
    }

    /// The pages of these agents are connected. Who logged in otherwise than in a console is passed over.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn present(&self, agents: &[Number]) -> Result<usize, StoreError> {
        let agents: Vec<&str> = agents.iter().map(Number::as_str).collect();
        self.write(|connection| {
            Ok(diesel::sql_query(
                "update peerage.agent_presence as presence
                 set seen_at = clock_timestamp()
                 from peerage.agent_session as session
                 where session.id = presence.session_id
                   and session.ended_at is null
                   and session.agent_number = any ($1)",
            )
            .bind::<Array<Text>, _>(agents)
            .execute(connection)?)
        })
    }

    /// A service is at work. When none was for longer than `most`, or another one that did not end in good order has not been, pages
    /// could not be seen for that long, so all are taken to have been seen later by as much. Returns that time, zero when
    /// there was none.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn beat(&self, service: &str, most: Duration) -> Result<Duration, StoreError> {
        self.write(|connection| {
            // Services beat one after the other.
            diesel::sql_query("lock table peerage.service_beat in share row exclusive mode").execute(connection)?;
            let Gap { seconds } = diesel::sql_query(include_str!("absence.sql"))
                .bind::<Text, _>(service)
                .bind::<Double, _>(most.as_secs_f64())
                .get_result(connection)?;
            let absence = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
            let absence = absence.unwrap_or_default();
            if !absence.is_zero() {
                diesel::sql_query(
                    "update peerage.agent_presence
                     set seen_at = least(seen_at + make_interval(secs => $1), clock_timestamp())",
                )
                .bind::<Double, _>(absence.as_secs_f64())
                .execute(connection)?;
            }
            diesel::sql_query(
                "insert into peerage.service_beat (service)
                 values ($1)
                 on conflict on constraint service_beat_service_pk do update
                 set
                   beat_at = clock_timestamp(),
                   ended_at = null",
            )
            .bind::<Text, _>(service)
            .execute(connection)?;
            // Who has ended, or is gone.
            diesel::sql_query(
                "delete from peerage.service_beat
                 where service <> $1
                   and (ended_at is not null or beat_at < clock_timestamp() - make_interval(secs => $2))",
            )
            .bind::<Text, _>(service)
            .bind::<Double, _>(most.as_secs_f64())
            .execute(connection)?;
            diesel::sql_query(
                "delete from peerage.agent_presence as presence
                 using peerage.agent_session as session
                 where session.id = presence.session_id
                   and session.ended_at is not null",
            )
            .execute(connection)?;
            Ok(absence)
        })
    }

    /// A service ends in good order: others do not wait for what it would say.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn last_beat(&self, service: &str) -> Result<(), StoreError> {
        self.write(|connection| {
            diesel::sql_query(
                "update peerage.service_beat
                 set
                   beat_at = clock_timestamp(),
                   ended_at = clock_timestamp()
                 where service = $1",
            )
            .bind::<Text, _>(service)
            .execute(connection)?;
            Ok(())
        })
    }

    /// The agents whose page has been gone for longer than their site allows, by number.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn overdue(&self) -> Result<Vec<Number>, StoreError> {
        self.read(|connection| {
            let query = format!("select agent.number as agent {OVERDUE} order by agent.number");
            let rows: Vec<AgentRow> = diesel::sql_query(query).load(connection)?;
            rows.into_iter().map(|row| parsed(row.agent)).collect()
        })
    }

    /// Logs an agent out whose page is still gone, and tells whether it did.
    ///
    /// # Errors
    ///
    /// There is no such agent.
    pub fn log_out_overdue(&self, agent: &Number, actor: &Actor) -> Result<bool, StateError> {
        self.with_one(agent, |connection, _, at| {
            let query = format!("select exists (select {OVERDUE} and agent.number = $1) as overdue");
            let Overdue { overdue } = diesel::sql_query(query)
                .bind::<Text, _>(agent.as_str())
                .get_result(connection)?;
            if overdue {
                write::end(connection, agent, EndCause::Disconnection, None, &actor.name, at)?;
            }
            Ok(overdue)
        })
    }
}
