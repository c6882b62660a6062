//! What is kept of passwords and PINs: hashes, made on this side of the connection.

use std::fmt;
use std::str::FromStr;

use peerage_model::{Invalid, Number, Password, Secret, pin_weakness};
use zeroize::Zeroizing;

use crate::StoreError;
use crate::hashing::{Rank, Slot, slot};

/// The PIN with which an agent signs in by telephone, in clear for as long as it takes to hash it: 4 to 12 digits.
#[derive(Clone)]
pub struct Pin(Zeroizing<String>);

impl Pin {
    /// The field an error names, unless the caller knows it by another.
    pub const FIELD: &'static str = "pin";
    /// What the field takes, in words.
    pub const RULE: &'static str =
        "4 to 12 digits that nobody guesses first: not repeated, not in sequence, not the agent's number";

    /// Its argon2id hash with a random salt, for the agent of this number. Takes some hundredths of a second, on purpose.
    pub(crate) fn hash(&self, number: &Number) -> Result<String, StoreError> {
        if pin_weakness(&self.0, Some(number.as_str())).is_some() {
            return Err(Invalid::hidden(Self::FIELD, Self::RULE).into());
        }
        slot(Rank::Known)?.hash(self.0.as_bytes())
    }
}

impl TryFrom<String> for Pin {
    type Error = Invalid;

    /// Takes the text over; it is overwritten when it is refused, too.
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let text = Zeroizing::new(text);
        if (4..=12).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_digit())
            && pin_weakness(&text, None).is_none()
        {
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
pub(crate) fn hash(password: &Password) -> Result<String, StoreError> {
    slot(Rank::Known)?.hash(password.expose().as_bytes())
}

/// Whether a password is the one of this hash. Without a hash it is not, which takes as long to say: nobody learns from the time it
/// took whether there is such a user.
pub(crate) fn verify(slot: &mut Slot<'_>, given: &str, hash: Option<&str>) -> bool {
    slot.verify(Password::prepare(given).as_bytes(), hash.unwrap_or(NOBODY)) && hash.is_some()
}

/// A hash that no password has, as far as anybody knows.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ibw$qbz3d0Lm4Iz3Q9cQF0y5m7w0Xq3l1kqJ4Yt0T2m0Wco";

/// The verifier that PostgreSQL keeps of a role's password (RFC 5803), so that the password itself never reaches the server or its log.
pub(crate) fn scram(password: &Secret) -> String {
    postgres_protocol::password::scram_sha_256(password.expose().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_4_to_12_digits_and_its_hash_is_argon2id() {
        let pin = Pin::try_from("0132").unwrap();
        let number = |text: &str| text.parse::<Number>().unwrap();
        assert!(pin.hash(&number("1001")).unwrap().starts_with("$argon2id$"));
        assert!(pin.hash(&number("0132")).is_err());
        assert_eq!(format!("{pin:?}"), "Pin(***)");
        for bad in ["", "123", "1234567890123", "12a4", " 1324", "１２３４", "1234", "1111"] {
            let error = Pin::try_from(bad).unwrap_err();
            assert_eq!(error.value(), "***", "{bad}");
        }
    }

    #[test]
    fn nobody_is_as_slow_to_refuse_as_somebody() {
        let mut slot = slot(Rank::Known).unwrap();
        let right = slot.hash(b"x").unwrap();
        let parameters = |hash: &str| hash.rsplit_once('$').unwrap().0.rsplit_once('$').unwrap().0.to_owned();
        assert_eq!(parameters(NOBODY), parameters(&right));
        assert_eq!(NOBODY.len(), right.len());
        assert!(!verify(&mut slot, "x", None));
        assert!(verify(&mut slot, "x", Some(&right)));
        assert!(!verify(&mut slot, "y", Some(&right)));
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
