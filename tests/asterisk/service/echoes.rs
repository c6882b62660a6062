//! The echo trap: orders that arrive late come back as writes when the state is another by then.

use std::thread::sleep;
use std::time::{Duration, Instant};

use peerage_model::{Number, QueueName};

use super::stage::Stage;
use crate::queue::people::LUNCH;
use crate::queue::versions::on_versions;

/// Between two changes of mind: twenty a second.
const PACE: Duration = Duration::from_millis(50);

struct Undecided {
    agent: Number,
    queues: [QueueName; 2],
    paused: bool,
}

impl Undecided {
    fn at_work(stage: &Stage) -> Self {
        let queues = stage.centre.queues();
        let agent = stage.centre.logged_in(&[&queues[0], &queues[1]]);
        Self {
            agent,
            queues,
            paused: false,
        }
    }

    fn change_mind(&mut self, stage: &Stage) {
        if self.paused {
            stage.centre.unpause(&self.agent, None);
        } else {
            stage.centre.pause(&self.agent, None);
        }
        self.paused = !self.paused;
    }

    /// Goes on for so long, at twenty a second.
    fn dither(&mut self, stage: &Stage, time: Duration) {
        let begun = Instant::now();
        while begun.elapsed() < time {
            let next = Instant::now() + PACE;
            self.change_mind(stage);
            sleep(next.saturating_duration_since(Instant::now()));
        }
    }

    /// The database says what the last word was, and so does Asterisk when nothing is under way any more.
    #[track_caller]
    fn assert_last_word(&self, stage: &Stage) {
        let centre = &stage.centre;
        let state = if self.paused { "paused" } else { "available" };
        let database = || centre.state(&self.agent).0;
        assert_eq!(database(), state);
        centre.wait("no order is due", || {
            assert_eq!(database(), state, "an echo was taken for a word of its own");
            stage.is_settled()
        });
        let shown = self.paused.then(|| centre.read(LUNCH));
        // Asterisk reads when it is asked; that it was told before is in its log.
        for queue in &self.queues {
            let last = stage.log(queue).pop().unwrap_or_default();
            assert_eq!(last.starts_with("PAUSE"), self.paused, "{queue}: {last}");
        }
        let shown_now = |queue: &QueueName| centre.only(queue).paused;
        for queue in &self.queues {
            // What Asterisk 16 was told itself it shows with the reason.
            assert_eq!(shown_now(queue).is_some(), shown.is_some(), "{queue}");
        }
        assert_eq!(database(), state);
        let ended = format!(
            "select count(*) from peerage.agent_pause as pause
             join peerage.agent_session as session on session.id = pause.session_id
             where session.agent_number = '{}' and pause.actor like 'asterisk:%'",
            self.agent
        );
        assert_eq!(centre.sql(&ended), "0", "no echo became a pause of Asterisk's");
    }
}

#[test]
fn pausing_and_unpausing_twenty_times_a_second_ends_as_the_last_word_said() {
    on_versions(|version| {
        let stage = Stage::start(version);
        for last in [true, false] {
            let mut agent = Undecided::at_work(&stage);
            agent.dither(&stage, Duration::from_secs(3));
            if agent.paused != last {
                agent.change_mind(&stage);
            }
            agent.assert_last_word(&stage);
        }
        stage.centre.assert_quiet();
    });
}

#[test]
fn orders_that_a_stalled_network_holds_back_for_a_moment_change_nothing_when_they_arrive() {
    on_versions(|version| {
        let stage = Stage::start(version);
        for last in [true, false] {
            let mut agent = Undecided::at_work(&stage);
            for _ in 0..4 {
                agent.dither(&stage, Duration::from_millis(300));
                stage.link.stall();
                agent.dither(&stage, Duration::from_millis(700));
                stage.link.pass();
            }
            stage.link.stall();
            if agent.paused != last {
                agent.change_mind(&stage);
            }
            stage.link.pass();
            agent.assert_last_word(&stage);
        }
    });
}

#[test]
fn orders_that_arrive_after_their_link_was_given_up_change_nothing() {
    on_versions(|version| {
        let stage = Stage::start(version);
        let mut agents = [Undecided::at_work(&stage), Undecided::at_work(&stage)];
        for agent in &mut agents {
            agent.dither(&stage, Duration::from_millis(500));
        }
        stage.link.stall();
        let taken = stage.link.taken();
        let begun = Instant::now();
        // Until the service has given the link up and tries anew: the old one's orders are still on their way.
        while stage.link.taken() == taken {
            assert!(begun.elapsed() < Duration::from_secs(60), "the link is not given up");
            for agent in &mut agents {
                agent.dither(&stage, Duration::from_millis(250));
            }
        }
        let [paused, unpaused] = &mut agents;
        if !paused.paused {
            paused.change_mind(&stage);
        }
        if unpaused.paused {
            unpaused.change_mind(&stage);
        }
        stage.link.pass();
        stage.wait_until_linked();
        for agent in &agents {
            agent.assert_last_word(&stage);
        }
    });
}

#[test]
fn orders_to_a_link_that_is_cut_at_any_moment_are_given_again() {
    on_versions(|version| {
        let stage = Stage::start(version);
        for last in [true, false] {
            let mut agent = Undecided::at_work(&stage);
            for _ in 0..5 {
                agent.dither(&stage, Duration::from_millis(400));
                stage.link.cut();
            }
            if agent.paused != last {
                agent.change_mind(&stage);
            }
            stage.link.cut();
            stage.wait_until_linked();
            agent.assert_last_word(&stage);
        }
    });
}
