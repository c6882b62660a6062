use jiff::Timestamp;
use peerage_model::{Number, Realm, Secret, SiteName, Voice};

use super::registration::Registration;
use super::replace;
use super::voice::VoicePatch;

/// What a new agent and a new telephone have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// Extension, and user name towards Asterisk.
    pub number: Number,
    /// Site it belongs to.
    pub site: SiteName,
    /// Whether Asterisk is told nothing of it.
    pub disabled: bool,
    /// The Voice section.
    pub voice: Voice,
}

impl NewAccount {
    /// An account at the default site with the default Voice settings.
    pub fn new(number: Number) -> Self {
        Self {
            number,
            site: SiteName::default(),
            disabled: false,
            voice: Voice::default(),
        }
    }
}

/// What an agent and a telephone have in common.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Account {
    /// Extension, and user name towards Asterisk.
    pub number: Number,
    /// Site it belongs to.
    pub site: SiteName,
    /// The site's realm, for which its next secret will be digested.
    pub site_realm: Realm,
    /// Whether Asterisk is told nothing of it.
    pub disabled: bool,
    /// The Voice section.
    pub voice: Voice,
    /// What may be known of its secret; none when it never got one.
    pub secret: Option<SecretState>,
    /// What Asterisk wrote of its registrations, live or not.
    pub registrations: Vec<Registration>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Account {
    /// Whether at least one registration has not expired.
    pub fn is_registered(&self) -> bool {
        self.registrations.iter().any(|registration| registration.live)
    }

    /// What is allowed but probably not meant, one sentence each.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = self.voice.warnings();
        match &self.secret {
            None => warnings.push("there is no secret, so Asterisk is told nothing of it".to_owned()),
            Some(secret) if secret.realm != self.site_realm => warnings.push(format!(
                "the secret is for realm `{}`, but site `{}` has realm `{}`: chan_sip refuses it until a new one is set",
                secret.realm, self.site, self.site_realm
            )),
            Some(_) => {}
        }
        // With several listed the endpoint has none of its own, and PJSIP goes by the contact.
        let is_bound = self.voice.transports.len() == 1;
        let unlisted = self
            .registrations
            .iter()
            .filter(|one| is_bound && one.live && !one.transport_listed);
        warnings.extend(unlisted.filter_map(|one| one.uri.as_ref()).map(|uri| {
            format!(
                "registered as `{uri}`, over another transport than `{}`: it cannot be called there",
                self.voice.transports
            )
        }));
        warnings
    }
}

/// What may be known of a secret.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SecretState {
    /// The realm for which it was digested.
    pub realm: Realm,
    /// Whether it is one that guessers try first, taken by an import, and to be renewed.
    pub weak: bool,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

/// Changes of what agents and telephones have in common; none by default.
#[derive(Debug, Clone, Default)]
pub struct AccountPatch {
    /// A new number. It demands a new secret, whose digest contains the number.
    pub number: Option<Number>,
    /// A new secret.
    pub secret: Option<Secret>,
    /// Another site.
    pub site: Option<SiteName>,
    /// Whether Asterisk is to be told nothing of it.
    pub disabled: Option<bool>,
    /// Voice settings.
    pub voice: VoicePatch,
}

impl AccountPatch {
    /// Changes everything but the secret.
    pub(crate) fn apply(&self, account: &mut NewAccount) {
        replace(&mut account.number, self.number.as_ref());
        replace(&mut account.site, self.site.as_ref());
        replace(&mut account.disabled, self.disabled.as_ref());
        self.voice.apply(&mut account.voice);
    }
}
