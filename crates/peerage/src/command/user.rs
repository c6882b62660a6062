//! `peerage user`.

use peerage_model::{Password, Username};
use peerage_store::{Login, NewLogin, Store, Tokens};
use serde::Serialize;

use super::{Context, describe};
use crate::args::Format;
use crate::args::user::{Add, PasswordSource, Queues, User as Verb};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::{ListColumn, csv, json};
use crate::secret::{self, GivenPassword};
use peerage_store::fields::{or_empty, yes_or_no};

const FIELDS: &[ListColumn<Login>] = &[
    ("username", |login| login.username.to_string()),
    ("role", |login| login.role.to_string()),
    ("agent", |login| or_empty(login.agent.as_ref())),
    ("queues", |login| {
        let queues: Vec<&str> = login.queues.iter().map(peerage_model::QueueName::as_str).collect();
        queues.join(",")
    }),
    ("password", |login| {
        if login.has_password { "set" } else { "none" }.to_owned()
    }),
    ("disabled", |login| yes_or_no(login.disabled)),
    ("failed", |login| login.failed_sign_ins.to_string()),
    ("locked-until", |login| describe::time_or_none(login.locked_until)),
];

pub(super) fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    let store = context.store()?;
    let printer = context.printer;
    match verb {
        Verb::Add(args) => add(args, &store, context)?,
        Verb::List => printer.list(FIELDS, &store.logins()?)?,
        Verb::Set(args) => {
            let queues = args.queues.clone();
            let (username, patch) = args.into_patch();
            let mut changed = store.set_login(&username, &patch)?;
            if let Some(Queues(queues)) = queues {
                changed |= store.set_supervisor_queues(&username, &queues)?;
            }
            let verb = if changed { "changed" } else { "nothing changed in" };
            printer.talk(format_args!("{verb} user {username}"));
        }
        Verb::Remove(one) => {
            store.remove_login(&one.username)?;
            printer.talk(format_args!("removed user {}", one.username));
        }
        Verb::Password(args) => {
            let username = &args.one.username;
            // Check that the user exists before asking for a password.
            store.login(username)?;
            let given = password(&args.source, context)?;
            let tokens = if args.end_tokens { Tokens::End } else { Tokens::Keep };
            store.set_login_password(username, password_of(given.as_ref()), tokens)?;
            printer.talk(format_args!("changed the password of user {username}"));
            show_password(context, username, given.as_ref())?;
        }
    }
    Ok(Exit::Done)
}

fn add(args: Add, store: &Store, context: &Context) -> Result<(), Failure> {
    let login = NewLogin {
        username: args.username,
        role: args.role,
        agent: args.agent,
    };
    let given = password(&args.source, context)?;
    store.add_login(&login, password_of(given.as_ref()))?;
    context
        .printer
        .talk(format_args!("added user {} as {}", login.username, login.role));
    show_password(context, &login.username, given.as_ref())
}

fn password(source: &PasswordSource, context: &Context) -> Result<Option<GivenPassword>, Failure> {
    if source.no_password {
        return Ok(None);
    }
    secret::take_password(source.password_stdin, context.printer).map(Some)
}

fn password_of(given: Option<&GivenPassword>) -> Option<&Password> {
    given.map(|given| &given.password)
}

/// JSON output.
#[derive(Serialize)]
struct Outcome<'a> {
    username: &'a Username,
    /// Only if it was generated just now.
    password: Option<&'a str>,
}

fn show_password(context: &Context, username: &Username, given: Option<&GivenPassword>) -> Result<(), Failure> {
    let password = given
        .filter(|given| given.generated)
        .map(|given| given.password.expose());
    let text = match (context.printer.format(), password) {
        (Format::Json, password) => json(&Outcome { username, password })?,
        (Format::Csv, password) => {
            let row = vec![username.to_string(), password.unwrap_or_default().to_owned()];
            csv(&["username", "password"], &[row])?
        }
        (Format::Table, Some(password)) => {
            context.printer.talk("password (shown only once):");
            format!("{password}\n")
        }
        (Format::Table, None) => return Ok(()),
    };
    context.printer.write(&text).map_err(|error| {
        if password.is_none() {
            return Failure::output(&error);
        }
        secret::not_shown(
            &format!("user {username} was saved"),
            "password",
            &format!("peerage user password {username}"),
            &error,
        )
    })
}
