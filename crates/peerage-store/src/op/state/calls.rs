//! Calls as the service that leads a node sees them, kept for those who have nothing but the database.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz};
use jiff::Timestamp;
use peerage_model::{NodeName, Number};

use super::orders::Lease;
use crate::StoreError;
use crate::pool::Store;

/// The call of an agent at a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentCall {
    /// The agent; one of no agent is left out.
    pub agent: Number,
    /// Whether a call is up (or rings), and since when; none when there is no call.
    pub call: Option<(bool, Timestamp)>,
    /// When the last call that was up ended; none when that was not seen.
    pub ended_at: Option<Timestamp>,
}

#[derive(QueryableByName)]
struct Kept {
    #[diesel(sql_type = Bool)]
    leads: bool,
}

impl Store {
    /// Keeps what the service that leads a node sees of calls there; `whole`: whoever is not named has none. Returns whether the
    /// service still leads the node; if not, nothing is kept.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn see_calls(
        &self,
        node: &NodeName,
        lease: &Lease,
        calls: &[AgentCall],
        whole: bool,
    ) -> Result<bool, StoreError> {
        let numbers: Vec<&str> = calls.iter().map(|call| call.agent.as_str()).collect();
        let word = |is_up| if is_up { "on_call" } else { "ringing" };
        let states: Vec<Option<&str>> = calls
            .iter()
            .map(|call| call.call.map(|(is_up, _)| word(is_up)))
            .collect();
        let time = |at: Timestamp| jiff_diesel::Timestamp::from(at);
        let sinces: Vec<Option<jiff_diesel::Timestamp>> = calls
            .iter()
            .map(|call| call.call.map(|(_, since)| time(since)))
            .collect();
        let ends: Vec<Option<jiff_diesel::Timestamp>> = calls.iter().map(|call| call.ended_at.map(time)).collect();
        self.write(|connection| {
            let kept: Kept = diesel::sql_query("select peerage.see_calls($1, $2, $3, $4, $5, $6, $7, $8) as leads")
                .bind::<Text, _>(node.as_str())
                .bind::<Text, _>(&lease.service)
                .bind::<BigInt, _>(lease.epoch)
                .bind::<Array<Text>, _>(numbers)
                .bind::<Array<Nullable<Text>>, _>(states)
                .bind::<Array<Nullable<Timestamptz>>, _>(sinces)
                .bind::<Array<Nullable<Timestamptz>>, _>(ends)
                .bind::<Bool, _>(whole)
                .get_result(connection)?;
            Ok(kept.leads)
        })
    }
}
