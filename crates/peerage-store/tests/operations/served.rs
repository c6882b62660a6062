//! What Asterisk is told is always what the accounts say: the served tables equal their mappings, whatever was done before.

use std::cell::Cell;

use peerage_store::{AgentPatch, NewAgent, PhonePatch, SitePatch, Store, StoreError};
use peerage_testkit::db::TestDb;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::support::{agent, database, parse, phone, secret};

/// The served tables: those beside which there is a mapping.
fn served(db: &TestDb) -> Vec<String> {
    let names = db.psql(
        "select replace(viewname, '_mapping', '') from pg_views
         where schemaname = 'peerage' and viewname like '%\\_mapping' order by 1",
    );
    names.lines().map(str::to_owned).collect()
}

/// Columns of a table or view with their types, in order.
fn columns(db: &TestDb, relation: &str) -> Vec<String> {
    let columns = db.psql(&format!(
        "select column_name || ' ' || data_type from information_schema.columns
         where table_schema = 'peerage' and table_name = '{relation}' order by ordinal_position"
    ));
    columns.lines().map(str::to_owned).collect()
}

/// Rows that stand in a served table but not in its mapping, or the other way round. What chan_sip writes beside them is
/// its own.
fn differences(db: &TestDb) -> String {
    let queries: Vec<String> = served(db)
        .iter()
        .map(|table| {
            let columns = columns(db, &format!("{table}_mapping"));
            let names: Vec<&str> = columns.iter().filter_map(|column| column.split(' ').next()).collect();
            let names = names.join(", ");
            format!(
                "select '{table}', difference::text
                 from (
                   (select {names} from peerage.{table} except all select {names} from peerage.{table}_mapping)
                   union all
                   (select {names} from peerage.{table}_mapping except all select {names} from peerage.{table})
                 ) as difference"
            )
        })
        .collect();
    db.psql(&queries.join(" union all "))
}

#[test]
fn there_are_five_served_tables_and_they_have_the_columns_of_their_mappings() {
    let (db, _store) = database();
    assert_eq!(
        served(&db),
        [
            "pjsip_aor",
            "pjsip_auth",
            "pjsip_endpoint",
            "pjsip_identify",
            "sip_peer"
        ]
    );
    for table in served(&db) {
        let (served, mapped) = (columns(&db, &table), columns(&db, &format!("{table}_mapping")));
        assert!(mapped.iter().all(|column| served.contains(column)), "{table}");
        // chan_sip's peers also take what chan_sip writes.
        assert!(served.len() == mapped.len() || table == "sip_peer", "{table}");
    }
}

#[test]
fn a_column_appended_to_a_served_table_takes_no_other_columns_place() {
    let (db, store) = database();
    store.add_agent(&agent("1001"), &secret()).unwrap();
    // As a migration and a changed mapping would.
    db.psql(
        "alter table peerage.sip_account add column dtmf_mode text not null default 'rfc4733';
         alter table peerage.sip_peer add column dtmfmode text;
         do $$
         begin
           execute 'create or replace view peerage.sip_peer_mapping as '
             || replace(pg_get_viewdef('peerage.sip_peer_mapping'::regclass), e'\n   FROM', e',\n account.dtmf_mode as dtmfmode\n   FROM');
         end
         $$",
    );
    store.add_agent(&agent("1002"), &secret()).unwrap();
    assert_eq!(
        db.psql("select string_agg(concat(number, ' ', ipaddr), ', ' order by number) from peerage.sip_peer"),
        "1001 , 1002 "
    );
    // And that nobody serves the new column yet is found.
    assert!(differences(&db).contains("rfc4733"), "{}", differences(&db));
}

#[test]
fn the_comparison_finds_a_missing_a_stale_and_a_different_row() {
    let (db, store) = database();
    store.add_agent(&agent("1001"), &secret()).unwrap();
    assert_eq!(differences(&db), "");
    for spoil in [
        "delete from peerage.pjsip_auth",
        "update peerage.sip_peer set context = 'other'",
        "insert into peerage.pjsip_identify (number, match, site_id) values ('1001', '10.0.0.1', 1)",
    ] {
        db.psql(spoil);
        assert_ne!(differences(&db), "", "{spoil}");
        db.psql("select peerage.serve_all()");
        assert_eq!(differences(&db), "", "{spoil}");
    }
}

/// One thing that somebody does; numbers are small, so that they meet.
#[derive(Debug, Clone)]
enum Deed {
    AddAgent(u8, Settings),
    AddPhone(u8, Settings),
    SetAgent(u8, Settings),
    SetPhone(u8, Settings),
    Renumber(u8, u8),
    NewSecret(u8),
    Remove(u8),
    OfferSha256(bool),
    MoveSite(u8, bool),
    ByHand(&'static str),
}

#[derive(Debug, Clone)]
struct Settings {
    disabled: bool,
    transports: &'static str,
    host: &'static str,
    nat: &'static str,
    peer_type: &'static str,
    caller_id: &'static str,
    groups: &'static str,
    names: &'static str,
    video: bool,
    encryption: bool,
}

impl Settings {
    fn onto(&self, new: &mut peerage_store::NewAccount) {
        let voice = &mut new.voice;
        new.disabled = self.disabled;
        voice.transports = parse(self.transports);
        voice.host = parse(self.host);
        voice.nat = parse(self.nat);
        voice.peer_type = parse(self.peer_type);
        voice.caller_id = parse(self.caller_id);
        voice.call_groups = parse(self.groups);
        voice.named_pickup_groups = parse(self.names);
        voice.video = self.video;
        voice.encryption = self.encryption;
    }

