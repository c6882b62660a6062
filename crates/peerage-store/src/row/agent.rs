use diesel::prelude::*;
use peerage_model::{Number, Permissions};

use super::{corrupt, maybe_parsed, parsed, text};
use crate::schema::{agent, agent_channel};
use crate::{AgentChannel, AgentProfile, StoreError};

#[derive(Queryable, Selectable)]
#[diesel(table_name = agent, check_for_backend(diesel::pg::Pg))]
pub(crate) struct AgentRow {
    pub(crate) id: i64,
    #[diesel(embed)]
    pub(crate) columns: AgentColumns,
}

/// What people set of an agent; the channels have a table of their own. Flat, because rows that are copied in cannot be nested.
#[derive(Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = agent, check_for_backend(diesel::pg::Pg))]
#[diesel(treat_none_as_null = true, treat_none_as_default_value = false)]
pub(crate) struct AgentColumns {
    pub(crate) account_id: Option<i64>,
    pub(crate) number: String,
    pub(crate) pin_digest: Option<String>,
    full_name: String,
    alias: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    mobile: Option<String>,
    description: Option<String>,
    hot_desk: bool,
    login_in_pause: bool,
    client_log_level: String,
    may_choose_interface: bool,
    may_take_any_phone: bool,
    may_move: bool,
    may_pause_one_queue: bool,
    may_log_out: bool,
    may_request_after_call: bool,
    may_see_own_history: bool,
    may_edit_own_numbers: bool,
}

#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = agent_channel, check_for_backend(diesel::pg::Pg), treat_none_as_default_value = false)]
pub(crate) struct ChannelColumns {
    pub(crate) agent_id: i64,
    pub(crate) channel: String,
    pub(crate) capacity: i32,
    pub(crate) auto_answer: bool,
    pub(crate) auto_answer_delay_seconds: i32,
}

impl AgentColumns {
    pub(crate) fn new(account_id: i64, number: &Number, pin_digest: Option<String>, profile: &AgentProfile) -> Self {
        let may = profile.permissions;
        Self {
            account_id: Some(account_id),
            number: number.to_string(),
            pin_digest,
            full_name: profile.full_name.to_string(),
            alias: text(&profile.alias),
            email: text(&profile.email),
            phone: text(&profile.phone),
            mobile: text(&profile.mobile),
            description: text(&profile.description),
            hot_desk: profile.hot_desk,
            login_in_pause: profile.login_in_pause,
            client_log_level: profile.client_log_level.to_string(),
            may_choose_interface: may.choose_interface,
            may_take_any_phone: may.take_any_phone,
            may_move: may.move_session,
            may_pause_one_queue: may.pause_one_queue,
            may_log_out: may.log_out,
            may_request_after_call: may.request_after_call,
            may_see_own_history: may.see_own_history,
            may_edit_own_numbers: may.edit_own_numbers,
        }
    }

    /// The profile, with its channels in order.
    pub(crate) fn with(self, channels: Vec<AgentChannel>) -> Result<AgentProfile, StoreError> {
        Ok(AgentProfile {
            full_name: parsed(self.full_name)?,
            alias: maybe_parsed(self.alias)?,
            email: maybe_parsed(self.email)?,
            phone: maybe_parsed(self.phone)?,
            mobile: maybe_parsed(self.mobile)?,
            description: maybe_parsed(self.description)?,
            hot_desk: self.hot_desk,
            login_in_pause: self.login_in_pause,
            client_log_level: parsed(self.client_log_level)?,
            permissions: Permissions {
                choose_interface: self.may_choose_interface,
                take_any_phone: self.may_take_any_phone,
                move_session: self.may_move,
                pause_one_queue: self.may_pause_one_queue,
                log_out: self.may_log_out,
                request_after_call: self.may_request_after_call,
                see_own_history: self.may_see_own_history,
                edit_own_numbers: self.may_edit_own_numbers,
            },
            channels,
        })
    }
}

impl ChannelColumns {
    pub(crate) fn new(agent_id: i64, channel: &AgentChannel) -> Self {
        Self {
            agent_id,
            channel: channel.channel.to_string(),
            capacity: channel.capacity.get(),
            auto_answer: channel.auto_answer,
            auto_answer_delay_seconds: channel.auto_answer_delay.get(),
        }
    }
}

impl TryFrom<ChannelColumns> for AgentChannel {
    type Error = StoreError;

    fn try_from(row: ChannelColumns) -> Result<Self, Self::Error> {
        Ok(Self {
            channel: parsed(row.channel)?,
            capacity: row.capacity.try_into().map_err(corrupt)?,
            auto_answer: row.auto_answer,
            auto_answer_delay: row.auto_answer_delay_seconds.try_into().map_err(corrupt)?,
        })
    }
}
