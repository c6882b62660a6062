//! A stranger that speaks SIP byte by byte, over each transport.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use peerage_testkit::asterisk::{Asterisk, Loopback, Transport};
use peerage_testkit::db::TestDb;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection to an Asterisk, or a socket.
pub(super) struct Line {
    transport: Transport,
    remote: SocketAddr,
    here: SocketAddr,
    out: Out,
    arrived: Receiver<Vec<u8>>,
    buffer: Vec<u8>,
    /// Whether it leaves `rport` out: chan_sip believes a contact only then.
    pub(super) without_rport: bool,
    _address: Loopback,
}

enum Out {
    Udp(UdpSocket),
    Tcp(TcpStream),
    Tls(Child, ChildStdin),
    Ws(TcpStream),
}

/// A request to be sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request<'a> {
    pub(super) method: &'a str,
    /// Whom it says it is from.
    pub(super) user: &'a str,
    /// What else stands in its head, each line with its end.
    pub(super) headers: &'a str,
    /// Where its Via says that it is, when that is not where it comes from, and without `rport`.
    pub(super) via: Option<SocketAddr>,
    /// The Call-ID of the request that it follows; none for a new one.
    pub(super) after: Option<&'a str>,
}

impl<'a> Request<'a> {
    pub(super) fn new(method: &'a str, user: &'a str) -> Self {
        Self {
            method,
            user,
            headers: "",
            via: None,
            after: None,
        }
    }
}

