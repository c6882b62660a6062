use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};
use peerage_model::{FullName, Number, QueueName, SiteName};

use super::{Names, names};
use crate::op::state::{phones_now, sites_registering};
use crate::pool::Store;
use crate::row::parsed;
use crate::{Filter, PhoneNow, StoreError};

/// Which telephones a board shows, by number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BoardPhoneFilter {
    /// Only the one of this number.
    pub number: Option<Number>,
    /// Only those of these sites; `None` for all.
    pub sites: Option<Vec<SiteName>>,
    /// The queues whose agents are one's own; `None` for all, and everybody.
    pub queues: Option<Vec<QueueName>>,
    /// Only those with this text in number or name, whatever its case.
    pub search: Option<String>,
    /// Only those on which somebody is.
    pub in_use: bool,
    /// Only those after this number.
    pub after: Option<Number>,
    /// At most so many.
    pub limit: u32,
}

/// A telephone of a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardPhone {
    /// Its number.
    pub number: Number,
    /// Its name.
    pub name: FullName,
    /// Its site.
    pub site: SiteName,
    /// What it is right now.
    pub now: PhoneNow,
    /// Whether its holder is one of one's own agents; false without a holder.
    pub own: bool,
}

#[derive(QueryableByName)]
struct PhoneRow {
    #[diesel(sql_type = Text)]
    number: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    site: String,
}

#[derive(QueryableByName)]
struct NumberRow {
    #[diesel(sql_type = Text)]
    number: String,
}

impl Store {
    /// A page of telephones right now: four statements, however many there are.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn board_phones(&self, filter: &BoardPhoneFilter) -> Result<Vec<BoardPhone>, StoreError> {
        self.read(|connection| {
            let page = page(connection, filter)?;
            let numbers: Vec<Number> = page
                .iter()
                .map(|row| parsed(&row.number))
                .collect::<Result<_, StoreError>>()?;
            let registering = sites_registering(connection)?;
            let mut now = phones_now(connection, &numbers.iter().collect::<Vec<_>>(), &registering)?;
            let holders = now.values().filter_map(|phone| phone.used_by.as_ref());
            let own = own(
                connection,
                holders.map(|holder| holder.agent.as_str()).collect(),
                filter.queues.as_deref(),
            )?;
            let mut phones = Vec::new();
            for (number, row) in numbers.into_iter().zip(page) {
                // One snapshot: it is there.
                let Some(now) = now.remove(&number) else { continue };
                phones.push(BoardPhone {
                    own: now.used_by.as_ref().is_some_and(|holder| own.contains(&holder.agent)),
                    number,
                    name: parsed(row.name)?,
                    site: parsed(row.site)?,
                    now,
                });
            }
            Ok(phones)
        })
    }
}

fn page(connection: &mut PgConnection, filter: &BoardPhoneFilter) -> Result<Vec<PhoneRow>, StoreError> {
    let search = Filter {
        search: filter.search.clone(),
        ..Filter::default()
    };
    let sites = filter
        .sites
        .as_ref()
        .map(|sites| sites.iter().map(SiteName::as_str).collect::<Vec<_>>());
    Ok(diesel::sql_query(include_str!("phones.sql"))
        .bind::<Names, _>(sites)
        .bind::<Nullable<Text>, _>(search.pattern())
        .bind::<Bool, _>(filter.in_use)
        .bind::<Text, _>(filter.after.as_ref().map_or("", Number::as_str))
        .bind::<BigInt, _>(i64::from(filter.limit))
        .bind::<Nullable<Text>, _>(filter.number.as_ref().map(Number::as_str))
        .load(connection)?)
}

/// Who of these agents is assigned to one of these queues.
fn own(
    connection: &mut PgConnection,
    agents: Vec<&str>,
    queues: Option<&[QueueName]>,
) -> Result<BTreeSet<Number>, StoreError> {
    let rows: Vec<NumberRow> = diesel::sql_query(
        "select agent.number as number
         from peerage.agent as agent
         where agent.number = any ($1)
           and agent.removed_at is null
           and (
             $2 is null
             or exists (
               select
               from peerage.queue_assignment as assignment
                 join peerage.queue as queue on queue.id = assignment.queue_id
               where assignment.agent_id = agent.id
                 and queue.name = any ($2)
             )
           )",
    )
    .bind::<Array<Text>, _>(agents)
    .bind::<Names, _>(names(queues))
    .load(connection)?;
    rows.into_iter().map(|row| parsed(row.number)).collect()
}
