//! `peerage up`.

use peerage_cluster::Change;
use peerage_model::{Role, Username};
use peerage_store::{NewLogin, Store};
use serde::Serialize;

use super::serve::Service;
use super::{Context, views};
use crate::args::Format;
use crate::args::db::Up;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::{csv, json};
use crate::secret::{self, Given};
use crate::table::{self, Section};

const NEXT: &str = "
next:
  peerage agent add 1001 --name \"Ada King\"        an agent
  peerage phone add 2001 --name \"Desk 1\"          a phone
  peerage node add pbx1                           an Asterisk node
  peerage asterisk config --node pbx1 --out DIR   its configuration files
  psql \"$(peerage db url)\"                        the database, if it is the private cluster";

/// JSON output.
#[derive(Serialize)]
struct Report<'a> {
    database: String,
    /// Directory of the private cluster; none when another database is configured.
    home: Option<String>,
    /// URL of the console; none if it was not started.
    console: Option<String>,
    /// The first admin; none if there already was an admin.
    admin: Option<&'a Username>,
    /// The first admin's password, shown once.
    password: Option<&'a str>,
}

pub(super) fn run(args: &Up, context: &Context) -> Result<Exit, Failure> {
    let printer = context.printer;
    let cluster = &context.settings.cluster;
    let home = match &context.settings.database_url {
        Some(_) => None,
        None => Some(cluster.home().display().to_string()),
    };
    if let Some(home) = &home {
        match cluster.start()? {
            Change::Done => printer.talk(format_args!("started the private cluster in {home}")),
            Change::Nothing => printer.talk(format_args!("the private cluster in {home} is already running")),
        }
    }
    let installed = views::bring_up(context)?;
    views::say(context, &installed)?;
    let given = first_admin(&args.admin, &context.store()?)?;
    if given.is_none() {
        printer.talk("an admin already exists");
    }
    let service = match args.no_serve {
        true => None,
        false => Some(Service::start(&args.listen, context)?),
    };
    let report = Report {
        database: context.database()?.to_string(),
        home,
        console: service.as_ref().map(Service::url),
        admin: given.as_ref().map(|_| &args.admin),
        password: given.as_ref().map(|given| given.secret.expose()),
    };
    show(&report, context).map_err(|error| {
        if given.is_none() {
            return Failure::output(&error);
        }
        secret::not_shown(
            &format!("admin {} was saved", args.admin),
            "password",
            &format!("peerage user password {}", args.admin),
            &error,
        )
    })?;
    printer.talk(NEXT);
    match service {
        Some(service) => service.until_stopped(context),
        None => Ok(Exit::Done),
    }
}

/// Adds the first admin; returns none if there already is an admin.
fn first_admin(username: &Username, store: &Store) -> Result<Option<Given>, Failure> {
    if store.logins()?.iter().any(|login| login.role == Role::Admin) {
        return Ok(None);
    }
    let given = secret::generate()?;
    let login = NewLogin {
        username: username.clone(),
        role: Role::Admin,
        agent: None,
    };
    store.add_login(&login, Some(&given.secret.clone().into()))?;
    Ok(Some(given))
}

fn show(report: &Report<'_>, context: &Context) -> std::io::Result<()> {
    let mut fields = vec![("database", report.database.clone())];
    fields.extend(report.home.as_ref().map(|home| ("home", home.clone())));
    fields.extend(report.console.as_ref().map(|console| ("console", console.clone())));
    fields.extend(report.admin.map(|admin| ("admin", admin.to_string())));
    fields.extend(report.password.map(|password| ("password", password.to_owned())));
    let text = match context.printer.format() {
        Format::Table => Ok(table::sections(&[Section::new("", fields)])),
        Format::Json => json(report),
        Format::Csv => {
            let rows = fields.into_iter().map(|(name, value)| vec![name.to_owned(), value]);
            csv(&["field", "value"], &rows.collect::<Vec<_>>())
        }
    };
    let text = text.map_err(|failure| std::io::Error::other(failure.message.unwrap_or_default()))?;
    context.printer.write(&text)
}
