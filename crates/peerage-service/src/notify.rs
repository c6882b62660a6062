//! LISTEN: what the database says changed, into the hub.
//!
//! The connection is made again for as long as the service runs. What was told meanwhile is lost, so each new connection
//! begins with [`Change::Missed`].

mod heard;
mod tls;

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::poll_fn;
use tokio::time::{sleep, timeout};
use tokio_postgres::config::Host;
use tokio_postgres::{AsyncMessage, Client, Config, Connection, NoTls, SimpleQueryMessage, Socket, config::SslMode};

use crate::app::App;
use crate::memory::Change;

/// Makes a session one that listens. A statement for each channel, so that they can be counted.
const LISTEN: &str = "set search_path = pg_catalog, pg_temp; listen peerage_accounts; listen peerage_agents; listen peerage_settings; listen peerage_registrations";
/// Asks whether the session is there, and still the same.
const STILL_THERE: &str = "select count(*) = 4 from pg_catalog.pg_listening_channels()";
/// How often that is asked.
const ASK_EVERY: Duration = Duration::from_secs(3);
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long all hosts of the URL together may take to let us in.
pub(crate) const CONNECT: Duration = Duration::from_secs(15);
/// The wait after a first failure, doubled with each.
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Why notifications do not arrive.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("{}", whole(.0))]
    Postgres(#[from] tokio_postgres::Error),
    #[error("TLS: {0}")]
    Tls(#[from] tls::Unusable),
    #[error("the database did not answer in time")]
    Silent,
    #[error("the database ended the connection")]
    Ended,
    #[error(
        "the database URL leads through a pooler that shares sessions between clients, such as PgBouncer in transaction mode: \
         let it go past the pooler, or through one in session mode"
    )]
    Pooled,
    #[error(transparent)]
    Store(#[from] peerage_store::StoreError),
}

/// An error with what caused it; the driver says only half of it by itself.
fn whole(error: &tokio_postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(source) if !error.to_string().contains(&source.to_string()) => format!("{error}: {source}"),
        _ => error.to_string(),
    }
}

/// Listens until the service ends.
pub(crate) async fn run(app: App) {
    let mut wait = FIRST_WAIT;
    let mut said = String::new();
    loop {
        let failure = tokio::select! {
            () = app.stopped() => return app.set_listening(false),
            failure = listen(&app) => failure,
        };
        // Hosts and users are for the log alone.
        app.set_deaf(matches!(failure, Failure::Pooled).then(|| failure.to_string()));
        let failure = failure.to_string();
        if app.listening() {
            app.set_listening(false);
            wait = FIRST_WAIT;
            said.clear();
        }
        if failure != said {
            tracing::warn!(%failure, "notifications of the database do not arrive; the service waits for the database and tries again");
            said = failure;
        }
        tokio::select! {
            () = app.stopped() => return,
            () = sleep(wait) => wait = (wait * 2).min(LONGEST_WAIT),
        }
    }
}

/// Listens until that fails.
async fn listen(app: &App) -> Failure {
    // Through such a pooler all seems well at first.
    let url = app.settings().database.clone();
    match app.db(move |_store| peerage_store::shares_sessions(&url)).await {
        Ok(false) => {}
        Ok(true) => return Failure::Pooled,
        Err(error) => return error.into(),
    }
    match connect(app).await {
        Err(failure) => failure,
        Ok(Connected::Plain(client, connection)) => follow(app, &client, *connection).await,
        Ok(Connected::Encrypted(client, connection)) => follow(app, &client, *connection).await,
    }
}

/// A connection of one's own. What the database tells on it is passed over.
pub(crate) async fn client(app: &App) -> Result<Client, Failure> {
    let client = match connect(app).await? {
        Connected::Plain(client, connection) => {
            tokio::spawn(connection);
            client
        }
        Connected::Encrypted(client, connection) => {
            tokio::spawn(connection);
            client
        }
    };
    Ok(client)
}

enum Connected {
    Plain(Client, Box<Connection<Socket, tokio_postgres::tls::NoTlsStream>>),
    Encrypted(Client, Box<Connection<Socket, tls::Stream>>),
}

async fn connect(app: &App) -> Result<Connected, Failure> {
    let url = &app.settings().database;
    let config = config(&url.for_tokio_postgres())?;
    let connecting = async {
        if config.get_ssl_mode() == SslMode::Disable {
            let (client, connection) = config.connect(NoTls).await?;
            Ok(Connected::Plain(client, Box::new(connection)))
        } else {
            let (client, connection) = config.connect(tls::like_libpq(&url.tls())?).await?;
            Ok(Connected::Encrypted(client, Box::new(connection)))
        }
    };
    timeout(CONNECT, connecting).await.unwrap_or(Err(Failure::Silent))
}

/// The URL as this driver reads it, and what libpq adds to it by itself.
fn config(url: &str) -> Result<Config, tokio_postgres::Error> {
    let mut config: Config = url.parse()?;
    if config.get_application_name().is_none() {
        config.application_name("peerage");
    }
    if config.get_password().is_none()
        && let Ok(password) = std::env::var("PGPASSWORD")
    {
        config.password(password);
    }
    // A socket is never encrypted; this driver would complain where libpq does not.
    if config.get_hosts().iter().all(|host| matches!(host, Host::Unix(_))) && config.get_hostaddrs().is_empty() {
        config.ssl_mode(SslMode::Disable);
    }
    Ok(config)
}

/// Tells the hub what is heard, until the connection fails.
async fn follow<T>(app: &App, client: &Client, mut connection: Connection<Socket, T>) -> Failure
where
    T: tokio_postgres::tls::TlsStream + Unpin,
{
    let mut messages = poll_fn(|context| connection.poll_message(context));
    // What the questions below are answered with passes through here, too.
    let hear = async {
        loop {
            match messages.next().await {
                Some(Ok(AsyncMessage::Notification(told))) => {
                    if let Some(change) = heard::change(told.channel(), told.payload()) {
                        app.hub().tell(change);
                    }
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return error.into(),
                None => return Failure::Ended,
            }
        }
    };
    tokio::select! {
        failure = hear => failure,
        failure = ask(app, client) => failure,
    }
}

/// Begins to listen, and asks from time to time whether that still holds.
async fn ask(app: &App, client: &Client) -> Failure {
    if let Err(failure) = in_time(client.batch_execute(LISTEN)).await {
        return failure;
    }
    loop {
        let answer = match in_time(client.simple_query(STILL_THERE)).await {
            Ok(answer) => answer,
            Err(failure) => return failure,
        };
        let holds = answer
            .iter()
            .any(|message| matches!(message, SimpleQueryMessage::Row(row) if row.get(0) == Some("t")));
        if !holds {
            return Failure::Pooled;
        }
        if !app.listening() {
            tracing::info!("notifications of the database arrive");
            app.set_deaf(None);
            app.set_listening(true);
            app.hub().tell(Change::Missed);
        }
        sleep(ASK_EVERY).await;
    }
}

async fn in_time<T>(answer: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Result<T, Failure> {
    match timeout(PATIENCE, answer).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(Failure::Silent),
    }
}

#[cfg(test)]
mod tests;
