//! Who may do what: one table, which the router enforces and the OpenAPI document includes. An operation without an entry is
//! refused to everybody.

use axum::extract::{FromRequestParts, MatchedPath, RawPathParams, Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use peerage_model::{Number, QueueName, Role};
use utoipa::openapi::path::HttpMethod;

use crate::app::App;
use crate::auth::{SignedIn, may_steer};
use crate::problem::Problem;

/// Who may use an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Right {
    /// Everybody, without a sign-in.
    Open,
    /// Whoever is signed in.
    Anyone,
    /// Whoever is an agent, for what is his or her own.
    Agent,
    /// Who may steer the agent `{number}`: administrators, supervisors of one of his or her queues, and the agent.
    Steer,
    /// Administrators, and supervisors, who are shown what belongs to their queues.
    Oversee,
    /// Administrators, and supervisors of the queue `{name}`.
    OverseeQueue,
    /// Administrators.
    Admin,
}

impl Right {
    /// Its name in the document.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Anyone => "anyone",
            Self::Agent => "agent",
            Self::Steer => "steer",
            Self::Oversee => "oversee",
            Self::OverseeQueue => "oversee_queue",
            Self::Admin => "admin",
        }
    }

    /// The reason for people.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Open => "everybody, without signing in",
            Self::Anyone => "all signed-in users",
            Self::Agent => "agents",
            Self::Steer => "administrators, supervisors of one of the agent's queues, and the agent",
            Self::Oversee => "administrators and supervisors",
            Self::OverseeQueue => "administrators, and supervisors of the queue",
            Self::Admin => "administrators",
        }
    }
}

/// The table.
#[rustfmt::skip]
pub(crate) const RIGHTS: &[(&str, &str, Right)] = &[
    ("GET",    "/api/v1/me",                              Right::Anyone),
    ("PUT",    "/api/v1/me/password",                     Right::Anyone),
    ("POST",   "/api/v1/sign-in",                         Right::Open),
    ("POST",   "/api/v1/sign-out",                        Right::Open),
    ("GET",    "/api/v1/agents",                          Right::Oversee),
    ("POST",   "/api/v1/agents",                          Right::Admin),
    ("GET",    "/api/v1/agents/{number}",                 Right::Steer),
    ("PATCH",  "/api/v1/agents/{number}",                 Right::Admin),
    ("DELETE", "/api/v1/agents/{number}",                 Right::Admin),
    ("PUT",    "/api/v1/agents/{number}/numbers",         Right::Steer),
    ("GET",    "/api/v1/agents/{number}/state",           Right::Steer),
    ("POST",   "/api/v1/agents/{number}/login",           Right::Steer),
    ("POST",   "/api/v1/agents/{number}/move",            Right::Steer),
    ("POST",   "/api/v1/agents/{number}/logout",          Right::Steer),
    ("POST",   "/api/v1/agents/{number}/pause",           Right::Steer),
    ("POST",   "/api/v1/agents/{number}/unpause",         Right::Steer),
    ("GET",    "/api/v1/agents/{number}/history",         Right::Steer),
    ("GET",    "/api/v1/agents/{number}/phones",          Right::Steer),
    ("GET",    "/api/v1/phones",                          Right::Oversee),
    ("POST",   "/api/v1/phones",                          Right::Admin),
    ("GET",    "/api/v1/phones/{number}",                 Right::Oversee),
    ("PATCH",  "/api/v1/phones/{number}",                 Right::Admin),
    ("DELETE", "/api/v1/phones/{number}",                 Right::Admin),
    ("POST",   "/api/v1/phones/{number}/release",         Right::Oversee),
    ("GET",    "/api/v1/queues",                          Right::Oversee),
    ("POST",   "/api/v1/queues",                          Right::Admin),
    ("GET",    "/api/v1/queues/{name}",                   Right::OverseeQueue),
    ("PATCH",  "/api/v1/queues/{name}",                   Right::Admin),
    ("DELETE", "/api/v1/queues/{name}",                   Right::Admin),
    ("PUT",    "/api/v1/queues/{name}/agents/{agent}",    Right::Admin),
    ("DELETE", "/api/v1/queues/{name}/agents/{agent}",    Right::Admin),
    ("GET",    "/api/v1/pause-reasons",                   Right::Anyone),
    ("POST",   "/api/v1/pause-reasons",                   Right::Admin),
    ("PATCH",  "/api/v1/pause-reasons/{code}",            Right::Admin),
    ("DELETE", "/api/v1/pause-reasons/{code}",            Right::Admin),
    ("GET",    "/api/v1/users",                           Right::Admin),
    ("POST",   "/api/v1/users",                           Right::Admin),
    ("GET",    "/api/v1/users/{username}",                Right::Admin),
    ("PATCH",  "/api/v1/users/{username}",                Right::Admin),
    ("DELETE", "/api/v1/users/{username}",                Right::Admin),
    ("PUT",    "/api/v1/users/{username}/password",       Right::Admin),
    ("PUT",    "/api/v1/users/{username}/queues",         Right::Admin),
    ("GET",    "/api/v1/sites",                           Right::Oversee),
    ("POST",   "/api/v1/sites",                           Right::Admin),
    ("GET",    "/api/v1/sites/{name}",                    Right::Oversee),
    ("PATCH",  "/api/v1/sites/{name}",                    Right::Admin),
    ("DELETE", "/api/v1/sites/{name}",                    Right::Admin),
    ("GET",    "/api/v1/nodes",                           Right::Admin),
    ("POST",   "/api/v1/nodes",                           Right::Admin),
    ("GET",    "/api/v1/nodes/{name}",                    Right::Admin),
    ("PATCH",  "/api/v1/nodes/{name}",                    Right::Admin),
    ("DELETE", "/api/v1/nodes/{name}",                    Right::Admin),
    ("POST",   "/api/v1/nodes/{name}/password",           Right::Admin),
    ("GET",    "/api/v1/tokens",                          Right::Admin),
    ("POST",   "/api/v1/tokens",                          Right::Admin),
    ("DELETE", "/api/v1/tokens/{name}",                   Right::Admin),
    ("GET",    "/api/v1/audit",                           Right::Admin),
    ("GET",    "/api/v1/audit/{id}",                      Right::Admin),
    ("GET",    "/api/v1/client-logs",                     Right::Admin),
    ("POST",   "/api/v1/client-logs",                     Right::Agent),
    ("GET",    "/api/v1/refused-registrations",           Right::Admin),
    ("GET",    "/api/v1/events",                          Right::Anyone),
    ("POST",   "/api/v1/import/agents",                   Right::Admin),
    ("POST",   "/api/v1/import/phones",                   Right::Admin),
];

