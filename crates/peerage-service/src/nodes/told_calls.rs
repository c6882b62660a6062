//! Keeps in the database what is seen of a node's calls: for the command, which sees none, and for idle time, which outlasts the
//! service. What pages show does not wait for it.

use std::collections::HashMap;
use std::time::Duration;

use peerage_model::Number;
use peerage_store::{AgentCall, CallNow, Lease};
use tokio::time::{Instant, sleep, timeout_at};

use super::Node;
use super::calls::SILENCE;
use crate::memory::{Change, Held};

/// Calls that begin or end within this time are kept by one statement.
const GATHER: Duration = Duration::from_millis(250);

/// Keeps a node's calls for as long as this service leads the node.
pub(super) async fn run(node: Node) {
    let mut hub = node.app.hub().watch();
    // What the database has; none when that is not known.
    let mut kept: Option<HashMap<Number, CallNow>> = None;
    // When what an earlier leader kept counts no longer, unless the node says something before. Of a node that has said something,
    // and is forgotten, that long was waited already.
    let mut silent_at = Instant::now() + SILENCE;
    loop {
        let seen = node.app.calls().at(&node.name);
        if seen.is_some() {
            silent_at = Instant::now();
        }
        if let Some(seen) = seen.or_else(|| (Instant::now() >= silent_at).then(HashMap::new)) {
            let calls = changes(&node, kept.as_ref(), &seen);
            let whole = kept.is_none();
            let is_done = calls.is_empty() && !whole;
            kept = (is_done || keep(&node, calls, whole).await).then_some(seen);
        }
        // What failed is tried again, whatever changes.
        let again = if kept.is_some() {
            node.app.settings().full_pass_every
        } else {
            4 * GATHER
        };
        let again = Instant::now() + again;
        loop {
            match timeout_at(again, hub.next()).await {
                Ok(Some(Change::Calls(_) | Change::Link(_))) | Err(_) => break,
                Ok(Some(Change::Missed)) => {
                    kept = None;
                    break;
                }
                Ok(Some(_)) => {}
                Ok(None) => return,
            }
        }
        sleep(GATHER).await;
    }
}

/// What the database has to be told: who has another call than it knows of, or none any more.
fn changes(node: &Node, kept: Option<&HashMap<Number, CallNow>>, seen: &HashMap<Number, CallNow>) -> Vec<AgentCall> {
    let before = |agent: &Number| kept.and_then(|kept| kept.get(agent));
    let new = seen.iter().filter(|(agent, call)| before(agent) != Some(*call));
    let gone = kept
        .into_iter()
        .flat_map(HashMap::keys)
        .filter(|agent| !seen.contains_key(agent));
    let call = |agent: &Number, call: Option<&CallNow>| AgentCall {
        agent: agent.clone(),
        call: call.map(|call| (call.is_up, call.since)),
        ended_at: node.app.calls().ended(agent),
    };
    new.map(|(agent, now)| call(agent, Some(now)))
        .chain(gone.map(|agent| call(agent, None)))
        .collect()
}

async fn keep(node: &Node, calls: Vec<AgentCall>, whole: bool) -> bool {
    let Some(Held { epoch, .. }) = node.app.leads().of(&node.name) else {
        return false;
    };
    let (name, service) = (node.name.clone(), node.app.identity().id.clone());
    let lease = Lease { service, epoch };
    match node
        .app
        .db(move |store| store.see_calls(&name, &lease, &calls, whole))
        .await
    {
        Ok(leads) => leads,
        Err(error) => {
            tracing::warn!(node = %node.name, %error, "calls could not be kept; the command does not see them for now");
            false
        }
    }
}
