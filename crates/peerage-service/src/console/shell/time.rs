//! Times and how long.

use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

/// How long since then. The script keeps it counting, by the server's clock.
pub(crate) fn since(then: Timestamp) -> Markup {
    let long = Timestamp::now().duration_since(then);
    html! { time.clock datetime=(then) data-since=(then) { (duration(long)) } }
}

/// A moment: in UTC until the script shows it in the browser's time zone.
pub(crate) fn moment(at: Timestamp) -> Markup {
    html! { time.moment datetime=(at) data-moment { (at.strftime("%Y-%m-%d %H:%M:%S UTC")) } }
}

/// `0:07`, `12:30`, `1:05:09`. The script writes the same.
pub(crate) fn duration(long: SignedDuration) -> String {
    let seconds = long.as_secs().max(0);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::duration;

    #[test]
    fn durations_are_short_to_read() {
        let of = |seconds| duration(SignedDuration::from_secs(seconds));
        assert_eq!(of(7), "0:07");
        assert_eq!(of(750), "12:30");
        assert_eq!(of(3909), "1:05:09");
        assert_eq!(of(-3), "0:00");
    }
}