    fn patch(&self) -> peerage_store::AccountPatch {
        let mut new = NewAgent::new(parse("1"), parse("x")).account;
        self.onto(&mut new);
        let mut patch = peerage_store::AccountPatch {
            disabled: Some(self.disabled),
            ..peerage_store::AccountPatch::default()
        };
        let voice = &mut patch.voice;
        voice.transports = Some(new.voice.transports);
        voice.host = Some(new.voice.host);
        voice.nat = Some(new.voice.nat);
        voice.peer_type = Some(new.voice.peer_type);
        voice.caller_name = Some(new.voice.caller_id.name);
        voice.call_groups = Some(new.voice.call_groups);
        voice.video = Some(new.voice.video);
        voice.encryption = Some(new.voice.encryption);
        patch
    }
}

fn settings() -> impl Strategy<Value = Settings> {
    (
        any::<[bool; 3]>(),
        select(vec!["udp", "tcp,udp", "tls", "ws,wss", "wss,udp"]),
        select(vec!["dynamic", "dynamic", "10.0.0.1", "10.0.0.2", "2001:db8::1"]),
        select(vec!["yes", "no", "force_rport", "comedia", "never", "route"]),
        select(vec!["user", "peer", "friend"]),
        select(vec!["", "<100>", "Ada", "\"A;^\\\"\\\\\" <1>"]),
        select(vec!["", "1,3-5,63"]),
        select(vec!["", "sales", "sales,desk_1"]),
    )
        .prop_map(
            |([disabled, video, encryption], transports, host, nat, peer_type, caller_id, groups, names)| Settings {
                disabled,
                transports,
                host,
                nat,
                peer_type,
                caller_id,
                groups,
                names,
                video,
                encryption,
            },
        )
}

fn deed() -> impl Strategy<Value = Deed> {
    let number = || 0..8_u8;
    prop_oneof![
        4 => (number(), settings()).prop_map(|(number, settings)| Deed::AddAgent(number, settings)),
        4 => (number(), settings()).prop_map(|(number, settings)| Deed::AddPhone(number, settings)),
        3 => (number(), settings()).prop_map(|(number, settings)| Deed::SetAgent(number, settings)),
        3 => (number(), settings()).prop_map(|(number, settings)| Deed::SetPhone(number, settings)),
        2 => (number(), number()).prop_map(|(from, to)| Deed::Renumber(from, to)),
        1 => number().prop_map(Deed::NewSecret),
        2 => number().prop_map(Deed::Remove),
        1 => any::<bool>().prop_map(Deed::OfferSha256),
        1 => (number(), any::<bool>()).prop_map(|(number, rome)| Deed::MoveSite(number, rome)),
        2 => select(vec![
            "update peerage.sip_account set disabled = not disabled",
            "update peerage.sip_account set context = number where number < '4'",
            "delete from peerage.sip_account where number > '5'",
            "delete from peerage.sip_secret where number < '3'",
            "update peerage.sip_secret set realm = 'other', md5 = reverse(md5)",
            "update peerage.site set offer_sha256 = not offer_sha256",
            "update peerage.site set rtcachefriends = not rtcachefriends",
            "with account as (
               insert into peerage.sip_account (site_id, number, kind) select min(id), '99', 'phone' from peerage.site on conflict do nothing
               returning id, number
             )
             insert into peerage.phone (account_id, number, full_name) select id, number, 'By hand' from account",
            "update peerage.sip_account set number = 'x' || number where number = '99'",
            "truncate peerage.sip_contact",
        ]).prop_map(Deed::ByHand),
    ]
}

