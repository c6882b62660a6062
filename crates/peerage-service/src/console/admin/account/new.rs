//! A new agent or telephone.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use peerage_model::{Number, Secret, Username};
use peerage_store::StoreError;

use super::secret;
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::admin::entry::fill;
use crate::console::admin::faults::Faults;
use crate::console::admin::guard::Admin;
use crate::console::admin::kind::{Kind, path_of};
use crate::console::admin::once::{mark, once};
use crate::console::admin::sheet::{self, Sheet};
use crate::console::admin::sites;
use crate::console::shell::{Field, Fields, Page, PageProblem, form, page};
use crate::memory::Outcome;

const NUMBER: &str = "number";
const SECRET: &str = "secret";
const USERNAME: &str = "username";

pub(super) async fn get<K: Kind>(State(app): State<App>, Admin(user): Admin) -> Result<Markup, PageProblem> {
    shown::<K>(&app, &user, fresh::<K>()).await
}

fn fresh<K: Kind>() -> Sheet {
    Sheet::with(K::entries().iter().map(|column| (column.name(), K::default_of(column))))
}

pub(super) async fn post<K: Kind>(
    State(app): State<App>,
    Admin(user): Admin,
    fields: Fields,
) -> Result<Response, PageProblem> {
    let work = {
        let (app, user, fields) = (app.clone(), user.clone(), fields.clone());
        async move { add::<K>(&app, &user, &fields).await }
    };
    match once(&app, &user, &fields, work).await {
        Ok(response) => Ok(response),
        Err(Faults(problems)) => {
            let typed = sheet::read(K::sections(), &fields);
            let sheet = fresh::<K>()
                .typed(&typed)
                .kept(&fields, &[NUMBER, USERNAME])
                .problems(problems);
            Ok((sheet.status(), shown::<K>(&app, &user, sheet).await?).into_response())
        }
    }
}

async fn add<K: Kind>(app: &App, user: &SignedIn, fields: &Fields) -> Result<Outcome, Faults> {
    let mut problems = Vec::new();
    let mut or_problem = |faults: Faults| problems.extend(faults.0);
    let number = Number::try_from(fields.exactly(NUMBER)).map_err(|invalid| or_problem(invalid.into()));
    let patch = fill(&K::entries(), &sheet::read(K::sections(), fields)).map_err(|found| or_problem(Faults(found)));
    let given = secret::given(fields, SECRET).map_err(&mut or_problem);
    let username = match fields.exactly(USERNAME) {
        "" => Ok(None),
        typed => Username::try_from(typed)
            .map(Some)
            .map_err(|invalid| or_problem(invalid.into())),
    };
    let (Ok(number), Ok(patch), Ok(given), Ok(username)) = (number, patch, given, username) else {
        return Err(Faults(problems));
    };
    let new = K::build(number.clone(), patch)?;
    let mut secrets = Vec::new();
    if given.generated {
        secrets.push(("SIP secret".to_owned(), given.secret.clone()));
    }
    let secret = given.secret;
    let actor = user.store_actor()?;
    match username {
        None => app.db_as(actor, move |store| K::add(store, &new, &secret)).await?,
        Some(username) => {
            let password = Secret::generate().map_err(StoreError::from)?;
            secrets.push((format!("Password of user {username}"), password.clone()));
            app.db_as(actor, move |store| {
                K::add_with_user(store, &new, &secret, &username, &password.into())
            })
            .await?;
        }
    }
    let (said, to) = (format!("Added {} {number}", K::NOUN), path_of::<K>(&number));
    Ok(if secrets.is_empty() {
        Outcome::go(to, format!("{said}."))
    } else {
        Outcome::show(said, secrets, to)
    })
}

async fn shown<K: Kind>(app: &App, user: &SignedIn, sheet: Sheet) -> Result<Markup, PageProblem> {
    let sheet = sheet.offer("site", sites::offered(app).await?);
    let title = format!("New {}", K::NOUN);
    let body = form(
        user,
        &format!("{}/new", K::PATH),
        html! {
            (mark()?)
            (sheet.alert())
            section.card {
                h2 { "Number and secret" }
                div.columns {
                    (Field::text(NUMBER, "Number").value(sheet.text(NUMBER)).problem(sheet.problem(NUMBER)).required().focused()
                        .explain("Extension and SIP user name: letters, digits, . and -. A number can belong to only one agent or phone."))
                    (Field::password(SECRET, "SIP secret").problem(sheet.problem(SECRET))
                        .explain("Leave empty to generate one, which is shown once. Only its digest is stored."))
                    @if K::HAS_USER {
                        (Field::text(USERNAME, "User").value(sheet.text(USERNAME)).problem(sheet.problem(USERNAME))
                            .explain("User name for this console. A password is generated and shown once. Leave empty for no user."))
                    }
                }
            }
            @for section in K::sections() { (sheet.section(section)) }
            div.actions {
                button.primary type="submit" { "Add " (K::NOUN) }
                a.button href=(K::PATH) { "Cancel" }
            }
        },
    );
    Ok(page(&Page::new(&title, user, K::PATH), body))
}
