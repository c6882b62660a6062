//! Where agents are, for calls to be theirs; and the logouts that wait for the end of a call.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::FutureExt as _;
use peerage_model::{Actor, ActorRole, NodeName, Number};
use peerage_store::StoreError;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use crate::app::App;
use crate::memory::{Change, Linked, Which};

/// The wait before the database is asked again, and before those are looked at again who could not leave yet.
const AGAIN: Duration = Duration::from_secs(1);
/// A node that has been away for so long, and has never told its calls, has none that anybody waits for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Follows agents until the service ends.
pub(crate) async fn run(app: App) {
    let mut changes = app.hub().watch();
    let mut full_pass = interval(app.settings().full_pass_every);
    full_pass.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stale = Some(Which::All);
    let mut seen = Seen::default();
    loop {
        if let Some(which) = &stale {
            match look(&app, which).await {
                Ok(found) => {
                    seen = found;
                    stale = None;
                }
                Err(error) => tracing::debug!(%error, "where agents are cannot be told yet"),
            }
        }
        let late = !let_go(&app, &mut seen).await || stale.is_some();
        let again = Instant::now() + AGAIN;
        tokio::select! {
            () = app.stopped() => return,
            _ = full_pass.tick() => stale = Some(Which::All),
            () = sleep_until(again), if late => {}
            change = changes.next() => {
                let mut change = change;
                loop {
                    match change {
                        Some(Change::Agents(which)) => stale = Some(both(stale.take(), which)),
                        Some(Change::Missed) => stale = Some(Which::All),
                        Some(Change::Settings(table)) if table == "node" => stale = Some(Which::All),
                        Some(_) => {}
                        None => return,
                    }
                    // Many come at once.
                    match changes.next().now_or_never() {
                        Some(next) => change = next,
                        None => break,
                    }
                }
            }
        }
    }
}

/// What the database says.
#[derive(Debug, Default)]
struct Seen {
    /// Who waits to leave.
    leaving: BTreeSet<Number>,
    /// The nodes where calls can be.
    nodes: Vec<NodeName>,
}

/// Takes over where these agents are, and returns the rest.
async fn look(app: &App, which: &Which) -> Result<Seen, StoreError> {
    let about = match which {
        Which::All => None,
        Which::These(agents) => Some(agents.to_vec()),
    };
    let asked = about.clone();
    let (places, leaving, nodes) = app
        .db(move |store| {
            Ok::<_, StoreError>((
                store.places(asked.as_deref())?,
                store.leaving()?,
                store.managed_nodes()?,
            ))
        })
        .await?;
    let changed = app.calls().place(about.as_deref(), &places);
    if !changed.agents.is_empty() {
        app.hub().tell(Change::Calls(Which::of(changed.agents)));
    }
    let managed = nodes.into_iter().filter(|node| node.manager.is_some());
    Ok(Seen {
        leaving: leaving.into_iter().collect(),
        nodes: managed.map(|node| node.name).collect(),
    })
}

/// Logs those out who have no call any more; false when some are left of whom that cannot be said.
async fn let_go(app: &App, seen: &mut Seen) -> bool {
    if seen.leaving.is_empty() {
        return true;
    }
    if !may_decide(app, &seen.nodes) || !calls_are_known(app, &seen.nodes) {
        return false;
    }
    let due: Vec<Number> = seen
        .leaving
        .iter()
        .filter(|agent| app.calls().of(agent).is_none())
        .cloned()
        .collect();
    let mut all = true;
    for agent in due {
        let number = agent.clone();
        let service = Actor::new("service", ActorRole::System);
        match app.db(move |store| store.after_call(&number, &service)).await {
            Ok(done) => {
                if done {
                    tracing::info!(%agent, "the call has ended, and the agent is logged out as asked for");
                }
                seen.leaving.remove(&agent);
            }
            Err(error) => {
                tracing::warn!(%agent, %error, "the agent could not be logged out after the call");
                all = false;
            }
        }
    }
    all
}

/// Whether it is for this service to say that a call has ended: it leads a node, or there is nobody who does. One that was stalled
/// for long, and does not know yet what has happened meanwhile, leads none.
fn may_decide(app: &App, nodes: &[NodeName]) -> bool {
    let leads = app.leads();
    nodes.iter().any(|node| leads.of(node).is_some()) || nodes.iter().all(|node| leads.leader(node).is_none())
}

/// Whether each node has said which calls there are.
fn calls_are_known(app: &App, nodes: &[NodeName]) -> bool {
    let linked = app.nodes().all();
    nodes.iter().all(|node| {
        app.calls().knows(node)
            || match linked.iter().find(|(name, _)| name == node).map(|(_, linked)| linked) {
                Some(Linked::NoManager) => true,
                // Nobody will ever say, unless another service can ask.
                Some(Linked::NoSecret { .. }) => app.leads().leader(node).is_none(),
                // Only who leads it takes a node for lost: another's link may be up.
                Some(Linked::Down { since: Some(since), .. }) => {
                    app.leads().of(node).is_some() && since.elapsed().is_ok_and(|away| away > PATIENCE)
                }
                // It is about to say, or not linked yet.
                Some(Linked::Up { .. } | Linked::Down { since: None, .. }) | None => false,
            }
    })
}

fn both(one: Option<Which>, other: Which) -> Which {
    match (one, other) {
        (None, other) => other,
        (Some(Which::These(one)), Which::These(other)) => {
            let all: BTreeSet<Number> = one.iter().chain(other.iter()).cloned().collect();
            Which::of(all)
        }
        _ => Which::All,
    }
}
