//! Addresses of lists: what was asked for, and which page of it.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;

use super::shell::{Fields, PageProblem, Pager};
use crate::app::App;

/// Pages back that an address keeps.
const LONGEST_TRAIL: usize = 40;

/// What an address asks for, as a form's fields.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked(pub(super) Fields);

impl FromRequestParts<App> for Asked {
    type Rejection = PageProblem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageProblem> {
        // What is no query asks for nothing.
        let pairs = Query::<Vec<(String, String)>>::from_request_parts(parts, app).await;
        Ok(Self(Fields::of(pairs.map(|Query(pairs)| pairs).unwrap_or_default())))
    }
}

/// An address with a query; blank values are left out.
pub(super) fn address<'a>(path: &str, query: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut address = path.to_owned();
    let mut separator = '?';
    for (name, value) in query {
        if value.is_empty() {
            continue;
        }
        address.push(separator);
        separator = '&';
        address.push_str(name);
        address.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
                address.push(char::from(byte));
            } else {
                address.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    address
}

/// So many, in words: `1 agent`, `2 agents`.
pub(super) fn counted(count: usize, of: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {of}{plural}")
}

/// Where a list stands: what the page before ended with, and what those before that did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) after: Option<String>,
    trail: Vec<String>,
}

impl Place {
    pub(super) fn of(asked: &Fields) -> Self {
        let trail = asked.all("trail");
        let from = trail.len().saturating_sub(LONGEST_TRAIL);
        Self {
            after: asked.get("after").map(str::to_owned),
            trail: trail.into_iter().skip(from).map(str::to_owned).collect(),
        }
    }

    /// The address of this page of a list.
    pub(super) fn address(&self, path: &str, query: &[(&str, &str)]) -> String {
        let trail = self.trail.iter().map(|after| ("trail", after.as_str()));
        let after = self.after.iter().map(|after| ("after", after.as_str()));
        address(path, query.iter().copied().chain(trail).chain(after))
    }

    fn next(&self, last: String) -> Self {
        let mut trail = self.trail.clone();
        // The first page ended nothing; a dash, which no number and no id is, stands for it.
        trail.push(self.after.clone().unwrap_or_else(|| "-".to_owned()));
        Self {
            after: Some(last),
            trail,
        }
    }

    fn previous(&self) -> Option<Self> {
        self.after.as_ref()?;
        let mut trail = self.trail.clone();
        let after = trail.pop().filter(|after| after != "-");
        Some(Self { after, trail })
    }

    /// The pager of a list that this page of ends with `last`, if there is more.
    pub(super) fn pager(&self, path: &str, query: &[(&str, &str)], last: Option<String>, shown: String) -> Pager {
        Pager {
            previous: self.previous().map(|place| place.address(path, query)),
            next: last.map(|last| self.next(last).address(path, query)),
            shown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_was_searched_for_is_carried_by_an_address() {
        assert_eq!(address("/board", [("q", ""), ("state", "")]), "/board");
        assert_eq!(
            address("/board", [("q", "a&b=c d/é"), ("queue", "sales-1.b_2")]),
            "/board?q=a%26b%3Dc%20d%2F%C3%A9&queue=sales-1.b_2"
        );
    }

    #[test]
    fn pages_are_gone_forward_and_back() {
        let first = Place::default();
        assert_eq!(first.previous(), None);
        let third = first.next("1200".to_owned()).next("1400".to_owned());
        let address = third.address("/x", &[("q", "ada")]);
        assert_eq!(address, "/x?q=ada&trail=-&trail=1200&after=1400");
        let read = Place::of(&Fields::of([("trail", "-"), ("trail", "1200"), ("after", "1400")]));
        assert_eq!(read, third);
        let second = third.previous().unwrap();
        assert_eq!(second.after.as_deref(), Some("1200"));
        assert_eq!(second.previous(), Some(first));
    }
}
