//! Orders to pause come back from Asterisk as writes, perhaps late: they never undo what came after them.

use peerage_model::{Choice, NodeName, UnpauseRequest};
use peerage_store::PauseOrder;

use super::support::{Centre, Node, because, in_queue, of_queue, own, t, to};

/// Ada at work, and a node of which the service knows.
pub(super) fn at_work() -> (Centre, Node) {
    let centre = Centre::new();
    centre.exec("insert into peerage.node (name, login) values ('pbx2', 'pbx2')");
    centre.log_in("1001", Choice::Internal).unwrap();
    let node = centre.node("pbx1");
    (centre, node)
}

pub(super) fn pbx(name: &str) -> NodeName {
    t(name)
}

/// Queue, paused, reason of the orders that are due at pbx1; they are noted as sent.
fn order(centre: &Centre) -> Vec<PauseOrder> {
    let lease = centre.lease("pbx1");
    centre.store.order_pauses(&pbx("pbx1"), &lease, &t("1001")).unwrap()
}

fn words(orders: &[PauseOrder]) -> Vec<String> {
    let reason = |order: &PauseOrder| {
        order
            .reason
            .as_ref()
            .map_or(String::new(), |reason| format!(" {reason}"))
    };
    orders
        .iter()
        .map(|order| format!("{} {}{}", order.queue, u8::from(order.paused), reason(order)))
        .collect()
}

fn is_due(centre: &Centre, node: &str) -> bool {
    let due = centre.store.pause_orders_due(&pbx(node), Some(&[t("1001")])).unwrap();
    assert_eq!(centre.store.pause_orders_due(&pbx(node), None).unwrap(), due);
    !due.is_empty()
}

const PAUSED: &str = "reason_paused = 'lunch', paused = '1'";
const UNPAUSED: &str = "reason_paused = '', paused = '0'";

#[test]
fn a_pause_is_due_at_each_node_until_its_echo_comes() {
    let (centre, mut node) = at_work();
    assert!(!is_due(&centre, "pbx1"), "who is not paused needs no order");
    centre.pause("1001", &because("lunch")).unwrap();
    assert!(is_due(&centre, "pbx1") && is_due(&centre, "pbx2"));
    let orders = order(&centre);
    assert_eq!(words(&orders), ["sales 1 lunch", "support 1 lunch"]);
    assert_eq!(orders[0].interface.as_str(), "PJSIP/1001");
    centre.changes_nothing(|| {
        for queue in ["sales", "support"] {
            assert_eq!(node.update(&centre.uniqueid("1001", queue), PAUSED), 1);
        }
        Ok(false)
    });
    assert!(!is_due(&centre, "pbx1") && is_due(&centre, "pbx2"));
    assert_eq!(centre.sql("select count(*) from peerage.pause_order"), "0");
    // The answer comes after the echo, and adds nothing.
    let ids: Vec<i64> = orders.iter().map(|order| order.id).collect();
    centre.store.pause_orders_answered(&t("1001"), &ids, &[]).unwrap();
    assert!(!is_due(&centre, "pbx1"));
}

#[test]
fn the_late_echo_of_a_pause_does_not_undo_a_later_unpause_and_the_node_is_told() {
    let (centre, mut node) = at_work();
    let sales = centre.uniqueid("1001", "sales");
    centre.pause("1001", &because("lunch")).unwrap();
    order(&centre);
    centre.unpause("1001", &UnpauseRequest::default()).unwrap();
    centre.changes_nothing(|| {
        assert_eq!(node.update(&sales, PAUSED), 1);
        Ok(false)
    });
    assert_eq!(centre.members("1001"), "sales,0,\nsupport,0,");
    // The node now holds a pause that is over.
    let orders = order(&centre);
    assert_eq!(words(&orders), ["sales 0"]);
    assert_eq!(node.update(&sales, UNPAUSED), 1);
    assert!(!is_due(&centre, "pbx1"));
}

#[test]
fn the_late_echo_of_an_unpause_does_not_end_a_later_pause() {
    let (centre, mut node) = at_work();
    let sales = centre.uniqueid("1001", "sales");
    centre.pause("1001", &in_queue("sales", "lunch")).unwrap();
    order(&centre);
    assert_eq!(node.update(&sales, PAUSED), 1);
    centre.unpause("1001", &of_queue("sales")).unwrap();
    assert_eq!(words(&order(&centre)), ["sales 0"]);
    centre.pause("1001", &in_queue("sales", "training")).unwrap();
    centre.changes_nothing(|| {
        assert_eq!(node.update(&sales, UNPAUSED), 1);
        Ok(false)
    });
    assert_eq!(words(&order(&centre)), ["sales 1 training"]);
}

#[test]
fn asterisk_16_writes_no_reason_and_its_echo_is_known_all_the_same() {
    let (centre, mut node) = at_work();
    let sales = centre.uniqueid("1001", "sales");
    centre.pause("1001", &because("lunch")).unwrap();
    order(&centre);
    centre.unpause("1001", &UnpauseRequest::default()).unwrap();
    centre.changes_nothing(|| {
        assert_eq!(node.update(&sales, "paused = '1'"), 1);
        Ok(false)
    });
    assert_eq!(words(&order(&centre)), ["sales 0"]);
    assert_eq!(node.update(&sales, "paused = '0'"), 1);
    assert!(!is_due(&centre, "pbx1"));
}

