//! How long it takes from the commit of a pause until Asterisk tells of it: measured and printed, judged generously.

use std::time::{Duration, Instant};

use peerage_store::QueuePatch;
use peerage_testkit::asterisk::Version;

use super::stage::Stage;

const PAUSES: usize = 250;

/// What the product promises, and what a test allows: ten times as much.
const PROMISED: Duration = Duration::from_millis(250);

#[test]
#[expect(clippy::print_stderr, reason = "what is measured is shown with the test's output")]
fn the_time_from_the_commit_of_a_pause_until_asterisk_tells_of_it() {
    let stage = Stage::start(Version::V22);
    let centre = &stage.centre;
    let queue = centre.queue(QueuePatch::default());
    let agent = centre.logged_in(&[&queue]);
    let listener = stage.listener();
    centre.offer_lunch();
    let mut took: Vec<Duration> = (0..PAUSES)
        .map(|turn| {
            listener.forget();
            if turn % 2 == 0 {
                centre.pause(&agent, None);
            } else {
                centre.unpause(&agent, None);
            }
            let committed = Instant::now();
            loop {
                if let Some(heard) = listener.heard().first() {
                    assert_eq!(heard.paused.is_some(), turn % 2 == 0);
                    return heard.at.saturating_duration_since(committed);
                }
                assert!(committed.elapsed() < 40 * PROMISED, "turn {turn}: nothing was told");
                std::thread::sleep(Duration::from_millis(1));
            }
        })
        .collect();
    took.sort_unstable();
    let (p50, p99) = (took[PAUSES / 2], took[PAUSES * 99 / 100 - 1]);
    eprintln!(
        "commit of a pause until Asterisk tells of it, {PAUSES} times: p50 {p50:?}, p99 {p99:?}, longest {:?}",
        took[PAUSES - 1]
    );
    assert!(p99 < 10 * PROMISED, "p99 {p99:?}");
}
