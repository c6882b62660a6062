//! Compares what a node holds of queues with what is so, and heals: configuration is the database's, state is the last
//! writer's, and who wrote last has written into the database.

mod compare;

use std::collections::BTreeSet;
use std::time::Duration;

use peerage_ami::{Action, Frame, Outcome, State};
use peerage_model::QueueName;
use peerage_store::{Member, StateError};
use tokio::time::{Instant, sleep_until};

use super::Node;
use crate::memory::{Change, Drift, Finding, Which};
use compare::{Found, compare};

/// The wait before queues are compared after one was changed.
const SOON: Duration = Duration::from_millis(500);
/// The wait before a pass begins anew that could not be ended.
const AGAIN: Duration = Duration::from_secs(5);
/// How often a queue is looked at that changes meanwhile.
const LOOKS: usize = 3;

/// Compares until the node's link is shut down: after each connection, and then now and then.
pub(super) async fn run(node: Node) {
    let mut state = node.link.state();
    let mut changes = node.app.hub().watch();
    let mut pass_at = Instant::now();
    loop {
        let up = state.borrow().is_up();
        tokio::select! {
            // A link that went and came meanwhile is another one, perhaps to an Asterisk that has begun anew.
            told = state.changed() => match (told, state.borrow_and_update().clone()) {
                (Err(_), _) | (_, State::Closed) => break,
                (_, State::Up { .. }) => pass_at = Instant::now(),
                _ => {}
            },
            // A queue that was changed may need a restart, and whoever changed it is to see that.
            change = changes.next() => match change {
                Some(Change::Settings(table)) if table == "queue" => pass_at = pass_at.min(Instant::now() + SOON),
                Some(_) => {}
                None => break,
            },
            () = sleep_until(pass_at), if up => {
                pass_at = match pass(&node).await {
                    Ok(()) => Instant::now() + node.app.settings().full_pass_every,
                    Err(why) => {
                        tracing::info!(node = %node.name, %why, "queues could not be compared; once more soon");
                        Instant::now() + AGAIN
                    }
                };
            }
        }
    }
    node.app.nodes().drifts().forget(&node.name);
    node.app.metrics().forget_drift(&node.name);
}

/// Why a pass did not come to its end.
#[derive(Debug, thiserror::Error)]
enum Unfinished {
    #[error(transparent)]
    Database(#[from] StateError),
    #[error("the node does not answer")]
    NoAnswer,
}

impl From<peerage_store::StoreError> for Unfinished {
    fn from(error: peerage_store::StoreError) -> Self {
        Self::Database(error.into())
    }
}

/// Looks at each queue that has members, or calls, or was otherwise than it should be. Never at all of them at once: without
/// a name Asterisk reads every queue from the database.
async fn pass(node: &Node) -> Result<(), Unfinished> {
    let name = node.name.clone();
    let to_compare = node
        .app
        .db(move |store| {
            store.forget_pause_orders(&name)?;
            store.queues_to_compare()
        })
        .await?;
    let mut queues: BTreeSet<QueueName> = to_compare.into_iter().collect();
    queues.extend(node.app.calls().queues(&node.name));
    queues.extend(node.app.nodes().drifts().queues(&node.name));
    let mut drifts = Vec::new();
    for queue in queues {
        for finding in look(node, &queue).await? {
            heal(node, &queue, &finding).await?;
            drifts.push(Drift {
                node: node.name.clone(),
                queue: queue.clone(),
                finding,
            });
        }
    }
    node.app.metrics().set_drift(&node.name, drifts.len());
    if node.app.nodes().drifts().set(&node.name, &drifts) {
        node.app.hub().tell(Change::Link(node.name.clone()));
    }
    Ok(())
}

/// What differs in a queue. What changes meanwhile is looked at again.
async fn look(node: &Node, queue: &QueueName) -> Result<Vec<Finding>, Unfinished> {
    let Ok(name) = peerage_ami::Value::try_from(queue.as_str()) else {
        return Ok(Vec::new());
    };
    let mut before = members(node, queue).await?;
    for _ in 0..LOOKS {
        let Outcome::Done(status) = node.link.send(Action::queue_status(name.clone())).await else {
            return Err(Unfinished::NoAnswer);
        };
        let after = members(node, queue).await?;
        if before == after {
            let found: Vec<Found> = status.items().iter().filter_map(Found::read).collect();
            let mut findings = compare(&after, &found);
            findings.extend(strategy(node, queue, status.items()).await?);
            return Ok(findings);
        }
        before = after;
    }
    Ok(Vec::new())
}

/// Whether a queue rings otherwise than it should; nothing of one that is gone from either side.
async fn strategy(node: &Node, queue: &QueueName, items: &[Frame]) -> Result<Option<Finding>, Unfinished> {
    let name = queue.clone();
    let here = node.app.db(move |store| store.queue_strategy(&name)).await?;
    let there = items
        .iter()
        .find(|item| item.event() == Some("QueueParams"))
        .and_then(|item| item.get("Strategy"));
    Ok(match (here, there) {
        (Some(here), Some(there)) if here != there => Some(Finding::Strategy {
            there: there.to_owned(),
            here,
        }),
        _ => None,
    })
}

async fn members(node: &Node, queue: &QueueName) -> Result<Vec<Member>, Unfinished> {
    let (name, queue) = (node.name.clone(), queue.clone());
    Ok(node.app.db(move |store| store.members(&name, &queue)).await?)
}

/// Has a pause ordered anew that the node holds otherwise. The rest Asterisk reads by itself, as it did when it was asked, or
/// is not ours to take away.
async fn heal(node: &Node, queue: &QueueName, finding: &Finding) -> Result<(), Unfinished> {
    tracing::warn!(node = %node.name, %queue, %finding, "a queue is otherwise than in the database");
    let Finding::Paused {
        agent, paused, reason, ..
    } = finding
    else {
        return Ok(());
    };
    let (name, queue, number) = (node.name.clone(), queue.clone(), agent.clone());
    let (paused, reason) = (*paused, reason.clone());
    let due = node
        .app
        .db(move |store| store.pause_is_elsewise(&name, &number, &queue, paused, reason.as_deref()))
        .await?;
    if due {
        node.app.hub().tell(Change::Agents(Which::of([agent.clone()])));
    }
    Ok(())
}
