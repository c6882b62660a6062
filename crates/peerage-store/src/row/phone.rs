use diesel::prelude::*;
use peerage_model::{CallerNumber, FullName, Number};

use super::text;
use crate::schema::phone;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = phone, check_for_backend(diesel::pg::Pg))]
pub(crate) struct PhoneRow {
    pub(crate) id: i64,
    #[diesel(embed)]
    pub(crate) columns: PhoneColumns,
}

/// What people set of a telephone. Flat, because rows that are copied in cannot be nested.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = phone, check_for_backend(diesel::pg::Pg))]
#[diesel(treat_none_as_null = true, treat_none_as_default_value = false)]
pub(crate) struct PhoneColumns {
    pub(crate) account_id: i64,
    pub(crate) number: String,
    pub(crate) full_name: String,
    pub(crate) emergency_callerid: Option<String>,
}

impl PhoneColumns {
    pub(crate) fn new(
        account_id: i64,
        number: &Number,
        full_name: &FullName,
        emergency_callerid: &Option<CallerNumber>,
    ) -> Self {
        Self {
            account_id,
            number: number.to_string(),
            full_name: full_name.to_string(),
            emergency_callerid: text(emergency_callerid),
        }
    }
}
