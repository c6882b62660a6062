use super::place::{check_actor, check_own};
use super::{Actor, Refusal, Situation};

/// That this actor may read this agent's history.
///
/// # Errors
///
/// [`Refusal`]: an agent who asks about another; an agent who may not see his or her own.
pub fn check_history(situation: &Situation, actor: &Actor) -> Result<(), Refusal> {
    check_actor(situation, actor)?;
    check_own(
        situation,
        actor,
        situation.permissions.see_own_history,
        "see their own history",
    )
}

/// That this actor may change this agent's phone and mobile.
///
/// # Errors
///
/// [`Refusal`]: an agent who would change another's; an agent who may not change his or her own.
pub fn check_numbers(situation: &Situation, actor: &Actor) -> Result<(), Refusal> {
    check_actor(situation, actor)?;
    let permitted = situation.permissions.edit_own_numbers;
    check_own(situation, actor, permitted, "change their own phone and mobile numbers")
}
