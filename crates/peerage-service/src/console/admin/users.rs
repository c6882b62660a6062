//! Who signs in.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::post;
use maud::{Markup, html};
use peerage_model::{Invalid, Number, Password, QueueName, Role, Secret, Username};
use peerage_store::fields::{Field, or_empty, read_switch, yes_or_no};
use peerage_store::{Login, LoginPatch, NewLogin, Store, StoreError};

use super::account::secret::{given_password, tokens};
use super::faults::Faults;
use super::guard::Admin;
use super::once::{mark, once};
use super::sheet::{Choices, Section, Sheet, Widget, Words};
use super::thing::{self, Thing, key_in, path_of};
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::shell::{Field as Input, Fields, PageProblem, Switch, done, form, moment};

/// Users.
pub(super) enum Users {}

/// Changes of a user.
#[derive(Default)]
pub(super) struct Patch {
    login: LoginPatch,
    queues: Option<Vec<QueueName>>,
}

const FIELDS: &[Field<Patch, Login>] = &[
    Field {
        name: "role",
        read: |patch, text| {
            patch.login.role = Some(Role::try_from(text)?);
            Ok(())
        },
        clear: None,
        write: |login| login.role.to_string(),
    },
    Field {
        name: "agent",
        read: |patch, text| {
            patch.login.agent = Some(Some(Number::try_from(text)?));
            Ok(())
        },
        clear: Some(|patch| patch.login.agent = Some(None)),
        write: |login| or_empty(login.agent.as_ref()),
    },
    Field {
        name: "queues",
        read: |patch, text| {
            patch.queues = Some(read_queues(text)?);
            Ok(())
        },
        clear: Some(|patch| patch.queues = Some(Vec::new())),
        write: |login| {
            let names: Vec<&str> = login.queues.iter().map(QueueName::as_str).collect();
            names.join(",")
        },
    },
    Field {
        name: "disabled",
        read: |patch, text| {
            patch.login.disabled = Some(read_switch(text)?);
            Ok(())
        },
        clear: None,
        write: |login| yes_or_no(login.disabled),
    },
];

fn read_queues(text: &str) -> Result<Vec<QueueName>, Invalid> {
    text.split(',').map(|name| QueueName::try_from(name.trim())).collect()
}

fn roles() -> Choices {
    let meaning = |role: Role| match role {
        Role::Admin => "everything",
        Role::Supervisor => "sees and manages the agents of the queues below",
        Role::Agent => "manages their own session",
    };
    Role::ALL
        .iter()
        .map(|role| (role.to_string(), format!("{role}: {}", meaning(*role))))
        .collect()
}

const ROLE: Words = Words {
    name: "role",
    label: "Role",
    explain: "Role of the user.",
    widget: Widget::Choice(roles),
};
const AGENT: Words = Words {
    name: "agent",
    label: "Agent",
    explain: "Number of the agent who is this user. Required for role agent; optional for users who also take calls.",
    widget: Widget::Line,
};
const QUEUES: Words = Words {
    name: "queues",
    label: "Queues",
    explain: "Queues that a supervisor sees and manages, separated by commas.",
    widget: Widget::Line,
};
const DISABLED: Words = Words {
    name: "disabled",
    label: "Disabled",
    explain: "The user cannot sign in and is signed out at once.",
    widget: Widget::Switch,
};

const SECTIONS: &[Section] = &[Section {
    id: "role",
    title: "Role",
    about: "",
    words: &[ROLE, AGENT, QUEUES, DISABLED],
}];

const NEW_SECTIONS: &[Section] = &[Section {
    id: "role",
    title: "Role",
    about: "A password is generated and shown once.",
    words: &[ROLE, AGENT, QUEUES],
}];

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/users/{key}/password", post(password))
        .route("/admin/users/{key}/unlock", post(unlock))
}

impl Thing for Users {
    type Key = Username;
    type Record = Login;
    type Patch = Patch;

