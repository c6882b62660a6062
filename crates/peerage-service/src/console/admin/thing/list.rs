use axum::extract::State;
use maud::{Markup, html};

use super::Thing;
use crate::app::App;
use crate::console::admin::guard::Admin;
use crate::console::shell::{Page, PageProblem, page, table};

pub(super) async fn get<T: Thing>(State(app): State<App>, Admin(user): Admin) -> Result<Markup, PageProblem> {
    let records = app.db(T::all).await?;
    let body = html! {
        div.split {
            p.soft { (T::ABOUT) }
            div.actions { a.button.primary href={ (T::PATH) "/new" } { "New " (T::NOUN) } }
        }
        div #list data-live=(T::PATH) data-live-on=(T::LIVE) {
            (table(T::TITLE, T::COLUMNS, T::rows(&app, &records)))
        }
    };
    Ok(page(&Page::new(T::TITLE, &user, T::PATH), body))
}
