//! Has Asterisk ask a phone at once whether it is there, when one that did not answer is heard of again.
//!
//! A phone that was away and comes back with the contact it had is a refreshed registration to Asterisk, which asks it again when
//! the next OPTIONS is due: up to a minute without calls of queues (`qualify_frequency`). That it has come back Asterisk tells as
//! a security event: the REGISTER was authenticated.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use peerage_ami::{Action, Frame, Notice, Outcome, Value};
use peerage_model::Number;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;

use super::{Node, calls::at};

/// From the REGISTER until the phone is asked: Asterisk first answers it.
const SETTLE: Duration = Duration::from_millis(200);
/// The same phone is not asked more often.
const REST: Duration = Duration::from_secs(5);
/// The wait before the phones that do not answer are listed again.
const AGAIN: Duration = Duration::from_secs(5);
/// Most accounts that are remembered. Beyond them the next OPTIONS has to do.
const MOST_SILENT: usize = 50_000;

/// Watches a node's phones until its link is shut down.
pub(super) async fn run(node: Node) {
    let mut notices = node.link.subscribe();
    let mut authenticated = node.authenticated.subscribe();
    let mut silent = Silent::default();
    let mut list_at = node.link.state().borrow().is_up().then(Instant::now);
    let mut listed = Instant::now();
    loop {
        let next = silent.next();
        tokio::select! {
            () = at(list_at) => {
                listed = Instant::now();
                list_at = (!silent.list(&node).await).then(|| Instant::now() + AGAIN);
            }
            () = at(next) => {
                for (driver, number) in silent.due(Instant::now()) {
                    ask(&node, driver, &number).await;
                }
            }
            heard = authenticated.recv() => match heard {
                Ok(number) => silent.heard(&number, Instant::now()),
                // A flood; the next OPTIONS tells.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => break,
            },
            notice = notices.next() => match notice {
                Some(Notice::Event(event)) => silent.event(&event),
                Some(Notice::Up) => list_at = Some(Instant::now()),
                // In a flood of events some are missed all the time.
                Some(Notice::Missed(_)) if node.link.state().borrow().is_up() => list_at = list_at.or(Some(listed + AGAIN)),
                Some(Notice::Missed(_) | Notice::Down) => list_at = None,
                None => break,
            },
        }
    }
}

/// Which driver a phone is registered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    Pjsip,
    Sip,
}

/// The phones that are registered and do not answer. No I/O but the list.
#[derive(Debug, Default)]
struct Silent {
    /// Those, by account; of PJSIP's with their contacts.
    phones: BTreeMap<(By, Number), BTreeSet<String>>,
    /// Who was heard of, and when to ask.
    back: BTreeMap<(By, Number), Instant>,
    asked: BTreeMap<(By, Number), Instant>,
}

