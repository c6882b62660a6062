//! `peerage pause-reason`.

use peerage_store::Reason;

use super::Context;
use crate::args::pause_reason::PauseReason as Verb;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::ListColumn;
use peerage_store::fields::{or_empty, yes_or_no};

/// By the names of the flags.
const LIST: &[ListColumn<Reason>] = &[
    ("code", |reason| reason.code.to_string()),
    ("label", |reason| reason.label.clone()),
    ("productive", |reason| yes_or_no(reason.productive)),
    ("max-seconds", |reason| or_empty(reason.max_seconds.as_ref())),
    ("selectable", |reason| yes_or_no(reason.selectable)),
    ("default", |reason| yes_or_no(reason.is_default)),
    ("system", |reason| yes_or_no(reason.system)),
];

pub(super) fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    let store = context.store()?;
    let printer = context.printer;
    match verb {
        Verb::Add(change) => {
            store.add_pause_reason(&change.code, &change.fields.into_patch())?;
            printer.talk(format_args!("added pause reason {}", change.code));
        }
        Verb::List => {
            let mut reasons = store.pause_reasons()?;
            // The database sorts by its own language.
            reasons.sort_by(|one, other| one.code.as_str().cmp(other.code.as_str()));
            printer.list(LIST, &reasons)?;
        }
        Verb::Set(change) => {
            let changed = store.set_pause_reason(&change.code, &change.fields.into_patch())?;
            let verb = if changed { "changed" } else { "nothing changed in" };
            printer.talk(format_args!("{verb} pause reason {}", change.code));
        }
        Verb::Remove(one) => {
            store.remove_pause_reason(&one.code)?;
            printer.talk(format_args!("removed pause reason {}", one.code));
        }
    }
    Ok(Exit::Done)
}
