//! A logout that waits for the call.

use peerage_model::{EndReason, LogoutRequest, LogoutTime, Number, QueueName};
use peerage_store::QueuePatch;
use peerage_testkit::sipp::Listening;

use super::stage::Stage;
use crate::queue::caller::Caller;
use crate::queue::people::{device, myself};
use crate::queue::versions::on_versions;

/// An agent in a call from a queue, who has asked to leave after it.
struct Talking {
    agent: Number,
    queue: QueueName,
    caller: Caller,
    _phone: Listening,
}

fn after_call() -> LogoutRequest {
    LogoutRequest {
        time: LogoutTime::AfterCall,
        reason: Some(EndReason::try_from("done for today").unwrap()),
    }
}

impl Talking {
    fn on(stage: &Stage) -> Self {
        let centre = &stage.centre;
        let queue = centre.queue(QueuePatch::default());
        let agent = centre.logged_in(&[&queue]);
        let phone = centre.online(&device(&agent), &agent);
        let caller = centre.dial(&queue);
        caller.wait_for_answer();
        centre.wait("the call is seen", || stage.state(&agent) == "on_call");
        let asked = centre.store.log_out(&agent, &after_call(), &myself(&agent));
        assert!(asked.unwrap());
        Self {
            agent,
            queue,
            caller,
            _phone: phone,
        }
    }

    /// The agent is still there, and takes no further call.
    #[track_caller]
    fn assert_waits(&self, stage: &Stage) {
        let session = stage.centre.store.situation(&self.agent).unwrap().session;
        assert!(
            session.is_some_and(|session| session.leaving.is_some()),
            "the agent has left"
        );
        assert!(stage.centre.only(&self.queue).paused.is_some());
    }

    #[track_caller]
    fn hang_up(self, stage: &Stage) {
        self.caller.hang_up(&stage.centre);
        assert_left(stage, &self.agent);
    }
}

#[track_caller]
fn assert_left(stage: &Stage, agent: &Number) {
    let centre = &stage.centre;
    centre.wait("the agent has left", || {
        centre.store.situation(agent).unwrap().session.is_none()
    });
    let end = format!(
        "select end_cause, end_reason, ended_by from peerage.agent_session where agent_number = '{agent}' order by id desc limit 1"
    );
    assert_eq!(centre.sql(&end), format!("agent\tdone for today\tAgent {agent}"));
}

#[test]
fn who_asked_to_leave_after_the_call_is_logged_out_when_it_ends() {
    on_versions(|version| {
        let stage = Stage::start(version);
        let talking = Talking::on(&stage);
        // Later than a hasty service would have logged the agent out.
        stage.wait_until_settled();
        talking.assert_waits(&stage);
        let queue = talking.queue.clone();
        talking.hang_up(&stage);
        assert_eq!(stage.centre.shown(&queue), []);
    });
}

#[test]
fn who_asks_to_leave_after_the_call_and_has_none_is_logged_out_at_once() {
    on_versions(|version| {
        let stage = Stage::start(version);
        let queue = stage.centre.queue(QueuePatch::default());
        let agent = stage.centre.logged_in(&[&queue]);
        assert!(
            stage
                .centre
                .store
                .log_out(&agent, &after_call(), &myself(&agent))
                .unwrap()
        );
        assert_left(&stage, &agent);
    });
}

#[test]
fn a_call_that_outlasts_a_restart_of_the_service_is_waited_for() {
    on_versions(|version| {
        let mut stage = Stage::start(version);
        let talking = Talking::on(&stage);
        stage.stop_service();
        stage.start_service();
        stage
            .centre
            .wait("the call is seen again", || stage.state(&talking.agent) == "on_call");
        talking.assert_waits(&stage);
        talking.hang_up(&stage);
    });
}

#[test]
fn a_call_that_ends_while_the_service_is_down_or_with_asterisk_has_ended() {
    on_versions(|version| {
        let mut stage = Stage::start(version);
        let talking = Talking::on(&stage);
        stage.stop_service();
        talking.caller.hang_up(&stage.centre);
        let agent = talking.agent.clone();
        assert!(stage.centre.store.situation(&agent).unwrap().session.is_some());
        stage.start_service();
        assert_left(&stage, &agent);

        let talking = Talking::on(&stage);
        stage.centre.asterisk.kill().unwrap();
        stage.centre.asterisk.restart().unwrap();
        assert_left(&stage, &talking.agent);
    });
}
