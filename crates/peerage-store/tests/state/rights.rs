//! What the role of the application may do to agents' state, tried by connecting as a member of it.

use std::process::Command;
use std::time::Duration;

use jiff::Timestamp;
use peerage_model::{Choice, LogoutRequest, LogoutTime};
use peerage_store::{Actor, QueuePatch, ReasonPatch, Store};

use super::support::{Centre, at, because, in_queue, of_queue, own, supervisor, system, t, take_over, telephone, to};

/// The address of the database for a member of `peerage_app`.
fn url(centre: &Centre) -> String {
    let login = centre.db.login(&["peerage_app"]);
    let tcp = centre.db.tcp();
    format!(
        "postgresql://{}:{}@{}:{}/{}",
        login.user, login.password, tcp.host, tcp.port, tcp.database
    )
}

#[test]
fn the_application_can_do_every_operation_on_queues_and_state() {
    let centre = Centre::new();
    centre.let_take_over();
    let store = Store::open(&t(&url(&centre)), Actor::new("app").unwrap()).unwrap();
    let patch = QueuePatch {
        name: Some(t("b2b")),
        ..QueuePatch::default()
    };
    store.add_queue(&t("new"), &QueuePatch::default()).unwrap();
    assert!(store.assign(&t("new"), &t("1003"), t("3")).unwrap());
    assert!(store.log_in(&t("1003"), &at(telephone("2001")), &own("1003")).unwrap());
    assert!(store.assign(&t("new"), &t("1003"), t("4")).unwrap());
    assert!(store.assign(&t("billing"), &t("1003"), t("4")).unwrap());
    assert!(store.set_queue(&t("new"), &patch).unwrap());
    assert!(
        store
            .move_agent(&t("1003"), &to(telephone("2002")), &own("1003"))
            .unwrap()
    );
    assert!(store.pause(&t("1003"), &because("lunch"), &own("1003")).unwrap());
    assert!(store.unpause(&t("1003"), &of_queue("sales"), &own("1003")).unwrap());
    assert!(
        store
            .pause(&t("1003"), &in_queue("sales", "training"), &own("1003"))
            .unwrap()
    );
    assert!(store.unpause(&t("1003"), &Default::default(), &own("1003")).unwrap());
    assert!(store.unassign(&t("b2b"), &t("1003")).unwrap());
    centre.exec("insert into peerage.node (name, login) values ('pbx1', 'pbx1')");
    let pbx = t("pbx1");
    assert!(store.pause(&t("1003"), &because("lunch"), &own("1003")).unwrap());
    assert_eq!(store.pause_orders_due(&pbx, None).unwrap(), [t("1003")]);
    let lease = centre.lease("pbx1");
    let orders = store.order_pauses(&pbx, &lease, &t("1003")).unwrap();
    let ids: Vec<i64> = orders.iter().map(|order| order.id).collect();
    store.pause_orders_answered(&t("1003"), &ids[..1], &ids[1..]).unwrap();
    assert!(
        store
            .pause_is_elsewise(&pbx, &t("1003"), &t("sales"), false, None)
            .unwrap()
    );
    assert_eq!(store.forget_pause_orders(&pbx).unwrap(), 0);
    assert!(store.unpause(&t("1003"), &Default::default(), &own("1003")).unwrap());
    assert!(store.attend(&t("1003")).unwrap());
    assert_eq!(store.present(&[t("1003")]).unwrap(), 1);
    store.beat("us", Duration::from_secs(45)).unwrap();
    store.beat("us", Duration::ZERO).unwrap();
    store.last_beat("us").unwrap();
    assert!(!store.log_out_overdue(&t("1003"), &system()).unwrap());
    assert!(
        store
            .log_in(&t("1004"), &take_over(telephone("2002")), &own("1004"))
            .unwrap()
    );
    let later = LogoutRequest {
        time: LogoutTime::AfterCall,
        reason: None,
    };
    assert!(store.log_out(&t("1004"), &later, &own("1004")).unwrap());
    assert!(store.after_call(&t("1004"), &system()).unwrap());
    assert!(store.log_in(&t("1004"), &at(telephone("2002")), &own("1004")).unwrap());
    assert!(
        store
            .release_phone(&t("2002"), Some(&t("stuck")), &supervisor())
            .unwrap()
    );
    assert!(store.log_in(&t("1001"), &at(Choice::Internal), &own("1001")).unwrap());
    assert!(
        store
            .log_out(&t("1001"), &LogoutRequest::default(), &own("1001"))
            .unwrap()
    );
    store.remove_queue(&t("b2b")).unwrap();
    store.add_pause_reason(&t("tea"), &ReasonPatch::default()).unwrap();
    assert!(
        store
            .set_pause_reason(
                &t("tea"),
                &ReasonPatch {
                    productive: Some(true),
                    ..ReasonPatch::default()
                }
            )
            .unwrap()
    );
    store.remove_pause_reason(&t("tea")).unwrap();
    assert_eq!(
        store
            .history(&t("1003"), Timestamp::UNIX_EPOCH, Timestamp::now())
            .unwrap()
            .sessions
            .len(),
        1
    );
    assert_eq!(store.phones_seen(None).unwrap().len(), 3);
    assert_eq!(store.telephone_list(&t("default")).unwrap().len(), 3);
    assert_eq!(
        (store.queues().unwrap().len(), store.pause_reasons().unwrap().len()),
        (3, 8)
    );
    assert!(store.situation(&t("1003")).unwrap().session.is_none());
    // A login and a logoff of each of the four sessions.
    assert_eq!(
        centre.sql("select count(*) from peerage.queue_log where event like 'AGENT%'"),
        "8"
    );
}

#[test]
fn the_application_reads_reports_but_rewrites_no_history() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.pause("1001", &because("lunch")).unwrap();
    let url = url(&centre);
    let says = |statement: &str| {
        let output = Command::new("psql")
            .args(["-XAt", "-c", statement, &url])
            .output()
            .unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    for view in [
        "agents_now",
        "sessions",
        "pauses",
        "phone_use",
        "registrations",
        "queue_membership",
    ] {
        let said = says(&format!("select count(*) >= 0 from report.{view}"));
        assert_eq!(said.trim(), "t", "{view}");
    }
    for statement in [
        "delete from peerage.agent_session",
        "delete from peerage.agent_place",
        "delete from peerage.agent_pause",
        "delete from peerage.agent_request",
        "delete from peerage.agent_state",
        "truncate peerage.queue_login",
        "insert into peerage.queue_log (time) values (now())",
        "update peerage.queue_log set event = 'x'",
        "delete from peerage.queue_log",
    ] {
        let said = says(statement);
        assert!(said.contains("permission denied"), "{statement}: {said}");
    }
}
