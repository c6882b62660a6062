use peerage_model::{
    CallerName, CallerNumber, Codecs, Context, Groups, Host, MaxContacts, NamedGroups, Nat, PeerType, QualifySeconds,
    Record, Transports, Voice,
};

use super::replace;

/// Changes of the Voice section: a field for each of [`Voice`], none of them changed by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VoicePatch {
    /// Transports, the preferred one first.
    pub transports: Option<Transports>,
    /// Where the device is.
    pub host: Option<Host>,
    /// How Asterisk treats its address.
    pub nat: Option<Nat>,
    /// Whether it calls, is called, or both.
    pub peer_type: Option<PeerType>,
    /// Codecs, the preferred one first.
    pub codecs: Option<Codecs>,
    /// Name shown to the called party, or none.
    pub caller_name: Option<Option<CallerName>>,
    /// Number shown to the called party, or none.
    pub caller_number: Option<Option<CallerNumber>>,
    /// Dialplan context.
    pub context: Option<Context>,
    /// Call groups.
    pub call_groups: Option<Groups>,
    /// Pickup groups.
    pub pickup_groups: Option<Groups>,
    /// Named call groups.
    pub named_call_groups: Option<NamedGroups>,
    /// Named pickup groups.
    pub named_pickup_groups: Option<NamedGroups>,
    /// Whether its calls may be monitored.
    pub chanspy: Option<bool>,
    /// Whether H264 is offered.
    pub video: Option<bool>,
    /// Format in which calls are recorded.
    pub record: Option<Record>,
    /// Whether media must be encrypted.
    pub encryption: Option<bool>,
    /// Seconds between OPTIONS requests.
    pub qualify: Option<QualifySeconds>,
    /// Most contacts at once.
    pub max_contacts: Option<MaxContacts>,
}

impl VoicePatch {
    /// Whether it changes nothing, whatever it is applied to.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Changes these settings. Whether they still go together is told by [`Voice::check`].
    pub fn apply(&self, voice: &mut Voice) {
        replace(&mut voice.transports, self.transports.as_ref());
        replace(&mut voice.host, self.host.as_ref());
        replace(&mut voice.nat, self.nat.as_ref());
        replace(&mut voice.peer_type, self.peer_type.as_ref());
        replace(&mut voice.codecs, self.codecs.as_ref());
        replace(&mut voice.caller_id.name, self.caller_name.as_ref());
        replace(&mut voice.caller_id.number, self.caller_number.as_ref());
        replace(&mut voice.context, self.context.as_ref());
        replace(&mut voice.call_groups, self.call_groups.as_ref());
        replace(&mut voice.pickup_groups, self.pickup_groups.as_ref());
        replace(&mut voice.named_call_groups, self.named_call_groups.as_ref());
        replace(&mut voice.named_pickup_groups, self.named_pickup_groups.as_ref());
        replace(&mut voice.chanspy, self.chanspy.as_ref());
        replace(&mut voice.video, self.video.as_ref());
        replace(&mut voice.record, self.record.as_ref());
        replace(&mut voice.encryption, self.encryption.as_ref());
        replace(&mut voice.qualify, self.qualify.as_ref());
        replace(&mut voice.max_contacts, self.max_contacts.as_ref());
    }
}
