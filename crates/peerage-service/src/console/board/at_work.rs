//! What an agent of a board is called right now, calls included.

use jiff::{SignedDuration, Timestamp};
use peerage_model::DisplayState;
use peerage_store::BoardAgent;

/// An agent as a board shows it.
#[derive(Clone, Debug)]
pub(super) struct AtWork {
    pub(super) agent: BoardAgent,
    /// The state, calls first.
    pub(super) state: DisplayState,
    /// Whether the pause is longer than its reason should last.
    pub(super) is_over: bool,
}

impl AtWork {
    pub(super) fn of(agent: BoardAgent, now: Timestamp) -> Self {
        let state = agent.now.clone().with_call().state;
        let over = longest(&agent).zip(agent.now.since);
        Self {
            is_over: over.is_some_and(|(longest, since)| now.duration_since(since) > longest),
            agent,
            state,
        }
    }

    /// How long the pause should last at most.
    pub(super) fn longest(&self) -> Option<SignedDuration> {
        longest(&self.agent)
    }
}

fn longest(agent: &BoardAgent) -> Option<SignedDuration> {
    SignedDuration::try_from(agent.reason.as_ref()?.longest?).ok()
}

/// Which of the agents that match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Show {
    #[default]
    AtWork,
    Everybody,
    Available,
    Paused,
    Over,
    OnCall,
    Ringing,
    Unreachable,
    Away,
}

impl Show {
    /// All there are, with the word of the address and what people read.
    pub(super) const ALL: [(Self, &'static str, &'static str); 9] = [
        (Self::AtWork, "", "At work"),
        (Self::Everybody, "all", "All agents"),
        (Self::Available, "available", "Available"),
        (Self::Paused, "paused", "Paused"),
        (Self::Over, "over", "Paused for too long"),
        (Self::OnCall, "on_call", "On a call"),
        (Self::Ringing, "ringing", "Ringing"),
        (Self::Unreachable, "unreachable", "Unreachable"),
        (Self::Away, "offline", "Logged out"),
    ];

    /// By the word of the address; what nobody knows is the default.
    pub(super) fn of(word: &str) -> Self {
        let known = Self::ALL.iter().find(|(_, known, _)| *known == word);
        known.map_or(Self::default(), |(show, ..)| *show)
    }

    pub(super) fn word(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(show, ..)| *show == self)
            .map_or("", |(_, word, _)| word)
    }

    /// Whether agents that are logged out are among them.
    pub(super) fn wants_away(self) -> bool {
        matches!(self, Self::Everybody | Self::Away)
    }

    pub(super) fn shows(self, seen: &AtWork) -> bool {
        let at_work = seen.agent.now.logged_in_since.is_some();
        match self {
            Self::AtWork => at_work,
            Self::Everybody => true,
            Self::Available => seen.state == DisplayState::Available,
            Self::Paused => matches!(
                seen.agent.now.state,
                DisplayState::Paused(_) | DisplayState::PartlyPaused
            ),
            Self::Over => seen.is_over,
            Self::OnCall => seen.state == DisplayState::OnCall,
            Self::Ringing => seen.state == DisplayState::Ringing,
            Self::Unreachable => seen.state == DisplayState::Unreachable,
            Self::Away => !at_work,
        }
    }
}
