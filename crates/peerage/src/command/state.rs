//! `peerage agent login` and the other commands on an agent's state.

use peerage_model::{
    Actor, ActorRole, ConflictRemedy, InterfaceKind, LoginRequest, LogoutRequest, LogoutTime, MoveRequest, Number,
    OnConflict, PauseRequest, Refusal, Situation, UnpauseRequest,
};
use peerage_store::{StateError, Store};

use super::Context;
use crate::args::state::{Login, Logout, Move, Pause, State as Verb, Unpause};
use crate::exit::Exit;
use crate::failure::Failure;

pub(super) mod agents;
mod history;
pub(super) mod now;
pub(super) mod phones;
pub(super) mod release;
mod words;

pub(super) fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Verb::Login(args) => login(args, context),
        Verb::Move(args) => move_to(args, context),
        Verb::Logout(args) => logout(args, context),
        Verb::Pause(args) => pause(args, context),
        Verb::Unpause(args) => unpause(args, context),
        Verb::History(args) => history::run(&args, context),
    }
}

/// The user who runs this command, as an administrator: whoever can access the database may do anything.
fn actor(store: &Store) -> Actor {
    Actor::new(store.actor().as_str(), ActorRole::Admin)
}

fn login(args: Login, context: &Context) -> Result<Exit, Failure> {
    let store = context.store()?;
    let number = &args.number;
    let request = LoginRequest {
        choice: args.place.choice(),
        on_conflict: args.conflict.into_wish(),
    };
    let before = others(&store, number, &request.on_conflict)?;
    let changed = store.log_in(number, &request, &actor(&store))?;
    let after = store.situation(number)?;
    let agent = named(&after);
    let said = if changed {
        format!("logged in {agent}{}", in_place_of(before.as_ref(), &after))
    } else {
        format!("nothing changed: {agent} is already logged in")
    };
    now::tell(context, &store, &said, changed, &after)
}

fn move_to(args: Move, context: &Context) -> Result<Exit, Failure> {
    let Some(choice) = args.place.choice() else {
        // The command line demands one.
        return Err(Failure::usage("choose --interface or --phone"));
    };
    let store = context.store()?;
    let number = &args.number;
    let request = MoveRequest {
        choice,
        on_conflict: args.conflict.into_wish(),
    };
    let before = others(&store, number, &request.on_conflict)?;
    let changed = store.move_agent(number, &request, &actor(&store))?;
    let after = store.situation(number)?;
    let agent = named(&after);
    let said = if changed {
        format!("moved {agent}{}", in_place_of(before.as_ref(), &after))
    } else {
        format!("nothing changed: {agent} is already there")
    };
    now::tell(context, &store, &said, changed, &after)
}

fn logout(args: Logout, context: &Context) -> Result<Exit, Failure> {
    let store = context.store()?;
    let time = if args.after_call {
        LogoutTime::AfterCall
    } else {
        LogoutTime::Now
    };
    let request = LogoutRequest {
        time,
        reason: args.reason,
    };
    let changed = store.log_out(&args.number, &request, &actor(&store))?;
    let after = store.situation(&args.number)?;
    let agent = named(&after);
    let said = match (changed, after.session.is_some()) {
        (true, true) => format!("{agent} gets no further call and will be logged out when the current call ends"),
        (true, false) => format!("logged out {agent}"),
        (false, true) => format!("nothing changed: {agent} will already be logged out when the current call ends"),
        (false, false) => format!("nothing changed: {agent} is already logged out"),
    };
    now::tell(context, &store, &said, changed, &after)
}

fn pause(args: Pause, context: &Context) -> Result<Exit, Failure> {
    let store = context.store()?;
    let request = PauseRequest {
        reason: args.reason.map(Into::into),
        queue: args.queue,
    };
    let changed = store.pause(&args.number, &request, &actor(&store))?;
    let after = store.situation(&args.number)?;
    let agent = named(&after);
    let said = match (changed, &request.queue) {
        (true, Some(queue)) => format!("paused {agent} in queue {queue}"),
        (true, None) => format!("paused {agent}"),
        (false, _) => format!("nothing changed: {agent} is already paused with this reason"),
    };
    now::tell(context, &store, &said, changed, &after)
}

