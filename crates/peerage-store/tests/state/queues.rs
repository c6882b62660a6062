//! Assignments and queues that change while their members are at work.

use peerage_model::{Choice, QueueName, UnpauseRequest};
use peerage_store::{QueuePatch, StoreError};

use super::support::{Centre, because, in_queue, of_queue, t};

fn at_work() -> Centre {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    centre
}

fn rename(centre: &Centre, from: &str, to: &str) {
    let patch = QueuePatch {
        name: Some(t(to)),
        ..QueuePatch::default()
    };
    assert!(centre.store.set_queue(&t(from), &patch).unwrap());
}

#[test]
fn an_agent_at_work_joins_a_queue_when_assigned_and_leaves_it_when_not() {
    let centre = at_work();
    let others = (centre.uniqueid("1001", "sales"), centre.uniqueid("1001", "support"));
    assert!(centre.store.assign(&t("billing"), &t("1001"), t("9")).unwrap());
    assert_eq!(centre.members("1001"), "billing,0,\nsales,0,\nsupport,0,");
    let joined = "select login.interface, login.member_name, login.penalty, login.began_at > session.began_at
      from peerage.queue_login as login
        join peerage.agent_session as session on session.id = login.session_id
      where login.queue_name = 'billing'";
    assert_eq!(centre.sql(joined), "PJSIP/1001,\"Ada King\",9,t");
    assert!(centre.store.unassign(&t("billing"), &t("1001")).unwrap());
    assert_eq!(centre.members("1001"), "sales,0,\nsupport,0,");
    assert_eq!(
        (centre.uniqueid("1001", "sales"), centre.uniqueid("1001", "support")),
        others
    );
    // Nobody at work: nothing but the assignment.
    assert!(centre.store.assign(&t("billing"), &t("1002"), t("9")).unwrap());
    assert_eq!(centre.members("1002"), "");
}

#[test]
fn a_queue_joined_under_a_pause_of_all_is_paused_too() {
    let centre = at_work();
    centre.pause("1001", &because("lunch")).unwrap();
    centre.store.assign(&t("billing"), &t("1001"), t("0")).unwrap();
    assert_eq!(
        centre.members("1001"),
        "billing,1,lunch\nsales,1,lunch\nsupport,1,lunch"
    );
    assert_eq!(centre.state("1001"), "paused,lunch");
    assert!(centre.unpause("1001", &UnpauseRequest::default()).unwrap());
    assert_eq!(centre.members("1001"), "billing,0,\nsales,0,\nsupport,0,");
}

#[test]
fn joining_and_leaving_make_the_state_what_the_memberships_say() {
    let centre = at_work();
    centre.pause("1001", &in_queue("sales", "lunch")).unwrap();
    centre.pause("1001", &in_queue("support", "lunch")).unwrap();
    assert_eq!(centre.state("1001"), "paused,lunch");
    centre.store.assign(&t("billing"), &t("1001"), t("0")).unwrap();
    assert_eq!(centre.state("1001"), "partly_paused,");
    centre.store.unassign(&t("billing"), &t("1001")).unwrap();
    assert_eq!(centre.state("1001"), "paused,lunch");
    centre.store.unassign(&t("sales"), &t("1001")).unwrap();
    assert_eq!(
        centre.sql("select queue_name, ended_by from peerage.agent_pause order by queue_name"),
        "sales,test:ada\nsupport,"
    );
    assert_eq!(centre.state("1001"), "paused,lunch");
    centre.store.unassign(&t("support"), &t("1001")).unwrap();
    assert_eq!(centre.state("1001"), "available,");
}

#[test]
fn another_penalty_keeps_the_member() {
    let centre = at_work();
    let member = centre.uniqueid("1001", "sales");
    assert!(centre.store.assign(&t("sales"), &t("1001"), t("5")).unwrap());
    assert_eq!(centre.uniqueid("1001", "sales"), member);
    assert_eq!(
        centre.sql("select penalty from peerage.queue_login where queue_name = 'sales'"),
        "5"
    );
    centre.changes_nothing(|| Ok(centre.store.assign(&t("sales"), &t("1001"), t("5")).unwrap()));
    // Asterisk's word is an override of this membership, and gone with it.
    let mut node = centre.node("pbx1");
    node.update(&member, "penalty = '8'");
    assert_eq!(
        centre.sql("select penalty from peerage.queue_login where queue_name = 'sales'"),
        "8"
    );
    centre.log_out("1001").unwrap();
    centre.log_in("1001", Choice::Internal).unwrap();
    assert_eq!(
        centre.sql("select penalty from peerage.queue_login where queue_name = 'sales'"),
        "5"
    );
}

#[test]
fn what_asterisk_removed_does_not_come_back_with_another_queue() {
    let centre = at_work();
    let mut node = centre.node("pbx1");
    let member = centre.uniqueid("1001", "sales");
    assert_eq!(node.update(&member, "penalty = '-1'"), 1);
    assert_eq!(centre.members("1001"), "support,0,");
    centre.store.assign(&t("billing"), &t("1001"), t("0")).unwrap();
    assert_eq!(centre.members("1001"), "billing,0,\nsupport,0,");
    // The next login does.
    centre.log_out("1001").unwrap();
    centre.log_in("1001", Choice::Internal).unwrap();
    assert_eq!(centre.members("1001"), "billing,0,\nsales,0,\nsupport,0,");
}

