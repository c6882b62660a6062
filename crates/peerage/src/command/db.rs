//! `peerage db`.

use peerage_cluster::{Change, Status};
use peerage_store::NodeFault;
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
    if context.settings.database_url.is_some() && !matches!(verb, Verb::Migrate | Verb::Status) {
        printer.warn("this command manages the private cluster, which is not in use: a database is configured");
    }
    match verb {
        Verb::Start => {
            match cluster.start()? {
                Change::Done => printer.talk(format_args!("started the private cluster in {home}")),
                Change::Nothing => printer.talk(format_args!("the private cluster in {home} is already running")),
            }
            printer.talk("next: `peerage db migrate`");
        }
        Verb::Stop => match cluster.stop()? {
            Change::Done => printer.talk(format_args!("stopped the private cluster in {home}")),
            Change::Nothing => printer.talk(format_args!("the private cluster in {home} is not running")),
        },
        Verb::Status => return status(context),
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

/// The state of the database.
#[derive(Serialize)]
struct Seen {
    /// Of the private cluster `absent` or `stopped`; else, as of any database, `running`, `not ready` or `unreachable`.
    state: &'static str,
    /// Directory of the private cluster; none when a database is configured.
    home: Option<String>,
    /// Process id of its server.
    pid: Option<u32>,
    /// Its TCP port on 127.0.0.1.
    port: Option<u16>,
    /// Where the database is, without a password.
    url: Option<String>,
    /// Version of the server.
    server: Option<String>,
    /// Why it cannot be used, one sentence each.
    faults: Vec<String>,
    /// What keeps a node from its work.
    nodes: Vec<NodeFault>,
    /// Limits that are not in force in the database that is used; none when it cannot be asked.
    missing: Option<Vec<Missing>>,
}

fn status(context: &Context) -> Result<Exit, Failure> {
    let mut seen = match &context.settings.database_url {
        Some(url) => Seen {
            state: "running",
            home: None,
            pid: None,
            port: None,
            url: Some(url.to_string()),
            server: None,
            faults: Vec::new(),
            nodes: Vec::new(),
            missing: None,
        },
        None => private(context)?,
    };
    if seen.state == "running" {
        ask(context, &mut seen);
    }
    let fields = [
        ("state", Some(seen.state.to_owned())),
        ("home", seen.home.clone()),
        ("pid", seen.pid.map(|pid| pid.to_string())),
        ("port", seen.port.map(|port| port.to_string())),
        ("url", seen.url.clone()),
        ("server", seen.server.clone()),
    ];
    let fields = fields.map(|(name, value)| (name, value.unwrap_or_default()));
    context.printer.record(&seen, &[Section::new("", fields)])?;
    for fault in &seen.faults {
        context.printer.warn(fault);
    }
    for node in &seen.nodes {
        context.printer.warn(format_args!("node {}: {}", node.node, node.fault));
    }
    views::say_missing(context, seen.missing.as_deref().unwrap_or_default());
    Ok(match seen.state {
        "not ready" | "unreachable" => Exit::Failed,
        _ => Exit::Done,
    })
}

/// The private cluster.
fn private(context: &Context) -> Result<Seen, Failure> {
    let cluster = &context.settings.cluster;
    let (state, pid) = match cluster.status()? {
        Status::Absent => ("absent", None),
        Status::Stopped => ("stopped", None),
        Status::Running { pid } => ("running", Some(pid)),
    };
    Ok(Seen {
        state,
        home: Some(cluster.home().display().to_string()),
        pid,
        port: cluster.port().ok(),
        url: cluster.url().ok(),
        server: None,
        faults: Vec::new(),
        nodes: Vec::new(),
        missing: None,
    })
}

/// Asks the database itself.
fn ask(context: &Context, seen: &mut Seen) {
    let health = context
        .store()
        .and_then(|store| Ok(store.health(&peerage_views::wanted())?));
    match health {
        Ok(health) => {
            seen.server = Some(health.server);
            seen.faults = health.faults;
            seen.nodes = health.nodes;
            if !seen.faults.is_empty() {
                seen.state = "not ready";
            }
        }
        Err(failure) => {
            seen.state = "unreachable";
            let said = failure.message.unwrap_or_default();
            seen.faults.push(match failure.hint {
                Some(hint) => format!("{said}: {hint}"),
                None => said,
            });
        }
    }
    seen.missing = missing(context);
}

/// What keeps the logins of the database in their place and is not in force.
fn missing(context: &Context) -> Option<Vec<Missing>> {
    let mut connection = peerage_store::connect(&context.database().ok()?).ok()?;
    hardening::missing(&mut connection).ok()
}
