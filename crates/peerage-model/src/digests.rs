use std::fmt;

use md5::{Digest, Md5};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{Number, Realm, Secret};

/// What SIP authentication needs to know of a secret, instead of the secret.
///
/// Both are hashes of `number:realm:secret` in lower-case hexadecimal. Who has one can register in
/// the account's name, so they are kept from logs and overwritten when dropped like the secret.
///
/// # Source
///
/// `A1` of RFC 7616 section 3.4.2, with MD5, and SHA-256 as RFC 8760 section 2.1 brings it to SIP.
#[derive(Clone)]
pub struct Digests {
    md5: Zeroizing<String>,
    sha256: Zeroizing<String>,
}

impl Digests {
    /// The digests of this secret for this number and realm. A change of either needs new ones.
    pub fn new(number: &Number, realm: &Realm, secret: &Secret) -> Self {
        Self {
            md5: a1::<Md5>(number.as_str(), realm.as_str(), secret.expose()),
            sha256: a1::<Sha256>(number.as_str(), realm.as_str(), secret.expose()),
        }
    }

    /// The MD5 digest: 32 hexadecimal digits.
    pub fn md5(&self) -> &str {
        &self.md5
    }

    /// The SHA-256 digest: 64 hexadecimal digits.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

impl fmt::Debug for Digests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digests(***)")
    }
}

fn a1<D: Digest>(username: &str, realm: &str, secret: &str) -> Zeroizing<String> {
    let mut hash = D::new();
    for part in [username, ":", realm, ":", secret] {
        hash.update(part);
    }
    hexadecimal(&hash.finalize())
}

fn hexadecimal(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(2 * bytes.len()));
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(u32::from(digit), 16));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash<D: Digest>(text: &str) -> String {
        hexadecimal(&D::digest(text)).to_string()
    }

    /// The `response` of the example of RFC 7616 section 3.9.1, computed from our `A1`.
    fn response<D: Digest>() -> String {
        let a1 = a1::<D>("Mufasa", "http-auth@example.org", "Circle of Life");
        let a2 = hash::<D>("GET:/dir/index.html");
        let nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
        let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        hash::<D>(&format!("{}:{nonce}:00000001:{cnonce}:auth:{a2}", a1.as_str()))
    }

    #[test]
    fn the_responses_of_rfc_7616_come_out() {
        assert_eq!(response::<Md5>(), "8ca523f5e9506fed4657c9700eebdbec");
        assert_eq!(
            response::<Sha256>(),
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
        );
    }

    fn digests(number: &str, realm: &str, secret: &str) -> Digests {
        Digests::new(
            &number.parse().unwrap(),
            &realm.parse().unwrap(),
            &secret.parse().unwrap(),
        )
    }

    #[test]
    fn number_realm_and_secret_are_joined_by_colons() {
        // `printf 1001:asterisk:Circle-of-Life | md5sum`, and sha256sum.
        let digests = digests("1001", "asterisk", "Circle-of-Life");
        assert_eq!(digests.md5(), "1f7bf48e768cea02d34618a380513562");
        assert_eq!(
            digests.sha256(),
            "e68da386877ea82082f8a3e415f18490137eb6a60248b81147d41afca68a0828"
        );
    }

    #[test]
    fn each_part_counts() {
        let all = [
            digests("1001", "asterisk", "Circle of Life"),
            digests("1002", "asterisk", "Circle of Life"),
            digests("1001", "Asterisk", "Circle of Life"),
            digests("1001", "asterisk", "Circle of life"),
        ];
        for (position, one) in all.iter().enumerate() {
            for other in &all[..position] {
                assert!(one.md5() != other.md5() && one.sha256() != other.sha256());
            }
        }
    }

    #[test]
    fn the_debug_form_shows_no_digest() {
        let digests = digests("1001", "asterisk", "Circle of Life");
        assert_eq!(format!("{digests:?}"), "Digests(***)");
    }
}