    const PATH: &'static str = "/admin/users";
    const TITLE: &'static str = "Users";
    const NOUN: &'static str = "user";
    const ABOUT: &'static str = "People who sign in to this console and the API.";
    const KEY: Words = Words {
        name: "username",
        label: "User name",
        explain: "For signing in. Cannot be changed later.",
        widget: Widget::Required,
    };
    const COLUMNS: &'static [&'static str] = &["User name", "Role", "Agent", "Queues", "Password", "Note"];

    fn sections() -> &'static [Section] {
        SECTIONS
    }

    fn new_sections() -> &'static [Section] {
        NEW_SECTIONS
    }

    fn entries() -> &'static [Field<Patch, Login>] {
        FIELDS
    }

    fn default_of(name: &str) -> &'static str {
        match name {
            "role" => "agent",
            "disabled" => "no",
            _ => "",
        }
    }

    fn key_of(record: &Login) -> Username {
        record.username.clone()
    }

    fn rows(_app: &App, users: &[Login]) -> Vec<Vec<Markup>> {
        users
            .iter()
            .map(|login| {
                vec![
                    html! { a href={ (Self::PATH) "/" (login.username) } { (login.username) } },
                    html! { (login.role) },
                    html! { @if let Some(number) = &login.agent { a href={ "/admin/agents/" (number) } { (number) } } },
                    html! { (login.queues.iter().map(QueueName::as_str).collect::<Vec<_>>().join(", ")) },
                    html! { @if login.has_password { "set" } @else { "none" } },
                    html! {
                        @if login.disabled { "disabled" }
                        @else if is_locked(login) { "locked" }
                    },
                ]
            })
            .collect()
    }

    fn all(store: &Store) -> Result<Vec<Login>, StoreError> {
        store.logins()
    }

    fn load(store: &Store, key: &Username) -> Result<Login, StoreError> {
        store.login(key)
    }

    fn add(store: &Store, key: &Username, patch: &Patch) -> Result<Vec<(String, Secret)>, StoreError> {
        let new = NewLogin {
            username: key.clone(),
            role: patch.login.role.unwrap_or(Role::Agent),
            agent: patch.login.agent.clone().flatten(),
        };
        let queues = patch.queues.clone().unwrap_or_default();
        // Known before the user is there.
        for queue in &queues {
            store.queue(queue).map_err(|error| error.about("queues"))?;
        }
        let password = Secret::generate()?;
        store.add_login(&new, Some(&Password::from(password.clone())))?;
        if !queues.is_empty() {
            store.set_supervisor_queues(key, &queues)?;
        }
        Ok(vec![(format!("Password of user {key}"), password)])
    }

    fn set(store: &Store, key: &Username, patch: &Patch) -> Result<bool, StoreError> {
        for queue in patch.queues.iter().flatten() {
            store.queue(queue).map_err(|error| error.about("queues"))?;
        }
        let changed = store.set_login(key, &patch.login)?;
        let watched = match &patch.queues {
            Some(queues) => store.set_supervisor_queues(key, queues)?,
            None => false,
        };
        Ok(changed || watched)
    }

    fn remove(store: &Store, key: &Username) -> Result<(), StoreError> {
        store.remove_login(key)
    }

    fn farewell() -> (&'static [&'static str], &'static [&'static str]) {
        (
            &["The user. Browsers are signed out, and the user's tokens stop working."],
            &["The agent, history and changes."],
        )
    }

    async fn beside(_app: &App, user: &SignedIn, login: &Login, sheet: &Sheet) -> Result<Markup, PageProblem> {
        let at = |rest: &str| format!("{}/{rest}", path_of::<Self>(&login.username));
        Ok(html! {
            section.card #password {
                h2 { "Password" }
                p { @if login.has_password { "A password is set; only its digest is stored." } @else { "No password is set: the user cannot sign in." } }
                @if is_locked(login) {
                    p.warning {
                        "Locked after " (login.failed_sign_ins) " failed sign-ins"
                        @if let Some(until) = login.locked_until { ", until " (moment(until)) } "."
                    }
                }
                (form(user, &at("password"), html! {
                    (mark()?)
                    (Input::password("password", "New password").problem(sheet.problem("password"))
                        .explain("Leave empty to generate one, which is shown once. The user is signed out of all browsers."))
                    (Switch::new("end-tokens", "Remove the user's tokens").explain("Programs that use them lose access."))
                    div.actions { button type="submit" { "Set password" } }
                }))
                @if login.failed_sign_ins > 0 {
                    (form(user, &at("unlock"), html! { div.actions { button type="submit" { "Unlock" } } }))
                }
            }
        })
    }
}

fn is_locked(login: &Login) -> bool {
    login.locked_until.is_some_and(|until| until > jiff::Timestamp::now())
}

async fn password(
    State(app): State<App>,
    Admin(user): Admin,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, PageProblem> {
    let username = key_in::<Users>(&key)?;
    let work = {
        let (app, user, username, fields) = (app.clone(), user.clone(), username.clone(), fields.clone());
        async move {
            let given = given_password(&fields, "password")?;
            let (of, password, tokens) = (username.clone(), given.password.clone(), tokens(&fields));
            app.db_as(user.store_actor()?, move |store| {
                store.set_login_password(&of, Some(&password), tokens)
            })
            .await?;
            Ok::<_, Faults>(given.outcome(format!("New password for user {username}"), path_of::<Users>(&username)))
        }
    };
    match once(&app, &user, &fields, work).await {
        Ok(response) => Ok(response),
        Err(Faults(problems)) => thing::shown::<Users>(&app, &user, &username, |sheet| sheet.problems(problems)).await,
    }
}

async fn unlock(State(app): State<App>, Admin(user): Admin, Path(key): Path<String>) -> Result<Response, PageProblem> {
    let username = key_in::<Users>(&key)?;
    let (to, said) = (path_of::<Users>(&username), format!("Unlocked user {username}."));
    let patch = LoginPatch {
        unlock: true,
        ..LoginPatch::default()
    };
    app.db_as(user.store_actor()?, move |store| store.set_login(&username, &patch))
        .await?;
    Ok(done(&to, said))
}
