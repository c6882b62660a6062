mod log;
mod options;

pub use log::{LogLine, LoggedAs};
pub use options::QUEUE_OPTIONS;

use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use peerage_model::{Number, Penalty, QueueName, ReasonCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Refusal;
use crate::pool::Store;
use crate::{Entity, Queue, QueuePatch, Reason, ReasonPatch, StoreError};

#[derive(QueryableByName)]
struct Document {
    #[diesel(sql_type = Text)]
    document: String,
}

const QUEUES: &str = "
select (
  to_jsonb(queue)
  || jsonb_build_object('agents', coalesce(
    (
      select jsonb_agg(
        jsonb_build_object(
          'agent', agent.number,
          'penalty', coalesce(login.penalty::bigint, assignment.penalty),
          'assigned_penalty', assignment.penalty,
          'logged_in', login.uniqueid is not null,
          'paused', coalesce(login.paused, '0') = '1'
        )
        order by agent.number
      )
      from peerage.queue_assignment as assignment
        join peerage.agent as agent on agent.id = assignment.agent_id
        left join peerage.agent_session as session on session.agent_id = agent.id and session.ended_at is null
        left join peerage.queue_login as login on login.session_id = session.id and login.queue_id = queue.id
      where assignment.queue_id = queue.id
        and agent.removed_at is null
    ),
    '[]'
  ))
)::text as document
from peerage.queue as queue
where $1 = '' or queue.name = $1
order by queue.name";

const REASONS: &str = "
select to_jsonb(reason)::text as document
from peerage.pause_reason as reason
where $1 = '' or reason.code = $1
order by reason.code";

impl Store {
    /// Adds a queue; what the patch does not say has its default.
    ///
    /// # Errors
    ///
    /// The name is taken, or a value breaks its rule.
    pub fn add_queue(&self, name: &QueueName, settings: &QueuePatch) -> Result<(), StoreError> {
        self.write(|connection| {
            diesel::sql_query("insert into peerage.queue (name) values ($1)")
                .bind::<Text, _>(name.as_str())
                .execute(connection)?;
            patch_queue(connection, name, settings)?;
            Ok(())
        })
        .map_err(|error| options::explain(error, settings))
    }

    /// All queues, by name.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn queues(&self) -> Result<Vec<Queue>, StoreError> {
        self.read(|connection| documents(connection, QUEUES, ""))
    }

    /// The strategy of a queue; none when there is no such queue.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn queue_strategy(&self, name: &QueueName) -> Result<Option<String>, StoreError> {
        self.read(|connection| {
            let found: Option<Document> =
                diesel::sql_query("select strategy as document from peerage.queue where name = $1")
                    .bind::<Text, _>(name.as_str())
                    .get_result(connection)
                    .optional()?;
            Ok(found.map(|found| found.document))
        })
    }

    /// The queue of this name.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn queue(&self, name: &QueueName) -> Result<Queue, StoreError> {
        let found: Vec<Queue> = self.read(|connection| documents(connection, QUEUES, name.as_str()))?;
        found
            .into_iter()
            .next()
            .ok_or_else(|| StoreError::unknown(Entity::Queue, name))
    }

    /// Changes a queue, and tells whether anything changed.
    ///
    /// # Errors
    ///
    /// There is none, or a value breaks its rule.
    pub fn set_queue(&self, name: &QueueName, patch: &QueuePatch) -> Result<bool, StoreError> {
        self.write(|connection| {
            if patch.name.is_some() {
                // Members are other ones under another name.
                lock_agents(connection, name)?;
            }
            patch_queue(connection, name, patch)
        })
        .map_err(|error| options::explain(error, patch))
    }

    /// Removes a queue: its members leave it, its assignments go.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn remove_queue(&self, name: &QueueName) -> Result<(), StoreError> {
        self.write(|connection| {
            lock_agents(connection, name)?;
            // The assignments' trigger ends the memberships.
            diesel::sql_query(
                "delete from peerage.queue_assignment
                 where queue_id = (select id from peerage.queue where name = $1)",
            )
            .bind::<Text, _>(name.as_str())
            .execute(connection)?;
            let gone = diesel::sql_query("delete from peerage.queue where name = $1")
                .bind::<Text, _>(name.as_str())
                .execute(connection)?;
            if gone == 0 {
                return Err(StoreError::unknown(Entity::Queue, name));
            }
            Ok(())
        })
    }

    /// Assigns an agent to a queue, or changes the penalty; an agent at work joins at once. Tells whether anything changed.
    ///
    /// # Errors
    ///
    /// There is no such queue or agent.
    pub fn assign(&self, queue: &QueueName, agent: &Number, penalty: Penalty) -> Result<bool, StoreError> {
        self.write(|connection| {
            // Shared: whoever renames or removes the queue waits for new members, and they for him or her.
            exists(
                connection,
                Entity::Queue,
                "select 1 from peerage.queue where name = $1 for share",
                queue.as_str(),
            )?;
            let known = "select 1 from peerage.agent where number = $1 and removed_at is null for update";
            exists(connection, Entity::Agent, known, agent.as_str())?;
            let changed = diesel::sql_query(
                "insert into peerage.queue_assignment as assignment (queue_id, agent_id, penalty)
                 select queue.id, agent.id, $3
                 from peerage.queue as queue, peerage.agent as agent
                 where queue.name = $1
                   and agent.number = $2
                   and agent.removed_at is null
                 on conflict on constraint queue_assignment_agent_id_queue_id_key do update
                 set penalty = excluded.penalty
                 where assignment.penalty <> excluded.penalty",
            )
            .bind::<Text, _>(queue.as_str())
            .bind::<Text, _>(agent.as_str())
            .bind::<Integer, _>(penalty.get())
            .execute(connection)?;
            // Asterisk may have set another one since, which the assignment's trigger leaves alone when nothing changes there.
            let set_back = diesel::sql_query(
                "update peerage.queue_login as login
                 set penalty = $3::text
                 from peerage.queue as queue, peerage.agent as agent, peerage.agent_session as session
                 where queue.name = $1
                   and login.queue_id = queue.id
                   and agent.number = $2
                   and agent.removed_at is null
                   and session.agent_id = agent.id
                   and session.ended_at is null
                   and login.session_id = session.id
                   and login.penalty <> $3::text",
            )
            .bind::<Text, _>(queue.as_str())
            .bind::<Text, _>(agent.as_str())
            .bind::<Integer, _>(penalty.get())
            .execute(connection)?;
            Ok(changed > 0 || set_back > 0)
        })
    }

    /// Takes an agent out of a queue, at once, and tells whether he or she was in it.
    ///
    /// # Errors
    ///
    /// There is no such queue or agent.
    pub fn unassign(&self, queue: &QueueName, agent: &Number) -> Result<bool, StoreError> {
        self.write(|connection| {
            exists(
                connection,
                Entity::Queue,
                "select 1 from peerage.queue where name = $1",
                queue.as_str(),
            )?;
            let known = "select 1 from peerage.agent where number = $1 and removed_at is null for update";
            exists(connection, Entity::Agent, known, agent.as_str())?;
            let gone = diesel::sql_query(
                "delete from peerage.queue_assignment as assignment
                 using peerage.queue as queue, peerage.agent as agent
                 where queue.id = assignment.queue_id
                   and agent.id = assignment.agent_id
                   and queue.name = $1
                   and agent.number = $2
                   and agent.removed_at is null",
            )
            .bind::<Text, _>(queue.as_str())
            .bind::<Text, _>(agent.as_str())
            .execute(connection)?;
            Ok(gone > 0)
        })
    }

    /// Adds a reason for pauses.
    ///
    /// # Errors
    ///
    /// The code is taken, or a value breaks its rule.
    pub fn add_pause_reason(&self, code: &ReasonCode, settings: &ReasonPatch) -> Result<(), StoreError> {
        self.write(|connection| {
            diesel::sql_query("insert into peerage.pause_reason (code, label) values ($1, $1)")
                .bind::<Text, _>(code.as_str())
                .execute(connection)?;
            patch_reason(connection, code, settings)?;
            Ok(())
        })
    }

    /// All reasons, by code.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn pause_reasons(&self) -> Result<Vec<Reason>, StoreError> {
        self.read(|connection| documents(connection, REASONS, ""))
    }

    /// The reason of this code.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn pause_reason(&self, code: &ReasonCode) -> Result<Reason, StoreError> {
        let found: Vec<Reason> = self.read(|connection| documents(connection, REASONS, code.as_str()))?;
        found
            .into_iter()
            .next()
            .ok_or_else(|| StoreError::unknown(Entity::PauseReason, code))
    }

    /// Changes a reason, and tells whether anything changed.
    ///
    /// # Errors
    ///
    /// There is none, or it is one of the system's.
    pub fn set_pause_reason(&self, code: &ReasonCode, patch: &ReasonPatch) -> Result<bool, StoreError> {
        self.write(|connection| patch_reason(connection, code, patch))
    }

    /// Removes a reason. History keeps its text.
    ///
    /// # Errors
    ///
    /// There is none, or it is one of the system's.
    pub fn remove_pause_reason(&self, code: &ReasonCode) -> Result<(), StoreError> {
        self.write(|connection| {
            own_reason(connection, code)?;
            diesel::sql_query("delete from peerage.pause_reason where code = $1")
                .bind::<Text, _>(code.as_str())
                .execute(connection)?;
            Ok(())
        })
    }
}

