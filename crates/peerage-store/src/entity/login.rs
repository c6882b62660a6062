use jiff::Timestamp;
use peerage_model::{Number, QueueName, Role, Username};

/// Somebody who signs in to the console or the interface for programs.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Login {
    /// Name to sign in with.
    pub username: Username,
    /// What they may do.
    pub role: Role,
    /// The agent it belongs to: the number, or the last one of an agent who was removed.
    pub agent: Option<Number>,
    /// Whether a password lets in.
    pub has_password: bool,
    /// Whether it may not sign in.
    pub disabled: bool,
    /// Failures since the last success.
    pub failed_sign_ins: i32,
    /// When it may try again; none when it is not locked.
    pub locked_until: Option<Timestamp>,
    /// The queues that a supervisor watches, by name.
    pub queues: Vec<QueueName>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Somebody who is to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLogin {
    /// Name to sign in with.
    pub username: Username,
    /// What they may do.
    pub role: Role,
    /// The agent it belongs to; needed for [`Role::Agent`].
    pub agent: Option<Number>,
}

/// Changes of who signs in; none by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LoginPatch {
    /// What they may do.
    pub role: Option<Role>,
    /// The agent it belongs to, or none.
    pub agent: Option<Option<Number>>,
    /// Whether it may not sign in.
    pub disabled: Option<bool>,
    /// Forgets failures, and lets it try again at once.
    pub unlock: bool,
}
