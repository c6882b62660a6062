//! What the commands do. Each takes its flags as parsed, and ends with what the shell is told.

use peerage_cluster::{ADMIN, APP, ClusterError, DATABASE, Status};
use peerage_store::{Actor, DatabaseUrl, Store, StoreError};
use tracing_subscriber::EnvFilter;

use crate::args::{Cli, Format, Global, Noun};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::log;
use crate::printer::Printer;
use crate::settings::Settings;

mod accounts;
mod agent;
mod asterisk;
mod audit;
mod db;
mod describe;
mod export;
mod import;
mod list;
mod node;
mod pause_reason;
mod phone;
mod queue;
mod serve;
mod shell;
mod site;
mod state;
mod token;
mod up;
mod user;
mod views;

/// What most commands need.
struct Context {
    printer: Printer,
    settings: Settings,
}

/// Runs one command.
pub(crate) fn run(cli: Cli, printer: Printer) -> Result<Exit, Failure> {
    let noun = match cli.noun {
        // These two say how the command is used, and must do so whatever the settings are.
        Noun::Completions(args) => return shell::completions(&args, printer),
        Noun::Man(args) => return shell::man(&args, printer),
        noun => noun,
    };
    let serves = match &noun {
        Noun::Serve(_) => true,
        Noun::Up(args) => !args.no_serve,
        _ => false,
    };
    let context = Context::new(&cli.global, serves, printer)?;
    match noun {
        Noun::Up(args) => up::run(&args, &context),
        Noun::Serve(args) => serve::run(&args, &context),
        Noun::Db(verb) => db::run(&verb, &context),
        Noun::Views(verb) => views::run(&verb, &context),
        Noun::Site(verb) => site::run(verb, &context),
        Noun::Node(verb) => node::run(verb, &context),
        Noun::Agent(verb) => agent::run(verb, &context),
        Noun::Phone(verb) => phone::run(verb, &context),
        Noun::Queue(verb) => queue::run(verb, &context),
        Noun::PauseReason(verb) => pause_reason::run(verb, &context),
        Noun::User(verb) => user::run(verb, &context),
        Noun::Token(verb) => token::run(verb, &context),
        Noun::Audit(verb) => audit::run(verb, &context),
        Noun::Import(verb) => import::run(&verb, &context),
        Noun::Export(verb) => export::run(&verb, &context),
        Noun::Asterisk(verb) => asterisk::run(&verb, &context),
        Noun::Completions(_) | Noun::Man(_) => Ok(Exit::Done),
    }
}

impl Context {
    /// What runs for long says more of what it does.
    fn new(global: &Global, serves: bool, printer: Printer) -> Result<Self, Failure> {
        let settings = Settings::load(global, serves)?;
        let filter = EnvFilter::try_new(&settings.log).map_err(|error| {
            Failure::usage(format!("`log` cannot be `{}`: {error}", settings.log))
                .hint("write a level, such as `info`, or levels of parts, such as `warn,peerage_store=debug`")
        })?;
        log::start(filter);
        for unknown in &settings.unknown {
            printer.warn(unknown);
        }
        Ok(Self { printer, settings })
    }

    /// Where the database is: as configured, else the private cluster, which must run. For everyday work, never as superuser.
    fn database(&self) -> Result<DatabaseUrl, Failure> {
        Ok(self.databases()?.0)
    }

    /// The same database as its owner, for migrations and the roles of nodes. A site's own database may have one login for both.
    fn owner_database(&self) -> Result<DatabaseUrl, Failure> {
        Ok(self.databases()?.1)
    }

    /// The database for everyday work, and as its owner.
    fn databases(&self) -> Result<(DatabaseUrl, DatabaseUrl), Failure> {
        let settings = &self.settings;
        if let Some(url) = &settings.database_url {
            let owner = settings.owner_database_url.as_ref().unwrap_or(url);
            return Ok((url.clone(), owner.clone()));
        }
        let cluster = &settings.cluster;
        match cluster.status()? {
            Status::Running { .. } => Ok((
                private_url(&cluster.url_as(APP, DATABASE)?)?,
                private_url(&cluster.url_as(ADMIN, DATABASE)?)?,
            )),
            Status::Absent | Status::Stopped => Err(Failure::failed(
                "no database is configured, and the private cluster does not run",
            )
            .hint("`peerage up` sets everything up, `peerage db start` starts it; or set PEERAGE_DATABASE_URL")),
        }
    }

    /// The database, as the one who runs this command.
    fn store(&self) -> Result<Store, Failure> {
        let (url, owner) = self.databases()?;
        let actor = Actor::new(format!("cli:{}", self.settings.operator))?;
        tracing::debug!(database = %url, %actor, "connecting");
        Ok(Store::open(&url, actor)?.with_owner(Some(owner)))
    }

    /// Whether data are for a program to read.
    fn is_for_programs(&self) -> bool {
        self.printer.format() != Format::Table
    }
}

/// The private cluster's own URL, which cannot be wrong unless its path has signs that no URL takes.
fn private_url(url: &str) -> Result<DatabaseUrl, Failure> {
    DatabaseUrl::try_from(url).map_err(|error| {
        Failure::failed(error.to_string()).hint("set PEERAGE_HOME to a path of letters, digits and `/`")
    })
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let failure = match &error {
            StoreError::Invalid(_) => Self::usage(error.message()),
            _ => Self::failed(error.message()),
        };
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

impl From<ClusterError> for Failure {
    fn from(error: ClusterError) -> Self {
        Self::because(&error).hint(error.hint())
    }
}
