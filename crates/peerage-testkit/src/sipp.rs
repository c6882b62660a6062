//! SIPp as telephones: real SIP traffic to a real Asterisk.
//!
//! A phone has its own loopback address and the usual port, unless told otherwise. SIPp of Debian 12 speaks UDP and TCP.
//!
//! ```no_run
//! use peerage_testkit::asterisk::{Asterisk, Transport, Version};
//! use peerage_testkit::sipp::Phone;
//!
//! # fn main() -> anyhow::Result<()> {
//! # let asterisk = Asterisk::builder(Version::V22).start()?;
//! let address = asterisk.sip_addr(Transport::Udp);
//! let ada = Phone::new("1001", "sesame");
//! ada.register(address)?.assert_code(200);
//!
//! let online = ada.online(address)?; // registered, and takes calls until it is dropped
//! Phone::new("1002", "sesame").call(address, "1001")?.assert_code(200);
//! online.wait_for_calls(1)?;
//! # Ok(())
//! # }
//! ```

mod listening;
mod outcome;
mod scenario;
mod session;

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::asterisk::{Loopback, Transport};
pub use listening::Listening;
pub use outcome::{Message, Outcome};
use scenario::Scenario;
use session::Session;

/// What a phone asks for unless told otherwise, in seconds.
const EXPIRES: u32 = 300;
/// How long a caller stays in a call that nobody ends.
const HOLD: Duration = Duration::from_millis(300);

/// What a phone does with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Rings, and takes it.
    Answer,
    /// Rings until the caller gives up.
    Ring,
    /// Refuses it with this SIP status, such as 486.
    Refuse(u16),
}

/// A telephone: its account, where it is, and how it behaves.
#[derive(Debug)]
pub struct Phone {
    number: String,
    auth_user: String,
    secret: Secret,
    place: Place,
    port: u16,
    transport: Transport,
    codecs: Vec<String>,
    manner: Manner,
    expires: u32,
}

/// Not shown when a phone is printed.
struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

#[derive(Debug)]
enum Place {
    /// An address of its own; `None` when none was free, which is reported when the phone is used.
    Own(Option<Loopback>),
    Given(String),
}

impl Phone {
    /// A phone with an address of its own, port 5060, over UDP, that answers calls with ulaw or alaw.
    #[must_use]
    pub fn new(number: impl Into<String>, secret: impl Into<String>) -> Self {
        let number = number.into();
        Self {
            auth_user: number.clone(),
            number,
            secret: Secret(secret.into()),
            place: Place::Own(Loopback::claim().ok()),
            port: 5060,
            transport: Transport::Udp,
            codecs: vec!["ulaw".into(), "alaw".into()],
            manner: Manner::Answer,
            expires: EXPIRES,
        }
    }

    /// Puts it at an address of the test's choice, such as `127.0.0.10`.
    #[must_use]
    pub fn at(mut self, ip: impl Into<String>) -> Self {
        self.place = Place::Given(ip.into());
        self
    }

    /// Its own port.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Its transport: UDP or TCP.
    #[must_use]
    pub fn over(mut self, transport: Transport) -> Self {
        self.transport = transport;
        self
    }

    /// The user name of its authentication, where that is not its number.
    #[must_use]
    pub fn auth_user(mut self, name: impl Into<String>) -> Self {
        self.auth_user = name.into();
        self
    }

    /// The codecs it offers and accepts, in order: ulaw, alaw, gsm, g722, g729, opus.
    #[must_use]
    pub fn codecs(mut self, names: &[&str]) -> Self {
        self.codecs = names.iter().map(|name| (*name).to_owned()).collect();
        self
    }

    /// What it does with calls.
    #[must_use]
    pub fn manner(mut self, manner: Manner) -> Self {
        self.manner = manner;
        self
    }

    /// For how many seconds it asks to be registered.
    #[must_use]
    pub fn expires(mut self, seconds: u32) -> Self {
        self.expires = seconds;
        self
    }

    /// Its IP address.
    ///
    /// # Errors
    ///
    /// When no address was free.
    pub fn ip(&self) -> Result<String> {
        match &self.place {
            Place::Given(ip) => Ok(ip.clone()),
            Place::Own(Some(address)) => Ok(address.ip().to_string()),
            Place::Own(None) => Err(anyhow::anyhow!("no loopback address is free")),
        }
    }

