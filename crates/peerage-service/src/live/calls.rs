use peerage_model::Number;

/// A call of an agent, as far as it is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Call {
    /// One is up.
    pub(crate) up: bool,
    /// One rings.
    pub(crate) ringing: bool,
}

/// Who is on a call right now, as the nodes' events say.
#[derive(Debug, Default)]
pub(crate) struct Calls {}

impl Calls {
    /// The calls of an agent.
    pub(crate) fn of(&self, _agent: &Number) -> Call {
        Call::default()
    }
}