fn documents<T: DeserializeOwned>(
    connection: &mut PgConnection,
    query: &str,
    name: &str,
) -> Result<Vec<T>, StoreError> {
    let rows: Vec<Document> = diesel::sql_query(query).bind::<Text, _>(name).load(connection)?;
    rows.iter()
        .map(|row| {
            serde_json::from_str(&row.document).map_err(|error| {
                StoreError::Other(Refusal::new(format!(
                    "the database holds what this version cannot read: {error}"
                )))
            })
        })
        .collect()
}

fn exists(connection: &mut PgConnection, what: Entity, query: &str, name: &str) -> Result<(), StoreError> {
    match diesel::sql_query(query).bind::<Text, _>(name).execute(connection)? {
        0 => Err(StoreError::unknown(what, name)),
        _ => Ok(()),
    }
}

/// Locks a queue's agents, in order, before what changes their memberships. The queue comes first, so that nobody is
/// assigned meanwhile; logins, which refer to it, go on until they need one of the agents.
fn lock_agents(connection: &mut PgConnection, queue: &QueueName) -> Result<(), StoreError> {
    let known = "select 1 from peerage.queue where name = $1 for no key update";
    exists(connection, Entity::Queue, known, queue.as_str())?;
    diesel::sql_query(
        "select 1
         from peerage.agent as agent
         where agent.id in (
           select assignment.agent_id
           from peerage.queue_assignment as assignment
             join peerage.queue as queue on queue.id = assignment.queue_id
           where queue.name = $1
         )
         order by agent.id
         for update",
    )
    .bind::<Text, _>(queue.as_str())
    .execute(connection)?;
    Ok(())
}

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Other(Refusal::new(error.to_string())))
}

