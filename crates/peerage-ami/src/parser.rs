//! Bytes to frames, without any I/O.

use crate::Frame;

#[cfg(test)]
mod tests;

/// What every Asterisk says first, before its protocol version.
const BANNER: &str = "Asterisk Call Manager/";

/// Most characters of the version after it that are kept.
const MOST_OF_VERSION: usize = 32;

/// The end of the text after `Response: Follows`.
const END: &str = "--END COMMAND--";

/// How large what Asterisk sends may be. Beyond it the connection ends: a peer that sends without end is none to listen to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one line, without its end.
    pub line: usize,
    /// Fields of one message.
    pub fields: usize,
    /// Bytes of one message, line ends included. What is not UTF-8 may take three times that in memory.
    pub message: usize,
}

impl Default for Limits {
    /// 16 KiB a line, 20,000 fields and 1 MiB a message: a command that prints 20,000 lines. Events have less than 10 KiB.
    fn default() -> Self {
        Self {
            line: 16 * 1024,
            fields: 20_000,
            message: 1024 * 1024,
        }
    }
}

/// Why what came cannot be from a Manager interface, or is more than was agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The first line is not the greeting of a Manager interface.
    #[error("this is no Asterisk Manager interface: it does not greet as one")]
    NoBanner,
    /// [`Limits::line`].
    #[error("a line has more than {0} bytes")]
    LineTooLong(usize),
    /// [`Limits::fields`].
    #[error("a message has more than {0} fields")]
    TooManyFields(usize),
    /// [`Limits::message`].
    #[error("a message has more than {0} bytes")]
    MessageTooLong(usize),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Nothing came yet.
    Banner,
    /// Lines of `name: value`, ended by CR LF alone: a lone LF belongs to the value. Otherwise whoever chooses a caller's
    /// name could end a message within it and begin another.
    Fields,
    /// After `Response: Follows`, as Asterisk had it up to 13: first fields, then what a command printed, by lines that end
    /// as they please.
    Follows { printing: bool },
    /// Given up.
    Broken(Fault),
}

/// Takes the stream of a Manager connection in pieces of any size, and gives its frames.
pub struct Parser {
    limits: Limits,
    mode: Mode,
    version: Option<String>,
    /// The line that has not ended yet.
    line: Vec<u8>,
    /// The frame that has not ended yet, and its bytes so far.
    fields: Vec<(String, String)>,
    size: usize,
}

impl Parser {
    /// Begins with a connection's first byte.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            mode: Mode::Banner,
            version: None,
            line: Vec::new(),
            fields: Vec::new(),
            size: 0,
        }
    }

    /// The version of the protocol, such as `5.0.2`, once the greeting has come.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// Takes the next bytes, and adds to `frames` those that are whole by now.
    ///
    /// # Errors
    ///
    /// [`Fault`], with the frames before it added; and the same again from then on.
    pub fn feed(&mut self, mut bytes: &[u8], frames: &mut Vec<Frame>) -> Result<(), Fault> {
        while !bytes.is_empty() {
            let piece = match bytes.iter().position(|byte| *byte == b'\n') {
                Some(end) => end + 1,
                None => bytes.len(),
            };
            let (piece, rest) = bytes.split_at(piece);
            bytes = rest;
            if let Err(fault) = self.take(piece, frames) {
                self.mode = Mode::Broken(fault);
                self.line = Vec::new();
                self.fields = Vec::new();
                return Err(fault);
            }
        }
        match self.mode {
            Mode::Broken(fault) => Err(fault),
            _ => Ok(()),
        }
    }

    /// Takes bytes up to a line feed, or with none.
    fn take(&mut self, piece: &[u8], frames: &mut Vec<Frame>) -> Result<(), Fault> {
        if let Mode::Broken(fault) = self.mode {
            return Err(fault);
        }
        if self.line.len() + piece.len() > self.limits.line + 2 {
            return Err(Fault::LineTooLong(self.limits.line));
        }
        self.line.extend_from_slice(piece);
        let end: &[u8] = match self.mode {
            Mode::Follows { .. } => b"\n",
            _ => b"\r\n",
        };
        if !self.line.ends_with(end) {
            return Ok(());
        }
        let whole = std::mem::take(&mut self.line);
        let line = whole.strip_suffix(b"\n").unwrap_or(&whole);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.len() > self.limits.line {
            return Err(Fault::LineTooLong(self.limits.line));
        }
        let ended = self.line_ended(&String::from_utf8_lossy(line), whole.len())?;
        frames.extend(ended);
        // The room is kept for the next line, unless this one was of a rare length.
        if whole.capacity() <= 1024 {
            self.line = whole;
            self.line.clear();
        }
        Ok(())
    }

    /// Takes a line; the frame, when it was its last.
    fn line_ended(&mut self, line: &str, size: usize) -> Result<Option<Frame>, Fault> {
        self.size += size;
        if self.size > self.limits.message {
            return Err(Fault::MessageTooLong(self.limits.message));
        }
        match self.mode {
            Mode::Broken(fault) => return Err(fault),
            Mode::Banner => {
                let version = line.strip_prefix(BANNER).ok_or(Fault::NoBanner)?;
                self.version = Some(version.chars().take(MOST_OF_VERSION).collect());
                self.mode = Mode::Fields;
                self.size = 0;
            }
            Mode::Fields if line.is_empty() => {
                self.size = 0;
                let fields = std::mem::take(&mut self.fields);
                // Some messages of Asterisk's end twice.
                return Ok((!fields.is_empty()).then(|| Frame::new(fields)));
            }
            Mode::Fields => self.field(line)?,
            Mode::Follows { printing } => self.line_follows(line, printing)?,
        }
        Ok(None)
    }

    fn field(&mut self, line: &str) -> Result<(), Fault> {
        let (name, value) = split(line);
        if self.fields.is_empty() && name.eq_ignore_ascii_case("Response") && value == "Follows" {
            self.mode = Mode::Follows { printing: false };
        }
        self.push(name, value)
    }

    fn line_follows(&mut self, line: &str, printing: bool) -> Result<(), Fault> {
        let (name, value) = split(line);
        let known = ["Privilege", "ActionID", "Message"];
        if !printing && known.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            return self.push(name, value);
        }
        let Some(last) = line.strip_suffix(END) else {
            self.mode = Mode::Follows { printing: true };
            return self.push("Output", line);
        };
        self.mode = Mode::Fields;
        if last.is_empty() {
            return Ok(());
        }
        self.push("Output", last)
    }

    fn push(&mut self, name: &str, value: &str) -> Result<(), Fault> {
        if self.fields.len() >= self.limits.fields {
            return Err(Fault::TooManyFields(self.limits.fields));
        }
        self.fields.push((name.to_owned(), value.to_owned()));
        Ok(())
    }
}

/// Name and value; the blank after the colon is Asterisk's.
fn split(line: &str) -> (&str, &str) {
    match line.split_once(':') {
        Some((name, value)) => (name, value.strip_prefix(' ').unwrap_or(value)),
        None => ("", line),
    }
}
