//! What adding and changing agents and phones have in common.

use peerage_model::Number;
use peerage_store::{Account, AccountPatch, Filter, Store};
use serde::Serialize;

use super::{Context, describe};
use crate::args::Format;
use crate::args::files::Search;
use crate::args::secret::ChangedSecret;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::{csv, json};
use crate::secret::{self, Given};
use peerage_store::fields::yes_or_no;

/// JSON output of an addition or a change.
#[derive(Serialize)]
struct Outcome<'a> {
    number: &'a Number,
    changed: bool,
    /// Only if it was generated just now; it cannot be read again.
    secret: Option<&'a str>,
}

/// Adds number and secret to the changes; returns the secret if there is a new one.
pub(super) fn changed_secret(
    flags: &ChangedSecret,
    patch: &mut AccountPatch,
    context: &Context,
) -> Result<Option<Given>, Failure> {
    patch.number.clone_from(&flags.number);
    if !flags.secret_stdin && !flags.new_secret {
        return Ok(None);
    }
    let given = secret::take(flags.secret_stdin, "secret", context.printer)?;
    patch.secret = Some(given.secret.clone());
    Ok(Some(given))
}

/// Prints warnings, the outcome for programs, and a generated secret, once.
pub(super) fn after_change(
    context: &Context,
    noun: &str,
    account: &Account,
    changed: bool,
    given: Option<&Given>,
) -> Result<Exit, Failure> {
    warn(context, account);
    let number = &account.number;
    let secret = given.filter(|given| given.generated).map(|given| given.secret.expose());
    let text = match (context.printer.format(), secret) {
        (Format::Json, secret) => json(&Outcome {
            number,
            changed,
            secret,
        })?,
        (Format::Csv, secret) => {
            let row = vec![
                number.to_string(),
                yes_or_no(changed),
                secret.unwrap_or_default().to_owned(),
            ];
            csv(&["number", "changed", "secret"], &[row])?
        }
        (Format::Table, Some(secret)) => {
            context.printer.talk("secret (shown only once):");
            format!("{secret}\n")
        }
        (Format::Table, None) => return Ok(Exit::Done),
    };
    match context.printer.write(&text) {
        Ok(()) => Ok(Exit::Done),
        Err(error) if secret.is_some() => Err(secret::not_shown(
            &format!("{number} was saved"),
            "secret",
            &format!("peerage {noun} set {number} --new-secret"),
            &error,
        )),
        Err(error) => Err(Failure::output(&error)),
    }
}

/// Warns about nodes that may use cached values for a while, and says what to do.
pub(super) fn warn_not_told(context: &Context, store: &Store, number: &Number) -> Result<(), Failure> {
    let nodes = store.nodes_not_told(number)?;
    let may: Vec<String> = nodes
        .iter()
        .map(|node| match node.until {
            Some(until) => format!("{} until {}", node.node, describe::time(until)),
            None => format!("{} until Asterisk is restarted", node.node),
        })
        .collect();
    if !may.is_empty() {
        context.printer.warn(format_args!(
            "{number}: no service is running, so these nodes may use the old values: {}; start the service (`peerage serve`) to \
             update them at once",
            may.join(", ")
        ));
    }
    Ok(())
}

/// Warns about settings that are allowed but probably not intended.
pub(super) fn warn(context: &Context, account: &Account) {
    for warning in account.warnings() {
        context.printer.warn(format_args!("{}: {warning}", account.number));
    }
}

impl From<Search> for Filter {
    fn from(search: Search) -> Self {
        Self {
            search: search.search,
            site: search.site,
            after: search.after,
            weak_secret: search.weak_secret,
            limit: search.limit,
            ..Self::default()
        }
    }
}
