//! `peerage db`.

use peerage_store::cluster::{Change, Status};
use peerage_store::hardening::{self, Missing};
use serde::Serialize;

use super::{Context, views};
use crate::args::db::Db as Verb;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::table::Section;

pub(super) fn run(verb: &Verb, context: &Context) -> Result<Exit, Failure> {
    let printer = context.printer;
    let cluster = &context.settings.cluster;
    let home = cluster.home().display();
    if context.settings.database_url.is_some() && !matches!(verb, Verb::Migrate) {
        printer.warn("a database is configured; this is about the private cluster, which is not used then");
    }
    match verb {
        Verb::Start => {
            match cluster.start()? {
                Change::Done => printer.talk(format_args!("started the private cluster in {home}")),
                Change::Nothing => printer.talk(format_args!("the private cluster in {home} runs already")),
            }
            printer.talk("next: `peerage db migrate`");
        }
        Verb::Stop => match cluster.stop()? {
            Change::Done => printer.talk(format_args!("stopped the private cluster in {home}")),
            Change::Nothing => printer.talk(format_args!("no private cluster runs in {home}")),
        },
        Verb::Status => status(context)?,
        Verb::Url => printer.data(&format!("{}\n", cluster.url()?))?,
        Verb::Migrate => {
            // A cluster of an earlier release has no logins but the superuser.
            if context.settings.database_url.is_none() && matches!(cluster.status()?, Status::Running { .. }) {
                cluster.start()?;
            }
            views::migrate(context)?;
        }
    }
    Ok(Exit::Done)
}

/// What the private cluster is doing.
#[derive(Serialize)]
struct Seen {
    /// `absent`, `stopped` or `running`.
    state: &'static str,
    home: String,
    /// Process id of the server.
    pid: Option<u32>,
    /// TCP port on 127.0.0.1.
    port: Option<u16>,
    url: Option<String>,
    /// Limits that are not in force in the database that is used; none when it cannot be asked.
    missing: Option<Vec<Missing>>,
}

fn status(context: &Context) -> Result<(), Failure> {
    let cluster = &context.settings.cluster;
    let (state, pid) = match cluster.status()? {
        Status::Absent => ("absent", None),
        Status::Stopped => ("stopped", None),
        Status::Running { pid } => ("running", Some(pid)),
    };
    let seen = Seen {
        state,
        home: cluster.home().display().to_string(),
        pid,
        port: cluster.port().ok(),
        url: cluster.url().ok(),
        missing: missing(context),
    };
    let fields = [
        ("state", seen.state.to_owned()),
        ("home", seen.home.clone()),
        ("pid", seen.pid.map(|pid| pid.to_string()).unwrap_or_default()),
        ("port", seen.port.map(|port| port.to_string()).unwrap_or_default()),
        ("url", seen.url.clone().unwrap_or_default()),
    ];
    context.printer.record(&seen, &[Section::new("", fields)])?;
    views::say_missing(context, seen.missing.as_deref().unwrap_or_default());
    Ok(())
}

/// What keeps the logins of the database in their place and is not in force.
fn missing(context: &Context) -> Option<Vec<Missing>> {
    let mut connection = peerage_store::connect(&context.database().ok()?).ok()?;
    hardening::missing(&mut connection).ok()
}
