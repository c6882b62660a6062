//! Orders to pause and unpause, so that a node has the event and the line of the log that go with a committed change.
//!
//! An agent's orders are in order: what is wanted is read and noted, sent, and answered for before the next is read. Orders
//! of several agents are under way at once.

mod round;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt as _};
use peerage_ami::State;
use peerage_model::Number;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use super::Node;
use crate::memory::{Change, Which};
use round::Round;

/// Agents whose orders are under way at once.
const AT_ONCE: usize = 8;
/// The wait before an order is sent again that was not carried out, doubled with each.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Whose orders are to be looked at, are under way, or wait. No I/O.
#[derive(Debug, Default)]
struct Plan {
    /// Whether all are to be looked for.
    all: bool,
    /// Who has changed, and is to be looked for.
    changed: BTreeSet<Number>,
    /// Of whom orders are due.
    due: BTreeSet<Number>,
    under_way: BTreeSet<Number>,
    /// Whose orders failed, how often, and when they are due again.
    failed: BTreeMap<Number, (u32, Instant)>,
}

impl Plan {
    fn change(&mut self, which: Which) {
        match which {
            Which::All => self.all = true,
            Which::These(agents) => self.changed.extend(agents.iter().cloned()),
        }
    }

    /// Whom to look for, all or some.
    fn look(&mut self) -> Option<Option<Vec<Number>>> {
        if std::mem::take(&mut self.all) {
            self.changed.clear();
            return Some(None);
        }
        let changed = std::mem::take(&mut self.changed);
        (!changed.is_empty()).then(|| Some(changed.into_iter().collect()))
    }

    /// The next one to begin with.
    fn next(&mut self) -> Option<Number> {
        if self.under_way.len() >= AT_ONCE {
            return None;
        }
        let next = self
            .due
            .iter()
            .find(|agent| !self.under_way.contains(*agent))
            .cloned()?;
        self.due.remove(&next);
        self.under_way.insert(next.clone());
        Some(next)
    }

    fn ended(&mut self, agent: Number, done: bool, now: Instant) {
        self.under_way.remove(&agent);
        if done {
            self.failed.remove(&agent);
            return;
        }
        let (times, at) = self.failed.entry(agent).or_insert((0, now));
        let wait = FIRST_WAIT * 2_u32.saturating_pow((*times).min(10));
        *times += 1;
        *at = now + wait.min(LONGEST_WAIT);
    }

    /// When somebody's orders are due again.
    fn wake_at(&self) -> Option<Instant> {
        let waits = |agent: &Number| {
            ![&self.changed, &self.due, &self.under_way]
                .into_iter()
                .any(|those| those.contains(agent))
        };
        let failed = self.failed.iter().filter(|(agent, _)| waits(agent));
        failed.map(|(_, (_, at))| *at).min()
    }

    fn wake(&mut self, now: Instant) {
        let due = self.failed.iter().filter(|(_, (_, at))| *at <= now);
        self.changed.extend(due.map(|(agent, _)| agent.clone()));
    }
}

/// Gives a node orders until its link is shut down.
pub(super) async fn run(node: Node) {
    let mut state = node.link.state();
    let mut changes = node.app.hub().watch();
    let mut full_pass = interval(node.app.settings().full_pass_every);
    full_pass.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut plan = Plan {
        all: true,
        ..Plan::default()
    };
    let mut rounds = FuturesUnordered::new();
    let mut look_at = None;
    loop {
        let up = state.borrow().is_up();
        if up && look_at.is_none_or(|at| at <= Instant::now()) {
            look_at = look(&node, &mut plan)
                .await
                .then_some(())
                .map_or_else(|| Some(Instant::now() + FIRST_WAIT), |()| None);
            while let Some(agent) = plan.next() {
                rounds.push(round::run(&node, agent));
            }
        }
        let wake_at = plan.wake_at().into_iter().chain(look_at).min().filter(|_| up);
        tokio::select! {
            // A link that went and came meanwhile is another one.
            told = state.changed() => match (told, state.borrow_and_update().clone()) {
                (Err(_), _) | (_, State::Closed) => return,
                (_, State::Up { .. }) => {
                    plan.all = true;
                    plan.failed.clear();
                }
                _ => {}
            },
            change = changes.next() => match change {
                Some(Change::Agents(which)) => plan.change(which),
                Some(Change::Missed) => plan.all = true,
                Some(_) => {}
                None => return,
            },
            Some(Round { agent, done }) = rounds.next() => plan.ended(agent, done, Instant::now()),
            _ = full_pass.tick() => plan.all = true,
            () = sleep_until(wake_at.unwrap_or_else(Instant::now)), if wake_at.is_some() => plan.wake(Instant::now()),
        }
    }
}

