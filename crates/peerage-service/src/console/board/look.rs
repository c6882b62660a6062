//! What somebody wants to see of a board: what its address says.

use peerage_model::{Number, QueueName};
use peerage_store::{Away, BoardFilter};

use super::at_work::{AtWork, Show};
use crate::console::listing::Place;
use crate::console::shell::{Fields, Pager};
use crate::problem::Problem;

/// Most agents on a page.
const PAGE: usize = 200;

/// What somebody wants to see of a board.
#[derive(Clone, Debug)]
pub(super) struct Look {
    pub(super) queue: Option<QueueName>,
    pub(super) show: Show,
    pub(super) search: String,
    after: Option<Number>,
    place: Place,
}

impl Look {
    /// # Errors
    ///
    /// The queue or the number is none that there can be.
    pub(super) fn of(asked: &Fields) -> Result<Self, Problem> {
        Ok(Self {
            queue: asked.get("queue").map(QueueName::try_from).transpose()?,
            show: Show::of(asked.text("state")),
            search: asked.text("q").to_owned(),
            after: asked.get("after").map(Number::try_from).transpose()?,
            place: Place::of(asked),
        })
    }

    pub(super) fn filter(&self, queues: Option<Vec<QueueName>>) -> BoardFilter {
        BoardFilter {
            queues,
            agent: None,
            queue: self.queue.clone(),
            search: Some(self.search.clone()).filter(|search| !search.is_empty()),
            away: self.show.wants_away().then(|| Away {
                after: self.after.clone(),
                // One more tells whether there is another page.
                limit: u32::try_from(PAGE + 1).unwrap_or(u32::MAX),
            }),
        }
    }

    fn query(&self) -> [(&'static str, &str); 3] {
        let queue = self.queue.as_ref().map_or("", QueueName::as_str);
        [("q", &self.search), ("queue", queue), ("state", self.show.word())]
    }

    /// The address of the same under another path.
    pub(super) fn address(&self, path: &str) -> String {
        self.place.address(path, &self.query())
    }

    /// The agents of this page.
    pub(super) fn page<'a>(&self, agents: &'a [AtWork]) -> (Vec<&'a AtWork>, Pager) {
        let mut page: Vec<&AtWork> = agents
            .iter()
            .filter(|seen| seen.agent.matches && self.show.shows(seen))
            .filter(|seen| self.after.as_ref().is_none_or(|after| seen.agent.number > *after))
            .take(PAGE + 1)
            .collect();
        let more = page.len() > PAGE;
        page.truncate(PAGE);
        let number = |seen: &&AtWork| seen.agent.number.to_string();
        let last = page.last().map(number);
        let shown = match (page.first().map(number), &last) {
            (Some(first), Some(last)) => format!("{first} to {last}"),
            _ => String::new(),
        };
        let pager = self.place.pager("/board", &self.query(), last.filter(|_| more), shown);
        (page, pager)
    }
}
