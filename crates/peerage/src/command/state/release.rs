//! `peerage phone release`.

use std::collections::BTreeSet;

use peerage_model::{FullName, Number};
use serde::Serialize;

use super::super::Context;
use super::actor;
use crate::args::Format;
use crate::args::release::Release as Verb;
use crate::exit::Exit;
use crate::failure::Failure;
use peerage_store::fields::{or_empty, yes_or_no};

/// JSON output.
#[derive(Serialize)]
struct Outcome<'a> {
    phone: &'a Number,
    changed: bool,
    /// The agent who was logged out.
    agent: Option<&'a Number>,
    name: Option<&'a FullName>,
}

pub(in crate::command) fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    let Verb::Release(args) = verb;
    let store = context.store()?;
    let phone = &args.number;
    // Only the current user matters here, not whether the phone is offered.
    let seen = store.phones_now(&[phone], &BTreeSet::new())?.remove(phone);
    let changed = store.release_phone(phone, args.reason.as_ref(), &actor(&store))?;
    let holder = seen.and_then(|seen| seen.used_by).filter(|_| changed);
    let printer = context.printer;
    match (&holder, changed) {
        (Some(holder), _) => printer.talk(format_args!(
            "released phone {phone}: agent {} ({}) is logged out",
            holder.agent, holder.name
        )),
        (None, true) => printer.talk(format_args!("released phone {phone}")),
        (None, false) => printer.talk(format_args!("nothing changed: phone {phone} is already free")),
    }
    let agent = holder.as_ref().map(|holder| &holder.agent);
    let name = holder.as_ref().map(|holder| &holder.name);
    match printer.format() {
        Format::Json => printer.json(&Outcome {
            phone,
            changed,
            agent,
            name,
        })?,
        Format::Csv => printer.rows(
            &["number", "changed", "agent"],
            &[vec![phone.to_string(), yes_or_no(changed), or_empty(agent)]],
        )?,
        Format::Table => {}
    }
    Ok(Exit::Done)
}
