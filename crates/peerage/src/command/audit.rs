//! `peerage audit`.

use peerage_store::{AuditEntry, AuditFilter};
use serde_json::Value;

use super::{Context, describe};
use crate::args::audit::Audit as Verb;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::ListColumn;
use crate::table::Section;

const LIST: &[ListColumn<AuditEntry>] = &[
    ("id", |entry| entry.id.to_string()),
    ("at", |entry| describe::time(entry.at)),
    ("actor", |entry| entry.actor.clone()),
    ("operation", |entry| entry.operation.clone()),
    ("relation", |entry| entry.relation.clone()),
    ("subject", |entry| entry.subject.clone().unwrap_or_default()),
    ("changed", changed),
];

pub(super) fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    let store = context.store()?;
    match verb {
        Verb::List(args) => {
            let entries = store.audit(&AuditFilter {
                subject: args.subject,
                relation: args.relation,
                actor: args.actor,
                since: args.since,
                before_id: args.before,
                limit: Some(args.limit),
            })?;
            context.printer.list(LIST, &entries)?;
        }
        Verb::Show(args) => {
            let entry = store.audit_entry(args.id)?;
            let address = entry.address.clone().map(|address| ("address", address));
            let fields = LIST.iter().map(|(name, write)| (*name, write(&entry))).chain(address);
            let sections = [
                Section::new("Change", fields),
                values("Before", entry.before.as_ref()),
                values("After", entry.after.as_ref()),
            ];
            context.printer.record(&entry, &sections)?;
        }
    }
    Ok(Exit::Done)
}

/// The columns that an update changed; of an insert or a delete it is all of them, which says nothing.
fn changed(entry: &AuditEntry) -> String {
    if entry.operation != "update" {
        return String::new();
    }
    let after = entry.after.as_ref().and_then(Value::as_object);
    let names = after.map(|after| after.keys().map(String::as_str).collect::<Vec<_>>());
    names.unwrap_or_default().join(",")
}

fn values(title: &'static str, row: Option<&Value>) -> Section {
    let columns = row.and_then(Value::as_object).into_iter().flatten();
    Section::new(
        title,
        columns.map(|(name, value)| {
            let text = match value {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            (name.clone(), text)
        }),
    )
}
