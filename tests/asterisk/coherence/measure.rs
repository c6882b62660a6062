//! How long it takes from a commit until Asterisk says so: measured and printed, judged generously.

use std::time::{Duration, Instant};

use peerage_store::VoicePatch;

use super::ALLOWED;
use super::scene::Scene;
use crate::traffic::stack::{STACKS, on_stacks};

const CHANGES: usize = 100;

#[test]
#[expect(clippy::print_stderr, reason = "what is measured is shown with the test's output")]
fn the_time_from_a_commit_until_asterisk_says_so() {
    on_stacks(&STACKS, |stack| {
        let scene = Scene::start(stack);
        let number = scene.add_agent();
        scene.prime(&number);
        let mut asked = Vec::new();
        let mut took: Vec<Duration> = (0..CHANGES)
            .map(|turn| {
                let context = format!("context-{turn}");
                let voice = VoicePatch {
                    context: Some(context.parse().unwrap()),
                    ..VoicePatch::default()
                };
                scene.set_voice(&number, voice);
                let committed = Instant::now();
                loop {
                    let asking = Instant::now();
                    let says_so = scene.context(&number) == context;
                    asked.push(asking.elapsed());
                    if says_so {
                        return committed.elapsed();
                    }
                    assert!(committed.elapsed() < ALLOWED, "{}: not after {ALLOWED:?}", stack.name);
                }
            })
            .collect();
        took.sort_unstable();
        asked.sort_unstable();
        eprintln!(
            "{}: commit until Asterisk says so, asked by its command line (which takes {:?} each time): p50 {:?}, p99 {:?}",
            stack.name,
            asked[asked.len() / 2],
            took[CHANGES / 2],
            took[CHANGES * 99 / 100 - 1],
        );
    });
}
