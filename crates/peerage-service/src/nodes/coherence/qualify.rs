//! Makes PJSIP take note of endpoints that it does not look at by itself.
//!
//! Whether a telephone is available PJSIP judges from what it read at its start or at a REGISTER. One at a fixed address, or
//! one that is not qualified, stays unavailable to queues until `pjsip reload qualify endpoint` names it. If PJSIP does not
//! know its AOR yet it reads all endpoints for that, so this goes over a connection of its own, one each second; for many a
//! reload of the module does all at once.

use std::collections::BTreeSet;
use std::time::Duration;

use peerage_ami::{Action, Link, Outcome, Reason, Value};
use peerage_model::Number;
use peerage_store::Served;
use tokio::sync::mpsc;
use tokio::time::{Instant, interval, sleep, timeout};

use super::settled::{judge, line, word};
use crate::nodes::{LONGEST_ERRAND, Node};

/// More than this many are done by one reload.
const FEW: usize = 30;
/// More than this many are not asked about one by one.
const MOST_ASKED: u32 = 500;
/// How long the connection of an errand may take to come up.
const ERRAND_UP_WITHIN: Duration = Duration::from_secs(30);
/// Between two that may each read all endpoints.
const PAUSE: Duration = Duration::from_secs(1);
/// Between two reloads at least.
const BETWEEN_RELOADS: Duration = Duration::from_secs(60);

/// What is to be looked at.
#[derive(Debug)]
pub(super) enum Ask {
    /// These were changed.
    These(Vec<Served>),
    /// Whatever there is.
    All,
}

/// What PJSIP knows of an AOR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    /// Seconds between OPTIONS requests.
    Every(u32),
    /// Nothing.
    Nothing,
}

/// Does what is asked for, until nobody asks any more.
pub(super) async fn run(node: &Node, mut asks: mpsc::UnboundedReceiver<Ask>) {
    let mut slowly = interval(node.app.settings().full_pass_every);
    // The first is now, and the link brings its own.
    slowly.tick().await;
    let mut reloaded: Option<Instant> = None;
    loop {
        let mut all = tokio::select! {
            ask = asks.recv() => match ask {
                Some(ask) => vec![ask],
                None => return,
            },
            _ = slowly.tick() => vec![Ask::All],
        };
        while let Ok(ask) = asks.try_recv() {
            all.push(ask);
        }
        let Some(wish) = look_up(node, all).await else { continue };
        if !node.link.state().borrow().is_up() {
            // When it comes back everything is asked for.
            continue;
        }
        let Ok(errand) = node.errand() else { continue };
        // What is asked for meanwhile waits in memory, so an errand that never gets through is given up.
        if timeout(ERRAND_UP_WITHIN, errand.wait_until_up())
            .await
            .unwrap_or_default()
        {
            let may_reload = reloaded.is_none_or(|when| when.elapsed() > BETWEEN_RELOADS);
            if fulfil(node, &errand, wish, may_reload).await {
                reloaded = Some(Instant::now());
            }
        }
        errand.shut_down().await;
    }
}

/// What is to be looked at, with what the database says of it.
struct Wish {
    changed: Vec<Served>,
    quiet: Vec<Served>,
}

async fn look_up(node: &Node, asks: Vec<Ask>) -> Option<Wish> {
    let mut wish = Wish {
        changed: Vec::new(),
        quiet: Vec::new(),
    };
    let mut all = false;
    for ask in asks {
        match ask {
            Ask::These(served) => wish.changed.extend(served),
            Ask::All => all = true,
        }
    }
    wish.changed.retain(|served| served.qualify.is_some());
    if all {
        match node.app.db(|store| store.served_quietly(MOST_ASKED + 1)).await {
            Ok(quiet) => wish.quiet = quiet,
            Err(error) => tracing::warn!(node = %node.name, %error, "who is at a fixed address cannot be looked up"),
        }
    }
    (!wish.changed.is_empty() || !wish.quiet.is_empty()).then_some(wish)
}

