//! Queues and reasons as configuration.

use std::collections::BTreeMap;

use peerage_model::Choice;
use peerage_store::{QueuePatch, ReasonPatch, StoreError};

use super::support::{Centre, because, t};

#[test]
fn a_queue_has_defaults_and_is_read_back_as_it_was_set() {
    let centre = Centre::empty();
    let store = &centre.store;
    store.add_queue(&t("sales"), &QueuePatch::default()).unwrap();
    let patch = QueuePatch {
        description: Some(Some("who buys".to_owned())),
        strategy: Some("rrmemory".to_owned()),
        timeout_seconds: Some(20),
        wrapup_seconds: Some(10),
        weight: Some(3),
        ring_in_use: Some(true),
        autopause: Some("all".to_owned()),
        music_class: Some(Some("jazz".to_owned())),
        options: BTreeMap::from([
            ("announce_frequency".to_owned(), Some("30".to_owned())),
            ("setqueuevar".to_owned(), Some("yes".to_owned())),
        ]),
        ..QueuePatch::default()
    };
    store.add_queue(&t("support"), &patch).unwrap();
    let queues = store.queues().unwrap();
    assert_eq!(
        queues.iter().map(|queue| queue.name.as_str()).collect::<Vec<_>>(),
        ["sales", "support"]
    );
    let (sales, support) = (&queues[0], &queues[1]);
    assert_eq!(
        (sales.strategy.as_str(), sales.timeout_seconds, sales.ring_in_use),
        ("ringall", 15, false)
    );
    assert!(sales.options.is_empty() && sales.agents.is_empty());
    assert_eq!(support.description.as_deref(), Some("who buys"));
    assert_eq!(
        (support.strategy.as_str(), support.timeout_seconds, support.weight),
        ("rrmemory", 20, 3)
    );
    assert_eq!(support.retry_seconds, 5, "what the patch does not say has its default");
    assert_eq!(support.options["announce_frequency"], "30");
    // The same again is no change.
    assert!(!store.set_queue(&t("support"), &patch).unwrap());
    let less = QueuePatch {
        description: Some(None),
        music_class: Some(None),
        options: BTreeMap::from([("announce_frequency".to_owned(), None)]),
        ..QueuePatch::default()
    };
    assert!(store.set_queue(&t("support"), &less).unwrap());
    let support = store.queue(&t("support")).unwrap();
    assert_eq!((support.description, support.music_class), (None, None));
    assert_eq!(support.options.into_keys().collect::<Vec<_>>(), ["setqueuevar"]);
    let mut node = centre.node("pbx1");
    let served =
        "SELECT name, strategy, timeout, weight, ringinuse, autopause, musiconhold, setqueuevar, announce_frequency
      FROM queues
      WHERE name = 'support'
      LIMIT 1";
    assert_eq!(node.read(served), "support,rrmemory,20,3,yes,all,,yes,");
}

#[test]
fn a_queue_shows_who_is_assigned_and_what_each_one_does() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.log_in("1002", Choice::Internal).unwrap();
    centre.pause("1002", &because("lunch")).unwrap();
    let shown = |name: &str| -> Vec<String> {
        let queue = centre.store.queue(&t(name)).unwrap();
        let word = |agent: &peerage_store::Assigned| {
            format!("{} {} {} {}", agent.agent, agent.penalty, agent.logged_in, agent.paused)
        };
        queue.agents.iter().map(word).collect()
    };
    assert_eq!(
        shown("sales"),
        [
            "1001 1 true false",
            "1002 1 true true",
            "1003 1 false false",
            "1004 1 false false"
        ]
    );
    assert_eq!(shown("billing"), Vec::<String>::new());
    centre.store.remove_agent(&t("1004")).unwrap();
    assert_eq!(shown("support").len(), 3);
}

#[test]
fn a_queue_that_breaks_a_rule_is_refused_and_nothing_is_made() {
    let centre = Centre::empty();
    let store = &centre.store;
    let strategy = QueuePatch {
        strategy: Some("loudest".to_owned()),
        ..QueuePatch::default()
    };
    let error = store.add_queue(&t("sales"), &strategy).unwrap_err();
    assert!(matches!(error, StoreError::Invalid(_)), "{error:?}");
    assert_eq!(error.field(), Some("strategy"));
    assert!(store.queues().unwrap().is_empty());
    let option = QueuePatch {
        options: BTreeMap::from([("colour".to_owned(), Some("red".to_owned()))]),
        ..QueuePatch::default()
    };
    assert_eq!(
        store.add_queue(&t("sales"), &option).unwrap_err().field(),
        Some("options")
    );
    store.add_queue(&t("sales"), &QueuePatch::default()).unwrap();
    let error = store.add_queue(&t("sales"), &QueuePatch::default()).unwrap_err();
    assert_eq!(error.message(), "there is a queue `sales` already");
    store.add_queue(&t("support"), &QueuePatch::default()).unwrap();
    let rename = QueuePatch {
        name: Some(t("support")),
        ..QueuePatch::default()
    };
    let error = store.set_queue(&t("sales"), &rename).unwrap_err();
    assert_eq!(error.message(), "there is a queue `support` already");
    let error = store.set_queue(&t("nowhere"), &QueuePatch::default()).unwrap_err();
    assert_eq!(error.message(), "there is no queue `nowhere`");
    assert_eq!(
        store.queue(&t("nowhere")).unwrap_err().message(),
        "there is no queue `nowhere`"
    );
}

