//! Which outside numbers the agents of a site may have.

use crate::list::list;
use crate::text::{only, text};

text! {
    /// A country by its two letters, such as `IT`. Which ones there are is a table of the database.
    Country, field "country",
    rule "the two capital letters of a country (ISO 3166), such as IT",
    accepts |text| text.len() == 2 && only(text, |c| c.is_ascii_uppercase(), 2)
}

text! {
    /// A pattern of outside numbers, with the letters of Asterisk's patterns.
    ///
    /// Digits, `*` and `#` stand for themselves; `X` for 0 to 9, `Z` for 1 to 9, `N` for 2 to 9, `[357]`
    /// for one of these digits; `+` may stand in front, and `.` at the end for one or more further
    /// digits. It is matched by the database (`peerage.number_pattern`).
    NumberPattern, field "outside_numbers",
    rule "digits, `*`, `#`; `X` for 0-9, `Z` for 1-9, `N` for 2-9, `[357]` for one of these; `+` in front and `.` for further digits at the end",
    accepts is_pattern
}

/// Most bytes of a pattern.
const MAX_PATTERN_BYTES: usize = 80;

fn is_pattern(text: &str) -> bool {
    let inner = text.strip_prefix('+').unwrap_or(text);
    let inner = inner.strip_suffix('.').unwrap_or(inner);
    let mut rest = inner;
    while let Some(c) = rest.chars().next() {
        rest = match c {
            '[' => match rest[1..].split_once(']') {
                Some((digits, after)) if only(digits, |c| c.is_ascii_digit(), MAX_PATTERN_BYTES) => after,
                _ => return false,
            },
            '0'..='9' | '*' | '#' | 'X' | 'Z' | 'N' => &rest[1..],
            _ => return false,
        };
    }
    !inner.is_empty() && text.len() <= MAX_PATTERN_BYTES
}

list! {
    /// The outside numbers that a site allows; in place of those of its country.
    NumberPatterns of NumberPattern, field "outside_numbers", may be empty false,
    rule "patterns of numbers such as `+39X.,0ZX.`, none twice: digits, `*`, `#`; `X` for 0-9, `Z` for 1-9, `N` for 2-9, `[357]` for one of these; `+` in front and `.` for further digits at the end"
}
