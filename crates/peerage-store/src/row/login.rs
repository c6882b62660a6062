use diesel::prelude::*;
use jiff_diesel::{NullableTimestamp, Timestamp};
use peerage_model::QueueName;

use super::{maybe_parsed, parsed};
use crate::schema::login_account;
use crate::{Login, StoreError};

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = login_account, check_for_backend(diesel::pg::Pg))]
pub(crate) struct LoginRow {
    pub(crate) id: i64,
    username: String,
    pub(crate) role: String,
    pub(crate) agent_id: Option<i64>,
    pub(crate) disabled: bool,
    pub(crate) failed_sign_ins: i32,
    #[diesel(deserialize_as = NullableTimestamp)]
    pub(crate) locked_until: Option<jiff::Timestamp>,
    #[diesel(deserialize_as = Timestamp)]
    created_at: jiff::Timestamp,
}

impl LoginRow {
    pub(crate) fn with(
        self,
        agent: Option<String>,
        has_password: bool,
        queues: Vec<QueueName>,
    ) -> Result<Login, StoreError> {
        Ok(Login {
            username: parsed(self.username)?,
            role: parsed(self.role)?,
            agent: maybe_parsed(agent)?,
            has_password,
            disabled: self.disabled,
            failed_sign_ins: self.failed_sign_ins,
            locked_until: self.locked_until,
            queues,
            created_at: self.created_at,
        })
    }
}
