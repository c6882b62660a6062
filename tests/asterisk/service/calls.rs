//! Who is on a call, as the service sees it.

use peerage_model::{Choice, LoginRequest, MoveRequest, OnConflict};
use peerage_store::QueuePatch;
use peerage_testkit::sipp::Manner;

use super::stage::Stage;
use crate::queue::people::{device, myself};
use crate::queue::versions::on_versions;

#[test]
fn a_call_is_the_hot_desk_agents_at_the_telephone_that_has_it() {
    on_versions(|version| {
        let stage = Stage::start(version);
        let centre = &stage.centre;
        let queue = centre.queue(QueuePatch {
            timeout_seconds: Some(60),
            ..QueuePatch::default()
        });
        let agent = centre.agent_with(&[&queue], |agent| agent.profile.hot_desk = true);
        let [ringing, answering] = [Manner::Ring, Manner::Answer].map(|manner| {
            let number = centre.telephone();
            let phone = centre.online(&device(&number).manner(manner), &number);
            (number, phone)
        });
        let login = LoginRequest {
            choice: Some(Choice::Telephone(ringing.0.clone())),
            ..LoginRequest::default()
        };
        assert!(centre.store.log_in(&agent, &login, &myself(&agent)).unwrap());
        assert_eq!(stage.state(&agent), "available");

        let caller = centre.dial(&queue);
        centre.wait("it rings", || stage.state(&agent) == "ringing");
        caller.hang_up(centre);
        centre.wait("it rings no more", || stage.state(&agent) == "available");

        let there = MoveRequest {
            choice: Choice::Telephone(answering.0.clone()),
            on_conflict: OnConflict::default(),
        };
        assert!(centre.store.move_agent(&agent, &there, &myself(&agent)).unwrap());
        let caller = centre.dial(&queue);
        caller.wait_for_answer();
        centre.wait("the call is up", || stage.state(&agent) == "on_call");
        // The running call goes on after a move and after a logout, and is the agent's still.
        let back = MoveRequest {
            choice: Choice::Telephone(ringing.0.clone()),
            on_conflict: OnConflict::default(),
        };
        assert!(centre.store.move_agent(&agent, &back, &myself(&agent)).unwrap());
        assert_eq!(stage.state(&agent), "on_call");
        centre.log_out(&agent);
        assert_eq!(stage.state(&agent), "on_call");
        caller.hang_up(centre);
        centre.wait("the call has ended", || stage.state(&agent) == "offline");
    });
}

#[test]
fn calls_are_known_again_after_the_link_was_away() {
    on_versions(|version| {
        let stage = Stage::start(version);
        let centre = &stage.centre;
        let queue = centre.queue(QueuePatch::default());
        let [ends, stays] = [(), ()].map(|()| {
            let agent = centre.logged_in(&[&queue]);
            let phone = centre.online(&device(&agent), &agent);
            (agent, phone)
        });
        let callers = [(), ()].map(|()| {
            let caller = centre.dial(&queue);
            caller.wait_for_answer();
            caller
        });
        centre.wait("both calls are up", || {
            [&ends.0, &stays.0].map(|agent| stage.state(agent)) == ["on_call", "on_call"]
        });
        stage.link.refuse();
        stage.link.cut();
        // Of two callers nobody knows who has whom; one of the calls ends.
        let [first, second] = callers;
        first.hang_up(centre);
        stage.link.pass();
        stage.wait_until_linked();
        centre.wait("one call has ended, and one has not", || {
            let mut states = [&ends.0, &stays.0].map(|agent| stage.state(agent));
            states.sort();
            states == ["available", "on_call"]
        });
        second.hang_up(centre);
        centre.wait("the other has ended, too", || {
            [&ends.0, &stays.0].map(|agent| stage.state(agent)) == ["available", "available"]
        });
    });
}
