use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use peerage_model::Number;

use crate::StoreError;
use crate::pool::Store;

/// A row of one of Asterisk's views, as Asterisk reads it; digests apart, which show as `set`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ServedRow {
    /// Name of the view, without its schema.
    pub view: String,
    /// Columns in order, with their values; none where Asterisk reads NULL.
    pub columns: Vec<(String, Option<String>)>,
}

#[derive(QueryableByName)]
struct Cell {
    #[diesel(sql_type = Text)]
    view: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Text>)]
    value: Option<String>,
}

impl Store {
    /// What Asterisk reads of an account's configuration: a row for each of its views that has one, first PJSIP's, then chan_sip's.
    /// Nothing for an account that is disabled or has no secret.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected, or the views are not installed.
    pub fn served_rows(&self, number: &Number) -> Result<Vec<ServedRow>, StoreError> {
        let cells: Vec<Cell> = self.read(|connection| {
            Ok(diesel::sql_query(include_str!("served.sql"))
                .bind::<Text, _>(number.as_str())
                .load(connection)?)
        })?;
        let mut rows: Vec<ServedRow> = Vec::new();
        for Cell { view, name, value } in cells {
            match rows.last_mut() {
                Some(row) if row.view == view => row.columns.push((name, value)),
                _ => rows.push(ServedRow {
                    view,
                    columns: vec![(name, value)],
                }),
            }
        }
        Ok(rows)
    }
}
