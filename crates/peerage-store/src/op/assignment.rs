//! Queues as one agent sees them.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Text};
use peerage_model::{Number, Penalty, QueueName};

use crate::StoreError;
use crate::pool::Store;
use crate::row::parsed;

/// A queue that an agent is assigned to.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Assignment {
    /// The queue.
    pub queue: QueueName,
    /// Penalty of the assignment.
    pub penalty: Penalty,
    /// Whether a member right now.
    pub logged_in: bool,
    /// Whether paused there.
    pub paused: bool,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    queue: String,
    #[diesel(sql_type = Integer)]
    penalty: i32,
    #[diesel(sql_type = Bool)]
    logged_in: bool,
    #[diesel(sql_type = Bool)]
    paused: bool,
}

#[derive(QueryableByName)]
struct NameRow {
    #[diesel(sql_type = Text)]
    name: String,
}

impl Store {
    /// The queues that an agent is assigned to, by name.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn assignments(&self, agent: &Number) -> Result<Vec<Assignment>, StoreError> {
        self.read(|connection| {
            let rows: Vec<Row> = diesel::sql_query(
                "select
                   queue.name as queue,
                   assignment.penalty,
                   login.uniqueid is not null as logged_in,
                   coalesce(login.paused, '0') = '1' as paused
                 from peerage.agent as agent
                   join peerage.queue_assignment as assignment on assignment.agent_id = agent.id
                   join peerage.queue as queue on queue.id = assignment.queue_id
                   left join peerage.agent_session as session on session.agent_id = agent.id and session.ended_at is null
                   left join peerage.queue_login as login on login.session_id = session.id and login.queue_id = queue.id
                 where agent.number = $1
                   and agent.removed_at is null
                 order by queue.name",
            )
            .bind::<Text, _>(agent.as_str())
            .load(connection)?;
            rows.into_iter()
                .map(|row| {
                    Ok(Assignment {
                        queue: parsed(row.queue)?,
                        penalty: parsed(row.penalty.to_string())?,
                        logged_in: row.logged_in,
                        paused: row.paused,
                    })
                })
                .collect()
        })
    }

    /// The names of all queues.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn queue_names(&self) -> Result<Vec<QueueName>, StoreError> {
        self.read(|connection| {
            let rows: Vec<NameRow> =
                diesel::sql_query("select name from peerage.queue order by name").load(connection)?;
            rows.into_iter().map(|row| parsed(row.name)).collect()
        })
    }
}
