//! Two nodes on one database say the same of every agent, wherever the phones are registered and whatever fails; and the node that
//! is made to lie is named.

use peerage_model::Number;
use peerage_testkit::asterisk::{Version, wait_until};

use super::floor::Floor;
use super::stage::Stage;
use crate::queue::centre::PATIENCE;

#[test]
fn two_nodes_say_the_same_after_a_node_was_away() {
    let mut stage = Stage::start(Version::V22).beside(Version::V16);
    let [here, mut there] = Floor::at_both([&stage.centre, stage.other()]);
    stage.assert_agreement();
    stage.assert_each_state_is_there();

    // The link to one node is cut while things change.
    stage.other_link().refuse();
    stage.other_link().cut();
    here.change(&stage.centre);
    there.change(stage.other());
    stage.other_link().pass();
    stage.wait_until_linked();
    stage.assert_agreement();

    // One Asterisk is killed with its calls, and things change back; everybody else agrees meanwhile.
    stage.other_asterisk().kill().unwrap();
    here.change_back(&stage.centre);
    there.change_back(stage.other());
    stage.centre.wait("nobody but the dead node disagrees", || {
        let lines = stage.disagreements();
        lines.len() == 1 && lines[0].starts_with("Asterisk other says nothing")
    });
    stage.other_asterisk().restart().unwrap();
    stage.wait_until_linked();
    stage.assert_agreement();
    there.call_again(stage.other());
    stage.assert_agreement();
    stage.assert_each_state_is_there();

    // The service is away while things change.
    stage.stop_service();
    here.change(&stage.centre);
    there.change(stage.other());
    stage.start_service();
    stage.assert_agreement();

    // The database throws everybody out.
    stage.centre.sql(
        "select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()",
    );
    here.change_back(&stage.centre);
    there.change_back(stage.other());
    stage.wait_until_linked();
    stage.assert_agreement();
    here.close(&stage.centre);
    there.close(stage.other());
    stage.assert_agreement();
}

/// A lie about an agent that the database tells one node alone.
struct Lie<'a> {
    of: &'a Number,
    /// How `paused` reads for the members it is about.
    paused: &'static str,
    /// Whether these members are shown.
    shown: bool,
    /// The matter in which it is found.
    found: &'static str,
}

impl Lie<'_> {
    fn tell(&self, stage: &Stage) {
        let Self {
            of,
            paused,
            shown,
            found,
        } = self;
        let (centre, node) = (&stage.centre, &stage.other().node);
        let truth = centre.sql("select pg_get_viewdef('asterisk.queue_members'::regclass)");
        let truth = truth.trim_end_matches(';');
        let told = format!(
            "session_user = (select login from peerage.node where name = '{node}') and uniqueid in (
               select login.uniqueid from peerage.queue_login as login
                 join peerage.agent_session as session on session.id = login.session_id
               where session.agent_number = '{of}')"
        );
        centre.sql(&format!(
            "create or replace view asterisk.queue_members as
             select queue_name, interface, uniqueid, membername, state_interface, penalty,
               case when {told} then {paused} else paused end as paused, reason_paused, ringinuse
             from ({truth}) as truth where {shown} or not ({told})"
        ));
        let (beginning, liar) = (format!("{of}: {found} is "), format!("(Asterisk {node})"));
        let mut lines = Vec::new();
        let is_found = wait_until("the lie is found and its node named", PATIENCE, || {
            lines = stage.disagreements();
            Ok(lines
                .iter()
                .any(|line| line.starts_with(&beginning) && line.contains(&liar)))
        });
        assert!(is_found.is_ok(), "{beginning} {liar}: {lines:#?}");
        centre.sql(&format!("create or replace view asterisk.queue_members as {truth}"));
    }
}

#[test]
fn the_node_that_is_made_to_lie_is_named() {
    let mut stage = Stage::start(Version::V16).beside(Version::V22);
    let [here, there] = Floor::at_both([&stage.centre, stage.other()]);
    stage.assert_agreement();
    let queue = &here.queues[0];

    // A member that one node alone has, beside those of the database.
    stage
        .other()
        .cli(&format!("queue add member Local/1@nowhere to {queue}"));
    let stranger = format!("other: queue {queue} has a member of its own: Local/1@nowhere");
    stage.centre.wait("the stranger is found at its node", || {
        let lines = stage.disagreements();
        lines.len() == 1 && lines[0].starts_with(&stranger)
    });
    stage
        .other()
        .cli(&format!("queue remove member Local/1@nowhere from {queue}"));
    stage.assert_agreement();

    // One node shows an agent paused, and then does not show the agent, who is available. The service would not let that stand.
    stage.stop_service();
    for of in [&here.available, &there.available] {
        Lie {
            of,
            paused: "'1'",
            shown: true,
            found: "the session",
        }
        .tell(&stage);
        Lie {
            of,
            paused: "paused",
            shown: false,
            found: "queues",
        }
        .tell(&stage);
    }
    stage.start_service();
    stage.assert_agreement();
    here.close(&stage.centre);
    there.close(stage.other());
    stage.assert_agreement();
}
