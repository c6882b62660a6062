//! The log, on standard error: what others say is escaped, bounded and told apart from what we say, whoever writes the line.
//!
//! Every field of every event and span passes [`Fields`], so no line can forget it.

use std::fmt::{self, Debug, Write};

use tracing::field::{Field, Visit};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::format::Writer;

use crate::printable::bounded;

/// Most characters of a field.
const MOST_OF_FIELD: usize = 500;
/// Most characters of the message, which may carry an error with its causes.
const MOST_OF_MESSAGE: usize = 2000;

/// Writes the log from now on, and a panic into it.
pub(crate) fn start(filter: EnvFilter) {
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .fmt_fields(Fields)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
    // A panic's text may hold what somebody sent.
    std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "a panic")));
}

/// Writes fields as `name=value`.
struct Fields;

impl<'writer> FormatFields<'writer> for Fields {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'writer>, fields: R) -> fmt::Result {
        let mut line = Line {
            writer,
            is_first: true,
            result: Ok(()),
        };
        fields.record(&mut line);
        line.result
    }
}

struct Line<'writer> {
    writer: Writer<'writer>,
    is_first: bool,
    result: fmt::Result,
}

impl Line<'_> {
    fn write(&mut self, field: &Field, value: &str) {
        if self.result.is_err() {
            return;
        }
        let blank = if std::mem::take(&mut self.is_first) { "" } else { " " };
        self.result = match field.name() {
            "message" => write!(self.writer, "{blank}{value}"),
            name => write!(self.writer, "{blank}{name}={value}"),
        };
    }

    fn text(&mut self, field: &Field, text: &str, quote: Quote) {
        if field.name() == "message" {
            return self.write(field, &bounded(text, MOST_OF_MESSAGE));
        }
        let is_plain = !text.is_empty() && text.chars().all(is_plain);
        if is_plain && text.len() <= MOST_OF_FIELD && quote == Quote::WhereNeeded {
            return self.write(field, text);
        }
        self.write(field, &quoted(text));
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    Always,
    WhereNeeded,
}

/// A value of such characters cannot look like two fields.
fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || "-_.:/@+*%#,()[]{}".contains(c)
}

/// Between quotation marks, as Rust writes a text, but with letters of all languages as they are.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for (index, c) in text.chars().enumerate() {
        if index == MOST_OF_FIELD {
            quoted.push_str("...");
            break;
        }
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c => quoted.push_str(&bounded(c.encode_utf8(&mut [0; 4]), 1)),
        }
    }
    quoted.push('"');
    quoted
}

impl Visit for Line<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value, Quote::Always);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = Cut::default();
        // It stops where enough is written.
        let _ = write!(text, "{value:?}");
        self.text(field, &text.0, Quote::WhereNeeded);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.write(field, &value.to_string());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.write(field, &value.to_string());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.write(field, &value.to_string());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.write(field, &value.to_string());
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.record_debug(field, &format_args!("{value}"));
    }
}

/// A text that takes no more than is shown, so that a value of megabytes is never written as a whole.
#[derive(Default)]
struct Cut(String);

impl Write for Cut {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        // A character more than is shown says that there was more.
        let room = 4 * (MOST_OF_MESSAGE + 1);
        let left = room.saturating_sub(self.0.len());
        let end = part.floor_char_boundary(left);
        self.0.push_str(part.get(..end).unwrap_or_default());
        if end < part.len() { Err(fmt::Error) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Written {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    fn logged(log: impl FnOnce()) -> String {
        let written = Written::default();
        let subscriber = tracing_subscriber::fmt()
            .fmt_fields(Fields)
            .with_writer(written.clone())
            .with_ansi(false)
            .without_time()
            .finish();
        tracing::subscriber::with_default(subscriber, log);
        let bytes = written.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_line_of_the_log_is_one_line_without_control_characters() {
        let evil = "a\u{1b}[2J\u{7}\nb\r\u{9b}\u{202e}";
        let error = io::Error::other(evil);
        let line = logged(|| {
            let span = tracing::info_span!("request", id = evil);
            span.in_scope(|| tracing::info!(text = evil, shown = %evil, debugged = ?evil, %error, "said {evil}"));
        });
        let (text, end) = line.split_at(line.len() - 1);
        assert_eq!(end, "\n");
        assert!(!text.chars().any(char::is_control), "{text:?}");
        assert!(!text.contains('\u{202e}'), "{text:?}");
        assert_eq!(text.matches("[2J").count(), 6, "{text}");
    }

    #[test]
    fn a_value_cannot_look_like_another_field() {
        let line = logged(|| tracing::info!(user = %"x\" status=200 actor=\"admin", status = 401, "answered"));
        assert!(
            line.contains(r#"answered user="x\" status=200 actor=\"admin" status=401"#),
            "{line}"
        );
        let line = logged(|| tracing::info!(user = %r"x\", next = 1, "answered"));
        assert!(line.contains(r#"user="x\\" next=1"#), "{line}");
    }

    #[test]
    fn what_is_plain_is_written_as_before() {
        let line = logged(
            || tracing::info!(node = %"pbx1", address = %"192.0.2.7:80", method = "GET", took = 1.5, ok = true, "answered"),
        );
        assert!(
            line.ends_with("answered node=pbx1 address=192.0.2.7:80 method=\"GET\" took=1.5 ok=true\n"),
            "{line}"
        );
    }

    #[test]
    fn a_field_is_bounded_and_leaves_room_for_the_others() {
        let long = "x".repeat(10_000_000);
        let line = logged(|| tracing::info!(long, shown = %long, last = 1, "said {long}"));
        assert!(line.len() < 4000 && line.ends_with("last=1\n"), "{}", line.len());
    }
}
