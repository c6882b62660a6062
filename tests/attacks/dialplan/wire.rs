//! A phone spelt out header by header, because SIPp and well-behaved phones do not send what is sent here.

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use peerage_testkit::asterisk::Loopback;
use peerage_testkit::sipp::Message;

/// How long an answer may take; most come within milliseconds.
const PATIENCE: Duration = Duration::from_secs(20);

/// Makes each dialog's identifiers its own.
static NEXT: AtomicU32 = AtomicU32::new(1);

/// Sends requests over UDP from an address of its own.
pub(crate) struct Wire {
    socket: UdpSocket,
    address: Loopback,
}

/// What a request starts: its account, where it goes, and what is needed to follow it up.
pub(crate) struct Dialog {
    account: String,
    server: SocketAddr,
    uri: String,
    id: u32,
    sequence: u32,
    /// The `To` header, with the tag once there is one.
    to: String,
}

impl Wire {
    pub(crate) fn new() -> Self {
        let address = Loopback::claim().unwrap();
        let socket = UdpSocket::bind((address.ip(), 5060)).unwrap();
        socket.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
        Self { socket, address }
    }

    pub(crate) fn ip(&self) -> IpAddr {
        self.address.ip()
    }

    /// Calls `user` (as it stands in the URI) and returns the final status; the call is acknowledged and, if it was
    /// answered, still up.
    pub(crate) fn invite(&self, server: SocketAddr, account: &str, user: &str) -> (u16, Dialog) {
        let mut dialog = Dialog::new(server, account, user);
        self.send(&dialog, "INVITE", "", &self.sdp());
        let answer = self.answer(&dialog, "INVITE");
        let status = answer.status().unwrap();
        dialog.to = answer.header("To").unwrap().to_owned();
        self.send(&dialog, "ACK", "", "");
        (status, dialog)
    }

    /// Calls and ends what was answered; the final status.
    pub(crate) fn call(&self, server: SocketAddr, account: &str, user: &str) -> u16 {
        let (status, mut dialog) = self.invite(server, account, user);
        if status < 300 {
            self.end(&mut dialog);
        }
        status
    }

    /// Hangs up, and does not wait: after a transfer the dialog may be gone.
    pub(crate) fn end(&self, dialog: &mut Dialog) {
        dialog.sequence += 1;
        self.send(dialog, "BYE", "", "");
    }

    /// Sends a request in a dialog and returns the final status.
    pub(crate) fn request_in(&self, dialog: &mut Dialog, method: &str, headers: &str) -> u16 {
        dialog.sequence += 1;
        self.send(dialog, method, headers, "");
        self.answer(dialog, method).status().unwrap()
    }

    /// Sends a request outside a dialog and returns the final status.
    pub(crate) fn request(
        &self,
        server: SocketAddr,
        account: &str,
        method: &str,
        user: &str,
        headers: &str,
        body: &str,
    ) -> u16 {
        let dialog = Dialog::new(server, account, user);
        self.send(&dialog, method, headers, body);
        self.answer(&dialog, method).status().unwrap()
    }

    fn send(&self, dialog: &Dialog, method: &str, headers: &str, body: &str) {
        let here = self.socket.local_addr().unwrap();
        let Dialog {
            account,
            server,
            uri,
            id,
            sequence,
            to,
        } = dialog;
        let contact = if headers.contains("Contact:") {
            String::new()
        } else {
            format!("Contact: <sip:{account}@{here}>\r\n")
        };
        let kind = match (method, body.is_empty()) {
            (_, true) => "",
            ("MESSAGE", _) => "Content-Type: text/plain\r\n",
            _ => "Content-Type: application/sdp\r\n",
        };
        let text = format!(
            "{method} {uri} SIP/2.0\r\n\
             Via: SIP/2.0/UDP {here};branch=z9hG4bK-{id}-{sequence}{}\r\n\
             From: <sip:{account}@{}>;tag={id}\r\n\
             To: {to}\r\n\
             Call-ID: {id}-{here}\r\n\
             CSeq: {sequence} {method}\r\n\
             Max-Forwards: 70\r\n\
             {contact}{headers}{kind}\
             Content-Length: {}\r\n\r\n{body}",
            if method == "ACK" { "-ack" } else { "" },
            server.ip(),
            body.len()
        );
        self.socket.send_to(text.as_bytes(), server).unwrap();
    }

    /// The final answer to the dialog's latest request.
    fn answer(&self, dialog: &Dialog, method: &str) -> Message {
        let wanted = format!("{} {method}", dialog.sequence);
        let call = format!("{}-{}", dialog.id, self.socket.local_addr().unwrap());
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            let Some((message, from)) = receive(&self.socket) else {
                continue;
            };
            if message.status().is_none() {
                answer(&self.socket, &message, from, 200, "");
                continue;
            }
            let is_ours = message.header("Call-ID") == Some(&call) && message.header("CSeq") == Some(&wanted);
            if is_ours && message.status().is_some_and(|status| status >= 200) {
                return message;
            }
        }
        panic!("no final answer came to {method} {}", dialog.uri);
    }

    fn sdp(&self) -> String {
        let ip = self.ip();
        format!(
            "v=0\r\no=- 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\n\
             m=audio 4000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
        )
    }
}

