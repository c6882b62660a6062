//! An agent's current state, as shown.

use jiff::Timestamp;
use peerage_model::{
    DisplayState, EndCause, EndReason, FullName, Interface, InterfaceKind, Number, OpenSession, Pause, PauseReason,
    QueueName, Situation, Unreachable,
};
use peerage_store::Store;
use serde::Serialize;

use super::super::{Context, describe};
use super::words;
use crate::args::Format;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::table::Section;
use peerage_store::fields::{or_empty, yes_or_no};

/// An agent's current state; calls as the services last saw them.
#[derive(Debug, Serialize)]
pub(in crate::command) struct Now {
    /// on_call, ringing, available, paused, partly_paused, unreachable or offline.
    state: &'static str,
    /// Of a pause of all queues.
    state_reason: Option<PauseReason>,
    /// For an offline agent, the last logout.
    state_since: Option<Timestamp>,
    /// The nodes that cannot ring the device.
    unreachable_at: Vec<Unreachable>,
    session: Option<Session>,
    /// The state as people read it.
    #[serde(skip)]
    shown: String,
    /// Where calls ring, as people read it.
    #[serde(skip)]
    place: String,
}

#[derive(Debug, Serialize)]
struct Session {
    kind: InterfaceKind,
    interface: Interface,
    telephone: Option<Number>,
    since: Timestamp,
    queues: Vec<QueueName>,
    pauses: Vec<Paused>,
    leaving: Option<Leaving>,
}

#[derive(Debug, Serialize)]
struct Paused {
    /// None for all.
    queue: Option<QueueName>,
    reason: Option<PauseReason>,
    by: String,
    forced: bool,
    since: Timestamp,
}

/// A logout that waits for the end of the call.
#[derive(Debug, Serialize)]
struct Leaving {
    by: String,
    cause: EndCause,
    reason: Option<EndReason>,
}

/// JSON output of a state change.
#[derive(Serialize)]
struct Outcome<'a> {
    agent: &'a Number,
    name: &'a FullName,
    changed: bool,
    #[serde(flatten)]
    now: &'a Now,
}

/// The agent of this situation, as a list would show him or her.
pub(in crate::command) fn of(store: &Store, situation: &Situation) -> Result<Now, Failure> {
    let listed = store.agents_now(&[&situation.number])?.remove(&situation.number);
    let session = situation.session.as_ref();
    // An agent who was removed a moment ago is logged out.
    let (state, since, unreachable_at) = listed.map_or((DisplayState::Offline, None, Vec::new()), |now| {
        let now = now.with_call();
        (now.state, now.since, now.unreachable_at)
    });
    Ok(Now {
        state: state.as_str(),
        state_reason: words::reason(&state).cloned(),
        state_since: since,
        unreachable_at,
        session: session.map(Session::of),
        shown: words::state(&state),
        place: session.map(|session| words::place(&session.place)).unwrap_or_default(),
    })
}

impl Now {
    /// The State section.
    pub(in crate::command) fn section(&self) -> Section {
        let mut section = Section::new("State", [("state", self.shown.clone())]);
        self.add_to(&mut section);
        section
    }

    fn add_to(&self, section: &mut Section) {
        section.push("since", describe::time_or_none(self.state_since));
        let Some(session) = &self.session else {
            return;
        };
        section.push("where", self.place.clone());
        section.push("interface", session.interface.as_str());
        section.push("queues", session.queues());
        section.push("logged-in-since", describe::time(session.since));
        for at in &self.unreachable_at {
            section.push("unreachable", at.to_string());
        }
        for pause in &session.pauses {
            let (name, value) = pause.field();
            section.push(&name, value);
        }
        if let Some(leaving) = &session.leaving {
            section.push("leaves", format!("after the call, requested by {}", leaving.by));
        }
    }
}

impl Session {
    fn of(session: &OpenSession) -> Self {
        let all = session.pauses.all.iter().map(|pause| Paused::of(None, pause));
        let single = session.pauses.single.iter();
        Self {
            kind: session.place.kind,
            interface: session.place.interface.clone(),
            telephone: session.place.telephone.clone(),
            since: session.since,
            queues: session.queues.iter().cloned().collect(),
            pauses: all
                .chain(single.map(|(queue, pause)| Paused::of(Some(queue), pause)))
                .collect(),
            leaving: session.leaving.as_ref().map(|leaving| Leaving {
                by: leaving.by.clone(),
                cause: leaving.cause,
                reason: leaving.reason.clone(),
            }),
        }
    }

    fn queues(&self) -> String {
        let names: Vec<&str> = self.queues.iter().map(QueueName::as_str).collect();
        names.join(",")
    }
}

impl Paused {
    fn of(queue: Option<&QueueName>, pause: &Pause) -> Self {
        Self {
            queue: queue.cloned(),
            reason: pause.reason.clone(),
            by: pause.by.clone(),
            forced: pause.forced,
            since: pause.since,
        }
    }

    fn field(&self) -> (String, String) {
        let name = match &self.queue {
            Some(queue) => format!("pause in {queue}"),
            None => "pause".to_owned(),
        };
        let reason = self.reason.as_ref().map_or("no reason", PauseReason::as_str);
        (
            name,
            format!("{reason}, by {}, since {}", self.by, describe::time(self.since)),
        )
    }
}

/// Prints what happened and the new state.
pub(super) fn tell(
    context: &Context,
    store: &Store,
    said: &str,
    changed: bool,
    after: &Situation,
) -> Result<Exit, Failure> {
    let now = of(store, after)?;
    context.printer.talk(said);
    let takes_calls = [DisplayState::Unreachable.as_str(), DisplayState::Available.as_str()].contains(&now.state);
    if let (Some(session), true) = (&now.session, takes_calls && !now.unreachable_at.is_empty()) {
        let (number, interface) = (&after.number, &session.interface);
        let why = words::unreachable(&now.unreachable_at);
        let what = match now.unreachable_at.iter().all(|at| at.node.is_none()) {
            true => "calls cannot ring there yet",
            false => "queue calls from these nodes cannot ring there",
        };
        context
            .printer
            .warn(format_args!("{number}: {interface}: {what}: {why}"));
    }
    match context.printer.format() {
        Format::Json => context.printer.json(&Outcome {
            agent: &after.number,
            name: &after.name,
            changed,
            now: &now,
        })?,
        Format::Csv => context.printer.rows(&HEADER, &[row(changed, after, &now)])?,
        Format::Table => {
            let agent = format!("{} ({})", after.number, after.name);
            let mut section = Section::new("", [("agent", agent), ("state", now.shown.clone())]);
            now.add_to(&mut section);
            context.printer.record(&(), &[section])?;
        }
    }
    Ok(Exit::Done)
}

/// As the list of agents has them.
const HEADER: [&str; 10] = [
    "number",
    "changed",
    "state",
    "reason",
    "state-since",
    "kind",
    "interface",
    "telephone",
    "logged-in-since",
    "queues",
];

fn row(changed: bool, after: &Situation, now: &Now) -> Vec<String> {
    let session = now.session.as_ref();
    vec![
        after.number.to_string(),
        yes_or_no(changed),
        now.state.to_owned(),
        or_empty(now.state_reason.as_ref()),
        describe::time_or_none(now.state_since),
        or_empty(session.map(|session| session.kind).as_ref()),
        or_empty(session.map(|session| &session.interface)),
        or_empty(session.and_then(|session| session.telephone.as_ref())),
        describe::time_or_none(session.map(|session| session.since)),
        session.map(Session::queues).unwrap_or_default(),
    ]
}
