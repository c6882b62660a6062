//! Agents: the list, and what their page has beyond a telephone's.

use axum::Router;
use axum::routing::{get, post};
use maud::{Markup, html};
use peerage_model::{Number, Password, Secret, Username, Voice};
use peerage_store::fields::account::Column;
use peerage_store::fields::kind::{Agents, Subject};
use peerage_store::{Agent, AgentPatch, EditError, NewAgent, Store, StoreError};

use super::account::{account_cards, identity};
use super::kind::{Kind, path_of, title_of};
use super::sheet::{Section, Sheet};
use super::sites;
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::shell::{Page, PageProblem, form, page};
use crate::problem::Problem;

mod list;
mod own;
mod queues;
mod user;
mod words;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/agents", get(list::get))
        .route("/admin/agents/{number}/queues", post(queues::assign))
        .route("/admin/agents/{number}/queues/{queue}/remove", post(queues::unassign))
        .route("/admin/agents/{number}/pin", post(user::pin))
        .route("/admin/agents/{number}/user", post(user::add))
        .route("/admin/agents/{number}/password", post(user::password))
        .route("/admin/agents/{number}/unlock", post(user::unlock))
}

impl Kind for Agents {
    const PATH: &'static str = "/admin/agents";
    const TITLE: &'static str = "Agents";
    const HAS_USER: bool = true;

    fn sections() -> &'static [Section] {
        words::SECTIONS
    }

    fn entries() -> Vec<Column<AgentPatch, Agent>> {
        Self::columns()
            .into_iter()
            .chain(own::FIELDS.iter().map(|field| Column::Own(*field)))
            .collect()
    }

    fn default_of(column: &Column<AgentPatch, Agent>) -> String {
        match column {
            Column::Voice(field) => (field.write)(&Voice::default()),
            _ => match column.name() {
                "site" => "default".to_owned(),
                "client-log-level" | "channel" => "off".to_owned(),
                "disabled" | "hot-desk" | "login-in-pause" => "no".to_owned(),
                "may-edit-own-numbers" => "no".to_owned(),
                name if name.starts_with("may-") => "yes".to_owned(),
                name if name.starts_with("channel-") => "off".to_owned(),
                _ => String::new(),
            },
        }
    }

    fn name_of(record: &Agent) -> String {
        record.profile.full_name.to_string()
    }

    fn load(store: &Store, number: &Number) -> Result<Agent, StoreError> {
        store.agent(number)
    }

    fn edit(
        store: &Store,
        number: &Number,
        decide: impl FnOnce(&Agent) -> Result<AgentPatch, Vec<Problem>>,
    ) -> Result<bool, EditError<Vec<Problem>>> {
        store.edit_agent(number, decide)
    }

    fn add(store: &Store, new: &NewAgent, secret: &Secret) -> Result<(), StoreError> {
        store.add_agent(new, secret)
    }

    fn add_with_user(
        store: &Store,
        new: &NewAgent,
        secret: &Secret,
        username: &Username,
        password: &Password,
    ) -> Result<(), StoreError> {
        store.add_agent_with_user(new, secret, username, password)
    }

    fn remove(store: &Store, number: &Number) -> Result<(), StoreError> {
        store.remove_agent(number)
    }

    fn farewell() -> (&'static [&'static str], &'static [&'static str]) {
        (
            &[
                "The SIP account with its secret and registrations. The device can no longer register, and the number becomes free.",
                "The session, if the agent is logged in. A current call continues.",
                "The membership in every queue.",
                "Access to the console: the agent's user is disabled.",
            ],
            &[
                "History: sessions, pauses, queue calls and changes.",
                "The user name, until the user is removed.",
            ],
        )
    }

    async fn show(app: &App, user: &SignedIn, record: Agent, sheet: Sheet) -> Result<Markup, PageProblem> {
        let number = record.account.number.clone();
        let path = path_of::<Self>(&number);
        let sheet = sheet.offer("site", sites::offered(app).await?);
        let (queues, login) = (
            queues::card(app, user, &number, &sheet).await?,
            user::cards(app, user, &record, &sheet).await?,
        );
        let title = title_of::<Self>(&record);
        let body = html! {
            (sheet.alert())
            (list::now(app, &number).await?)
            (identity::<Self>(&record))
            nav.filters aria-label="Sections" {
                @for section in words::SECTIONS { a href={ "#" (section.id) } { (section.title) } }
                a href="#queues" { "Queues" }
                a href="#user" { "Password" }
                a href="#secret" { "SIP secret" }
                a href="#number" { "Number" }
                a href="#service" { "Status" }
            }
            (form(user, &path, html! {
                @for section in words::SECTIONS {
                    (sheet.section(section))
                    @if section.id == "client-logs" {
                        p { a href={ "/client-logs?agent=" (number) } { "Client logs of this agent" } }
                    }
                }
                div.actions {
                    button.primary type="submit" { "Save" }
                    a.button href="/admin/agents" { "Back to list" }
                }
            }))
            h2 { "Queues, passwords, status" }
            (queues)
            (login)
            (account_cards::<Self>(user, &record, &sheet)?)
        };
        Ok(page(&Page::new(&title, user, Self::PATH), body))
    }
}