#[test]
fn what_asterisk_does_by_itself_is_applied_and_due_at_the_other_nodes_only() {
    let (centre, mut node) = at_work();
    let sales = centre.uniqueid("1001", "sales");
    assert_eq!(node.update(&sales, "reason_paused = 'Auto-Pause', paused = '1'"), 1);
    assert_eq!(centre.members("1001"), "sales,1,Auto-Pause\nsupport,0,");
    assert!(!is_due(&centre, "pbx1") && is_due(&centre, "pbx2"));
    // Also while an order is under way: only what equals it is its echo.
    centre.pause("1001", &because("lunch")).unwrap();
    order(&centre);
    assert_eq!(node.update(&sales, UNPAUSED), 1);
    assert_eq!(centre.members("1001"), "sales,0,\nsupport,1,lunch");
    // Now the order comes to sales, whose pause Asterisk has ended since.
    assert_eq!(node.update(&sales, PAUSED), 1);
    assert_eq!(centre.members("1001"), "sales,0,\nsupport,1,lunch");
    // It is no order of this node's: the other one's own doing.
    let mut other = centre.node("pbx2");
    assert_eq!(other.update(&sales, PAUSED), 1);
    assert_eq!(centre.members("1001"), "sales,1,lunch\nsupport,1,lunch");
}

#[test]
fn an_order_that_was_not_carried_out_is_due_again_and_one_that_was_is_not() {
    let (centre, mut node) = at_work();
    centre.pause("1001", &because("lunch")).unwrap();
    let orders = order(&centre);
    centre
        .store
        .pause_orders_answered(&t("1001"), &[orders[0].id], &[orders[1].id])
        .unwrap();
    assert_eq!(words(&order(&centre)), ["support 1 lunch"]);
    // Nobody knows of this one: it stays noted, and is sent again.
    assert_eq!(words(&order(&centre)), ["support 1 lunch"]);
    assert_eq!(centre.sql("select count(*) from peerage.pause_order"), "2");
    for _ in 0..2 {
        assert_eq!(node.update(&centre.uniqueid("1001", "support"), PAUSED), 1);
    }
    assert_eq!(centre.sql("select count(*) from peerage.pause_order"), "0");
    assert!(!is_due(&centre, "pbx1"));
    // What an age no network has brings is Asterisk's own doing.
    centre.unpause("1001", &UnpauseRequest::default()).unwrap();
    order(&centre);
    centre.exec("update peerage.pause_order set ordered_at = ordered_at - interval '21 minutes'");
    assert_eq!(centre.store.forget_pause_orders(&pbx("pbx1")).unwrap(), 2);
}

#[test]
fn a_move_makes_other_members_of_whom_no_node_has_spoken() {
    let (centre, mut node) = at_work();
    centre.pause("1001", &in_queue("sales", "lunch")).unwrap();
    order(&centre);
    let before = centre.uniqueid("1001", "sales");
    assert_eq!(node.update(&before, PAUSED), 1);
    assert!(!is_due(&centre, "pbx1"));
    assert!(
        centre
            .store
            .move_agent(&t("1001"), &to(Choice::Mobile), &own("1001"))
            .unwrap()
    );
    // A write finds nobody.
    node.update(&before, UNPAUSED);
    let orders = order(&centre);
    assert_eq!(words(&orders), ["sales 1 lunch"]);
    assert_eq!(orders[0].interface.as_str(), "Local/01701234@peerage-outbound/n");
    centre.log_out("1001").unwrap();
    assert_eq!(order(&centre), []);
    let lease = centre.lease("pbx1");
    assert_eq!(centre.store.order_pauses(&pbx("pbx1"), &lease, &t("9999")).unwrap(), []);
    // Everything of a node goes with it.
    centre.exec("delete from peerage.node where name = 'pbx1'");
    assert_eq!(centre.sql("select count(*) from peerage.pause_order"), "0");
}

#[test]
fn the_late_echo_of_an_order_to_whoever_was_there_before_pauses_nobody() {
    let (centre, mut node) = at_work();
    centre.pause("1001", &because("lunch")).unwrap();
    order(&centre);
    centre.log_out("1001").unwrap();
    centre.log_in("1001", Choice::Internal).unwrap();
    // The order finds the interface in the queue again, and the member there is another one.
    centre.changes_nothing(|| {
        assert_eq!(node.update(&centre.uniqueid("1001", "sales"), PAUSED), 1);
        Ok(false)
    });
    assert_eq!(centre.members("1001"), "sales,0,\nsupport,0,");
    assert_eq!(words(&order(&centre)), ["sales 0"]);
}

#[test]
fn a_node_that_was_found_to_hold_something_else_is_ordered_anew() {
    let (centre, mut node) = at_work();
    let sales = centre.uniqueid("1001", "sales");
    let elsewise = |paused, reason| {
        centre
            .store
            .pause_is_elsewise(&pbx("pbx1"), &t("1001"), &t("sales"), paused, reason)
            .unwrap()
    };
    assert!(!elsewise(false, None), "it holds what is so");
    assert!(elsewise(true, Some("lunch")));
    assert_eq!(words(&order(&centre)), ["sales 0"]);
    assert_eq!(node.update(&sales, UNPAUSED), 1);
    assert!(!is_due(&centre, "pbx1"));
}
