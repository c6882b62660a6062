//! The TCP port of a private cluster, on 127.0.0.1.

use std::net::{Ipv4Addr, TcpListener};
use std::ops::RangeInclusive;

use crate::error::ClusterError;

/// Above Asterisk's default range for RTP (10000 to 20000, `rtp.conf`) and below Linux's for outgoing connections (from 32768,
/// `ip_local_port_range`): neither may take the port while the cluster is stopped.
const RANGE: RangeInclusive<u16> = 20_001..=32_767;

/// Whether nothing listens there now.
pub(crate) fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// A free port by chance, so that two clusters of one machine, one of them stopped, seldom meet.
pub(crate) fn choose() -> Result<u16, ClusterError> {
    // The process id and the clock are random enough: nothing secret hangs on it.
    let start = random().unwrap_or_else(std::process::id);
    let width = u32::from(RANGE.end() - RANGE.start()) + 1;
    (0..width)
        .filter_map(|step| u16::try_from(start.wrapping_add(step) % width).ok())
        .map(|offset| RANGE.start() + offset)
        .find(|&port| is_free(port))
        .ok_or(ClusterError::NoPort { range: RANGE })
}

fn random() -> Option<u32> {
    getrandom::u32().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_listened_on_is_not_free() {
        let port = choose().unwrap();
        assert!(RANGE.contains(&port));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        assert!(!is_free(port));
        drop(listener);
    }
}
