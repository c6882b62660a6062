use std::fmt;
use std::str::FromStr;

use crate::Invalid;
use crate::list::{list, split};
use crate::text::{only, text};

text! {
    /// The name of a call or pickup group: 1 to 79 of `[0-9A-Za-z_.-]`.
    GroupName, field "group",
    rule "1 to 79 letters, digits, `_`, `.` or `-`",
    accepts |text| only(
        text,
        |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'),
        79,
    )
}

list! {
    /// Named groups in the order given, none twice; may be empty.
    #[derive(Default)]
    NamedGroups of GroupName, field "named_groups", may be empty true,
    rule "names of 1 to 79 letters, digits, `_`, `.` or `-`, none twice"
}

/// A set of group numbers from 0 to 63; may be empty.
///
/// Read from numbers and ranges, `1,3-5`, none twice; written sorted, with ranges from three
/// numbers on. In JSON it is an array of numbers.
///
/// # Source
///
/// `ast_get_group`, Asterisk 22.10.1 `main/channel.c`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Vec<i16>", into = "Vec<i16>")]
pub struct Groups(u64);

impl Groups {
    /// The field an error names, unless the caller knows it by another.
    pub const FIELD: &'static str = "groups";
    /// What the field takes, in words.
    pub const RULE: &'static str = "numbers from 0 to 63 such as `1,3-5`, none twice";

    /// The set of these numbers, such as the elements of a database array, in any order.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when a number is out of range or stands twice.
    pub fn from_numbers(numbers: impl IntoIterator<Item = i16>) -> Result<Self, Invalid> {
        let mut groups = Self::default();
        for number in numbers {
            if !groups.insert(number) {
                return Err(Invalid::new(Self::FIELD, number.to_string(), Self::RULE));
            }
        }
        Ok(groups)
    }

    /// Adds a number; false when it is out of range or was in already.
    fn insert(&mut self, number: i16) -> bool {
        let fits = (0..64).contains(&number) && !self.contains(number);
        if fits {
            self.0 |= 1 << number;
        }
        fits
    }

    /// Whether the number is in the set.
    pub fn contains(self, number: i16) -> bool {
        (0..64).contains(&number) && self.0 & (1 << number) != 0
    }

    /// The numbers in ascending order, as a `smallint[]` takes them.
    pub fn numbers(self) -> Vec<i16> {
        (0..64).filter(|number| self.contains(*number)).collect()
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// A group number as it is written: one or two digits. `+1` and `-1` are none.
fn group(text: &str) -> Option<i16> {
    let digits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

impl FromStr for Groups {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut groups = Self::default();
        for part in split(text) {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let added = match (group(first), group(last)) {
                (Some(first), Some(last)) if first <= last => (first..=last).all(|number| groups.insert(number)),
                _ => false,
            };
            if !added {
                return Err(Invalid::new(Self::FIELD, text, Self::RULE));
            }
        }
        Ok(groups)
    }
}

impl TryFrom<&str> for Groups {
    type Error = Invalid;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl TryFrom<Vec<i16>> for Groups {
    type Error = Invalid;

    fn try_from(numbers: Vec<i16>) -> Result<Self, Self::Error> {
        Self::from_numbers(numbers)
    }
}

impl From<Groups> for Vec<i16> {
    fn from(groups: Groups) -> Self {
        groups.numbers()
    }
}

impl fmt::Display for Groups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        let numbers = self.numbers();
        for run in numbers.chunk_by(|left, right| left + 1 == *right) {
            match run {
                [first, _, .., last] => parts.push(format!("{first}-{last}")),
                _ => parts.extend(run.iter().map(i16::to_string)),
            }
        }
        f.pad(&parts.join(","))
    }
}

impl fmt::Debug for Groups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Groups({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_ranges_are_read_and_written_sorted() {
        for (text, written, numbers) in [
            ("1,3-5", "1,3-5", vec![1, 3, 4, 5]),
            (" 5 , 4,3,1 ", "1,3-5", vec![1, 3, 4, 5]),
            ("0,63", "0,63", vec![0, 63]),
            ("2,1", "1,2", vec![1, 2]),
            ("7-7", "7", vec![7]),
            ("", "", vec![]),
            ("0-63", "0-63", (0..64).collect()),
        ] {
            let groups: Groups = text.parse().unwrap();
            assert_eq!(groups.to_string(), written);
            assert_eq!(groups.numbers(), numbers);
            assert_eq!(Groups::from_numbers(numbers).unwrap(), groups);
        }
    }

    #[test]
    fn what_is_no_set_of_groups_is_refused_whole() {
        for text in [
            "64",
            "-1",
            "1-",
            "-",
            "1-64",
            "5-3",
            "1,1",
            "1-3,2",
            "a",
            "1,,2",
            "1,",
            "+1",
            "1 2",
            "1--2",
            "1-2-3",
            "001",
            "999999999999999999999",
        ] {
            let error = text.parse::<Groups>().unwrap_err();
            assert_eq!(error.value(), text);
        }
    }

    #[test]
    fn array_elements_meet_the_same_rule() {
        for numbers in [vec![-1], vec![64], vec![1, 2, 1], vec![i16::MIN], vec![i16::MAX]] {
            assert!(Groups::from_numbers(numbers).is_err());
        }
        assert!(!Groups::default().contains(-1) && !Groups::default().contains(64));
    }
}
