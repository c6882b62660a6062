use axum::extract::{Path, State};
use axum::response::Response;
use maud::Markup;

use super::{Thing, key_in, path_of};
use crate::app::App;
use crate::console::admin::guard::Admin;
use crate::console::admin::removal::{Removal, outcome};
use crate::console::shell::PageProblem;
use crate::problem::Problem;

pub(super) async fn get<T: Thing>(
    State(app): State<App>,
    Admin(user): Admin,
    Path(key): Path<String>,
) -> Result<Markup, PageProblem> {
    let key = key_in::<T>(&key)?;
    Ok(asked::<T>(&app, &key).await?.page(&user, None))
}

pub(super) async fn post<T: Thing>(
    State(app): State<App>,
    Admin(user): Admin,
    Path(key): Path<String>,
) -> Result<Response, PageProblem> {
    let key = key_in::<T>(&key)?;
    let gone = key.clone();
    let removed = app
        .db_as(user.store_actor()?, move |store| T::remove(store, &gone))
        .await
        .map_err(Problem::from);
    outcome((T::PATH, what::<T>(&key)), &user, removed, asked::<T>(&app, &key)).await
}

fn what<T: Thing>(key: &T::Key) -> String {
    format!("{} {key}", T::NOUN)
}

async fn asked<T: Thing>(app: &App, key: &T::Key) -> Result<Removal, PageProblem> {
    let asked = key.clone();
    app.db(move |store| T::load(store, &asked)).await?;
    Ok(Removal {
        what: what::<T>(key),
        title: what::<T>(key),
        list: T::PATH,
        path: path_of::<T>(key),
        farewell: T::farewell(),
    })
}