#[test]
fn members_go_with_a_queue_that_gets_another_name() {
    let centre = at_work();
    centre.pause("1001", &in_queue("sales", "lunch")).unwrap();
    let (sales, support) = (centre.uniqueid("1001", "sales"), centre.uniqueid("1001", "support"));
    rename(&centre, "sales", "b2b");
    assert_eq!(centre.members("1001"), "b2b,1,lunch\nsupport,0,");
    assert_ne!(
        centre.uniqueid("1001", "b2b"),
        sales,
        "for app_queue it is another member"
    );
    assert_eq!(centre.uniqueid("1001", "support"), support);
    let session = centre.store.situation(&t("1001")).unwrap().session.unwrap();
    assert_eq!(
        session.pauses.single.keys().map(QueueName::as_str).collect::<Vec<_>>(),
        ["b2b"]
    );
    // The pause can be ended by the queue's new name, and history keeps the old.
    assert!(centre.unpause("1001", &of_queue("b2b")).unwrap());
    assert_eq!(centre.members("1001"), "b2b,0,\nsupport,0,");
    assert_eq!(
        centre.sql("select queue, reason, ended_by from report.pauses"),
        "sales,lunch,agent:1001"
    );
    assert_eq!(centre.state("1001"), "available,");
}

#[test]
fn a_pause_of_all_holds_through_a_change_of_name() {
    let centre = at_work();
    centre.pause("1001", &because("lunch")).unwrap();
    rename(&centre, "sales", "b2b");
    assert_eq!(centre.members("1001"), "b2b,1,lunch\nsupport,1,lunch");
    assert!(centre.unpause("1001", &of_queue("b2b")).unwrap());
    assert_eq!(centre.members("1001"), "b2b,0,\nsupport,1,lunch");
    // The name is free for a new queue, which is another.
    centre.store.add_queue(&t("sales"), &QueuePatch::default()).unwrap();
    assert_eq!(centre.members("1001"), "b2b,0,\nsupport,1,lunch");
}

#[test]
fn a_queue_that_is_removed_loses_its_members_at_once() {
    let centre = at_work();
    centre.log_in("1002", Choice::Internal).unwrap();
    centre.pause("1001", &in_queue("sales", "lunch")).unwrap();
    centre.store.remove_queue(&t("sales")).unwrap();
    assert_eq!(centre.members("1001"), "support,0,");
    assert_eq!(centre.members("1002"), "support,0,");
    assert_eq!(centre.state("1001"), "available,");
    assert_eq!(
        centre.sql("select queue, reason, ended_by from report.pauses"),
        "sales,lunch,test:ada"
    );
    assert_eq!(
        centre.sql("select count(*) from peerage.queue_assignment where penalty = 1"),
        "0"
    );
    let error = centre.store.remove_queue(&t("sales")).unwrap_err();
    assert_eq!(error.message(), "there is no queue `sales`");
    // A new one of that name starts empty.
    centre.store.add_queue(&t("sales"), &QueuePatch::default()).unwrap();
    assert_eq!(centre.members("1001"), "support,0,");
}

#[test]
fn a_dba_who_deletes_or_renames_a_queue_does_the_same() {
    let centre = at_work();
    centre.pause("1001", &in_queue("sales", "lunch")).unwrap();
    centre.exec(
        "delete from peerage.queue where name = 'sales'; update peerage.queue set name = 'help' where name = 'support'",
    );
    assert_eq!(centre.members("1001"), "help,0,");
    assert_eq!(centre.state("1001"), "available,");
    assert_eq!(
        centre.sql("select count(*) from peerage.agent_pause where ended_at is null"),
        "0"
    );
}

#[test]
fn assigning_names_what_is_not_there() {
    let centre = Centre::new();
    let not_found = |result: Result<bool, StoreError>, words: &str| {
        let error = result.unwrap_err();
        assert_eq!(error.message(), words);
        assert!(matches!(error, StoreError::NotFound(_)), "{error:?}");
    };
    not_found(
        centre.store.assign(&t("nowhere"), &t("1001"), t("0")),
        "there is no queue `nowhere`",
    );
    not_found(
        centre.store.assign(&t("sales"), &t("9999"), t("0")),
        "there is no agent `9999`",
    );
    not_found(
        centre.store.assign(&t("sales"), &t("2001"), t("0")),
        "there is no agent `2001`",
    );
    not_found(
        centre.store.unassign(&t("nowhere"), &t("1001")),
        "there is no queue `nowhere`",
    );
    not_found(
        centre.store.unassign(&t("sales"), &t("9999")),
        "there is no agent `9999`",
    );
    assert!(!centre.store.unassign(&t("billing"), &t("1001")).unwrap());
    centre.store.remove_agent(&t("1002")).unwrap();
    not_found(
        centre.store.assign(&t("sales"), &t("1002"), t("0")),
        "there is no agent `1002`",
    );
}