    /// The address it registers, such as `sip:1001@127.0.0.10:5060`.
    ///
    /// # Errors
    ///
    /// As [`Phone::ip`].
    pub fn contact(&self) -> Result<String> {
        let transport = match self.transport {
            Transport::Udp => "",
            _ => ";transport=tcp",
        };
        Ok(format!("sip:{}@{}:{}{transport}", self.number, self.ip()?, self.port))
    }

    /// Registers once, and is gone; Asterisk keeps its contact.
    ///
    /// # Errors
    ///
    /// When SIPp does not run or no answer comes; a refusal is an outcome.
    pub fn register(&self, asterisk: SocketAddr) -> Result<Outcome> {
        self.client(
            asterisk,
            &self.registration(self.expires, Duration::ZERO)?,
            Duration::ZERO,
        )
    }

    /// Takes its registration back.
    ///
    /// # Errors
    ///
    /// As [`Phone::register`].
    pub fn unregister(&self, asterisk: SocketAddr) -> Result<Outcome> {
        self.client(asterisk, &self.registration(0, Duration::ZERO)?, Duration::ZERO)
    }

    /// Calls an extension, and hangs up a moment after the answer.
    ///
    /// # Errors
    ///
    /// As [`Phone::register`].
    pub fn call(&self, asterisk: SocketAddr, extension: &str) -> Result<Outcome> {
        self.client(asterisk, &self.invitation(extension, HOLD)?, HOLD)
    }

    /// Calls an extension and stays in the call until the other side hangs up, at most for `hold`.
    ///
    /// # Errors
    ///
    /// When SIPp does not run.
    pub fn dial(&self, asterisk: SocketAddr, extension: &str, hold: Duration) -> Result<Listening> {
        let scenario = self.invitation(extension, hold)?;
        let session = Session::start(self, Some(asterisk), &scenario, None, Some(hold))?;
        Ok(Listening::new(session))
    }

    /// Waits for calls until dropped, without registering.
    ///
    /// # Errors
    ///
    /// When SIPp does not run.
    pub fn listen(&self) -> Result<Listening> {
        let session = Session::start(self, None, &self.reception()?, None, None)?;
        let mut listening = Listening::new(session);
        listening.wait_for_port(&self.ip()?, self.port, self.transport)?;
        Ok(listening)
    }

    /// Registers, and waits for calls at the same socket until dropped; it answers when asked whether it is there.
    ///
    /// # Errors
    ///
    /// When SIPp does not run or the registration fails; the message carries what was said.
    pub fn online(&self, asterisk: SocketAddr) -> Result<Listening> {
        // Longer than any test; what ends it is the drop.
        const STAY: Duration = Duration::from_secs(3600);
        let scenario = self.registration(self.expires, STAY)?;
        let session = Session::start(self, Some(asterisk), &scenario, Some(&self.reception()?), None)?;
        let mut listening = Listening::new(session);
        listening.wait_for_registration()?;
        Ok(listening)
    }

    fn client(&self, asterisk: SocketAddr, scenario: &Scenario, hold: Duration) -> Result<Outcome> {
        let outcome = Session::start(self, Some(asterisk), scenario, None, Some(hold))?.wait()?;
        ensure!(outcome.final_code().is_some(), "no final answer came\n{outcome}");
        Ok(outcome)
    }

    fn registration(&self, expires: u32, stay: Duration) -> Result<Scenario> {
        let mut scenario = Scenario::named("register")?;
        scenario.set("CONTACT", &format!("<{}>", self.contact()?));
        scenario.set("EXPIRES", &expires.to_string());
        scenario.set("STAY", &stay.as_millis().to_string());
        Ok(scenario)
    }

    fn invitation(&self, extension: &str, hold: Duration) -> Result<Scenario> {
        let mut scenario = Scenario::named("call")?;
        scenario.set("CONTACT", &format!("<{}>", self.contact()?));
        scenario.set("EXTENSION", extension);
        scenario.set("HOLD", &hold.as_millis().to_string());
        scenario.set("SDP", &scenario::sdp(&self.codecs).context("the phone's codecs")?);
        Ok(scenario)
    }

    fn reception(&self) -> Result<Scenario> {
        let mut scenario = match self.manner {
            Manner::Answer => Scenario::named("answer")?,
            Manner::Ring => Scenario::named("ring")?,
            Manner::Refuse(status) => {
                let mut scenario = Scenario::named("refuse")?;
                scenario.set("STATUS", &format!("{status} Refused"));
                scenario
            }
        };
        scenario.set("CONTACT", &format!("<{}>", self.contact()?));
        scenario.set("SDP", &scenario::sdp(&self.codecs).context("the phone's codecs")?);
        Ok(scenario)
    }
}