/// Looks for orders that are due; false when the database does not answer.
async fn look(node: &Node, plan: &mut Plan) -> bool {
    let Some(whom) = plan.look() else {
        return true;
    };
    // Of a few it is not asked first whether orders are due: whoever changed them waits to see it in Asterisk.
    if let Some(few) = whom.as_ref().filter(|whom| whom.len() <= AT_ONCE) {
        plan.due.extend(few.iter().cloned());
        return true;
    }
    let (name, asked) = (node.name.clone(), whom.clone());
    match node
        .app
        .db(move |store| store.pause_orders_due(&name, asked.as_deref()))
        .await
    {
        Ok(due) => {
            // Who is not among them needs none any more.
            match whom {
                Some(whom) => plan
                    .failed
                    .retain(|agent, _| !whom.contains(agent) || due.contains(agent)),
                None => plan.failed.retain(|agent, _| due.contains(agent)),
            }
            plan.due.extend(due);
            true
        }
        Err(error) => {
            tracing::debug!(node = %node.name, %error, "orders that are due cannot be told yet");
            match whom {
                Some(whom) => plan.changed.extend(whom),
                None => plan.all = true,
            }
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ada() -> Number {
        "1001".parse().unwrap()
    }

    fn plan() -> Plan {
        Plan {
            due: BTreeSet::from([ada()]),
            ..Plan::default()
        }
    }

    #[test]
    fn an_agents_orders_are_one_after_the_other_and_what_comes_meanwhile_is_not_lost() {
        let mut plan = plan();
        assert_eq!(plan.next(), Some(ada()));
        plan.due.insert(ada());
        assert_eq!(plan.next(), None);
        plan.ended(ada(), true, Instant::now());
        assert_eq!(plan.next(), Some(ada()));
    }

    #[test]
    fn no_more_than_so_many_are_under_way() {
        let mut plan = plan();
        plan.due
            .extend((2000..2050).map(|n| n.to_string().parse::<Number>().unwrap()));
        assert_eq!(std::iter::from_fn(|| plan.next()).count(), AT_ONCE);
    }

    #[test]
    fn what_failed_comes_again_ever_later_until_it_is_done() {
        let mut plan = plan();
        let start = Instant::now();
        let mut waits = Vec::new();
        for _ in 0..12 {
            assert_eq!(plan.next(), Some(ada()));
            plan.ended(ada(), false, start);
            let at = plan.wake_at().unwrap();
            waits.push(at - start);
            plan.wake(at - Duration::from_millis(1));
            assert_eq!(plan.look(), None);
            plan.wake(at);
            assert_eq!(plan.look(), Some(Some(vec![ada()])));
            plan.due.insert(ada());
        }
        assert_eq!(
            (waits[0], waits[1], waits[11]),
            (FIRST_WAIT, FIRST_WAIT * 2, LONGEST_WAIT)
        );
        plan.next();
        plan.ended(ada(), true, start);
        assert_eq!(plan.wake_at(), None);
    }

    #[test]
    fn all_is_more_than_some() {
        let mut plan = Plan::default();
        assert_eq!(plan.look(), None);
        plan.change(Which::of([ada()]));
        plan.change(Which::All);
        assert_eq!(plan.look(), Some(None));
        assert_eq!(plan.look(), None);
    }
}
