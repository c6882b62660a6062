//! What a form sent.

use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;

use super::PageProblem;
use crate::app::App;
use crate::problem::Problem;

/// The fields of a form as they were sent, a name perhaps several times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Fields as they would have been sent: for a form that is shown for the first time.
    pub(crate) fn of<K: Into<String>, V: Into<String>>(fields: impl IntoIterator<Item = (K, V)>) -> Self {
        Self(
            fields
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }

    /// What was typed, without blanks around it; none when nothing was.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).first().copied()
    }

    /// The same, nothing being an empty text.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or("")
    }

    /// What was typed, blanks and all: for passwords.
    pub(crate) fn exactly(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value)
    }

    /// The values of this name exactly as they were sent, in their order, empty ones left out.
    pub(crate) fn each(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = self.0.iter().filter(move |(key, _)| key == name);
        named.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Whether the form has a field of this name, whatever stands in it.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// All values of this name in their order, blank ones left out.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let named = self.0.iter().filter(|(key, _)| key == name);
        named
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
            .collect()
    }

    /// Whether a switch is on.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

impl FromRequest<App> for Fields {
    type Rejection = PageProblem;

    async fn from_request(request: Request, app: &App) -> Result<Self, PageProblem> {
        match Form::<Vec<(String, String)>>::from_request(request, app).await {
            Ok(Form(fields)) => Ok(Self(fields)),
            Err(rejected) => {
                let problem = Problem::new(StatusCode::BAD_REQUEST, "bad_request", rejected.body_text());
                Err(problem.hint("go back, reload the page and send the form again").into())
            }
        }
    }
}

/// The fields of an address.
pub(crate) struct Query(pub(crate) Fields);

impl FromRequestParts<App> for Query {
    type Rejection = PageProblem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageProblem> {
        match axum::extract::Query::<Vec<(String, String)>>::from_request_parts(parts, app).await {
            Ok(axum::extract::Query(fields)) => Ok(Self(Fields(fields))),
            Err(rejected) => Err(Problem::new(StatusCode::BAD_REQUEST, "bad_request", rejected.body_text()).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Fields;

    #[test]
    fn a_blank_field_counts_as_none_and_repeated_names_keep_their_order() {
        let fields = Fields::of([("name", "  "), ("codecs", "ulaw"), ("codecs", ""), ("codecs", " alaw ")]);
        assert_eq!(fields.get("name"), None);
        assert_eq!(fields.all("codecs"), ["ulaw", "alaw"]);
        assert!(!fields.has("video"));
        assert_eq!(Fields::of([("password", " x ")]).exactly("password"), " x ");
    }
}
