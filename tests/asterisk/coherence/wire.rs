//! How many statements a REGISTER costs, counted between Asterisk and the server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use peerage_testkit::asterisk::Loopback;
use peerage_testkit::db::TestDb;
use peerage_testkit::sipp::Phone;

use super::scene::Scene;
use crate::traffic::account::{SECRET, add_account};
use crate::traffic::stack::{CHAN_SIP_16, PJSIP_16, PJSIP_22, on_stacks};

/// How long nothing happens before nothing more is taken to come.
const QUIET: Duration = Duration::from_millis(300);
/// Most statements of an authenticated REGISTER.
const MOST: usize = 3;

/// What is done with what a client sends: passed on, and kept in part.
type Pass = fn(TcpStream, TcpStream, &Mutex<Vec<String>>) -> Option<()>;

/// Passes connections on, and keeps the text of each request.
pub(super) struct Wire {
    pub(super) address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    _claim: Loopback,
}

impl Wire {
    /// To a database.
    fn to_database(server: SocketAddr) -> Self {
        Self::to(server, pass_statements)
    }

    /// To a Manager interface.
    pub(super) fn to_manager(server: SocketAddr) -> Self {
        Self::to(server, pass_lines)
    }

    fn to(server: SocketAddr, pass: Pass) -> Self {
        let claim = Loopback::with_ports(&[server.port()]).unwrap();
        let listener = TcpListener::bind((claim.ip(), server.port())).unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&requests);
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
        Self {
            address,
            requests,
            _claim: claim,
        }
    }

    /// What was asked since this was last asked.
    pub(super) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }
}

/// Passes lines on; those that name an action are kept.
fn pass_lines(client: TcpStream, mut server: TcpStream, kept: &Mutex<Vec<String>>) -> Option<()> {
    for line in BufReader::new(client).split(b'\n') {
        let mut line = line.ok()?;
        if let Some(action) = line.strip_prefix(b"Action: ") {
            let action = String::from_utf8_lossy(action).trim().to_owned();
            kept.lock().unwrap().push(action);
        }
        line.push(b'\n');
        server.write_all(&line).ok()?;
    }
    Some(())
}

/// Passes messages of the protocol (PostgreSQL documentation, "Message Formats") one by one.
fn pass_statements(mut client: TcpStream, mut server: TcpStream, kept: &Mutex<Vec<String>>) -> Option<()> {
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
            let text = String::from_utf8_lossy(&body).trim_end_matches('\0').to_owned();
            kept.lock().unwrap().push(text);
        }
        message.extend(&body);
        server.write_all(&message).ok()?;
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "what is counted is shown with the test's output")]
fn an_authenticated_register_costs_at_most_three_statements() {
    on_stacks(&[CHAN_SIP_16, PJSIP_16, PJSIP_22], |stack| {
        let db = TestDb::new();
        // A telephone at a fixed address, so that there is something to identify by address.
        add_account(&db, "9001", &[("host", "'127.250.0.1'")]);
        let tcp = db.tcp();
        let wire = Wire::to_database(format!("{}:{}", tcp.host, tcp.port).parse().unwrap());
        let mut scene = Scene::on(stack, db, |mut login| {
            login.host = wire.address.ip().to_string();
            login.port = wire.address.port();
            login
        });
        scene.start_service();
        let number = scene.add_agent();
        let online = Phone::new(&number, SECRET);
        let register = || online.register(scene.lab.udp()).unwrap().assert_code(200);
        register();
        // The first one of an account fills the caches, and is followed by the first question whether it is there. A change
        // empties them once more a moment later. From then on each costs as little as the next.
        let mut in_a_row = 0;
        let mut costs = Vec::new();
        while in_a_row < 5 {
            assert!(costs.len() < 30, "{}: {costs:#?}", stack.name);
            scene.lab.wait("Asterisk asks nothing more", || {
                wire.take();
                thread::sleep(QUIET);
                wire.take().is_empty()
            });
            register();
            // What follows the answer belongs to it, too.
            thread::sleep(QUIET);
            let cost = wire.take();
            in_a_row = if cost.len() <= MOST { in_a_row + 1 } else { 0 };
            costs.push(cost);
        }
        eprintln!("{}: a REGISTER costs {:#?}", stack.name, costs.last());
    });
}
