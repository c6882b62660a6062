//! Tells pages when a telephone registers or no longer is: Asterisk writes that without a notification, because there are so many.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use peerage_ami::{Frame, Notice};
use peerage_model::Number;
use tokio::time::Instant;

use super::Node;
use super::calls::at;
use crate::memory::{Change, Which};

/// From the first event until pages look: chan_sip writes to the database a moment after it tells, and after a start of Asterisk
/// many telephones come at once.
const SETTLE: Duration = Duration::from_millis(300);

/// Most addresses that are remembered of a node. Beyond them all are forgotten, and a refresh is told as news once more.
const MOST_KNOWN: usize = 50_000;
/// Most bytes of an address that is remembered; res_pjsip takes no longer contact (`pjsip_max_url_size`).
const MOST_BYTES: usize = 512;

/// Watches a node's telephones until its link is shut down.
pub(super) async fn run(node: Node) {
    let mut notices = node.link.subscribe();
    let mut seen = Seen::default();
    let mut due = None;
    loop {
        tokio::select! {
            biased;
            () = at(due) => {
                due = None;
                tell(&node, std::mem::take(&mut seen.changed));
            }
            notice = notices.next() => match notice {
                Some(Notice::Event(event)) => {
                    if seen.event(&event) && due.is_none() {
                        due = Some(Instant::now() + SETTLE);
                    }
                }
                // Pages look at everything when a link comes up; from then on each event counts.
                Some(Notice::Up | Notice::Missed(_)) => seen.known.clear(),
                Some(Notice::Down) => {}
                None => break,
            }
        }
    }
}

/// Tells of these accounts, and of the agents whose calls ring there.
pub(super) fn tell(node: &Node, accounts: BTreeSet<Number>) {
    let calls = node.app.calls();
    let agents: BTreeSet<Number> = accounts.iter().filter_map(|account| calls.agent_at(account)).collect();
    node.app
        .hub()
        .tell(Change::Registrations(Which::of(agents.into_iter().chain(accounts))));
}

/// What a node has said of registrations.
#[derive(Debug, Default)]
struct Seen {
    /// The addresses that are registered, as far as was said.
    known: HashSet<Address>,
    /// Whose are otherwise than before, and not told yet.
    changed: BTreeSet<Number>,
}

impl Seen {
    /// Takes an event; true when it says something new. A registration that is only refreshed is nothing new.
    fn event(&mut self, event: &Frame) -> bool {
        let Some((address, is_registered)) = registration(event) else {
            return false;
        };
        let account = address.account.clone();
        if self.known.len() >= MOST_KNOWN {
            self.known.clear();
        }
        let is_new = match is_registered {
            true => self.known.insert(address),
            false => {
                self.known.remove(&address);
                true
            }
        };
        is_new && self.changed.insert(account)
    }
}

/// A telephone of an account; of chan_sip's, which have one each, without its address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Address {
    account: Number,
    uri: Option<String>,
}

/// Which registration an event is about, and whether it is there.
///
/// # Source
///
/// Asterisk 16.28 and 22.10, as heard: a contact's `ContactStatus` is `NonQualified` when it is new, says then whether it answers,
/// and is `Removed` in the end (`res/res_pjsip/pjsip_options.c`). The `PeerStatus` of `channels/chan_sip.c` is `Registered` at each
/// REGISTER and `Unregistered` in the end; its other words, and PJSIP's, say whether a telephone answers.
fn registration(event: &Frame) -> Option<(Address, bool)> {
    let (account, uri, is_registered) = match event.event()? {
        "ContactStatus" => {
            let uri = event.get("URI").filter(|uri| uri.len() <= MOST_BYTES)?.to_owned();
            (event.get("AOR")?, Some(uri), event.get("ContactStatus")? != "Removed")
        }
        "PeerStatus" => {
            let is_registered = match event.get("PeerStatus")? {
                "Registered" => true,
                "Unregistered" => false,
                _ => return None,
            };
            (event.get("Peer")?.strip_prefix("SIP/")?, None, is_registered)
        }
        _ => return None,
    };
    let account = account.parse().ok()?;
    Some((Address { account, uri }, is_registered))
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

    fn contact(aor: &str, host: &str, word: &str) -> Frame {
        frame(&[
            "Event: ContactStatus",
            &format!("URI: sip:{aor}@{host}"),
            &format!("ContactStatus: {word}"),
            &format!("AOR: {aor}"),
        ])
    }

    fn peer(peer: &str, word: &str) -> Frame {
        frame(&[
            "Event: PeerStatus",
            &format!("Peer: {peer}"),
            &format!("PeerStatus: {word}"),
        ])
    }

    /// Whether each event is new; what is new is told before the next.
    fn new(events: &[Frame]) -> Vec<bool> {
        let mut seen = Seen::default();
        let told = events.iter().map(|event| {
            let is_new = seen.event(event);
            assert_eq!(is_new, !std::mem::take(&mut seen.changed).is_empty());
            is_new
        });
        told.collect()
    }

    #[test]
    fn what_comes_and_goes_is_new_and_what_is_refreshed_or_answers_is_not() {
        let contacts = ["NonQualified", "Reachable", "Unreachable", "Removed", "NonQualified"];
        let said = new(&contacts.map(|word| contact("1001", "10.0.0.1", word)));
        assert_eq!(said, [true, false, false, true, true]);
        let peers = ["Registered", "Registered", "Lagged", "Unregistered", "Registered"];
        let said = new(&peers.map(|word| peer("SIP/1001", word)));
        assert_eq!(said, [true, false, false, true, true]);
    }

    #[test]
    fn each_telephone_of_an_account_counts() {
        let said = new(&[
            contact("1001", "10.0.0.1", "NonQualified"),
            contact("1001", "10.0.0.2", "NonQualified"),
            contact("1001", "10.0.0.1", "Removed"),
            contact("1001", "10.0.0.2", "Removed"),
        ]);
        assert_eq!(said, [true; 4]);
    }

    #[test]
    fn what_is_no_registration_of_an_account_is_left_alone() {
        let said = new(&[
            // Says the same as its ContactStatus, or nothing about a registration.
            peer("PJSIP/1001", "Reachable"),
            contact("no account", "10.0.0.1", "Removed"),
            frame(&["Event: FullyBooted"]),
        ]);
        assert_eq!(said, [false; 3]);
    }
}
