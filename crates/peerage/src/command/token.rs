//! `peerage token`.

use peerage_store::{NewToken, Token};
use serde::Serialize;

use super::{Context, describe};
use crate::args::Format;
use crate::args::token::{Add, Expiry, Token as Verb};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::{ListColumn, csv, json};
use crate::secret;
use peerage_store::fields::or_empty;

const FIELDS: &[ListColumn<Token>] = &[
    ("name", |token| token.name.clone()),
    ("role", |token| token.role.to_string()),
    ("user", |token| or_empty(token.username.as_ref())),
    ("expires", |token| describe::time_or_none(token.expires_at)),
    ("used", |token| describe::time_or_none(token.used_at)),
];

pub(super) fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    let store = context.store()?;
    let printer = context.printer;
    match verb {
        Verb::Add(args) => add(args, context)?,
        Verb::List => printer.list(FIELDS, &store.tokens()?)?,
        Verb::Remove(one) => {
            store.remove_token(&one.name)?;
            printer.talk(format_args!("removed token {}", one.name));
        }
    }
    Ok(Exit::Done)
}

/// A new token, shown once.
#[derive(Serialize)]
struct Shown<'a> {
    name: &'a str,
    token: &'a str,
}

fn add(args: Add, context: &Context) -> Result<(), Failure> {
    let new = NewToken {
        name: args.name,
        role: args.role,
        username: args.user,
        expires_at: match args.expires {
            None => Some(NewToken::usual_expiry()),
            Some(Expiry::Never) => None,
            Some(Expiry::At(moment)) => Some(moment),
        },
    };
    let token = context.store()?.add_token(&new)?;
    context
        .printer
        .talk(format_args!("added token {} (shown only once):", new.name));
    let shown = Shown {
        name: &new.name,
        token: token.expose(),
    };
    let text = match context.printer.format() {
        Format::Table => format!("{}\n", shown.token),
        Format::Json => json(&shown)?,
        Format::Csv => csv(
            &["name", "token"],
            &[vec![shown.name.to_owned(), shown.token.to_owned()]],
        )?,
    };
    context.printer.write(&text).map_err(|error| {
        secret::not_shown(
            &format!("token {} was saved", new.name),
            "token",
            &format!("peerage token remove {}", new.name),
            &error,
        )
    })
}