/// The columns that the document names get its values, the others keep theirs: one statement for every patch.
fn patch_queue(connection: &mut PgConnection, name: &QueueName, patch: &QueuePatch) -> Result<bool, StoreError> {
    let known = "select 1 from peerage.queue where name = $1 for no key update";
    exists(connection, Entity::Queue, known, name.as_str())?;
    let changed = diesel::sql_query(include_str!("queue/patch.sql"))
        .bind::<Text, _>(name.as_str())
        .bind::<Text, _>(json(patch)?)
        .bind::<Text, _>(json(&patch.options)?)
        .execute(connection)?;
    Ok(changed > 0)
}

fn own_reason(connection: &mut PgConnection, code: &ReasonCode) -> Result<(), StoreError> {
    exists(
        connection,
        Entity::PauseReason,
        "select 1 from peerage.pause_reason where code = $1 for update",
        code.as_str(),
    )?;
    let own = diesel::sql_query("select 1 from peerage.pause_reason where code = $1 and not system")
        .bind::<Text, _>(code.as_str())
        .execute(connection)?;
    if own == 0 {
        return Err(StoreError::conflict(
            format!("pause reason `{code}` is one of the system's"),
            "Peerage and Asterisk give it by themselves; add a reason of your own",
        ));
    }
    Ok(())
}

fn patch_reason(connection: &mut PgConnection, code: &ReasonCode, patch: &ReasonPatch) -> Result<bool, StoreError> {
    own_reason(connection, code)?;
    if patch.is_default == Some(true) {
        diesel::sql_query("update peerage.pause_reason set is_default = false where is_default and code <> $1")
            .bind::<Text, _>(code.as_str())
            .execute(connection)?;
    }
    let changed = diesel::sql_query(include_str!("queue/patch_reason.sql"))
        .bind::<Text, _>(code.as_str())
        .bind::<Text, _>(json(patch)?)
        .execute(connection)?;
    Ok(changed > 0)
}
