//! What is to be changed of an agent, or a new one.

use peerage_model::{Alias, Channel, Description, DialNumber, Email, FullName, LogLevel, Number, SiteName};
use peerage_store::{AgentChannel, AgentPatch, PermissionsPatch};
use serde::Deserialize;

use super::channels::Channels;
use crate::api::account::VoiceChanges;
use crate::api::change::{Change, PinText, Secret, changes};
use crate::api::document::with_required;

changes! {
    /// Changes of permissions. New: all but `edit_own_numbers`.
    PermissionChanges {
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
}

impl From<PermissionChanges> for PermissionsPatch {
    fn from(changes: PermissionChanges) -> Self {
        Self {
            choose_interface: changes.choose_interface.into_option(),
            take_any_phone: changes.take_any_phone.into_option(),
            move_session: changes.r#move.into_option(),
            pause_one_queue: changes.pause_one_queue.into_option(),
            log_out: changes.log_out.into_option(),
            request_after_call: changes.request_after_call.into_option(),
            see_own_history: changes.see_own_history.into_option(),
            edit_own_numbers: changes.edit_own_numbers.into_option(),
        }
    }
}

changes! {
    /// Changes of an agent, or a new one. Omitted fields stay unchanged or get their default; null clears a field.
    AgentChanges {
        /// Extension and SIP user name. A new number requires a new secret.
        number: Number,
        /// Full name.
        name: FullName,
        /// The SIP secret.
        secret: Secret,
        /// The PIN for login by phone.
        pin: PinText or null,
        /// Display name instead of the user name.
        alias: Alias or null,
        /// Email address.
        email: Email or null,
        /// Number of the interface `phone`.
        phone: DialNumber or null,
        /// Number of the interface `mobile`.
        mobile: DialNumber or null,
        /// Free text.
        description: Description or null,
        /// Whether the agent chooses a phone at login. New: no.
        hot_desk: bool,
        /// Whether each login starts paused. New: no.
        login_in_pause: bool,
        /// Log level of the agent's page in the client log. New: off.
        client_log_level: LogLevel,
        /// The agent's permissions.
        permissions: PermissionChanges,
        /// Channels other than voice; replaces the current ones.
        channels: Channels,
        /// Site. New: default.
        site: SiteName,
        /// Whether the account is disabled. New: no.
        disabled: bool,
        /// The Voice section.
        voice: VoiceChanges,
    }
}

impl AgentChanges {
    pub(super) fn into_patch(self) -> AgentPatch {
        let mut patch = AgentPatch {
            full_name: self.name.into_option(),
            alias: self.alias.into_option(),
            email: self.email.into_option(),
            phone: self.phone.into_option(),
            mobile: self.mobile.into_option(),
            description: self.description.into_option(),
            hot_desk: self.hot_desk.into_option(),
            login_in_pause: self.login_in_pause.into_option(),
            client_log_level: self.client_log_level.into_option(),
            permissions: self
                .permissions
                .into_option()
                .map(PermissionsPatch::from)
                .unwrap_or_default(),
            pin: self.pin.into_option().map(|pin| pin.map(|pin| pin.0)),
            ..AgentPatch::default()
        };
        patch.account.number = self.number.into_option();
        patch.account.secret = self.secret.into_option().map(|secret| secret.0);
        patch.account.site = self.site.into_option();
        patch.account.disabled = self.disabled.into_option();
        patch.account.voice = self.voice.into_option().map(Into::into).unwrap_or_default();
        if let Change::Set(Channels(channels)) = self.channels {
            patch.drop_channels = Channel::ALL.to_vec();
            patch.set_channels = channels.into_iter().map(AgentChannel::from).collect();
        }
        patch
    }
}

/// A new agent; number and name are required.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct AgentToAdd(pub(super) AgentChanges);

with_required!(AgentToAdd = AgentChanges, ["number", "name"]);
