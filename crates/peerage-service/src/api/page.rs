//! Lists, a page at a time.

use peerage_model::{Number, SiteName};
use peerage_store::Filter;
use serde::Deserialize;
use utoipa::IntoParams;

use super::types;
use crate::problem::Problem;

/// Most entries of a page.
const MOST: u32 = 1000;

/// Entries of a page that does not say.
pub(crate) const USUAL: u32 = 100;

/// Which agents or phones, in bytewise order of their numbers.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// Only where number, name, alias or email address contains this text, ignoring case.
    #[param(max_length = 200)]
    pub(crate) search: Option<String>,
    /// Only at this site.
    #[param(value_type = Option<types::SiteName>)]
    pub(crate) site: Option<SiteName>,
    /// Only numbers after this one: `next` of the previous page.
    #[param(value_type = Option<types::Number>)]
    pub(crate) after: Option<Number>,
    /// With `true`, only accounts with a common SIP secret.
    #[serde(default)]
    #[param(required = false)]
    pub(crate) weak_secret: bool,
    /// Maximum number of entries; default 100.
    #[param(minimum = 1, maximum = 1000)]
    pub(crate) limit: Option<u32>,
}

/// How many entries a page has.
pub(crate) fn limit(wanted: Option<u32>) -> Result<u32, Problem> {
    match wanted {
        None => Ok(USUAL),
        Some(wanted) if (1..=MOST).contains(&wanted) => Ok(wanted),
        Some(wanted) => Err(Problem::invalid(
            "limit",
            format!("`limit` cannot be `{wanted}`: 1 to {MOST}"),
        )),
    }
}

impl Which {
    /// As the store takes it; one more than fits the page, which tells whether there is another.
    pub(crate) fn filter(self) -> Result<(Filter, usize), Problem> {
        let limit = limit(self.limit)?;
        if self.search.as_ref().is_some_and(|search| search.chars().count() > 200) {
            return Err(Problem::invalid("search", "`search` is longer than 200 characters"));
        }
        let filter = Filter {
            search: self.search,
            site: self.site,
            after: self.after,
            weak_secret: self.weak_secret,
            limit: Some(limit + 1),
            ..Filter::default()
        };
        Ok((filter, usize::try_from(limit).unwrap_or(usize::MAX)))
    }
}

/// Cuts what is beyond the page, and says after which number the next one goes on.
pub(crate) fn cut<T>(found: &mut Vec<T>, limit: usize, number: impl Fn(&T) -> Number) -> Option<Number> {
    if found.len() <= limit {
        return None;
    }
    found.truncate(limit);
    found.last().map(number)
}
