use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use peerage_model::{Invalid, SiteName};

/// The sites that a node serves: `all`, or names with commas between them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServedSites(Option<BTreeSet<SiteName>>);

/// The word for every site.
const ALL: &str = "all";

impl ServedSites {
    /// The field an error names.
    pub const FIELD: &'static str = "sites";
    /// What the field takes, in words.
    pub const RULE: &'static str = "`all`, or names of sites with commas between them";

    /// Every site there is and will be.
    #[must_use]
    pub fn all() -> Self {
        Self(None)
    }

    /// These sites; none when there are none, for a node serves one at least.
    ///
    /// # Errors
    ///
    /// The list is empty.
    pub fn these(names: impl IntoIterator<Item = SiteName>) -> Result<Self, Invalid> {
        let names: BTreeSet<SiteName> = names.into_iter().collect();
        if names.is_empty() {
            return Err(Invalid::new(Self::FIELD, "", Self::RULE));
        }
        Ok(Self(Some(names)))
    }

    /// Sites as they are stored, where a node may be left with none.
    pub(crate) fn stored(all: bool, names: impl IntoIterator<Item = SiteName>) -> Self {
        Self((!all).then(|| names.into_iter().collect()))
    }

    /// The names; none for every site.
    pub fn names(&self) -> Option<impl Iterator<Item = &SiteName> + use<'_>> {
        self.0.as_ref().map(BTreeSet::iter)
    }
}

impl FromStr for ServedSites {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == ALL {
            return Ok(Self::all());
        }
        let names: Result<Vec<SiteName>, Invalid> = text.split(',').map(|name| name.trim().parse()).collect();
        match names {
            Ok(names) => Self::these(names),
            Err(_no_name) => Err(Invalid::new(Self::FIELD, text, Self::RULE)),
        }
    }
}

impl fmt::Display for ServedSites {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(names) = &self.0 else { return f.write_str(ALL) };
        for (place, name) in names.iter().enumerate() {
            if place > 0 {
                f.write_str(",")?;
            }
            f.write_str(name.as_str())?;
        }
        Ok(())
    }
}

impl serde::Serialize for ServedSites {
    /// A list of names; null for every site.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_are_read_as_they_are_written() {
        for text in ["all", "milan", "milan,rome"] {
            assert_eq!(text.parse::<ServedSites>().unwrap().to_string(), text);
        }
        assert_eq!(
            "rome, milan,rome".parse::<ServedSites>().unwrap().to_string(),
            "milan,rome"
        );
    }

    #[test]
    fn a_node_serves_one_site_at_least() {
        for text in ["", ",", "milan,", "mi lan"] {
            assert!(text.parse::<ServedSites>().is_err(), "{text}");
        }
        assert!(ServedSites::these([]).is_err());
    }
}