/// What the table says of an operation.
pub(crate) fn of(method: &str, path: &str) -> Option<Right> {
    let found = RIGHTS.iter().find(|(m, p, _)| *m == method && *p == path);
    found.map(|(_, _, right)| *right)
}

/// A method as the table writes it.
pub(crate) const fn name(method: &HttpMethod) -> &'static str {
    match method {
        HttpMethod::Get => "GET",
        HttpMethod::Post => "POST",
        HttpMethod::Put => "PUT",
        HttpMethod::Patch => "PATCH",
        HttpMethod::Delete => "DELETE",
        _ => "other",
    }
}

/// Lets pass whom the table lets.
pub(super) async fn enforce(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match check(&app, &mut parts).await {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(problem) => problem.into_response(),
    }
}

async fn check(app: &App, parts: &mut Parts) -> Result<(), Problem> {
    // GET answers HEAD too.
    let method = if parts.method == Method::HEAD {
        "GET"
    } else {
        parts.method.as_str()
    };
    let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let right = of(method, path);
    if right == Some(Right::Open) {
        return Ok(());
    }
    let who = <SignedIn as FromRequestParts<App>>::from_request_parts(parts, app).await?;
    match right {
        None => Err(Problem::not_permitted("nobody may use this operation")),
        Some(Right::Open | Right::Anyone) => Ok(()),
        Some(Right::Agent) => match who.agent {
            Some(_) => Ok(()),
            None => Err(Problem::not_permitted(
                "only agents can do this, and your user is not an agent",
            )),
        },
        Some(Right::Steer) => match who.role {
            Role::Admin => Ok(()),
            _ => may_steer(app, &who, &parameter::<Number>(app, parts, "number").await?).await,
        },
        Some(Right::Oversee) => who.require(&[Role::Admin, Role::Supervisor]),
        Some(Right::OverseeQueue) => {
            who.require(&[Role::Admin, Role::Supervisor])?;
            if who.role == Role::Admin {
                return Ok(());
            }
            let queue = parameter::<QueueName>(app, parts, "name").await?;
            match who.queues.contains(&queue) {
                true => Ok(()),
                false => Err(Problem::not_permitted(format!(
                    "queue {queue} is not one of your queues"
                ))),
            }
        }
        Some(Right::Admin) => who.require(&[Role::Admin]),
    }
}

/// A parameter of the path.
async fn parameter<T>(app: &App, parts: &mut Parts, name: &str) -> Result<T, Problem>
where
    T: std::str::FromStr<Err = peerage_model::Invalid>,
{
    let parameters = RawPathParams::from_request_parts(parts, app)
        .await
        .map_err(|_no_utf8| Problem::invalid(name, format!("`{name}` is not UTF-8")))?;
    let found = parameters.iter().find(|(key, _)| *key == name);
    Ok(found.map_or("", |(_, value)| value).parse::<T>()?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::api;

    /// The operations of the document, and those of the table.
    fn both() -> (BTreeSet<String>, BTreeSet<String>) {
        let mut document = api::document();
        let mut documented = BTreeSet::new();
        for (path, item) in &mut document.paths.paths {
            for (method, _) in api::document::operations(item) {
                documented.insert(format!("{} {path}", name(&method)));
            }
        }
        let table = RIGHTS
            .iter()
            .map(|(method, path, _)| format!("{method} {path}"))
            .collect();
        (documented, table)
    }

    #[test]
    fn the_table_has_exactly_the_operations_of_the_document() {
        let (documented, table) = both();
        assert_eq!(documented, table);
        assert_eq!(table.len(), RIGHTS.len(), "an operation stands there twice");
    }
}
