use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use peerage_store::DatabaseUrl;

/// What the service needs to know. [`Settings::new`] gives the defaults.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The database; its URL must not lead through a pooler that shares connections between transactions, because of LISTEN.
    pub database: DatabaseUrl,
    /// The same database as its owner, for the roles of nodes alone: a connection is made when a node is added, changed or removed.
    /// `None`: as everything else.
    pub owner: Option<DatabaseUrl>,
    /// Where HTTP is listened to; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Whether browsers reach the service over HTTPS, through a proxy that ends TLS: cookies are then `Secure`. Default no.
    pub https: bool,
    /// Directory with a file for each node, of the node's name, which holds the secret of its Manager user. `None`: no
    /// node is linked.
    pub manager_secrets: Option<PathBuf>,
    /// How long a browser stays signed in without a request. Default 12 hours.
    pub idle_sign_in: Duration,
    /// How long client logs are kept. Default 14 days.
    pub client_log_age: Duration,
    /// How often everything is looked at again, whatever was notified. Default 5 minutes.
    pub full_pass_every: Duration,
}

impl Settings {
    /// The defaults.
    #[must_use]
    pub fn new(database: DatabaseUrl, listen: SocketAddr) -> Self {
        Self {
            database,
            owner: None,
            listen,
            https: false,
            manager_secrets: None,
            idle_sign_in: Duration::from_secs(12 * 3600),
            client_log_age: Duration::from_secs(14 * 24 * 3600),
            full_pass_every: Duration::from_secs(300),
        }
    }
}
