//! Tokens that let programs in.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use peerage_model::{Invalid, Role, Username};
use peerage_store::NewToken;

use super::faults::Faults;
use super::guard::Admin;
use super::once::{mark, once};
use super::sheet::Sheet;
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::shell::{Field, Fields, Page, PageProblem, Select, Switch, csrf, done, form, moment, page, table};
use crate::memory::Outcome;
use crate::problem::Problem;

const PATH: &str = "/admin/tokens";
const NAMES: &[&str] = &["name", "role", "username", "days", "never"];

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(PATH, get(list).post(add))
        .route("/admin/tokens/remove", post(remove))
}

async fn list(State(app): State<App>, Admin(user): Admin) -> Result<Markup, PageProblem> {
    shown(&app, &user, Sheet::default()).await
}

async fn shown(app: &App, user: &SignedIn, sheet: Sheet) -> Result<Markup, PageProblem> {
    let tokens = app.db(peerage_store::Store::tokens).await?;
    let rows = tokens.iter().map(|token| {
        vec![
            html! { (token.name) },
            html! { (token.role) },
            html! { @if let Some(username) = &token.username { (username) } },
            html! { @match token.expires_at { Some(at) => (moment(at)), None => "never" } },
            html! { @match token.used_at { Some(at) => (moment(at)), None => span.soft { "never" } } },
            html! { (moment(token.created_at)) },
            html! {
                form method="post" action="/admin/tokens/remove" data-enhance {
                    (csrf(user))
                    input type="hidden" name="name" value=(token.name);
                    button.quiet type="submit" data-confirm={ "Remove token " (token.name) "? Programs that use it lose access." }
                        aria-label={ "Remove " (token.name) } { "Remove" }
                }
            },
        ]
    });
    let role = Role::ALL.iter().fold(Select::new("role", "Role"), |select, role| {
        select.option(role.as_str(), role.as_str())
    });
    let chosen = if sheet.text("role").is_empty() {
        "admin"
    } else {
        sheet.text("role")
    };
    let days = match sheet.text("days") {
        "" => &NewToken::DAYS.to_string(),
        typed => typed,
    };
    let body = html! {
        (sheet.alert())
        (table("Tokens", &["Name", "Role", "Acts for", "Expires", "Last used", "Created", "Action"], rows))
        section.card {
            h2 { "New token" }
            (form(user, PATH, html! {
                (mark()?)
                div.columns {
                    (Field::text("name", "Name").value(sheet.text("name")).problem(sheet.problem("name")).required()
                        .explain("Purpose of the token. The change history shows it as token:name."))
                    (role.chosen(chosen).problem(sheet.problem("role")).explain("Role of the token."))
                    (Field::text("username", "Acts for").value(sheet.text("username")).problem(sheet.problem("username"))
                        .explain("User on whose behalf the token acts. Required for roles supervisor and agent."))
                    (Field::number("days", "Expires after days").value(days).problem(sheet.problem("days")))
                    (Switch::new("never", "Never expires").on(!sheet.text("never").is_empty())
                        .explain("Valid until it is removed."))
                }
                div.actions { button.primary type="submit" { "Add token" } }
            }))
        }
    };
    Ok(page(&Page::new("API tokens", user, PATH), body))
}

async fn add(State(app): State<App>, Admin(user): Admin, fields: Fields) -> Result<Response, PageProblem> {
    let work = {
        let (app, user, fields) = (app.clone(), user.clone(), fields.clone());
        async move {
            let new = read(&fields)?;
            let name = new.name.clone();
            let token = app
                .db_as(user.store_actor()?, move |store| store.add_token(&new))
                .await?;
            Ok::<_, Faults>(Outcome::show(
                format!("Added token {name}"),
                vec![("Token".to_owned(), token)],
                PATH,
            ))
        }
    };
    match once(&app, &user, &fields, work).await {
        Ok(response) => Ok(response),
        Err(Faults(problems)) => {
            let sheet = Sheet::default().kept(&fields, NAMES).problems(problems);
            Ok((sheet.status(), shown(&app, &user, sheet).await?).into_response())
        }
    }
}

fn read(fields: &Fields) -> Result<NewToken, Faults> {
    let mut problems: Vec<Problem> = Vec::new();
    let role = Role::try_from(fields.text("role")).map_err(|invalid| problems.push(invalid.into()));
    let username = fields
        .get("username")
        .map(Username::try_from)
        .transpose()
        .map_err(|invalid| problems.push(invalid.into()));
    let expires_at = match (fields.get("never"), fields.get("days")) {
        (Some(_), _) => Ok(None),
        (None, None) => Ok(Some(NewToken::usual_expiry())),
        (None, Some(text)) => in_days(text)
            .map(Some)
            .ok_or_else(|| problems.push(Invalid::new("days", text, "a number of days, 1 to 3650").into())),
    };
    match (role, username, expires_at) {
        (Ok(role), Ok(username), Ok(expires_at)) => Ok(NewToken {
            name: fields.exactly("name").to_owned(),
            role,
            username,
            expires_at,
        }),
        _ => Err(Faults(problems)),
    }
}

fn in_days(text: &str) -> Option<Timestamp> {
    let days: i64 = text.parse().ok().filter(|days| (1..=3650).contains(days))?;
    Timestamp::now().checked_add(SignedDuration::from_hours(24 * days)).ok()
}

async fn remove(State(app): State<App>, Admin(user): Admin, fields: Fields) -> Result<Response, PageProblem> {
    let name = fields.exactly("name").to_owned();
    let gone = name.clone();
    let removed = app
        .db_as(user.store_actor()?, move |store| store.remove_token(&gone))
        .await;
    match removed.map_err(Problem::from) {
        Ok(()) => Ok(done(PATH, format!("Removed token {name}."))),
        Err(problem) if problem.code == "not_found" => Ok(done(PATH, format!("Token {name} no longer exists."))),
        Err(problem) => Err(problem.into()),
    }
}
