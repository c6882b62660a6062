use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Timestamptz};
use jiff::Timestamp;
use jiff::civil::Date;
use peerage_model::Number;

use super::sites::date;
use crate::pool::Store;
use crate::{Entity, StoreError};

/// A day of an agent's, as the agent's site reckons it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteDay {
    /// The time zone of the site.
    pub time_zone: String,
    /// The day.
    pub day: Date,
    /// What day it is there now.
    pub today: Date,
    /// Its first moment.
    pub began_at: Timestamp,
    /// The first moment of the next.
    pub ended_at: Timestamp,
}

/// Where a session rang.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceRecord {
    /// What app_queue dialled.
    pub interface: String,
    /// internal, phone, mobile or hot_desk.
    pub kind: String,
    /// The hot-desk telephone; none otherwise.
    pub phone: Option<String>,
    /// Who brought the agent there.
    pub by: String,
    /// From when.
    pub began_at: Timestamp,
    /// Until when; none while there.
    pub ended_at: Option<Timestamp>,
}

#[derive(QueryableByName)]
struct DayRow {
    #[diesel(sql_type = Text)]
    time_zone: String,
    #[diesel(sql_type = Text)]
    day: String,
    #[diesel(sql_type = Text)]
    today: String,
    #[diesel(sql_type = Timestamptz)]
    began_at: jiff_diesel::Timestamp,
    #[diesel(sql_type = Timestamptz)]
    ended_at: jiff_diesel::Timestamp,
}

#[derive(QueryableByName)]
struct PlaceRow {
    #[diesel(sql_type = Text)]
    interface: String,
    #[diesel(sql_type = Text)]
    interface_kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    phone_number: Option<String>,
    #[diesel(sql_type = Text)]
    actor: String,
    #[diesel(sql_type = Timestamptz)]
    began_at: jiff_diesel::Timestamp,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    ended_at: Option<jiff_diesel::Timestamp>,
}

impl Store {
    /// A day of an agent in service; `None` for today.
    ///
    /// # Errors
    ///
    /// There is no such agent.
    pub fn agent_site_day(&self, agent: &Number, day: Option<Date>) -> Result<SiteDay, StoreError> {
        let row: Option<DayRow> = self.read(|connection| {
            Ok(diesel::sql_query(
                "select
                   site.time_zone as time_zone,
                   zone.day::text as day,
                   zone.today::text as today,
                   zone.day::timestamp at time zone site.time_zone as began_at,
                   (zone.day + 1)::timestamp at time zone site.time_zone as ended_at
                 from peerage.agent as agent
                   join peerage.sip_account as account on account.id = agent.account_id
                   join peerage.site as site on site.id = account.site_id
                   cross join lateral (
                     select
                       coalesce($2::date, (clock_timestamp() at time zone site.time_zone)::date) as day,
                       (clock_timestamp() at time zone site.time_zone)::date as today
                   ) as zone
                 where agent.number = $1
                   and agent.removed_at is null",
            )
            .bind::<Text, _>(agent.as_str())
            .bind::<Nullable<Text>, _>(day.map(|day| day.to_string()))
            .get_result(connection)
            .optional()?)
        })?;
        let row = row.ok_or_else(|| StoreError::unknown(Entity::Agent, agent))?;
        Ok(SiteDay {
            time_zone: row.time_zone,
            day: date(&row.day)?,
            today: date(&row.today)?,
            began_at: row.began_at.to_jiff(),
            ended_at: row.ended_at.to_jiff(),
        })
    }

    /// Where an agent in service rang, from `from` (inclusive) to `to` (exclusive), oldest first.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn agent_places(&self, agent: &Number, from: Timestamp, to: Timestamp) -> Result<Vec<PlaceRecord>, StoreError> {
        let rows: Vec<PlaceRow> = self.read(|connection| {
            Ok(diesel::sql_query(
                "select place.interface, place.interface_kind, place.phone_number, place.actor, place.began_at, place.ended_at
                 from peerage.agent as agent
                   join peerage.agent_session as session on session.agent_id = agent.id
                   join peerage.agent_place as place on place.session_id = session.id
                 where agent.number = $1
                   and agent.removed_at is null
                   and place.began_at < $3
                   and coalesce(place.ended_at, 'infinity') > $2
                 order by place.began_at",
            )
            .bind::<Text, _>(agent.as_str())
            .bind::<Timestamptz, _>(jiff_diesel::Timestamp::from(from))
            .bind::<Timestamptz, _>(jiff_diesel::Timestamp::from(to))
            .load(connection)?)
        })?;
        Ok(rows.into_iter().map(PlaceRow::place).collect())
    }
}

impl PlaceRow {
    fn place(self) -> PlaceRecord {
        PlaceRecord {
            interface: self.interface,
            kind: self.interface_kind,
            phone: self.phone_number,
            by: self.actor,
            began_at: self.began_at.to_jiff(),
            ended_at: self.ended_at.map(jiff_diesel::Timestamp::to_jiff),
        }
    }
}
