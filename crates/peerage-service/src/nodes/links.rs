//! One link for each node that can have one.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use futures_util::future::join_all;
use peerage_ami::{Credentials, Link, Settings, State};
use peerage_model::NodeName;
use peerage_store::{ManagedNode, StoreError};
use tokio::sync::broadcast;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::secret::{self, NoSecret, Secret};
use super::{EVENTS, Node, jobs};
use crate::app::App;
use crate::memory::{Change, How, Linked};

/// How often secrets are looked for that were not there, or have changed.
const LOOK_AGAIN: Duration = Duration::from_secs(15);
/// Most accounts heard of that wait to be looked at.
const MOST_AUTHENTICATED: usize = 1024;
/// How long the jobs of a link that was shut down may take to end.
const FAREWELL: Duration = Duration::from_secs(2);
/// After this long without a word Asterisk is asked, and given up after as long again.
const KEEPALIVE: Duration = Duration::from_secs(5);
/// The longest wait between attempts to connect: agents wait for it.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Keeps a link to each node and runs its jobs, until the service ends.
pub(crate) async fn run(app: App) {
    let mut changes = app.hub().watch();
    let mut look_again = interval(LOOK_AGAIN);
    look_again.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut keeper = Keeper {
        app: app.clone(),
        kept: BTreeMap::new(),
    };
    loop {
        tokio::select! {
            () = app.stopped() => break,
            _ = look_again.tick() => {}
            change = changes.next() => match change {
                Some(Change::Missed) => {}
                Some(Change::Settings(table)) if table == "node" => {}
                Some(_) => continue,
                None => break,
            }
        }
        if let Err(error) = keeper.follow().await {
            tracing::warn!(%error, "which nodes there are cannot be told; their links stay as they are");
        }
    }
    keeper.let_go(|_| true).await;
    app.leads().end();
}

/// Tells whoever watches when a link comes and goes.
pub(super) async fn tell(node: Node) {
    let up = node.app.metrics().link(&node.name);
    let mut state = node.link.state();
    loop {
        up.set(i64::from(state.borrow_and_update().is_up()));
        node.app.hub().tell(Change::Link(node.name.clone()));
        if state.changed().await.is_err() || *state.borrow() == State::Closed {
            break;
        }
    }
    node.app.metrics().forget_link(&node.name);
    node.app.hub().tell(Change::Link(node.name));
}

/// What a link was made from: when it differs, it is another link.
#[derive(PartialEq)]
struct From {
    node: ManagedNode,
    secret_written: SystemTime,
}

struct Kept {
    from: From,
    link: Link,
    jobs: JoinSet<()>,
}

struct Keeper {
    app: App,
    kept: BTreeMap<NodeName, Kept>,
}

impl Keeper {
    /// Makes the links those of the nodes as they are now.
    async fn follow(&mut self) -> Result<(), StoreError> {
        let directory = self.app.settings().manager_secrets.clone();
        let wanted = self
            .app
            .db(move |store| {
                let nodes = store.managed_nodes()?;
                Ok::<_, StoreError>(
                    nodes
                        .into_iter()
                        .map(|node| Wanted::of(node, &directory))
                        .collect::<Vec<_>>(),
                )
            })
            .await?;
        let same = |kept: &Kept| wanted.iter().any(|wanted| wanted.from().as_ref() == Some(&kept.from));
        self.let_go(|kept| !same(kept)).await;
        let before = self.app.nodes().all();
        let mut now = BTreeMap::new();
        for wanted in wanted {
            let name = wanted.node.name.clone();
            let how = match (&wanted.node.manager, &wanted.secret) {
                (None, _) => How::NoManager,
                (Some(_), Err(why)) => {
                    let known = Linked::NoSecret { why: why.to_string() };
                    if !before.contains(&(name.clone(), known)) {
                        tracing::warn!(node = %name, %why, "a node cannot be linked to");
                    }
                    How::NoSecret(why.to_string())
                }
                (Some(address), Ok(secret)) => self.link(&wanted.node, address.as_str(), secret),
            };
            now.insert(name, how);
        }
        self.app.nodes().set(now);
        // A page that lists nodes is told of those without a link, too.
        for (name, linked) in self.app.nodes().all() {
            if !linked.is_up() && !before.contains(&(name.clone(), linked)) {
                self.app.hub().tell(Change::Link(name));
            }
        }
        Ok(())
    }

    fn link(&mut self, node: &ManagedNode, address: &str, secret: &Secret) -> How {
        let name = &node.name;
        if let Some(kept) = self.kept.get(name) {
            return How::Link(kept.link.clone());
        }
        let user = match node.manager_user.as_str().try_into() {
            Ok(user) => user,
            Err(invalid) => return How::NoSecret(NoSecret::User(invalid).to_string()),
        };
        let events = match EVENTS.try_into() {
            Ok(events) => events,
            Err(invalid) => return How::NoSecret(NoSecret::User(invalid).to_string()),
        };
        let settings = Settings {
            events,
            keepalive: KEEPALIVE,
            longest_wait: LONGEST_WAIT,
            ..Settings::new(address, Credentials::new(user, secret.text.as_str()))
        };
        let link = Link::open(settings.clone());
        let jobs = jobs(&Node {
            app: self.app.clone(),
            name: name.clone(),
            link: link.clone(),
            settings,
            authenticated: broadcast::Sender::new(MOST_AUTHENTICATED),
        });
        let from = From {
            node: node.clone(),
            secret_written: secret.written,
        };
        let how = How::Link(link.clone());
        self.kept.insert(name.clone(), Kept { from, link, jobs });
        how
    }

    /// Signs off from these nodes, and waits until their jobs have ended.
    async fn let_go(&mut self, which: impl Fn(&Kept) -> bool) {
        let names: Vec<NodeName> = self
            .kept
            .iter()
            .filter(|(_, kept)| which(kept))
            .map(|(name, _)| name.clone())
            .collect();
        let gone: Vec<Kept> = names.iter().filter_map(|name| self.kept.remove(name)).collect();
        join_all(gone.into_iter().map(Kept::end)).await;
    }
}

impl Kept {
    async fn end(mut self) {
        let ended = async {
            self.link.shut_down().await;
            while self.jobs.join_next().await.is_some() {}
        };
        // Whatever has not ended is aborted by the drop.
        let _ = timeout(FAREWELL, ended).await;
    }
}

/// A node, with the secret that was found for it.
struct Wanted {
    node: ManagedNode,
    secret: Result<Secret, NoSecret>,
}

impl Wanted {
    fn of(node: ManagedNode, directory: &Option<PathBuf>) -> Self {
        let secret = secret::read(directory.as_deref(), node.name.as_str());
        Self { node, secret }
    }

    fn from(&self) -> Option<From> {
        let written = self.secret.as_ref().ok()?.written;
        self.node.manager.as_ref()?;
        Some(From {
            node: self.node.clone(),
            secret_written: written,
        })
    }
}

#[cfg(test)]
mod tests;
