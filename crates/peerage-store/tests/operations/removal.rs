use peerage_model::Role;
use peerage_store::NewLogin;

use crate::support::{add_agent, assert_not_found, database, parse, secret};

#[test]
fn a_removed_agent_leaves_a_row_for_history_and_the_number_is_free() {
    let (db, store) = database();
    add_agent(&store, "1001");
    store.remove_agent(&parse("1001")).unwrap();
    assert_not_found(store.agent(&parse("1001")), "there is no agent `1001`");
    assert_eq!(
        db.psql("select account_id is null, number, full_name, removed_at is not null from peerage.agent"),
        "t|1001|Agent 1001|t"
    );
    add_agent(&store, "1001");
    assert_eq!(db.psql("select count(*) from peerage.agent where number = '1001'"), "2");
    assert_eq!(store.agents(&peerage_store::Filter::default()).unwrap().len(), 1);
}

#[test]
fn contacts_registration_and_secret_go_with_a_removed_agent() {
    let (db, store) = database();
    add_agent(&store, "1001");
    db.psql(
        "insert into peerage.sip_contact (id, uri, account_id)
         select '1001^3B@' || md5('x'), 'sip:1001@10.0.0.7', id from peerage.sip_account",
    );
    store.remove_agent(&parse("1001")).unwrap();
    for table in ["sip_account", "sip_secret", "sip_contact", "sip_peer", "pjsip_endpoint"] {
        assert_eq!(
            db.psql(&format!("select count(*) from peerage.{table}")),
            "0",
            "{table}"
        );
    }
}

#[test]
fn who_signed_in_as_a_removed_agent_no_longer_may() {
    let (_db, store) = database();
    for (number, role) in [("1001", Role::Agent), ("1002", Role::Supervisor)] {
        add_agent(&store, number);
        let login = NewLogin {
            username: parse(&format!("user{number}")),
            role,
            agent: Some(parse(number)),
        };
        store.add_login(&login, Some(&secret().into())).unwrap();
        store.remove_agent(&parse(number)).unwrap();
    }
    assert!(store.login(&parse("user1001")).unwrap().disabled);
    assert!(
        !store.login(&parse("user1002")).unwrap().disabled,
        "a supervisor stays one"
    );
}

#[test]
fn an_agent_whose_account_a_dba_deletes_is_removed_all_the_same() {
    let (db, store) = database();
    add_agent(&store, "1001");
    db.psql("delete from peerage.sip_account where number = '1001'");
    assert_eq!(db.psql("select removed_at is not null from peerage.agent"), "t");
}
