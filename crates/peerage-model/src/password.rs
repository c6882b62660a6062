use std::fmt;
use std::str::FromStr;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::weak::weakness;
use crate::{Invalid, Secret, Username};

/// The password of a person, in clear, for as long as it takes to hash it.
///
/// Any Unicode text of 8 characters or more without control characters, up to 1,024 bytes. It is prepared as RFC 8265 section 4.2
/// (OpaqueString) says, so that it does not matter which keyboard typed it: other blanks become the plain one, and letters are
/// composed (NFC). Case counts. One that is guessed first (see [`Weakness`](crate::Weakness)) is refused.
///
/// It is overwritten in memory when dropped, shows as `***`, and has no `Display` and no serde.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

/// Fewest characters (NIST SP 800-63B section 5.1.1.1).
const MIN_CHARS: usize = 8;

/// Most bytes, so that no request makes much work: 256 characters of any script.
const MAX_BYTES: usize = 1024;

impl Password {
    /// The field an error names, unless the caller knows it by another.
    pub const FIELD: &'static str = "password";
    /// What the field takes, in words.
    pub const RULE: &'static str = "8 characters or more of any script, up to 1024 bytes, no control characters";

    /// A text as it is compared with a hash, whether or not it keeps to the rule.
    pub fn prepare(text: &str) -> Zeroizing<String> {
        let blanks = text.chars().map(|sign| match sign {
            // Category Zs but for the plain one.
            '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => ' ',
            other => other,
        });
        Zeroizing::new(blanks.nfc().collect())
    }

    /// Refuses a password that is little more than the name it protects.
    ///
    /// # Errors
    ///
    /// It is.
    pub fn check_for(&self, username: &Username) -> Result<(), Invalid> {
        match weakness(&self.0, &[username.as_str()]) {
            Some(why) => Err(Invalid::hidden(Self::FIELD, why.rule())),
            None => Ok(()),
        }
    }

    /// The password in clear. Keep it no longer than needed, and out of errors, logs and arguments.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<Secret> for Password {
    /// A generated secret is a password.
    fn from(secret: Secret) -> Self {
        Self(Zeroizing::new(secret.expose().to_owned()))
    }
}

impl TryFrom<String> for Password {
    type Error = Invalid;

    /// Takes the text over; it is overwritten when it is refused, too.
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let text = Zeroizing::new(text);
        let refused = || Invalid::hidden(Self::FIELD, Self::RULE);
        // Before anything else looks at it: composing makes no text three times as long.
        if text.len() > 3 * MAX_BYTES {
            return Err(refused());
        }
        let prepared = Self::prepare(&text);
        let accepted = prepared.chars().count() >= MIN_CHARS
            && prepared.len() <= MAX_BYTES
            && !prepared.chars().any(char::is_control);
        if !accepted {
            return Err(refused());
        }
        match weakness(&prepared, &[]) {
            Some(why) => Err(Invalid::hidden(Self::FIELD, why.rule())),
            None => Ok(Self(prepared)),
        }
    }
}

impl TryFrom<&str> for Password {
    type Error = Invalid;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        Self::try_from(text.to_owned())
    }
}

impl FromStr for Password {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_script_is_taken_and_counted_in_characters() {
        for good in [
            "correct horse",
            "Größe-und-Länge",
            "пароль-непростой",
            "密码是一只高高的长颈鹿",
            "🦒🐎🔋📎🌵🧲🪁🧩",
            " blanks count ",
        ] {
            assert!(Password::try_from(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "seven-7",
            "密码密码",
            "tab\tinside-it",
            "line\nbreak-in-it",
            &"ä".repeat(513),
            &"k7 ".repeat(1025),
        ] {
            assert_eq!(Password::try_from(bad).unwrap_err().value(), "***", "{bad}");
        }
    }

    #[test]
    fn the_same_password_from_another_keyboard_is_the_same() {
        let composed = Password::try_from("Gr\u{f6}\u{df}e-tall-giraffe").unwrap();
        let decomposed = Password::try_from("Gro\u{308}\u{df}e-tall-giraffe").unwrap();
        assert_eq!(composed.expose(), decomposed.expose());
        assert_eq!(*Password::prepare("a\u{3000}b\u{a0}c"), "a b c");
        assert_ne!(*Password::prepare("Tall"), "tall");
    }

    #[test]
    fn what_is_guessed_first_is_refused_without_being_shown() {
        for weak in ["iloveyou", "Passw0rd!", "12345678", "пппппппп"] {
            let error = Password::try_from(weak).unwrap_err();
            assert!(!format!("{error} {error:?}").contains(weak), "{error}");
        }
        let password = Password::try_from("kowalczyk-ada").unwrap();
        assert!(password.check_for(&"kowalczyk".parse().unwrap()).is_err());
        assert!(password.check_for(&"mira".parse().unwrap()).is_ok());
        assert_eq!(format!("{password:?}"), "Password(***)");
    }
}
