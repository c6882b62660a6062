//! What agents' pages report, and what the service forgets by age.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Double, Nullable, Text, Timestamptz};
use peerage_model::{LogLevel, Number};

use crate::StoreError;
use crate::entity::sign_in::{ClientLog, ClientLogEntry, ClientLogFilter};
use crate::pool::Store;
use crate::row::parsed;

#[derive(QueryableByName)]
struct EntryRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    agent: String,
    #[diesel(sql_type = Text)]
    level: String,
    #[diesel(sql_type = Text)]
    event: String,
    #[diesel(sql_type = Nullable<Text>)]
    detail: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    client_at: Option<jiff_diesel::Timestamp>,
    #[diesel(sql_type = Timestamptz)]
    received_at: jiff_diesel::Timestamp,
}

impl Store {
    /// Keeps what an agent's page reports, as far as the agent's level asks for it, and tells how much that was.
    ///
    /// # Errors
    ///
    /// A text is empty or too long.
    pub fn add_client_logs(&self, agent: &Number, logs: &[ClientLog]) -> Result<usize, StoreError> {
        let levels: Vec<&str> = logs.iter().map(|log| log.level.as_str()).collect();
        let events: Vec<&str> = logs.iter().map(|log| log.event.as_str()).collect();
        let details: Vec<Option<&str>> = logs.iter().map(|log| log.detail.as_deref()).collect();
        let times: Vec<Option<jiff_diesel::Timestamp>> = logs.iter().map(|log| log.client_at.map(Into::into)).collect();
        self.write(|connection| {
            Ok(diesel::sql_query(
                "insert into peerage.client_log (agent_id, level, event, detail, client_at)
                 select
                   agent.id,
                   log.level,
                   log.event,
                   log.detail,
                   log.client_at
                 from unnest($2, $3, $4, $5) with ordinality as log (level, event, detail, client_at, place)
                   join peerage.agent as agent on agent.number = $1
                     and agent.removed_at is null
                     and array_position(array['off', 'error', 'warning', 'info', 'debug'], agent.client_log_level)
                       >= array_position(array['off', 'error', 'warning', 'info', 'debug'], log.level)
                 where log.level <> 'off'
                 order by log.place",
            )
            .bind::<Text, _>(agent.as_str())
            .bind::<Array<Text>, _>(levels)
            .bind::<Array<Text>, _>(events)
            .bind::<Array<Nullable<Text>>, _>(details)
            .bind::<Array<Nullable<Timestamptz>>, _>(times)
            .execute(connection)?)
        })
    }

    /// What pages reported, the newest first.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn client_logs(&self, filter: &ClientLogFilter) -> Result<Vec<ClientLogEntry>, StoreError> {
        let levels: Vec<&str> = LogLevel::ALL
            .iter()
            .take_while(|level| filter.level.is_none_or(|most| **level != most))
            .chain(filter.level.iter())
            .map(|level| level.as_str())
            .collect();
        self.read(|connection| {
            let rows: Vec<EntryRow> = diesel::sql_query(
                "select
                   log.id,
                   agent.number as agent,
                   log.level,
                   log.event,
                   log.detail,
                   log.client_at,
                   log.received_at
                 from peerage.client_log as log
                   join peerage.agent as agent on agent.id = log.agent_id
                 where ($1 is null or agent.number = $1)
                   and log.level = any ($2)
                   and ($3 is null or log.received_at >= $3)
                   and ($4 is null or log.received_at < $4)
                   and ($5 is null or log.id < $5)
                 order by log.id desc
                 limit $6",
            )
            .bind::<Nullable<Text>, _>(filter.agent.as_ref().map(Number::as_str))
            .bind::<Array<Text>, _>(levels)
            .bind::<Nullable<Timestamptz>, _>(filter.since.map(jiff_diesel::Timestamp::from))
            .bind::<Nullable<Timestamptz>, _>(filter.until.map(jiff_diesel::Timestamp::from))
            .bind::<Nullable<BigInt>, _>(filter.before_id)
            .bind::<Nullable<BigInt>, _>(filter.limit.map(i64::from))
            .load(connection)?;
            rows.into_iter().map(EntryRow::entry).collect()
        })
    }

    /// Forgets by age: reports of pages, and browsers' sessions that ended or were left a day more than `idle` ago.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn forget(&self, idle: Duration, client_log_age: Duration) -> Result<(), StoreError> {
        self.write(|connection| {
            diesel::sql_query(
                "delete from peerage.client_log where received_at < clock_timestamp() - make_interval(secs => $1)",
            )
            .bind::<Double, _>(client_log_age.as_secs_f64().min(3.2e9))
            .execute(connection)?;
            diesel::sql_query(
                "delete from peerage.console_session
                 where seen_at < clock_timestamp() - make_interval(secs => $1) - interval '1 day'",
            )
            .bind::<Double, _>(idle.as_secs_f64().min(3.2e9))
            .execute(connection)?;
            Ok(())
        })
    }
}

impl EntryRow {
    fn entry(self) -> Result<ClientLogEntry, StoreError> {
        Ok(ClientLogEntry {
            id: self.id,
            agent: parsed(self.agent)?,
            level: parsed(self.level)?,
            event: self.event,
            detail: self.detail,
            client_at: self.client_at.map(jiff_diesel::Timestamp::to_jiff),
            received_at: self.received_at.to_jiff(),
        })
    }
}
