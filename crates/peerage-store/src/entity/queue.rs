use std::collections::BTreeMap;

use peerage_model::{Number, Penalty, QueueName, ReasonCode};
use serde::{Deserialize, Serialize};

/// A queue of app_queue, as stored. The table's constraints say what each value may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    /// Its name.
    pub name: QueueName,
    /// Free text; none for nothing.
    pub description: Option<String>,
    /// Who rings first: ringall, leastrecent, fewestcalls, random, rrmemory, linear, wrandom, rrordered.
    pub strategy: String,
    /// Seconds a member rings; 0 is without end.
    pub timeout_seconds: i32,
    /// Seconds before the next member rings.
    pub retry_seconds: i32,
    /// Seconds of rest after a call.
    pub wrapup_seconds: i32,
    /// Most callers; 0 is no limit.
    pub max_length: i32,
    /// Queues of more weight are served first.
    pub weight: i32,
    /// Seconds within which a call should be answered.
    pub service_level_seconds: i32,
    /// Whether a member with a call rings.
    pub ring_in_use: bool,
    /// Whether a missed ring pauses: no, yes, all.
    pub autopause: String,
    /// When a caller may join although nobody is there.
    pub join_empty: String,
    /// When a waiting caller is sent away.
    pub leave_when_empty: String,
    /// Class of music on hold; none: the channel's.
    pub music_class: Option<String>,
    /// app_queue's other options, by name.
    pub options: BTreeMap<String, String>,
    /// Who is assigned, by number.
    #[serde(default)]
    pub agents: Vec<Assigned>,
}

impl Queue {
    /// What is allowed but may not be what is expected, one sentence each.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.strategy == "linear" {
            warnings.push(
                "linear rings in the order in which Asterisk has read the members, which nobody can set and a restart changes: \
                 to ring some before others, give the others a higher penalty"
                    .to_owned(),
            );
        }
        warnings
    }

    /// What a change of the strategy needs before it is in force; none when it is so at Asterisk's next look at the queue.
    ///
    /// app_queue decides in which order it keeps the members when it first reads a queue, and takes `linear` over then only
    /// (`queue_set_param`, 16.28 and 22.10).
    pub fn needs_restart(&self, patch: &QueuePatch) -> Option<String> {
        let wanted = patch.strategy.as_deref().filter(|wanted| *wanted != self.strategy)?;
        let until = match (wanted, self.strategy.as_str()) {
            ("linear", _) => format!("rings as `{}`", self.strategy),
            // They are kept in one order then already.
            ("rrordered", "linear") => return None,
            ("rrordered", _) => "rings in no fixed order".to_owned(),
            _ => return None,
        };
        Some(format!(
            "each Asterisk that has read queue {} {until} until it is restarted; to have {wanted} at once, remove the queue and add it again",
            self.name
        ))
    }
}

/// An agent in a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// The agent.
    pub agent: Number,
    /// Penalty in force: of one who is logged in, what Asterisk was last told or has itself set; else that of the assignment.
    pub penalty: i64,
    /// Penalty of the assignment, which the next login begins with.
    pub assigned_penalty: Penalty,
    /// Whether a member right now.
    pub logged_in: bool,
    /// Whether paused there.
    pub paused: bool,
}

/// Changes of a queue, or what differs from the defaults in a new one; nothing by default.
///
/// Each value goes to the table as it is, which checks it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct QueuePatch {
    /// New name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<QueueName>,
    /// Free text, or nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Option<String>>,
    /// Who rings first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strategy: Option<String>,
    /// Seconds a member rings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<i32>,
    /// Seconds before the next member rings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_seconds: Option<i32>,
    /// Seconds of rest after a call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wrapup_seconds: Option<i32>,
    /// Most callers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<i32>,
    /// Weight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<i32>,
    /// Seconds within which a call should be answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_level_seconds: Option<i32>,
    /// Whether a member with a call rings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ring_in_use: Option<bool>,
    /// Whether a missed ring pauses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub autopause: Option<String>,
    /// When a caller may join.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub join_empty: Option<String>,
    /// When a waiting caller is sent away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leave_when_empty: Option<String>,
    /// Class of music on hold, or the channel's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub music_class: Option<Option<String>>,
    /// Options to set, or to take away where the value is none.
    #[serde(skip)]
    pub options: BTreeMap<String, Option<String>>,
}

/// Why an agent pauses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// What Asterisk and its logs read.
    pub code: ReasonCode,
    /// What people read.
    pub label: String,
    /// Whether it counts as work.
    pub productive: bool,
    /// Longest it should last, in seconds; none for no limit.
    pub max_seconds: Option<i32>,
    /// Whether agents are offered it.
    pub selectable: bool,
    /// Whether it is meant when none is given.
    pub is_default: bool,
    /// Whether Peerage itself gives it.
    pub system: bool,
}

/// Changes of a reason, or what differs from the defaults in a new one; nothing by default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ReasonPatch {
    /// What people read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Whether it counts as work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub productive: Option<bool>,
    /// Longest it should last, or no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_seconds: Option<Option<i32>>,
    /// Whether agents are offered it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selectable: Option<bool>,
    /// Whether it is meant when none is given; takes that from the one that was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_default: Option<bool>,
}
