//! What an outage of an Asterisk costs.

use std::thread;
use std::time::Duration;

use super::hostile_manager::Manager;
use super::served::{House, wait};

/// 42 % of a processor for the whole outage, when what was changed just before it could not be told any more.
#[test]
#[expect(clippy::print_stderr, reason = "what is measured is shown with the test's output")]
fn a_change_just_before_an_outage_of_asterisk_costs_no_processor_time_during_it() {
    const OUTAGE: Duration = Duration::from_secs(4);
    let house = House::new();
    let manager = Manager::of(&house);
    let served = house.serve("service");
    served.wait_until_linked("pbx1");
    // What was forgotten is forgotten once more two seconds later: there is always something that waits then.
    let done = "peerage_node_actions_total{node=\"pbx1\",action=\"expire\",outcome=\"done\"}";
    wait("it is told", || {
        // Until the node is led, nobody is told.
        house.db.psql("notify peerage_accounts, '1001'");
        served.metric(done).is_some_and(|count| count >= 3.0)
    });
    manager.die();
    wait("the link is down", || served.of_node("link_up", "pbx1") == Some(0.0));
    thread::sleep(Duration::from_secs(2));
    let before = (served.wakes(), served.processor_time());
    thread::sleep(OUTAGE);
    let (wakes, used) = (served.wakes() - before.0, served.processor_time() - before.1);
    eprintln!("{wakes} wakes and {used:?} of processor time in {OUTAGE:?}");
    // A thousand a second on an idle machine; a busy one shares fewer out.
    assert!(wakes < 400, "{wakes} in {OUTAGE:?}");
}
