//! Which nodes this service leads, of all that run on the database.
//!
//! A lease is a row that expires by the database's clock (`peerage.lead`). Here it is over earlier, by the monotonic clock and
//! counted from before the question, so neither clock need be right. The connection is one of its own, and each question one
//! statement: a connection that hangs holds no lock, and the others' load does not delay it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use peerage_model::NodeName;
use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::{Client, Row};

use crate::app::App;
use crate::memory::{Change, Held, Linked};
use crate::notify;

/// How long a lease lasts without being renewed, by the database's clock.
const LEASE: Duration = Duration::from_secs(6);
/// How long orders are sent under it, by ours. What is sent last has the rest of the time to arrive.
const VALID: Duration = Duration::from_secs(4);
/// How often it is renewed, and others' are looked at.
const RENEW: Duration = Duration::from_millis(1500);
/// How long an answer may take. Two that do not come leave time for a third, over another connection.
const PATIENCE: Duration = Duration::from_secs(1);
/// The wait before a connection is made again.
const AGAIN: Duration = Duration::from_millis(250);
/// How long a link may be down until another service had better lead.
const SHORT: Duration = Duration::from_secs(5);

/// What each connection sets. One that hangs is not waited for.
const SESSION: &str =
    "set statement_timeout = '1s'; set lock_timeout = '500ms'; set idle_in_transaction_session_timeout = '2s'";
const LEAD: &str = "select node, epoch, leader, is_ours, another_is_able from peerage.lead($1, $2, $3, $4, $5, $6)";
const STOP: &str = "select peerage.stop_leading($1)";

/// Leads what it can until the service's jobs have ended, and then gives the leases back.
pub(crate) async fn run(app: App) {
    let mut lead = Lead {
        app: app.clone(),
        client: None,
        gives_way: BTreeSet::new(),
    };
    let mut changes = app.hub().watch();
    let mut said = String::new();
    loop {
        let wait = match lead.renew().await {
            Ok(()) => {
                said.clear();
                RENEW
            }
            Err(failure) => {
                lead.client = None;
                let failure = failure.to_string();
                if failure != said {
                    tracing::warn!(%failure, "which nodes this service leads cannot be settled with the database; it leads none soon");
                    said = failure;
                }
                AGAIN
            }
        };
        let linked = async {
            loop {
                match changes.next().await {
                    Some(Change::Link(_)) => return,
                    Some(_) => {}
                    None => std::future::pending().await,
                }
            }
        };
        tokio::select! {
            () = app.leads().ended() => break,
            () = sleep(wait) => {}
            // A node that was just linked to waits for its leader. Not at once for each: many come together.
            () = linked => sleep(AGAIN).await,
        }
    }
    if let Err(failure) = lead.stop().await {
        tracing::warn!(%failure, "leases could not be given back; they expire by themselves");
    }
}

/// Why the database could not be asked.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Connection(#[from] notify::Failure),
    #[error("the database did not answer in time")]
    Silent,
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Connection(error.into())
    }
}

struct Lead {
    app: App,
    client: Option<Client>,
    /// Nodes that are left to another service, whose link to them is up.
    gives_way: BTreeSet<NodeName>,
}

impl Lead {
    /// Renews and takes leases, and tells who watches.
    async fn renew(&mut self) -> Result<(), Failure> {
        let (mut linked, mut able) = (Vec::new(), Vec::new());
        for (node, how) in self.app.nodes().all() {
            match how {
                Linked::Up { .. } => able.push(node.clone()),
                Linked::Down { since: Some(since), .. } if since.elapsed().is_ok_and(|away| away < SHORT) => {
                    able.push(node.clone());
                }
                Linked::Down { .. } => {}
                Linked::NoManager | Linked::NoSecret { .. } => continue,
            }
            linked.push(node);
        }
        let candidates: Vec<&NodeName> = linked.iter().filter(|node| !self.gives_way.contains(*node)).collect();
        let names = |nodes: &[NodeName]| nodes.iter().map(ToString::to_string).collect::<Vec<_>>();
        let candidates: Vec<String> = candidates.into_iter().map(ToString::to_string).collect();
        let identity = self.app.identity().clone();
        let client = self.client(notify::CONNECT).await?;
        // The time from before the question is the database's at the earliest.
        let asked = Instant::now();
        let rows = in_time(client.query(
            LEAD,
            &[
                &identity.id,
                &identity.name,
                &names(&linked),
                &names(&able),
                &candidates,
                &LEASE.as_secs_f64(),
            ],
        ))
        .await?;
        let answers: Vec<Answer> = rows.iter().filter_map(Answer::read).collect();
        let mut held = BTreeMap::new();
        let mut leaders = BTreeMap::new();
        self.gives_way.clear();
        for answer in answers {
            // Here it ends at once, in the database with the next question: orders that are under way end in between.
            if answer.another_is_able && !able.contains(&answer.node) {
                self.gives_way.insert(answer.node.clone());
            } else if answer.is_ours {
                let until = asked + VALID;
                let epoch = answer.epoch;
                held.insert(answer.node.clone(), Held { epoch, until });
            }
            if let Some(leader) = answer.leader {
                leaders.insert(answer.node, leader);
            }
        }
        if self.app.leads().set(held, leaders) {
            for node in linked {
                self.app.hub().tell(Change::Link(node));
            }
        }
        Ok(())
    }

    async fn stop(&mut self) -> Result<(), Failure> {
        self.app.leads().set(BTreeMap::new(), BTreeMap::new());
        let id = self.app.identity().id.clone();
        let client = self.client(2 * PATIENCE).await?;
        in_time(client.execute(STOP, &[&id])).await?;
        Ok(())
    }

    /// A connection, made anew if need be. Where the first of several hosts is gone without a word, it takes some seconds to come to the next.
    async fn client(&mut self, patience: Duration) -> Result<&Client, Failure> {
        let known = self.client.take().filter(|client| !client.is_closed());
        let client = match known {
            Some(client) => client,
            None => {
                let connected = timeout(patience, notify::client(&self.app)).await;
                let client = connected.map_err(|_elapsed| Failure::Silent)??;
                in_time(client.batch_execute(SESSION)).await?;
                client
            }
        };
        Ok(self.client.insert(client))
    }
}

/// Who leads a node.
struct Answer {
    node: NodeName,
    epoch: i64,
    leader: Option<String>,
    is_ours: bool,
    another_is_able: bool,
}

impl Answer {
    /// None of a node whose name is none, which no constraint lets be.
    fn read(row: &Row) -> Option<Self> {
        Some(Self {
            node: row.try_get::<_, &str>(0).ok()?.parse().ok()?,
            epoch: row.try_get(1).ok()?,
            leader: row.try_get(2).ok()?,
            is_ours: row.try_get(3).ok()?,
            another_is_able: row.try_get(4).ok()?,
        })
    }
}

async fn in_time<T>(answer: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Result<T, Failure> {
    match timeout(PATIENCE, answer).await {
        Ok(answer) => Ok(answer?),
        Err(_elapsed) => Err(Failure::Silent),
    }
}
