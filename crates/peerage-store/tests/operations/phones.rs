use peerage_store::{AccountPatch, Filter, PhonePatch, VoicePatch};

use crate::support::{
    add_agent, add_phone, assert_conflict, assert_invalid, assert_not_found, database, parse, phone, secret,
};

#[test]
fn a_telephone_comes_back_as_it_was_added() {
    let (_db, store) = database();
    let mut new = phone("2001");
    new.emergency_callerid = Some(parse("+390612345"));
    new.account.voice.codecs = parse("g722,alaw");
    store.add_phone(&new, &secret()).unwrap();
    let found = store.phone(&parse("2001")).unwrap();
    assert_eq!(found.full_name, new.full_name);
    assert_eq!(found.emergency_callerid, new.emergency_callerid);
    assert_eq!(found.account.voice, new.account.voice);
    assert!(found.account.secret.is_some());
}

#[test]
fn a_telephones_number_must_be_free() {
    let (_db, store) = database();
    add_agent(&store, "1001");
    assert_conflict(store.add_phone(&phone("1001"), &secret()), "number `1001` is taken");
    add_phone(&store, "2001");
    assert_conflict(store.add_phone(&phone("2001"), &secret()), "number `2001` is taken");
}

#[test]
fn a_telephone_is_changed_and_what_is_so_already_is_no_change() {
    let (_db, store) = database();
    add_phone(&store, "2001");
    let patch = PhonePatch {
        account: AccountPatch {
            voice: VoicePatch {
                video: Some(true),
                ..VoicePatch::default()
            },
            ..AccountPatch::default()
        },
        full_name: Some(parse("Reception")),
        emergency_callerid: Some(Some(parse("112"))),
    };
    assert!(store.set_phone(&parse("2001"), &patch).unwrap());
    let found = store.phone(&parse("2001")).unwrap();
    assert_eq!(found.full_name.as_str(), "Reception");
    assert!(found.account.voice.video);
    assert!(!store.set_phone(&parse("2001"), &patch).unwrap());
    let none = PhonePatch {
        emergency_callerid: Some(None),
        ..PhonePatch::default()
    };
    assert!(store.set_phone(&parse("2001"), &none).unwrap());
    assert_eq!(store.phone(&parse("2001")).unwrap().emergency_callerid, None);
}

#[test]
fn a_telephones_new_number_demands_a_new_secret() {
    let (_db, store) = database();
    add_phone(&store, "2001");
    let mut patch = PhonePatch::default();
    patch.account.number = Some(parse("2002"));
    assert_invalid(
        store.set_phone(&parse("2001"), &patch),
        "number",
        "a change of number to `2002` demands a new secret in the same command",
    );
    patch.account.secret = Some(secret());
    patch.full_name = Some(parse("Moved"));
    assert!(store.set_phone(&parse("2001"), &patch).unwrap());
    assert_eq!(store.phone(&parse("2002")).unwrap().full_name.as_str(), "Moved");
    assert_not_found(store.phone(&parse("2001")), "there is no telephone `2001`");
}

#[test]
fn a_removed_telephone_is_gone_and_its_number_is_free_for_an_agent() {
    let (db, store) = database();
    add_phone(&store, "2001");
    store.remove_phone(&parse("2001")).unwrap();
    assert_not_found(store.remove_phone(&parse("2001")), "there is no telephone `2001`");
    assert_eq!(db.psql("select count(*) from peerage.phone"), "0");
    add_agent(&store, "2001");
}

#[test]
fn telephones_are_listed_without_agents() {
    let (_db, store) = database();
    add_agent(&store, "1001");
    for number in ["2002", "2001", "3001"] {
        add_phone(&store, number);
    }
    let numbers = |search: Option<&str>| -> Vec<String> {
        let filter = Filter {
            search: search.map(str::to_owned),
            ..Filter::default()
        };
        let phones = store.phones(&filter).unwrap();
        phones
            .into_iter()
            .map(|phone| phone.account.number.to_string())
            .collect()
    };
    assert_eq!(numbers(None), ["2001", "2002", "3001"]);
    assert_eq!(numbers(Some("DESK 2")), ["2001", "2002"]);
    let error = store.phone(&parse("1001")).unwrap_err();
    assert_eq!(error.hint().unwrap(), "`1001` is the number of an agent");
}
