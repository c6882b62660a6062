use peerage_model::{ConflictPolicy, Driver};
use peerage_store::{AgentPatch, SitePatch};

use crate::support::{
    add_agent, add_phone, agent, assert_conflict, assert_invalid, assert_not_found, database, parse, secret,
};

fn full() -> SitePatch {
    SitePatch {
        driver: Some(Driver::Sip),
        realm: Some(parse("pbx.example.com")),
        offer_sha256: Some(true),
        rtcachefriends: Some(true),
        conflict_policy: Some(ConflictPolicy::TakeOver),
        disconnection_timeout: Some(parse("0")),
        time_zone: Some("Europe/Rome".to_owned()),
        emergency_callerid: Some(Some(parse("112"))),
        country: Some(Some(parse("IT"))),
        outside_numbers: Some(Some(parse("+39X.,0ZX."))),
    }
}

#[test]
fn a_site_comes_back_as_it_was_added() {
    let (_db, store) = database();
    store.add_site(&parse("rome"), &full()).unwrap();
    let site = store.site(&parse("rome")).unwrap();
    assert_eq!(
        (site.driver, site.realm.as_str(), site.offer_sha256),
        (Driver::Sip, "pbx.example.com", true)
    );
    assert_eq!(
        (site.conflict_policy, site.disconnection_timeout.get()),
        (ConflictPolicy::TakeOver, 0)
    );
    assert!(site.rtcachefriends);
    assert_eq!(
        (site.time_zone.as_str(), site.emergency_callerid),
        ("Europe/Rome", Some(parse("112")))
    );
    assert_eq!(
        (site.country, site.outside_numbers),
        (Some(parse("IT")), Some(parse("+39X.,0ZX.")))
    );
    assert_eq!((site.agents, site.phones), (0, 0));
}

#[test]
fn there_is_a_default_site_with_defaults_that_cannot_be_removed() {
    let (_db, store) = database();
    let sites = store.sites().unwrap();
    assert_eq!(sites.len(), 1);
    let site = &sites[0];
    assert_eq!(
        (site.name.as_str(), site.driver, site.realm.as_str()),
        ("default", Driver::Pjsip, "asterisk")
    );
    assert_eq!(
        (site.disconnection_timeout.get(), site.time_zone.as_str()),
        (300, "UTC")
    );
    assert_conflict(store.remove_site(&parse("default")), "site `default` cannot be removed");
}

#[test]
fn sites_are_listed_with_how_many_belong_to_them() {
    let (_db, store) = database();
    store.add_site(&parse("rome"), &SitePatch::default()).unwrap();
    add_agent(&store, "1001");
    add_phone(&store, "2001");
    add_phone(&store, "2002");
    let counts: Vec<_> = store
        .sites()
        .unwrap()
        .into_iter()
        .map(|site| (site.name.to_string(), site.agents, site.phones))
        .collect();
    assert_eq!(counts, [("default".to_owned(), 1, 2), ("rome".to_owned(), 0, 0)]);
}

#[test]
fn a_site_is_changed_and_what_is_so_already_is_no_change() {
    let (_db, store) = database();
    store.add_site(&parse("rome"), &SitePatch::default()).unwrap();
    assert!(store.set_site(&parse("rome"), &full()).unwrap());
    assert!(!store.set_site(&parse("rome"), &full()).unwrap());
    assert!(!store.set_site(&parse("rome"), &SitePatch::default()).unwrap());
    let none = SitePatch {
        emergency_callerid: Some(None),
        ..SitePatch::default()
    };
    assert!(store.set_site(&parse("rome"), &none).unwrap());
    let site = store.site(&parse("rome")).unwrap();
    assert_eq!(
        (site.emergency_callerid, site.realm.as_str()),
        (None, "pbx.example.com")
    );
}

#[test]
fn a_name_that_is_taken_or_missing_is_refused() {
    let (_db, store) = database();
    let nothing = SitePatch::default();
    assert_conflict(
        store.add_site(&parse("default"), &nothing),
        "there is a site `default` already",
    );
    assert_not_found(store.site(&parse("rome")), "there is no site `rome`");
    assert_not_found(store.set_site(&parse("rome"), &nothing), "there is no site `rome`");
    assert_not_found(store.remove_site(&parse("rome")), "there is no site `rome`");
}

#[test]
fn a_time_zone_that_the_server_does_not_know_is_refused() {
    let (db, store) = database();
    for zone in ["Europe/Atlantis", "europe/rome", "", "UTC+3 or so"] {
        let patch = SitePatch {
            time_zone: Some(zone.to_owned()),
            ..SitePatch::default()
        };
        let rule = "a time zone that the database server knows, such as Europe/Rome; upper and lower case count";
        let message = format!("`time_zone` cannot be `{zone}`: {rule}");
        assert_invalid(store.set_site(&parse("default"), &patch), "time_zone", &message);
        assert_invalid(store.add_site(&parse("rome"), &patch), "time_zone", &message);
    }
    assert_eq!(db.psql("select count(*) from peerage.site"), "1");
}

#[test]
fn a_site_in_use_is_not_removed_and_one_that_is_left_is() {
    let (_db, store) = database();
    store.add_site(&parse("rome"), &SitePatch::default()).unwrap();
    let mut new = agent("1001");
    new.account.site = parse("rome");
    store.add_agent(&new, &secret()).unwrap();
    assert_conflict(
        store.remove_site(&parse("rome")),
        "site `rome` is in use: agents 1, telephones 0",
    );
    let mut patch = AgentPatch::default();
    patch.account.site = Some(parse("default"));
    store.set_agent(&parse("1001"), &patch).unwrap();
    store.remove_site(&parse("rome")).unwrap();
    assert_not_found(store.site(&parse("rome")), "there is no site `rome`");
}

#[test]
fn offering_sha256_changes_what_pjsip_is_told_of_every_account_of_the_site() {
    let (db, store) = database();
    store.add_site(&parse("rome"), &SitePatch::default()).unwrap();
    add_agent(&store, "1001");
    let mut new = agent("1002");
    new.account.site = parse("rome");
    store.add_agent(&new, &secret()).unwrap();
    let offered = "select string_agg(number || coalesce(supported_algorithms_uas, '-'), ' ' order by number) from peerage.pjsip_auth";
    assert_eq!(db.psql(offered), "1001- 1002-");
    let mut patch = SitePatch {
        offer_sha256: Some(true),
        ..SitePatch::default()
    };
    assert!(store.set_site(&parse("rome"), &patch).unwrap());
    assert_eq!(db.psql(offered), "1001- 1002SHA-256,MD5");
    patch.offer_sha256 = Some(false);
    assert!(store.set_site(&parse("rome"), &patch).unwrap());
    assert_eq!(db.psql(offered), "1001- 1002-");
}
