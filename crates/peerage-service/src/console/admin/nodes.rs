//! Asterisk nodes, and how they are.

use std::time::SystemTime;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::post;
use jiff::Timestamp;
use maud::{Markup, html};
use peerage_model::{NodeName, Secret};
use peerage_store::fields::Field;
use peerage_store::{Node, NodePatch, Store, StoreError};

use super::faults::Faults;
use super::field::{optional, plain};
use super::guard::Admin;
use super::once::{mark, once};
use super::sheet::{Section, Sheet, Widget, Words};
use super::thing::{self, Thing, key_in, path_of};
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::shell::{Fields, PageProblem, form, moment, since};
use crate::memory::{Drift, Linked, Outcome};

/// Most differences that a page lists of one node.
const DIFFERENCES: usize = 5;

/// Nodes.
pub(super) enum Nodes {}

const FIELDS: &[Field<NodePatch, Node>] = &[
    optional!("manager", manager),
    plain!("manager-user", manager_user),
    plain!("sites", sites),
];

const MANAGER: Words = Words {
    name: "manager",
    label: "AMI address",
    explain: "AMI address of the node, such as 192.0.2.5:5038. The service uses AMI to expire cached objects, to send pauses and to see \
              calls. The secret is in a file of the service. Empty: no AMI.",
    widget: Widget::Line,
};
const MANAGER_USER: Words = Words {
    name: "manager-user",
    label: "AMI user",
    explain: "User in manager.conf with which the service logs in.",
    widget: Widget::Required,
};

const SITES: Words = Words {
    name: "sites",
    label: "Sites",
    explain: "all, or names of sites separated by commas, such as milan,rome. The node can then access only the accounts, registrations \
              and queue members of these sites. A change closes its database connections; Asterisk reconnects.",
    widget: Widget::Required,
};

const SECTIONS: &[Section] = &[
    Section {
        id: "manager",
        title: "AMI",
        about: "",
        words: &[MANAGER, MANAGER_USER],
    },
    Section {
        id: "sites",
        title: "Sites",
        about: "",
        words: &[SITES],
    },
];

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/nodes/{key}/password", post(password))
}

impl Thing for Nodes {
    type Key = NodeName;
    type Record = Node;
    type Patch = NodePatch;

    const PATH: &'static str = "/admin/nodes";
    const TITLE: &'static str = "Asterisk nodes";
    const NOUN: &'static str = "node";
    const ABOUT: &'static str =
        "Asterisk nodes that read this database, with their database logins and AMI connections.";
    const KEY: Words = Words {
        name: "name",
        label: "Name",
        explain: "Lower-case letters, digits and -. Peerage creates a database role and shows its password once.",
        widget: Widget::Required,
    };
    const COLUMNS: &'static [&'static str] = &[
        "Name",
        "Link",
        "Leader",
        "AMI address",
        "Database login",
        "Database connections",
    ];
    const LIVE: &'static str = "link settings";

    fn sections() -> &'static [Section] {
        SECTIONS
    }

    fn entries() -> &'static [Field<NodePatch, Node>] {
        FIELDS
    }

    fn default_of(name: &str) -> &'static str {
        match name {
            "manager-user" => "peerage",
            "sites" => "all",
            _ => "",
        }
    }

    fn key_of(record: &Node) -> NodeName {
        record.name.clone()
    }

    fn rows(app: &App, nodes: &[Node]) -> Vec<Vec<Markup>> {
        let (links, drift) = (app.nodes().all(), app.nodes().drift());
        nodes
            .iter()
            .map(|node| {
                let link = links.iter().find(|(name, _)| *name == node.name).map(|(_, link)| link);
                vec![
                    html! { a href={ (Self::PATH) "/" (node.name) } { (node.name) } },
                    html! { (linked(link)) (differing(&drift, &node.name)) },
                    leader(app, node),
                    html! { @if let Some(manager) = &node.manager { (manager) } },
                    html! { (node.login) },
                    html! { @if node.connections > 0 { (node.connections) } @else { span.over { "none" } } },
                ]
            })
            .collect()
    }

    fn all(store: &Store) -> Result<Vec<Node>, StoreError> {
        store.nodes()
    }

    fn load(store: &Store, key: &NodeName) -> Result<Node, StoreError> {
        store.node(key)
    }

    fn add(store: &Store, key: &NodeName, patch: &NodePatch) -> Result<Vec<(String, Secret)>, StoreError> {
        let sites = patch.sites.clone().unwrap_or_default();
        let (node, password) = store.add_node_for(key, None, &sites)?;
        if patch != &NodePatch::default() {
            store.set_node(key, patch)?;
        }
        Ok(vec![(format!("Password of database role {}", node.login), password)])
    }

    fn set(store: &Store, key: &NodeName, patch: &NodePatch) -> Result<bool, StoreError> {
        store.set_node(key, patch)
    }

    fn remove(store: &Store, key: &NodeName) -> Result<(), StoreError> {
        store.remove_node(key)
    }

    fn farewell() -> (&'static [&'static str], &'static [&'static str]) {
        (
            &[
                "The node's database role. Its connections are closed, and this Asterisk can no longer read anything.",
                "The AMI connection.",
            ],
            &["Registrations and history written by the node."],
        )
    }

    async fn beside(app: &App, user: &SignedIn, node: &Node, _sheet: &Sheet) -> Result<Markup, PageProblem> {
        let links = app.nodes().all();
        let link = links.iter().find(|(name, _)| *name == node.name).map(|(_, link)| link);
        let path = path_of::<Self>(&node.name);
        Ok(html! {
            section.card #health data-live=(path) data-live-on="link settings" {
                h2 { "Health" }
                dl.facts {
                    dt { "Link" } dd { (linked(link)) }
                    dt { "Leader" } dd { (leader(app, node)) }
                    dt { "Database login" } dd { (node.login) }
                    dt { "Sites" } dd { (node.sites) }
                    dt { "Database connections" } dd { (node.connections) @if node.connections == 0 { ": Asterisk is not connected to the database" } }
                    dt { "Added" } dd { (moment(node.created_at)) }
                }
            }
            section.card #password {
                h2 { "Database password" }
                p { "Generates a new password and shows it once. Open connections stay open; the node needs the new password for the next one." }
                (form(user, &format!("{path}/password"), html! {
                    (mark()?)
                    div.actions { button type="submit" { "New password" } }
                }))
            }
        })
    }
}

