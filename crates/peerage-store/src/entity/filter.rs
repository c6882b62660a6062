use peerage_model::{Number, SiteName};

/// Which agents or telephones to list, in bytewise order of their numbers; all of them by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only those with this text in number, name, alias or e-mail address, whatever its case.
    pub search: Option<String>,
    /// Only those of this site.
    pub site: Option<SiteName>,
    /// Only agents of these numbers; telephones are not asked so.
    pub among: Option<Vec<Number>>,
    /// Only those whose number comes after this one: the last of the page before.
    pub after: Option<Number>,
    /// Only those whose number comes before this one, the last of them when there is a limit: the page before.
    pub before: Option<Number>,
    /// Only agents of these numbers.
    pub numbers: Option<Vec<Number>>,
    /// Only agents at work, or only those who are not.
    pub logged_in: Option<bool>,
    /// Only agents with a phone or mobile that their site does not allow.
    pub refused_numbers: bool,
    /// Only those whose SIP secret is one that guessers try first.
    pub weak_secret: bool,
    /// At most so many.
    pub limit: Option<u32>,
}

impl Filter {
    /// The search as a pattern for `ilike`.
    pub(crate) fn pattern(&self) -> Option<String> {
        let text = self.search.as_deref().filter(|text| !text.is_empty())?;
        let mut pattern = String::from("%");
        for c in text.chars() {
            if matches!(c, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        pattern.push('%');
        Some(pattern)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_taken_literally() {
        let filter = Filter {
            search: Some(r"50%_a\b".to_owned()),
            ..Filter::default()
        };
        assert_eq!(filter.pattern().unwrap(), r"%50\%\_a\\b%");
        assert_eq!(Filter::default().pattern(), None);
    }
}
