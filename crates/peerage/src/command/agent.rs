//! `peerage agent`.

use peerage_model::Number;
use peerage_store::{Agent, AgentPatch};
use serde::Serialize;

use super::{Context, accounts, describe, state};
use crate::args::agent::{Add, Agent as Verb, Set};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::secret;
use crate::table::Section;
use peerage_store::fields::{self, channel, permission, yes_or_no};

pub(super) fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Verb::Add(args) => add(*args, context),
        Verb::List(args) => state::agents::run(args, context),
        Verb::Show(one) => show(&one.number, context),
        Verb::Set(args) => set(*args, context),
        Verb::State(verb) => state::run(verb, context),
        Verb::Remove(one) => {
            let store = context.store()?;
            store.remove_agent(&one.number)?;
            context.printer.talk(format_args!("removed agent {}", one.number));
            accounts::warn_not_told(context, &store, &one.number)?;
            Ok(Exit::Done)
        }
    }
}

fn add(args: Add, context: &Context) -> Result<Exit, Failure> {
    let mut patch = AgentPatch {
        account: args.voice.into_patch(),
        full_name: Some(args.name),
        ..AgentPatch::default()
    };
    args.profile.add_to(&mut patch);
    let mut agent = fields::agent::new(args.number, patch)?;
    let store = context.store()?;
    let given = secret::take(args.secret.secret_stdin, "secret", context.printer)?;
    if args.pin.pin_stdin {
        agent.pin = Some(secret::pin(context.printer)?);
    }
    store.add_agent(&agent, &given.secret)?;
    let number = &agent.account.number;
    context.printer.talk(format_args!("added agent {number}"));
    accounts::after_change(context, "agent", &store.agent(number)?.account, true, Some(&given))
}

fn set(args: Set, context: &Context) -> Result<Exit, Failure> {
    let mut patch = AgentPatch {
        account: args.voice.into_patch(),
        full_name: args.name,
        ..AgentPatch::default()
    };
    args.profile.add_to(&mut patch);
    let store = context.store()?;
    let given = accounts::changed_secret(&args.secret, &mut patch.account, context)?;
    if args.pin.no_pin {
        patch.pin = Some(None);
    } else if args.pin.pin_stdin {
        patch.pin = Some(Some(secret::pin(context.printer)?));
    }
    let changed = store.set_agent(&args.present, &patch)?;
    let verb = if changed { "changed" } else { "nothing changed in" };
    context.printer.talk(format_args!("{verb} agent {}", args.present));
    if changed {
        accounts::warn_not_told(context, &store, &args.present)?;
    }
    let number = args.secret.number.as_ref().unwrap_or(&args.present);
    accounts::after_change(context, "agent", &store.agent(number)?.account, changed, given.as_ref())
}

/// Shows an agent with its state.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    agent: &'a Agent,
    #[serde(flatten)]
    now: &'a state::now::Now,
}

fn show(number: &Number, context: &Context) -> Result<Exit, Failure> {
    let store = context.store()?;
    let agent = store.agent(number)?;
    let now = state::now::of(&store, &store.situation(number)?)?;
    let profile = &agent.profile;
    let mut account = describe::account(fields::agent::ACCOUNT, &agent);
    account.push("pin", if agent.has_pin { "set" } else { "none" });
    let channels = profile
        .channels
        .iter()
        .map(|one| (one.channel.to_string(), channel::words(one)));
    let permissions = permission::each(profile.permissions).map(|(word, allowed)| (word, yes_or_no(allowed)));
    let shown = Shown {
        agent: &agent,
        now: &now,
    };
    context.printer.record(
        &shown,
        &[
            account,
            now.section(),
            describe::voice(&agent.account),
            Section::new("Other channels", channels),
            Section::new("Permissions", permissions),
            Section::new("Client logs", [("level", profile.client_log_level.to_string())]),
            describe::registration(&agent.account),
        ],
    )?;
    accounts::warn(context, &agent.account);
    Ok(Exit::Done)
}
