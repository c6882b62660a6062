//! What `queue show` says of members.

use anyhow::{Context, Result};

use super::Asterisk;

/// A member of a queue, as Asterisk has it in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueMember {
    /// Its name.
    pub name: String,
    /// What rings.
    pub interface: String,
    /// Who rings first.
    pub penalty: u32,
    /// Whether it rings although it is on a call.
    pub ring_in_use: bool,
    /// The reason of the pause, empty when there is none; `None` when not paused.
    pub paused: Option<String>,
    /// State of the device.
    pub device: String,
}

impl Asterisk {
    /// The members that a queue has from the database, in order of their interfaces; asking makes Asterisk read them.
    ///
    /// # Errors
    ///
    /// When Asterisk cannot be asked, or says it in words unknown here.
    pub fn queue_members(&self, queue: &str) -> Result<Vec<QueueMember>> {
        Self::members_in(&self.cli(&format!("queue show {queue}"))?)
    }

    /// The same, as Asterisk has said it.
    pub(crate) fn members_in(said: &str) -> Result<Vec<QueueMember>> {
        let members = said.lines().filter(|line| line.contains(") (realtime)"));
        let mut members = members
            .map(|line| read(line).with_context(|| format!("what does this say of a member? {line}")))
            .collect::<Result<Vec<_>>>()?;
        members.sort_by(|one, other| one.interface.cmp(&other.interface));
        Ok(members)
    }
}

/// Reads a line such as
/// `Ada (PJSIP/1) with penalty 3 (ringinuse disabled) (realtime) (paused:lunch was 2 secs ago) (Not in use) has taken ...`.
fn read(line: &str) -> Option<QueueMember> {
    let (who, rest) = line.split_once(" (ringinuse ")?;
    let (ring_in_use, rest) = rest.split_once(") (realtime)")?;
    let (who, penalty) = who.split_once(" with penalty ").unwrap_or((who, "0"));
    let (name, interface) = who.trim().trim_end_matches(')').rsplit_once(" (")?;
    let paused = match rest.split_once(" (paused") {
        Some((_, pause)) => Some(pause.split_once(" was ")?.0.trim_start_matches(':').to_owned()),
        None => None,
    };
    let (states, _) = rest.split_once(") has taken ")?;
    let (_, device) = states.rsplit_once('(')?;
    Some(QueueMember {
        name: name.to_owned(),
        interface: interface.to_owned(),
        penalty: penalty.parse().ok()?,
        ring_in_use: ring_in_use == "enabled",
        paused,
        device: device.to_owned(),
    })
}
