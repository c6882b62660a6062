use super::EndCause;
use crate::Number;

/// Who acts: the name that is recorded, and what it may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The name that history and audit keep, such as a username or `asterisk:pbx1`.
    pub name: String,
    /// What it may do.
    pub role: ActorRole,
}

/// As what somebody acts. Not the [`Role`](crate::Role) of a sign-in: it says which agent, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActorRole {
    /// An administrator.
    Admin,
    /// A supervisor. Which agents he or she may steer is decided before.
    Supervisor,
    /// The agent of this number; acts for nobody else.
    Agent(Number),
    /// Peerage itself, or Asterisk writing through the views.
    System,
}

impl Actor {
    /// An actor of this name and role.
    pub fn new(name: impl Into<String>, role: ActorRole) -> Self {
        Self {
            name: name.into(),
            role,
        }
    }

    /// Whether it is this agent, acting for himself or herself.
    pub fn is_agent(&self, number: &Number) -> bool {
        matches!(&self.role, ActorRole::Agent(own) if own == number)
    }

    /// Whether it may steer the sessions of others against their will.
    pub fn may_force(&self) -> bool {
        matches!(self.role, ActorRole::Admin | ActorRole::Supervisor)
    }

    /// The cause recorded when it ends a session.
    pub fn end_cause(&self) -> EndCause {
        match self.role {
            ActorRole::Admin => EndCause::Admin,
            ActorRole::Supervisor => EndCause::Supervisor,
            ActorRole::Agent(_) => EndCause::Agent,
            ActorRole::System => EndCause::Disconnection,
        }
    }
}
