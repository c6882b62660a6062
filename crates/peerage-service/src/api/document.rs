//! The OpenAPI document: what the handlers say of themselves, and what holds for all of them.

use std::collections::BTreeMap;

use utoipa::openapi::path::{HttpMethod, Operation, PathItem};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use super::rights::{self, Right};
use crate::problem::{BadLine, Details, Problem};

/// Gives a type the schema of another, of which some fields must be there.
macro_rules! with_required {
    ($name:ident = $of:ident, [$($field:literal),+]) => {
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                $crate::api::document::required(<$of as utoipa::PartialSchema>::schema(), &[$($field),+])
            }
        }

        impl utoipa::ToSchema for $name {
            fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>) {
                <$of as utoipa::ToSchema>::schemas(schemas);
            }
        }
    };
}

pub(crate) use with_required;

/// The schema with these fields required.
pub(crate) fn required(schema: RefOr<Schema>, fields: &[&str]) -> RefOr<Schema> {
    match schema {
        RefOr::T(Schema::Object(mut object)) => {
            object.required.extend(fields.iter().map(ToString::to_string));
            RefOr::T(Schema::Object(object))
        }
        other => other,
    }
}

const ABOUT: &str = "\
Everything that the command and the console can do. API clients send a token, `Authorization: Bearer TOKEN`, created with \
`POST /api/v1/tokens`, in the console or, for the first one, with `peerage token add`. Signed-in browsers send their cookie and, for changes, the header `x-csrf-token` (`csrf` of `GET /api/v1/me`).

An error is a `Problem`: a stable `code`, a message, the field concerned, and a hint. In the body of a change, omitted fields \
stay unchanged, and null clears a field.";

/// What each group of operations is about. The lint of the document refuses an operation whose tag is missing here.
const TAGS: [(&str, &str); 15] = [
    ("agents", "Agents with their SIP settings, secrets and queues."),
    (
        "audit",
        "Changes: who made them, when, and what was there before and after.",
    ),
    ("client logs", "Reports that the console's pages send to the service."),
    ("events", "A stream that says what changed."),
    ("import", "Agents and phones from CSV."),
    ("me", "The user who sends the request: sign in, sign out, password."),
    ("nodes", "Asterisk nodes and their AMI links."),
    ("pause reasons", "The reasons that agents choose from when they pause."),
    ("phones", "Phones with their SIP settings, and who uses them."),
    ("queues", "Queues and their settings."),
    ("refused registrations", "REGISTER requests that Asterisk refused."),
    ("sites", "Sites and the settings that their accounts share."),
    (
        "state",
        "Agents at work: log in, log out, move, pause, unpause, history.",
    ),
    ("tokens", "Tokens of API clients."),
    ("users", "Users of the console and the API, with their roles."),
];

/// The document to begin with.
pub(super) fn blank() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Peerage")
        .description(Some(ABOUT))
        .version(env!("CARGO_PKG_VERSION"))
        .license(Some(
            LicenseBuilder::new()
                .name("Apache-2.0")
                .identifier(Some("Apache-2.0"))
                .build(),
        ))
        .build();
    let tags = TAGS.map(|(name, about)| TagBuilder::new().name(name).description(Some(about)).build());
    OpenApiBuilder::new().info(info).tags(Some(tags)).build()
}

/// Adds what holds for every operation: who may ask, and which problems there can be.
pub(super) fn complete(mut document: OpenApi) -> OpenApi {
    let mut components = document.components.take().unwrap_or_default();
    components.schemas.insert("Problem".to_owned(), Problem::schema());
    components.schemas.insert("Details".to_owned(), Details::schema());
    components.schemas.insert("BadLine".to_owned(), BadLine::schema());
    components.security_schemes.insert(
        "token".to_owned(),
        RefOr::T(SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer))),
    );
    components.security_schemes.insert(
        "cookie".to_owned(),
        RefOr::T(SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("peerage")))),
    );
    document.components = Some(components);
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            describe(&method, path, operation);
        }
    }
    document
}

/// The operations of a path.
pub(super) fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    [
        (HttpMethod::Get, item.get.as_mut()),
        (HttpMethod::Post, item.post.as_mut()),
        (HttpMethod::Put, item.put.as_mut()),
        (HttpMethod::Patch, item.patch.as_mut()),
        (HttpMethod::Delete, item.delete.as_mut()),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation?)))
}

fn describe(method: &HttpMethod, path: &str, operation: &mut Operation) {
    let right = rights::of(rights::name(method), path);
    let changes = !matches!(method, HttpMethod::Get);
    let body = operation.request_body.is_some();
    let named = path.contains('{');
    let asked = named
        || body
        || operation
            .parameters
            .as_ref()
            .is_some_and(|parameters| !parameters.is_empty());
    let mut problems = BTreeMap::from([
        ("500", "Internal error"),
        ("400", "The request is malformed"),
        (
            "429",
            "Too many requests by this user or from this address; see the header `retry-after`",
        ),
        ("503", "The database does not respond"),
    ]);
    if let Some(right) = right.filter(|right| *right != Right::Open) {
        operation.security = Some(vec![
            SecurityRequirement::new("token", Vec::<String>::new()),
            SecurityRequirement::new("cookie", Vec::<String>::new()),
        ]);
        let extensions = serde_json::json!({ "x-peerage-right": right.word() });
        operation.extensions = serde_json::from_value(extensions).ok();
        let said = operation.description.take().unwrap_or_default();
        operation.description = Some(format!("{said}\n\nFor: {}.", right.words()).trim().to_owned());
        problems.insert("401", "Not signed in, or the token is invalid");
        problems.insert("403", "Not permitted");
    }
    if asked {
        problems.insert("422", "A value is invalid");
    }
    if named || body {
        problems.insert("404", "Not found");
    }
    if body {
        problems.insert("413", "The body is too large");
        problems.insert("415", "The content type is not supported");
    }
    if changes {
        problems.insert("409", "Conflict with existing data");
        problems.insert("403", "Not permitted, or the CSRF token is missing");
    }
    for (status, description) in problems {
        let content = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name(Problem::name())))
            .build();
        let response = ResponseBuilder::new()
            .description(description)
            .content("application/json", content)
            .build();
        operation
            .responses
            .responses
            .entry(status.to_owned())
            .or_insert(RefOr::T(response));
    }
}
