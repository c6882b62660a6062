//! What witnesses say, compared. Nobody is asked here.

use std::collections::{BTreeMap, BTreeSet};

/// What a witness says of an agent; none of what it cannot know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The state, by the word of the API.
    pub state: Option<String>,
    /// The state apart from calls and from whether the device is there.
    pub session: Option<String>,
    /// The reason of a pause of all queues.
    pub reason: Option<String>,
    /// The queues that ring the agent, and whether the agent is paused there.
    pub queues: Option<BTreeMap<String, bool>>,
}

/// What a witness says of all agents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// The witness.
    pub who: String,
    /// By their numbers.
    pub agents: BTreeMap<String, Told>,
}

/// What is not said alike, a line for each agent and matter.
#[must_use]
pub fn disagreements(statements: &[Statement]) -> Vec<String> {
    let numbers: BTreeSet<&String> = statements.iter().flat_map(|said| said.agents.keys()).collect();
    let mut lines = Vec::new();
    for number in numbers {
        for (matter, read) in MATTERS {
            let mut said: BTreeMap<String, Vec<&str>> = BTreeMap::new();
            for statement in statements {
                if let Some(value) = statement.agents.get(number).and_then(read) {
                    said.entry(value).or_default().push(&statement.who);
                }
            }
            if said.len() > 1 {
                let parts = said.iter().map(|(value, who)| format!("{value} ({})", who.join(", ")));
                lines.push(format!(
                    "{number}: {matter} is {}",
                    parts.collect::<Vec<_>>().join(", but ")
                ));
            }
        }
    }
    lines
}

/// How a matter is read; none where the witness cannot know.
type Read = fn(&Told) -> Option<String>;

/// What is compared, each with how it is read.
const MATTERS: [(&str, Read); 4] = [
    ("the state", |told| told.state.clone()),
    ("the session", |told| told.session.clone()),
    ("the reason", |told| told.reason.clone()),
    ("queues", |told| told.queues.as_ref().map(words)),
];

fn words(queues: &BTreeMap<String, bool>) -> String {
    let words = queues.iter().map(|(queue, paused)| match paused {
        true => format!("{queue} paused"),
        false => queue.clone(),
    });
    format!("[{}]", words.collect::<Vec<_>>().join(", "))
}

/// The state apart from calls that follows from the queues; none where there are none.
pub(super) fn session(queues: &BTreeMap<String, bool>) -> Option<String> {
    let paused = queues.values().filter(|paused| **paused).count();
    let word = match paused {
        _ if queues.is_empty() => return None,
        0 => "available",
        some if some < queues.len() => "partly_paused",
        _ => "paused",
    };
    Some(word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(who: &str, told: Told) -> Statement {
        Statement {
            who: who.to_owned(),
            agents: BTreeMap::from([("1001".to_owned(), told)]),
        }
    }

    fn state(word: &str) -> Told {
        Told {
            state: Some(word.to_owned()),
            ..Told::default()
        }
    }

    #[test]
    fn who_says_the_same_or_cannot_know_does_not_disagree() {
        let all = [
            says("the board", state("paused")),
            says("the API", state("paused")),
            says("Asterisk", Told::default()),
            Statement::default(),
        ];
        assert_eq!(disagreements(&all), Vec::<String>::new());
    }

    #[test]
    fn whoever_says_otherwise_is_named_with_the_others() {
        let all = [
            says("the board", state("paused")),
            says("the API", state("available")),
            says("Asterisk", state("paused")),
        ];
        assert_eq!(
            disagreements(&all),
            ["1001: the state is available (the API), but paused (the board, Asterisk)"]
        );
    }

    #[test]
    fn each_matter_is_compared() {
        let queues = |paused| Some(BTreeMap::from([("sales".to_owned(), paused)]));
        let one = Told {
            state: Some("paused".to_owned()),
            session: Some("paused".to_owned()),
            reason: Some("lunch".to_owned()),
            queues: queues(true),
        };
        for other in [
            Told {
                state: Some("on_call".to_owned()),
                ..one.clone()
            },
            Told {
                session: Some("available".to_owned()),
                ..one.clone()
            },
            Told {
                reason: Some("training".to_owned()),
                ..one.clone()
            },
            Told {
                queues: queues(false),
                ..one.clone()
            },
            Told {
                queues: Some(BTreeMap::new()),
                ..one.clone()
            },
        ] {
            let lines = disagreements(&[says("the board", one.clone()), says("the API", other)]);
            assert_eq!(lines.len(), 1, "{lines:?}");
        }
    }
}
