//! All nodes' channels and callers, and whose they are. No I/O and no clock.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};
use peerage_ami::Frame;
use peerage_model::{Driver, Interface, NodeName, Number, QueueName};

use super::Call;
use super::channel::{Channel, Progress, age, interface};

/// Most channels, and most calls in queues, that are remembered of a node: several times what an Asterisk carries.
const MOST: usize = 20_000;
/// Most bytes of a call's unique id; Asterisk's own have at most 150 (`AST_MAX_UNIQUEID`).
const MOST_ID_BYTES: usize = 150;

/// Calls that wait in a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// How many.
    pub(crate) count: usize,
    /// Since when the one waits that has waited longest.
    pub(crate) longest_since: Option<Timestamp>,
}

/// Of whom and of what something is otherwise than before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Changed {
    /// Agents, by number; accounts that are no agent's are among them.
    pub(crate) agents: BTreeSet<Number>,
    /// Queues in which calls wait.
    pub(crate) queues: BTreeSet<QueueName>,
}

/// What one node has said. Calls are known by Asterisk's unique ids.
#[derive(Debug, Default)]
struct Seen {
    channels: HashMap<String, Channel>,
    callers: BTreeMap<QueueName, HashMap<String, Timestamp>>,
}

/// Since when somebody's calls are up or ring, one moment a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Talk {
    up: Vec<Timestamp>,
    ringing: Vec<Timestamp>,
}

impl Talk {
    fn of(&mut self, progress: Progress) -> Option<&mut Vec<Timestamp>> {
        match progress {
            Progress::Idle => None,
            Progress::Ringing => Some(&mut self.ringing),
            Progress::Up => Some(&mut self.up),
        }
    }

    fn call(&self) -> Option<Call> {
        let first = |is_up, moments: &[Timestamp]| moments.iter().min().map(|&since| Call { is_up, since });
        first(true, &self.up).or_else(|| first(false, &self.ringing))
    }
}

#[derive(Debug, Default)]
pub(super) struct World {
    /// Where agents' calls ring.
    places: HashMap<Number, Interface>,
    /// The same the other way round.
    holders: HashMap<Interface, Number>,
    nodes: BTreeMap<NodeName, Seen>,
    /// Who has which; nobody who has none.
    talks: HashMap<Number, Talk>,
    /// When somebody's last call ended that was up.
    ended: HashMap<Number, Timestamp>,
}

impl World {
    pub(super) fn of(&self, agent: &Number) -> Option<Call> {
        self.talks.get(agent)?.call()
    }

    pub(super) fn ended(&self, agent: &Number) -> Option<Timestamp> {
        self.ended.get(agent).copied()
    }

    pub(super) fn at(&self, node: &NodeName) -> Option<HashMap<Number, Call>> {
        let mut talks: HashMap<Number, Talk> = HashMap::new();
        for channel in self.nodes.get(node)?.channels.values() {
            if let Some(whose) = self.whose(channel) {
                let talk = talks.entry(whose).or_default();
                talk.of(channel.progress)
                    .into_iter()
                    .for_each(|moments| moments.push(channel.since));
            }
        }
        let calls = talks.into_iter();
        Some(calls.filter_map(|(whose, talk)| Some((whose, talk.call()?))).collect())
    }

    pub(super) fn agent_at(&self, account: &Number) -> Option<Number> {
        let devices = [Driver::Pjsip, Driver::Sip].map(|driver| Interface::of(driver, account));
        devices.iter().find_map(|device| self.holders.get(device)).cloned()
    }

    /// Whose call is up, or whose rings.
    pub(super) fn with_calls(&self, is_up: bool) -> Vec<Number> {
        let those = self
            .talks
            .iter()
            .filter(|(_, talk)| talk.call().is_some_and(|call| call.is_up == is_up));
        those.map(|(number, _)| number.clone()).collect()
    }

    pub(super) fn waiting(&self, queue: &QueueName) -> Waiting {
        let of_nodes = self.nodes.values().filter_map(|seen| seen.callers.get(queue));
        of_nodes
            .flat_map(HashMap::values)
            .fold(Waiting::default(), |sum, since| Waiting {
                count: sum.count + 1,
                longest_since: Some(sum.longest_since.map_or(*since, |longest| longest.min(*since))),
            })
    }

    pub(super) fn knows(&self, node: &NodeName) -> bool {
        self.nodes.contains_key(node)
    }

    pub(super) fn queues(&self, node: &NodeName) -> Vec<QueueName> {
        let seen = self.nodes.get(node);
        seen.map(|seen| seen.callers.keys().cloned().collect())
            .unwrap_or_default()
    }

    pub(super) fn place(&mut self, about: Option<&[Number]>, places: &[(Number, Interface)]) -> Changed {
        let left: Vec<Number> = match about {
            Some(agents) => agents.to_vec(),
            None => self.places.keys().cloned().collect(),
        };
        for agent in &left {
            if let Some(place) = self.places.remove(agent)
                && self.holders.get(&place) == Some(agent)
            {
                self.holders.remove(&place);
            }
        }
        for (agent, place) in places {
            self.places.insert(agent.clone(), place.clone());
            self.holders.insert(place.clone(), agent.clone());
        }
        let before = self.calls();
        for seen in self.nodes.values_mut() {
            for channel in seen.channels.values_mut().filter(|channel| channel.owner.is_none()) {
                channel.owner = self.holders.get(&channel.device).cloned();
            }
        }
        self.recount();
        self.since(&before)
    }

