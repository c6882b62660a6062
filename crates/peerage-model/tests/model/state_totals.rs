//! Sums over the timeline.

use jiff::SignedDuration;
use peerage_model::*;
use proptest::prelude::*;

use crate::state_fixture::*;

fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

fn stretch(state: SessionState, from: i64, until: Option<i64>) -> Stretch {
    Stretch {
        state,
        from: at(from),
        until: until.map(at),
    }
}

fn day() -> Vec<Stretch> {
    vec![
        stretch(SessionState::Available, 0, Some(100)),
        stretch(SessionState::Paused(Some(t("lunch"))), 100, Some(150)),
        stretch(SessionState::PartlyPaused, 150, Some(170)),
        stretch(SessionState::Paused(None), 170, Some(175)),
        stretch(SessionState::Paused(Some(t("lunch"))), 175, Some(175)),
        stretch(SessionState::Available, 175, None),
    ]
}

#[test]
fn the_parts_are_summed_by_state_and_reason() {
    let sums = totals(&day(), at(0), at(200));
    assert_eq!(sums.logged_in, seconds(200));
    assert_eq!(sums.available, seconds(125));
    assert_eq!(sums.partly_paused, seconds(20));
    let paused: Vec<_> = sums
        .paused
        .iter()
        .map(|(reason, sum)| (reason.as_ref(), *sum))
        .collect();
    assert_eq!(paused, [(None, seconds(5)), (Some(&t("lunch")), seconds(50))]);
    assert_eq!(sums.paused_in_all(), seconds(55));
}

#[test]
fn intervals_are_clipped_to_the_window() {
    let sums = totals(&day(), at(120), at(160));
    assert_eq!(sums.logged_in, seconds(40));
    assert_eq!(sums.available, seconds(0));
    assert_eq!(sums.paused_in_all(), seconds(30));
    assert_eq!(sums.partly_paused, seconds(10));
}

#[test]
fn an_empty_window_has_nothing_in_it() {
    for (from, to) in [(50, 50), (60, 50), (-20, 0)] {
        assert_eq!(totals(&day(), at(from), at(to)), Totals::default());
    }
}

fn states() -> impl Strategy<Value = SessionState> {
    prop_oneof![
        Just(SessionState::Available),
        Just(SessionState::PartlyPaused),
        Just(SessionState::Paused(None)),
        "[ab]".prop_map(|reason| SessionState::Paused(Some(t(&reason)))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_of_a_window_add_up_to_the_window(
        lengths in prop::collection::vec((states(), 0..50_i64), 1..12),
        cuts in prop::collection::vec(-20..500_i64, 2..6),
    ) {
        let mut timeline = Vec::new();
        let mut end = 0;
        for (state, length) in lengths {
            timeline.push(stretch(state, end, Some(end + length)));
            end += length;
        }
        let mut cuts = cuts;
        cuts.sort_unstable();
        let (first, last) = (cuts[0], cuts[cuts.len() - 1]);
        let whole = totals(&timeline, at(first), at(last));
        prop_assert_eq!(whole.logged_in, seconds((last.min(end) - first.max(0)).max(0)));
        let mut sum = SignedDuration::ZERO;
        let mut available = SignedDuration::ZERO;
        for pair in cuts.windows(2) {
            let part = totals(&timeline, at(pair[0]), at(pair[1]));
            prop_assert_eq!(part.available + part.paused_in_all() + part.partly_paused, part.logged_in);
            sum += part.logged_in;
            available += part.available;
        }
        prop_assert_eq!((sum, available), (whole.logged_in, whole.available));
    }
}
