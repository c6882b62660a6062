//! `peerage agent history`.

use jiff::{SignedDuration, Timestamp};
use peerage_model::{Number, PauseReason};
use peerage_store::{History, PauseRecord, SessionRecord};
use serde::Serialize;

use super::super::Context;
use crate::args::Format;
use crate::args::state::History as Args;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::table::{self, Section};
use peerage_store::fields::or_empty;

mod clock;

use clock::Clock;

/// JSON output.
#[derive(Serialize)]
struct Document<'a> {
    agent: &'a Number,
    time_zone: &'a str,
    from: Timestamp,
    to: Timestamp,
    sessions: &'a [SessionRecord],
    pauses: &'a [PauseRecord],
    totals: Vec<Total>,
}

/// Time spent in a state.
#[derive(Serialize)]
struct Total {
    /// `logged_in` is the sum of the others.
    state: &'static str,
    reason: Option<PauseReason>,
    seconds: f64,
    #[serde(skip)]
    duration: SignedDuration,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let store = context.store()?;
    let clock = Clock::of(&store, &args.number)?;
    let (from, to) = clock.window(args, Timestamp::now())?;
    let history = store.history(&args.number, from, to)?;
    let totals = totals(&history);
    let printer = context.printer;
    match printer.format() {
        Format::Json => printer.json(&Document {
            agent: &args.number,
            time_zone: &clock.name,
            from,
            to,
            sessions: &history.sessions,
            pauses: &history.pauses,
            totals,
        })?,
        Format::Csv => printer.rows(&HEADER, &rows(&history, &totals, &clock))?,
        Format::Table => {
            let (begin, end) = (clock.shows(from), clock.shows(to));
            printer.talk(format_args!(
                "agent {} from {begin} to {end}, {}",
                args.number, clock.name
            ));
            printer.data(&text(&history, &totals, &clock))?;
        }
    }
    Ok(Exit::Done)
}

fn totals(history: &History) -> Vec<Total> {
    let sums = &history.totals;
    let total = |state, reason, duration: SignedDuration| Total {
        state,
        reason,
        seconds: duration.as_secs_f64(),
        duration,
    };
    let mut totals = vec![
        total("logged_in", None, sums.logged_in),
        total("available", None, sums.available),
    ];
    totals.extend(
        sums.paused
            .iter()
            .map(|(reason, duration)| total("paused", reason.clone(), *duration)),
    );
    totals.push(total("partly_paused", None, sums.partly_paused));
    totals
}

const HEADER: [&str; 12] = [
    "what",
    "state",
    "began",
    "ended",
    "seconds",
    "queue",
    "reason",
    "interface",
    "telephone",
    "begun-by",
    "ended-by",
    "cause",
];

fn rows(history: &History, totals: &[Total], clock: &Clock) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let seconds = |from: Timestamp, to: Option<Timestamp>| {
        to.map(|to| to.duration_since(from).as_secs_f64().to_string())
            .unwrap_or_default()
    };
    for one in &history.sessions {
        rows.push(vec![
            "session".to_owned(),
            String::new(),
            clock.shows(one.began_at),
            clock.shows_end(one.ended_at),
            seconds(one.began_at, one.ended_at),
            String::new(),
            or_empty(one.end_reason.as_ref()),
            one.interface.clone(),
            or_empty(one.phone.as_ref()),
            one.begun_by.clone(),
            or_empty(one.ended_by.as_ref()),
            or_empty(one.end_cause.as_ref()),
        ]);
    }
    for one in &history.pauses {
        rows.push(vec![
            "pause".to_owned(),
            "paused".to_owned(),
            clock.shows(one.began_at),
            clock.shows_end(one.ended_at),
            seconds(one.began_at, one.ended_at),
            or_empty(one.queue.as_ref()),
            or_empty(one.reason.as_ref()),
            String::new(),
            String::new(),
            one.by.clone(),
            or_empty(one.ended_by.as_ref()),
            String::new(),
        ]);
    }
    for one in totals {
        let mut row = vec![String::new(); HEADER.len()];
        "total".clone_into(&mut row[0]);
        one.state.clone_into(&mut row[1]);
        row[4] = one.seconds.to_string();
        row[6] = or_empty(one.reason.as_ref());
        rows.push(row);
    }
    rows
}

/// For people: two lists and the totals.
fn text(history: &History, totals: &[Total], clock: &Clock) -> String {
    let sessions = history.sessions.iter().map(|one| {
        vec![
            clock.shows(one.began_at),
            clock.shows_end(one.ended_at),
            one.interface.clone(),
            or_empty(one.phone.as_ref()),
            one.begun_by.clone(),
            or_empty(one.ended_by.as_ref()),
            or_empty(one.end_cause.as_ref()),
            or_empty(one.end_reason.as_ref()),
        ]
    });
    let pauses = history.pauses.iter().map(|one| {
        vec![
            clock.shows(one.began_at),
            clock.shows_end(one.ended_at),
            one.queue.clone().unwrap_or_else(|| "all".to_owned()),
            or_empty(one.reason.as_ref()),
            one.by.clone(),
            or_empty(one.ended_by.as_ref()),
        ]
    });
    let header = [
        "began",
        "ended",
        "interface",
        "telephone",
        "begun-by",
        "ended-by",
        "cause",
        "reason",
    ];
    let mut text = titled("Sessions", &header, &sessions.collect::<Vec<_>>());
    text.push('\n');
    let header = ["began", "ended", "queue", "reason", "by", "ended-by"];
    text.push_str(&titled("Pauses", &header, &pauses.collect::<Vec<_>>()));
    text.push('\n');
    let sums = totals.iter().map(|one| {
        let name = match &one.reason {
            Some(reason) => format!("{} ({reason})", one.state),
            None => one.state.to_owned(),
        };
        (name, hours(one.duration))
    });
    text.push_str(&table::sections(&[Section::new("Totals", sums)]));
    text
}

fn titled(title: &str, header: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = format!("{title}\n");
    if rows.is_empty() {
        text.push_str("  none\n");
        return text;
    }
    for line in table::list(header, rows).lines() {
        text.push_str("  ");
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// `1:05:09`: hours, minutes and whole seconds.
fn hours(duration: SignedDuration) -> String {
    let seconds = duration.as_secs();
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
