//! What `queue show` says of members.

use peerage_model::QueueName;

use super::centre::Centre;

/// A member of a queue, as Asterisk has it in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) name: String,
    pub(super) interface: String,
    pub(super) penalty: u32,
    pub(super) ring_in_use: bool,
    /// The reason of the pause, empty when there is none; `None` when not paused.
    pub(super) paused: Option<String>,
    /// State of the device.
    pub(super) device: String,
}

impl Centre {
    /// The members of a queue in order of their interfaces; asking makes Asterisk read them.
    pub(super) fn shown(&self, queue: &QueueName) -> Vec<Shown> {
        let said = self.cli(&format!("queue show {queue}"));
        let mut members: Vec<_> = said
            .lines()
            .filter(|line| line.contains(" (ringinuse "))
            .map(read)
            .collect();
        members.sort_by(|one, other| one.interface.cmp(&other.interface));
        members
    }

    /// The interfaces of the members.
    pub(super) fn interfaces(&self, queue: &QueueName) -> Vec<String> {
        self.shown(queue).into_iter().map(|member| member.interface).collect()
    }

    /// The only member of a queue.
    #[track_caller]
    pub(super) fn only(&self, queue: &QueueName) -> Shown {
        let mut members = self.shown(queue);
        assert_eq!(members.len(), 1, "{queue}: {members:?}");
        members.remove(0)
    }
}

/// Reads a line such as
/// `Ada (PJSIP/1) with penalty 3 (ringinuse disabled) (realtime) (paused:lunch was 2 secs ago) (Not in use) has taken ...`.
fn read(line: &str) -> Shown {
    let (who, rest) = line.split_once(" (ringinuse ").unwrap();
    let (ring_in_use, rest) = rest.split_once(") (realtime)").unwrap();
    let (who, penalty) = who.split_once(" with penalty ").unwrap_or((who, "0"));
    let (name, interface) = who.trim().trim_end_matches(')').rsplit_once(" (").unwrap();
    let paused = rest.split_once(" (paused").map(|(_, pause)| {
        let (reason, _) = pause.split_once(" was ").unwrap();
        reason.trim_start_matches(':').to_owned()
    });
    let (states, _) = rest.split_once(") has taken ").unwrap();
    let (_, device) = states.rsplit_once('(').unwrap();
    Shown {
        name: name.to_owned(),
        interface: interface.to_owned(),
        penalty: penalty.parse().unwrap(),
        ring_in_use: ring_in_use == "enabled",
        paused,
        device: device.to_owned(),
    }
}
