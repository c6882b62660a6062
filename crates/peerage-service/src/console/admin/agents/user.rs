//! How an agent signs in: the user of the console, and the PIN for the telephone.

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use peerage_model::{Number, Role, Username};
use peerage_store::fields::kind::Agents;
use peerage_store::{Agent, AgentPatch, Login, LoginPatch, NewLogin, Pin};

use crate::app::App;
use crate::auth::SignedIn;
use crate::console::admin::account::secret::{given_password, tokens};
use crate::console::admin::account::{edit, number_of};
use crate::console::admin::faults::Faults;
use crate::console::admin::guard::Admin;
use crate::console::admin::once::{mark, once};
use crate::console::admin::sheet::Sheet;
use crate::console::shell::{Field, Fields, PageProblem, done, form, moment};
use crate::problem::Problem;

const USERNAME: &str = "username";
const PASSWORD: &str = "password";
const PIN: &str = "pin";

/// What the page shows of it.
pub(super) async fn cards(app: &App, user: &SignedIn, agent: &Agent, sheet: &Sheet) -> Result<Markup, PageProblem> {
    let number = agent.account.number.clone();
    let login = login_of(app, &number).await?;
    let at = |rest: &str| format!("/admin/agents/{number}/{rest}");
    Ok(html! {
        section.card #user {
            h2 { "Password" }
            @match &login {
                None => {
                    p { "This agent has no user and cannot sign in to the console." }
                    (form(user, &at("user"), html! {
                        (mark()?)
                        (Field::text(USERNAME, "User name").value(sheet.text(USERNAME)).problem(sheet.problem(USERNAME)).required()
                            .explain("A password is generated and shown once."))
                        div.actions { button type="submit" { "Add user" } }
                    }))
                }
                Some(login) => {
                    (standing(login))
                    (form(user, &at("password"), html! {
                        (mark()?)
                        (Field::password(PASSWORD, "New password").problem(sheet.problem(PASSWORD))
                            .explain("Leave empty to generate one, which is shown once. The agent is signed out of all browsers."))
                        div.actions { button type="submit" { "Set password" } }
                    }))
                    @if login.failed_sign_ins > 0 || login.locked_until.is_some() {
                        (form(user, &at("unlock"), html! { div.actions { button type="submit" { "Unlock" } } }))
                    }
                }
            }
        }
        section.card #pin {
            h2 { "PIN" }
            p { "For login by phone. " @if agent.has_pin { "A PIN is set; only its digest is stored." } @else { "No PIN is set." } }
            (form(user, &at("pin"), html! {
                (Field::password(PIN, "New PIN").problem(sheet.problem(PIN)).explain("4 to 12 digits that are hard to guess. Leave empty to remove the PIN."))
                div.actions { button type="submit" { "Set PIN" } }
            }))
        }
    })
}

fn standing(login: &Login) -> Markup {
    html! {
        dl.facts {
            dt { "User" } dd { a href={ "/admin/users/" (login.username) } { (login.username) } @if login.disabled { ", disabled" } }
            dt { "Password" } dd { @if login.has_password { "set" } @else { "none" } }
            @if login.failed_sign_ins > 0 { dt { "Failed sign-ins" } dd { (login.failed_sign_ins) } }
            @if let Some(until) = login.locked_until { dt { "Locked until" } dd { (moment(until)) } }
        }
    }
}

async fn login_of(app: &App, number: &Number) -> Result<Option<Login>, Problem> {
    let asked = number.clone();
    let mut found = app.db(move |store| store.logins_of(&[&asked])).await?;
    Ok(found.remove(number))
}

async fn username_of(app: &App, number: &Number) -> Result<Username, Problem> {
    let login = login_of(app, number).await?;
    let none = || Problem::not_found(format!("agent {number} has no user")).hint("add a user first");
    login.map(|login| login.username).ok_or_else(none)
}

