//! An agent's state as it is told.

use jiff::Timestamp;
use peerage_model::{
    EndCause, EndReason, FullName, Interface, InterfaceKind, Number, OpenSession, Pause, PauseReason, QueueName,
    SessionState, Situation,
};
use serde::Serialize;

use super::super::{Context, describe};
use crate::args::Format;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::fields::{or_empty, yes_or_no};
use crate::table::Section;

/// What an agent is right now, apart from calls, of which the database knows nothing.
#[derive(Debug, Serialize)]
pub(super) struct Now {
    /// available, paused, partly_paused or offline.
    state: &'static str,
    /// Of a pause of all queues.
    state_reason: Option<PauseReason>,
    session: Option<Session>,
    /// As it stands in a sentence.
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

/// What a program is told of a change of state.
#[derive(Serialize)]
struct Outcome<'a> {
    agent: &'a Number,
    name: &'a FullName,
    changed: bool,
    #[serde(flatten)]
    now: &'a Now,
}

impl Now {
    pub(super) fn of(session: Option<&OpenSession>) -> Self {
        let state = session.map(|session| session.pauses.state(&session.queues));
        Self {
            state: state.as_ref().map_or("offline", SessionState::as_str),
            state_reason: match state {
                Some(SessionState::Paused(reason)) => reason,
                _ => None,
            },
            session: session.map(Session::of),
            place: or_empty(session.map(|session| &session.place)),
        }
    }

    /// The state with its reason, for people.
    pub(super) fn words(&self) -> String {
        match &self.state_reason {
            Some(reason) => format!("{} ({reason})", self.state),
            None => self.state.to_owned(),
        }
    }

    /// Where calls ring; empty when logged out.
    pub(super) fn place(&self) -> &str {
        &self.place
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

/// Tells what happened, and what is so now.
pub(super) fn tell(context: &Context, said: &str, changed: bool, after: &Situation) -> Result<Exit, Failure> {
    let now = Now::of(after.session.as_ref());
    context.printer.talk(said);
    match context.printer.format() {
        Format::Json => context.printer.json(&Outcome {
            agent: &after.number,
            name: &after.name,
            changed,
            now: &now,
        })?,
        Format::Csv => context.printer.rows(&HEADER, &[row(changed, after, &now)])?,
        Format::Table => context.printer.record(&(), &[section(after, &now)])?,
    }
    Ok(Exit::Done)
}

const HEADER: [&str; 9] = [
    "number",
    "changed",
    "state",
    "reason",
    "kind",
    "interface",
    "telephone",
    "since",
    "queues",
];

fn row(changed: bool, after: &Situation, now: &Now) -> Vec<String> {
    let session = now.session.as_ref();
    vec![
        after.number.to_string(),
        yes_or_no(changed),
        now.state.to_owned(),
        or_empty(now.state_reason.as_ref()),
        or_empty(session.map(|session| session.kind).as_ref()),
        or_empty(session.map(|session| &session.interface)),
        or_empty(session.and_then(|session| session.telephone.as_ref())),
        describe::time_or_none(session.map(|session| session.since)),
        session.map(Session::queues).unwrap_or_default(),
    ]
}

fn section(after: &Situation, now: &Now) -> Section {
    let fields = [
        ("agent", format!("{} ({})", after.number, after.name)),
        ("state", now.words()),
    ];
    let mut section = Section::new("", fields);
    let Some(session) = &now.session else {
        return section;
    };
    section.push("where", now.place());
    section.push("interface", session.interface.as_str());
    section.push("queues", session.queues());
    section.push("since", describe::time(session.since));
    for pause in &session.pauses {
        let (name, value) = pause.field();
        section.push(&name, value);
    }
    if let Some(leaving) = &session.leaving {
        section.push("leaves", format!("after the call, asked for by {}", leaving.by));
    }
    section
}
