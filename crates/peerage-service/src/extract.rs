//! What handlers take from a request, with refusals in words: field, value and rule.

use axum::body::Bytes;
use axum::extract::path::ErrorKind;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody, PathRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::problem::Problem;

/// A body in JSON, both ways. No body at all reads as `{}`.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

/// The query of the URL. A parameter without a value counts as left out, as forms send them.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

/// The parameters of the path.
#[derive(Debug)]
pub(crate) struct Path<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let typed = is_of_type(request.headers(), &["application/json"]);
        let body = body(request, state).await?;
        if body.is_empty() {
            return read_json(Value::Object(serde_json::Map::new())).map(Self);
        }
        if !typed {
            return Err(unsupported("application/json"));
        }
        let value: Value = serde_json::from_slice(&body).map_err(|error| {
            Problem::new(
                StatusCode::BAD_REQUEST,
                "bad_json",
                format!("the body is not JSON: {error}"),
            )
        })?;
        read_json(value).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let pairs = pairs(parts.uri.query().unwrap_or_default().as_bytes())?;
        read_pairs(pairs.into_iter().filter(|(_, value)| !value.is_empty())).map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(read)) => Ok(Self(read)),
            Err(PathRejection::FailedToDeserializePathParams(failed)) => Err(match failed.into_kind() {
                ErrorKind::DeserializeError { key, message, .. } => refused(&key, &message),
                ErrorKind::InvalidUtf8InPathParam { key } => refused(&key, "it is no UTF-8"),
                ErrorKind::ParseErrorAtKey {
                    key,
                    value,
                    expected_type,
                } => refused(&key, &format!("`{value}` is no {expected_type}")),
                other => refused(".", &other.to_string()),
            }),
            Err(_missing) => Err(Problem::internal()),
        }
    }
}

/// The body of a request, within its limit.
pub(crate) async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| match rejection {
            BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "the body is too large")
            }
            _ => Problem::new(StatusCode::BAD_REQUEST, "bad_body", "the body arrived incomplete"),
        })
}

/// Whether the content is of one of these types, whatever its parameters.
pub(crate) fn is_of_type(headers: &HeaderMap, types: &[&str]) -> bool {
    let given = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    types.iter().any(|wanted| essence.eq_ignore_ascii_case(wanted))
}

/// The content is of a type that is not taken.
pub(crate) fn unsupported(wanted: &str) -> Problem {
    Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
        format!("the body must be of type {wanted}"),
    )
    .hint(format!("send the header `content-type: {wanted}`"))
}

fn read_json<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    if let Some(place) = nul(&value, "") {
        return Err(Problem::invalid(
            &place,
            format!("`{place}`: text must not contain the character U+0000"),
        ));
    }
    serde_path_to_error::deserialize(value)
        .map_err(|error| refused(&error.path().to_string(), &error.inner().to_string()))
}

/// Where a text holds NUL, which PostgreSQL cannot store. Only fields that go to the database unparsed could get it there.
fn nul(value: &Value, place: &str) -> Option<String> {
    let below = |name: &str| {
        if place.is_empty() {
            name.to_owned()
        } else {
            format!("{place}.{name}")
        }
    };
    match value {
        Value::String(text) => text.contains('\0').then(|| place.to_owned()),
        Value::Array(items) => (0..)
            .zip(items)
            .find_map(|(index, item)| nul(item, &format!("{place}[{index}]"))),
        Value::Object(fields) => fields.iter().find_map(|(name, item)| {
            if name.contains('\0') {
                return Some(below("?"));
            }
            nul(item, &below(name))
        }),
        _ => None,
    }
}

fn pairs(encoded: &[u8]) -> Result<Vec<(String, String)>, Problem> {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(encoded).into_owned().collect();
    match pairs
        .iter()
        .find(|(name, value)| name.contains('\0') || value.contains('\0'))
    {
        Some(_) => Err(Problem::invalid("?", "text must not contain the character U+0000")),
        None => Ok(pairs),
    }
}

fn read_pairs<T: DeserializeOwned>(pairs: impl IntoIterator<Item = (String, String)>) -> Result<T, Problem> {
    let encoded = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    let reader = serde_urlencoded::Deserializer::new(form_urlencoded::parse(encoded.as_bytes()));
    serde_path_to_error::deserialize(reader)
        .map_err(|error| refused(&error.path().to_string(), &error.inner().to_string()))
}

