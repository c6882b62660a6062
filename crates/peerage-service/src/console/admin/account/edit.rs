//! The page of one agent or telephone, and its settings saved.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use peerage_model::Number;
use peerage_store::AccountPatch;
use peerage_store::fields::account::{Patch, Record};

use super::number_of;
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::admin::entry::decide;
use crate::console::admin::faults::Faults;
use crate::console::admin::guard::Admin;
use crate::console::admin::kind::{Kind, path_of};
use crate::console::admin::sheet::{self, Sheet};
use crate::console::shell::{Fields, PageProblem, done};

pub(super) async fn get<K: Kind>(
    State(app): State<App>,
    Admin(user): Admin,
    Path(number): Path<String>,
) -> Result<Response, PageProblem> {
    let number = number_of::<K>(&number)?;
    shown::<K>(&app, &user, &number, |sheet| sheet).await
}

/// The page, with what is put into its form.
pub(in crate::console::admin) async fn shown<K: Kind>(
    app: &App,
    user: &SignedIn,
    number: &Number,
    change: impl FnOnce(Sheet) -> Sheet + Send,
) -> Result<Response, PageProblem> {
    let asked = number.clone();
    let record = app.db(move |store| K::load(store, &asked)).await?;
    let sheet = change(Sheet::of(&K::entries(), &record));
    let status = sheet.status();
    Ok((status, K::show(app, user, record, sheet).await?).into_response())
}

pub(super) async fn post<K: Kind>(
    State(app): State<App>,
    Admin(user): Admin,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, PageProblem> {
    let number = number_of::<K>(&number)?;
    let typed = sheet::read(K::sections(), &fields);
    let (sent, edited) = (typed.clone(), number.clone());
    let outcome = app
        .db_as(user.store_actor()?, move |store| {
            K::edit(store, &edited, |current| decide(&K::entries(), &sent, current)).map_err(Faults::of_edit)
        })
        .await;
    match outcome {
        Ok(true) => Ok(done(&path_of::<K>(&number), "Saved.")),
        Ok(false) => Ok(done(&path_of::<K>(&number), "No changes to save.")),
        Err(Faults(problems)) => shown::<K>(&app, &user, &number, |sheet| sheet.typed(&typed).problems(problems)).await,
    }
}

pub(super) async fn disable<K: Kind>(
    State(app): State<App>,
    Admin(user): Admin,
    Path(number): Path<String>,
) -> Result<Response, PageProblem> {
    switch::<K>(&app, &user, &number, true).await
}

pub(super) async fn enable<K: Kind>(
    State(app): State<App>,
    Admin(user): Admin,
    Path(number): Path<String>,
) -> Result<Response, PageProblem> {
    switch::<K>(&app, &user, &number, false).await
}

async fn switch<K: Kind>(app: &App, user: &SignedIn, number: &str, disabled: bool) -> Result<Response, PageProblem> {
    let number = number_of::<K>(number)?;
    let done_to = path_of::<K>(&number);
    let changes = AccountPatch {
        disabled: Some(disabled),
        ..AccountPatch::default()
    };
    change::<K>(app, user, number.clone(), changes)
        .await
        .map_err(Faults::into_one)?;
    let word = if disabled { "Disabled" } else { "Enabled" };
    Ok(done(&done_to, format!("{word} {} {number}.", K::NOUN)))
}

/// Changes the SIP account, whatever else was changed meanwhile.
pub(in crate::console::admin) async fn change<K: Kind>(
    app: &App,
    user: &SignedIn,
    number: Number,
    changes: AccountPatch,
) -> Result<bool, Faults> {
    app.db_as(user.store_actor()?, move |store| {
        K::edit(store, &number, |_| {
            let mut patch = K::Patch::default();
            *patch.account() = changes;
            Ok(patch)
        })
        .map_err(Faults::of_edit)
    })
    .await
}

/// Whether a record is out of service.
pub(super) fn is_disabled<K: Kind>(record: &K::Record) -> bool {
    record.account().disabled
}
