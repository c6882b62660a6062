use peerage_model::{Number, Role};

use super::SignedIn;
use crate::app::App;
use crate::problem::Problem;

/// Checks that `who` may manage this agent: administrators may manage all agents, supervisors those in their queues, agents
/// themselves.
///
/// # Errors
///
/// `not_permitted`, also where there is no such agent: who may not see somebody learns nothing of them.
pub(crate) async fn may_steer(app: &App, who: &SignedIn, agent: &Number) -> Result<(), Problem> {
    let may = match who.role {
        Role::Admin => true,
        Role::Agent => who.agent.as_ref() == Some(agent),
        Role::Supervisor => {
            let (agent, queues) = (agent.clone(), who.queues.clone());
            app.db(move |store| store.is_in_queues(&agent, &queues)).await?
        }
    };
    if may {
        return Ok(());
    }
    Err(match who.role {
        Role::Supervisor => Problem::not_permitted(format!("agent {agent} is not in your queues")),
        _ => Problem::not_permitted(format!("agent {agent} is another agent")),
    })
}
