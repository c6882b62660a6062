//! Cells that a spreadsheet would compute.
//!
//! A spreadsheet takes a cell that begins with `=` and the like for a formula, and a formula can start programs. Every CSV that
//! leaves Peerage passes [`guard`]; what is imported passes [`unguard`], so that an export reads back as it was.

use std::borrow::Cow;

/// What stands before a cell that begins like a formula.
const GUARD: char = '\'';

/// What a formula begins with: the signs that OWASP lists for CSV injection, and their full-width forms.
const SIGNS: [char; 11] = [
    '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
];

/// A cell as a CSV may carry it: behind an apostrophe when it begins like a formula. A number with its sign, such as `+39055`, is
/// none and stays as it is, so that programs read it as before.
#[must_use]
pub fn guard(cell: &str) -> Cow<'_, str> {
    // One that has an apostrophe there already gets one more: `unguard` takes one away.
    if is_formula(cell.trim_start_matches(GUARD)) {
        Cow::Owned(format!("{GUARD}{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// The cell that [`guard`] has guarded; any other as it is.
#[must_use]
pub fn unguard(cell: &str) -> &str {
    match cell.strip_prefix(GUARD) {
        Some(rest) if is_formula(rest.trim_start_matches(GUARD)) => rest,
        _ => cell,
    }
}

fn is_formula(text: &str) -> bool {
    text.starts_with(SIGNS) && !is_number(text)
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cell_that_begins_like_a_formula_is_guarded() {
        for cell in [
            "=1+1",
            "-2+3",
            "@sum",
            "\tx",
            "\rx",
            "\n=1",
            "+",
            "+1-2",
            "\u{ff1d}1",
            "=cmd|' /C calc'!A0",
        ] {
            assert_eq!(guard(cell), format!("'{cell}"));
        }
    }

    #[test]
    fn plain_cells_and_signed_numbers_stay_as_they_are() {
        for cell in ["", "1", "a=1", "Ada", "'", "O'Hara", "+39055", "-1", "'twas", "'+39055"] {
            assert_eq!(guard(cell), cell);
            assert_eq!(unguard(cell), cell);
        }
    }

    /// Each short text out of the signs that matter, and some that do not.
    #[test]
    fn every_guarded_cell_reads_back_and_is_no_formula() {
        let signs = ['\'', '=', '+', '-', '@', '\t', '1', 'a', '\u{ff0b}', ' '];
        let mut texts = vec![String::new()];
        for _ in 0..4 {
            let longer = texts.iter().flat_map(|text| signs.map(|sign| format!("{text}{sign}")));
            texts = texts.iter().cloned().chain(longer).collect();
        }
        for text in texts {
            let guarded = guard(&text);
            assert_eq!(unguard(&guarded), text);
            assert!(!is_formula(&guarded), "{guarded:?}");
        }
    }
}
