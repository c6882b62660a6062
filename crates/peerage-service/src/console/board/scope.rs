use peerage_model::{QueueName, Role};

use crate::auth::SignedIn;
use crate::problem::Problem;

/// The queues whose agents are somebody's own; `None` for all, and everybody.
///
/// # Errors
///
/// `not_permitted` for agents.
pub(super) fn own_queues(user: &SignedIn) -> Result<Option<Vec<QueueName>>, Problem> {
    user.require(&[Role::Admin, Role::Supervisor])?;
    Ok((user.role != Role::Admin).then(|| user.queues.clone()))
}

#[cfg(test)]
mod tests {
    use crate::auth::Means;

    use super::*;

    fn user(role: Role) -> SignedIn {
        SignedIn {
            username: None,
            role,
            agent: None,
            sees_own_history: false,
            queues: Vec::new(),
            means: Means::Token { name: "crm".to_owned() },
            address: None,
        }
    }

    #[test]
    fn a_supervisor_without_queues_has_nobody_and_an_administrator_everybody() {
        assert_eq!(own_queues(&user(Role::Supervisor)).unwrap(), Some(Vec::new()));
        assert_eq!(own_queues(&user(Role::Admin)).unwrap(), None);
        assert_eq!(own_queues(&user(Role::Agent)).unwrap_err().code, "not_permitted");
    }
}
