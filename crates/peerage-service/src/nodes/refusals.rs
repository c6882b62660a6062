//! Counts whom a node refuses, from Asterisk's security events, and passes on who was let in.
//!
//! They come over a connection of their own. A flood of refused requests is a flood of these events, and Asterisk does one
//! action of a connection after the other, with the events before it: agents' pauses must not wait behind them.

use jiff::Timestamp;
use peerage_ami::{Frame, Limits, Link, Notice, Settings, Value};

use super::Node;
use crate::memory::{Refusal, Why};

/// Longest line of an event, in bytes: `chan_sip` takes a packet of 20 kB, and puts a name of that length into it.
const MAX_LINE: usize = 64 * 1024;

/// Counts until the node's link is shut down.
pub(super) async fn run(node: Node) {
    let mut shut_down = node.link.subscribe();
    let Ok(settings) = settings(&node) else { return };
    let link = Link::open(settings);
    let mut notices = link.subscribe();
    let refusals = node.app.refusals();
    refusals.watch(&node.name, link.state().borrow().is_up(), Timestamp::now());
    loop {
        tokio::select! {
            notice = notices.next() => match notice {
                Some(Notice::Event(event)) => note(&node, &event),
                Some(Notice::Missed(count)) => {
                    refusals.miss(&node.name, count, Timestamp::now());
                    node.app.metrics().refused(&node.name, "missed", count);
                }
                Some(Notice::Up) => refusals.watch(&node.name, true, Timestamp::now()),
                Some(Notice::Down) => refusals.watch(&node.name, false, Timestamp::now()),
                None => break,
            },
            notice = shut_down.next() => if notice.is_none() {
                break;
            },
        }
    }
    link.shut_down().await;
    refusals.forget(&node.name);
}

fn settings(node: &Node) -> Result<Settings, peerage_ami::Invalid> {
    Ok(Settings {
        events: Value::try_from("security")?,
        // What says that Asterisk has booted is of another class.
        boot_within: None,
        limits: Limits {
            line: MAX_LINE,
            ..Limits::default()
        },
        ..node.settings.clone()
    })
}

fn note(node: &Node, event: &Frame) {
    if event.event() == Some("SuccessfulAuth") {
        if let Some(Ok(account)) = event.get("AccountID").map(str::parse) {
            // An error only says that nobody waits for it.
            let _ = node.authenticated.send(account);
        }
        return;
    }
    if let Some(refusal) = refusal(event) {
        node.app.refusals().add(&node.name, &refusal, Timestamp::now());
        node.app.metrics().refused(&node.name, refusal.why.word(), 1);
    }
}

/// The refusal that an event tells of; none for a challenge or a success, which are no refusals.
///
/// # Source
///
/// `include/asterisk/security_events_defs.h` and `main/security_events.c`, Asterisk 16.28 and 22.10. `res_pjsip` tells of a wrong
/// answer to a challenge of an unknown account twice; the second time the account is `<unknown>`.
fn refusal(event: &Frame) -> Option<Refusal<'_>> {
    let service = event.get("Service").unwrap_or_default();
    let why = match event.event()? {
        // An action that this Asterisk does not know, of a program that has signed in: nobody was refused.
        "RequestBadFormat" if service == "AMI" => return None,
        "InvalidAccountID" => Why::UnknownAccount,
        "ChallengeResponseFailed" | "InvalidPassword" => Why::WrongSecret,
        "FailedACL" | "UnexpectedAddress" => Why::Address,
        "InvalidTransport"
        | "RequestNotAllowed"
        | "RequestNotSupported"
        | "RequestBadFormat"
        | "AuthMethodNotAllowed"
        | "SessionLimit"
        | "MemoryLimit"
        | "LoadAverageLimit" => Why::Other,
        _ => return None,
    };
    let account = event.get("AccountID").unwrap_or_default();
    if account == "<unknown>" && why == Why::WrongSecret {
        return None;
    }
    Some(Refusal {
        account,
        address: address(event.get("RemoteAddress").unwrap_or_default()),
        service,
        why,
    })
}

/// The address out of `IPV4/UDP/192.0.2.9/5060`; the port is another one each time.
fn address(remote: &str) -> &str {
    remote.split('/').nth(2).unwrap_or(remote)
}

#[cfg(test)]
mod tests {
    use peerage_ami::Parser;

    use super::*;

    fn event(lines: &[&str]) -> Frame {
        let mut parser = Parser::new(Limits::default());
        let text = format!("Asterisk Call Manager/9.0.0\r\n{}\r\n\r\n", lines.join("\r\n"));
        let mut frames = Vec::new();
        parser.feed(text.as_bytes(), &mut frames).unwrap();
        frames.remove(0)
    }

    fn why(name: &str, account: &str) -> Option<Why> {
        let event = event(&[&format!("Event: {name}"), &format!("AccountID: {account}")]);
        refusal(&event).map(|refusal| refusal.why)
    }

    #[test]
    fn challenges_and_successes_are_no_refusals() {
        assert_eq!(why("ChallengeSent", "1001"), None);
        assert_eq!(why("SuccessfulAuth", "1001"), None);
        assert_eq!(why("InvalidAccountID", "9999"), Some(Why::UnknownAccount));
        assert_eq!(why("InvalidPassword", "1001"), Some(Why::WrongSecret));
    }

    #[test]
    fn wrong_answer_of_an_unknown_account_counts_once() {
        assert_eq!(why("InvalidAccountID", "9999"), Some(Why::UnknownAccount));
        assert_eq!(why("ChallengeResponseFailed", "<unknown>"), None);
        assert_eq!(why("ChallengeResponseFailed", "1001"), Some(Why::WrongSecret));
    }

    #[test]
    fn address_stands_without_its_port() {
        assert_eq!(address("IPV4/UDP/192.0.2.9/5060"), "192.0.2.9");
        assert_eq!(address("IPV6/TCP/2001:db8::9/5060"), "2001:db8::9");
        assert_eq!(address("odd"), "odd");
    }
}
