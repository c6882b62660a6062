use peerage_model::Channel;
use peerage_store::{Actor, AgentChannel, AgentPatch, AuditEntry, AuditFilter, SitePatch, Store};
use serde_json::json;

use crate::support::{ACTOR, add_agent, add_phone, assert_not_found, database, parse, secret};

fn entries(store: &Store, relation: &str) -> Vec<AuditEntry> {
    let filter = AuditFilter {
        relation: Some(relation.to_owned()),
        ..AuditFilter::default()
    };
    store.audit(&filter).unwrap()
}

#[test]
fn an_addition_is_recorded_whole_with_its_actor() {
    let (_db, store) = database();
    add_agent(&store, "1001");
    let [entry] = &entries(&store, "sip_account")[..] else {
        panic!("not one entry");
    };
    assert_eq!((entry.actor.as_str(), entry.operation.as_str()), (ACTOR, "insert"));
    assert_eq!((entry.subject.as_deref(), &entry.before), (Some("1001"), &None));
    let after = entry.after.as_ref().unwrap();
    assert_eq!(after["transports"], json!(["udp"]));
    assert_eq!(after["callerid_name"], json!(null));
    for relation in ["agent", "sip_secret"] {
        assert_eq!(entries(&store, relation).len(), 1, "{relation}");
    }
}

#[test]
fn a_change_is_recorded_with_the_columns_that_changed_and_no_others() {
    let (_db, store) = database();
    add_agent(&store, "1001");
    let mut patch = AgentPatch {
        full_name: Some(parse("Ada King")),
        alias: Some(Some(parse("ada"))),
        ..AgentPatch::default()
    };
    patch.account.voice.video = Some(true);
    store.set_agent(&parse("1001"), &patch).unwrap();
    let agent = &entries(&store, "agent")[0];
    assert_eq!(agent.operation, "update");
    assert_eq!(agent.before, Some(json!({"full_name": "Agent 1001", "alias": null})));
    assert_eq!(agent.after, Some(json!({"full_name": "Ada King", "alias": "ada"})));
    let account = &entries(&store, "sip_account")[0];
    assert_eq!(account.before, Some(json!({"video": false})));
    assert_eq!(account.after, Some(json!({"video": true})));
    assert_eq!(entries(&store, "sip_secret").len(), 1, "the secret was not touched");
}

#[test]
fn a_removal_is_recorded_whole() {
    let (_db, store) = database();
    add_phone(&store, "2001");
    store.remove_phone(&parse("2001")).unwrap();
    let phone = &entries(&store, "phone")[0];
    assert_eq!((phone.operation.as_str(), &phone.after), ("delete", &None));
    assert_eq!(phone.before.as_ref().unwrap()["full_name"], "Desk 2001");
    assert_eq!(phone.actor, ACTOR, "though the database removed it, with the account");
}

#[test]
fn a_change_of_a_channel_is_found_by_the_agents_number() {
    let (_db, store) = database();
    add_agent(&store, "1001");
    let patch = AgentPatch {
        set_channels: vec![AgentChannel::new(Channel::Chat)],
        ..AgentPatch::default()
    };
    store.set_agent(&parse("1001"), &patch).unwrap();
    let drop = AgentPatch {
        drop_channels: vec![Channel::Chat],
        ..AgentPatch::default()
    };
    store.set_agent(&parse("1001"), &drop).unwrap();
    let subjects: Vec<_> = entries(&store, "agent_channel")
        .into_iter()
        .map(|entry| entry.subject)
        .collect();
    assert_eq!(subjects, [Some("1001".to_owned()), Some("1001".to_owned())]);
}

#[test]
fn a_dbas_own_update_is_recorded_with_the_database_user() {
    let (db, store) = database();
    add_agent(&store, "1001");
    add_agent(&store, "1002");
    db.psql("set application_name = 'by hand'; update peerage.sip_account set chanspy = true");
    let changed = entries(&store, "sip_account");
    for entry in &changed[..2] {
        assert_eq!(entry.actor, "postgres (by hand)");
        assert_eq!(entry.after, Some(json!({"chanspy": true})));
    }
    let subjects: Vec<_> = changed[..2]
        .iter()
        .filter_map(|entry| entry.subject.as_deref())
        .collect();
    assert_eq!(subjects, ["1002", "1001"]);
    db.psql("update peerage.sip_account set chanspy = true");
    assert_eq!(
        entries(&store, "sip_account").len(),
        changed.len(),
        "nothing changed, so nothing is recorded"
    );
}

#[test]
fn an_operation_that_is_refused_leaves_no_trace() {
    let (_db, store) = database();
    add_agent(&store, "1001");
    let before = store.audit(&AuditFilter::default()).unwrap().len();
    assert!(store.add_agent(&crate::support::agent("1001"), &secret()).is_err());
    assert_eq!(store.audit(&AuditFilter::default()).unwrap().len(), before);
}

#[test]
fn the_actor_of_one_operation_is_not_that_of_the_next() {
    let (db, store) = database();
    add_agent(&store, "1001");
    let eve = store.with_actor(Actor::new("eve").unwrap());
    add_agent(&eve, "1002");
    add_agent(&store, "1003");
    let actors = db.psql("select string_agg(actor, ' ' order by id) from peerage.audit_entry where relation = 'agent'");
    assert_eq!(actors, format!("{ACTOR} eve {ACTOR}"));
}

#[test]
fn the_list_is_newest_first_and_can_be_filtered_and_paged() {
    let (db, store) = database();
    add_agent(&store, "1001");
    add_agent(&store.with_actor(Actor::new("eve").unwrap()), "1002");
    store
        .set_site(
            &parse("default"),
            &SitePatch {
                offer_sha256: Some(true),
                ..SitePatch::default()
            },
        )
        .unwrap();

    let all = store.audit(&AuditFilter::default()).unwrap();
    assert!(all.is_sorted_by(|newer, older| newer.id > older.id && newer.at >= older.at));
    let of = |filter: AuditFilter| store.audit(&filter).unwrap();
    let by_eve = of(AuditFilter {
        actor: Some("eve".to_owned()),
        ..AuditFilter::default()
    });
    assert!(by_eve.len() >= 3 && by_eve.iter().all(|entry| entry.subject.as_deref() == Some("1002")));
    let of_1001 = of(AuditFilter {
        subject: Some("1001".to_owned()),
        ..AuditFilter::default()
    });
    assert!(of_1001.len() >= 3 && of_1001.iter().all(|entry| entry.actor == ACTOR));

    let first = of(AuditFilter {
        limit: Some(2),
        ..AuditFilter::default()
    });
    assert_eq!(first, all[..2]);
    let second = of(AuditFilter {
        limit: Some(2),
        before_id: Some(first[1].id),
        ..AuditFilter::default()
    });
    assert_eq!(second, all[2..4]);

    let since = all[0].at;
    let recent = of(AuditFilter {
        since: Some(since),
        ..AuditFilter::default()
    });
    assert_eq!(recent, all[..1]);
    db.psql("update peerage.audit_entry set at = at - interval '1 day'");
    assert!(
        of(AuditFilter {
            since: Some(since),
            ..AuditFilter::default()
        })
        .is_empty()
    );

    assert_eq!(store.audit_entry(all[0].id).unwrap().relation, "site");
    assert_not_found(store.audit_entry(-1), "there is no audit entry `-1`");
}
