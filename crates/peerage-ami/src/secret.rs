use std::fmt;

use md5::{Digest, Md5};
use zeroize::Zeroizing;

use crate::Value;

/// Who signs in to Asterisk.
///
/// The secret is overwritten in memory when the last copy is dropped, is never shown, and never sent: Asterisk is sent
/// the digest of it and of a challenge.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub(crate) user: Value,
    pub(crate) secret: Secret,
}

impl Credentials {
    /// A user of `manager.conf` and its secret.
    #[must_use]
    pub fn new(user: Value, secret: impl Into<String>) -> Self {
        Self {
            user,
            secret: Secret(Zeroizing::new(secret.into())),
        }
    }
}

#[derive(Clone)]
pub(crate) struct Secret(Zeroizing<String>);

impl Secret {
    /// What proves, for this challenge, that one knows the secret.
    pub(crate) fn key(&self, challenge: &str) -> String {
        let digest = Md5::new()
            .chain_update(challenge)
            .chain_update(self.0.as_bytes())
            .finalize();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_shown() {
        let credentials = Credentials::new("peerage".try_into().unwrap(), "sesame");
        let shown = format!("{credentials:?} {credentials:#?}");
        assert!(shown.contains("***") && !shown.contains("sesame"), "{shown}");
    }

    #[test]
    fn the_key_is_the_digest_of_challenge_and_secret() {
        let credentials = Credentials::new("u".try_into().unwrap(), "c");
        // RFC 1321: MD5("abc").
        assert_eq!(credentials.secret.key("ab"), "900150983cd24fb0d6963f7d28e17f72");
    }
}
