//! Loopback addresses of one's own: all of 127.0.0.0/8 is this machine, so each Asterisk and each phone gets an address
//! and keeps the usual ports.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::net::{IpAddr, Ipv4Addr, TcpListener, UdpSocket};

use anyhow::{Result, bail};

/// Whoever holds this TCP port on an address holds the address. The kernel gives it back when the process ends, however
/// it ends. Below the ports that the kernel hands out by itself, above those that need root.
const CLAIM: u16 = 4059;

/// An address of 127.0.0.0/8 that no other test has while this value lives.
#[derive(Debug)]
pub struct Loopback {
    ip: Ipv4Addr,
    _claim: TcpListener,
}

impl Loopback {
    /// Takes a free address.
    ///
    /// # Errors
    ///
    /// When none can be had.
    pub fn claim() -> Result<Self> {
        Self::with_ports(&[])
    }

    /// Takes a free address on which all of `ports` are free, for UDP and for TCP.
    ///
    /// # Errors
    ///
    /// When none can be had: another program holds one of the ports on every address.
    pub fn with_ports(ports: &[u16]) -> Result<Self> {
        const TRIES: u32 = 200;
        for _ in 0..TRIES {
            let ip = candidate();
            let Ok(claim) = TcpListener::bind((ip, CLAIM)) else {
                continue;
            };
            if ports.iter().all(|port| is_free(ip, *port)) {
                return Ok(Self { ip, _claim: claim });
            }
        }
        bail!(
            "found no loopback address where the ports {ports:?} are free: another program seems to listen on all addresses"
        )
    }

    /// The address.
    #[must_use]
    pub fn ip(&self) -> IpAddr {
        IpAddr::V4(self.ip)
    }
}

/// Some address of 127.16.0.0 to 127.239.255.255: apart from those that people write by hand (127.0.0.1, 127.1.2.3).
fn candidate() -> Ipv4Addr {
    let [a, b, c, ..] = RandomState::new().hash_one(()).to_be_bytes();
    Ipv4Addr::new(127, 16 + a % 224, b, c)
}

fn is_free(ip: Ipv4Addr, port: u16) -> bool {
    UdpSocket::bind((ip, port)).is_ok() && TcpListener::bind((ip, port)).is_ok()
}