pub(super) async fn add(
    State(app): State<App>,
    Admin(user): Admin,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, PageProblem> {
    let number = number_of::<Agents>(&number)?;
    let work = {
        let (app, user, number, fields) = (app.clone(), user.clone(), number.clone(), fields.clone());
        async move {
            let username = Username::try_from(fields.exactly(USERNAME))?;
            let new = NewLogin {
                username: username.clone(),
                role: Role::Agent,
                agent: Some(number.clone()),
            };
            let given = given_password(&fields, PASSWORD)?;
            let password = given.password.clone();
            app.db_as(user.store_actor()?, move |store| store.add_login(&new, Some(&password)))
                .await?;
            let to = format!("/admin/agents/{number}#user");
            Ok::<_, Faults>(given.outcome(format!("Added user {username}"), to))
        }
    };
    match once(&app, &user, &fields, work).await {
        Ok(response) => Ok(response),
        Err(faults) => again(&app, &user, &number, &fields, faults).await,
    }
}

pub(super) async fn password(
    State(app): State<App>,
    Admin(user): Admin,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, PageProblem> {
    let number = number_of::<Agents>(&number)?;
    let work = {
        let (app, user, number, fields) = (app.clone(), user.clone(), number.clone(), fields.clone());
        async move {
            let username = username_of(&app, &number).await?;
            let given = given_password(&fields, PASSWORD)?;
            let (password, of, tokens) = (given.password.clone(), username.clone(), tokens(&fields));
            app.db_as(user.store_actor()?, move |store| {
                store.set_login_password(&of, Some(&password), tokens)
            })
            .await?;
            let to = format!("/admin/agents/{number}#user");
            Ok::<_, Faults>(given.outcome(format!("New password for user {username}"), to))
        }
    };
    match once(&app, &user, &fields, work).await {
        Ok(response) => Ok(response),
        Err(faults) => again(&app, &user, &number, &fields, faults).await,
    }
}

pub(super) async fn unlock(
    State(app): State<App>,
    Admin(user): Admin,
    Path(number): Path<String>,
) -> Result<Response, PageProblem> {
    let number = number_of::<Agents>(&number)?;
    let username = username_of(&app, &number).await?;
    let patch = LoginPatch {
        unlock: true,
        ..LoginPatch::default()
    };
    let said = format!("Unlocked user {username}.");
    app.db_as(user.store_actor()?, move |store| store.set_login(&username, &patch))
        .await?;
    Ok(done(&format!("/admin/agents/{number}#user"), said))
}

pub(super) async fn pin(
    State(app): State<App>,
    Admin(user): Admin,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, PageProblem> {
    let number = number_of::<Agents>(&number)?;
    match set_pin(&app, &user, &number, fields.exactly(PIN)).await {
        Ok(said) => Ok(done(&format!("/admin/agents/{number}#pin"), said)),
        Err(faults) => again(&app, &user, &number, &fields, faults).await,
    }
}

async fn set_pin(app: &App, user: &SignedIn, number: &Number, typed: &str) -> Result<&'static str, Faults> {
    let pin = match typed {
        "" => None,
        typed => Some(Pin::try_from(typed.to_owned()).map_err(|invalid| invalid.with_field(PIN))?),
    };
    let said = if pin.is_some() { "PIN set." } else { "PIN removed." };
    let patch = AgentPatch {
        pin: Some(pin),
        ..AgentPatch::default()
    };
    let number = number.clone();
    app.db_as(user.store_actor()?, move |store| store.set_agent(&number, &patch))
        .await?;
    Ok(said)
}

async fn again(
    app: &App,
    user: &SignedIn,
    number: &Number,
    fields: &Fields,
    Faults(problems): Faults,
) -> Result<Response, PageProblem> {
    edit::shown::<Agents>(app, user, number, |sheet| {
        sheet.kept(fields, &[USERNAME]).problems(problems)
    })
    .await
}
