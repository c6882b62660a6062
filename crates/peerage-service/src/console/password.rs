//! One's own password.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use peerage_model::Password;
use peerage_store::Tokens;

use super::shell::{Field, Fields, Page, Switch, alert, done, form, page};
use super::sign_in::home_of;
use crate::app::App;
use crate::auth::{self, Means, SignedIn};
use crate::console::PageUser;
use crate::problem::Problem;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/password", get(ask).post(change))
}

async fn ask(PageUser(user): PageUser) -> Markup {
    view(&user, None)
}

async fn change(State(app): State<App>, PageUser(user): PageUser, fields: Fields) -> Response {
    match try_to(&app, &user, &fields).await {
        Ok(()) => {
            app.events().look_at_sign_ins();
            done(
                home_of(&user),
                "Your password is changed. Your other browsers are signed out.",
            )
        }
        Err(problem) => (problem.status(), view(&user, Some(&problem))).into_response(),
    }
}

async fn try_to(app: &App, user: &SignedIn, fields: &Fields) -> Result<(), Problem> {
    let (Some(username), Means::Cookie { session, .. }) = (user.username.clone(), &user.means) else {
        return Err(Problem::not_permitted("a token has no password"));
    };
    let session = Some(*session);
    let old = fields.exactly("old").to_owned();
    if fields.exactly("new") != fields.exactly("again") {
        let message = "the two new passwords differ";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message)
            .field("again")
            .hint("enter the same password twice"));
    }
    let tokens = match fields.get("end-tokens") {
        Some(_) => Tokens::End,
        None => Tokens::Keep,
    };
    let new: Password = fields
        .exactly("new")
        .parse()
        .map_err(|invalid: peerage_model::Invalid| Problem::from(invalid).field("new"))?;
    app.db_as(user.store_actor()?, move |store| {
        store.change_password(&username, &old, &new, session, tokens)
    })
    .await
    .map_err(|error| match auth::refused(&error) {
        problem if problem.code == "wrong_password" => Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "wrong_password",
            "the password is wrong",
        )
        .field("old"),
        problem => problem,
    })
}

fn view(user: &SignedIn, problem: Option<&Problem>) -> Markup {
    let old = Field::password("old", "Current password").completes("current-password");
    let new = Field::password("new", "New password").completes("new-password");
    let again = Field::password("again", "Repeat new password").completes("new-password");
    page(
        &Page::new("Change your password", user, "/password"),
        html! {
            (alert(problem))
            div.card.narrow {
                (form(user, "/password", html! {
                    // For the browser's own memory of passwords.
                    input type="text" name="username" autocomplete="username" value=(user.username.as_ref().map_or("", |name| name.as_str())) hidden;
                    (old.required().problem(problem))
                    (new.required().problem(problem))
                    (again.required().problem(problem))
                    (Switch::new("end-tokens", "Remove my tokens").explain("Programs that use them lose access."))
                    div.actions {
                        button.primary type="submit" { "Change password" }
                        a.button href="/" { "Cancel" }
                    }
                }))
            }
        },
    )
}
