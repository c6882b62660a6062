//! Removal, asked twice.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use peerage_model::Number;

use super::number_of;
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::admin::guard::Admin;
use crate::console::admin::kind::{Kind, path_of, title_of};
use crate::console::shell::{Page, PageProblem, alert, done, form, page};
use crate::problem::Problem;

pub(super) async fn get<K: Kind>(
    State(app): State<App>,
    Admin(user): Admin,
    Path(number): Path<String>,
) -> Result<Markup, PageProblem> {
    let number = number_of::<K>(&number)?;
    shown::<K>(&app, &user, &number, None).await
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
    match removed {
        Ok(()) => Ok(done(K::PATH, format!("Removed {} {number}.", K::NOUN))),
        // Sent twice, or somebody else was quicker: it is gone, as was wished.
        Err(problem) if problem.code == "not_found" => {
            Ok(done(K::PATH, format!("There is no {} {number} any more.", K::NOUN)))
        }
        Err(problem) => Ok((
            problem.status(),
            shown::<K>(&app, &user, &number, Some(&problem)).await?,
        )
            .into_response()),
    }
}

async fn shown<K: Kind>(
    app: &App,
    user: &SignedIn,
    number: &Number,
    problem: Option<&Problem>,
) -> Result<Markup, PageProblem> {
    let asked = number.clone();
    let record = app.db(move |store| K::load(store, &asked)).await?;
    let (goes, stays) = K::farewell();
    let title = format!("Remove {}?", title_of::<K>(&record));
    let list = |sentences: &[&str]| html! { ul { @for sentence in sentences { li { (sentence) } } } };
    let body = html! {
        (alert(problem))
        section.card {
            h2 { "What goes" }
            (list(goes))
            h2 { "What stays" }
            (list(stays))
            (form(user, &format!("{}/remove", path_of::<K>(number)), html! {
                div.actions {
                    button.danger type="submit" { "Remove " (K::NOUN) " " (number) }
                    a.button href=(path_of::<K>(number)) { "Keep it" }
                }
            }))
        }
    };
    Ok(page(&Page::new(&title, user, K::PATH), body))
}
