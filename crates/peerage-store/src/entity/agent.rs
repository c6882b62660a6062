use peerage_model::{
    Alias, Capacity, Channel, Description, DialNumber, Email, FullName, LogLevel, Number, Permissions,
};

use super::account::{Account, AccountPatch, NewAccount};
use super::replace;
use crate::{AutoAnswerDelay, Pin};

/// What an agent is beyond the SIP account.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AgentProfile {
    /// Name as people read it.
    pub full_name: FullName,
    /// Name shown in place of the sign-in name.
    pub alias: Option<Alias>,
    /// E-mail address.
    pub email: Option<Email>,
    /// Where calls ring when the agent chooses `phone`; none: not offered.
    pub phone: Option<DialNumber>,
    /// Where calls ring when the agent chooses `mobile`; none: not offered.
    pub mobile: Option<DialNumber>,
    /// Free text.
    pub description: Option<Description>,
    /// Whether the agent picks a telephone at login.
    pub hot_desk: bool,
    /// Whether each login begins paused on all queues.
    pub login_in_pause: bool,
    /// Level at which the agent's page reports to the service.
    pub client_log_level: LogLevel,
    /// What the agent may do without asking.
    pub permissions: Permissions,
    /// Channels other than voice, each once, in the order of [`Channel::ALL`].
    pub channels: Vec<AgentChannel>,
}

impl AgentProfile {
    /// A profile of which only the name is known.
    pub fn new(full_name: FullName) -> Self {
        Self {
            full_name,
            alias: None,
            email: None,
            phone: None,
            mobile: None,
            description: None,
            hot_desk: false,
            login_in_pause: false,
            client_log_level: LogLevel::default(),
            permissions: Permissions::default(),
            channels: Vec::new(),
        }
    }
}

/// What an agent takes on a channel other than voice.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AgentChannel {
    /// The channel.
    pub channel: Channel,
    /// Most interactions at once; 0 is unlimited.
    pub capacity: Capacity,
    /// Whether interactions are accepted without asking.
    pub auto_answer: bool,
    /// Seconds before an interaction is accepted so.
    pub auto_answer_delay: AutoAnswerDelay,
}

impl AgentChannel {
    /// A channel without limit, on which interactions wait for the agent.
    pub fn new(channel: Channel) -> Self {
        Self {
            channel,
            capacity: Capacity::default(),
            auto_answer: false,
            auto_answer_delay: AutoAnswerDelay::default(),
        }
    }
}

/// An agent to be added. The SIP secret goes beside it.
#[derive(Debug, Clone)]
pub struct NewAgent {
    /// The SIP account.
    pub account: NewAccount,
    /// The rest.
    pub profile: AgentProfile,
    /// The PIN for signing in by telephone.
    pub pin: Option<Pin>,
}

impl NewAgent {
    /// An agent with the defaults of everything else.
    pub fn new(number: Number, full_name: FullName) -> Self {
        Self {
            account: NewAccount::new(number),
            profile: AgentProfile::new(full_name),
            pin: None,
        }
    }
}

/// An agent in service.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Agent {
    /// The SIP account.
    #[serde(flatten)]
    pub account: Account,
    /// The rest.
    #[serde(flatten)]
    pub profile: AgentProfile,
    /// Whether there is a PIN for signing in by telephone.
    pub has_pin: bool,
}

/// Changes of an agent; none by default.
#[derive(Debug, Clone, Default)]
pub struct AgentPatch {
    /// Changes of the SIP account.
    pub account: AccountPatch,
    /// Name as people read it.
    pub full_name: Option<FullName>,
    /// Name shown in place of the sign-in name, or none.
    pub alias: Option<Option<Alias>>,
    /// E-mail address, or none.
    pub email: Option<Option<Email>>,
    /// Where calls ring when the agent chooses `phone`, or none.
    pub phone: Option<Option<DialNumber>>,
    /// Where calls ring when the agent chooses `mobile`, or none.
    pub mobile: Option<Option<DialNumber>>,
    /// Free text, or none.
    pub description: Option<Option<Description>>,
    /// Whether the agent picks a telephone at login.
    pub hot_desk: Option<bool>,
    /// Whether each login begins paused on all queues.
    pub login_in_pause: Option<bool>,
    /// Level at which the agent's page reports to the service.
    pub client_log_level: Option<LogLevel>,
    /// Permissions.
    pub permissions: PermissionsPatch,
    /// Channels to add, or to replace.
    pub set_channels: Vec<AgentChannel>,
    /// Channels to take away; one that is not there is no error.
    pub drop_channels: Vec<Channel>,
    /// The PIN for signing in by telephone, or none. A PIN always counts as a change.
    pub pin: Option<Option<Pin>>,
}

impl AgentPatch {
    /// Changes everything but account and PIN.
    pub(crate) fn apply(&self, profile: &mut AgentProfile) {
        replace(&mut profile.full_name, self.full_name.as_ref());
        replace(&mut profile.alias, self.alias.as_ref());
        replace(&mut profile.email, self.email.as_ref());
        replace(&mut profile.phone, self.phone.as_ref());
        replace(&mut profile.mobile, self.mobile.as_ref());
        replace(&mut profile.description, self.description.as_ref());
        replace(&mut profile.hot_desk, self.hot_desk.as_ref());
        replace(&mut profile.login_in_pause, self.login_in_pause.as_ref());
        replace(&mut profile.client_log_level, self.client_log_level.as_ref());
        self.permissions.apply(&mut profile.permissions);
        let named = |channel: Channel| {
            self.drop_channels.contains(&channel) || self.set_channels.iter().any(|set| set.channel == channel)
        };
        profile.channels.retain(|kept| !named(kept.channel));
        profile.channels.extend(self.set_channels.iter().cloned());
        profile.channels.sort_by_key(|one| position(one.channel));
    }
}

/// The place of a channel in the order of [`Channel::ALL`].
pub(crate) fn position(channel: Channel) -> usize {
    Channel::ALL.iter().take_while(|one| **one != channel).count()
}

/// Changes of an agent's permissions; none by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PermissionsPatch {
    /// Choose where calls ring.
    pub choose_interface: Option<bool>,
    /// Take any telephone of the site.
    pub take_any_phone: Option<bool>,
    /// Move without logging out.
    pub move_session: Option<bool>,
    /// Pause a single queue.
    pub pause_one_queue: Option<bool>,
    /// Log out.
    pub log_out: Option<bool>,
    /// Ask for a logout or pause after the call.
    pub request_after_call: Option<bool>,
    /// See the own history.
    pub see_own_history: Option<bool>,
    /// Edit the own phone and mobile.
    pub edit_own_numbers: Option<bool>,
}

impl PermissionsPatch {
    fn apply(self, permissions: &mut Permissions) {
        replace(&mut permissions.choose_interface, self.choose_interface.as_ref());
        replace(&mut permissions.take_any_phone, self.take_any_phone.as_ref());
        replace(&mut permissions.move_session, self.move_session.as_ref());
        replace(&mut permissions.pause_one_queue, self.pause_one_queue.as_ref());
        replace(&mut permissions.log_out, self.log_out.as_ref());
        replace(&mut permissions.request_after_call, self.request_after_call.as_ref());
        replace(&mut permissions.see_own_history, self.see_own_history.as_ref());
        replace(&mut permissions.edit_own_numbers, self.edit_own_numbers.as_ref());
    }
}
