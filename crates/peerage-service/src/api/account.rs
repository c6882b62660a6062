//! What agents and phones have in common: the Voice section, the secret, registrations.

use jiff::Timestamp;
use peerage_model::{
    CallerName, CallerNumber, Codecs, Context, Driver, Groups, Host, MaxContacts, NamedGroups, Nat, PeerType,
    QualifySeconds, Realm, Record, Transports,
};
use peerage_store::{SecretState, VoicePatch};
use serde::Serialize;
use utoipa::ToSchema;

use super::change::{Secret, changes};
use super::types;
use crate::problem::Problem;

/// The Voice section: SIP settings of an account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Voice {
    /// Transports, preferred first.
    #[schema(value_type = types::Transports)]
    transport: Transports,
    /// `dynamic`, or a fixed IP address.
    #[schema(value_type = types::Host)]
    host: Host,
    /// NAT handling.
    #[schema(value_type = types::Nat)]
    nat: Nat,
    /// Whether the device places calls, receives calls, or both.
    #[schema(value_type = types::PeerType)]
    r#type: PeerType,
    /// Codecs, preferred first.
    #[schema(value_type = types::Codecs)]
    codecs: Codecs,
    /// Caller ID name shown to the called party.
    #[schema(value_type = Option<types::CallerName>, required)]
    callerid_name: Option<CallerName>,
    /// Caller ID number shown to the called party.
    #[schema(value_type = Option<types::CallerNumber>, required)]
    callerid_number: Option<CallerNumber>,
    /// Dialplan context for calls from the device.
    #[schema(value_type = types::Context)]
    context: Context,
    /// Call groups.
    #[schema(value_type = types::Groups)]
    call_group: Groups,
    /// Call groups whose calls the device may pick up.
    #[schema(value_type = types::Groups)]
    pickup_group: Groups,
    /// Named call groups.
    #[schema(value_type = types::NamedGroups)]
    named_call_group: NamedGroups,
    /// Named call groups whose calls the device may pick up.
    #[schema(value_type = types::NamedGroups)]
    named_pickup_group: NamedGroups,
    /// Whether ChanSpy may listen to its calls.
    chanspy: bool,
    /// Whether H.264 video is offered.
    video: bool,
    /// Whether its calls are recorded, and how.
    #[schema(value_type = types::Record)]
    record: Record,
    /// Whether media must be encrypted.
    encryption: bool,
    /// Qualify interval (OPTIONS), in seconds; 0 turns it off.
    #[schema(value_type = types::QualifySeconds)]
    qualify: QualifySeconds,
    /// Maximum devices registered at once.
    #[schema(value_type = types::MaxContacts)]
    max_contacts: MaxContacts,
}

impl From<peerage_model::Voice> for Voice {
    fn from(voice: peerage_model::Voice) -> Self {
        Self {
            transport: voice.transports,
            host: voice.host,
            nat: voice.nat,
            r#type: voice.peer_type,
            codecs: voice.codecs,
            callerid_name: voice.caller_id.name,
            callerid_number: voice.caller_id.number,
            context: voice.context,
            call_group: voice.call_groups,
            pickup_group: voice.pickup_groups,
            named_call_group: voice.named_call_groups,
            named_pickup_group: voice.named_pickup_groups,
            chanspy: voice.chanspy,
            video: voice.video,
            record: voice.record,
            encryption: voice.encryption,
            qualify: voice.qualify,
            max_contacts: voice.max_contacts,
        }
    }
}

changes! {
    /// Changes of the Voice section.
    VoiceChanges {
        /// Transports, preferred first. New: udp.
        transport: Transports,
        /// `dynamic`, or a fixed IP address. New: dynamic.
        host: Host,
        /// NAT handling. New: force_rport.
        nat: Nat,
        /// Whether the device places calls, receives calls, or both. New: friend.
        r#type: PeerType,
        /// Codecs, preferred first. New: ulaw, alaw.
        codecs: Codecs,
        /// Caller ID name shown to the called party.
        callerid_name: CallerName or null,
        /// Caller ID number shown to the called party.
        callerid_number: CallerNumber or null,
        /// Dialplan context for calls from the device. New: from-sip.
        context: Context,
        /// Call groups.
        call_group: Groups,
        /// Call groups whose calls the device may pick up.
        pickup_group: Groups,
        /// Named call groups.
        named_call_group: NamedGroups,
        /// Named call groups whose calls the device may pick up.
        named_pickup_group: NamedGroups,
        /// Whether ChanSpy may listen to its calls.
        chanspy: bool,
        /// Whether H.264 video is offered.
        video: bool,
        /// Whether its calls are recorded, and how. New: inactive.
        record: Record,
        /// Whether media must be encrypted; required if ws and wss are the only transports.
        encryption: bool,
        /// Qualify interval (OPTIONS), in seconds; 0 turns it off. New: 60.
        qualify: QualifySeconds,
        /// Maximum devices registered at once. New: 1.
        max_contacts: MaxContacts,
    }
}

