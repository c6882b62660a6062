//! A network that fails when told to: a TCP proxy that passes, stalls, cuts and refuses.
//!
//! ```no_run
//! # fn main() -> anyhow::Result<()> {
//! use peerage_testkit::proxy::Proxy;
//!
//! let proxy = Proxy::to("127.0.0.1:5038".parse()?)?;
//! let client = std::net::TcpStream::connect(proxy.address())?;
//! proxy.stall(); // nothing arrives any more, on either side, and nothing is closed
//! proxy.pass(); // what was held arrives now
//! proxy.cut(); // the connections there are end; new ones pass
//! # Ok(())
//! # }
//! ```

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::asterisk::Loopback;

/// How long the listener may take to follow; spent only when its address has been taken.
const PATIENCE: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests;

/// A TCP proxy to one address, on an address of its own. Dropping it ends its connections.
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    _claim: Loopback,
}

/// What becomes of new connections and of what they carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Pass,
    Stall,
    Refuse,
    Ended,
}

struct Shared {
    target: SocketAddr,
    now: Mutex<Now>,
    changed: Condvar,
}

struct Now {
    mode: Mode,
    /// Whether connections are taken; the listener follows the mode a moment later.
    listening: bool,
    /// Those that have not been cut.
    connections: Vec<Arc<Connection>>,
    /// How many connections there have been.
    taken: usize,
}

/// Both ends of a connection.
struct Connection {
    client: TcpStream,
    target: TcpStream,
}

impl Proxy {
    /// Begins to pass connections on to `target`.
    ///
    /// # Errors
    ///
    /// When it cannot listen.
    pub fn to(target: SocketAddr) -> Result<Self> {
        let claim = Loopback::with_ports(&[target.port()])?;
        let address = SocketAddr::new(claim.ip(), target.port());
        let listener = TcpListener::bind(address).context("the proxy cannot listen")?;
        let shared = Arc::new(Shared {
            target,
            now: Mutex::new(Now {
                mode: Mode::Pass,
                listening: true,
                connections: Vec::new(),
                taken: 0,
            }),
            changed: Condvar::new(),
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || accept(listener, address, &accepting));
        Ok(Self {
            address,
            shared,
            _claim: claim,
        })
    }

    /// Where to connect to.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections there have been so far.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.shared.now().taken
    }

    /// Passes everything, what was held first; new connections, too.
    pub fn pass(&self) {
        self.set(Mode::Pass);
    }

    /// Holds what either side sends, ends included, without closing anything. New connections are taken and held.
    pub fn stall(&self) {
        self.set(Mode::Stall);
    }

    /// Refuses new connections. Those there are go on; see [`Proxy::cut`].
    pub fn refuse(&self) {
        self.set(Mode::Refuse);
    }

    /// Ends the connections there are, on both sides; what is held is lost. New ones fare as before.
    pub fn cut(&self) {
        let connections = std::mem::take(&mut self.shared.now().connections);
        for connection in connections {
            connection.cut();
        }
        self.shared.changed.notify_all();
    }

    /// Sets the mode and waits until the listener has followed.
    fn set(&self, mode: Mode) {
        self.shared.now().mode = mode;
        self.shared.changed.notify_all();
        let listens = matches!(mode, Mode::Pass | Mode::Stall);
        if !listens {
            // Wakes the listener, which only looks up when somebody comes.
            drop(TcpStream::connect(self.address));
        }
        let unsettled = |now: &mut Now| now.listening != listens;
        let now = self.shared.now();
        let waited = self.shared.changed.wait_timeout_while(now, PATIENCE, unsettled);
        let (now, late) = waited.unwrap_or_else(PoisonError::into_inner);
        drop(now);
        assert!(!late.timed_out(), "the proxy's listener does not follow");
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.now().mode = Mode::Ended;
        self.shared.changed.notify_all();
        drop(TcpStream::connect(self.address));
        self.cut();
    }
}

impl Shared {
    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits while the mode is this one.
    fn wait_out(&self, mode: Mode) -> MutexGuard<'_, Now> {
        let same = |now: &mut Now| now.mode == mode;
        let waited = self.changed.wait_while(self.now(), same);
        waited.unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits while this connection stalls; false when it has been cut.
    fn may_pass(&self, connection: &Arc<Connection>) -> bool {
        let alive = |now: &Now| now.connections.iter().any(|other| Arc::ptr_eq(other, connection));
        let held = |now: &mut Now| now.mode == Mode::Stall && alive(now);
        let waited = self.changed.wait_while(self.now(), held);
        alive(&waited.unwrap_or_else(PoisonError::into_inner))
    }
}

impl Connection {
    fn cut(&self) {
        for end in [&self.client, &self.target] {
            // Shut down already, if it fails.
            let _ = end.shutdown(Shutdown::Both);
        }
    }
}

/// Takes connections; while they are to be refused there is no listener, so that the kernel refuses them.
fn accept(mut listener: TcpListener, address: SocketAddr, shared: &Arc<Shared>) {
    loop {
        let came = listener.accept();
        let mode = shared.now().mode;
        match mode {
            Mode::Pass | Mode::Stall => {
                if let Ok((client, _)) = came {
                    // Whom the target refuses sees the connection end.
                    let _ = connect(client, shared);
                }
            }
            Mode::Refuse | Mode::Ended => {
                drop(listener);
                let mut now = shared.now();
                now.listening = false;
                shared.changed.notify_all();
                drop(now);
                let now = shared.wait_out(Mode::Refuse);
                if now.mode == Mode::Ended {
                    return;
                }
                drop(now);
                listener = loop {
                    match TcpListener::bind(address) {
                        Ok(again) => break again,
                        // A child that another thread is just starting may hold the old one for a moment longer.
                        Err(_) if shared.now().mode != Mode::Ended => thread::sleep(Duration::from_millis(5)),
                        Err(_) => return,
                    }
                };
                shared.now().listening = true;
                shared.changed.notify_all();
            }
        }
    }
}

fn connect(client: TcpStream, shared: &Arc<Shared>) -> io::Result<()> {
    let target = TcpStream::connect(shared.target)?;
    client.set_nodelay(true)?;
    target.set_nodelay(true)?;
    let pairs = [
        (client.try_clone()?, target.try_clone()?),
        (target.try_clone()?, client.try_clone()?),
    ];
    let connection = Arc::new(Connection { client, target });
    let mut now = shared.now();
    now.taken += 1;
    now.connections.push(Arc::clone(&connection));
    drop(now);
    for (from, to) in pairs {
        let shared = Arc::clone(shared);
        let connection = Arc::clone(&connection);
        thread::spawn(move || pump(from, to, &shared, &connection));
    }
    Ok(())
}

/// Carries one direction of a connection until it ends.
fn pump(mut from: TcpStream, mut to: TcpStream, shared: &Shared, connection: &Arc<Connection>) {
    let mut bytes = [0; 16 * 1024];
    loop {
        let read = from.read(&mut bytes);
        if !shared.may_pass(connection) {
            return;
        }
        let carried = match read {
            Ok(count) if count > 0 => to.write_all(&bytes[..count]),
            _ => break,
        };
        if carried.is_err() {
            break;
        }
    }
    connection.cut();
    shared.now().connections.retain(|other| !Arc::ptr_eq(other, connection));
}
