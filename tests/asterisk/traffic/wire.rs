//! A phone spelt out header by header, for what SIPp cannot say: odd headers, and a choice of digest algorithms.

use std::cell::Cell;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use peerage_testkit::asterisk::Loopback;
use peerage_testkit::db::TestDb;
use peerage_testkit::sipp::Message;

use super::account::SECRET;

/// How long to wait for an answer before the request is sent again (UDP loses some), and how often.
const RETRY: Duration = Duration::from_secs(2);
const TRIES: usize = 20;

/// Registers over UDP and nothing else.
pub(crate) struct WirePhone {
    number: String,
    agent: Vec<u8>,
    contact: String,
    sequence: Cell<u32>,
    socket: UdpSocket,
    _address: Loopback,
}

/// A digest algorithm with the SQL function that computes it: the database is at hand, and a hash is a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Md5,
    Sha256,
}

impl Algorithm {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Algorithm::Md5 => "MD5",
            Algorithm::Sha256 => "SHA-256",
        }
    }

    fn hash(self, db: &TestDb, text: &str) -> String {
        db.psql(&match self {
            Algorithm::Md5 => format!("select md5($${text}$$)"),
            Algorithm::Sha256 => format!("select encode(sha256($${text}$$), 'hex')"),
        })
    }
}

impl WirePhone {
    pub(crate) fn new(number: &str) -> Self {
        let address = Loopback::claim().unwrap();
        let socket = UdpSocket::bind((address.ip(), 5060)).unwrap();
        socket.set_read_timeout(Some(RETRY)).unwrap();
        Self {
            number: number.into(),
            agent: b"wire".to_vec(),
            contact: format!("sip:{number}@{}:5060", address.ip()),
            sequence: Cell::new(0),
            socket,
            _address: address,
        }
    }

    /// Its User-Agent header, of whatever bytes.
    pub(crate) fn agent(mut self, agent: impl Into<Vec<u8>>) -> Self {
        self.agent = agent.into();
        self
    }

    /// Adds to its contact, such as `;x=1`.
    pub(crate) fn contact_parameters(mut self, parameters: &str) -> Self {
        self.contact += parameters;
        self
    }

    pub(crate) fn contact(&self) -> &str {
        &self.contact
    }

    /// What is said to a REGISTER without credentials.
    pub(crate) fn ask(&self, asterisk: SocketAddr) -> Message {
        self.request(asterisk, 300, "")
    }

    /// Registers, answering the challenge of this algorithm; 0 seconds take the registration back.
    pub(crate) fn register(&self, asterisk: SocketAddr, db: &TestDb, algorithm: Algorithm, seconds: u32) -> Message {
        let asked = self.ask(asterisk);
        let challenges = challenges(&asked);
        let challenge = challenges
            .iter()
            .find(|challenge| parameter(challenge, "algorithm") == algorithm.name());
        let challenge = challenge.unwrap_or_else(|| panic!("no {algorithm:?} in\n{}", asked.text));
        let (realm, nonce) = (parameter(challenge, "realm"), parameter(challenge, "nonce"));
        let uri = format!("sip:{asterisk}");
        let a1 = algorithm.hash(db, &format!("{}:{realm}:{SECRET}", self.number));
        let a2 = algorithm.hash(db, &format!("REGISTER:{uri}"));
        let mut authorization = format!(
            "Authorization: Digest username=\"{}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", algorithm={}",
            self.number,
            algorithm.name()
        );
        let response = if challenge.contains("qop=") {
            authorization += ", qop=auth, nc=00000001, cnonce=\"0a4f113b\"";
            let opaque = parameter(challenge, "opaque");
            if !opaque.is_empty() {
                authorization += &format!(", opaque=\"{opaque}\"");
            }
            algorithm.hash(db, &format!("{a1}:{nonce}:00000001:0a4f113b:auth:{a2}"))
        } else {
            algorithm.hash(db, &format!("{a1}:{nonce}:{a2}"))
        };
        authorization += &format!(", response=\"{response}\"\r\n");
        self.request(asterisk, seconds, &authorization)
    }

    fn request(&self, asterisk: SocketAddr, seconds: u32, authorization: &str) -> Message {
        let sequence = self.sequence.get() + 1;
        self.sequence.set(sequence);
        let here = self.socket.local_addr().unwrap();
        let Self {
            number, agent, contact, ..
        } = self;
        let host = asterisk.ip();
        let mut request = format!(
            "REGISTER sip:{asterisk} SIP/2.0\r\n\
             Via: SIP/2.0/UDP {here};branch=z9hG4bK-{number}-{sequence}\r\n\
             From: <sip:{number}@{host}>;tag={number}\r\n\
             To: <sip:{number}@{host}>\r\n\
             Call-ID: wire-{here}\r\n\
             CSeq: {sequence} REGISTER\r\n\
             Contact: <{contact}>\r\n\
             Expires: {seconds}\r\n\
             Max-Forwards: 70\r\n\
             User-Agent: "
        )
        .into_bytes();
        request.extend(agent);
        request.extend(format!("\r\n{authorization}Content-Length: 0\r\n\r\n").bytes());
        let wanted = format!("{sequence} REGISTER");
        for _ in 0..TRIES {
            self.socket.send_to(&request, asterisk).unwrap();
            while let Some(message) = self.receive() {
                let is_final = message.status().is_some_and(|status| status >= 200);
                if is_final && message.header("CSeq") == Some(&wanted) {
                    return message;
                }
            }
        }
        panic!("no answer came to\n{}", String::from_utf8_lossy(&request));
    }

    fn receive(&self) -> Option<Message> {
        let mut buffer = [0; 8192];
        let length = self.socket.recv(&mut buffer).ok()?;
        let text = String::from_utf8_lossy(&buffer[..length]).replace('\r', "");
        Some(Message { sent: false, text })
    }
}

/// Every `WWW-Authenticate` header, in order.
pub(crate) fn challenges(answer: &Message) -> Vec<String> {
    let headers = answer
        .text
        .lines()
        .filter_map(|line| line.strip_prefix("WWW-Authenticate: "));
    headers.map(str::to_owned).collect()
}

/// A parameter of a challenge, without its quotes; empty when it is not there.
pub(crate) fn parameter(challenge: &str, name: &str) -> String {
    let fields = challenge.trim_start_matches("Digest ").split(',');
    let mut values = fields.filter_map(|field| field.trim().split_once('='));
    let value = values.find_map(|(found, value)| found.eq_ignore_ascii_case(name).then_some(value));
    value.unwrap_or_default().trim_matches('"').to_owned()
}
