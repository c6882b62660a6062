//! A notification, as a change.

use peerage_model::Number;

use crate::memory::{Change, Which};

/// What a notification means; none when it is not one of ours.
pub(super) fn change(channel: &str, payload: &str) -> Option<Change> {
    match channel {
        "peerage_accounts" => Some(Change::Accounts(which(payload))),
        "peerage_agents" => Some(Change::Agents(which(payload))),
        "peerage_registrations" => Some(Change::Registrations(which(payload))),
        "peerage_settings" => Some(Change::Settings(payload.to_owned())),
        _ => None,
    }
}

/// Numbers with blanks between. What is no number is no reason to miss a change: then it is all of them.
fn which(payload: &str) -> Which {
    let numbers: Result<Vec<Number>, _> = payload.split(' ').map(Number::try_from).collect();
    numbers.map_or(Which::All, |numbers| Which::These(numbers.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn these(numbers: &[&str]) -> Which {
        Which::These(numbers.iter().map(|number| number.parse().unwrap()).collect())
    }

    #[test]
    fn numbers_are_told_one_by_one_and_a_star_means_all() {
        let heard = |payload| change("peerage_accounts", payload);
        assert_eq!(heard("1001"), Some(Change::Accounts(these(&["1001"]))));
        assert_eq!(heard("1001 a.b-2"), Some(Change::Accounts(these(&["1001", "a.b-2"]))));
        assert_eq!(heard("*"), Some(Change::Accounts(Which::All)));
    }

    #[test]
    fn what_is_not_understood_is_looked_at_as_a_whole_and_other_channels_not_at_all() {
        for payload in ["", " ", "1001  1002", "10_1", "1001 *"] {
            assert_eq!(
                change("peerage_agents", payload),
                Some(Change::Agents(Which::All)),
                "{payload:?}"
            );
        }
        assert_eq!(
            change("peerage_settings", "node"),
            Some(Change::Settings("node".to_owned()))
        );
        assert_eq!(change("somebody_elses", "1001"), None);
    }
}
