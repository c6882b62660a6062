//! `peerage queue`.

use std::io::Write as _;

use jiff::Timestamp;
use peerage_model::Number;
use peerage_store::{Assigned, LoggedAs, Queue, Store};

use super::Context;
use crate::args::queue::{Assign, Log, NamedAs, Queue as Verb, Set, Unassign};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::ListColumn;
use crate::table::Section;
use peerage_store::fields::{or_empty, yes_or_no};

const LIST: &[ListColumn<Queue>] = &[
    ("name", |queue| queue.name.to_string()),
    ("description", |queue| or_empty(queue.description.as_ref())),
    ("strategy", |queue| queue.strategy.clone()),
    ("timeout", |queue| queue.timeout_seconds.to_string()),
    ("wrapup", |queue| queue.wrapup_seconds.to_string()),
    ("weight", |queue| queue.weight.to_string()),
    ("assigned", |queue| queue.agents.len().to_string()),
    ("logged-in", |queue| count(queue, |agent| agent.logged_in)),
    ("paused", |queue| count(queue, |agent| agent.paused)),
];

/// Named like the flags.
const FIELDS: &[ListColumn<Queue>] = &[
    ("name", |queue| queue.name.to_string()),
    ("description", |queue| or_empty(queue.description.as_ref())),
    ("strategy", |queue| queue.strategy.clone()),
    ("timeout", |queue| queue.timeout_seconds.to_string()),
    ("retry", |queue| queue.retry_seconds.to_string()),
    ("wrapup", |queue| queue.wrapup_seconds.to_string()),
    ("max-length", |queue| queue.max_length.to_string()),
    ("weight", |queue| queue.weight.to_string()),
    ("service-level", |queue| queue.service_level_seconds.to_string()),
    ("ring-in-use", |queue| yes_or_no(queue.ring_in_use)),
    ("autopause", |queue| queue.autopause.clone()),
    ("join-empty", |queue| queue.join_empty.clone()),
    ("leave-when-empty", |queue| queue.leave_when_empty.clone()),
    ("music-class", |queue| or_empty(queue.music_class.as_ref())),
];

pub(super) fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    let store = context.store()?;
    let printer = context.printer;
    match verb {
        Verb::Add(args) => {
            store.add_queue(&args.name, &args.fields.into_patch())?;
            printer.talk(format_args!("added queue {}", args.name));
            warn(&store.queue(&args.name)?, context);
        }
        Verb::List => printer.list(LIST, &store.queues()?)?,
        Verb::Show(one) => show(&store.queue(&one.name)?, context)?,
        Verb::Set(args) => {
            let Set { present, name, fields } = *args;
            let mut patch = fields.into_patch();
            patch.name = name;
            let before = store.queue(&present)?;
            let changed = store.set_queue(&present, &patch)?;
            let verb = if changed { "changed" } else { "nothing changed in" };
            printer.talk(format_args!("{verb} queue {present}"));
            if let Some(needed) = before.needs_restart(&patch) {
                printer.warn(format_args!("{needed}"));
            }
            if patch.strategy.is_some() {
                warn(&store.queue(patch.name.as_ref().unwrap_or(&present))?, context);
            }
        }
        Verb::Remove(one) => {
            store.remove_queue(&one.name)?;
            printer.talk(format_args!("removed queue {}", one.name));
        }
        Verb::Assign(Assign { name, agent, penalty }) => {
            if store.assign(&name, &agent, penalty)? {
                printer.talk(format_args!(
                    "assigned agent {agent} to queue {name} with penalty {penalty}"
                ));
            } else {
                printer.talk(format_args!(
                    "nothing changed: agent {agent} is already assigned to queue {name} with penalty {penalty}"
                ));
            }
            joined(&store.queue(&name)?, &agent, context);
        }
        Verb::Log(args) => log(&args, &store, context)?,
        Verb::Unassign(Unassign { name, agent }) => {
            if store.unassign(&name, &agent)? {
                printer.talk(format_args!("removed agent {agent} from queue {name}"));
            } else {
                printer.talk(format_args!(
                    "nothing changed: agent {agent} is not assigned to queue {name}"
                ));
            }
        }
    }
    Ok(Exit::Done)
}

/// Page by page, so that memory stays small however long the log is.
fn log(args: &Log, store: &Store, context: &Context) -> Result<(), Failure> {
    const PAGE: u32 = 10_000;
    let logged_as = match args.agents {
        NamedAs::Number => LoggedAs::Number,
        NamedAs::AgentNumber => LoggedAs::Code,
        NamedAs::Name => LoggedAs::Name,
    };
    let mut stream = context.printer.stream();
    let mut after = (args.since.unwrap_or(Timestamp::UNIX_EPOCH), 0);
    loop {
        let lines = store.queue_log(after, args.until, PAGE, logged_as)?;
        for line in &lines {
            writeln!(stream, "{}", line.text).map_err(|error| Failure::output(&error))?;
        }
        match lines.last() {
            Some(last) if lines.len() == PAGE as usize => after = (last.time, last.id),
            _ => break,
        }
    }
    stream.flush().map_err(|error| Failure::output(&error))
}

/// Reports that an assigned agent is a member now.
fn joined(queue: &Queue, number: &Number, context: &Context) {
    let found = queue.agents.iter().find(|assigned| assigned.agent == *number);
    if let Some(state) = found.filter(|assigned| assigned.logged_in).map(state) {
        context.printer.talk(format_args!("agent {number} is {state} there"));
    }
}

fn warn(queue: &Queue, context: &Context) {
    for warning in queue.warnings() {
        context.printer.warn(format_args!("queue {}: {warning}", queue.name));
    }
}

fn show(queue: &Queue, context: &Context) -> Result<(), Failure> {
    let fields = FIELDS.iter().map(|(name, write)| (*name, write(queue)));
    let options = queue.options.iter().map(|(name, value)| (name, value.clone()));
    let agents = queue.agents.iter().map(|assigned| {
        let said = format!("penalty {}, {}", penalty(assigned), state(assigned));
        (assigned.agent.as_str(), said)
    });
    context.printer.record(
        queue,
        &[
            Section::new("Queue", fields),
            Section::new("Options", options),
            Section::new("Agents", agents),
        ],
    )?;
    warn(queue, context);
    Ok(())
}

/// The current penalty, and the assigned one if Asterisk has changed it.
fn penalty(assigned: &Assigned) -> String {
    let (now, then) = (assigned.penalty, assigned.assigned_penalty);
    match now == i64::from(then.get()) {
        true => now.to_string(),
        false => format!("{now} (set in Asterisk; assigned: {then})"),
    }
}

fn state(assigned: &Assigned) -> &'static str {
    match (assigned.logged_in, assigned.paused) {
        (false, _) => "logged out",
        (true, false) => "logged in",
        (true, true) => "logged in and paused",
    }
}

fn count(queue: &Queue, wanted: fn(&Assigned) -> bool) -> String {
    queue.agents.iter().filter(|agent| wanted(agent)).count().to_string()
}
