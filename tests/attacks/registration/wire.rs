//! The statements between an Asterisk and its database.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use peerage_testkit::asterisk::{DatabaseLogin, Loopback};

/// How long nothing happens before nothing more is taken to come.
const QUIET: Duration = Duration::from_millis(300);

/// Passes connections on to the database, and keeps the text of each statement.
pub(super) struct Wire {
    address: SocketAddr,
    statements: Arc<Mutex<Vec<String>>>,
    _claim: Loopback,
}

impl Wire {
    /// Stands between an Asterisk and the database of this login, which is changed to lead here.
    pub(super) fn before(login: &mut DatabaseLogin) -> Self {
        let server: SocketAddr = format!("{}:{}", login.host, login.port).parse().unwrap();
        let claim = Loopback::with_ports(&[server.port()]).unwrap();
        let listener = TcpListener::bind((claim.ip(), server.port())).unwrap();
        let address = listener.local_addr().unwrap();
        let statements = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&statements);
        thread::spawn(move || {
            for client in listener.incoming() {
                let (Ok(client), kept) = (client, Arc::clone(&kept)) else {
                    return;
                };
                let Ok(server) = TcpStream::connect(server) else { return };
                let (mut back, mut to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                thread::spawn(move || {
                    let _ = std::io::copy(&mut back, &mut to);
                    let _ = to.shutdown(Shutdown::Both);
                });
                thread::spawn(move || {
                    let end = server.try_clone().unwrap();
                    pass(client, server, &kept);
                    let _ = end.shutdown(Shutdown::Both);
                });
            }
        });
        login.host = address.ip().to_string();
        Self {
            address,
            statements,
            _claim: claim,
        }
    }

    /// What was asked since this was last asked, once nothing more comes.
    pub(super) fn take(&self) -> Vec<String> {
        let mut seen = 0;
        loop {
            thread::sleep(QUIET);
            let mut statements = self.statements.lock().unwrap();
            if statements.len() == seen {
                return std::mem::take(&mut statements);
            }
            seen = statements.len();
        }
    }
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// Passes messages of the protocol (PostgreSQL documentation, "Message Formats") one by one.
fn pass(mut client: TcpStream, mut server: TcpStream, kept: &Mutex<Vec<String>>) -> Option<()> {
    loop {
        let mut first = [0; 1];
        client.read_exact(&mut first).ok()?;
        let mut message = first.to_vec();
        // What begins a session has no kind, and a length that begins with zero.
        let is_typed = first != [0];
        let mut length = [0; 4];
        let from = usize::from(!is_typed);
        client.read_exact(&mut length[from..]).ok()?;
        message.extend(&length[from..]);
        let mut body = vec![0; usize::try_from(u32::from_be_bytes(length)).ok()?.checked_sub(4)?];
        client.read_exact(&mut body).ok()?;
        if first == *b"Q" {
            kept.lock()
                .unwrap()
                .push(String::from_utf8_lossy(&body).trim_end_matches('\0').to_owned());
        }
        message.extend(&body);
        server.write_all(&message).ok()?;
    }
}
