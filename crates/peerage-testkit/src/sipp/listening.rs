//! A phone that stays: in a call, or waiting for calls.

use std::fs;
use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::{Message, Outcome, Session};
use crate::asterisk::{Transport, wait_until};

const PATIENCE: Duration = Duration::from_secs(40);

/// A phone that stays until it is dropped, or until its call has ended.
#[derive(Debug)]
pub struct Listening {
    session: Session,
}

impl Listening {
    pub(super) fn new(session: Session) -> Self {
        Self { session }
    }

    /// What has been sent and received so far.
    ///
    /// # Errors
    ///
    /// When SIPp's log cannot be read.
    pub fn messages(&self) -> Result<Vec<Message>> {
        self.session.messages()
    }

    /// How many calls have come to it.
    ///
    /// # Errors
    ///
    /// As [`Listening::messages`].
    pub fn calls(&self) -> Result<usize> {
        let messages = self.messages()?;
        Ok(messages
            .iter()
            .filter(|message| !message.sent && message.begins_call())
            .count())
    }

    /// Waits until that many calls have come to it.
    ///
    /// # Errors
    ///
    /// When they do not come; the message carries what was said.
    pub fn wait_for_calls(&self, calls: usize) -> Result<()> {
        let waited = wait_until("the phone is called", PATIENCE, || Ok(self.calls()? >= calls));
        waited.with_context(|| self.everything())
    }

    /// Waits until it has received a response of this status, such as 180 or 200.
    ///
    /// # Errors
    ///
    /// When none comes; the message carries what was said.
    pub fn wait_for_status(&self, status: u16) -> Result<()> {
        let waited = wait_until("the phone has its answer", PATIENCE, || {
            let messages = self.messages()?;
            Ok(messages
                .iter()
                .any(|message| !message.sent && message.status() == Some(status)))
        });
        waited.with_context(|| format!("no {status} came\n{}", self.everything()))
    }

    /// Waits until a phone that dialled has ended its call.
    ///
    /// # Errors
    ///
    /// When SIPp fails or the call does not end.
    pub fn finish(self) -> Result<Outcome> {
        self.session.wait()
    }

    fn everything(&self) -> String {
        format!("{}{}", self.session.transcript(), self.session.complaints())
    }

    pub(super) fn wait_for_registration(&mut self) -> Result<()> {
        wait_until("the phone has registered", PATIENCE, || {
            if let Some(status) = self.session.ended()? {
                bail!("the registration failed ({status})\n{}", self.everything());
            }
            let registered = |message: &Message| {
                !message.sent
                    && message.status() == Some(200)
                    && message.header("CSeq").is_some_and(|cseq| cseq.ends_with("REGISTER"))
            };
            Ok(self.messages()?.iter().any(registered))
        })
    }

    /// Waits until SIPp listens: a caller who is too early is refused where the transport is TCP.
    pub(super) fn wait_for_port(&mut self, ip: &str, port: u16, transport: Transport) -> Result<()> {
        let ip: Ipv4Addr = ip.parse().with_context(|| format!("not an IPv4 address: {ip}"))?;
        // As the kernel lists it: the address in the machine's byte order, both in hexadecimal.
        let wanted = format!("{:08X}:{port:04X}", u32::from_ne_bytes(ip.octets()));
        let list = if transport == Transport::Udp {
            "/proc/net/udp"
        } else {
            "/proc/net/tcp"
        };
        const LISTENING: &str = "0A";
        wait_until("SIPp listens", PATIENCE, || {
            if let Some(status) = self.session.ended()? {
                bail!("SIPp ended ({status})\n{}", self.everything());
            }
            let sockets = fs::read_to_string(list)?;
            Ok(sockets.lines().any(|line| {
                let mut columns = line.split_whitespace().skip(1);
                columns.next() == Some(&wanted) && (transport == Transport::Udp || columns.nth(1) == Some(LISTENING))
            }))
        })
    }
}
