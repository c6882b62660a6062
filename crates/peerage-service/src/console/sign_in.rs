//! Signing in and out, and where one goes then.

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum_extra::extract::CookieJar;
use maud::{Markup, html};
use peerage_model::Role;
use peerage_store::SignInEnd;
use serde::Deserialize;

use super::shell::{Field, Fields, Page, alert, done, page};
use crate::app::App;
use crate::auth::{self, Entrance, SignedIn, Visitor};
use crate::problem::Problem;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home))
        .route("/sign-in", get(ask).post(sign_in))
        .merge(super::sign_out::routes())
}

/// Where somebody's work is.
pub(super) fn home_of(user: &SignedIn) -> &'static str {
    match user.role {
        Role::Agent => "/agent",
        Role::Supervisor | Role::Admin => "/board",
    }
}

async fn home(user: Option<SignedIn>) -> Redirect {
    Redirect::to(user.as_ref().map_or("/sign-in", home_of))
}

#[derive(Debug, Deserialize)]
struct Wanted {
    next: Option<String>,
}

impl Wanted {
    /// A path of ours; what could lead to another site is no path of ours.
    fn path(&self) -> Option<&str> {
        let next = self.next.as_deref()?;
        let ours = next.starts_with('/')
            && !next.starts_with("//")
            && next.len() <= 1000
            && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        ours.then_some(next)
    }
}

async fn ask(
    State(app): State<App>,
    user: Result<Option<SignedIn>, Problem>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Response {
    match user {
        Ok(Some(user)) => Redirect::to(wanted.path().unwrap_or_else(|| home_of(&user))).into_response(),
        // Who cannot be told apart now may still try.
        Err(problem) => (problem.status(), form(&wanted, "", None, Some(&problem))).into_response(),
        // However often it is asked: a script and a person may both be led here, and the script's answer is seen by nobody.
        Ok(None) => match auth::ended_because(&app, &headers).await {
            Ok(why) => form(&wanted, "", why, None).into_response(),
            Err(problem) => (problem.status(), form(&wanted, "", None, Some(&problem))).into_response(),
        },
    }
}

async fn sign_in(State(app): State<App>, visitor: Visitor, fields: Fields) -> Response {
    let wanted = Wanted {
        next: fields.get("next").map(str::to_owned),
    };
    let username = fields.text("username");
    let password = fields.exactly("password").to_owned();
    match auth::sign_in(&app, CookieJar::new(), Entrance::Console, username, password, visitor).await {
        Ok((jar, user)) => {
            // Another browser of the same agent has just been signed out.
            app.events().look_at_sign_ins();
            (jar, done(wanted.path().unwrap_or_else(|| home_of(&user)), "")).into_response()
        }
        Err(problem) => {
            let retry = problem.retry_after.map(|seconds| (header::RETRY_AFTER, seconds.into()));
            (
                problem.status(),
                HeaderMap::from_iter(retry),
                form(&wanted, username, None, Some(&problem)),
            )
                .into_response()
        }
    }
}

/// What is said of a sign-in that has ended.
fn farewell(why: SignInEnd) -> Option<&'static str> {
    match why {
        SignInEnd::SignedOut => None,
        SignInEnd::SignedInElsewhere => {
            Some("You were signed out because you signed in with another browser. Signing in here signs you out there.")
        }
        SignInEnd::Expired => Some("You were signed out after a long time without activity."),
        SignInEnd::PasswordChanged => {
            Some("You were signed out because your password was changed. Sign in with the new one.")
        }
        SignInEnd::Disabled => Some("You were signed out because your user was disabled. Ask an administrator."),
    }
}

fn form(wanted: &Wanted, username: &str, why: Option<SignInEnd>, problem: Option<&Problem>) -> Markup {
    let name = Field::text("username", "User name")
        .value(username)
        .required()
        .completes("username");
    let password = Field::password("password", "Password")
        .required()
        .completes("current-password");
    let (name, password) = if username.is_empty() {
        (name.focused(), password)
    } else {
        (name, password.focused())
    };
    page(
        &Page::open("Sign in"),
        html! {
            @if let Some(sentence) = why.and_then(farewell) { div.warning { p { (sentence) } } }
            (alert(problem))
            form.card method="post" action="/sign-in" {
                @if let Some(next) = wanted.path() { input type="hidden" name="next" value=(next); }
                (name)
                (password)
                div.actions { button.primary.wide type="submit" { "Sign in" } }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::Wanted;

    #[test]
    fn one_comes_back_to_a_page_of_ours_and_to_no_other() {
        let path = |next: &str| {
            Wanted {
                next: Some(next.to_owned()),
            }
            .path()
            .map(str::to_owned)
        };
        assert_eq!(
            path("/agent/history?day=2026-01-02").as_deref(),
            Some("/agent/history?day=2026-01-02")
        );
        for bad in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "",
            "agent",
            "/a\r\nb",
            "/\u{e9}",
        ] {
            assert_eq!(path(bad), None, "{bad}");
        }
    }
}