#[test]
fn no_two_queues_differ_in_case_only() {
    let centre = Centre::empty();
    let store = &centre.store;
    store.add_queue(&t("Sales"), &QueuePatch::default()).unwrap();
    store.add_queue(&t("support"), &QueuePatch::default()).unwrap();
    let rename = |name: &str| QueuePatch {
        name: Some(t(name)),
        ..QueuePatch::default()
    };
    for error in [
        store.add_queue(&t("sales"), &QueuePatch::default()).unwrap_err(),
        store.set_queue(&t("support"), &rename("SALES")).unwrap_err(),
    ] {
        assert_eq!(
            error.message(),
            "there is a queue `sales` already, in other capitals or small letters"
        );
        assert_eq!(
            error.hint().unwrap(),
            "Asterisk takes queues whose names differ in case only for one: choose another name, or change that queue"
        );
        assert_eq!(error.constraint(), Some("queue_name_lower_key"));
        assert!(matches!(error, StoreError::Conflict(_)), "{error:?}");
    }
    assert_eq!(store.queues().unwrap().len(), 2);
    // Of one queue it is no more than a change of the name.
    assert!(store.set_queue(&t("Sales"), &rename("sales")).unwrap());
    assert_eq!(store.queue(&t("sales")).unwrap().name.as_str(), "sales");
    assert_eq!(
        store.queue(&t("Sales")).unwrap_err().message(),
        "there is no queue `Sales`"
    );
}

#[test]
fn a_rule_may_raise_penalties_with_respect_for_the_least() {
    let centre = Centre::empty();
    for (step, value) in ["5", "+5", "-5", "r5", "r+5", "r-5"].iter().enumerate() {
        centre.exec(&format!(
            "insert into peerage.queue_rule (name, after_seconds, raise_penalty) values ('good', {step}, '{value}')"
        ));
    }
    let mut node = centre.node("pbx1");
    let served = "select raise_penalty from queue_rules where rule_name = 'good'";
    assert_eq!(node.read(served), "5\n+5\n-5\nr5\nr+5\nr-5");
    for value in ["rr5", "r", "5r", "R5", "+r5", ""] {
        let said = centre.fails(&format!(
            "insert into peerage.queue_rule (name, after_seconds, raise_penalty) values ('bad', 1, '{value}')"
        ));
        assert!(said.contains("`raise_penalty` cannot be"), "{value}: {said}");
    }
}

#[test]
fn reasons_are_added_changed_and_removed_but_not_the_systems() {
    let centre = Centre::empty();
    let store = &centre.store;
    let patch = ReasonPatch {
        label: Some("Lunch break".to_owned()),
        max_seconds: Some(Some(1800)),
        productive: Some(false),
        ..ReasonPatch::default()
    };
    store.add_pause_reason(&t("lunch"), &patch).unwrap();
    assert!(!store.set_pause_reason(&t("lunch"), &patch).unwrap());
    let default = ReasonPatch {
        is_default: Some(true),
        max_seconds: Some(None),
        ..ReasonPatch::default()
    };
    assert!(store.set_pause_reason(&t("lunch"), &default).unwrap());
    let reasons = store.pause_reasons().unwrap();
    let lunch = reasons.iter().find(|reason| reason.code.as_str() == "lunch").unwrap();
    assert_eq!(
        (lunch.label.as_str(), lunch.max_seconds, lunch.selectable),
        ("Lunch break", None, true)
    );
    let defaults: Vec<_> = reasons
        .iter()
        .filter(|reason| reason.is_default)
        .map(|reason| reason.code.as_str())
        .collect();
    assert_eq!(defaults, ["lunch"], "there is one default at most");
    assert_eq!(
        store
            .add_pause_reason(&t("lunch"), &ReasonPatch::default())
            .unwrap_err()
            .message(),
        "there is a pause reason `lunch` already"
    );
    let unselectable = ReasonPatch {
        selectable: Some(false),
        ..ReasonPatch::default()
    };
    let error = store.set_pause_reason(&t("lunch"), &unselectable).unwrap_err();
    assert!(matches!(error, StoreError::Invalid(_)), "{error:?}");
    for system in ["login", "after-call", "Auto-Pause", "supervisor", "connection-lost"] {
        for error in [
            store.set_pause_reason(&t(system), &patch).unwrap_err(),
            store.remove_pause_reason(&t(system)).unwrap_err(),
        ] {
            assert_eq!(
                error.message(),
                format!("pause reason `{system}` is one of the system's")
            );
            assert!(error.hint().is_some());
        }
    }
    store.remove_pause_reason(&t("lunch")).unwrap();
    let error = store.remove_pause_reason(&t("lunch")).unwrap_err();
    assert_eq!(error.message(), "there is no pause reason `lunch`");
}
