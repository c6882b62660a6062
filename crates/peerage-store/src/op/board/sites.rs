use diesel::prelude::*;
use diesel::sql_types::Text;
use jiff::civil::Date;
use peerage_model::{QueueName, SiteName};

use super::{Names, names};
use crate::StoreError;
use crate::error::Refusal;
use crate::pool::Store;
use crate::row::parsed;

/// A site as a board needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardSite {
    /// Its name.
    pub name: SiteName,
    /// The time zone in which its days begin and end.
    pub time_zone: String,
    /// What day it is there.
    pub today: Date,
}

#[derive(QueryableByName)]
struct SiteRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    time_zone: String,
    #[diesel(sql_type = Text)]
    today: String,
}

impl Store {
    /// The sites at which agents of these queues work, the one with the most of them first; all sites for `None`.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn board_sites(&self, queues: Option<&[QueueName]>) -> Result<Vec<BoardSite>, StoreError> {
        self.read(|connection| {
            let rows: Vec<SiteRow> = diesel::sql_query(include_str!("sites.sql"))
                .bind::<Names, _>(names(queues))
                .load(connection)?;
            rows.into_iter().map(SiteRow::site).collect()
        })
    }
}

impl SiteRow {
    fn site(self) -> Result<BoardSite, StoreError> {
        Ok(BoardSite {
            name: parsed(self.name)?,
            time_zone: self.time_zone,
            today: date(&self.today)?,
        })
    }
}

/// A date as PostgreSQL writes it.
pub(super) fn date(text: &str) -> Result<Date, StoreError> {
    text.parse()
        .map_err(|error| StoreError::Other(Refusal::new(format!("the database knows a day that is none: {error}"))))
}
