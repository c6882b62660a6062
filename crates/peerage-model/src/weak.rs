//! Secrets that are guessed first: the commonest ones, the account's own name, repetitions and sequences.
//!
//! NIST SP 800-63B section 5.1.1.2 asks for such a check in place of rules about kinds of signs. It does not tell strong
//! secrets from weak ones: it refuses those that a guesser tries before all others.

use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;

/// Why a secret is guessed first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    /// It is among the commonest, or one of them in a usual disguise.
    Common,
    /// It is the name or the number that it protects, or little more.
    OwnName,
    /// A few characters again and again.
    Repetition,
    /// Characters in the order of the alphabet, the digits or the keyboard.
    Sequence,
}

impl Weakness {
    /// What to choose instead, in words that follow "the password cannot be this:".
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Common => {
                "one that is not among the commonest; choose several unrelated words, or let one be generated"
            }
            Self::OwnName => {
                "one that is more than the name or number it protects; choose another, or let one be generated"
            }
            Self::Repetition => {
                "one that is more than a few characters repeated; choose another, or let one be generated"
            }
            Self::Sequence => {
                "one that is more than a sequence of letters, digits or keys; choose another, or let one be generated"
            }
        }
    }
}

impl fmt::Display for Weakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.rule())
    }
}

/// The file's header says whose list it is.
const LIST: &str = include_str!("weak/common.txt");

/// Words that guessers of this field try, whatever the rest of the world does.
const OWN_FIELD: &[&str] = &[
    "agent",
    "asterisk",
    "callcenter",
    "extension",
    "freepbx",
    "peerage",
    "phone",
    "pjsip",
    "secret",
    "sipphone",
    "supervisor",
    "telephone",
    "trunk",
    "voip",
];

static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let listed = LIST.lines().filter(|line| !line.starts_with("# "));
    listed.chain(OWN_FIELD.iter().copied()).collect()
});

/// Most signs around a common word or a name that leave it what it is: `password2026!` has five.
const DECORATION: usize = 5;

/// Fewest different signs of a text, and fewest letters of a word within one.
const UNIT: usize = 4;

/// What stands side by side: a walk along one of these is a sequence.
const ROWS: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "!@#$%^&*()",
];

/// Why `text` is guessed first; none when it is not known to be. `own` are the names of what it protects.
pub fn weakness(text: &str, own: &[&str]) -> Option<Weakness> {
    let text = text.to_lowercase();
    let plain = undisguised(&text);
    if [&text, &plain].into_iter().any(|text| is_common(text)) {
        return Some(Weakness::Common);
    }
    let own = || {
        own.iter()
            .map(|name| name.to_lowercase())
            .filter(|name| !name.is_empty())
    };
    if own().any(|name| is_little_more_than(&text, &name) || is_little_more_than(&plain, &name)) {
        return Some(Weakness::OwnName);
    }
    let signs: Vec<char> = text.chars().collect();
    if is_repetition(&signs) {
        return Some(Weakness::Repetition);
    }
    is_sequence(&signs).then_some(Weakness::Sequence)
}

/// Why a PIN is guessed first: digits repeated (`1111`, `1212`), one walk (`1234`, `9876`), or the number that it protects.
pub fn pin_weakness(pin: &str, own: Option<&str>) -> Option<Weakness> {
    let digits: Vec<char> = pin.chars().collect();
    let repeats = |unit: usize| digits.iter().zip(digits.iter().skip(unit)).all(|(a, b)| a == b);
    if (1..=digits.len() / 2).any(repeats) {
        return Some(Weakness::Repetition);
    }
    let mut strides = digits.iter().zip(digits.iter().skip(1)).map(|(a, b)| stride(*a, *b));
    let first = strides.next().flatten();
    if first.is_some() && strides.all(|stride| stride == first) {
        return Some(Weakness::Sequence);
    }
    let reversed: String = pin.chars().rev().collect();
    own.is_some_and(|own| own == pin || own == reversed)
        .then_some(Weakness::OwnName)
}

/// Without the usual signs for letters.
fn undisguised(text: &str) -> String {
    text.chars()
        .map(|sign| match sign {
            '@' | '4' => 'a',
            '3' => 'e',
            '1' | '!' => 'i',
            '0' => 'o',
            '$' | '5' => 's',
            '7' => 't',
            other => other,
        })
        .collect()
}

fn is_common(text: &str) -> bool {
    let word = text.trim_matches(|sign: char| !sign.is_alphabetic());
    let around = text.chars().count() - word.chars().count();
    let reversed: String = text.chars().rev().collect();
    COMMON.contains(text)
        || COMMON.contains(reversed.as_str())
        || (around <= DECORATION && word.chars().count() >= UNIT && COMMON.contains(word))
}

/// Whether the name, as it is, reversed or again and again, is all but a few signs of the text.
fn is_little_more_than(text: &str, name: &str) -> bool {
    let reversed: String = name.chars().rev().collect();
    [name, reversed.as_str()].into_iter().any(|name| {
        let rest = text.replace(name, "").chars().count();
        text.contains(name) && rest <= DECORATION
    })
}

