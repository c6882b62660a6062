//! Lists of agents and telephones: searched, and paged by number, so that the hundred-thousandth costs what the first does.

use maud::{Markup, html};
use peerage_model::{Number, SiteName};
use peerage_store::Filter;
use peerage_store::fields::account::Record;

use super::sheet::Choices;
use crate::console::shell::{Field, Fields, Pager, Select};

/// How many a page shows.
pub(super) const PAGE: usize = 50;

/// Not a state of its own: those whose SIP secret guessers try first, until it is renewed.
pub(super) const WEAK_SECRET: &str = "weak_secret";

/// What a list is asked for, as its address says. What is written wrongly there is left out.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    search: Option<String>,
    site: Option<SiteName>,
    pub(super) state: Option<String>,
    after: Option<Number>,
    before: Option<Number>,
}

impl Asked {
    pub(super) fn of(fields: &Fields) -> Self {
        let number = |name: &str| fields.get(name).and_then(|text| Number::try_from(text).ok());
        Self {
            search: fields.get("search").map(str::to_owned),
            site: fields.get("site").and_then(|text| SiteName::try_from(text).ok()),
            state: fields.get("state").map(str::to_owned),
            after: number("after"),
            before: number("before"),
        }
    }

    /// One more than a page shows, to know whether there are more.
    pub(super) fn filter(&self) -> Filter {
        Filter {
            search: self.search.clone(),
            site: self.site.clone(),
            after: self.after.clone().filter(|_| self.before.is_none()),
            before: self.before.clone(),
            weak_secret: self.state.as_deref() == Some(WEAK_SECRET),
            limit: u32::try_from(PAGE + 1).ok(),
            ..Filter::default()
        }
    }

    /// Whether the page before another one is asked for.
    pub(super) fn is_backward(&self) -> bool {
        self.before.is_some()
    }

    /// The form above the list.
    pub(super) fn form(&self, path: &str, sites: &Choices, states: &Choices) -> Markup {
        let mut site = Select::new("site", "Site").option("", "All");
        for (value, label) in sites {
            site = site.option(value, label);
        }
        let mut state = Select::new("state", "State").option("", "Any");
        for (value, label) in states {
            state = state.option(value, label);
        }
        html! {
            form.filters method="get" action=(path) role="search" {
                (Field::search("search", "Search").value(self.search.as_deref().unwrap_or("")))
                @if sites.len() > 1 { (site.chosen(self.site.as_ref().map_or("", |site| site.as_str()))) }
                @if !states.is_empty() { (state.chosen(self.state.as_deref().unwrap_or(""))) }
                div.actions {
                    button type="submit" { "Search" }
                    @if self.search.is_some() || self.site.is_some() || self.state.is_some() { a.button href=(path) { "Clear" } }
                }
            }
        }
    }

    /// Where this very page is.
    pub(super) fn address(&self, path: &str) -> String {
        let place = match (&self.before, &self.after) {
            (Some(number), _) => Some(("before", number)),
            (None, Some(number)) => Some(("after", number)),
            (None, None) => None,
        };
        self.at(path, place)
    }

    fn at(&self, path: &str, place: Option<(&str, &Number)>) -> String {
        let mut pairs = Vec::new();
        pairs.extend(self.search.as_ref().map(|text| format!("search={}", encoded(text))));
        pairs.extend(self.site.as_ref().map(|site| format!("site={site}")));
        pairs.extend(self.state.as_ref().map(|state| format!("state={}", encoded(state))));
        pairs.extend(place.map(|(name, number)| format!("{name}={}", encoded(number.as_str()))));
        if pairs.is_empty() {
            return path.to_owned();
        }
        format!("{path}?{}", pairs.join("&"))
    }
}

/// One page of a list.
pub(super) struct Part<R> {
    pub(super) records: Vec<R>,
    pager: Pager,
}

impl<R: Record> Part<R> {
    /// Of what was found, which may be one more than a page shows.
    pub(super) fn of(asked: &Asked, path: &str, mut found: Vec<R>) -> Self {
        let more = found.len() > PAGE;
        if more && asked.is_backward() {
            found.remove(0);
        }
        found.truncate(PAGE);
        let first = found.first().map(|record| record.account().number.clone());
        let last = found.last().map(|record| record.account().number.clone());
        let (is_first, is_last) = if asked.is_backward() {
            (!more, false)
        } else {
            (asked.after.is_none(), !more)
        };
        let pager = Pager {
            previous: first
                .as_ref()
                .filter(|_| !is_first)
                .map(|number| asked.at(path, Some(("before", number)))),
            next: last
                .as_ref()
                .filter(|_| !is_last)
                .map(|number| asked.at(path, Some(("after", number)))),
            shown: match (&first, &last) {
                (Some(first), Some(last)) => format!("{first} to {last}"),
                _ => String::new(),
            },
        };
        Self { records: found, pager }
    }

    pub(super) fn pager(&self) -> &Pager {
        &self.pager
    }
}

/// A text as part of an address.
pub(super) fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The states one can ask for.
pub(super) fn states() -> Choices {
    [
        ("logged_in", "Logged in"),
        ("available", "Available"),
        ("paused", "Paused"),
        ("partly_paused", "Partly paused"),
        ("on_call", "On a call"),
        ("ringing", "Ringing"),
        ("unreachable", "Unreachable"),
        ("offline", "Logged out"),
        ("refused_numbers", "Number not allowed"),
        (WEAK_SECRET, "Weak SIP secret"),
    ]
    .map(|(value, label)| (value.to_owned(), label.to_owned()))
    .into()
}

/// Those of telephones.
pub(super) fn phone_states() -> Choices {
    vec![(WEAK_SECRET.to_owned(), "Weak SIP secret".to_owned())]
}