impl Line {
    pub(super) fn open(asterisk: &Asterisk, transport: Transport) -> Self {
        let address = Loopback::claim().unwrap();
        let remote = asterisk.sip_addr(transport);
        let (sender, arrived) = channel();
        let mut here: SocketAddr = (address.ip(), 5060).into();
        let out = match transport {
            Transport::Udp => {
                let socket = UdpSocket::bind((address.ip(), 0)).unwrap();
                here = socket.local_addr().unwrap();
                let reader = socket.try_clone().unwrap();
                thread::spawn(move || {
                    let mut datagram = [0; 16_384];
                    while let Ok(length) = reader.recv(&mut datagram) {
                        if sender.send(datagram[..length].to_vec()).is_err() {
                            break;
                        }
                    }
                });
                Out::Udp(socket)
            }
            Transport::Tcp => {
                let stream = TcpStream::connect(remote).unwrap();
                here = stream.local_addr().unwrap();
                follow(stream.try_clone().unwrap(), sender);
                Out::Tcp(stream)
            }
            Transport::Tls => {
                let mut client = Command::new("openssl")
                    .args(["s_client", "-quiet", "-connect", &remote.to_string()])
                    .stdin(Stdio::piped())
                    .stdout(Stdio::piped())
                    .stderr(Stdio::null())
                    .spawn()
                    .unwrap();
                follow(client.stdout.take().unwrap(), sender);
                let stdin = client.stdin.take().unwrap();
                Out::Tls(client, stdin)
            }
            Transport::Ws => {
                let mut stream = TcpStream::connect(remote).unwrap();
                here = stream.local_addr().unwrap();
                let upgrade = format!(
                    "GET /ws HTTP/1.1\r\nHost: {remote}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                     Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\
                     Sec-WebSocket-Protocol: sip\r\n\r\n"
                );
                stream.write_all(upgrade.as_bytes()).unwrap();
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let mut byte = [0];
                    stream.read_exact(&mut byte).unwrap();
                    head.push(byte[0]);
                }
                assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
                follow(stream.try_clone().unwrap(), sender);
                Out::Ws(stream)
            }
            Transport::Wss => panic!("as TLS and WebSocket are"),
        };
        Self {
            transport,
            remote,
            here,
            out,
            arrived,
            buffer: Vec::new(),
            without_rport: false,
            _address: address,
        }
    }

    /// Where it speaks from.
    pub(super) fn here(&self) -> SocketAddr {
        self.here
    }

    /// Sends a request, and returns the final answer to it; an INVITE's is acknowledged.
    pub(super) fn ask(&mut self, request: Request<'_>) -> String {
        let call = self.send(request);
        self.wait_for(&call, &request)
    }

    /// The same, with the Call-ID of it.
    pub(super) fn ask_in_call(&mut self, request: Request<'_>) -> (String, String) {
        let call = self.send(request);
        (self.wait_for(&call, &request), call)
    }

    fn wait_for(&mut self, call: &str, request: &Request<'_>) -> String {
        let answer = self.answer(call);
        answer.unwrap_or_else(|| panic!("{:?}: no answer to {request:?}", self.transport))
    }

    /// Sends a request without waiting; returns its Call-ID.
    pub(super) fn send(&mut self, request: Request<'_>) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let call = request
            .after
            .map_or_else(|| format!("stranger-{number}"), str::to_owned);
        let sequence = if request.after.is_some() { 2 } else { 1 };
        self.put(&self.text(&request, &call, request.method, sequence));
        if request.method == "INVITE" {
            let acknowledged = self.text(&request, &call, "ACK", sequence);
            if let Some(answer) = self.answer(&call) {
                self.put(&acknowledged);
                // Kept for whoever waits for it.
                self.buffer.splice(0..0, answer.replace('\n', "\r\n").into_bytes());
            }
        }
        call
    }

    /// Registers a contact with the right digest, and returns the final answer.
    pub(super) fn register(&mut self, db: &TestDb, user: &str, secret: &str, contact: &str) -> String {
        let answer = self.try_register(db, user, secret, contact);
        answer.unwrap_or_else(|| panic!("{:?}: no answer to a REGISTER of {user}", self.transport))
    }

    /// The same; none when no answer comes.
    pub(super) fn try_register(&mut self, db: &TestDb, user: &str, secret: &str, contact: &str) -> Option<String> {
        let contact = format!("Contact: <{contact}>\r\nExpires: 300\r\n");
        let call = self.send(Request {
            headers: &contact,
            ..Request::new("REGISTER", user)
        });
        let asked = self.answer(&call)?;
        let value = |name: &str| {
            let found = asked
                .split_once(&format!("{name}=\""))
                .and_then(|(_, rest)| rest.split_once('"'));
            found
                .map(|(value, _)| value.to_owned())
                .unwrap_or_else(|| panic!("no {name} in\n{asked}"))
        };
        let (realm, nonce) = (value("realm"), value("nonce"));
        let uri = format!("sip:{}", self.remote);
        let qop = asked.contains("qop=");
        let middle = if qop { "00000001:0a4f113b:auth:" } else { "" };
        let response = db.psql(&format!(
            "select md5(md5('{user}:{realm}:{secret}') || ':{nonce}:{middle}' || md5('REGISTER:{uri}'))"
        ));
        let mut headers = format!(
            "{contact}Authorization: Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", \
             response=\"{response}\", algorithm=MD5"
        );
        if qop {
            headers += &format!(
                ", qop=auth, nc=00000001, cnonce=\"0a4f113b\", opaque=\"{}\"",
                value("opaque")
            );
        }
        headers += "\r\n";
        let call = self.send(Request {
            headers: &headers,
            after: Some(&call),
            ..Request::new("REGISTER", user)
        });
        self.answer(&call)
    }

    fn text(&self, request: &Request<'_>, call: &str, method: &str, sequence: u32) -> String {
        let Request { user, headers, via, .. } = request;
        let remote = self.remote;
        let to = if request.method == "REGISTER" { *user } else { "43" };
        let target = if request.method == "REGISTER" {
            format!("sip:{remote}")
        } else {
            format!("sip:{to}@{remote}")
        };
        let token = match self.transport {
            Transport::Udp => "UDP",
            Transport::Tcp => "TCP",
            Transport::Tls => "TLS",
            Transport::Ws | Transport::Wss => "WS",
        };
        let (sent_by, rport) = match via {
            Some(via) => (*via, ""),
            None if self.without_rport => (self.here, ""),
            None => (self.here, ";rport"),
        };
        let body = match method {
            "INVITE" => {
                "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 6000 RTP/AVP 0\r\n"
            }
            "MESSAGE" => "hello",
            _ => "",
        };
        let kind = match method {
            "INVITE" => "Content-Type: application/sdp\r\n",
            "MESSAGE" => "Content-Type: text/plain\r\n",
            "SUBSCRIBE" => "Event: presence\r\nExpires: 60\r\nAccept: application/pidf+xml\r\n",
            _ => "",
        };
        let contact = match headers.contains("Contact:") {
            true => String::new(),
            false => format!("Contact: <sip:{user}@{}>\r\n", self.here),
        };
        format!(
            "{method} {target} SIP/2.0\r\n\
             Via: SIP/2.0/{token} {sent_by};branch=z9hG4bK-{call}-{sequence}{rport}\r\n\
             From: <sip:{user}@{ip}>;tag={call}\r\n\
             To: <sip:{to}@{ip}>\r\n\
             Call-ID: {call}\r\n\
             CSeq: {sequence} {method}\r\n\
             Max-Forwards: 70\r\n\
             {contact}{headers}{kind}\
             Content-Length: {length}\r\n\r\n{body}",
            ip = remote.ip(),
            length = body.len()
        )
    }

    fn put(&mut self, text: &str) {
        match &mut self.out {
            Out::Udp(socket) => {
                socket.send_to(text.as_bytes(), self.remote).unwrap();
            }
            Out::Tcp(stream) => stream.write_all(text.as_bytes()).unwrap(),
            Out::Tls(_, stdin) => {
                stdin.write_all(text.as_bytes()).unwrap();
                stdin.flush().unwrap();
            }
            Out::Ws(stream) => {
                // One whole text, with a mask of zeros (RFC 6455 section 5.2).
                let mut frame = vec![0x81, 0x80 | 126];
                frame.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
                frame.extend([0; 4]);
                frame.extend(text.as_bytes());
                stream.write_all(&frame).unwrap();
            }
        }
    }

    /// The final answer in a call; none when it does not come.
    pub(super) fn answer(&mut self, call: &str) -> Option<String> {
        let wanted = format!("Call-ID: {call}\n");
        let begun = std::time::Instant::now();
        loop {
            while let Some(message) = self.message() {
                let status: Option<u16> = message
                    .strip_prefix("SIP/2.0 ")
                    .and_then(|rest| rest.get(..3)?.parse().ok());
                if status.is_some_and(|status| status >= 200) && message.contains(&wanted) {
                    return Some(message);
                }
            }
            // Requests of Asterisk's own may come meanwhile.
            match self.arrived.recv_timeout(PATIENCE.saturating_sub(begun.elapsed())) {
                Ok(bytes) => self.buffer.extend(bytes),
                Err(_) => return None,
            }
        }
    }

    /// Whether something of a call has arrived by now.
    pub(super) fn has_arrived(&mut self, call: &str) -> bool {
        while let Ok(bytes) = self.arrived.try_recv() {
            self.buffer.extend(bytes);
        }
        String::from_utf8_lossy(&self.buffer).contains(call)
    }

    /// The next message of those that have arrived, with plain line ends.
    fn message(&mut self) -> Option<String> {
        let text = String::from_utf8_lossy(&self.buffer).into_owned();
        // The head of a WebSocket's frame, which is no text of SIP's.
        let begins = ["SIP/2.0 ", "OPTIONS ", "NOTIFY "]
            .iter()
            .filter_map(|first| text.find(first))
            .min()?;
        let rest = &text[begins..];
        let (head, body) = rest.split_once("\r\n\r\n")?;
        let length: usize = head
            .lines()
            .find_map(|line| line.strip_prefix("Content-Length:"))
            .map_or(0, |length| length.trim().parse().unwrap());
        let message = head.to_owned() + "\r\n\r\n" + body.get(..length)?;
        let consumed = self
            .buffer
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .unwrap_or_default();
        self.buffer.drain(..(consumed + 4 + length).min(self.buffer.len()));
        Some(message.replace('\r', ""))
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Out::Tls(client, _) = &mut self.out {
            let _ = client.kill();
            let _ = client.wait();
        }
    }
}

