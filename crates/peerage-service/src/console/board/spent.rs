//! A day in whole seconds: what charts, tables and files say, so that they say the same.

use jiff::{RoundMode, SignedDuration, SignedDurationRound, Unit};
use peerage_model::Totals;
use peerage_store::Reason;

use super::parts;

/// How time was spent, in whole seconds; the parts add up to the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Spent {
    pub(super) available: u32,
    pub(super) partly_paused: u32,
    /// Time paused, by reason.
    pub(super) pauses: Vec<Paused>,
}

/// Time paused for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Paused {
    /// As written; none when none was given.
    pub(super) code: Option<String>,
    pub(super) label: String,
    /// Whether it counts as work; a reason that is none of the configured ones does not.
    pub(super) productive: bool,
    pub(super) seconds: u32,
}

impl Spent {
    pub(super) fn of(totals: &Totals, reasons: &[Reason]) -> Self {
        let pauses = totals.paused.iter().map(|(reason, long)| Paused {
            code: reason.as_ref().map(ToString::to_string),
            label: parts::label(reason.as_ref(), reasons).to_owned(),
            productive: reasons.iter().any(|known| {
                known.productive && reason.as_ref().is_some_and(|code| code.as_str() == known.code.as_str())
            }),
            seconds: seconds(*long),
        });
        Self {
            available: seconds(totals.available),
            partly_paused: seconds(totals.partly_paused),
            pauses: pauses.collect(),
        }
    }

    pub(super) fn logged_in(&self) -> u32 {
        self.available + self.partly_paused + self.productive() + self.unproductive()
    }

    pub(super) fn productive(&self) -> u32 {
        self.paused(true)
    }

    pub(super) fn unproductive(&self) -> u32 {
        self.paused(false)
    }

    fn paused(&self, productive: bool) -> u32 {
        let those = self.pauses.iter().filter(|paused| paused.productive == productive);
        those.map(|paused| paused.seconds).sum()
    }
}

fn seconds(long: SignedDuration) -> u32 {
    let rounding = SignedDurationRound::new()
        .smallest(Unit::Second)
        .mode(RoundMode::HalfExpand);
    // A length beyond what can be rounded is none of a day.
    let rounded = long.round(rounding).unwrap_or(long);
    u32::try_from(rounded.as_secs()).unwrap_or_default()
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeMap;

    use super::*;

    pub(in super::super) fn reason(code: &str, label: &str, productive: bool) -> Reason {
        Reason {
            code: code.parse().unwrap(),
            label: label.to_owned(),
            productive,
            max_seconds: None,
            selectable: true,
            is_default: false,
            system: false,
        }
    }

    #[test]
    fn the_parts_add_up_in_whole_seconds() {
        let totals = Totals {
            logged_in: SignedDuration::from_millis(4_800),
            available: SignedDuration::from_millis(1_600),
            paused: BTreeMap::from([
                (Some("lunch".parse().unwrap()), SignedDuration::from_millis(1_600)),
                (Some("training".parse().unwrap()), SignedDuration::from_millis(600)),
                (Some("Whatever 9".parse().unwrap()), SignedDuration::from_millis(400)),
                (None, SignedDuration::from_millis(500)),
            ]),
            partly_paused: SignedDuration::from_millis(100),
        };
        let reasons = [reason("lunch", "Lunch", false), reason("training", "Training", true)];
        let spent = Spent::of(&totals, &reasons);
        assert_eq!((spent.available, spent.partly_paused), (2, 0));
        assert_eq!((spent.productive(), spent.unproductive(), spent.logged_in()), (1, 3, 6));
        let pauses: Vec<(&str, u32)> = spent
            .pauses
            .iter()
            .map(|one| (one.label.as_str(), one.seconds))
            .collect();
        assert_eq!(
            pauses,
            [
                ("without a reason", 1),
                ("Whatever 9", 0),
                ("Lunch", 2),
                ("Training", 1)
            ]
        );
    }
}
