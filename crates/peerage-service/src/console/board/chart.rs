//! How a day was spent, drawn as a bar. Beside each bar stand the same numbers, for whoever does not see it.

use jiff::SignedDuration;
use maud::{Markup, html};

use super::spent::{Paused, Spent};
use crate::console::shell::duration;

/// The parts of a bar in their order: the class in the stylesheet, and what people read.
const PARTS: [(&str, &str); 4] = [
    ("available", "Available"),
    ("productive", "Paused, productive"),
    ("partly", "Partly paused"),
    ("unproductive", "Paused"),
];

fn lengths(spent: &Spent) -> [u32; 4] {
    [
        spent.available,
        spent.productive(),
        spent.partly_paused,
        spent.unproductive(),
    ]
}

/// What the colours mean.
pub(super) fn legend() -> Markup {
    html! {
        ul.legend aria-hidden="true" {
            @for (class, label) in PARTS {
                li { svg.swatch viewBox="0 0 1 1" { rect class=(class) width="1" height="1" {} } (label) }
            }
        }
    }
}

/// A bar on a scale that ends at so many seconds.
pub(super) fn bar(spent: &Spent, scale: u32) -> Markup {
    let mut from = 0;
    html! {
        svg.bar viewBox={ "0 0 " (scale.max(1)) " 1" } preserveAspectRatio="none" aria-hidden="true" {
            @for (length, (class, _)) in lengths(spent).into_iter().zip(PARTS) {
                @if length > 0 {
                    rect class=(class) x=(from) width=(length) height="1" {}
                }
                ({ from += length; "" })
            }
        }
    }
}

/// The end of a scale for bars of up to so many seconds: the next full hour.
pub(super) fn scale(longest: u32) -> u32 {
    longest.div_ceil(3600).max(1) * 3600
}

/// So many seconds as people read them.
pub(super) fn long(seconds: u32) -> String {
    duration(SignedDuration::from_secs(seconds.into()))
}

/// Pauses by reason, the longest first.
pub(super) fn pauses(spent: &Spent) -> Markup {
    let mut pauses: Vec<&Paused> = spent.pauses.iter().filter(|paused| paused.seconds > 0).collect();
    pauses.sort_by_key(|paused| std::cmp::Reverse(paused.seconds));
    html! {
        @for (place, paused) in pauses.into_iter().enumerate() {
            @if place > 0 { ", " }
            (paused.label) " " span.number { (long(paused.seconds)) }
            @if paused.productive { " (productive)" }
        }
    }
}

/// One day: the bar, and its numbers.
pub(super) fn one(spent: &Spent) -> Markup {
    html! {
        (bar(spent, scale(spent.logged_in())))
        (legend())
        dl.facts {
            dt { "Logged in" } dd.number { (long(spent.logged_in())) }
            @for (length, (_, label)) in lengths(spent).into_iter().zip(PARTS) {
                dt { (label) } dd.number { (long(length)) }
            }
            dt { "Pauses" } dd { (pauses(spent)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spent() -> Spent {
        let paused = |label: &str, productive, seconds| Paused {
            code: Some(label.to_owned()),
            label: label.to_owned(),
            productive,
            seconds,
        };
        Spent {
            available: 3000,
            partly_paused: 0,
            pauses: vec![
                paused("Lunch", false, 700),
                paused("Training", true, 1300),
                paused("Tea", false, 0),
            ],
        }
    }

    #[test]
    fn parts_of_a_bar_lie_side_by_side_and_those_of_no_length_are_missing() {
        let drawn = bar(&spent(), 7200).into_string();
        assert_eq!(
            drawn,
            r#"<svg class="bar" viewBox="0 0 7200 1" preserveAspectRatio="none" aria-hidden="true"><rect class="available" x="0" width="3000" height="1"></rect><rect class="productive" x="3000" width="1300" height="1"></rect><rect class="unproductive" x="4300" width="700" height="1"></rect></svg>"#
        );
    }

    #[test]
    fn beside_the_bar_stand_the_same_numbers() {
        let page = one(&spent()).into_string();
        for number in ["1:23:20", "50:00", "21:40", "11:40"] {
            assert!(page.contains(number), "{number} in {page}");
        }
        assert!(!page.contains("Tea"));
    }

    #[test]
    fn a_scale_ends_with_a_full_hour() {
        assert_eq!([0, 1, 3600, 3601].map(scale), [3600, 3600, 3600, 7200]);
    }
}
