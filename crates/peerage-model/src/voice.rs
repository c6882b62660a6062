use crate::{
    CallerId, Codecs, Context, Groups, Host, Invalid, MaxContacts, NamedGroups, Nat, PeerType, QualifySeconds, Record,
    Transports,
};

/// The voice settings of an agent or a telephone: what Asterisk is told of its SIP account, the
/// number and the secret apart.
///
/// Each field is right by its type; [`check`](Self::check) holds the rules between fields, and
/// reading from JSON does not call it. The database has the same rules as constraints.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Voice {
    /// Transports the phone may use, the preferred one first.
    pub transports: Transports,
    /// Where it is reached.
    pub host: Host,
    /// How address translation is treated.
    pub nat: Nat,
    /// Which way calls go.
    #[serde(rename = "type")]
    pub peer_type: PeerType,
    /// Codecs offered, the preferred one first.
    pub codecs: Codecs,
    /// What a called party sees.
    pub caller_id: CallerId,
    /// Dialplan context in which its calls begin.
    pub context: Context,
    /// Call groups it belongs to, by number.
    pub call_groups: Groups,
    /// Call groups whose calls it may pick up, by number.
    pub pickup_groups: Groups,
    /// Call groups it belongs to, by name.
    pub named_call_groups: NamedGroups,
    /// Call groups whose calls it may pick up, by name.
    pub named_pickup_groups: NamedGroups,
    /// Whether its calls may be listened in to.
    pub chanspy: bool,
    /// Whether H.264 video is offered.
    pub video: bool,
    /// Whether its calls are recorded, and how.
    pub record: Record,
    /// Whether its media is encrypted (SRTP; DTLS with WebSocket only), never optionally.
    pub encryption: bool,
    /// How often it is asked whether it is there.
    pub qualify: QualifySeconds,
    /// How many devices may be registered at once.
    pub max_contacts: MaxContacts,
}

impl Voice {
    /// Holds the rules between fields.
    ///
    /// # Errors
    ///
    /// [`Invalid`] naming `encryption` when ws and wss are the only transports and encryption is
    /// off: browsers send no media in clear. Naming `transport` when they are the only ones and
    /// the host is fixed: Asterisk cannot open a WebSocket.
    pub fn check(&self) -> Result<(), Invalid> {
        if !self.transports.websocket_only() {
            return Ok(());
        }
        if self.host.fixed().is_some() {
            return Err(Invalid::new(
                Transports::FIELD,
                self.transports.to_string(),
                "a fixed host needs one of udp, tcp, tls, because Asterisk cannot open a WebSocket",
            ));
        }
        if !self.encryption {
            return Err(Invalid::new(
                "encryption",
                "no",
                "yes when ws and wss are the only transports, because browsers demand DTLS",
            ));
        }
        Ok(())
    }

    /// What is allowed and probably not meant, one sentence each.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.transports.mixes_websocket() {
            warnings.push(format!(
                "transports `{}` mix WebSocket with others: plain RTP is offered, so a browser has no media",
                self.transports
            ));
        }
        if let (PeerType::User, Some(address)) = (self.peer_type, self.host.fixed()) {
            warnings.push(format!("type `user` is never called: host `{address}` is not used"));
        }
        warnings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voice(transports: &str, host: &str, encryption: bool) -> Voice {
        Voice {
            transports: transports.parse().unwrap(),
            host: host.parse().unwrap(),
            encryption,
            ..Voice::default()
        }
    }

    #[test]
    fn the_defaults_are_a_desk_phone_that_registers() {
        let voice = Voice::default();
        voice.check().unwrap();
        assert!(voice.warnings().is_empty());
        assert_eq!(
            [
                voice.transports.to_string(),
                voice.host.to_string(),
                voice.nat.to_string(),
                voice.peer_type.to_string(),
                voice.codecs.to_string(),
                voice.context.to_string(),
                voice.record.to_string(),
                voice.qualify.to_string(),
                voice.max_contacts.to_string(),
            ],
            [
                "udp",
                "dynamic",
                "force_rport",
                "friend",
                "ulaw,alaw",
                "from-sip",
                "inactive",
                "60",
                "1"
            ]
        );
        assert!(voice.caller_id.is_empty());
        assert!(voice.call_groups.is_empty() && voice.pickup_groups.is_empty());
        assert!(voice.named_call_groups.is_empty() && voice.named_pickup_groups.is_empty());
        assert!(!(voice.chanspy || voice.video || voice.encryption));
    }

    #[test]
    fn defaults_meet_the_rule_of_their_type() {
        let voice = Voice::default();
        assert_eq!(Context::try_from(voice.context.as_str()), Ok(voice.context));
        assert_eq!(
            Transports::new(voice.transports.as_slice().to_vec()),
            Ok(voice.transports)
        );
        assert_eq!(Codecs::new(voice.codecs.as_slice().to_vec()), Ok(voice.codecs));
        assert_eq!(QualifySeconds::try_from(voice.qualify.get()), Ok(voice.qualify));
        assert_eq!(MaxContacts::try_from(voice.max_contacts.get()), Ok(voice.max_contacts));
    }

    #[test]
    fn websocket_alone_needs_encryption() {
        let error = voice("wss", "dynamic", false).check().unwrap_err();
        assert_eq!(error.field(), "encryption");
        voice("wss,ws", "dynamic", true).check().unwrap();
        voice("wss,udp", "dynamic", false).check().unwrap();
    }

    #[test]
    fn a_fixed_host_needs_a_transport_asterisk_can_open() {
        let error = voice("ws,wss", "10.0.0.1", true).check().unwrap_err();
        assert_eq!((error.field(), error.value()), ("transport", "ws,wss"));
        voice("ws,tcp", "10.0.0.1", true).check().unwrap();
    }

    #[test]
    fn what_is_probably_not_meant_is_said() {
        let warnings = voice("udp,wss", "dynamic", false).warnings();
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].contains("plain RTP"), "{warnings:?}");

        let user = Voice {
            peer_type: PeerType::User,
            ..voice("udp", "10.0.0.1", false)
        };
        assert!(user.warnings()[0].contains("10.0.0.1"));
    }
}
