//! Whether everybody who tells of agents tells the same: the pages, the API, the command, the database, each Asterisk.
//!
//! Each witness is asked in its own words, and says of each agent what it can know: the state, the reason of a pause, and in which
//! queues the agent is and is paused. What is said by several has to be the same. The database's own word is read from the pauses and
//! the members, not from the rows that pages read, so that these do not only agree with themselves.

mod compare;
mod said;

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Result, bail};
use tokio::sync::OnceCell;

use crate::asterisk::Asterisk;
pub use compare::{Statement, Told, disagreements};

/// Whom to ask.
pub struct Witnesses<'a> {
    /// Where the service answers, such as `http://127.0.0.1:8080`.
    pub service: String,
    /// An administrator's name and password: for the pages.
    pub admin: (&'a str, &'a str),
    /// An administrator's token: for the API.
    pub token: &'a str,
    /// URL of the database, for the command and for what the tables say.
    pub database: &'a str,
    /// Each Asterisk with its name.
    pub nodes: Vec<(&'a str, &'a Asterisk)>,
    /// The administrator's cookies; empty at first.
    pub cookies: OnceCell<String>,
}

impl Witnesses<'_> {
    /// What is not said alike right now, a line each. Who cannot be asked is a line, too, and so is what changes while it is asked for.
    pub async fn disagreements(&self) -> Vec<String> {
        let before = self.board().await;
        let mut lines = self.look().await;
        if let (Ok(before), Ok(after)) = (before, self.board().await)
            && before != after
        {
            lines.push("the board says something else than a moment ago".to_owned());
        }
        lines
    }

    async fn look(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut statements = Vec::new();
        for (who, said) in [
            ("the board", self.board().await),
            ("the list of agents", self.list().await),
            ("the API", self.api().await),
            ("the command", self.command()),
            ("the database", self.tables()),
            ("the report", self.report()),
        ] {
            match said {
                Ok(agents) => statements.push(Statement {
                    who: who.to_owned(),
                    agents,
                }),
                Err(error) => lines.push(format!("{who} says nothing: {error:#}")),
            }
        }
        match self.asterisks() {
            Ok((said, complaints)) => {
                statements.extend(said);
                lines.extend(complaints);
            }
            Err(error) => lines.push(format!("no Asterisk can be asked: {error:#}")),
        }
        lines.extend(disagreements(&statements));
        lines
    }

    /// Waits until all say the same: what changes takes a moment to reach everybody.
    ///
    /// # Errors
    ///
    /// What is not said alike after so long.
    pub async fn agree(&self, within: Duration) -> Result<()> {
        let started = std::time::Instant::now();
        for round in 0.. {
            let lines = self.disagreements().await;
            if lines.is_empty() {
                return Ok(());
            }
            // On a busy machine one look may take as long as all should.
            if started.elapsed() > within && round >= ROUNDS {
                bail!("not everybody says the same of the agents:\n{}", lines.join("\n"));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }
}

/// How often everybody is asked at least.
const ROUNDS: u32 = 5;

/// What a witness says, by the agents' numbers.
type Agents = BTreeMap<String, Told>;