    pub(super) fn event(&mut self, node: &NodeName, event: &Frame, now: Timestamp) -> Changed {
        let Some(seen) = self.nodes.get_mut(node) else {
            // What went before is not known yet; the list that is asked for will have it.
            return Changed::default();
        };
        match event.event() {
            Some("Newchannel" | "Newstate") => {
                if let (Some(id), Some(name), Some(progress)) =
                    (event.get("Uniqueid"), event.get("Channel"), Progress::told(event))
                {
                    return self.change(node, id, name, now, |_| progress);
                }
            }
            // Before it says that it rings, or when it never does.
            Some("DialBegin") => {
                if let (Some(id), Some(name)) = (event.get("DestUniqueid"), event.get("DestChannel")) {
                    return self.change(node, id, name, now, |progress| match progress {
                        Some(Progress::Up) => Progress::Up,
                        _ => Progress::Ringing,
                    });
                }
            }
            Some("Rename") => {
                if let (Some(id), Some(name)) = (event.get("Uniqueid"), event.get("Newname")) {
                    let known = seen.channels.get(id).map(|channel| channel.progress);
                    return match known {
                        Some(progress) => self.change(node, id, name, now, |_| progress),
                        None => Changed::default(),
                    };
                }
            }
            Some("Hangup") => {
                if let Some(gone) = event.get("Uniqueid").and_then(|id| seen.channels.remove(id)) {
                    return self.count(Some(&gone), None, now);
                }
            }
            Some("QueueCallerJoin") => {
                if let Some((queue, id)) = caller(event) {
                    if !seen.has_room_for_caller() {
                        return Changed::default();
                    }
                    seen.callers.entry(queue.clone()).or_default().insert(id, now);
                    return of_queue(queue);
                }
            }
            Some("QueueCallerLeave" | "QueueCallerAbandon") => {
                if let Some((queue, id)) = caller(event) {
                    seen.leave(&queue, &id);
                    return of_queue(queue);
                }
            }
            _ => {}
        }
        Changed::default()
    }

    pub(super) fn begin(&mut self, node: &NodeName, channels: &[Frame], entries: &[Frame], now: Timestamp) -> Changed {
        let before = self.calls();
        let old = self.nodes.remove(node).unwrap_or_default();
        let mut seen = Seen::default();
        for frame in channels {
            if let (Some(id), Some(device), Some(progress)) = (
                frame.get("Uniqueid"),
                frame.get("Channel").and_then(interface),
                Progress::told(frame),
            ) {
                // Whose it is, and since when, was perhaps seen before the link was lost.
                let known = old.channels.get(id);
                let owner = known.and_then(|channel| channel.owner.clone());
                let made = now.saturating_sub(age(frame).unwrap_or_default()).unwrap_or(now);
                let channel = Channel {
                    since: since(known, progress).unwrap_or(made),
                    owner: owner.or_else(|| self.holders.get(&device).cloned()),
                    device,
                    progress,
                };
                seen.channels.insert(id.to_owned(), channel);
            }
        }
        for frame in entries {
            if let Some((queue, id)) = caller(frame) {
                let waited = frame.get("Wait").and_then(|wait| wait.parse().ok()).unwrap_or_default();
                let since = now.saturating_sub(SignedDuration::from_secs(waited)).unwrap_or(now);
                seen.callers.entry(queue).or_default().insert(id, since);
            }
        }
        let queues = old.callers.into_keys().chain(seen.callers.keys().cloned()).collect();
        self.nodes.insert(node.clone(), seen);
        self.recount();
        self.note_ends(before.iter().map(|(agent, call)| (agent, *call)), now);
        let mut changed = self.since(&before);
        changed.queues = queues;
        changed
    }

    pub(super) fn forget(&mut self, node: &NodeName, now: Timestamp) -> Changed {
        let before = self.calls();
        let old = self.nodes.remove(node).unwrap_or_default();
        self.recount();
        self.note_ends(before.iter().map(|(agent, call)| (agent, *call)), now);
        let mut changed = self.since(&before);
        changed.queues = old.callers.into_keys().collect();
        changed
    }

    /// What a node says of a channel.
    fn change(
        &mut self,
        node: &NodeName,
        id: &str,
        name: &str,
        now: Timestamp,
        progress: impl FnOnce(Option<Progress>) -> Progress,
    ) -> Changed {
        let Some(seen) = self.nodes.get_mut(node) else {
            return Changed::default();
        };
        let old = seen.channels.remove(id);
        let progress = progress(old.as_ref().map(|channel| channel.progress));
        let new = interface(name).map(|device| Channel {
            progress,
            since: since(old.as_ref(), progress).unwrap_or(now),
            owner: old
                .as_ref()
                .filter(|channel| channel.device == device)
                .and_then(|channel| channel.owner.clone())
                .or_else(|| self.holders.get(&device).cloned()),
            device,
        });
        // What a node makes up has an end.
        let new = new.filter(|_| seen.channels.len() < MOST && id.len() <= MOST_ID_BYTES);
        if let Some(new) = &new {
            seen.channels.insert(id.to_owned(), new.clone());
        }
        self.count(old.as_ref(), new.as_ref(), now)
    }