/// Which service leads a node.
fn leader(app: &App, node: &Node) -> Markup {
    let is_here = app.leads().of(&node.name).is_some();
    html! {
        @match &node.leader {
            Some(_) if is_here => "This service",
            Some(name) => { (name) span.soft { " (this service is on standby; see drift in the leader's console)" } }
            None if node.manager.is_none() => "",
            None => span.over { "none" },
        }
    }
}

/// What was otherwise in a node's queues than in the database when they were last compared.
fn differing(drift: &[Drift], node: &NodeName) -> Markup {
    let drift: Vec<&Drift> = drift.iter().filter(|drift| drift.node == *node).collect();
    let more = drift.len().saturating_sub(DIFFERENCES);
    html! {
        @if !drift.is_empty() {
            ul {
                @for one in drift.iter().take(DIFFERENCES) {
                    li { "Queue " (one.queue) ": " (one.finding) }
                }
                @if more > 0 {
                    li { (more) " more" }
                }
            }
        }
    }
}

/// How a link is, in words.
fn linked(link: Option<&Linked>) -> Markup {
    html! {
        @match link {
            None => span.soft { "not known yet" },
            Some(Linked::Up { since: begun }) => span.badge data-state="available" data-link="up" { "Up" @if let Some(begun) = stamp(*begun) { " " (since(begun)) } },
            Some(Linked::Down { since: begun, why }) => {
                span.badge data-state="unreachable" data-link="down" { "Down" @if let Some(begun) = begun.and_then(stamp) { " " (since(begun)) } }
                " " (why)
            },
            Some(Linked::NoManager) => span.soft { "not connected: no AMI address is set" },
            Some(Linked::NoSecret { why }) => { span.badge data-state="unreachable" data-link="no-secret" { "No secret" } " " (why) },
        }
    }
}

fn stamp(time: SystemTime) -> Option<Timestamp> {
    Timestamp::try_from(time).ok()
}

async fn password(
    State(app): State<App>,
    Admin(user): Admin,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, PageProblem> {
    let name = key_in::<Nodes>(&key)?;
    let work = {
        let (app, user, name) = (app.clone(), user.clone(), name.clone());
        async move {
            let (of, to) = (name.clone(), path_of::<Nodes>(&name));
            let password = app
                .db_as(user.store_actor()?, move |store| store.rotate_node_password(&of))
                .await?;
            let secrets = vec![("Database password".to_owned(), password)];
            Ok::<_, Faults>(Outcome::show(
                format!("New database password for node {name}"),
                secrets,
                to,
            ))
        }
    };
    match once(&app, &user, &fields, work).await {
        Ok(response) => Ok(response),
        Err(Faults(problems)) => thing::shown::<Nodes>(&app, &user, &name, |sheet| sheet.problems(problems)).await,
    }
}
