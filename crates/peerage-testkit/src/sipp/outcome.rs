//! What was said between a phone and Asterisk.

use std::fmt;

use anyhow::{Context, Result};

/// One SIP message, as the phone sent or received it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Whether the phone sent it.
    pub sent: bool,
    /// Its text, with header lines ended by `\n`.
    pub text: String,
}

/// Begins each entry of SIPp's message log; the time follows.
const MARK: &str = "-----------------------------------------------";

impl Message {
    /// Reads SIPp's message log (`-trace_msg`): a rule with the time, a line that says which way, a blank line, the
    /// message. An entry that is still being written is left out.
    pub(super) fn parse_log(log: &str) -> Result<Vec<Self>> {
        let mut messages = Vec::new();
        for entry in log.split(MARK).skip(1) {
            let entry = entry.replace('\r', "");
            let Some((_time, rest)) = entry.split_once('\n') else {
                continue;
            };
            let Some((way, text)) = rest.split_once("\n\n") else {
                continue;
            };
            let sent = way.contains("message sent");
            // Entries of other kinds, such as SIPp's own remarks on an unexpected message, repeat what was received.
            if !sent && !way.contains("message received [") {
                continue;
            }
            messages.push(Self {
                sent,
                text: text.trim().to_owned(),
            });
        }
        Ok(messages)
    }

    /// The request's method; `None` for a response.
    #[must_use]
    pub fn method(&self) -> Option<&str> {
        let line = self.text.lines().next()?;
        line.ends_with("SIP/2.0").then(|| line.split(' ').next()).flatten()
    }

    /// The response's status; `None` for a request.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.text.strip_prefix("SIP/2.0 ")?.get(..3)?.parse().ok()
    }

    /// The value of the first header of this name, in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let headers = self.text.split("\n\n").next()?.lines().skip(1);
        headers
            .filter_map(|line| line.split_once(':'))
            .find(|(found, _)| found.trim().eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }

    /// What follows the headers, such as the SDP.
    #[must_use]
    pub fn body(&self) -> &str {
        self.text.split_once("\n\n").map_or("", |(_, body)| body)
    }

    /// The method of the transaction, from `CSeq`.
    fn transaction(&self) -> Option<&str> {
        self.header("CSeq")?.split_whitespace().last()
    }

    /// Whether it is the first INVITE of a call, not a change within one.
    pub(super) fn begins_call(&self) -> bool {
        self.method() == Some("INVITE") && !self.header("To").is_some_and(|to| to.contains(";tag="))
    }
}

/// What came of a registration or a call.
#[derive(Debug)]
pub struct Outcome {
    went_well: bool,
    messages: Vec<Message>,
    complaints: String,
}

impl Outcome {
    pub(super) fn new(went_well: bool, messages: Vec<Message>, complaints: String) -> Self {
        Self {
            went_well,
            messages,
            complaints,
        }
    }

    /// Whether the phone was accepted and all went as it expected, to the end of the call.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.went_well && self.code() == 200
    }

    /// Status of the last final answer to the phone's REGISTER or INVITE: 200, or what refused it. 0 when there is none.
    #[must_use]
    pub fn code(&self) -> u16 {
        self.final_code().unwrap_or(0)
    }

    pub(super) fn final_code(&self) -> Option<u16> {
        let request = self.messages.iter().find(|message| message.sent)?;
        let (method, call) = (request.method()?, request.header("Call-ID"));
        let mut answers = self.messages.iter().rev();
        answers.find_map(|message| {
            let status = message.status().filter(|status| *status >= 200)?;
            // Asterisk may still be repeating an answer to an earlier call from the same address.
            let ours = message.transaction() == Some(method) && message.header("Call-ID") == call;
            (!message.sent && ours).then_some(status)
        })
    }

    /// Status of every response the phone has received, in order.
    #[must_use]
    pub fn codes(&self) -> Vec<u16> {
        let received = self.messages.iter().filter(|message| !message.sent);
        received.filter_map(Message::status).collect()
    }

    /// Everything that was sent and received.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// The last message received that is a response of this status.
    ///
    /// # Errors
    ///
    /// When there is none; the error carries the exchange.
    pub fn response(&self, status: u16) -> Result<&Message> {
        let mut messages = self.messages.iter().rev();
        let found = messages.find(|message| !message.sent && message.status() == Some(status));
        found.with_context(|| format!("no response {status} came\n{self}"))
    }

    /// Fails the test, and shows the exchange, unless the answer was `code`; a 200 must also have gone well to the end.
    ///
    /// # Panics
    ///
    /// That way.
    #[track_caller]
    pub fn assert_code(&self, code: u16) {
        assert_eq!(self.code(), code, "\n{self}");
        assert!(
            code != 200 || self.ok(),
            "answered with 200, and failed after that\n{self}"
        );
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for message in &self.messages {
            let way = if message.sent { ">>> sent" } else { "<<< received" };
            writeln!(f, "{way}\n{}\n", message.text)?;
        }
        f.write_str(&self.complaints)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "----------------------------------------------- 2026-11-23 00:56:08.674077\n\
        UDP message sent (346 bytes):\n\nREGISTER sip:127.0.0.1 SIP/2.0\r\nTo: <sip:1@x>\r\nCSeq: 1 REGISTER\r\n\r\n\n\
        ----------------------------------------------- 2026-11-23 00:56:08.674186\n\
        UDP message received [485] bytes :\n\nSIP/2.0 401 Unauthorized\r\nCSeq: 1 REGISTER\r\n\r\n\n\
        ----------------------------------------------- 2026-11-23 00:56:08.674190\n\
        Unexpected UDP message received:\n\nSIP/2.0 401 Unauthorized\r\nCSeq: 1 REGISTER\r\n\r\n\n\
        ----------------------------------------------- 2026-11-23 00:56:08.674200\n\
        UDP message received [10] bytes :\n\nSIP/2.0 200 OK\r\ncseq: 3 BYE\r\n\r\nbody\n";

    #[test]
    fn a_message_log_is_read_entry_by_entry() {
        let messages = Message::parse_log(LOG).unwrap();
        assert_eq!(messages.len(), 3);
        assert!(messages[0].sent && !messages[1].sent);
        assert_eq!(messages[0].method(), Some("REGISTER"));
        assert_eq!(messages[0].status(), None);
        assert_eq!(messages[1].status(), Some(401));
        assert_eq!(messages[2].header("CSeq"), Some("3 BYE"));
        assert_eq!(messages[2].body(), "body");
    }

    #[test]
    fn the_code_is_the_answer_to_the_first_request_and_not_to_a_later_one() {
        let outcome = Outcome::new(true, Message::parse_log(LOG).unwrap(), String::new());
        assert_eq!(outcome.code(), 401);
        assert_eq!(outcome.codes(), [401, 200]);
    }

    #[test]
    fn a_half_written_entry_is_left_out() {
        let cut = &LOG[..LOG.len() - 60];
        assert_eq!(Message::parse_log(cut).unwrap().len(), 2);
    }
}
