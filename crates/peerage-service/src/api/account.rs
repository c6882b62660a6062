//! What agents and telephones have in common: the Voice section, the secret, registrations.

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

/// The Voice section: what Asterisk is told of a SIP account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Voice {
    /// Transports, the preferred one first.
    #[schema(value_type = types::Transports)]
    transport: Transports,
    /// Where it is reached.
    #[schema(value_type = types::Host)]
    host: Host,
    /// How address translation is treated.
    #[schema(value_type = types::Nat)]
    nat: Nat,
    /// Which way calls go.
    #[schema(value_type = types::PeerType)]
    r#type: PeerType,
    /// Codecs, the preferred one first.
    #[schema(value_type = types::Codecs)]
    codecs: Codecs,
    /// Name that a called party sees.
    #[schema(value_type = Option<types::CallerName>, required)]
    callerid_name: Option<CallerName>,
    /// Number that a called party sees.
    #[schema(value_type = Option<types::CallerNumber>, required)]
    callerid_number: Option<CallerNumber>,
    /// Dialplan context in which its calls begin.
    #[schema(value_type = types::Context)]
    context: Context,
    /// Call groups it is in.
    #[schema(value_type = types::Groups)]
    call_group: Groups,
    /// Call groups whose calls it may pick up.
    #[schema(value_type = types::Groups)]
    pickup_group: Groups,
    /// Named call groups it is in.
    #[schema(value_type = types::NamedGroups)]
    named_call_group: NamedGroups,
    /// Named call groups whose calls it may pick up.
    #[schema(value_type = types::NamedGroups)]
    named_pickup_group: NamedGroups,
    /// Whether its calls may be listened in to.
    chanspy: bool,
    /// Whether H.264 video is offered.
    video: bool,
    /// Whether its calls are recorded, and how.
    #[schema(value_type = types::Record)]
    record: Record,
    /// Whether its media must be encrypted.
    encryption: bool,
    /// Seconds between questions whether it is there; 0 is off.
    #[schema(value_type = types::QualifySeconds)]
    qualify: QualifySeconds,
    /// Devices registered at once.
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
        /// Transports, the preferred one first. New: udp.
        transport: Transports,
        /// Where it is reached. New: dynamic.
        host: Host,
        /// How address translation is treated. New: force_rport.
        nat: Nat,
        /// Which way calls go. New: friend.
        r#type: PeerType,
        /// Codecs, the preferred one first. New: ulaw, alaw.
        codecs: Codecs,
        /// Name that a called party sees.
        callerid_name: CallerName or null,
        /// Number that a called party sees.
        callerid_number: CallerNumber or null,
        /// Dialplan context in which its calls begin. New: from-sip.
        context: Context,
        /// Call groups it is in.
        call_group: Groups,
        /// Call groups whose calls it may pick up.
        pickup_group: Groups,
        /// Named call groups it is in.
        named_call_group: NamedGroups,
        /// Named call groups whose calls it may pick up.
        named_pickup_group: NamedGroups,
        /// Whether its calls may be listened in to.
        chanspy: bool,
        /// Whether H.264 video is offered.
        video: bool,
        /// Whether its calls are recorded, and how. New: inactive.
        record: Record,
        /// Whether its media must be encrypted; needed where ws and wss are the only transports.
        encryption: bool,
        /// Seconds between questions whether it is there; 0 is off. New: 60.
        qualify: QualifySeconds,
        /// Devices registered at once. New: 1.
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

/// What may be known of a SIP secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SecretSeen {
    /// The realm it was digested for.
    #[schema(value_type = types::Realm)]
    realm: Realm,
    /// Whether it is one that guessers try first, taken by an import, and to be renewed.
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

/// Where a device can be reached, as Asterisk wrote it when the device registered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Registration {
    /// Which channel driver wrote it.
    #[schema(value_type = types::Driver)]
    driver: Driver,
    /// The contact URI.
    #[schema(required)]
    uri: Option<String>,
    /// Address and port that the REGISTER came from.
    #[schema(required)]
    address: Option<String>,
    /// What the device calls itself.
    #[schema(required)]
    user_agent: Option<String>,
    /// The node that took it; empty when it does not say.
    node: String,
    /// When it began.
    #[schema(value_type = Option<types::Timestamp>, required)]
    registered_at: Option<Timestamp>,
    /// When it ends unless renewed.
    #[schema(value_type = Option<types::Timestamp>, required)]
    expires_at: Option<Timestamp>,
    /// Whether it has not expired.
    live: bool,
    /// Whether the account lists the transport of the URI.
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

/// What becomes of the secret: given, or generated and then shown in the answer, once.
pub(crate) fn secret_or_new(given: Option<Secret>) -> Result<(peerage_model::Secret, Option<String>), Problem> {
    if let Some(given) = given {
        return Ok((given.0, None));
    }
    let made = peerage_model::Secret::generate().map_err(peerage_store::StoreError::from)?;
    let shown = made.expose().to_owned();
    Ok((made, Some(shown)))
}

/// An error of the model or the database about an agent or a telephone, with the field as it is called here.
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
