//! Ends a chan_sip registration that its node does not end.
//!
//! A chan_sip that keeps peers in memory clears a registration in the database only if it has once read it from there. So
//! when it says that a telephone has unregistered, it is asked, and if it means it, the registration is ended in its name.

use std::collections::BTreeSet;

use peerage_ami::{Action, Name, Notice, Outcome, Value};
use peerage_model::Number;

use super::{Node, registrations};

/// Watches a node's telephones until its link is shut down.
pub(super) async fn run(node: Node) {
    let mut notices = node.link.subscribe();
    while let Some(notice) = notices.next().await {
        if let Notice::Event(event) = notice
            && event.event() == Some("PeerStatus")
            && event.get("PeerStatus") == Some("Unregistered")
            && let Some(number) = event.get("Peer").and_then(|peer| peer.strip_prefix("SIP/"))
            && let Ok(number) = number.parse()
        {
            end(&node, number).await;
        }
    }
}

async fn end(node: &Node, number: Number) {
    let looked_up = number.clone();
    let written = match node.app.db(move |store| store.sip_registration(&looked_up)).await {
        Ok(Some(registration)) if registration.node == node.name.as_str() => registration.written_at,
        Ok(_) => return,
        Err(error) => return failed(node, &number, &error),
    };
    // Asked after the registration was read: what is written since is another one.
    if !is_gone(node, &number).await {
        return;
    }
    let (ended, by) = (number.clone(), node.name.clone());
    if let Err(error) = node
        .app
        .db(move |store| store.end_sip_registration(&ended, &by, written))
        .await
    {
        return failed(node, &number, &error);
    }
    registrations::tell(node, BTreeSet::from([number]));
}

/// Whether chan_sip has no address for a telephone; not when it does not say.
async fn is_gone(node: &Node, number: &Number) -> bool {
    let show = || {
        let peer = (Name::try_from("Peer").ok()?, Value::try_from(number.as_str()).ok()?);
        Action::new(Name::try_from("SIPshowpeer").ok()?, [peer]).ok()
    };
    let Some(show) = show() else { return false };
    match node.link.send(show).await {
        Outcome::Done(answer) => answer
            .response()
            .get("Address-IP")
            .is_some_and(|address| matches!(address, "" | "(null)" | "-none-")),
        _ => false,
    }
}

fn failed(node: &Node, number: &Number, error: &peerage_store::StoreError) {
    tracing::warn!(node = %node.name, %number, %error, "a registration that has ended stays until it runs out");
}
