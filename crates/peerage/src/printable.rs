//! Text of others, made fit for a terminal and a log.
//!
//! Telephones, callers and a Manager choose names and messages. Such a text must not drive a terminal, begin a line of its own, or
//! fill a disk.

/// Whether a character is written as an escape: control characters, and those that turn the direction of what follows or part
/// lines (Unicode Technical Report 36, section 2.8).
fn is_escaped(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text with such characters escaped.
pub(crate) fn printable(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    for c in raw.chars() {
        push(&mut text, c);
    }
    text
}

/// The same, cut after `most` characters of the original.
pub(crate) fn bounded(raw: &str, most: usize) -> String {
    let mut text = String::new();
    for (index, c) in raw.chars().enumerate() {
        if index == most {
            text.push_str("...");
            break;
        }
        push(&mut text, c);
    }
    text
}

/// A text of several lines: the ends of lines stay, and so do tabs.
pub(crate) fn lines(raw: &str, most: usize) -> String {
    let line = |line: &str| {
        let cells: Vec<String> = line.split('\t').map(|cell| bounded(cell, most)).collect();
        cells.join("\t")
    };
    let lines: Vec<String> = raw.split('\n').map(line).collect();
    lines.join("\n")
}

fn push(text: &mut String, c: char) {
    if is_escaped(c) {
        text.extend(c.escape_default());
    } else {
        text.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_direction_characters_are_escaped_and_names_are_not() {
        assert_eq!(printable("a\u{1b}[31m\n\u{7}\u{9b}"), "a\\u{1b}[31m\\n\\u{7}\\u{9b}");
        assert_eq!(printable("a\u{202e}b\u{2028}"), "a\\u{202e}b\\u{2028}");
        assert_eq!(printable("李小龍 Åsa \u{200d}"), "李小龍 Åsa \u{200d}");
    }

    #[test]
    fn a_text_is_cut_by_characters() {
        assert_eq!(bounded("李小龍", 3), "李小龍");
        assert_eq!(bounded("李小龍", 2), "李小...");
        assert_eq!(bounded("", 0), "");
    }

    #[test]
    fn ends_of_lines_stay_where_lines_are_meant() {
        assert_eq!(lines("a\tb\n\u{1b}c\n", 10), "a\tb\n\\u{1b}c\n");
    }
}
