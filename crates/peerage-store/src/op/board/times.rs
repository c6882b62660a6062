use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use jiff::SignedDuration;
use jiff::civil::Date;
use peerage_model::{FullName, Number, PauseReason, QueueName, Totals};

use super::sites::date;
use super::{Names, names};
use crate::StoreError;
use crate::pool::Store;
use crate::row::{maybe_parsed, parsed};

/// Whose days, by number; those of everybody who was at work by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DayFilter {
    /// Only agents assigned to one of these queues; `None` for everybody.
    pub queues: Option<Vec<QueueName>>,
    /// Only agents of this one.
    pub queue: Option<QueueName>,
    /// The day; `None` for today, as far as it has gone.
    pub day: Option<Date>,
    /// Only agents after this number: the last of the page before.
    pub after: Option<Number>,
    /// At most so many.
    pub limit: u32,
}

/// How an agent in service spent a day, which begins and ends in the time zone of the agent's site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentDay {
    /// The number.
    pub number: Number,
    /// The full name.
    pub name: FullName,
    /// The day.
    pub day: Date,
    /// The times; `logged_in` is exactly the sum of the others.
    pub totals: Totals,
}

#[derive(QueryableByName)]
struct TimeRow {
    #[diesel(sql_type = Text)]
    number: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    day: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
    #[diesel(sql_type = BigInt)]
    microseconds: i64,
}

impl Store {
    /// A page of agents' days: one statement. Agents who were not at work on that day are missing.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn agent_days(&self, filter: &DayFilter) -> Result<Vec<AgentDay>, StoreError> {
        let rows: Vec<TimeRow> = self.read(|connection| {
            Ok(diesel::sql_query(include_str!("times.sql"))
                .bind::<Names, _>(names(filter.queues.as_deref()))
                .bind::<Nullable<Text>, _>(filter.queue.as_ref().map(QueueName::as_str))
                .bind::<Nullable<Text>, _>(filter.day.map(|day| day.to_string()))
                .bind::<Text, _>(filter.after.as_ref().map_or("", Number::as_str))
                .bind::<BigInt, _>(i64::from(filter.limit))
                .load(connection)?)
        })?;
        let mut days: Vec<AgentDay> = Vec::new();
        for row in rows {
            let number: Number = parsed(row.number)?;
            let length = SignedDuration::from_micros(row.microseconds);
            if days.last().is_none_or(|day| day.number != number) {
                days.push(AgentDay {
                    number,
                    name: parsed(row.name)?,
                    day: date(&row.day)?,
                    totals: Totals::default(),
                });
            }
            if let Some(day) = days.last_mut() {
                add(&mut day.totals, &row.state, maybe_parsed(row.reason)?, length);
            }
        }
        Ok(days)
    }
}

fn add(totals: &mut Totals, state: &str, reason: Option<PauseReason>, length: SignedDuration) {
    totals.logged_in += length;
    match state {
        "paused" => *totals.paused.entry(reason).or_default() += length,
        "partly_paused" => totals.partly_paused += length,
        // The table's check allows these three.
        _ => totals.available += length,
    }
}