impl From<VoiceChanges> for VoicePatch {
    fn from(changes: VoiceChanges) -> Self {
        Self {
            transports: changes.transport.into_option(),
            host: changes.host.into_option(),
            nat: changes.nat.into_option(),
            peer_type: changes.r#type.into_option(),
            codecs: changes.codecs.into_option(),
            caller_name: changes.callerid_name.into_option(),
            caller_number: changes.callerid_number.into_option(),
            context: changes.context.into_option(),
            call_groups: changes.call_group.into_option(),
            pickup_groups: changes.pickup_group.into_option(),
            named_call_groups: changes.named_call_group.into_option(),
            named_pickup_groups: changes.named_pickup_group.into_option(),
            chanspy: changes.chanspy.into_option(),
            video: changes.video.into_option(),
            record: changes.record.into_option(),
            encryption: changes.encryption.into_option(),
            qualify: changes.qualify.into_option(),
            max_contacts: changes.max_contacts.into_option(),
        }
    }
}

/// Metadata of a SIP secret; the secret itself is never returned.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SecretSeen {
    /// The realm of the digest.
    #[schema(value_type = types::Realm)]
    realm: Realm,
    /// Whether the secret is common and should be changed; accepted by an import.
    weak: bool,
    /// When it was last changed.
    #[schema(value_type = types::Timestamp)]
    changed_at: Timestamp,
}

impl From<SecretState> for SecretSeen {
    fn from(secret: SecretState) -> Self {
        Self {
            realm: secret.realm,
            weak: secret.weak,
            changed_at: secret.changed_at,
        }
    }
}

/// A registration, as Asterisk wrote it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Registration {
    /// The channel driver.
    #[schema(value_type = types::Driver)]
    driver: Driver,
    /// The contact URI.
    #[schema(required)]
    uri: Option<String>,
    /// Source address and port of the REGISTER.
    #[schema(required)]
    address: Option<String>,
    /// User agent of the device.
    #[schema(required)]
    user_agent: Option<String>,
    /// The node that accepted the registration; empty if unknown.
    node: String,
    /// Start of the registration.
    #[schema(value_type = Option<types::Timestamp>, required)]
    registered_at: Option<Timestamp>,
    /// Expiry, unless the device registers again.
    #[schema(value_type = Option<types::Timestamp>, required)]
    expires_at: Option<Timestamp>,
    /// Whether the registration is current.
    live: bool,
    /// Whether the account lists the transport of the contact.
    transport_listed: bool,
}

impl From<peerage_store::Registration> for Registration {
    fn from(one: peerage_store::Registration) -> Self {
        Self {
            driver: one.driver,
            uri: one.uri,
            address: one.address,
            user_agent: one.user_agent,
            node: one.node,
            registered_at: one.registered_at,
            expires_at: one.expires_at,
            live: one.live,
            transport_listed: one.transport_listed,
        }
    }
}

/// The secret: given, or generated and then returned once.
pub(crate) fn secret_or_new(given: Option<Secret>) -> Result<(peerage_model::Secret, Option<String>), Problem> {
    if let Some(given) = given {
        return Ok((given.0, None));
    }
    let made = peerage_model::Secret::generate().map_err(peerage_store::StoreError::from)?;
    let shown = made.expose().to_owned();
    Ok((made, Some(shown)))
}

/// Maps an error about an agent or a phone to the API's field name.
pub(crate) fn placed(error: impl Into<Problem>) -> Problem {
    let mut problem = error.into();
    problem.details.field = problem.details.field.map(|field| {
        let own = match field.as_str() {
            "full_name" => "name",
            "transport" | "transports" => "voice.transport",
            "encryption" => "voice.encryption",
            "host" => "voice.host",
            "max_contacts" => "voice.max_contacts",
            "qualify_seconds" => "voice.qualify",
            other => other,
        };
        own.to_owned()
    });
    problem
}
