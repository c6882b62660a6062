use std::fmt;
use std::str::FromStr;

use zeroize::Zeroizing;

use crate::Invalid;

/// Length of a generated secret: 24 characters of the 55 below, 138 bits.
const GENERATED: usize = 24;

/// The letters and digits without `0 O o 1 I i l`, which look alike: people type these into
/// telephones.
const ALPHABET: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz";

/// The SIP secret of an agent or a telephone, in clear, for as long as it takes to digest it.
///
/// 8 to 128 printable ASCII characters, no blank at either end. ASCII only, because both sides must
/// hash the same bytes, and on the encoding of the rest they need not agree (RFC 7616 section 4).
/// Any sign within is taken, since a secret is never written to a configuration file.
///
/// It is overwritten in memory when dropped, shows as `***`, and has no `Display` and no serde.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The field an error names, unless the caller knows it by another.
    pub const FIELD: &'static str = "secret";
    /// What the field takes, in words.
    pub const RULE: &'static str = "8 to 128 printable ASCII characters, no blank at either end";

    /// A new secret of 24 letters and digits from the operating system's source of randomness.
    ///
    /// Signs that look alike are left out. Each sign is equally likely.
    ///
    /// # Errors
    ///
    /// [`NoRandomness`] when the operating system gives none.
    pub fn generate() -> Result<Self, NoRandomness> {
        let mut secret = Zeroizing::new(String::with_capacity(GENERATED));
        let mut bytes = Zeroizing::new([0_u8; 2 * GENERATED]);
        while secret.len() < GENERATED {
            getrandom::fill(bytes.as_mut_slice())?;
            let missing = GENERATED - secret.len();
            secret.extend(bytes.iter().filter_map(|byte| sign(*byte)).take(missing));
        }
        Ok(Self(secret))
    }

    /// The secret in clear. Keep it no longer than needed, and out of errors, logs and arguments.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// The sign a random byte stands for.
///
/// None for bytes of the last, incomplete round of the alphabet: were their remainder taken too,
/// the first signs would be likelier.
fn sign(byte: u8) -> Option<char> {
    let byte = usize::from(byte);
    let fair = 256 - 256 % ALPHABET.len();
    (byte < fair).then(|| char::from(ALPHABET[byte % ALPHABET.len()]))
}

impl TryFrom<String> for Secret {
    type Error = Invalid;

    /// Takes the text over; it is overwritten when it is refused, too.
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let text = Zeroizing::new(text);
        let accepted = (8..=128).contains(&text.len())
            && text.bytes().all(|b| matches!(b, b' '..=b'~'))
            && !text.starts_with(' ')
            && !text.ends_with(' ');
        if accepted {
            Ok(Self(text))
        } else {
            Err(Invalid::hidden(Self::FIELD, Self::RULE))
        }
    }
}

impl TryFrom<&str> for Secret {
    type Error = Invalid;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        Self::try_from(text.to_owned())
    }
}

impl FromStr for Secret {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// The operating system gave no randomness, so no secret could be made.
#[derive(Debug, thiserror::Error)]
#[error("no randomness from the operating system")]
pub struct NoRandomness(#[from] getrandom::Error);

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;

    #[test]
    fn every_sign_of_the_alphabet_is_equally_likely() {
        let mut bytes_of: HashMap<char, usize> = HashMap::new();
        for sign in (0..=255).filter_map(sign) {
            *bytes_of.entry(sign).or_default() += 1;
        }
        assert_eq!(bytes_of.len(), ALPHABET.len());
        assert!(bytes_of.values().all(|bytes| *bytes == 4), "{bytes_of:?}");
        assert!("0Oo1Iil".chars().all(|c| !bytes_of.contains_key(&c)));
    }

    #[test]
    fn generated_secrets_are_whole_valid_and_different() {
        let secrets: HashSet<String> = (0..100)
            .map(|_| Secret::generate().unwrap().expose().to_owned())
            .collect();
        assert_eq!(secrets.len(), 100);
        for secret in secrets {
            assert_eq!(secret.len(), GENERATED);
            assert!(secret.bytes().all(|byte| ALPHABET.contains(&byte)));
            assert_eq!(Secret::try_from(secret.as_str()).unwrap().expose(), secret);
        }
    }

    #[test]
    fn a_secret_is_8_to_128_printable_ascii_characters() {
        for good in ["12345678", "a b;c^d\"", &"x".repeat(128), "p:a%s@s!~"] {
            assert_eq!(Secret::try_from(good).unwrap().expose(), good);
        }
        for bad in [
            "",
            "1234567",
            " 12345678",
            "12345678 ",
            "1234\t5678",
            "1234\n5678",
            "1234567\u{7f}",
            "passwörter",
            &"x".repeat(129),
        ] {
            assert!(Secret::try_from(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn neither_the_debug_form_nor_an_error_shows_a_secret() {
        let secret = Secret::try_from("correct-horse").unwrap();
        assert_eq!(format!("{secret:?}"), "Secret(***)");
        let error = Secret::try_from("h0rse").unwrap_err();
        assert_eq!(error.value(), "***");
        assert!(!format!("{error} {error:?}").contains("h0rse"));
    }
}
