use peerage_model::{Digests, Realm};
use peerage_store::{AgentPatch, SitePatch};

use crate::support::{add_agent, add_phone, assert_conflict, assert_invalid, database, parse, secret};

fn renumber(number: &str) -> AgentPatch {
    let mut patch = AgentPatch::default();
    patch.account.number = Some(parse(number));
    patch.account.secret = Some(parse("another-secret"));
    patch
}

#[test]
fn a_new_number_without_a_new_secret_is_refused() {
    let (db, store) = database();
    add_agent(&store, "1001");
    let patch = AgentPatch {
        account: peerage_store::AccountPatch {
            secret: None,
            ..renumber("1002").account
        },
        ..AgentPatch::default()
    };
    assert_invalid(
        store.set_agent(&parse("1001"), &patch),
        "number",
        "a change of number to `1002` demands a new secret in the same command",
    );
    let error = db
        .try_psql("update peerage.sip_account set number = '1002'")
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("sip_secret_id_number_fk"),
        "a DBA is refused too: {error}"
    );
}

#[test]
fn the_number_itself_is_no_change() {
    let (_db, store) = database();
    add_agent(&store, "1001");
    let mut patch = AgentPatch::default();
    patch.account.number = Some(parse("1001"));
    assert!(!store.set_agent(&parse("1001"), &patch).unwrap());
}

#[test]
fn a_new_number_keeps_the_agent_and_drops_what_was_registered() {
    let (db, store) = database();
    add_agent(&store, "1001");
    let id = db.psql("select id from peerage.agent");
    db.psql(
        "insert into peerage.sip_contact (id, uri, account_id)
         select '1001^3B@' || md5('x'), 'sip:1001@10.0.0.7', id from peerage.sip_account;
         update peerage.sip_peer set ipaddr = '10.0.0.7', port = '5060', regseconds = '9999999999';",
    );
    assert!(store.agent(&parse("1001")).unwrap().account.is_registered());
    let mut patch = renumber("1002");
    patch.full_name = Some(parse("Ada King"));
    assert!(store.set_agent(&parse("1001"), &patch).unwrap());

    let found = store.agent(&parse("1002")).unwrap();
    assert_eq!(found.profile.full_name.as_str(), "Ada King");
    assert!(found.account.registrations.is_empty());
    assert!(found.account.secret.is_some());
    assert_eq!(db.psql("select id, number from peerage.agent"), format!("{id}|1002"));
    assert_eq!(db.psql("select count(*) from peerage.sip_contact"), "0");
    assert_eq!(db.psql("select number, ipaddr is null from peerage.sip_peer"), "1002|t");
    let digests = Digests::new(&parse("1002"), &Realm::default(), &parse("another-secret"));
    assert_eq!(
        db.psql("select number, md5_cred from peerage.pjsip_auth"),
        format!("1002|{}", digests.md5())
    );
}

#[test]
fn a_new_number_that_is_taken_is_refused() {
    let (db, store) = database();
    add_agent(&store, "1001");
    add_phone(&store, "2001");
    assert_conflict(
        store.set_agent(&parse("1001"), &renumber("2001")),
        "number `2001` is taken",
    );
    assert_eq!(db.psql("select number from peerage.agent"), "1001");
}

#[test]
fn a_new_secret_is_digested_for_the_realm_of_the_site() {
    let (db, store) = database();
    add_agent(&store, "1001");
    let rome = SitePatch {
        realm: Some(parse("pbx.example.com")),
        ..SitePatch::default()
    };
    store.add_site(&parse("rome"), &rome).unwrap();
    let mut patch = AgentPatch::default();
    patch.account.site = Some(parse("rome"));
    assert!(store.set_agent(&parse("1001"), &patch).unwrap());
    let warnings = store.agent(&parse("1001")).unwrap().account.warnings();
    assert!(
        warnings[0].contains("realm `asterisk`") && warnings[0].contains("pbx.example.com"),
        "{warnings:?}"
    );

    patch.account.secret = Some(secret());
    assert!(store.set_agent(&parse("1001"), &patch).unwrap());
    assert!(store.agent(&parse("1001")).unwrap().account.warnings().is_empty());
    let digests = Digests::new(&parse("1001"), &parse("pbx.example.com"), &secret());
    assert_eq!(
        db.psql("select realm, md5, sha256 from peerage.sip_secret"),
        format!("pbx.example.com|{}|{}", digests.md5(), digests.sha256())
    );
}