/// Returns whether the module was reloaded.
async fn fulfil(node: &Node, errand: &Link, wish: Wish, may_reload: bool) -> bool {
    let mut due = BTreeSet::new();
    for served in wish.changed {
        let known = match served.is_fixed {
            // What address PJSIP knows it by is not to be learnt.
            true => Known::Nothing,
            false => match known(errand, &served.number).await {
                Some(known) => known,
                None => continue,
            },
        };
        if is_due(&served, known) {
            due.insert(served.number);
        }
    }
    let too_many = wish.quiet.len() > MOST_ASKED as usize;
    if !too_many {
        for served in wish.quiet {
            if let Some(known) = known(errand, &served.number).await
                && is_due(&served, known)
            {
                due.insert(served.number);
            }
        }
    }
    if due.len() > FEW || too_many {
        if may_reload {
            reload(node, errand).await;
        }
        return may_reload;
    }
    let mut first = true;
    for number in due {
        if !std::mem::take(&mut first) {
            sleep(PAUSE).await;
        }
        note(node, errand, &number).await;
    }
    false
}

/// Whether PJSIP must be told of an account.
fn is_due(served: &Served, known: Known) -> bool {
    match (served.qualify, known) {
        (None, _) => false,
        (Some(wanted), Known::Every(seconds)) => wanted != seconds,
        // A dynamic one that is qualified becomes known when it registers.
        (Some(wanted), Known::Nothing) => served.is_fixed || wanted == 0,
    }
}

/// What PJSIP knows of an AOR, from memory; none when it does not say.
async fn known(errand: &Link, number: &Number) -> Option<Known> {
    match errand.send(line(&["pjsip show qualify aor", number.as_str()])?).await {
        Outcome::Done(answer) => Some(frequency(&answer.output()).map_or(Known::Nothing, Known::Every)),
        Outcome::Refused(refusal) if refusal.reason() == Reason::NotPermitted => None,
        Outcome::Refused(_) => Some(Known::Nothing),
        Outcome::NotSent(_) | Outcome::Unknown(_) => None,
    }
}

/// The seconds in `  Qualify frequency    : 60 sec`.
fn frequency(output: &str) -> Option<u32> {
    let line = output
        .lines()
        .find(|line| line.trim_start().starts_with("Qualify frequency"))?;
    let (_, value) = line.split_once(':')?;
    value.split_whitespace().next()?.parse().ok()
}

async fn note(node: &Node, errand: &Link, number: &Number) {
    let Some(word) = word(number) else { return };
    let outcome = errand
        .send_within(Action::pjsip_reload_qualify(&word), LONGEST_ERRAND)
        .await;
    if let Outcome::Refused(refusal) = &outcome {
        // It is served no more, or PJSIP does not run; there is nobody to take note of.
        tracing::debug!(node = %node.name, %number, %refusal, "PJSIP takes no note of an endpoint");
        return;
    }
    judge(node, "qualify", &outcome);
}

async fn reload(node: &Node, errand: &Link) {
    let Ok(module) = Value::try_from("res_pjsip.so") else {
        return;
    };
    let outcome = errand.send_within(Action::reload(module), LONGEST_ERRAND).await;
    judge(node, "reload", &outcome);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served(qualify: Option<u32>, is_fixed: bool) -> Served {
        Served {
            number: "1001".parse().unwrap(),
            qualify,
            is_fixed,
            has_sip_registration: false,
        }
    }

    #[test]
    fn pjsip_is_told_of_what_it_would_not_see_by_itself() {
        let fixed = served(Some(60), true);
        assert!(is_due(&fixed, Known::Nothing));
        assert!(!is_due(&fixed, Known::Every(60)));
        let unqualified = served(Some(0), false);
        assert!(is_due(&unqualified, Known::Nothing));
        assert!(!is_due(&unqualified, Known::Every(0)));
        let registers = served(Some(60), false);
        assert!(!is_due(&registers, Known::Nothing));
        assert!(is_due(&registers, Known::Every(30)));
        assert!(!is_due(&served(None, true), Known::Nothing));
    }

    #[test]
    fn the_frequency_is_read_from_what_asterisk_prints() {
        let printed = " * AOR '1001'\n  Qualify frequency    : 60 sec\n  Qualify timeout      : 3000 ms\n";
        assert_eq!(frequency(printed), Some(60));
        assert_eq!(frequency("Unable to retrieve aor '1001' qualify options"), None);
    }
}
