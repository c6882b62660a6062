use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Timestamptz};
use jiff::Timestamp;
use peerage_model::{FullName, Number, QueueName};

use super::{Names, names};
use crate::op::state::AgentRow;
use crate::pool::Store;
use crate::row::parsed;
use crate::{AgentNow, Filter, StoreError};

/// Whom a board shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BoardFilter {
    /// Only these queues, and only agents assigned to one of them; `None` for all and everybody.
    pub queues: Option<Vec<QueueName>>,
    /// Nobody but this agent.
    pub agent: Option<Number>,
    /// Only agents of this one match.
    pub queue: Option<QueueName>,
    /// Only agents with this text in number, name, alias or e-mail address match, whatever its case.
    pub search: Option<String>,
    /// The agents that are logged out, too: there may be very many.
    pub away: Option<Away>,
}

/// Which of the agents that are logged out, in order of their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Away {
    /// Only those after this number.
    pub after: Option<Number>,
    /// At most so many.
    pub limit: u32,
}

/// Queues and agents right now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// The queues, by name.
    pub queues: Vec<BoardQueue>,
    /// By number: all who are at work, whether they match or not, so that they can be counted; of the others those that
    /// were asked for and match.
    pub agents: Vec<BoardAgent>,
}

/// A queue of a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardQueue {
    /// Its name.
    pub name: QueueName,
    /// Free text; none for nothing.
    pub description: Option<String>,
    /// How many agents are assigned to it.
    pub assigned: u32,
}

/// An agent of a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardAgent {
    /// The number.
    pub number: Number,
    /// The full name.
    pub name: FullName,
    /// Whether the agent picks a telephone at login.
    pub hot_desk: bool,
    /// State and place.
    pub now: AgentNow,
    /// What is known of the reason of the pause; none when not paused, or for a reason that is none of the configured ones.
    pub reason: Option<KnownReason>,
    /// Since when the device that rings is registered; none when it is not, or is none that registers.
    pub registered_since: Option<Timestamp>,
    /// Until when the last registration of that device holds or held.
    pub registered_until: Option<Timestamp>,
    /// Whether a logout waits for the end of the call.
    pub leaving: bool,
    /// Assignments to queues of the board, by name.
    pub seats: Vec<Seat>,
    /// Whether the agent meets the filter.
    pub matches: bool,
}

/// A configured reason of a pause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownReason {
    /// What people read.
    pub label: String,
    /// Whether it counts as work.
    pub productive: bool,
    /// How long it should last at most; none for no limit.
    pub longest: Option<Duration>,
}

/// An agent's assignment to a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// The queue.
    pub queue: QueueName,
    /// Whether a member right now.
    pub joined: bool,
    /// Whether paused there.
    pub paused: bool,
}

#[derive(QueryableByName)]
struct QueueRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Text>)]
    description: Option<String>,
    #[diesel(sql_type = BigInt)]
    assigned: i64,
}

#[derive(QueryableByName)]
struct BoardRow {
    #[diesel(embed)]
    now: AgentRow,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    hot_desk: bool,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    last_seen: Option<jiff_diesel::Timestamp>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    registered_since: Option<jiff_diesel::Timestamp>,
    #[diesel(sql_type = Nullable<Text>)]
    reason_label: Option<String>,
    #[diesel(sql_type = Nullable<Bool>)]
    productive: Option<bool>,
    #[diesel(sql_type = Nullable<Integer>)]
    max_seconds: Option<i32>,
    #[diesel(sql_type = Bool)]
    leaving: bool,
    #[diesel(sql_type = Array<Text>)]
    assigned: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    joined: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    paused: Vec<String>,
    #[diesel(sql_type = Bool)]
    matches: bool,
}

impl Store {
    /// Queues and their agents right now: two statements, however many there are.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn board(&self, filter: &BoardFilter) -> Result<Board, StoreError> {
        let search = Filter {
            search: filter.search.clone(),
            ..Filter::default()
        };
        let after = filter.away.as_ref().and_then(|away| away.after.as_ref());
        self.read(|connection| {
            let queues: Vec<QueueRow> = diesel::sql_query(include_str!("queues.sql"))
                .bind::<Names, _>(names(filter.queues.as_deref()))
                .load(connection)?;
            let agents: Vec<BoardRow> = diesel::sql_query(include_str!("agents.sql"))
                .bind::<Names, _>(names(filter.queues.as_deref()))
                .bind::<Nullable<Text>, _>(filter.queue.as_ref().map(QueueName::as_str))
                .bind::<Nullable<Text>, _>(search.pattern())
                .bind::<Bool, _>(filter.away.is_some())
                .bind::<Text, _>(after.map_or("", Number::as_str))
                .bind::<BigInt, _>(filter.away.as_ref().map_or(0, |away| i64::from(away.limit)))
                .bind::<Nullable<Text>, _>(filter.agent.as_ref().map(Number::as_str))
                .load(connection)?;
            Ok(Board {
                queues: queues.into_iter().map(QueueRow::queue).collect::<Result<_, _>>()?,
                agents: agents.into_iter().map(BoardRow::agent).collect::<Result<_, _>>()?,
            })
        })
    }
}

impl QueueRow {
    fn queue(self) -> Result<BoardQueue, StoreError> {
        Ok(BoardQueue {
            name: parsed(self.name)?,
            description: self.description,
            assigned: u32::try_from(self.assigned).unwrap_or(u32::MAX),
        })
    }
}

impl BoardRow {
    fn agent(self) -> Result<BoardAgent, StoreError> {
        let reason = self.reason_label.map(|label| KnownReason {
            label,
            productive: self.productive.unwrap_or(false),
            longest: self
                .max_seconds
                .and_then(|seconds| u64::try_from(seconds).ok())
                .map(Duration::from_secs),
        });
        let registered_until = self.last_seen.map(jiff_diesel::Timestamp::to_jiff);
        let (number, now) = self.now.now()?;
        let (joined, paused) = (&self.joined, &self.paused);
        let seat = |name: String| {
            Ok(Seat {
                joined: joined.contains(&name),
                paused: paused.contains(&name),
                queue: parsed(name)?,
            })
        };
        Ok(BoardAgent {
            number,
            name: parsed(self.name)?,
            hot_desk: self.hot_desk,
            now,
            reason,
            registered_since: self.registered_since.map(jiff_diesel::Timestamp::to_jiff),
            registered_until,
            leaving: self.leaving,
            seats: self.assigned.into_iter().map(seat).collect::<Result<_, StoreError>>()?,
            matches: self.matches,
        })
    }
}
