//! Agents and phones for people: list columns and shared sections.

use jiff::Timestamp;
use peerage_store::{Account, Registration};

use crate::table::Section;
use peerage_store::fields::account::{FIELDS, Patch, Record};
use peerage_store::fields::{Field, voice};

/// Formats a time in UTC, to the second.
pub(super) fn time(moment: Timestamp) -> String {
    let second = Timestamp::from_second(moment.as_second()).unwrap_or(moment);
    second.to_string()
}

/// Formats an optional time.
pub(super) fn time_or_none(moment: Option<Timestamp>) -> String {
    moment.map(time).unwrap_or_default()
}

/// The Account section: these fields between the number and what both kinds have.
pub(super) fn account<P: Patch, R: Record>(own: &[Field<P, R>], record: &R) -> Section {
    let shared = record.account();
    let mut fields = vec![("number", shared.number.to_string())];
    fields.extend(own.iter().map(|field| (field.name, (field.write)(record))));
    fields.extend(FIELDS.iter().map(|field| (field.name, (field.write)(shared))));
    let secret = match &shared.secret {
        Some(secret) => {
            let weak = if secret.weak { ", weak: a common secret" } else { "" };
            format!("for realm {}, set {}{weak}", secret.realm, time(secret.changed_at))
        }
        None => "none".to_owned(),
    };
    fields.push(("secret", secret));
    fields.push(("created", time(shared.created_at)));
    Section::new("Account", fields)
}

/// The Voice section.
pub(super) fn voice(account: &Account) -> Section {
    let fields = voice::FIELDS
        .iter()
        .map(|field| (field.name, (field.write)(&account.voice)));
    Section::new("Voice", fields)
}

/// The Registration section: a device on a line.
pub(super) fn registration(account: &Account) -> Section {
    let mut fields = vec![("registered".to_owned(), yes(account.is_registered()))];
    for (position, one) in account.registrations.iter().enumerate() {
        fields.push((format!("device {}", position + 1), device(one)));
    }
    Section::new("Registration", fields)
}

fn yes(value: bool) -> String {
    peerage_store::fields::yes_or_no(value)
}

fn device(one: &Registration) -> String {
    let uri = one.uri.as_deref().unwrap_or("no contact");
    let mut said = vec![uri.to_owned()];
    said.extend(one.address.as_ref().map(|address| format!("from {address}")));
    said.extend(one.user_agent.as_ref().map(|agent| format!("with {agent}")));
    let node = if one.node.is_empty() {
        "unknown"
    } else {
        one.node.as_str()
    };
    said.push(format!("by {} on node {node}", one.driver));
    said.extend(one.expires_at.map(|end| {
        let verb = if one.live { "until" } else { "expired" };
        format!("{verb} {}", time(end))
    }));
    said.join(", ")
}
