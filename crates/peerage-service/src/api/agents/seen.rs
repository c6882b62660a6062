//! An agent as it is shown.

use jiff::Timestamp;
use peerage_model::{Alias, Description, DialNumber, Email, FullName, LogLevel, Number, Permissions, SiteName};
use peerage_store::AgentNow;
use serde::Serialize;
use utoipa::ToSchema;

use super::channels::OtherChannel;
use crate::api::account::{Registration, SecretSeen, Voice};
use crate::api::state::AgentState;
use crate::api::types;

/// An agent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Agent {
    /// Extension and SIP user name.
    #[schema(value_type = types::Number)]
    number: Number,
    /// Full name.
    #[schema(value_type = types::FullName)]
    name: FullName,
    /// Display name instead of the user name.
    #[schema(value_type = Option<types::Alias>, required)]
    alias: Option<Alias>,
    /// Email address.
    #[schema(value_type = Option<types::Email>, required)]
    email: Option<Email>,
    /// Number of the interface `phone`.
    #[schema(value_type = Option<types::DialNumber>, required)]
    phone: Option<DialNumber>,
    /// Number of the interface `mobile`.
    #[schema(value_type = Option<types::DialNumber>, required)]
    mobile: Option<DialNumber>,
    /// Free text.
    #[schema(value_type = Option<types::Description>, required)]
    description: Option<Description>,
    /// Whether the agent chooses a phone at login.
    hot_desk: bool,
    /// Whether each login starts paused.
    login_in_pause: bool,
    /// Log level of the agent's page in the client log.
    #[schema(value_type = types::LogLevel)]
    client_log_level: LogLevel,
    /// The agent's permissions.
    permissions: Permitted,
    /// Channels other than voice.
    channels: Vec<OtherChannel>,
    /// Site.
    #[schema(value_type = types::SiteName)]
    site: SiteName,
    /// Whether the account is disabled.
    disabled: bool,
    /// The Voice section.
    voice: Voice,
    /// Metadata of the SIP secret; null if there is none.
    #[schema(required)]
    secret: Option<SecretSeen>,
    /// Whether a PIN for login by phone is set.
    has_pin: bool,
    /// Registrations, current and expired.
    registrations: Vec<Registration>,
    /// Warnings about settings that are allowed but probably not intended.
    warnings: Vec<String>,
    /// Creation time.
    #[schema(value_type = types::Timestamp)]
    created_at: Timestamp,
    /// The agent's current state.
    state: AgentState,
}

impl Agent {
    pub(super) fn of(agent: peerage_store::Agent, now: Option<&AgentNow>) -> Self {
        let warnings = agent.account.warnings();
        let (account, profile) = (agent.account, agent.profile);
        Self {
            number: account.number,
            name: profile.full_name,
            alias: profile.alias,
            email: profile.email,
            phone: profile.phone,
            mobile: profile.mobile,
            description: profile.description,
            hot_desk: profile.hot_desk,
            login_in_pause: profile.login_in_pause,
            client_log_level: profile.client_log_level,
            permissions: profile.permissions.into(),
            channels: profile.channels.into_iter().map(OtherChannel::from).collect(),
            site: account.site,
            disabled: account.disabled,
            voice: account.voice.into(),
            secret: account.secret.map(SecretSeen::from),
            has_pin: agent.has_pin,
            registrations: account.registrations.into_iter().map(Registration::from).collect(),
            warnings,
            created_at: account.created_at,
            state: AgentState::of(now),
        }
    }
}

/// Permissions of an agent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Permitted {
    /// Choose between internal, phone and mobile.
    choose_interface: bool,
    /// Use any free phone of the site.
    take_any_phone: bool,
    /// Move while logged in.
    r#move: bool,
    /// Pause in one queue instead of all.
    pause_one_queue: bool,
    /// Log out.
    log_out: bool,
    /// Request a logout after the current call.
    request_after_call: bool,
    /// See their own history.
    see_own_history: bool,
    /// Edit their own phone and mobile numbers.
    edit_own_numbers: bool,
}

impl From<Permissions> for Permitted {
    fn from(permissions: Permissions) -> Self {
        Self {
            choose_interface: permissions.choose_interface,
            take_any_phone: permissions.take_any_phone,
            r#move: permissions.move_session,
            pause_one_queue: permissions.pause_one_queue,
            log_out: permissions.log_out,
            request_after_call: permissions.request_after_call,
            see_own_history: permissions.see_own_history,
            edit_own_numbers: permissions.edit_own_numbers,
        }
    }
}
