//! What is compared with, or laid over, what Asterisk says at the moment: where agents are, who waits to leave, members.

use diesel::prelude::*;
use diesel::sql_types::{Array, Nullable, Text};
use peerage_model::{Interface, NodeName, Number, PauseReason, QueueName};

use crate::StoreError;
use crate::pool::Store;
use crate::row::{maybe_parsed, parsed};

/// A member of a queue, as app_queue reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The agent.
    pub agent: Number,
    /// What app_queue dials.
    pub interface: Interface,
    /// The penalty as text, which is how it is kept.
    pub penalty: String,
    /// Whether it is paused.
    pub paused: bool,
    /// Why; none when not paused.
    pub reason: Option<PauseReason>,
}

#[derive(QueryableByName)]
struct PlaceRow {
    #[diesel(sql_type = Text)]
    agent: String,
    #[diesel(sql_type = Text)]
    interface: String,
}

#[derive(QueryableByName)]
struct AgentRow {
    #[diesel(sql_type = Text)]
    agent: String,
}

#[derive(QueryableByName)]
struct QueueRow {
    #[diesel(sql_type = Text)]
    queue: String,
}

#[derive(QueryableByName)]
struct MemberRow {
    #[diesel(sql_type = Text)]
    agent: String,
    #[diesel(sql_type = Text)]
    interface: String,
    #[diesel(sql_type = Text)]
    penalty: String,
    #[diesel(sql_type = Text)]
    paused: String,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
}

impl Store {
    /// Where the calls of these agents, or of all, ring; who is logged out is missing.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn places(&self, agents: Option<&[Number]>) -> Result<Vec<(Number, Interface)>, StoreError> {
        let agents: Option<Vec<&str>> = agents.map(|agents| agents.iter().map(Number::as_str).collect());
        self.read(|connection| {
            let rows: Vec<PlaceRow> = diesel::sql_query(
                "select
                   session.agent_number as agent,
                   session.interface as interface
                 from peerage.agent_session as session
                 where session.ended_at is null
                   and ($1::text[] is null or session.agent_number = any ($1))",
            )
            .bind::<Nullable<Array<Text>>, _>(agents)
            .load(connection)?;
            rows.into_iter()
                .map(|row| Ok((parsed(row.agent)?, parsed(row.interface)?)))
                .collect()
        })
    }

    /// The agents who leave when their call has ended.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn leaving(&self) -> Result<Vec<Number>, StoreError> {
        self.read(|connection| {
            let rows: Vec<AgentRow> = diesel::sql_query(
                "select session.agent_number as agent
                 from peerage.agent_request as request
                   join peerage.agent_session as session on session.id = request.session_id
                 where request.ended_at is null
                   and session.ended_at is null
                 order by session.agent_number",
            )
            .load(connection)?;
            rows.into_iter().map(|row| parsed(row.agent)).collect()
        })
    }

    /// The queues in which a node may hold something else than the database, by name: those that have members at the moment,
    /// and those whose strategy Asterisk may not have taken over.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn queues_to_compare(&self) -> Result<Vec<QueueName>, StoreError> {
        self.read(|connection| {
            let rows: Vec<QueueRow> = diesel::sql_query(
                "select queue.name as queue
                 from peerage.queue_login as login
                   join peerage.queue as queue on queue.id = login.queue_id
                 union
                 select name from peerage.queue where strategy in ('linear', 'rrordered')
                 order by queue",
            )
            .load(connection)?;
            rows.into_iter().map(|row| parsed(row.queue)).collect()
        })
    }

    /// The members of a queue that a node serves, by interface.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn members(&self, node: &NodeName, queue: &QueueName) -> Result<Vec<Member>, StoreError> {
        self.read(|connection| {
            let rows: Vec<MemberRow> = diesel::sql_query(
                "select
                   session.agent_number as agent,
                   login.interface as interface,
                   login.penalty as penalty,
                   login.told_paused as paused,
                   case
                     when login.told_paused <> login.paused then login.told_reason
                     else login.reason_paused
                   end as reason
                 from peerage.queue_login as login
                   join peerage.agent_session as session on session.id = login.session_id
                   left join peerage.node as node on node.name = $2
                 where login.queue_name = $1
                   and (
                     node.all_sites is not false
                     or exists (
                       select
                       from peerage.node_site as served
                       where served.login = node.login
                         and served.site_id = login.site_id
                     )
                   )
                 order by login.interface",
            )
            .bind::<Text, _>(queue.as_str())
            .bind::<Text, _>(node.as_str())
            .load(connection)?;
            rows.into_iter()
                .map(|row| {
                    Ok(Member {
                        agent: parsed(row.agent)?,
                        interface: parsed(row.interface)?,
                        penalty: row.penalty,
                        paused: row.paused == "1",
                        reason: maybe_parsed(row.reason)?,
                    })
                })
                .collect()
        })
    }
}
