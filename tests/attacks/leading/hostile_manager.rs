//! A Manager interface that lets everybody in, and then does what it is told.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::served::{House, PATIENCE};

/// It answers every action with success, unless told otherwise.
pub(super) struct Manager {
    pub(super) address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    connections: Mutex<Vec<TcpStream>>,
    /// What actions but those of the sign-in are answered with.
    refusal: Mutex<Option<Vec<u8>>>,
    mute: AtomicBool,
    ended: AtomicBool,
}

impl Manager {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if accepting.ended.load(Ordering::Relaxed) {
                    return;
                }
                accepting.connections.lock().unwrap().push(stream.try_clone().unwrap());
                let shared = Arc::clone(&accepting);
                thread::spawn(move || shared.converse(stream));
            }
        });
        Self { address, shared }
    }

    /// As a node of this house.
    pub(super) fn of(house: &House) -> Self {
        let manager = Self::start();
        house.secret("pbx1", "sesame");
        house.db.psql(&format!(
            "insert into peerage.node (name, login, manager) values ('pbx1', 'pbx1', '{}')",
            manager.address
        ));
        manager
    }

    /// Answers every further action with this.
    pub(super) fn refuse(&self, message: &[u8]) {
        *self.shared.refusal.lock().unwrap() = Some(message.to_owned());
    }

    /// Answers nothing but sign-ins from now on.
    fn mute(&self) {
        self.shared.mute.store(true, Ordering::Relaxed);
    }

    /// Sends events of a megabyte to everybody, as fast as they are taken, until so many megabytes are sent.
    fn flood(&self, megabytes: u64) {
        let line = format!("X: {}\r\n", "x".repeat(8 * 1024));
        let event = format!("Event: Flood\r\n{}\r\n", line.repeat(120));
        let until = Instant::now() + PATIENCE;
        let connections: Vec<TcpStream> = {
            let connections = self.shared.connections.lock().unwrap();
            connections.iter().map(|stream| stream.try_clone().unwrap()).collect()
        };
        let mut sent = 0;
        while sent < megabytes * 1_000_000 {
            assert!(Instant::now() < until, "only {sent} bytes were taken");
            for mut stream in &connections {
                // Some have ended.
                if stream.write_all(event.as_bytes()).is_ok() {
                    sent += event.len() as u64;
                }
            }
        }
    }

    /// Dies, as a machine that is switched off, but for the ends of its connections.
    pub(super) fn die(self) {}
}

impl Drop for Manager {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Relaxed);
        // Wakes the listener, which then closes.
        drop(TcpStream::connect(self.address));
        for connection in self.shared.connections.lock().unwrap().iter() {
            let _ = connection.shutdown(std::net::Shutdown::Both);
        }
    }
}

impl Shared {
    fn converse(&self, stream: TcpStream) {
        let mut writer = stream.try_clone().unwrap();
        let _ = writer.write_all(b"Asterisk Call Manager/9.0.0\r\n");
        let mut fields = (String::new(), String::new());
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            match line.split_once(": ") {
                Some(("Action", action)) => fields.0 = action.to_owned(),
                Some(("ActionID", id)) => fields.1 = id.to_owned(),
                None if line.is_empty() => {
                    let (action, id) = std::mem::take(&mut fields);
                    if writer.write_all(&self.answer(&action, &id)).is_err() {
                        return;
                    }
                }
                _ => {}
            }
        }
    }

    fn answer(&self, action: &str, id: &str) -> Vec<u8> {
        let refusal = self.refusal.lock().unwrap().clone();
        if self.mute.load(Ordering::Relaxed) && !["Challenge", "Login"].contains(&action) {
            return Vec::new();
        }
        let mut answer = match (action, refusal) {
            ("Challenge", _) => b"Response: Success\r\nChallenge: 123\r\n".to_vec(),
            // It runs PJSIP, whatever it is asked.
            ("Command", None) => b"Response: Success\r\nOutput: res_pjsip.so\r\n".to_vec(),
            ("Login" | "Ping", _) | (_, None) => b"Response: Success\r\n".to_vec(),
            (_, Some(message)) => [b"Response: Error\r\nMessage: ", message.as_slice(), b"\r\n"].concat(),
        };
        answer.extend(format!("ActionID: {id}\r\n\r\n").into_bytes());
        if action == "Login" {
            answer.extend(b"Event: FullyBooted\r\n\r\n");
        }
        answer
    }
}

/// 30 MB became 1,577 MB in ten seconds when the backlog of events was bounded in number alone: whoever waits for an answer reads none.
#[test]
#[expect(clippy::print_stderr, reason = "what is measured is shown with the test's output")]
fn events_of_a_megabyte_do_not_fill_the_memory() {
    const MEGABYTES: u64 = 150;
    let house = House::new();
    let manager = Manager::of(&house);
    manager.mute();
    let served = house.serve("service");
    served.wait_until_linked("pbx1");
    let before = served.memory();
    let most = thread::scope(|scope| {
        let flood = scope.spawn(|| manager.flood(MEGABYTES));
        let mut most = 0;
        while !flood.is_finished() {
            most = most.max(served.memory());
            thread::sleep(Duration::from_millis(20));
        }
        flood.join().unwrap();
        most.max(served.memory())
    });
    eprintln!("{MEGABYTES} MB of events: {before} MB before, {most} MB at most");
    // Some times the bound of the backlog.
    assert!(most < before + 60, "{before} MB became {most} MB");
}