    /// One channel instead of another.
    fn count(&mut self, old: Option<&Channel>, new: Option<&Channel>, now: Timestamp) -> Changed {
        let whose = |channel: Option<&Channel>| channel.and_then(|channel| self.whose(channel));
        let (from, to) = (whose(old), whose(new));
        let agents: BTreeSet<Number> = from.iter().chain(&to).cloned().collect();
        let before: Vec<Option<Call>> = agents.iter().map(|agent| self.of(agent)).collect();
        if let (Some(agent), Some(channel)) = (&from, old) {
            self.take(agent, channel.progress, channel.since);
        }
        if let (Some(agent), Some(channel)) = (&to, new) {
            self.add(agent, channel.progress, channel.since);
        }
        let before: Vec<(Number, Option<Call>)> = agents.into_iter().zip(before).collect();
        self.note_ends(before.iter().filter_map(|(agent, call)| Some((agent, (*call)?))), now);
        let changed = before.into_iter().filter(|(agent, before)| self.of(agent) != *before);
        Changed {
            agents: changed.map(|(agent, _)| agent).collect(),
            queues: BTreeSet::new(),
        }
    }

    /// Notes of whom a call was up before and none is now.
    fn note_ends<'a>(&mut self, before: impl IntoIterator<Item = (&'a Number, Call)>, now: Timestamp) {
        for (agent, call) in before {
            let ended = call.is_up && !self.of(agent).is_some_and(|call| call.is_up);
            // What a node makes up has an end.
            if ended && (self.ended.len() < MOST || self.ended.contains_key(agent)) {
                self.ended.insert(agent.clone(), now);
            }
        }
    }

    fn add(&mut self, agent: &Number, progress: Progress, since: Timestamp) {
        if progress != Progress::Idle {
            let talk = self.talks.entry(agent.clone()).or_default();
            talk.of(progress).into_iter().for_each(|moments| moments.push(since));
        }
    }

    fn take(&mut self, agent: &Number, progress: Progress, since: Timestamp) {
        let Some(talk) = self.talks.get_mut(agent) else { return };
        if let Some(moments) = talk.of(progress)
            && let Some(place) = moments.iter().position(|moment| *moment == since)
        {
            moments.swap_remove(place);
        }
        if *talk == Talk::default() {
            self.talks.remove(agent);
        }
    }

    fn whose(&self, channel: &Channel) -> Option<Number> {
        channel.owner.clone().or_else(|| channel.account())
    }

    fn recount(&mut self) {
        self.talks.clear();
        let all: Vec<(Number, Progress, Timestamp)> = self
            .nodes
            .values()
            .flat_map(|seen| seen.channels.values())
            .filter_map(|channel| Some((self.whose(channel)?, channel.progress, channel.since)))
            .collect();
        for (agent, progress, since) in all {
            self.add(&agent, progress, since);
        }
    }

    fn calls(&self) -> HashMap<Number, Call> {
        let calls = self.talks.iter();
        calls
            .filter_map(|(agent, talk)| Some((agent.clone(), talk.call()?)))
            .collect()
    }

    fn since(&self, before: &HashMap<Number, Call>) -> Changed {
        let was = |agent: &Number| before.get(agent).copied();
        let seen = self.talks.keys().chain(before.keys());
        Changed {
            agents: seen.filter(|agent| self.of(agent) != was(agent)).cloned().collect(),
            queues: BTreeSet::new(),
        }
    }
}

impl Seen {
    fn has_room_for_caller(&self) -> bool {
        self.callers.values().map(HashMap::len).sum::<usize>() < MOST
    }

    fn leave(&mut self, queue: &QueueName, id: &str) {
        if let Some(callers) = self.callers.get_mut(queue) {
            callers.remove(id);
            if callers.is_empty() {
                self.callers.remove(queue);
            }
        }
    }
}

/// Since when a channel has come so far, if it had before.
fn since(old: Option<&Channel>, progress: Progress) -> Option<Timestamp> {
    old.filter(|channel| channel.progress == progress)
        .map(|channel| channel.since)
}

fn caller(frame: &Frame) -> Option<(QueueName, String)> {
    let queue = QueueName::try_from(frame.get("Queue")?).ok()?;
    let id = frame.get("Uniqueid").filter(|id| id.len() <= MOST_ID_BYTES)?;
    Some((queue, id.to_owned()))
}

fn of_queue(queue: QueueName) -> Changed {
    Changed {
        agents: BTreeSet::new(),
        queues: BTreeSet::from([queue]),
    }
}

#[cfg(test)]
mod tests;
