//! Which queues a supervisor watches, and whom that lets him or her steer.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use peerage_model::{Number, QueueName, Username};

use crate::StoreError;
use crate::pool::Store;
use crate::row::parsed;

#[derive(QueryableByName)]
struct NameRow {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct WatchedRow {
    #[diesel(sql_type = BigInt)]
    login_id: i64,
    #[diesel(sql_type = Array<Text>)]
    queues: Vec<String>,
}

/// The queues that users watch, by the user's id.
pub(super) fn watched(connection: &mut PgConnection) -> Result<HashMap<i64, Vec<QueueName>>, StoreError> {
    let rows: Vec<WatchedRow> = diesel::sql_query(
        "select watched.login_id, array_agg(queue.name order by queue.name) as queues
         from peerage.supervisor_queue as watched
           join peerage.queue as queue on queue.id = watched.queue_id
         group by watched.login_id",
    )
    .load(connection)?;
    rows.into_iter()
        .map(|row| {
            let queues = row.queues.into_iter().map(parsed).collect::<Result<_, _>>()?;
            Ok((row.login_id, queues))
        })
        .collect()
}

impl Store {
    /// The queues that a user watches, by name.
    ///
    /// # Errors
    ///
    /// There is no such user.
    pub fn supervisor_queues(&self, username: &Username) -> Result<Vec<QueueName>, StoreError> {
        self.login(username)?;
        self.read(|connection| {
            let rows: Vec<NameRow> = diesel::sql_query(
                "select queue.name
                 from peerage.supervisor_queue as watched
                   join peerage.queue as queue on queue.id = watched.queue_id
                   join peerage.login_account as login on login.id = watched.login_id
                 where login.username = $1
                 order by queue.name",
            )
            .bind::<Text, _>(username.as_str())
            .load(connection)?;
            rows.into_iter().map(|row| parsed(row.name)).collect()
        })
    }

    /// Makes these the queues that a user watches, and tells whether anything changed.
    ///
    /// # Errors
    ///
    /// There is no such user or queue.
    pub fn set_supervisor_queues(&self, username: &Username, queues: &[QueueName]) -> Result<bool, StoreError> {
        self.login(username)?;
        for queue in queues {
            self.queue(queue)?;
        }
        let names: Vec<&str> = queues.iter().map(QueueName::as_str).collect();
        self.write(|connection| {
            let removed = diesel::sql_query(
                "delete from peerage.supervisor_queue as watched
                 using peerage.login_account as login, peerage.queue as queue
                 where login.id = watched.login_id
                   and login.username = $1
                   and queue.id = watched.queue_id
                   and queue.name <> all ($2)",
            )
            .bind::<Text, _>(username.as_str())
            .bind::<Array<Text>, _>(&names)
            .execute(connection)?;
            let added = diesel::sql_query(
                "insert into peerage.supervisor_queue (login_id, queue_id)
                 select login.id, queue.id
                 from peerage.login_account as login
                   cross join peerage.queue as queue
                 where login.username = $1
                   and queue.name = any ($2)
                 on conflict on constraint supervisor_queue_login_id_queue_id_key do nothing",
            )
            .bind::<Text, _>(username.as_str())
            .bind::<Array<Text>, _>(&names)
            .execute(connection)?;
            Ok(removed + added > 0)
        })
    }

    /// Whether this agent is assigned to one of these queues.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn is_in_queues(&self, agent: &Number, queues: &[QueueName]) -> Result<bool, StoreError> {
        let names: Vec<&str> = queues.iter().map(QueueName::as_str).collect();
        self.read(|connection| {
            let found: Option<NameRow> = diesel::sql_query(
                "select agent.number as name
                 from peerage.agent as agent
                   join peerage.queue_assignment as assignment on assignment.agent_id = agent.id
                   join peerage.queue as queue on queue.id = assignment.queue_id
                 where agent.number = $1
                   and agent.removed_at is null
                   and queue.name = any ($2)
                 limit 1",
            )
            .bind::<Text, _>(agent.as_str())
            .bind::<Array<Text>, _>(&names)
            .get_result(connection)
            .optional()?;
            Ok(found.is_some())
        })
    }

    /// The agents assigned to one of these queues, by number.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn agents_of_queues(&self, queues: &[QueueName]) -> Result<Vec<Number>, StoreError> {
        let names: Vec<&str> = queues.iter().map(QueueName::as_str).collect();
        self.read(|connection| {
            let rows: Vec<NameRow> = diesel::sql_query(
                "select distinct agent.number as name
                 from peerage.agent as agent
                   join peerage.queue_assignment as assignment on assignment.agent_id = agent.id
                   join peerage.queue as queue on queue.id = assignment.queue_id
                 where agent.removed_at is null
                   and queue.name = any ($1)
                 order by agent.number",
            )
            .bind::<Array<Text>, _>(&names)
            .load(connection)?;
            rows.into_iter().map(|row| parsed(row.name)).collect()
        })
    }
}
