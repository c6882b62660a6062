//! One service leads a node, by a lease that expires.

use peerage_model::Choice;
use peerage_store::{Lease, StateError, StoreError};

use super::support::{Centre, because, t};

/// Two services and a node; who leads it, as `lead` tells each.
struct Pair {
    centre: Centre,
}

impl Pair {
    fn new() -> Self {
        let centre = Centre::new();
        centre.exec("insert into peerage.node (name, login) values ('pbx1', 'pbx1')");
        Self { centre }
    }

    /// Epoch, whether it leads, and whether another could.
    fn lead(&self, service: &str, able: bool, candidate: bool) -> (i64, bool, bool) {
        let able = if able { "array['pbx1']" } else { "'{}'::text[]" };
        let candidates = if candidate { "array['pbx1']" } else { "'{}'::text[]" };
        let said = self.centre.sql(&format!(
            "select epoch, is_ours, another_is_able
             from peerage.lead('{service}', '{service}', array['pbx1'], {able}, {candidates}, 6)"
        ));
        let mut words = said.split(',');
        let mut next = || words.next().unwrap();
        (next().parse().unwrap(), next() == "t", next() == "t")
    }

    /// So many seconds pass without a word of either.
    fn pass(&self, seconds: u32) {
        self.centre.exec(&format!(
            "update peerage.node_lease set expires_at = expires_at - interval '{seconds} s';
             update peerage.node_service set seen_at = seen_at - interval '{seconds} s'"
        ));
    }
}

#[test]
fn one_leads_until_its_lease_expires_and_the_next_has_a_later_epoch() {
    let pair = Pair::new();
    assert_eq!(pair.lead("a", true, true), (1, true, false));
    assert_eq!(pair.lead("b", true, true), (1, false, true));
    pair.pass(4);
    assert_eq!(pair.lead("a", true, true), (1, true, true), "renewed");
    pair.pass(4);
    assert!(!pair.lead("b", true, true).1);
    pair.pass(3);
    assert_eq!(pair.lead("b", true, true), (2, true, false));
    assert!(!pair.lead("a", true, true).1, "it does not get it back by asking");
    pair.centre.exec("select peerage.stop_leading('b')");
    assert_eq!(
        pair.lead("a", true, true),
        (3, true, false),
        "at once when it is given back"
    );
    // Whom nobody followed goes on as before.
    pair.pass(60);
    assert_eq!(pair.lead("a", true, true), (3, true, false));
}

#[test]
fn who_leads_and_cannot_reach_the_node_gives_way_to_one_who_can() {
    let pair = Pair::new();
    assert_eq!(pair.lead("a", false, true), (1, true, false), "better than nobody");
    assert_eq!(pair.lead("b", true, true), (1, false, false));
    // It is told so, and is no candidate with its next question.
    assert_eq!(pair.lead("a", false, true), (1, true, true));
    assert!(!pair.lead("a", false, false).1);
    assert_eq!(pair.lead("b", true, true), (2, true, false));
    assert!(!pair.lead("a", false, true).1);
    pair.centre.exec("select peerage.stop_leading('b')");
    assert_eq!(pair.lead("a", false, true), (3, true, false));
}

#[test]
fn only_who_leads_claims_orders() {
    let pair = Pair::new();
    let centre = &pair.centre;
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.pause("1001", &because("lunch")).unwrap();
    let claim = |service: &str, epoch| {
        let service = service.to_owned();
        centre
            .store
            .order_pauses(&t("pbx1"), &Lease { service, epoch }, &t("1001"))
    };
    let is_refused = |outcome: Result<_, StateError>| {
        assert!(
            matches!(outcome, Err(StateError::Store(StoreError::Conflict(_)))),
            "{outcome:?}"
        );
        assert_eq!(centre.sql("select count(*) from peerage.pause_order"), "0");
    };
    is_refused(claim("a", 1));
    pair.lead("a", true, true);
    is_refused(claim("b", 1));
    is_refused(claim("a", 2));
    pair.pass(7);
    is_refused(claim("a", 1));
    pair.lead("b", true, true);
    is_refused(claim("a", 1));
    assert_eq!(claim("b", 2).unwrap().len(), 2);
}

/// The table stands in a schema that nodes have no way into.
#[test]
fn a_login_of_a_node_can_touch_no_lease() {
    let pair = Pair::new();
    pair.lead("a", true, true);
    for statement in [
        "select * from peerage.node_lease",
        "update peerage.node_lease set service = 'x', service_name = 'x'",
        "delete from peerage.node_service",
        "do 'begin lock table peerage.node_lease in access share mode; end'",
        "select peerage.stop_leading('a')",
        "select * from peerage.lead('x', 'x', array['pbx1'], array['pbx1'], array['pbx1'], 3600)",
    ] {
        let refused = pair.centre.refused_as("peerage_asterisk", statement);
        assert!(refused.contains("permission denied"), "{statement}: {refused}");
    }
    assert_eq!(pair.lead("a", true, true), (1, true, false));
}
