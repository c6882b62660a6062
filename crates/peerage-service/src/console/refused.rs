//! Who was refused at the nodes, for an administrator.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use maud::{Markup, html};
use peerage_model::Role;

use super::listing::counted;
use super::shell::{Page, PageProblem, moment, page, table};
use crate::app::App;
use crate::console::PageUser;
use crate::memory::{Refused, Watched};

/// Most rows on the page.
const PAGE: usize = 500;

/// Its routes.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/refused-registrations", get(list))
}

/// `GET /refused-registrations`
async fn list(State(app): State<App>, PageUser(user): PageUser) -> Result<Markup, PageProblem> {
    user.require(&[Role::Admin])?;
    let mut rows = app.refusals().rows();
    let all = rows.len();
    rows.truncate(PAGE);
    let watched = app.refusals().watched();
    Ok(page(
        &Page::new("Refused registrations", &user, "/refused-registrations"),
        html! {
            p.soft {
                "Requests that Asterisk refused, latest first: registrations, calls and AMI logins. This service counts them in \
                 memory since its start. Texts come from strangers and are cut after 64 characters."
            }
            (table("Refused registrations", &COLUMNS, rows.iter().map(row)))
            p.soft {
                (counted(rows.len(), "row"))
                @if all > rows.len() { " of " (all) }
            }
            (table("Nodes", &["Node", "Counted since", "Security events", "Not listed"], watched.iter().map(node)))
        },
    ))
}

const COLUMNS: [&str; 8] = [
    "Last", "Account", "Address", "Count", "Reason", "Service", "Node", "First",
];

fn row(refused: &Refused) -> Vec<Markup> {
    vec![
        moment(refused.last),
        html! { @match &refused.account { Some(account) => (account), None => em { "other accounts" } } },
        html! { (refused.address) },
        html! { (refused.count) },
        html! { (refused.why.words()) },
        html! { (refused.service) },
        html! { (refused.node) },
        moment(refused.first),
    ]
}

fn node(watched: &Watched) -> Vec<Markup> {
    vec![
        html! { (watched.node) },
        moment(watched.since),
        html! { @if watched.is_up { "arrive" } @else { "do not arrive" } },
        html! { (watched.others) },
    ]
}
