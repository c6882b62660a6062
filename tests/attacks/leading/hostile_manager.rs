//! A Manager interface that lets everybody in, and then does what it is told.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::served::{House, wait};

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
    ended: AtomicBool,
    sent: AtomicU64,
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

    /// Sends events of this many bytes to everybody for so long, as fast as they are taken; returns the bytes sent.
    fn flood(&self, bytes: usize, time: Duration) -> u64 {
        let line = format!("X: {}\r\n", "x".repeat(8 * 1024));
        let mut event = "Event: Flood\r\n".to_owned();
        while event.len() + line.len() < bytes {
            event.push_str(&line);
        }
        event.push_str("\r\n");
        let until = Instant::now() + time;
        let connections = self.shared.connections.lock().unwrap();
        thread::scope(|scope| {
            for mut stream in connections.iter().map(|stream| stream.try_clone().unwrap()) {
                let event = event.as_bytes();
                scope.spawn(move || {
                    // A reader that takes nothing for long ends it, too.
                    let _ = stream.set_write_timeout(Some(Duration::from_secs(1)));
                    while Instant::now() < until && stream.write_all(event).is_ok() {
                        self.shared.sent.fetch_add(event.len() as u64, Ordering::Relaxed);
                    }
                });
            }
        });
        self.shared.sent.load(Ordering::Relaxed)
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
        let mut answer = match (action, refusal) {
            ("Challenge", _) => b"Response: Success\r\nChallenge: 123\r\n".to_vec(),
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

/// 30 MB became 1,577 MB in ten seconds when the backlog of events was bounded in number alone.
#[test]
#[expect(clippy::print_stderr, reason = "what is measured is shown with the test's output")]
fn events_of_a_megabyte_do_not_fill_the_memory() {
    let house = House::new();
    let manager = Manager::of(&house);
    let served = house.serve("service");
    served.wait_until_linked("pbx1");
    let before = served.memory();
    let sent = thread::scope(|scope| {
        let flood = scope.spawn(|| manager.flood(1_000_000, Duration::from_secs(5)));
        let mut most = 0;
        while !flood.is_finished() {
            most = most.max(served.memory());
            thread::sleep(Duration::from_millis(50));
        }
        let sent = flood.join().unwrap() / 1_000_000;
        eprintln!("{sent} MB of events: {before} MB before, {most} MB at most");
        // Twenty times the bound of the backlog.
        assert!(most < before + 160, "{before} MB became {most} MB");
        sent
    });
    assert!(sent > 200, "only {sent} MB were sent");
    wait("the memory goes back", || served.memory() < before + 80);
    eprintln!("{} MB afterwards", served.memory());
}
