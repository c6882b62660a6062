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
    /// Extension, and user name towards Asterisk.
    #[schema(value_type = types::Number)]
    number: Number,
    /// Full name.
    #[schema(value_type = types::FullName)]
    name: FullName,
    /// Name shown in place of the sign-in name.
    #[schema(value_type = Option<types::Alias>, required)]
    alias: Option<Alias>,
    /// E-mail address.
    #[schema(value_type = Option<types::Email>, required)]
    email: Option<Email>,
    /// Where calls ring with the interface `phone`.
    #[schema(value_type = Option<types::DialNumber>, required)]
    phone: Option<DialNumber>,
    /// Where calls ring with the interface `mobile`.
    #[schema(value_type = Option<types::DialNumber>, required)]
    mobile: Option<DialNumber>,
    /// Free text.
    #[schema(value_type = Option<types::Description>, required)]
    description: Option<Description>,
    /// Whether the agent picks a telephone at login.
    hot_desk: bool,
    /// Whether each login begins paused.
    login_in_pause: bool,
    /// How much of the agent's page is written to the client log.
    #[schema(value_type = types::LogLevel)]
    client_log_level: LogLevel,
    /// What the agent may do with the own session.
    permissions: Permitted,
    /// Channels other than voice.
    channels: Vec<OtherChannel>,
    /// The site it belongs to.
    #[schema(value_type = types::SiteName)]
    site: SiteName,
    /// Whether Asterisk is told nothing of it.
    disabled: bool,
    /// The Voice section.
    voice: Voice,
    /// What may be known of the SIP secret; null when there is none.
    #[schema(required)]
    secret: Option<SecretSeen>,
    /// Whether there is a PIN for signing in by telephone.
    has_pin: bool,
    /// What Asterisk wrote of its registrations, live or not.
    registrations: Vec<Registration>,
    /// What is allowed but probably not meant, one sentence each.
    warnings: Vec<String>,
    /// When it was made.
    #[schema(value_type = types::Timestamp)]
    created_at: Timestamp,
    /// How the agent is right now.
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

/// What an agent may do with the own session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Permitted {
    /// Choose between internal, phone and mobile.
    choose_interface: bool,
    /// Take any free telephone of the site.
    take_any_phone: bool,
    /// Move while logged in.
    r#move: bool,
    /// Pause one queue rather than all.
    pause_one_queue: bool,
    /// Log out.
    log_out: bool,
    /// Ask for a logout after the running call.
    request_after_call: bool,
    /// See the own history.
    see_own_history: bool,
    /// Edit the own phone and mobile.
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
