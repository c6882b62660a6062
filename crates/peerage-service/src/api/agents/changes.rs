//! What is to be changed of an agent, or a new one.

use peerage_model::{Alias, Channel, Description, DialNumber, Email, FullName, LogLevel, Number, SiteName};
use peerage_store::{AgentChannel, AgentPatch, PermissionsPatch};
use serde::Deserialize;

use super::channels::Channels;
use crate::api::account::VoiceChanges;
use crate::api::change::{Change, PinText, Secret, changes};
use crate::api::document::with_required;

changes! {
    /// Changes of what an agent may do. New: everything but `edit_own_numbers`.
    PermissionChanges {
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
    /// Changes of an agent, or a new one. What is left out stays, or has its default; null clears.
    AgentChanges {
        /// Extension, and user name towards Asterisk. Another one needs a new secret.
        number: Number,
        /// Full name.
        name: FullName,
        /// The SIP secret.
        secret: Secret,
        /// The PIN for signing in by telephone.
        pin: PinText or null,
        /// Name shown in place of the sign-in name.
        alias: Alias or null,
        /// E-mail address.
        email: Email or null,
        /// Where calls ring with the interface `phone`.
        phone: DialNumber or null,
        /// Where calls ring with the interface `mobile`.
        mobile: DialNumber or null,
        /// Free text.
        description: Description or null,
        /// Whether the agent picks a telephone at login. New: no.
        hot_desk: bool,
        /// Whether each login begins paused. New: no.
        login_in_pause: bool,
        /// How much of the agent's page is written to the client log. New: off.
        client_log_level: LogLevel,
        /// What the agent may do with the own session.
        permissions: PermissionChanges,
        /// All channels other than voice: those that are not named go.
        channels: Channels,
        /// The site it belongs to. New: default.
        site: SiteName,
        /// Whether Asterisk is told nothing of it. New: no.
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

/// An agent to be added: as changes, with number and name.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct AgentToAdd(pub(super) AgentChanges);

with_required!(AgentToAdd = AgentChanges, ["number", "name"]);
