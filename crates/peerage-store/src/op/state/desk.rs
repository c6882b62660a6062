//! What an agent's own page shows: the situation, the queues with their penalties, and how the last session ended.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use peerage_model::{Number, QueueName, Situation};

use super::history::{SessionRecord, last_session};
use super::{StateError, load};
use crate::StoreError;
use crate::pool::Store;
use crate::row::parsed;

/// What an agent's own page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Desk {
    /// The situation, without telephones: those are [`Store::telephone_list`].
    pub situation: Situation,
    /// The queues that the agent is assigned to, by name.
    pub queues: Vec<Membership>,
    /// The last session, open or ended; none when there never was one.
    pub last: Option<SessionRecord>,
}

/// A queue that an agent is assigned to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The queue.
    pub queue: QueueName,
    /// Rank there as app_queue reads it: Asterisk may have written another than the assignment's.
    pub penalty: String,
    /// Whether a member right now.
    pub member: bool,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    queue: String,
    #[diesel(sql_type = Text)]
    penalty: String,
    #[diesel(sql_type = Bool)]
    member: bool,
}

impl Store {
    /// What an agent's own page shows, all of the same moment.
    ///
    /// # Errors
    ///
    /// There is no such agent.
    pub fn desk(&self, agent: &Number) -> Result<Desk, StateError> {
        self.read_state(|connection| {
            let loaded = load::at_work(connection, agent)?;
            let rows: Vec<Row> = diesel::sql_query(
                "select
                   queue.name as queue,
                   coalesce(login.penalty, assignment.penalty::text) as penalty,
                   login.session_id is not null as member
                 from peerage.queue_assignment as assignment
                   join peerage.queue as queue on queue.id = assignment.queue_id
                   left join peerage.agent_session as session on session.agent_id = assignment.agent_id
                     and session.ended_at is null
                   left join peerage.queue_login as login on login.session_id = session.id
                     and login.queue_id = queue.id
                 where assignment.agent_id = $1
                 order by queue.name",
            )
            .bind::<diesel::sql_types::BigInt, _>(loaded.id)
            .load(connection)?;
            Ok(Desk {
                situation: loaded.situation,
                queues: rows.into_iter().map(Row::membership).collect::<Result<_, _>>()?,
                last: last_session(connection, loaded.id)?,
            })
        })
    }
}

impl Row {
    fn membership(self) -> Result<Membership, StoreError> {
        Ok(Membership {
            queue: parsed(self.queue)?,
            penalty: self.penalty,
            member: self.member,
        })
    }
}