fn unpause(args: Unpause, context: &Context) -> Result<Exit, Failure> {
    let store = context.store()?;
    let request = UnpauseRequest { queue: args.queue };
    let was_leaving = is_leaving(&store.situation(&args.number)?);
    let changed = store.unpause(&args.number, &request, &actor(&store))?;
    let after = store.situation(&args.number)?;
    let agent = named(&after);
    let mut said = match (changed, &request.queue) {
        (true, Some(queue)) => format!("unpaused {agent} in queue {queue}"),
        (true, None) => format!("unpaused {agent}"),
        (false, Some(queue)) => format!("nothing changed: {agent} is not paused in queue {queue}"),
        (false, None) => format!("nothing changed: {agent} is not paused"),
    };
    if changed && was_leaving && !is_leaving(&after) {
        said.push_str(", and cancelled the logout after the call");
    }
    now::tell(context, &store, &said, changed, &after)
}

/// The sessions before a request that may end another agent's session.
fn others(store: &Store, number: &Number, on_conflict: &OnConflict) -> Result<Option<Situation>, Failure> {
    match on_conflict {
        OnConflict::Refuse => Ok(None),
        OnConflict::TakeOver | OnConflict::Force(_) => Ok(Some(store.situation(number)?)),
    }
}

/// The agent whose place this agent took.
fn in_place_of(before: Option<&Situation>, after: &Situation) -> String {
    let place = after.session.as_ref().map(|session| &session.place);
    let holder = before
        .zip(place)
        .and_then(|(before, place)| before.holder(&place.interface));
    holder.map_or_else(String::new, |holder| {
        format!(" in place of agent {} ({})", holder.agent, holder.name)
    })
}

fn is_leaving(situation: &Situation) -> bool {
    situation
        .session
        .as_ref()
        .is_some_and(|session| session.leaving.is_some())
}

fn named(situation: &Situation) -> String {
    format!("agent {} ({})", situation.number, situation.name)
}

impl From<StateError> for Failure {
    fn from(error: StateError) -> Self {
        match error {
            StateError::Store(error) => error.into(),
            StateError::Refused(refusal) => {
                let hint = match remedy(&refusal) {
                    Some(how) => format!("{} ({how})", refusal.hint()),
                    None => refusal.hint(),
                };
                Self::failed(refusal.message()).hint(hint)
            }
        }
    }
}

/// The flag or command for a refusal's hint.
fn remedy(refusal: &Refusal) -> Option<String> {
    let listed = "see `peerage phone list --offered`";
    let remedy = match refusal {
        Refusal::TelephoneInUse(in_use) | Refusal::InterfaceInUse(in_use) => match in_use.remedy {
            ConflictRemedy::TakeOver => "--take-over".to_owned(),
            ConflictRemedy::Force => "--force --reason TEXT".to_owned(),
            ConflictRemedy::AskSupervisor => return None,
        },
        Refusal::ForceNeedsReason => "--reason TEXT".to_owned(),
        Refusal::ChooseATelephone { .. } => "--phone NUMBER".to_owned(),
        Refusal::NoHotDesk { .. } => "--interface INTERFACE".to_owned(),
        Refusal::NoSuchTelephone { .. } | Refusal::OtherSite { .. } | Refusal::TelephoneNotRegistered { .. } => {
            listed.to_owned()
        }
        Refusal::TelephoneDisabled { telephone } => format!("`peerage phone set {telephone} --enabled`"),
        Refusal::AccountDisabled { number } => {
            format!("`peerage agent set {number} --enabled`, or `phone set` for a phone")
        }
        Refusal::NoSuchInterface { agent, kind, .. } => match kind {
            InterfaceKind::Phone => format!("`peerage agent set {agent} --phone NUMBER`"),
            InterfaceKind::Mobile => format!("`peerage agent set {agent} --mobile NUMBER`"),
            InterfaceKind::Internal | InterfaceKind::HotDesk => return None,
        },
        Refusal::UnknownReason { .. } => "or add it with `peerage pause-reason add`".to_owned(),
        Refusal::NotInQueue { agent, .. } => format!("or assign the agent with `peerage queue assign NAME {agent}`"),
        Refusal::NotLoggedIn { agent, .. } => format!("`peerage agent login {agent}`"),
        Refusal::LoggedInElsewhere { agent, .. } => {
            format!("`peerage agent move {agent}`, `peerage agent logout {agent}`")
        }
        _ => return None,
    };
    Some(remedy)
}
