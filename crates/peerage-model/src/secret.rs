use std::fmt;
use std::str::FromStr;

use zeroize::Zeroizing;

use crate::weak::{Weakness, weakness};
use crate::{Invalid, Number};

/// Length of a generated secret: 24 characters of the 55 below, 138 bits.
const GENERATED: usize = 24;

/// The letters and digits without `0 O o 1 I i l`, which look alike: people type these into
/// telephones.
pub(crate) const ALPHABET: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz";

/// The SIP secret of an agent or a telephone, in clear, for as long as it takes to digest it.
///
/// 8 to 128 printable ASCII characters, no blank at either end. ASCII only, because both sides must
/// hash the same bytes, and on the encoding of the rest they need not agree (RFC 7616 section 4).
/// Any sign within is taken, since a secret is never written to a configuration file. One that is
/// guessed first (see [`Weakness`]) is refused, unless [`Secret::accepting_weak`] reads it.
///
/// It is overwritten in memory when dropped, shows as `***`, and has no `Display` and no serde.
#[derive(Clone)]
pub struct Secret {
    text: Zeroizing<String>,
    /// Whether it may be stored although it is weak.
    weak_accepted: bool,
}

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
        let mut text = Zeroizing::new(String::with_capacity(GENERATED));
        random(&mut text, GENERATED)?;
        Ok(Self::made(text))
    }

    /// A secret that was made here.
    pub(crate) fn made(text: Zeroizing<String>) -> Self {
        Self {
            text,
            weak_accepted: false,
        }
    }

    /// Reads a secret that may be weak: telephones that were set up elsewhere keep theirs until they are renewed.
    ///
    /// # Errors
    ///
    /// The text breaks [`Secret::RULE`].
    pub fn accepting_weak(text: String) -> Result<Self, Invalid> {
        let text = Zeroizing::new(text);
        let accepted = (8..=128).contains(&text.len())
            && text.bytes().all(|b| matches!(b, b' '..=b'~'))
            && !text.starts_with(' ')
            && !text.ends_with(' ');
        if accepted {
            Ok(Self {
                text,
                weak_accepted: true,
            })
        } else {
            Err(Invalid::hidden(Self::FIELD, Self::RULE))
        }
    }

    /// Whether the secret is weak for the account of this number.
    ///
    /// # Errors
    ///
    /// It is weak, and was not read by [`Secret::accepting_weak`].
    pub fn check_for(&self, number: &Number) -> Result<bool, Invalid> {
        match weakness(&self.text, &[number.as_str()]) {
            Some(why) if !self.weak_accepted => Err(refused(why)),
            found => Ok(found.is_some()),
        }
    }

    /// The secret in clear. Keep it no longer than needed, and out of errors, logs and arguments.
    pub fn expose(&self) -> &str {
        &self.text
    }
}

fn refused(why: Weakness) -> Invalid {
    Invalid::hidden(Secret::FIELD, why.rule())
}

/// Adds `count` random signs of the alphabet.
pub(crate) fn random(text: &mut Zeroizing<String>, count: usize) -> Result<(), NoRandomness> {
    let wanted = text.len() + count;
    let mut bytes = Zeroizing::new([0_u8; 2 * GENERATED]);
    while text.len() < wanted {
        getrandom::fill(bytes.as_mut_slice())?;
        let missing = wanted - text.len();
        text.extend(bytes.iter().filter_map(|byte| sign(*byte)).take(missing));
    }
    Ok(())
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
        let mut secret = Self::accepting_weak(text)?;
        secret.weak_accepted = false;
        match weakness(&secret.text, &[]) {
            Some(why) => Err(refused(why)),
            None => Ok(secret),
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
        let long: String = (0..127u8)
            .map(|n| char::from(33 + (u16::from(n) * 37 % 90) as u8))
            .collect();
        for good in ["91735284", "a b;c^d\"", &long, "p:a%s@s!~"] {
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
    fn a_weak_secret_is_refused_unless_it_is_accepted_as_such() {
        let number: Number = "1051".parse().unwrap();
        for weak in ["password", "12345678", "aaaaaaaa"] {
            let error = Secret::try_from(weak).unwrap_err();
            assert!(error.value() == "***" && error.rule().contains("more than") || error.rule().contains("commonest"));
            assert!(
                Secret::accepting_weak(weak.to_owned())
                    .unwrap()
                    .check_for(&number)
                    .unwrap()
            );
        }
        // Only the number tells that this one is.
        assert!(Secret::try_from("xqzk-1051").unwrap().check_for(&number).is_err());
        assert!(
            Secret::accepting_weak("xqzk-1051".to_owned())
                .unwrap()
                .check_for(&number)
                .unwrap()
        );
        let strong = Secret::try_from("correct-horse").unwrap();
        assert!(!strong.check_for(&number).unwrap());
        assert!(Secret::accepting_weak("short".to_owned()).is_err());
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
