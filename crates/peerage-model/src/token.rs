use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::secret::{ALPHABET, random};
use crate::{NoRandomness, Secret};

/// What every token begins with, so that scanners of source code and logs recognise one.
const PREFIX: &str = "peerage_";

/// Random characters: 183 bits.
const RANDOM: usize = 32;

/// Characters of the checksum.
const CHECKSUM: usize = 6;

/// A new token for a program: `peerage_`, 32 random letters and digits, and a checksum of 6, which tells a token from a text
/// that looks like one without asking anybody.
///
/// # Errors
///
/// [`NoRandomness`] when the operating system gives none.
pub fn generate_token() -> Result<Secret, NoRandomness> {
    let mut token = Zeroizing::new(String::with_capacity(PREFIX.len() + RANDOM + CHECKSUM));
    token.push_str(PREFIX);
    random(&mut token, RANDOM)?;
    let checksum = checksum(&token);
    token.push_str(&checksum);
    Ok(Secret::made(token))
}

/// The first 32 bits of the SHA-256 of what stands before, in the alphabet of secrets, the lowest digit first.
fn checksum(text: &str) -> String {
    let hash = Sha256::digest(text);
    let mut rest = hash
        .iter()
        .take(4)
        .fold(0, |number, byte| number << 8 | usize::from(*byte));
    let mut digits = String::with_capacity(CHECKSUM);
    for _ in 0..CHECKSUM {
        digits.extend(ALPHABET.get(rest % ALPHABET.len()).map(|sign| char::from(*sign)));
        rest /= ALPHABET.len();
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_shows_what_it_is_and_carries_its_checksum() {
        let token = generate_token().unwrap();
        let text = token.expose();
        assert_ne!(text, generate_token().unwrap().expose());
        assert_eq!(text.len(), 46);
        let body = text.strip_prefix("peerage_").unwrap();
        assert!(body.bytes().all(|sign| ALPHABET.contains(&sign)), "{body}");
        let (said, sum) = text.split_at(40);
        assert_eq!(checksum(said), sum);
        assert_ne!(checksum(&said.replace(&said[39..], "?")), sum);
    }

    #[test]
    fn a_known_token_keeps_its_checksum() {
        assert_eq!(checksum("peerage_23456789ABCDEFGHJKLMNPQRSTUVWXYZ"), "xC9dz2");
    }
}
