//! An agent's own phone and mobile numbers.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use peerage_model::DialNumber;

use super::desk::{load, own_number};
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::PageUser;
use crate::console::shell::{Field, Fields, Page, PageProblem, alert, done, form, page};
use crate::problem::Problem;

pub(super) async fn ask(State(app): State<App>, PageUser(user): PageUser) -> Result<Markup, PageProblem> {
    let situation = load(&app, &own_number(&user)?).await?.desk.situation;
    if !situation.permissions.edit_own_numbers {
        return Err(Problem::not_permitted("you don't have permission to change your phone and mobile numbers").into());
    }
    let text = |number: &Option<DialNumber>| number.as_ref().map(DialNumber::to_string).unwrap_or_default();
    let fields = Fields::of([("phone", text(&situation.phone)), ("mobile", text(&situation.mobile))]);
    Ok(view(&user, &fields, None))
}

pub(super) async fn save(State(app): State<App>, PageUser(user): PageUser, fields: Fields) -> Response {
    match try_save(&app, &user, &fields).await {
        Ok(true) => done(
            "/agent",
            "Your numbers are saved. They apply from your next login or move.",
        ),
        Ok(false) => done("/agent", "No changes to save."),
        Err(problem) => (problem.status(), view(&user, &fields, Some(&problem))).into_response(),
    }
}

async fn try_save(app: &App, user: &SignedIn, fields: &Fields) -> Result<bool, Problem> {
    let number = own_number(user)?;
    let phone = dial_number(fields, "phone")?;
    let mobile = dial_number(fields, "mobile")?;
    let actor = user.actor_as_agent();
    Ok(app
        .db_as(user.store_actor()?, move |store| {
            store.set_numbers(&number, phone, mobile, &actor)
        })
        .await?)
}

fn dial_number(fields: &Fields, name: &str) -> Result<Option<DialNumber>, Problem> {
    let parsed = fields.get(name).map(DialNumber::try_from).transpose();
    parsed.map_err(|invalid| Problem::from(invalid).field(name))
}

fn view(user: &SignedIn, fields: &Fields, problem: Option<&Problem>) -> Markup {
    let phone = Field::text("phone", "Phone")
        .value(fields.text("phone"))
        .explain("Number of another phone, or an outside number that your site allows. Empty: not available.");
    let mobile = Field::text("mobile", "Mobile")
        .value(fields.text("mobile"))
        .explain("Outside number that your site allows, such as +39061234, without blanks. Empty: not available.");
    page(
        &Page::new("My numbers", user, "/agent"),
        html! {
            (alert(problem))
            div.card.narrow {
                (form(user, "/agent/numbers", html! {
                    (phone.problem(problem).completes("tel"))
                    (mobile.problem(problem).completes("tel"))
                    div.actions {
                        button.primary type="submit" { "Save" }
                        a.button href="/agent" { "Cancel" }
                    }
                }))
            }
        },
    )
}
