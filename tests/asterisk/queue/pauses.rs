//! What everybody who can be asked says of an agent's pauses.

use peerage_model::{Number, PauseRequest, QueueName, ReasonCode, UnpauseRequest};
use peerage_testkit::asterisk::Version;

use super::centre::Centre;
use super::people::myself;

/// An open pause: of one queue or of all, why, and who did it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Open {
    queue: Option<String>,
    reason: Option<String>,
    by: String,
}

impl Open {
    pub(crate) fn of_all(reason: Option<&str>, by: impl Into<String>) -> Self {
        Self {
            queue: None,
            reason: reason.map(str::to_owned),
            by: by.into(),
        }
    }

    pub(crate) fn of(queue: &QueueName, reason: Option<&str>, by: impl Into<String>) -> Self {
        Self {
            queue: Some(queue.to_string()),
            ..Self::of_all(reason, by)
        }
    }
}

/// A request to pause for this reason: one queue, or all.
pub(crate) fn pause(queue: Option<&QueueName>, reason: &ReasonCode) -> PauseRequest {
    PauseRequest {
        reason: Some(reason.clone().into()),
        queue: queue.cloned(),
    }
}

impl Centre {
    /// Has the agent pause.
    pub(crate) fn pause(&self, agent: &Number, queue: Option<&QueueName>) {
        let request = pause(queue, &self.offer_lunch());
        assert!(self.store.pause(agent, &request, &myself(agent)).unwrap());
    }

    /// Has the agent end pauses.
    pub(crate) fn unpause(&self, agent: &Number, queue: Option<&QueueName>) {
        let request = UnpauseRequest { queue: queue.cloned() };
        assert!(self.store.unpause(agent, &request, &myself(agent)).unwrap());
    }

    /// Whether this Asterisk keeps reasons of pauses in the database.
    fn has_reasons(&self) -> bool {
        self.version != Version::V16
    }

    /// What this Asterisk writes into the database of a reason that it is given.
    pub(crate) fn written<'a>(&self, reason: &'a str) -> Option<&'a str> {
        self.has_reasons().then_some(reason)
    }

    /// What this Asterisk shows of a reason that it finds in the database. One that it was given itself it shows in any
    /// case, as long as it runs.
    pub(crate) fn read<'a>(&self, reason: &'a str) -> &'a str {
        if self.has_reasons() { reason } else { "" }
    }

    /// What Asterisk writes with, as history knows it.
    pub(crate) fn itself(&self) -> String {
        format!("asterisk:{}", self.node)
    }

    /// The state of an agent with its reason, as the report tells it.
    pub(crate) fn state(&self, agent: &Number) -> (String, Option<String>) {
        let row = self.sql(&format!(
            "select state, reason from report.agents_now where agent = '{agent}'"
        ));
        let (state, reason) = row.split_once('\t').unwrap();
        (state.to_owned(), (!reason.is_empty()).then(|| reason.to_owned()))
    }

    /// Fails unless report and history know these pauses and no others to be open, and the report this state.
    #[track_caller]
    pub(crate) fn assert_told(&self, agent: &Number, state: (&str, Option<&str>), expected: &[Open]) {
        assert_eq!(self.state(agent), (state.0.to_owned(), state.1.map(str::to_owned)));

        let rows = self.sql(&format!(
            "select queue, reason, paused_by from report.pauses where agent = '{agent}' and ended_at is null order by queue"
        ));
        let told: Vec<_> = rows
            .lines()
            .map(|row| open(&row.split('\t').collect::<Vec<_>>()))
            .collect();
        assert_eq!(told, expected, "report.pauses");

        let [from, to] = ["now() - interval '1 day'", "now() + interval '1 day'"].map(|at| {
            let utc = format!("select to_char(({at}) at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')");
            self.sql(&utc).parse().unwrap()
        });
        let mut history = self.store.history(agent, from, to).unwrap().pauses;
        history.retain(|pause| pause.ended_at.is_none());
        let mut told: Vec<_> = history
            .into_iter()
            .map(|pause| Open {
                queue: pause.queue,
                reason: pause.reason,
                by: pause.by,
            })
            .collect();
        told.sort_by(|one, other| one.queue.cmp(&other.queue));
        assert_eq!(told, expected, "history");
    }

    /// Fails unless the only member of each of these queues is paused, for this reason, or not paused, as Asterisk shows it.
    #[track_caller]
    pub(crate) fn assert_shown(&self, expected: &[(&QueueName, Option<&str>)]) {
        for (queue, paused) in expected {
            assert_eq!(self.only(queue).paused.as_deref(), *paused, "{queue}");
        }
    }
}

fn open(columns: &[&str]) -> Open {
    let [queue, reason, by] = columns[..] else {
        panic!("{columns:?}")
    };
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Open {
        queue: given(queue),
        reason: given(reason),
        by: by.to_owned(),
    }
}