impl Silent {
    /// Takes an event that says whether a phone answers.
    fn event(&mut self, event: &Frame) {
        match event.event() {
            Some("ContactStatus") => self.contact(event, "ContactStatus"),
            Some("PeerStatus") => {
                let peer = event.get("Peer").and_then(|peer| peer.strip_prefix("SIP/"));
                let Some(number) = peer.and_then(|peer| peer.parse().ok()) else {
                    return;
                };
                match event.get("PeerStatus") {
                    Some("Unreachable") => self.add(By::Sip, number, String::new()),
                    Some("Reachable" | "Lagged" | "Unregistered") => {
                        self.phones.remove(&(By::Sip, number));
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn contact(&mut self, frame: &Frame, field: &str) {
        let (Some(aor), Some(uri), Some(status)) = (
            frame.get("AOR").or_else(|| frame.get("Endpoint")),
            frame.get("URI").or_else(|| frame.get("Uri")),
            frame.get(field),
        ) else {
            return;
        };
        let Ok(number) = aor.parse::<Number>() else { return };
        if status == "Unreachable" {
            return self.add(By::Pjsip, number, uri.to_owned());
        }
        let key = (By::Pjsip, number);
        // Until it is heard whether a new one answers, nothing is known of it; the others are as they were.
        if let Some(contacts) = self.phones.get_mut(&key) {
            contacts.remove(uri);
            if contacts.is_empty() {
                self.phones.remove(&key);
            }
        }
    }

    fn add(&mut self, by: By, number: Number, contact: String) {
        if self.phones.len() < MOST_SILENT {
            self.phones.entry((by, number)).or_default().insert(contact);
        }
    }

    /// Takes that a request of an account was authenticated.
    fn heard(&mut self, number: &Number, now: Instant) {
        for by in [By::Pjsip, By::Sip] {
            let key = (by, number.clone());
            if self.phones.contains_key(&key) {
                let earliest = self.asked.get(&key).map_or(now, |asked| *asked + REST);
                self.back.entry(key).or_insert(earliest.max(now + SETTLE));
            }
        }
    }

    fn next(&self) -> Option<Instant> {
        self.back.values().min().copied()
    }

    /// Whom to ask now.
    fn due(&mut self, now: Instant) -> Vec<(By, Number)> {
        self.asked.retain(|_, asked| *asked + REST > now);
        let due: Vec<_> = self
            .back
            .iter()
            .filter(|(_, at)| **at <= now)
            .map(|(key, _)| key.clone())
            .collect();
        for key in &due {
            self.back.remove(key);
            self.asked.insert(key.clone(), now);
        }
        due.into_iter().filter(|key| self.phones.contains_key(key)).collect()
    }

    /// Asks which phones do not answer; false when there is no answer.
    async fn list(&mut self, node: &Node) -> bool {
        self.phones.clear();
        for (module, action, by) in [
            ("res_pjsip.so", Action::pjsip_show_contacts(), By::Pjsip),
            ("chan_sip.so", Action::sip_peers(), By::Sip),
        ] {
            match node.has_module(module).await {
                Some(true) => {}
                Some(false) => continue,
                None => return false,
            }
            match node.link.send(action).await {
                Outcome::Done(answer) => {
                    for item in answer.items() {
                        match by {
                            By::Pjsip => self.contact(item, "Status"),
                            By::Sip => self.peer(item),
                        }
                    }
                }
                // There are no contacts.
                Outcome::Refused(_) => {}
                Outcome::NotSent(_) | Outcome::Unknown(_) => return false,
            }
        }
        true
    }

    fn peer(&mut self, item: &Frame) {
        let is_silent = item
            .get("Status")
            .is_some_and(|status| status.starts_with("UNREACHABLE"));
        let number = item.get("ObjectName").and_then(|name| name.parse().ok());
        if let (true, Some(number)) = (is_silent, number) {
            self.add(By::Sip, number, String::new());
        }
    }
}

async fn ask(node: &Node, by: By, number: &Number) {
    let Ok(name) = Value::try_from(number.as_str()) else {
        return;
    };
    let action = match by {
        By::Pjsip => Action::pjsip_qualify(name),
        By::Sip => Action::sip_qualify_peer(name),
    };
    let outcome = node.link.send(action).await;
    tracing::debug!(node = %node.name, %number, ?outcome, "a phone that did not answer was heard of, and is asked");
}

#[cfg(test)]
mod tests {
    use peerage_ami::{Limits, Parser};

    use super::*;

    fn frame(lines: &[&str]) -> Frame {
        let mut parser = Parser::new(Limits::default());
        let text = format!("Asterisk Call Manager/9.0.0\r\n{}\r\n\r\n", lines.join("\r\n"));
        let mut frames = Vec::new();
        parser.feed(text.as_bytes(), &mut frames).unwrap();
        frames.remove(0)
    }

    fn contact(uri: &str, word: &str) -> Frame {
        let (uri, word) = (format!("URI: {uri}"), format!("ContactStatus: {word}"));
        frame(&["Event: ContactStatus", &uri, &word, "AOR: 1001"])
    }

    fn ada() -> Number {
        "1001".parse().unwrap()
    }

    #[test]
    fn only_a_phone_that_does_not_answer_is_asked_when_it_is_heard_of() {
        let (mut silent, now) = (Silent::default(), Instant::now());
        silent.heard(&ada(), now);
        assert_eq!(silent.next(), None);
        silent.event(&contact("sip:1001@10.0.0.1", "Unreachable"));
        silent.heard(&ada(), now);
        assert_eq!(silent.due(now), []);
        assert_eq!(silent.due(now + SETTLE), [(By::Pjsip, ada())]);
        // Not again and again.
        silent.heard(&ada(), now + SETTLE);
        assert_eq!(silent.due(now + 2 * SETTLE), []);
        assert_eq!(silent.due(now + SETTLE + REST), [(By::Pjsip, ada())]);
    }

    #[test]
    fn a_phone_that_answers_meanwhile_is_not_asked() {
        let (mut silent, now) = (Silent::default(), Instant::now());
        silent.event(&contact("sip:1001@10.0.0.1", "Unreachable"));
        silent.event(&contact("sip:1001@10.0.0.2", "Unreachable"));
        silent.event(&contact("sip:1001@10.0.0.1", "Reachable"));
        silent.heard(&ada(), now);
        silent.event(&contact("sip:1001@10.0.0.2", "Removed"));
        assert_eq!(silent.due(now + SETTLE), []);
    }
}
