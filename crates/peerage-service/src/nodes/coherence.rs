//! Makes a node forget what has changed.
//!
//! A change is forgotten as soon as the database has told of it; everything is, when the link or the notifications were
//! away, since nobody knows what was missed then. What Asterisk did not confirm stays pending. Nothing is emptied by
//! the clock alone: PJSIP's caches drop each object after a day of their own accord, and chan_sip's peers are only read
//! anew at a price (see [`sip`]).

mod pending;
mod pjsip;
mod qualify;
mod settled;
mod sip;

use std::collections::BTreeMap;

use futures_util::FutureExt as _;
use peerage_ami::State;
use peerage_model::Number;
use peerage_store::Served;
use pending::{Batch, Pending, Why};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::Node;
use crate::memory::{Change, Which};

/// Keeps a node in step until its link is shut down.
pub(super) async fn run(node: Node) {
    let (asked, asks) = mpsc::unbounded_channel();
    tokio::select! {
        () = follow(&node, &asked) => {}
        () = qualify::run(&node, asks) => {}
    }
}

/// Follows the changes; `asked` is told of what is to be qualified anew.
async fn follow(node: &Node, asked: &mpsc::UnboundedSender<qualify::Ask>) {
    let mut changes = node.app.hub().watch();
    let mut state = node.link.state();
    let mut pending = Pending::default();
    let mut has = None;
    if state.borrow_and_update().is_up() {
        pending.change(&Which::All, Instant::now());
    }
    loop {
        // First of all what is due already: whoever begins to lead may hear nothing for long.
        while node.link.state().borrow().is_up() {
            let Some(batch) = pending.take(Instant::now()) else {
                break;
            };
            let has = match has {
                Some(has) => has,
                None => match Drivers::ask(node).await {
                    Some(found) => *has.insert(found),
                    None => {
                        pending.open(batch, Instant::now());
                        break;
                    }
                },
            };
            forget(node, has, batch, &mut pending, asked).await;
        }
        // Only what can be done wakes: while the link is down nothing is taken, and a moment that has passed would wake at once.
        let up = state.borrow().is_up();
        let next = pending.next().filter(|_| up);
        tokio::select! {
            change = changes.next() => match change {
                Some(change) => note(node, &mut pending, &change),
                None => return,
            },
            // A link that went and came meanwhile is another one.
            told = state.changed() => match (told, state.borrow_and_update().clone()) {
                (Err(_), _) | (_, State::Closed) => return,
                (_, State::Up { .. }) => {
                    has = None;
                    pending.change(&Which::All, Instant::now());
                }
                _ => {}
            },
            () = sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() => {}
        }
        // Whatever else is there already goes with it.
        while let Some(Some(change)) = changes.next().now_or_never() {
            note(node, &mut pending, &change);
        }
    }
}

fn note(node: &Node, pending: &mut Pending, change: &Change) {
    match change {
        Change::Accounts(which) if node.link.state().borrow().is_up() => pending.change(which, Instant::now()),
        // Everything is forgotten when the link is back, so there is no use in a list that grows.
        Change::Accounts(_) => pending.change(&Which::All, Instant::now()),
        Change::Missed => pending.change(&Which::All, Instant::now()),
        _ => {}
    }
}

/// Which drivers a node runs.
#[derive(Clone, Copy, Debug)]
struct Drivers {
    pjsip: bool,
    sip: bool,
}

impl Drivers {
    /// None when Asterisk does not say.
    async fn ask(node: &Node) -> Option<Self> {
        Some(Self {
            pjsip: settled::is_running(node, "res_pjsip.so").await?,
            sip: settled::is_running(node, "chan_sip.so").await?,
        })
    }
}

/// Makes the node forget these, and notes what is still to do.
async fn forget(
    node: &Node,
    has: Drivers,
    batch: Batch,
    pending: &mut Pending,
    asked: &mpsc::UnboundedSender<qualify::Ask>,
) {
    match batch {
        Batch::All(why) => {
            let pjsip = !has.pjsip || pjsip::forget_all(node).await;
            let sip = match has.sip {
                true => sip::forget_all(node).await,
                false => Some(Vec::new()),
            };
            let Some(busy) = sip.filter(|_| pjsip) else {
                return pending.open(Batch::All(why), Instant::now());
            };
            confirmed(node, [why]);
            pending.done(Batch::All(why), Instant::now());
            let busy: BTreeMap<Number, Why> = busy.into_iter().map(|number| (number, why)).collect();
            if !busy.is_empty() {
                pending.open(Batch::These(busy), Instant::now());
            }
            if has.pjsip {
                let _ = asked.send(qualify::Ask::All);
            }
        }
        Batch::These(numbers) => {
            let wanted: Vec<Number> = numbers.keys().cloned().collect();
            let looked_up = wanted.clone();
            let served = match node.app.db(move |store| store.served(&looked_up)).await {
                Ok(served) => served,
                Err(error) => {
                    tracing::warn!(node = %node.name, %error, "what has changed cannot be looked up; it is tried again");
                    return pending.open(Batch::These(numbers), Instant::now());
                }
            };
            let mut open = match has.pjsip {
                true => pjsip::forget(node, &wanted).await,
                false => Vec::new(),
            };
            if has.sip {
                open.extend(sip::forget(node, &numbers, &served).await);
            }
            let (done, open): (BTreeMap<_, _>, BTreeMap<_, _>) =
                numbers.into_iter().partition(|(number, _)| !open.contains(number));
            confirmed(node, done.values().copied());
            if has.pjsip {
                let changed = |served: &Served| matches!(done.get(&served.number), Some(Why::Changed(_)));
                let served = served.into_iter().filter(changed);
                let _ = asked.send(qualify::Ask::These(served.collect()));
            }
            pending.done(Batch::These(done), Instant::now());
            if !open.is_empty() {
                pending.open(Batch::These(open), Instant::now());
            }
        }
    }
}

/// Asterisk has said that it has forgotten.
fn confirmed(node: &Node, whys: impl IntoIterator<Item = Why>) {
    for why in whys {
        if let Why::Changed(since) = why {
            node.app.metrics().changed(&node.name, since.elapsed());
        }
    }
}
