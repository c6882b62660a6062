//! The Voice section: one flag per field, the same for agents and phones, for `add` and `set`.

use clap::Args;
use peerage_model::{
    CallerId, CallerName, CallerNumber, Codecs, Context, Groups, Host, MaxContacts, NamedGroups, Nat, PeerType,
    QualifySeconds, Record, SiteName, Transports,
};
use peerage_store::{AccountPatch, VoicePatch};

use super::switch::switch;
use super::value::{Clearable, clearable, typed, word};

#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Voice")]
pub(crate) struct Voice {
    /// Transports, preferred first: udp, tcp, tls, ws, wss [new: udp]
    #[arg(long, value_name = "LIST", value_parser = typed::<Transports>)]
    transport: Option<Transports>,
    /// `dynamic` (the phone registers), or its fixed IP address [new: dynamic]
    #[arg(long, value_name = "HOST", value_parser = typed::<Host>)]
    host: Option<Host>,
    /// NAT handling [new: force_rport]
    #[arg(long, value_name = "MODE", value_parser = word!(Nat))]
    nat: Option<Nat>,
    /// `friend`; `user` only places calls; `peer` with a fixed host is identified by address [new: friend]
    #[arg(long = "type", value_name = "TYPE", value_parser = word!(PeerType))]
    peer_type: Option<PeerType>,
    /// Codecs, preferred first: ulaw, alaw, gsm, g722, g729, opus [new: ulaw,alaw]
    #[arg(long, value_name = "LIST", value_parser = typed::<Codecs>)]
    codecs: Option<Codecs>,
    /// Caller ID shown to the called party, such as '"Ada King" <1001>'; empty: none
    #[arg(long, value_name = "ID", value_parser = typed::<CallerId>, conflicts_with_all = ["callerid_name", "callerid_number"])]
    callerid: Option<CallerId>,
    /// Caller ID name; empty: none
    #[arg(long, value_name = "NAME", value_parser = clearable::<CallerName>)]
    callerid_name: Option<Clearable<CallerName>>,
    /// Caller ID number shown to the called party; empty: none, or the account's number if there is a name
    #[arg(long, value_name = "NUMBER", value_parser = clearable::<CallerNumber>)]
    callerid_number: Option<Clearable<CallerNumber>>,
    /// Dialplan context for calls from the phone [new: from-sip]
    #[arg(long, value_name = "CONTEXT", value_parser = typed::<Context>)]
    context: Option<Context>,
    /// Call groups, 0 to 63, such as 1,3-5; empty: none
    #[arg(long, value_name = "GROUPS", value_parser = typed::<Groups>)]
    call_group: Option<Groups>,
    /// Call groups whose calls the phone may pick up; empty: none
    #[arg(long, value_name = "GROUPS", value_parser = typed::<Groups>)]
    pickup_group: Option<Groups>,
    /// Named call groups; empty: none
    #[arg(long, value_name = "NAMES", value_parser = typed::<NamedGroups>)]
    named_call_group: Option<NamedGroups>,
    /// Named call groups whose calls the phone may pick up; empty: none
    #[arg(long, value_name = "NAMES", value_parser = typed::<NamedGroups>)]
    named_pickup_group: Option<NamedGroups>,
    /// Allow ChanSpy on its calls
    #[arg(long, overrides_with = "no_chanspy")]
    chanspy: bool,
    /// Do not allow ChanSpy on its calls [new]
    #[arg(long, overrides_with = "chanspy")]
    no_chanspy: bool,
    /// Offer H.264 video
    #[arg(long, overrides_with = "no_video")]
    video: bool,
    /// Do not offer video [new]
    #[arg(long, overrides_with = "video")]
    no_video: bool,
    /// Record calls in this format, or `inactive` [new: inactive]
    #[arg(long, value_name = "FORMAT", value_parser = word!(Record))]
    record: Option<Record>,
    /// Require encrypted media
    #[arg(long, overrides_with = "no_encryption")]
    encryption: bool,
    /// Use unencrypted media [new]
    #[arg(long, overrides_with = "encryption")]
    no_encryption: bool,
    /// Qualify interval (OPTIONS) in seconds, 0 to 86400; 0 turns it off [new: 60]
    #[arg(long, value_name = "SECONDS", value_parser = typed::<QualifySeconds>)]
    qualify: Option<QualifySeconds>,
    /// Maximum devices registered at once, 1 to 100 [new: 1]
    #[arg(long, value_name = "COUNT", value_parser = typed::<MaxContacts>)]
    max_contacts: Option<MaxContacts>,
    /// Disable the account: it cannot register, call or be called
    #[arg(long, overrides_with = "enabled")]
    disabled: bool,
    /// Enable the account [new]
    #[arg(long, overrides_with = "disabled")]
    enabled: bool,
    /// Site of the account [new: default]
    #[arg(long, value_name = "SITE", value_parser = typed::<SiteName>)]
    site: Option<SiteName>,
}

impl Voice {
    /// Returns the changes of these flags, without number and secret.
    pub(crate) fn into_patch(self) -> AccountPatch {
        let disabled = switch(self.disabled, self.enabled);
        let site = self.site.clone();
        AccountPatch {
            disabled,
            site,
            voice: self.into_voice(),
            ..AccountPatch::default()
        }
    }

    fn into_voice(self) -> VoicePatch {
        let (caller_name, caller_number) = match self.callerid {
            Some(id) => (Some(id.name), Some(id.number)),
            None => (
                self.callerid_name.map(|name| name.0),
                self.callerid_number.map(|number| number.0),
            ),
        };
        VoicePatch {
            transports: self.transport,
            host: self.host,
            nat: self.nat,
            peer_type: self.peer_type,
            codecs: self.codecs,
            caller_name,
            caller_number,
            context: self.context,
            call_groups: self.call_group,
            pickup_groups: self.pickup_group,
            named_call_groups: self.named_call_group,
            named_pickup_groups: self.named_pickup_group,
            chanspy: switch(self.chanspy, self.no_chanspy),
            video: switch(self.video, self.no_video),
            record: self.record,
            encryption: switch(self.encryption, self.no_encryption),
            qualify: self.qualify,
            max_contacts: self.max_contacts,
        }
    }
}
