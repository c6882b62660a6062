//! Removal of an agent or a telephone.

use axum::extract::{Path, State};
use axum::response::Response;
use maud::Markup;
use peerage_model::Number;

use super::number_of;
use crate::app::App;
use crate::console::admin::guard::Admin;
use crate::console::admin::kind::{Kind, path_of, title_of};
use crate::console::admin::removal::{Removal, outcome};
use crate::console::shell::PageProblem;
use crate::problem::Problem;

pub(super) async fn get<K: Kind>(
    State(app): State<App>,
    Admin(user): Admin,
    Path(number): Path<String>,
) -> Result<Markup, PageProblem> {
    let number = number_of::<K>(&number)?;
    Ok(asked::<K>(&app, &number).await?.page(&user, None))
}

pub(super) async fn post<K: Kind>(
    State(app): State<App>,
    Admin(user): Admin,
    Path(number): Path<String>,
) -> Result<Response, PageProblem> {
    let number = number_of::<K>(&number)?;
    let gone = number.clone();
    let removed = app
        .db_as(user.store_actor()?, move |store| K::remove(store, &gone))
        .await
        .map_err(Problem::from);
    outcome((K::PATH, what::<K>(&number)), &user, removed, asked::<K>(&app, &number)).await
}

fn what<K: Kind>(number: &Number) -> String {
    format!("{} {number}", K::NOUN)
}

async fn asked<K: Kind>(app: &App, number: &Number) -> Result<Removal, PageProblem> {
    let asked = number.clone();
    let record = app.db(move |store| K::load(store, &asked)).await?;
    Ok(Removal {
        what: what::<K>(number),
        title: title_of::<K>(&record),
        list: K::PATH,
        path: path_of::<K>(number),
        farewell: K::farewell(),
    })
}
