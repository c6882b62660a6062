//! Which addresses are the node's own.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::NodeConfig;

impl NodeConfig {
    /// The node's own addresses, in CIDR notation and in order: where it listens, and those that it was told of besides. A node
    /// that listens on every address has the loopback addresses, too. None where telephones may register there.
    ///
    /// No telephone may register with a contact at one of them: Asterisk would send its requests to itself, or to what else
    /// listens there, such as its Manager interface.
    #[must_use]
    pub fn own_addresses(&self) -> Vec<String> {
        if self.phones_on_this_machine {
            return Vec::new();
        }
        let mut listens = vec![self.http.ip()];
        if self.driver.has_pjsip() {
            listens.extend([self.pjsip.udp.ip(), self.pjsip.tcp.ip(), self.pjsip.tls.ip()]);
        }
        if self.driver.has_sip() {
            listens.extend([self.sip.udp.ip(), self.sip.tcp.ip(), self.sip.tls.ip()]);
        }
        if self.tls.is_some() {
            listens.push(self.https.ip());
        }
        listens.extend(self.manager.as_ref().map(|manager| manager.address.ip()));
        let everywhere = listens.iter().any(IpAddr::is_unspecified);
        let single = listens.into_iter().chain(self.further_addresses.iter().copied());
        let mut own: BTreeSet<String> = single
            .filter(|address| !address.is_unspecified())
            .map(|address| format!("{address}/{}", if address.is_ipv4() { 32 } else { 128 }))
            .collect();
        if everywhere {
            own.extend(["127.0.0.0/8".to_owned(), "::1/128".to_owned()]);
        }
        own.into_iter().collect()
    }
}
