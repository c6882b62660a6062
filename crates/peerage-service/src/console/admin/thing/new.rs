use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::{Thing, path_of};
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::admin::entry::fill;
use crate::console::admin::faults::Faults;
use crate::console::admin::guard::Admin;
use crate::console::admin::once::{mark, once};
use crate::console::admin::sheet::{self, Sheet};
use crate::console::shell::{Field, Fields, Page, PageProblem, form, page};
use crate::memory::Outcome;

pub(super) async fn get<T: Thing>(State(app): State<App>, Admin(user): Admin) -> Result<Markup, PageProblem> {
    shown::<T>(&app, &user, fresh::<T>()).await
}

fn fresh<T: Thing>() -> Sheet {
    Sheet::with(
        T::entries()
            .iter()
            .map(|entry| (entry.name, T::default_of(entry.name).to_owned())),
    )
}

pub(super) async fn post<T: Thing>(
    State(app): State<App>,
    Admin(user): Admin,
    fields: Fields,
) -> Result<Response, PageProblem> {
    let work = {
        let (app, user, fields) = (app.clone(), user.clone(), fields.clone());
        async move { add::<T>(&app, &user, &fields).await }
    };
    match once(&app, &user, &fields, work).await {
        Ok(response) => Ok(response),
        Err(Faults(problems)) => {
            let typed = sheet::read(T::new_sections(), &fields);
            let sheet = fresh::<T>()
                .typed(&typed)
                .kept(&fields, &[T::KEY.name])
                .problems(problems);
            Ok((sheet.status(), shown::<T>(&app, &user, sheet).await?).into_response())
        }
    }
}

async fn add<T: Thing>(app: &App, user: &SignedIn, fields: &Fields) -> Result<Outcome, Faults> {
    let key = T::Key::try_from(fields.exactly(T::KEY.name)).map_err(|invalid| invalid.with_field(T::KEY.name));
    let typed = sheet::read(T::new_sections(), fields);
    // What is as it would be anyway is left to the database.
    let changed: Vec<_> = typed
        .into_iter()
        .filter(|one| one.now != T::default_of(one.name))
        .collect();
    let patch = fill(T::entries(), &changed);
    let (key, patch) = match (key, patch) {
        (Ok(key), Ok(patch)) => (key, patch),
        (key, patch) => {
            let of_key = key.err().map(Into::into);
            return Err(Faults(
                of_key.into_iter().chain(patch.err().unwrap_or_default()).collect(),
            ));
        }
    };
    let (said, to) = (format!("Added {} {key}", T::NOUN), path_of::<T>(&key));
    let secrets = app
        .db_as(user.store_actor()?, move |store| T::add(store, &key, &patch))
        .await?;
    Ok(if secrets.is_empty() {
        Outcome::go(to, format!("{said}."))
    } else {
        Outcome::show(said, secrets, to)
    })
}

async fn shown<T: Thing>(app: &App, user: &SignedIn, sheet: Sheet) -> Result<Markup, PageProblem> {
    let sheet = T::offer(app, sheet).await?;
    let body = form(
        user,
        &format!("{}/new", T::PATH),
        html! {
            (mark()?)
            (sheet.alert())
            section.card {
                (Field::text(T::KEY.name, T::KEY.label).value(sheet.text(T::KEY.name)).problem(sheet.problem(T::KEY.name))
                    .explain(T::KEY.explain).required().focused())
            }
            @for section in T::new_sections() { (sheet.section(section)) }
            div.actions {
                button.primary type="submit" { "Add " (T::NOUN) }
                a.button href=(T::PATH) { "Cancel" }
            }
        },
    );
    Ok(page(&Page::new(&format!("New {}", T::NOUN), user, T::PATH), body))
}
