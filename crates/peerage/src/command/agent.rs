//! `peerage agent`.

use peerage_model::Number;
use peerage_store::{Agent, AgentPatch};

use super::{Context, accounts, describe, list, state};
use crate::args::agent::{Add, Agent as Verb, Set};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::fields::kind::Agents;
use crate::fields::{self, channel, permission, yes_or_no};
use crate::printer::ListColumn;
use crate::secret;
use crate::table::Section;

const LIST: &[ListColumn<Agent>] = &[
    ("number", |agent| agent.account.number.to_string()),
    ("name", |agent| agent.profile.full_name.to_string()),
    ("site", |agent| agent.account.site.to_string()),
    ("transport", |agent| agent.account.voice.transports.to_string()),
    ("context", |agent| agent.account.voice.context.to_string()),
    ("hot-desk", |agent| yes_or_no(agent.profile.hot_desk)),
    ("disabled", |agent| yes_or_no(agent.account.disabled)),
    ("registered", |agent| yes_or_no(agent.account.is_registered())),
];

pub(super) fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Verb::Add(args) => add(*args, context),
        Verb::List(search) => list::run::<Agents>(LIST, search, context),
        Verb::Show(one) => show(&one.number, context),
        Verb::Set(args) => set(*args, context),
        Verb::State(verb) => state::run(verb, context),
        Verb::Remove(one) => {
            context.store()?.remove_agent(&one.number)?;
            context.printer.talk(format_args!("removed agent {}", one.number));
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
    let agent = fields::agent::new(args.number, patch)?;
    let store = context.store()?;
    let given = secret::take(args.secret.secret_stdin, "secret", context.printer)?;
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
    let changed = store.set_agent(&args.present, &patch)?;
    let verb = if changed { "changed" } else { "nothing to change in" };
    context.printer.talk(format_args!("{verb} agent {}", args.present));
    let number = args.secret.number.as_ref().unwrap_or(&args.present);
    accounts::after_change(context, "agent", &store.agent(number)?.account, changed, given.as_ref())
}

fn show(number: &Number, context: &Context) -> Result<Exit, Failure> {
    let agent = context.store()?.agent(number)?;
    let profile = &agent.profile;
    let mut account = describe::account(fields::agent::ACCOUNT, &agent);
    account.push("pin", if agent.has_pin { "set" } else { "none" });
    let channels = profile
        .channels
        .iter()
        .map(|one| (one.channel.to_string(), channel::words(one)));
    let permissions = permission::each(profile.permissions).map(|(word, allowed)| (word, yes_or_no(allowed)));
    context.printer.record(
        &agent,
        &[
            account,
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
