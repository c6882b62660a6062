//! Peers that chan_sip keeps in memory (`rtcachefriends`).
//!
//! `sip prune realtime peer N` leaves the old peer's timer running, and when the registration that the telephone has
//! refreshed meanwhile would have expired, clears it. `... peer like ^N$` ends the timers too, so that is sent.
//!
//! With its peer chan_sip forgets how many calls it has, and app_queue would send one to an agent who is on another. So
//! one with a call is let alone until the call has ended; the call would go on under the old settings anyway. A registered
//! peer is read back at once, or it would not be asked whether it is there (qualify), and its NAT might close.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use peerage_ami::{Action, Frame, Name, Outcome, Unknown};
use peerage_model::Number;
use peerage_store::Served;

use super::pending::Why;
use super::settled::{Settled, judge, line, send};
use crate::nodes::Node;

/// Most bytes of a pattern, so that the line stays one that Asterisk takes.
const PATTERN: usize = 800;
/// A call that lasts longer does not keep its peer.
const LONGEST_CALL: Duration = Duration::from_secs(15 * 60);
/// How many peers are read back at once.
const AT_ONCE: usize = 8;

/// Makes Asterisk read these anew; returns those of which it has not said that it will, and those that have a call.
pub(super) async fn forget(node: &Node, numbers: &BTreeMap<Number, Why>, served: &[Served]) -> Vec<Number> {
    let Some(on_calls) = on_calls(node).await else {
        return numbers.keys().cloned().collect();
    };
    // What is served no more must go at once.
    let is_served = |number: &Number| served.iter().any(|served| served.number == *number);
    let waits = |number: &Number, why: &Why| {
        let patient = !matches!(why, Why::Changed(since) if since.elapsed() > LONGEST_CALL);
        patient && is_served(number) && on_calls.contains(number.as_str())
    };
    let (wait, go): (Vec<_>, Vec<_>) = numbers.iter().partition(|(number, why)| waits(number, why));
    let go: Vec<&Number> = go.into_iter().map(|(number, _)| number).collect();
    let mut open: Vec<Number> = wait.into_iter().map(|(number, _)| number.clone()).collect();
    open.extend(prune(node, &go).await);
    let back = served
        .iter()
        .filter(|served| served.has_sip_registration && go.contains(&&served.number) && !open.contains(&served.number));
    read_back(node, back.map(|served| &served.number)).await;
    open
}

/// Makes Asterisk read everything anew; returns those that have a call, and none when it has not said that it will.
pub(super) async fn forget_all(node: &Node) -> Option<Vec<Number>> {
    let on_calls = on_calls(node).await?;
    let peers = match node.link.send(named("SIPpeers")?).await {
        Outcome::Done(answer) => peers(answer.items()),
        // Too many to name: then those with a call lose their count.
        Outcome::Unknown(Unknown::ListTooLong) => {
            let all = line(&["sip prune realtime peer all"])?;
            return send(node, "empty", all).await.is_yes().then(Vec::new);
        }
        outcome => return judge(node, "list", &outcome).is_yes().then(Vec::new),
    };
    let (wait, go): (Vec<_>, Vec<_>) = peers.iter().partition(|peer| on_calls.contains(peer.number.as_str()));
    let names: Vec<&Number> = go.iter().map(|peer| &peer.number).collect();
    let open = prune(node, &names).await;
    if !open.is_empty() {
        return None;
    }
    read_back(
        node,
        go.iter().filter(|peer| peer.is_registered).map(|peer| &peer.number),
    )
    .await;
    Some(wait.into_iter().map(|peer| peer.number.clone()).collect())
}

/// Who has a call, as far as chan_sip's channels tell; none when Asterisk does not say.
async fn on_calls(node: &Node) -> Option<BTreeSet<String>> {
    match node.link.send(Action::core_show_channels()).await {
        Outcome::Done(answer) => Some(answer.items().iter().filter_map(caller).collect()),
        outcome => judge(node, "list", &outcome).is_yes().then(BTreeSet::new),
    }
}

