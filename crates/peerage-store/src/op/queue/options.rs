//! What to do about an option of app_queue that the database refuses.

use crate::{QueuePatch, StoreError};

/// The options that have no field of their own. A test holds the list against `peerage.queue_option_kind`.
pub const QUEUE_OPTIONS: [&str; 41] = [
    "announce",
    "announce_frequency",
    "announce_holdtime",
    "announce_position",
    "announce_position_limit",
    "announce_round_seconds",
    "announce_to_first_user",
    "autofill",
    "autopausebusy",
    "autopausedelay",
    "autopauseunavail",
    "context",
    "defaultrule",
    "log_restricted_caller_id",
    "memberdelay",
    "membergosub",
    "min_announce_frequency",
    "monitor_format",
    "penaltymemberslimit",
    "periodic_announce",
    "periodic_announce_frequency",
    "queue_callerannounce",
    "queue_callswaiting",
    "queue_holdtime",
    "queue_minute",
    "queue_minutes",
    "queue_quantity1",
    "queue_quantity2",
    "queue_reporthold",
    "queue_seconds",
    "queue_thankyou",
    "queue_thereare",
    "queue_youarenext",
    "random_periodic_announce",
    "relative_periodic_announce",
    "reportholdtime",
    "setinterfacevar",
    "setqueueentryvar",
    "setqueuevar",
    "timeoutpriority",
    "timeoutrestart",
];

/// Options of app_queue that have a field of their own, and its name.
const FIELDS: [(&str, &str); 14] = [
    ("strategy", "strategy"),
    ("timeout", "timeout"),
    ("retry", "retry"),
    ("wrapuptime", "wrapup"),
    ("maxlen", "max-length"),
    ("weight", "weight"),
    ("servicelevel", "service-level"),
    ("ringinuse", "ring-in-use"),
    ("autopause", "autopause"),
    ("joinempty", "join-empty"),
    ("leavewhenempty", "leave-when-empty"),
    ("musicclass", "music-class"),
    ("musiconhold", "music-class"),
    ("music", "music-class"),
];

/// How alike two names must be for one to be meant by the other; 1 is the same.
const ALIKE: f64 = 0.75;

/// The error, with what to do about it when it is about options.
pub(super) fn explain(error: StoreError, patch: &QueuePatch) -> StoreError {
    if error.constraint() != Some("queue_options_check") {
        return error;
    }
    // The database names the first of them in this order.
    let unknown = patch
        .options
        .iter()
        .find(|(name, value)| value.is_some() && !is_known(name));
    match unknown {
        Some((name, _)) => error.advise(instead(name)),
        None => error,
    }
}

fn is_known(name: &str) -> bool {
    QUEUE_OPTIONS.contains(&name)
}

/// What to write instead of a name that is none.
fn instead(name: &str) -> String {
    let plain = name.to_lowercase().replace('-', "_");
    let joined = plain.replace('_', "");
    if let Some((_, field)) = FIELDS.iter().find(|(option, _)| *option == joined) {
        return format!("`{name}` has a field of its own: {field}");
    }
    let near = QUEUE_OPTIONS
        .iter()
        .map(|option| (strsim::normalized_levenshtein(option, &plain), *option))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    match near {
        Some((_, option)) => format!("did you mean `{option}`?"),
        None => format!("`{name}` is none; those there are: {}", QUEUE_OPTIONS.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_name_is_answered_with_the_nearest_right_one() {
        assert_eq!(instead("announce-frequency"), "did you mean `announce_frequency`?");
        assert_eq!(instead("anounce_frequency"), "did you mean `announce_frequency`?");
        assert_eq!(instead("Autofil"), "did you mean `autofill`?");
        assert_eq!(instead("weight"), "`weight` has a field of its own: weight");
        assert_eq!(instead("wrapuptime"), "`wrapuptime` has a field of its own: wrapup");
        assert!(instead("shared_lastcall").starts_with("`shared_lastcall` is none; those there are: announce,"));
    }
}
