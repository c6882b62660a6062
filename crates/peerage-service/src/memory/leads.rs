use std::collections::BTreeMap;
use std::net::SocketAddr;

use peerage_model::NodeName;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// Who this service is among those on the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// Made up at each start: after a crash it is another service.
    pub(crate) id: String,
    /// For people: host, port and process.
    pub(crate) name: String,
}

impl Identity {
    pub(crate) fn new(listen: SocketAddr) -> Self {
        let process = std::process::id();
        // Only services that start at one moment could have the same; without randomness the process tells them apart.
        let random = getrandom::u64().unwrap_or_default();
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let host: String = host.chars().filter(|c| !c.is_control()).take(100).collect();
        let host = if host.is_empty() { "service".to_owned() } else { host };
        Self {
            id: format!("{random:016x}-{process}"),
            name: format!("{host}:{} (process {process})", listen.port()),
        }
    }
}

/// The right to give a node orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    /// Which of the node's leases it is.
    pub(crate) epoch: i64,
    /// Until when an order may be sent, by this machine's monotonic clock: well before the lease expires by the database's.
    pub(crate) until: Instant,
}

/// Which nodes this service leads. A lease that is not renewed in time is over by itself, whatever else hangs.
#[derive(Debug)]
pub(crate) struct Leads {
    held: watch::Sender<BTreeMap<NodeName, Held>>,
    /// Who leads each node, as the database said last.
    leaders: watch::Sender<BTreeMap<NodeName, String>>,
    /// Whether the jobs of all nodes have ended, for good.
    ended: watch::Sender<bool>,
}

impl Default for Leads {
    fn default() -> Self {
        Self {
            held: watch::Sender::default(),
            leaders: watch::Sender::default(),
            ended: watch::Sender::new(false),
        }
    }
}

impl Leads {
    /// The lease of a node, when this service leads it at this moment.
    pub(crate) fn of(&self, node: &NodeName) -> Option<Held> {
        let held = self.held.borrow().get(node).copied();
        held.filter(|held| Instant::now() < held.until)
    }

    /// The service that leads a node, as the database said last; none when none does.
    pub(crate) fn leader(&self, node: &NodeName) -> Option<String> {
        self.leaders.borrow().get(node).cloned()
    }

    /// Takes what the database said; true when another leads a node than before.
    pub(crate) fn set(&self, held: BTreeMap<NodeName, Held>, leaders: BTreeMap<NodeName, String>) -> bool {
        let now: Vec<(NodeName, i64)> = held.iter().map(|(node, held)| (node.clone(), held.epoch)).collect();
        let before = self.held.send_replace(held);
        let same = before.iter().map(|(node, held)| (node.clone(), held.epoch)).eq(now);
        let led_as_before = *self.leaders.borrow() == leaders;
        self.leaders.send_replace(leaders);
        !(led_as_before && same)
    }

    /// Waits until this service leads a node.
    pub(crate) async fn gained(&self, node: &NodeName) -> Held {
        let mut held = self.held.subscribe();
        loop {
            held.mark_unchanged();
            if let Some(lease) = self.of(node) {
                return lease;
            }
            // The sender is here.
            let _ = held.changed().await;
        }
    }

    /// Waits until this lease of a node is over.
    pub(crate) async fn lost(&self, node: &NodeName, epoch: i64) {
        let mut held = self.held.subscribe();
        loop {
            held.mark_unchanged();
            let Some(lease) = self.of(node).filter(|lease| lease.epoch == epoch) else {
                return;
            };
            tokio::select! {
                _ = held.changed() => {}
                () = sleep_until(lease.until) => {}
            }
        }
    }

    /// No order will be given any more.
    pub(crate) fn end(&self) {
        self.ended.send_replace(true);
    }

    /// Waits until that is so.
    pub(crate) async fn ended(&self) {
        let _ = self.ended.subscribe().wait_for(|ended| *ended).await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn pbx() -> NodeName {
        "pbx1".parse().unwrap()
    }

    fn held(epoch: i64, until: Instant) -> BTreeMap<NodeName, Held> {
        BTreeMap::from([(pbx(), Held { epoch, until })])
    }

    fn leader(name: &str) -> BTreeMap<NodeName, String> {
        BTreeMap::from([(pbx(), name.to_owned())])
    }

    #[tokio::test]
    async fn a_lease_that_is_not_renewed_is_over_by_itself() {
        let leads = Leads::default();
        let until = Instant::now() + Duration::from_secs(60);
        assert!(leads.set(held(1, until), leader("us")));
        assert_eq!(leads.gained(&pbx()).await.epoch, 1);
        let until = Instant::now() + Duration::from_millis(50);
        assert!(!leads.set(held(1, until), leader("us")), "it is the same");
        leads.lost(&pbx(), 1).await;
        assert!(Instant::now() >= until);
        assert_eq!(leads.of(&pbx()), None);
    }

    #[tokio::test]
    async fn a_lease_of_a_later_epoch_is_another() {
        let leads = Leads::default();
        let until = Instant::now() + Duration::from_secs(60);
        leads.set(held(1, until), leader("us"));
        assert!(leads.set(held(3, until), leader("us")));
        leads.lost(&pbx(), 1).await;
        assert_eq!(leads.of(&pbx()).map(|held| held.epoch), Some(3));
        assert!(leads.set(BTreeMap::new(), leader("them")));
        assert_eq!(leads.leader(&pbx()).as_deref(), Some("them"));
    }
}
