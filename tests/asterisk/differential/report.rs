//! What two answers of Asterisk differ in.
//!
//! Left out of account, and nothing else:
//! - an Asterisk's own address (`stack`), because each has one for itself;
//! - `Realtime peer`, which says where chan_sip read a peer;
//! - the state of a qualified peer, of a contact and of an endpoint, which comes and goes with registrations and with
//!   answers to OPTIONS. Whether they are qualified at all is said elsewhere, and compared.

use std::fmt;

/// One answer that is not the same.
#[derive(Debug)]
pub(super) struct Difference {
    command: String,
    /// Lines that only one of them says.
    lines: Vec<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  {}", self.command, self.lines.join("\n  "))
    }
}

/// Compares what is said from the files with what is said from the views.
pub(super) fn differences(command: &str, files: &str, views: &str) -> Option<Difference> {
    let (files, views) = (normal(files), normal(views));
    if files == views {
        return None;
    }
    let only = |sign: char, these: &[String], those: &[String]| -> Vec<String> {
        let missing = these.iter().filter(|line| !those.contains(line));
        missing.map(|line| format!("{sign}{line}")).collect()
    };
    let mut lines = only('-', &files, &views);
    lines.extend(only('+', &views, &files));
    if lines.is_empty() {
        lines.push(format!("the same lines in another order: {}", views.join("\n    ")));
    }
    Some(Difference {
        command: command.to_owned(),
        lines,
    })
}

/// What is left of an answer to compare.
fn normal(said: &str) -> Vec<String> {
    said.lines()
        .filter(|line| !line.contains("  Realtime peer: "))
        .map(|line| without_state(line.trim_end()).to_owned())
        .collect()
}

/// Without the state, which stands at the end of a line.
fn without_state(line: &str) -> &str {
    const LINES: [&str; 3] = ["Status       : ", "Contact:  ", "Endpoint:  "];
    const STATES: [&str; 8] = [
        " UNKNOWN",
        " UNREACHABLE",
        " Unknown ",
        " Unavail ",
        " NonQual ",
        " Unavailable ",
        " Not in use ",
        " Invalid ",
    ];
    if !LINES.iter().any(|start| line.trim_start().starts_with(start)) {
        return line;
    }
    let state = STATES.iter().filter_map(|state| line.rfind(state)).max();
    state.map_or(line, |at| line[..at].trim_end())
}

#[cfg(test)]
mod tests {
    use super::differences;

    fn found(files: &str, views: &str) -> String {
        differences("show", files, views).map_or_else(String::new, |difference| difference.to_string())
    }

    #[test]
    fn the_same_is_no_difference() {
        assert_eq!(found("a : 1\nb : 2", "a : 1\nb : 2"), "");
    }

    #[test]
    fn what_only_one_side_says_is_a_difference() {
        assert_eq!(found("a : 1\nb : 2", "a : 1\nb : 3"), "show\n  -b : 2\n  +b : 3");
        assert_eq!(found("a : 1\nb : 2", "a : 1"), "show\n  -b : 2");
        assert_eq!(found("a : 1", "a : 1\nb : 2"), "show\n  +b : 2");
        assert_eq!(found("", "a : 1"), "show\n  +a : 1");
    }

    #[test]
    fn another_order_and_another_count_are_differences() {
        assert_ne!(found("a\nb", "b\na"), "");
        assert_ne!(found("a\na\nb", "a\nb\nb"), "");
    }

    #[test]
    fn only_the_state_of_an_account_is_no_difference() {
        assert_eq!(found("  Status       : UNKNOWN", "  Status       : UNREACHABLE"), "");
        assert_ne!(found("  Status       : UNKNOWN", "  Status       : Unmonitored"), "");
        assert_eq!(
            found(
                " Endpoint:  1/2    Not in use    0 of inf",
                " Endpoint:  1/2    Unavailable   0 of inf"
            ),
            ""
        );
        assert_ne!(
            found(
                " Endpoint:  1/2    Not in use    0 of inf",
                " Endpoint:  1/3    Not in use    0 of inf"
            ),
            ""
        );
        assert_eq!(
            found(
                "  Contact:  1/sip:1@h ae57 Unavail  nan",
                "  Contact:  1/sip:1@h ae57 NonQual  -nan"
            ),
            ""
        );
        assert_ne!(
            found(
                "  Contact:  1/sip:1@h ae57 Unavail  nan",
                "  Contact:  1/sip:1@g ae57 Unavail  nan"
            ),
            ""
        );
        assert_ne!(
            found(" callerid : \"a Unavail \" <1>", " callerid : \"a Unavail b\" <1>"),
            ""
        );
    }

    #[test]
    fn where_a_peer_was_read_is_no_difference() {
        assert_eq!(found("  Name : 1", "  Name : 1\n  Realtime peer: Yes, cached"), "");
    }
}
