//! Orders to pause and unpause that follow a committed change to each node, and what became of them.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text};
use peerage_model::{Interface, NodeName, Number, PauseReason, QueueName};

use super::StateError;
use super::load;
use super::write;
use crate::StoreError;
use crate::pool::Store;
use crate::row::{maybe_parsed, parsed};

/// An order that is about to be sent: what a member shall be, as it was committed a moment ago.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PauseOrder {
    /// By which it is told what became of it.
    pub id: i64,
    /// The queue.
    pub queue: QueueName,
    /// The member.
    pub interface: Interface,
    /// Whether it shall be paused.
    pub paused: bool,
    /// Why; never when not paused.
    pub reason: Option<PauseReason>,
}

/// The right to give a node orders, as the database gave it to a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The service, by the name it gave itself.
    pub service: String,
    /// Which of the node's leases it is.
    pub epoch: i64,
}

#[derive(QueryableByName)]
struct AgentRow {
    #[diesel(sql_type = Text)]
    agent: String,
}

#[derive(QueryableByName)]
struct OrderRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    queue_name: String,
    #[diesel(sql_type = Text)]
    interface: String,
    #[diesel(sql_type = Text)]
    paused: String,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
}

impl OrderRow {
    fn order(self) -> Result<PauseOrder, StoreError> {
        Ok(PauseOrder {
            id: self.id,
            queue: parsed(self.queue_name)?,
            interface: parsed(self.interface)?,
            paused: self.paused == "1",
            reason: maybe_parsed(self.reason)?,
        })
    }
}

impl Store {
    /// Those of these agents, or of all, of whom a node last said something else than what is so, by number.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn pause_orders_due(&self, node: &NodeName, agents: Option<&[Number]>) -> Result<Vec<Number>, StoreError> {
        let agents: Option<Vec<&str>> = agents.map(|agents| agents.iter().map(Number::as_str).collect());
        self.read(|connection| {
            let rows: Vec<AgentRow> = diesel::sql_query(include_str!("orders_due.sql"))
                .bind::<Text, _>(node.as_str())
                .bind::<Nullable<Array<Text>>, _>(agents)
                .load(connection)?;
            rows.into_iter().map(|row| parsed(row.agent)).collect()
        })
    }

    /// The orders of an agent that are due at a node, each noted, so that its echo is known. To be sent at once, in this
    /// order, and only while the lease holds; then [`Store::pause_orders_answered`].
    ///
    /// # Errors
    ///
    /// The lease has run out or is another's by now; or the database does not answer as expected.
    pub fn order_pauses(&self, node: &NodeName, lease: &Lease, agent: &Number) -> Result<Vec<PauseOrder>, StateError> {
        self.write(|connection| {
            if !lock(connection, agent)? {
                return Ok(Vec::new());
            }
            // After the wait for the lock, in which the lease may have gone.
            if !holds(connection, node, lease)? {
                return Err(StoreError::conflict(
                    format!("another service may lead node `{node}` by now"),
                    "it gives the orders; nothing is to be done",
                )
                .into());
            }
            let rows: Vec<OrderRow> = diesel::sql_query(include_str!("order.sql"))
                .bind::<Text, _>(node.as_str())
                .bind::<Text, _>(agent.as_str())
                .load(connection)?;
            let orders: Result<_, StoreError> = rows.into_iter().map(OrderRow::order).collect();
            Ok(orders?)
        })
    }

    /// Tells of orders what became of them: `done` are those that the node says it has carried out, `undone` those that it
    /// never will. Of which neither is known stays noted: its echo may yet come.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn pause_orders_answered(&self, agent: &Number, done: &[i64], undone: &[i64]) -> Result<(), StateError> {
        // As a rule the echo was here before the answer, and there is nothing to do.
        let noted = self.read(|connection| {
            let all: Vec<i64> = done.iter().chain(undone).copied().collect();
            Ok(
                diesel::sql_query("select id from peerage.pause_order where id = any ($1)")
                    .bind::<Array<BigInt>, _>(all)
                    .execute(connection)?,
            )
        })?;
        if noted == 0 {
            return Ok(());
        }
        self.write(|connection| {
            if !lock(connection, agent)? {
                return Ok(());
            }
            diesel::sql_query("delete from peerage.pause_order where id = any ($1)")
                .bind::<Array<BigInt>, _>(undone)
                .execute(connection)?;
            diesel::sql_query(include_str!("order_done.sql"))
                .bind::<Array<BigInt>, _>(done)
                .execute(connection)?;
            Ok(())
        })
    }

    /// Forgets orders that no network delivers any more, and tells how many.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn forget_pause_orders(&self, node: &NodeName) -> Result<usize, StoreError> {
        self.write(|connection| {
            // TCP gives up after about a quarter of an hour.
            Ok(diesel::sql_query(
                "delete from peerage.pause_order
                 where node = $1
                   and ordered_at < clock_timestamp() - interval '20 minutes'",
            )
            .bind::<Text, _>(node.as_str())
            .execute(connection)?)
        })
    }

    /// Notes that a node holds something else of a member's pause than is so, whatever it said before: an order is due.
    /// Tells whether it is.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn pause_is_elsewise(
        &self,
        node: &NodeName,
        agent: &Number,
        queue: &QueueName,
        paused: bool,
        reason: Option<&str>,
    ) -> Result<bool, StateError> {
        self.write(|connection| {
            if !lock(connection, agent)? {
                return Ok(false);
            }
            let noted = diesel::sql_query(include_str!("order_anew.sql"))
                .bind::<Text, _>(node.as_str())
                .bind::<Text, _>(agent.as_str())
                .bind::<Text, _>(queue.as_str())
                .bind::<Text, _>(if paused { "1" } else { "0" })
                .bind::<Nullable<Text>, _>(reason.filter(|_| paused))
                .execute(connection)?;
            Ok(noted > 0)
        })
    }
}

/// Whether a service still leads a node, by the database's clock.
fn holds(connection: &mut PgConnection, node: &NodeName, lease: &Lease) -> Result<bool, StoreError> {
    let holding = diesel::sql_query(
        "select lease.node_id
         from peerage.node_lease as lease
           join peerage.node as node on node.id = lease.node_id
         where node.name = $1
           and lease.service = $2
           and lease.epoch = $3
           and lease.expires_at > clock_timestamp()",
    )
    .bind::<Text, _>(node.as_str())
    .bind::<Text, _>(&lease.service)
    .bind::<BigInt, _>(lease.epoch)
    .execute(connection)?;
    Ok(holding > 0)
}

/// Locks an agent in service; false when there is none.
fn lock(connection: &mut PgConnection, agent: &Number) -> Result<bool, StateError> {
    let id = load::agent_id(connection, agent)?;
    write::lock(connection, id.as_slice())?;
    Ok(id.is_some())
}
