//! One agent's orders: noted, sent, answered for.

use futures_util::future::join_all;
use peerage_ami::{Action, Invalid, NotSent, Outcome};
use peerage_model::Number;
use peerage_store::{Lease, PauseOrder};

use crate::memory::Held;
use crate::nodes::Node;

/// What has come of it.
pub(super) struct Round {
    pub(super) agent: Number,
    /// Whether the node holds what was wanted. If not, it is to be looked at again.
    pub(super) done: bool,
}

/// Sends what is due for an agent.
pub(super) async fn run(node: &Node, agent: Number) -> Round {
    let Some(Held { epoch, .. }) = node.app.leads().of(&node.name) else {
        return Round { agent, done: false };
    };
    let (name, number) = (node.name.clone(), agent.clone());
    let service = node.app.identity().id.clone();
    let lease = Lease { service, epoch };
    let claimed = node.app.db(move |store| store.order_pauses(&name, &lease, &number));
    let orders = match claimed.await {
        Ok(orders) => orders,
        Err(error) => {
            tracing::warn!(node = %node.name, %agent, %error, "orders to pause could not be noted");
            return Round { agent, done: false };
        }
    };
    // Sent one after the other in this order, without waiting for each answer.
    let outcomes = join_all(orders.iter().map(|order| send(node, epoch, order))).await;
    let (mut done, mut undone) = (Vec::new(), Vec::new());
    for (order, outcome) in orders.iter().zip(outcomes) {
        let (queue, interface) = (&order.queue, &order.interface);
        node.app.metrics().action(&node.name, "QueuePause", word(&outcome));
        match outcome {
            Outcome::Done(_) => done.push(order.id),
            Outcome::Refused(refusal) => {
                tracing::warn!(node = %node.name, %queue, %interface, %refusal, "Asterisk refuses to pause or unpause");
                undone.push(order.id);
            }
            Outcome::NotSent(_) => undone.push(order.id),
            // Its echo will tell, or never come.
            Outcome::Unknown(why) => {
                tracing::info!(node = %node.name, %queue, %interface, %why, "whether a pause has reached Asterisk is not known yet");
            }
        }
    }
    let complete = done.len() == orders.len();
    let number = agent.clone();
    let answered = node
        .app
        .db(move |store| store.pause_orders_answered(&number, &done, &undone))
        .await;
    if let Err(error) = &answered {
        tracing::warn!(node = %node.name, %agent, %error, "what became of orders to pause could not be kept");
    }
    Round {
        agent,
        done: complete && answered.is_ok(),
    }
}

fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Done(_) => "done",
        Outcome::Refused(_) => "refused",
        Outcome::NotSent(_) => "not_sent",
        Outcome::Unknown(_) => "unknown",
    }
}

/// Sends an order while the lease under which it was claimed holds, and not a moment longer: the next leader sends it then.
async fn send(node: &Node, epoch: i64, order: &PauseOrder) -> Outcome {
    let lease = node.app.leads().of(&node.name).filter(|lease| lease.epoch == epoch);
    let Some(lease) = lease else {
        return Outcome::NotSent(NotSent::TooLate);
    };
    match action(order) {
        Ok(action) => node.link.send_until(action, lease.until).await,
        // The model's types have nothing that cannot stand on a line.
        Err(error) => {
            tracing::error!(%error, "an order that cannot be written");
            Outcome::NotSent(NotSent::Closed)
        }
    }
}

fn action(order: &PauseOrder) -> Result<Action, Invalid> {
    let queue = order.queue.as_str().try_into()?;
    let interface = order.interface.as_str().try_into()?;
    if !order.paused {
        return Ok(Action::queue_unpause(queue, interface));
    }
    let reason = order
        .reason
        .as_ref()
        .map(|reason| reason.as_str().try_into())
        .transpose()?;
    Ok(Action::queue_pause(queue, interface, reason))
}
