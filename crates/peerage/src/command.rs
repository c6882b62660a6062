//! The commands. Each takes its parsed flags and returns an exit code.

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
mod hint;
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

/// What most commands share.
struct Context {
    printer: Printer,
    settings: Settings,
}

/// Runs one command.
pub(crate) fn run(cli: Cli, printer: Printer) -> Result<Exit, Failure> {
    let noun = match cli.noun {
        // These two describe the command line, so they work with any settings.
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
    /// Loads settings and starts the log. A service (`serves`) logs more than a command.
    fn new(global: &Global, serves: bool, printer: Printer) -> Result<Self, Failure> {
        let settings = Settings::load(global, serves)?;
        let filter = EnvFilter::try_new(&settings.log).map_err(|error| {
            Failure::usage(format!("`log` cannot be `{}`: {error}", settings.log))
                .hint("use a level, such as `info`, or levels per module, such as `warn,peerage_store=debug`")
        })?;
        log::start(filter);
        for unknown in &settings.unknown {
            printer.warn(unknown);
        }
        Ok(Self { printer, settings })
    }

    /// Returns the URL for everyday work, never as superuser: the configured database, or the private cluster, which must run.
    fn database(&self) -> Result<DatabaseUrl, Failure> {
        Ok(self.databases()?.0)
    }

    /// Returns the URL of the database's owner, for migrations and node roles; may be the same login.
    fn owner_database(&self) -> Result<DatabaseUrl, Failure> {
        Ok(self.databases()?.1)
    }

    /// Returns the URL for everyday work and the owner's URL.
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
                "no database is configured, and the private cluster is not running",
            )
            .hint(
                "run `peerage up` to set everything up or `peerage db start` to start it, or set PEERAGE_DATABASE_URL",
            )),
        }
    }

    /// Opens the store; the actor is the user who runs this command.
    fn store(&self) -> Result<Store, Failure> {
        let (url, owner) = self.databases()?;
        let actor = Actor::new(format!("cli:{}", self.settings.operator))?;
        tracing::debug!(database = %url, %actor, "connecting");
        Ok(Store::open(&url, actor)?.with_owner(Some(owner)))
    }

    /// Whether the output format is for programs.
    fn is_for_programs(&self) -> bool {
        self.printer.format() != Format::Table
    }
}

/// Parses the private cluster's URL; fails only if the path has characters that a URL cannot hold.
fn private_url(url: &str) -> Result<DatabaseUrl, Failure> {
    DatabaseUrl::try_from(url).map_err(|error| {
        Failure::failed(error.to_string()).hint("set PEERAGE_HOME to a path that has only letters, digits and `/`")
    })
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let failure = match &error {
            StoreError::Invalid(_) => Self::usage(error.message()),
            _ => Self::failed(error.message()),
        };
        match error.advice() {
            Some(advice) => failure.hint(hint::of(advice)),
            None => failure,
        }
    }
}

impl From<ClusterError> for Failure {
    fn from(error: ClusterError) -> Self {
        Self::because(&error).hint(error.hint())
    }
}
