use super::{PauseReason, SessionState};

/// What is seen of an agent beside the session: calls, and whether the device is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overlay {
    /// A call is up.
    pub on_call: bool,
    /// A call rings.
    pub ringing: bool,
    /// The device is known not to be registered. Never of an outside number.
    pub unreachable: bool,
}

/// What a page says an agent is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DisplayState {
    /// A call is up, also one that outlasts the session.
    OnCall,
    /// A call rings.
    Ringing,
    /// Takes no calls, for this reason.
    Paused(Option<PauseReason>),
    /// Takes calls of some queues.
    PartlyPaused,
    /// Would take calls, but the device is not registered.
    Unreachable,
    /// Takes calls.
    Available,
    /// Logged out.
    Offline,
}

impl DisplayState {
    /// The word for it, lower case, without the reason.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::OnCall => "on_call",
            Self::Ringing => "ringing",
            Self::Paused(_) => "paused",
            Self::PartlyPaused => "partly_paused",
            Self::Unreachable => "unreachable",
            Self::Available => "available",
            Self::Offline => "offline",
        }
    }
}

/// The first state that holds, in the order of [`DisplayState`]; `session` is `None` when logged
/// out.
pub fn display_state(session: Option<&SessionState>, overlay: Overlay) -> DisplayState {
    if overlay.on_call {
        return DisplayState::OnCall;
    }
    if overlay.ringing {
        return DisplayState::Ringing;
    }
    match session {
        Some(SessionState::Paused(reason)) => DisplayState::Paused(reason.clone()),
        Some(SessionState::PartlyPaused) => DisplayState::PartlyPaused,
        Some(SessionState::Available) if overlay.unreachable => DisplayState::Unreachable,
        Some(SessionState::Available) => DisplayState::Available,
        None => DisplayState::Offline,
    }
}
