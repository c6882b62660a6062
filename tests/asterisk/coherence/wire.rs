//! How many statements a REGISTER costs, counted between Asterisk and the server.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use peerage_testkit::db::TestDb;

use super::scene::Scene;
use crate::traffic::account::{SECRET, add_account};
use crate::traffic::stack::{CHAN_SIP_16, PJSIP_16, PJSIP_22, on_stacks};
use peerage_testkit::asterisk::Loopback;
use peerage_testkit::sipp::Phone;

/// Most statements of an authenticated REGISTER.
const MOST: usize = 3;

/// Passes connections on to the database, and keeps the text of each statement.
struct Wire {
    address: SocketAddr,
    statements: Arc<Mutex<Vec<String>>>,
    _claim: Loopback,
}

impl Wire {
    fn to(server: SocketAddr) -> Self {
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
                thread::spawn(move || std::io::copy(&mut back, &mut to));
                thread::spawn(move || pass(client, server, &kept));
            }
        });
        Self {
            address,
            statements,
            _claim: claim,
        }
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.statements.lock().unwrap())
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
            let text = String::from_utf8_lossy(&body).trim_end_matches('\0').to_owned();
            kept.lock().unwrap().push(text);
        }
        message.extend(&body);
        server.write_all(&message).ok()?;
    }
}

#[test]
fn an_authenticated_register_costs_at_most_three_statements() {
    on_stacks(&[CHAN_SIP_16, PJSIP_16, PJSIP_22], |stack| {
        let db = TestDb::new();
        // A telephone at a fixed address, so that there is something to identify by address.
        add_account(&db, "9001", &[("host", "'127.250.0.1'")]);
        let tcp = db.tcp();
        let wire = Wire::to(format!("{}:{}", tcp.host, tcp.port).parse().unwrap());
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
        // The first one of an account fills the caches, and is followed by the first question whether it is there.
        for _ in 0..5 {
            scene.lab.wait("Asterisk asks nothing more", || {
                wire.take();
                thread::sleep(std::time::Duration::from_millis(500));
                wire.take().is_empty()
            });
            register();
            thread::sleep(std::time::Duration::from_millis(300));
            let statements = wire.take();
            assert!(
                !statements.is_empty() && statements.len() <= MOST,
                "{}: {statements:#?}",
                stack.name
            );
            eprintln!("{}: {} statements", stack.name, statements.len());
        }
    });
}