/// A refusal of the reader's, in our words. The model's own errors name a field of theirs; here it has the name that was given.
fn refused(path: &str, said: &str) -> Problem {
    let quoted = |after: &str| said.strip_prefix(after)?.split('`').next().map(str::to_owned);
    let below = |name: &str| {
        if path == "." {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    if let Some(missing) = quoted("missing field `") {
        let field = below(&missing);
        return Problem::invalid(&field, format!("`{field}` is missing"));
    }
    if let Some(unknown) = quoted("unknown field `") {
        let field = match path.rsplit_once('.') {
            // The path of an unknown field ends in it already.
            Some((_, last)) if last == unknown => path.to_owned(),
            _ if path == unknown => unknown.clone(),
            _ => below(&unknown),
        };
        let known = said.split_once(", expected ").map(|(_, known)| known.replace('`', ""));
        let problem = Problem::invalid(&field, format!("there is no field `{field}`"));
        return match known {
            Some(known) => problem.hint(format!("the fields are {}", known.trim_start_matches("one of "))),
            None => problem,
        };
    }
    if path == "." {
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", said);
        // The model's own errors tell.
        return match said
            .split_once("` cannot be `")
            .and_then(|(name, _)| name.strip_prefix('`'))
        {
            Some(field) => problem.field(field),
            None => problem,
        };
    }
    let message = match said.split_once("` cannot be `") {
        Some((name, rest)) if name.starts_with('`') => format!("`{path}` cannot be `{rest}"),
        _ => format!("`{path}`: {said}"),
    };
    Problem::invalid(path, message)
}

#[cfg(test)]
mod tests {
    use peerage_model::{FullName, Nat};
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "read by serde alone")]
    #[serde(deny_unknown_fields)]
    struct Outer {
        name: FullName,
        inner: Option<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "read by serde alone")]
    #[serde(deny_unknown_fields)]
    struct Inner {
        nat: Nat,
    }

    fn refusal(text: &str) -> (Option<String>, String) {
        let problem = read_json::<Outer>(serde_json::from_str(text).unwrap()).unwrap_err();
        assert_eq!(problem.code, "invalid");
        (problem.details.field, problem.message)
    }

    #[test]
    fn a_refusal_names_the_field_by_its_path() {
        for (text, field, message) in [
            ("{}", "name", "`name` is missing"),
            (
                r#"{"name": ""}"#,
                "name",
                "`name` cannot be ``: 1 to 80 characters without control characters, no blank at either end",
            ),
            (
                r#"{"name": "x", "inner": {"nat": "maybe"}}"#,
                "inner.nat",
                "`inner.nat` cannot be `maybe`: one of yes, no, force_rport, comedia, never, route",
            ),
            (r#"{"name": "x", "inner": {}}"#, "inner.nat", "`inner.nat` is missing"),
            (
                r#"{"name": "x", "inner": {"nat": 5}}"#,
                "inner.nat",
                "`inner.nat`: invalid type: integer `5`, expected a string",
            ),
            (r#"{"name": "x", "colour": 1}"#, "colour", "there is no field `colour`"),
            (
                r#"{"name": "x", "inner": {"nat": "no", "size": 1}}"#,
                "inner.size",
                "there is no field `inner.size`",
            ),
            (
                r#"{"name": "x\u0000"}"#,
                "name",
                "`name`: text must not contain the character U+0000",
            ),
        ] {
            assert_eq!(refusal(text), (Some(field.to_owned()), message.to_owned()), "{text}");
        }
        assert_eq!(refusal("[]").0, None);
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Search {
        search: Option<String>,
        limit: Option<u32>,
    }

    fn query(text: &str) -> Result<Search, Problem> {
        read_pairs(
            pairs(text.as_bytes())?
                .into_iter()
                .filter(|(_, value)| !value.is_empty()),
        )
    }

    #[test]
    fn a_query_is_read_and_its_faults_named() {
        let read = query("search=a%20b&limit=5").unwrap();
        assert_eq!((read.search.as_deref(), read.limit), (Some("a b"), Some(5)));
        assert_eq!(query("search=&limit=").unwrap(), query("").unwrap());
        assert_eq!(query("limit=x").unwrap_err().details.field.as_deref(), Some("limit"));
        assert_eq!(query("colour=x").unwrap_err().details.field.as_deref(), Some("colour"));
        assert_eq!(query("search=%00").unwrap_err().code, "invalid");
    }
}
