use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::html;

use super::{Thing, key_in, path_of};
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::admin::entry::{Typed, decide};
use crate::console::admin::faults::Faults;
use crate::console::admin::guard::Admin;
use crate::console::admin::sheet::{self, Sheet};
use crate::console::shell::{Fields, Page, PageProblem, done, form, page};

pub(super) async fn get<T: Thing>(
    State(app): State<App>,
    Admin(user): Admin,
    Path(key): Path<String>,
) -> Result<Response, PageProblem> {
    let key = key_in::<T>(&key)?;
    shown::<T>(&app, &user, &key, |sheet| sheet).await
}

pub(super) async fn post<T: Thing>(
    State(app): State<App>,
    Admin(user): Admin,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, PageProblem> {
    let key = key_in::<T>(&key)?;
    let typed = sheet::read(T::sections(), &fields);
    match save::<T>(&app, &user, key.clone(), typed.clone()).await {
        Ok((key, true, None)) => Ok(done(&path_of::<T>(&key), "Saved.")),
        Ok((key, true, Some(remark))) => Ok(done(&path_of::<T>(&key), format!("Saved. Note: {remark}."))),
        Ok((key, false, _)) => Ok(done(&path_of::<T>(&key), "No changes to save.")),
        Err(Faults(problems)) => shown::<T>(&app, &user, &key, |sheet| sheet.typed(&typed).problems(problems)).await,
    }
}

/// Its key, whether anything changed, and what that still needs.
async fn save<T: Thing>(
    app: &App,
    user: &SignedIn,
    key: T::Key,
    typed: Vec<Typed>,
) -> Result<(T::Key, bool, Option<String>), Faults> {
    app.db_as(user.store_actor()?, move |store| {
        let current = T::load(store, &key)?;
        let patch = decide(T::entries(), &typed, &current).map_err(Faults)?;
        let changed = T::set(store, &key, &patch)?;
        Ok((T::renamed(&key, &patch), changed, T::remark(&current, &patch)))
    })
    .await
}

/// The page of one, with what is put into its form.
pub(in crate::console::admin) async fn shown<T: Thing>(
    app: &App,
    user: &SignedIn,
    key: &T::Key,
    change: impl FnOnce(Sheet) -> Sheet + Send,
) -> Result<Response, PageProblem> {
    let asked = key.clone();
    let record = app.db(move |store| T::load(store, &asked)).await?;
    let sheet = T::offer(app, change(Sheet::of(T::entries(), &record))).await?;
    let beside = T::beside(app, user, &record, &sheet).await?;
    let body = html! {
        (sheet.alert())
        (form(user, &path_of::<T>(key), html! {
            @for section in T::sections() { (sheet.section(section)) }
            div.actions {
                button.primary type="submit" { "Save" }
                a.button href=(T::PATH) { "Back to list" }
                a.button.danger href={ (path_of::<T>(key)) "/remove" } { "Remove…" }
            }
        }))
        (beside)
    };
    Ok((
        sheet.status(),
        page(&Page::new(&T::key_of(&record).to_string(), user, T::PATH), body),
    )
        .into_response())
}