impl Dialog {
    fn new(server: SocketAddr, account: &str, user: &str) -> Self {
        let uri = if user.is_empty() {
            format!("sip:{server}")
        } else {
            format!("sip:{user}@{server}")
        };
        // Who registers names his own account as the one it is for.
        let to = if user.is_empty() {
            format!("<sip:{account}@{}>", server.ip())
        } else {
            format!("<{uri}>")
        };
        Self {
            account: account.into(),
            server,
            to,
            uri,
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            sequence: 1,
        }
    }
}

/// What a called phone does.
#[derive(Clone)]
pub(crate) enum Manner {
    Answer,
    Busy,
    /// Answers 302 with this user in its contact.
    Moved(String),
}

/// A phone, or a trunk, that is called: it notes each INVITE's URI.
pub(crate) struct Called {
    ip: IpAddr,
    invited: Arc<Mutex<Vec<String>>>,
    end: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    _address: Loopback,
}

impl Called {
    pub(crate) fn new(manner: Manner) -> Self {
        let Wire { socket, address } = Wire::new();
        let (invited, end) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (seen, ended) = (invited.clone(), end.clone());
        let ip = address.ip();
        let thread = thread::spawn(move || {
            while !ended.load(Ordering::Relaxed) {
                let Some((message, from)) = receive(&socket) else {
                    continue;
                };
                match message.method() {
                    Some("INVITE") => {
                        let uri = message.text.split_whitespace().nth(1).unwrap_or_default();
                        seen.lock().unwrap().push(uri.to_owned());
                        invited_as(&socket, &message, from, &manner, ip);
                    }
                    None | Some("ACK") => {}
                    Some(_) => answer(&socket, &message, from, 200, ""),
                }
            }
        });
        Self {
            ip,
            invited,
            end,
            thread: Some(thread),
            _address: address,
        }
    }

    pub(crate) fn ip(&self) -> IpAddr {
        self.ip
    }

    /// The users that were called here, retransmissions once.
    pub(crate) fn users(&self) -> Vec<String> {
        let mut users: Vec<String> = self.invited.lock().unwrap().iter().map(|uri| user(uri)).collect();
        users.dedup();
        users
    }
}

impl Drop for Called {
    fn drop(&mut self) {
        self.end.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn user(uri: &str) -> String {
    let rest = uri.trim_start_matches("sip:");
    rest.split_once('@').map_or("", |(user, _)| user).to_owned()
}

fn invited_as(socket: &UdpSocket, message: &Message, from: SocketAddr, manner: &Manner, ip: IpAddr) {
    match manner {
        Manner::Busy => answer(socket, message, from, 486, ""),
        Manner::Moved(user) => answer(socket, message, from, 302, &format!("Contact: <sip:{user}@{ip}>\r\n")),
        Manner::Answer => {
            let sdp = format!(
                "v=0\r\no=- 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\n\
                 m=audio 4000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
            );
            let headers = format!("Contact: <sip:phone@{ip}:5060>\r\nContent-Type: application/sdp\r\n");
            answer_with(socket, message, from, 200, &headers, &sdp);
        }
    }
}

fn answer(socket: &UdpSocket, request: &Message, to: SocketAddr, status: u16, headers: &str) {
    answer_with(socket, request, to, status, headers, "");
}

fn answer_with(socket: &UdpSocket, request: &Message, to: SocketAddr, status: u16, headers: &str, body: &str) {
    let mut text = format!("SIP/2.0 {status} Test\r\n");
    for line in request.text.lines().take_while(|line| !line.is_empty()) {
        let copied = ["Via:", "From:", "Call-ID:", "CSeq:"];
        if copied.iter().any(|name| line.starts_with(name)) {
            text += &format!("{line}\r\n");
        } else if line.starts_with("To:") {
            let tag = if line.contains("tag=") { "" } else { ";tag=called" };
            text += &format!("{line}{tag}\r\n");
        }
    }
    text += &format!("{headers}Content-Length: {}\r\n\r\n{body}", body.len());
    let _ = socket.send_to(text.as_bytes(), to);
}

fn receive(socket: &UdpSocket) -> Option<(Message, SocketAddr)> {
    let mut buffer = [0; 65_536];
    let (length, from) = socket.recv_from(&mut buffer).ok()?;
    let text = String::from_utf8_lossy(&buffer[..length]).replace('\r', "");
    Some((Message { sent: false, text }, from))
}
