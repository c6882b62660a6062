//! Gives a node orders for as long as this service leads it, and stands by otherwise.
//!
//! Whoever begins to lead looks at everything, as after an outage: it does not know what the one before has done last. Whoever has
//! ceased to lead throws away what the network still holds of its orders, or they might arrive after those of the next.

use peerage_ami::State;
use tokio::sync::watch;

use super::{Node, led_jobs};

/// Leads and stands by until the node's link is shut down.
pub(super) async fn run(node: Node) {
    let mut state = node.link.state();
    let leads = node.app.leads();
    let metric = node.app.metrics().leads(&node.name);
    loop {
        metric.set(0);
        let lease = tokio::select! {
            lease = leads.gained(&node.name) => lease,
            () = closed(&mut state) => return,
        };
        metric.set(1);
        tracing::info!(node = %node.name, epoch = lease.epoch, "this service leads the node");
        let mut jobs = led_jobs(&node);
        tokio::select! {
            () = leads.lost(&node.name, lease.epoch) => {}
            () = closed(&mut state) => {
                while jobs.join_next().await.is_some() {}
                return;
            }
        }
        metric.set(0);
        jobs.shutdown().await;
        node.link.abandon().await;
        tracing::warn!(node = %node.name, epoch = lease.epoch, "this service does not lead the node any more, and gives it no orders");
    }
}

async fn closed(state: &mut watch::Receiver<State>) {
    // An error says that the link is gone altogether.
    let _ = state.wait_for(|state| *state == State::Closed).await;
}
