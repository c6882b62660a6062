//! The service as a whole: begun, running, ended.

use std::net::SocketAddr;

use peerage_store::{Actor, Store, StoreError};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::app::App;
use crate::{Settings, lead, live, nodes, notify, web};

/// Why the service could not begin.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The address is taken, or not ours.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, #[source] std::io::Error),
    /// The store does not take the service's name.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A service at work.
pub struct Running {
    app: App,
    address: SocketAddr,
    tasks: JoinSet<()>,
}

impl Running {
    /// Begins: listens, serves, links.
    ///
    /// # Errors
    ///
    /// [`ServiceError`].
    pub async fn start(settings: Settings) -> Result<Self, ServiceError> {
        web::raise();
        let actor = Actor::new("service").map_err(StoreError::from)?;
        // The database may be away, as after a power cut: the service begins all the same, and is ready when the database is there.
        let store = Store::lazy(&settings.database, actor).with_owner(settings.owner.clone());
        let listen = settings.listen;
        let listener = TcpListener::bind(listen)
            .await
            .map_err(|error| ServiceError::Listen(listen, error))?;
        let address = listener
            .local_addr()
            .map_err(|error| ServiceError::Listen(listen, error))?;
        let app = App::new(store, settings);
        let mut tasks = JoinSet::new();
        tasks.spawn(notify::run(app.clone()));
        tasks.spawn(lead::run(app.clone()));
        tasks.spawn(nodes::run(app.clone()));
        tasks.spawn(nodes::leaving::run(app.clone()));
        tasks.spawn(nodes::presence::run(app.clone()));
        tasks.spawn(nodes::overlong::run(app.clone()));
        tasks.spawn(live::tell_pages(app.clone()));
        tasks.spawn(live::forget(app.clone()));
        tasks.spawn(web::run(app.clone(), listener));
        tracing::info!(%address, "the service listens");
        Ok(Self { app, address, tasks })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends it: takes no more requests, finishes those it has, signs off at the nodes.
    pub async fn stop(mut self) {
        self.app.stop();
        while self.tasks.join_next().await.is_some() {}
    }
}