fn follow(mut reader: impl Read + Send + 'static, sender: std::sync::mpsc::Sender<Vec<u8>>) {
    thread::spawn(move || {
        let mut bytes = [0; 16_384];
        while let Ok(length) = reader.read(&mut bytes) {
            if length == 0 || sender.send(bytes[..length].to_vec()).is_err() {
                break;
            }
        }
    });
}

/// An answer without what differs each time: numbers used once, tags, ports, and the user it was asked for.
pub(super) fn plain(answer: &str, user: &str) -> String {
    let line = |line: &str| {
        let (name, value) = line.split_once(": ").unwrap_or((line, ""));
        let parts: Vec<String> = match name {
            "Call-ID" | "Date" => return name.to_owned(),
            "CSeq" => return name.to_owned(),
            "Via" | "From" | "To" | "Contact" => value
                .split(';')
                .map(|part| key(part, &["branch", "tag", "rport", "received"]))
                .collect(),
            "WWW-Authenticate" | "Proxy-Authenticate" => {
                value.split(',').map(|part| key(part, &["nonce", "opaque"])).collect()
            }
            _ => return line.replace(user, "USER"),
        };
        // The stranger's own place is another one each time.
        let parts: Vec<&str> = parts
            .iter()
            .map(String::as_str)
            .filter(|part| name != "Via" || !part.starts_with("SIP/"))
            .collect();
        format!("{name}: {}", parts.join("; ").replace(user, "USER"))
    };
    answer.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// A parameter, of which only the name counts when it is one of these.
fn key(part: &str, once: &[&str]) -> String {
    let part = part.trim();
    match part.split_once('=') {
        Some((name, _)) if once.contains(&name.trim_start_matches("Digest ")) => name.to_owned(),
        _ => part.to_owned(),
    }
}
