//! A channel other than voice in a form: `off`, or what `--channel` takes, such as `chat=5,auto-answer=3`.

use maud::{Markup, html};

use crate::console::shell::{Field, Fields, Switch};
use crate::problem::Problem;

const OFF: &str = "off";

/// The parts of a channel's text: whether it is on, how many at once, whether it is accepted unasked, after how long.
fn parts(text: &str) -> (bool, &str, bool, &str) {
    let Some((_, rest)) = text.split_once('=') else {
        return (false, "0", false, "0");
    };
    let (capacity, delay) = match rest.split_once(",auto-answer=") {
        Some((capacity, delay)) => (capacity, Some(delay)),
        None => (rest, None),
    };
    (true, capacity, delay.is_some(), delay.unwrap_or("0"))
}

/// What a form says of a channel.
pub(super) fn read(name: &str, fields: &Fields) -> String {
    if !fields.has(name) {
        return OFF.to_owned();
    }
    let number = |part: &str| match fields.exactly(&format!("{name}.{part}")) {
        "" => "0".to_owned(),
        number => number.to_owned(),
    };
    let word = name.trim_start_matches("channel-").replace('-', "_");
    let mut text = format!("{word}={}", number("capacity"));
    if fields.has(&format!("{name}.auto-answer")) {
        text.push_str(&format!(",auto-answer={}", number("delay")));
    }
    text
}

/// Its fields.
pub(super) fn field(name: &str, label: &str, now: &str, problem: Option<&Problem>) -> Markup {
    let (on, capacity, auto_answer, delay) = parts(now);
    let [capacity_name, auto_name, delay_name] =
        ["capacity", "auto-answer", "delay"].map(|part| format!("{name}.{part}"));
    html! {
        fieldset.field {
            legend { (label) }
            (Switch::new(name, "Enabled").on(on))
            @if let Some(problem) = problem { p.error { (problem.message) } }
            (Field::number(&capacity_name, "Maximum at once").value(capacity).explain("0: no limit."))
            (Switch::new(&auto_name, "Accept automatically").on(auto_answer))
            (Field::number(&delay_name, "Delay in seconds").value(delay))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_says_is_what_the_command_takes() {
        let sent = |fields: &[(&str, &str)]| read("channel-open-channel", &Fields::of(fields.iter().copied()));
        assert_eq!(sent(&[("channel-open-channel.capacity", "5")]), "off");
        let on = ("channel-open-channel", "yes");
        assert_eq!(sent(&[on]), "open_channel=0");
        assert_eq!(sent(&[on, ("channel-open-channel.capacity", "5")]), "open_channel=5");
        let automatic = [
            on,
            ("channel-open-channel.auto-answer", "yes"),
            ("channel-open-channel.delay", "3"),
        ];
        assert_eq!(sent(&automatic), "open_channel=0,auto-answer=3");
    }

    #[test]
    fn a_text_falls_into_the_parts_it_is_made_of() {
        assert_eq!(parts("off"), (false, "0", false, "0"));
        assert_eq!(parts("chat=5"), (true, "5", false, "0"));
        assert_eq!(parts("chat=5,auto-answer=3"), (true, "5", true, "3"));
    }
}
