//! Hides what differs from run to run, after having checked that it is what it should be.

use std::process::Command;

use jiff::{SignedDuration, Timestamp};

/// A time that stands in a help text.
const EXAMPLE: &str = "2026-01-31T00:00:00Z";

/// What is to be hidden, and under which name.
#[derive(Default)]
pub(crate) struct Redactor {
    hidden: Vec<(String, &'static str)>,
    squeezed: bool,
}

impl Redactor {
    /// Hides a text. The longer of two texts goes first, so that one within the other is no matter.
    pub(crate) fn hide(&mut self, text: impl Into<String>, name: &'static str) {
        self.hidden.push((text.into(), name));
        self.hidden.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
    }

    /// From now on columns are parted by two blanks, since how wide they are depends on what is hidden.
    pub(crate) fn squeeze(&mut self) {
        self.squeezed = true;
    }

    /// The text with everything hidden that differs from run to run. Standard error must have no secret.
    pub(crate) fn redact(&self, text: &str, stderr: &str) -> String {
        assert_eq!(
            secrets(stderr),
            Vec::<&str>::new(),
            "a secret on standard error: {stderr}"
        );
        let mut text = text.to_owned();
        for (hidden, name) in &self.hidden {
            text = text.replace(hidden, name);
        }
        for secret in secrets(&text.clone()) {
            text = text.replace(secret, "[secret]");
        }
        let operator = operator();
        text = text.replace(&format!("cli:{operator}"), "cli:[operator]");
        text = text.replace(concat!("peerage ", env!("CARGO_PKG_VERSION")), "peerage [version]");
        let mut text = functions(&times(&text));
        while self.squeezed && text.contains("   ") {
            text = text.replace("   ", "  ");
        }
        text
    }
}

/// Hides lists of functions of PostgreSQL's own, which grow with its versions.
fn functions(text: &str) -> String {
    let mut redacted = String::new();
    let mut rest = text;
    while let Some((before, list)) = rest.split_once("on function pg_catalog.") {
        let (_, after) = list.split_once(" from public").unwrap();
        redacted.push_str(before);
        redacted.push_str("on function [functions] from public");
        rest = after;
    }
    redacted + rest
}

/// Everything in a text that has the form of a generated secret: 24 characters, none of them like another, or the 38 that
/// follow the prefix of a token.
pub(crate) fn secrets(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| matches!(word.len(), 24 | 38))
        .filter(|word| !word.contains(['0', 'O', 'o', '1', 'I', 'i', 'l']))
        .filter(|word| word.chars().any(|c| c.is_ascii_uppercase()) && word.chars().any(|c| c.is_ascii_lowercase()))
        .collect()
}

/// Who the system says runs this.
pub(crate) fn operator() -> String {
    let output = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Hides points in time, which must be of this test, or as far from it as a token lives that is given no other end.
fn times(text: &str) -> String {
    let mut redacted = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("20").filter(|_| rest.len() >= 20) {
        let end = rest[at..]
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | ':' | '.' | 'T' | 'Z' | '+')))
            .map_or(rest.len(), |length| at + length);
        redacted.push_str(&rest[..at]);
        match rest[at..end].parse::<Timestamp>() {
            Ok(_) if &rest[at..end] == EXAMPLE => redacted.push_str(EXAMPLE),
            Ok(time) => {
                let ahead = time.duration_since(Timestamp::now());
                let is_near = |wanted: SignedDuration| (ahead - wanted).abs() < SignedDuration::from_hours(1);
                let what = if is_near(SignedDuration::from_hours(24 * 90)) {
                    "[in 90 days]"
                } else {
                    assert!(is_near(SignedDuration::ZERO), "{time} is not now");
                    "[time]"
                };
                redacted.push_str(what);
            }
            Err(_) => redacted.push_str(&rest[at..end]),
        }
        rest = &rest[end..];
    }
    redacted.push_str(rest);
    redacted
}

#[test]
fn secrets_are_recognised_by_their_form() {
    assert_eq!(
        secrets("its secret: cjgkdJB4mQFRs7RuMJZxpCnK\n"),
        ["cjgkdJB4mQFRs7RuMJZxpCnK"]
    );
    assert_eq!(
        secrets("name,token\nother,peerage_Fg7t53uR5xMQ3qnzDRwGf6Ekd4Lpju2Sfk2U4A\n"),
        ["Fg7t53uR5xMQ3qnzDRwGf6Ekd4Lpju2Sfk2U4A"]
    );
    assert!(secrets("peerage_node_something_that_is_long").is_empty());
    assert!(secrets("cjgkdJB4mQFRs7RuMJZxpCn0").is_empty());
}

#[test]
fn times_are_hidden_and_numbers_are_not() {
    let now = Timestamp::now();
    assert_eq!(times(&format!("2001 at {now}, 20")), "2001 at [time], 20");
}

#[test]
#[should_panic(expected = "is not now")]
fn a_time_that_is_long_past_is_found_out() {
    times("since 2001-01-01T00:00:00Z, or so");
}