/// Does it, and tells whether it was done: a refusal is part of the game.
fn attempt(db: &TestDb, store: &Store, deed: &Deed) -> Result<(), StoreError> {
    let name = |number: u8| parse(&number.to_string());
    match deed {
        Deed::AddAgent(number, settings) => {
            let mut new = agent(&number.to_string());
            settings.onto(&mut new.account);
            store.add_agent(&new, &secret())
        }
        Deed::AddPhone(number, settings) => {
            let mut new = phone(&number.to_string());
            settings.onto(&mut new.account);
            store.add_phone(&new, &secret())
        }
        Deed::SetAgent(number, settings) => {
            let patch = AgentPatch {
                account: settings.patch(),
                ..AgentPatch::default()
            };
            store.set_agent(&name(*number), &patch).map(drop)
        }
        Deed::SetPhone(number, settings) => {
            let patch = PhonePatch {
                account: settings.patch(),
                ..PhonePatch::default()
            };
            store.set_phone(&name(*number), &patch).map(drop)
        }
        Deed::Renumber(from, to) => {
            let mut patch = AgentPatch::default();
            patch.account.number = Some(name(*to));
            patch.account.secret = Some(secret());
            store.set_agent(&name(*from), &patch).map(drop)
        }
        Deed::NewSecret(number) => {
            let mut patch = PhonePatch::default();
            patch.account.secret = Some(secret());
            store.set_phone(&name(*number), &patch).map(drop)
        }
        Deed::Remove(number) => store
            .remove_agent(&name(*number))
            .or_else(|_| store.remove_phone(&name(*number))),
        Deed::OfferSha256(offer) => {
            let patch = SitePatch {
                offer_sha256: Some(*offer),
                ..SitePatch::default()
            };
            store.set_site(&parse("rome"), &patch).map(drop)
        }
        Deed::MoveSite(number, rome) => {
            let mut patch = AgentPatch::default();
            patch.account.site = Some(parse(if *rome { "rome" } else { "default" }));
            store.set_agent(&name(*number), &patch).map(drop)
        }
        Deed::ByHand(statement) => {
            // Refused when it would part a secret from its number; that is as it should be.
            let _ = db.try_psql(statement);
            Ok(())
        }
    }
}

#[test]
fn the_served_tables_are_their_mappings_after_anything() {
    let (db, store) = database();
    store.add_site(&parse("rome"), &SitePatch::default()).unwrap();
    let mut runner = TestRunner::new(Config {
        cases: 40,
        max_shrink_iters: 200,
        failure_persistence: None,
        ..Config::default()
    });
    let (done, refused) = (Cell::new(0), Cell::new(0));
    let outcome = runner.run(&proptest::collection::vec(deed(), 1..12), |deeds| {
        for deed in &deeds {
            match attempt(&db, &store, deed) {
                Ok(()) => done.set(done.get() + 1),
                Err(StoreError::NotFound(_) | StoreError::Conflict(_) | StoreError::Invalid(_)) => {
                    refused.set(refused.get() + 1);
                }
                Err(error) => return Err(TestCaseError::fail(format!("{deed:?}: {error:?}"))),
            }
        }
        let differences = differences(&db);
        prop_assert!(differences.is_empty(), "{differences}");
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    assert!(
        done.get() > 50 && refused.get() > 10,
        "done {}, refused {}",
        done.get(),
        refused.get()
    );
}

/// Registers 1001 as chan_sip does, over TCP.
fn registered_over_tcp(db: &TestDb) {
    db.psql(
        "update asterisk.sippeers set ipaddr = '10.0.0.7', port = '5060', fullcontact = 'sip:u@10.0.0.7:5060^3Btransport=tcp',
         defaultuser = 'u', regseconds = '9999999999', useragent = 'a phone', lastms = '0' where name = '1001'",
    );
}

/// What chan_sip reads of it.
fn read(db: &TestDb) -> String {
    db.psql("select context, host, transport, ipaddr, defaultuser, fullcontact is not null from asterisk.sippeers")
}

#[test]
fn a_chan_sip_registration_outlives_a_change_of_its_account_but_not_of_its_host_or_number() {
    let (db, store) = database();
    let mut new = agent("1001");
    new.account.voice.transports = parse("udp,tcp,tls");
    store.add_agent(&new, &secret()).unwrap();
    assert_eq!(read(&db), "from-sip|dynamic|udp,tcp,tls||1001|f");
    registered_over_tcp(&db);
    assert_eq!(read(&db), "from-sip|dynamic|tcp,udp,tls|10.0.0.7|u|t");

    let set = |statement: &str| db.psql(&format!("update peerage.sip_account set {statement}"));
    set("context = 'other', transports = '{tls,tcp}'");
    assert_eq!(read(&db), "other|dynamic|tcp,tls|10.0.0.7|u|t");
    set("transports = '{tls}'");
    assert_eq!(read(&db), "other|dynamic|tls|10.0.0.7|u|t");

    set("host = '10.0.0.9'");
    assert_eq!(read(&db), "other|10.0.0.9|tls||1001|f");
    set("host = 'dynamic', transports = '{udp,tcp}'");
    registered_over_tcp(&db);
    assert_eq!(read(&db), "other|dynamic|tcp,udp|10.0.0.7|u|t");
    db.psql(
        "begin; update peerage.sip_account set number = '1002'; update peerage.sip_secret set number = '1002'; commit",
    );
    assert_eq!(read(&db), "other|dynamic|udp,tcp||1002|f");
}

#[test]
fn who_is_disabled_is_registered_no_more() {
    let (db, store) = database();
    store.add_agent(&agent("1001"), &secret()).unwrap();
    registered_over_tcp(&db);
    for disabled in [true, false] {
        db.psql(&format!("update peerage.sip_account set disabled = {disabled}"));
    }
    assert_eq!(read(&db), "from-sip|dynamic|udp||1001|f");
}
