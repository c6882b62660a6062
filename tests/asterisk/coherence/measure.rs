//! How long it takes from a commit until Asterisk says so: measured and printed, judged generously.

use std::time::{Duration, Instant};

use peerage_store::VoicePatch;

use peerage_ami::{Action, Credentials, Link, Outcome, Settings};
use tokio::runtime::Runtime;

use super::ALLOWED;
use super::scene::Scene;
use crate::traffic::stack::STACKS;

const CHANGES: usize = 100;

/// Somebody else at the Manager interface: `asterisk -rx` takes far longer to start than a change takes.
struct Observer {
    runtime: Runtime,
    link: Link,
}

impl Observer {
    fn of(scene: &Scene) -> Self {
        let manager = scene.lab.asterisk.manager().unwrap();
        let credentials = Credentials::new(manager.user.as_str().try_into().unwrap(), manager.secret.as_str());
        let runtime = Runtime::new().unwrap();
        let link = runtime.block_on(async {
            let link = Link::open(Settings::new(manager.address.to_string(), credentials));
            link.wait_until_up().await;
            link
        });
        Self { runtime, link }
    }

    fn says(&self, command: &str) -> String {
        let action = Action::command(command.try_into().unwrap());
        match self.runtime.block_on(self.link.send(action)) {
            Outcome::Done(answer) => answer.output(),
            outcome => panic!("{outcome:?}"),
        }
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "what is measured is shown with the test's output")]
fn the_time_from_a_commit_until_asterisk_says_so() {
    for stack in STACKS {
        let scene = Scene::start(stack);
        let number = scene.add_agent();
        scene.prime(&number);
        let observer = Observer::of(&scene);
        let show = scene.shows(&number);
        let mut asked = Vec::new();
        let mut took: Vec<Duration> = (0..CHANGES)
            .map(|turn| {
                let context = format!("context-{turn}-");
                let voice = VoicePatch {
                    context: Some(context.parse().unwrap()),
                    ..VoicePatch::default()
                };
                scene.set_voice(&number, voice);
                let committed = Instant::now();
                loop {
                    let asking = Instant::now();
                    let says_so = observer.says(&show).contains(&context);
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
            "{}: {CHANGES} changes, from the commit until Asterisk says so: p50 {:?}, p99 {:?}, most {:?}; to ask takes {:?}",
            stack.name,
            took[CHANGES / 2],
            took[CHANGES * 99 / 100 - 1],
            took[CHANGES - 1],
            asked[asked.len() / 2],
        );
    }
}
