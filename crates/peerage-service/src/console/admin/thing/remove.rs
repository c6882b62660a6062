use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::{Thing, key_in, path_of};
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::admin::guard::Admin;
use crate::console::shell::{Page, PageProblem, alert, done, form, page};
use crate::problem::Problem;

pub(super) async fn get<T: Thing>(
    State(app): State<App>,
    Admin(user): Admin,
    Path(key): Path<String>,
) -> Result<Markup, PageProblem> {
    let key = key_in::<T>(&key)?;
    let asked = key.clone();
    app.db(move |store| T::load(store, &asked)).await?;
    Ok(shown::<T>(&user, &key, None))
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
    match removed {
        Ok(()) => Ok(done(T::PATH, format!("Removed {} {key}.", T::NOUN))),
        // Sent twice, or somebody else was quicker: it is gone, as was wished.
        Err(problem) if problem.code == "not_found" => {
            Ok(done(T::PATH, format!("There is no {} {key} any more.", T::NOUN)))
        }
        Err(problem) => Ok((problem.status(), shown::<T>(&user, &key, Some(&problem))).into_response()),
    }
}

fn shown<T: Thing>(user: &SignedIn, key: &T::Key, problem: Option<&Problem>) -> Markup {
    let (goes, stays) = T::farewell();
    let list = |sentences: &[&str]| html! { ul { @for sentence in sentences { li { (sentence) } } } };
    let body = html! {
        (alert(problem))
        section.card {
            h2 { "What goes" }
            (list(goes))
            @if !stays.is_empty() {
                h2 { "What stays" }
                (list(stays))
            }
            (form(user, &format!("{}/remove", path_of::<T>(key)), html! {
                div.actions {
                    button.danger type="submit" { "Remove " (T::NOUN) " " (key) }
                    a.button href=(path_of::<T>(key)) { "Keep it" }
                }
            }))
        }
    };
    page(&Page::new(&format!("Remove {} {key}?", T::NOUN), user, T::PATH), body)
}
