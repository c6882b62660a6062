//! Whose page is open, and who is logged out because it has been gone for too long.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Double, Text};
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
    #[diesel(sql_type = Double)]
    seconds: f64,
}

#[derive(QueryableByName)]
struct Overdue {
    #[diesel(sql_type = Bool)]
    overdue: bool,
}

/// Sessions whose page was last seen longer ago than their site allows.
const OVERDUE: &str = "
  from peerage.agent_presence as presence
    join peerage.agent_session as session on session.id = presence.session_id
    join peerage.agent as agent on agent.id = session.agent_id
    join peerage.sip_account as account on account.id = agent.account_id
    join peerage.site as site on site.id = account.site_id
  where session.ended_at is null
    and site.disconnection_timeout_seconds > 0
    and presence.seen_at + make_interval(secs => site.disconnection_timeout_seconds) < clock_timestamp()";

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

    /// The service is at work. After a pause longer than `most` between two beats, pages could not be seen for that long,
    /// so all are taken to have been seen later by as much. Returns that pause, zero when there was none.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn beat(&self, most: Duration) -> Result<Duration, StoreError> {
        self.write(|connection| {
            let gap: Option<Gap> = diesel::sql_query(
                "select extract(epoch from clock_timestamp() - beat_at)::double precision as seconds
                 from peerage.service_beat
                 for update",
            )
            .get_result(connection)
            .optional()?;
            let gap = gap.and_then(|gap| Duration::try_from_secs_f64(gap.seconds).ok());
            let absence = gap.filter(|gap| *gap > most).unwrap_or_default();
            if !absence.is_zero() {
                diesel::sql_query(
                    "update peerage.agent_presence
                     set seen_at = least(seen_at + make_interval(secs => $1), clock_timestamp())",
                )
                .bind::<Double, _>(absence.as_secs_f64())
                .execute(connection)?;
            }
            diesel::sql_query(
                "insert into peerage.service_beat (beat_at)
                 values (clock_timestamp())
                 on conflict on constraint service_beat_id_pk do update
                 set beat_at = excluded.beat_at",
            )
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