fn is_repetition(signs: &[char]) -> bool {
    let of = |unit: usize| signs.len() >= 2 * unit && signs.iter().zip(signs.iter().skip(unit)).all(|(a, b)| a == b);
    let different: HashSet<&char> = signs.iter().collect();
    different.len() < UNIT || (1..=signs.len() / 2).any(of)
}

/// Whether it is at most two walks: `abcdefgh`, `12345678`, `qwertyuiop`, `abcd4321`, `aaaa1111`.
fn is_sequence(signs: &[char]) -> bool {
    let mut walks = 1;
    let mut step = None;
    for pair in signs.windows(2) {
        let [from, to] = pair else { continue };
        let taken = stride(*from, *to);
        match (step, taken) {
            // A walk goes on, or begins.
            (Some(step), Some(taken)) if step == taken => {}
            (None, Some(taken)) => step = Some(taken),
            _ => {
                walks += 1;
                step = None;
            }
        }
    }
    walks <= 2
}

/// How one goes from one character to the next: on the spot, or forward or backward along one of the rows.
fn stride(from: char, to: char) -> Option<i8> {
    if from == to {
        return Some(0);
    }
    let along = |row: &str, from: char, to: char| {
        let mut pairs = row.chars().zip(row.chars().skip(1));
        pairs.any(|pair| pair == (from, to))
    };
    if ROWS.iter().any(|row| along(row, from, to)) {
        return Some(1);
    }
    ROWS.iter().any(|row| along(row, to, from)).then_some(-1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_secrets_and_their_disguises_are_weak() {
        for weak in [
            "password",
            "PASSWORD",
            "Password1",
            "P@ssw0rd",
            "Passw0rd!",
            "password2026",
            "letmein123",
            "qwerty123",
            "trustno1",
            "iloveyou",
            "asterisk",
            "Asterisk123",
            "secret99",
            "drowssap",
            "1q2w3e4r",
            "admin123",
            "changeme",
            "voip2026",
        ] {
            assert_eq!(weakness(weak, &[]), Some(Weakness::Common), "{weak}");
        }
    }

    #[test]
    fn a_pin_that_is_guessed_first_is_weak() {
        for (pin, why) in [
            ("0000", Weakness::Repetition),
            ("1212", Weakness::Repetition),
            ("123123", Weakness::Repetition),
            ("12121", Weakness::Repetition),
            ("1234", Weakness::Sequence),
            ("7890", Weakness::Sequence),
            ("987654", Weakness::Sequence),
            ("4711", Weakness::OwnName),
            ("1174", Weakness::OwnName),
        ] {
            assert_eq!(pin_weakness(pin, Some("4711")), Some(why), "{pin}");
        }
        for pin in ["4711", "0815", "1235", "1223"] {
            assert_eq!(pin_weakness(pin, Some("1001")), None, "{pin}");
        }
    }

    #[test]
    fn repetitions_and_sequences_are_weak() {
        for (weak, why) in [
            ("aaaaaaaaaa", Weakness::Repetition),
            ("zyzyzyzyzyzy", Weakness::Repetition),
            ("k9x2k9x2k9x2", Weakness::Repetition),
            ("11223311221133", Weakness::Repetition),
            ("ääääääää", Weakness::Repetition),
            ("ghijklmnop", Weakness::Sequence),
            ("34567890", Weakness::Sequence),
            ("fedcba9876", Weakness::Sequence),
            ("rtyuiop[]", Weakness::Sequence),
            ("hgfdsa456789", Weakness::Sequence),
        ] {
            let found = weakness(weak, &[]);
            assert!(
                found == Some(why) || found == Some(Weakness::Common),
                "{weak}: {found:?}"
            );
        }
    }

    #[test]
    fn the_own_name_with_little_around_it_is_weak() {
        for weak in [
            "lovelace.ada",
            "Lovelace.Ada1",
            "ada.lovelace12",
            "adalovelace",
            "10511051",
            "sip-1051",
            "1501#1501",
            "1051secr",
        ] {
            let own = ["ada.lovelace", "lovelace.ada", "adalovelace", "1051"];
            assert!(weakness(weak, &own).is_some(), "{weak}");
        }
        assert_eq!(weakness("1051-tall-giraffe", &["1051"]), None);
        assert_eq!(weakness("tall-giraffe", &[""]), None);
    }

    #[test]
    fn what_nobody_tries_first_is_taken() {
        for good in [
            "correct-horse",
            "correct-horse-battery",
            "another-horse-and-battery",
            "zH7kQ2mX9wRt",
            "Größe-und-Länge",
            "пароль-непростой-42",
            "käse",
            "dragon-4711-tower",
            "91735284",
        ] {
            assert_eq!(weakness(good, &["ada", "1001"]), None, "{good}");
        }
    }

    #[test]
    fn the_list_is_sorted_lower_case_and_without_doubles() {
        let listed: Vec<&str> = LIST.lines().filter(|line| !line.starts_with("# ")).collect();
        assert_eq!(listed.len(), 11_000);
        assert!(listed.is_sorted_by(|a, b| a < b));
        assert!(listed.iter().all(|word| *word == word.to_lowercase()));
    }
}
