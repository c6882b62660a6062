//! `peerage node`.

use peerage_model::{NodeName, Secret};
use peerage_store::{Node, RoleName};
use serde::Serialize;

use super::{Context, describe};
use crate::args::Format;
use crate::args::node::Node as Verb;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::{ListColumn, csv, json};
use crate::secret;
use crate::table::Section;
use peerage_store::fields::or_empty;

const FIELDS: &[ListColumn<Node>] = &[
    ("name", |node| node.name.to_string()),
    ("login", |node| node.login.to_string()),
    ("sites", |node| node.sites.to_string()),
    ("manager", |node| or_empty(node.manager.as_ref())),
    ("leader", |node| or_empty(node.leader.as_ref())),
    ("connections", |node| node.connections.to_string()),
    ("created", |node| describe::time(node.created_at)),
];

pub(super) fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    let store = context.store()?;
    let printer = context.printer;
    match verb {
        Verb::Add(args) => {
            let (node, password) = store.add_node_for(&args.name, args.login.as_ref(), &args.sites)?;
            printer.talk(format_args!(
                "added node {} with the database role {}",
                node.name, node.login
            ));
            show_password(context, &node.name, &node.login, &password)?;
        }
        Verb::List => printer.list(FIELDS, &store.nodes()?)?,
        Verb::Show(one) => {
            let node = store.node(&one.name)?;
            let section = Section::new("", FIELDS.iter().map(|(name, write)| (*name, write(&node))));
            printer.record(&node, &[section])?;
        }
        Verb::Set(args) => {
            let (name, patch) = args.into_patch();
            let changed = store.set_node(&name, &patch)?;
            let verb = if changed { "changed" } else { "nothing changed in" };
            printer.talk(format_args!("{verb} node {name}"));
        }
        Verb::Password(one) => {
            let node = store.node(&one.name)?;
            let password = store.rotate_node_password(&one.name)?;
            printer.talk(format_args!("changed the password of node {}", node.name));
            show_password(context, &node.name, &node.login, &password)?;
        }
        Verb::Remove(one) => {
            store.remove_node(&one.name)?;
            printer.talk(format_args!("removed node {}", one.name));
        }
    }
    Ok(Exit::Done)
}

/// The credentials of a node.
#[derive(Serialize)]
struct Credentials<'a> {
    name: &'a NodeName,
    login: &'a RoleName,
    password: &'a str,
}

/// Prints the password, once. For people it is alone on its line, so that it can be piped into `asterisk config`.
fn show_password(context: &Context, name: &NodeName, login: &RoleName, password: &Secret) -> Result<(), Failure> {
    let password = password.expose();
    let text = match context.printer.format() {
        Format::Json => json(&Credentials { name, login, password })?,
        Format::Csv => {
            let row = vec![name.to_string(), login.to_string(), password.to_owned()];
            csv(&["name", "login", "password"], &[row])?
        }
        Format::Table => {
            context.printer.talk("password (shown only once):");
            format!("{password}\n")
        }
    };
    context.printer.write(&text).map_err(|error| {
        secret::not_shown(
            &format!("node {name} was saved"),
            "password",
            &format!("peerage node password {name}"),
            &error,
        )
    })
}