/// Whose channel it is: `SIP/1001-0000000a` is 1001's.
fn caller(channel: &Frame) -> Option<String> {
    let (peer, _) = channel.get("Channel")?.strip_prefix("SIP/")?.rsplit_once('-')?;
    Some(peer.to_owned())
}

struct Peer {
    number: Number,
    is_registered: bool,
}

/// The peers that are kept in memory from the database, of the list of all.
fn peers(items: &[Frame]) -> Vec<Peer> {
    let peer = |item: &Frame| {
        let is_ours = item.get("RealtimeDevice") == Some("yes");
        let number = item.get("ObjectName")?.parse().ok().filter(|_| is_ours)?;
        Some(Peer {
            number,
            is_registered: item.get("IPaddress").is_some_and(|address| address != "-none-"),
        })
    };
    items.iter().filter_map(peer).collect()
}

/// Returns those of which Asterisk has not said that it has forgotten them.
async fn prune(node: &Node, numbers: &[&Number]) -> Vec<Number> {
    let mut open = Vec::new();
    for part in parts(numbers) {
        let Some(action) = line(&["sip prune realtime peer like", &pattern(part)]) else {
            continue;
        };
        if send(node, "prune", action).await.is_no() {
            open.extend(part.iter().map(|number| (*number).clone()));
        }
    }
    open
}

async fn read_back<'a>(node: &Node, numbers: impl Iterator<Item = &'a Number>) {
    let actions: Vec<Action> = numbers
        .filter_map(|number| line(&["sip show peer", number.as_str(), "load"]))
        .collect();
    stream::iter(actions)
        .map(|action| send(node, "load", action))
        .buffer_unordered(AT_ONCE)
        .map(Settled::is_no)
        .collect::<Vec<bool>>()
        .await;
}

/// Numbers in parts whose patterns are short enough.
fn parts<'a, 'b>(numbers: &'b [&'a Number]) -> impl Iterator<Item = &'b [&'a Number]> {
    let mut rest = numbers;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = |number: &&&Number| {
            bytes += pattern_of(number).len() + 1;
            bytes <= PATTERN
        };
        let count = rest.iter().take_while(fits).count();
        let (part, others) = rest.split_at(count.max(1).min(rest.len()));
        rest = others;
        (!part.is_empty()).then_some(part)
    })
}

/// A regular expression for these and no others.
fn pattern(numbers: &[&Number]) -> String {
    let numbers: Vec<String> = numbers.iter().map(|number| pattern_of(number)).collect();
    format!("^({})$", numbers.join("|"))
}

/// Of what a number is made of, the dot alone means something; a backslash would be the command line's.
fn pattern_of(number: &Number) -> String {
    number.as_str().replace('.', "[.]")
}

fn named(action: &'static str) -> Option<Action> {
    Action::new(Name::try_from(action).ok()?, []).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_means_these_numbers_and_no_others() {
        let numbers: Vec<Number> = ["1001", "a.b-2"].iter().map(|n| n.parse().unwrap()).collect();
        let numbers: Vec<&Number> = numbers.iter().collect();
        assert_eq!(pattern(&numbers), "^(1001|a[.]b-2)$");
    }

    #[test]
    fn many_numbers_go_in_parts_that_fit_a_line() {
        let numbers: Vec<Number> = (0..1000).map(|n| format!("{n:040}").parse().unwrap()).collect();
        let numbers: Vec<&Number> = numbers.iter().collect();
        let parts: Vec<_> = parts(&numbers).collect();
        assert_eq!(parts.iter().map(|part| part.len()).sum::<usize>(), 1000);
        assert!(
            parts
                .iter()
                .all(|part| line(&["sip prune realtime peer like", &pattern(part)]).is_some())
        );
        assert!(parts.len() < 60, "{}", parts.len());
    }

    #[test]
    fn no_numbers_are_no_parts() {
        assert_eq!(parts(&[]).count(), 0);
    }
}
