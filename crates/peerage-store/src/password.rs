//! What is kept of passwords and PINs: hashes, made on this side of the connection.

use std::fmt;
use std::str::FromStr;

use peerage_model::{Invalid, Secret};
use zeroize::Zeroizing;

/// The PIN with which an agent signs in by telephone, in clear for as long as it takes to hash it: 4 to 12 digits.
#[derive(Clone)]
pub struct Pin(Zeroizing<String>);

impl Pin {
    /// The field an error names, unless the caller knows it by another.
    pub const FIELD: &'static str = "pin";
    /// What the field takes, in words.
    pub const RULE: &'static str = "4 to 12 digits";

    /// Its argon2id hash with a random salt. Takes some hundredths of a second, on purpose.
    pub(crate) fn hash(&self) -> String {
        password_auth::generate_hash(self.0.as_bytes())
    }
}

impl TryFrom<String> for Pin {
    type Error = Invalid;

    /// Takes the text over; it is overwritten when it is refused, too.
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let text = Zeroizing::new(text);
        if (4..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text))
        } else {
            Err(Invalid::hidden(Self::FIELD, Self::RULE))
        }
    }
}

impl TryFrom<&str> for Pin {
    type Error = Invalid;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        Self::try_from(text.to_owned())
    }
}

impl FromStr for Pin {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text)
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(***)")
    }
}

/// The argon2id hash of a person's password.
pub(crate) fn hash(password: &Secret) -> String {
    password_auth::generate_hash(password.expose())
}

/// The verifier that PostgreSQL keeps of a role's password (RFC 5803), so that the password itself never reaches the server or its log.
pub(crate) fn scram(password: &Secret) -> String {
    postgres_protocol::password::scram_sha_256(password.expose().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_4_to_12_digits_and_its_hash_is_argon2id() {
        let pin = Pin::try_from("0123").unwrap();
        assert!(pin.hash().starts_with("$argon2id$"));
        assert_eq!(format!("{pin:?}"), "Pin(***)");
        for bad in ["", "123", "1234567890123", "12a4", " 1234", "１２３４"] {
            let error = Pin::try_from(bad).unwrap_err();
            assert_eq!(error.value(), "***", "{bad}");
        }
    }

    #[test]
    fn a_verifier_holds_no_password_and_differs_each_time() {
        let password = Secret::try_from("correct-horse").unwrap();
        let verifier = scram(&password);
        assert!(verifier.starts_with("SCRAM-SHA-256$4096:"), "{verifier}");
        assert!(!verifier.contains("correct"));
        assert_ne!(verifier, scram(&password));
    }
}
