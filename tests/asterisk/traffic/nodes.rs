//! Several Asterisk nodes on one database.

use peerage_testkit::asterisk::{Asterisk, Transport, wait_until};
use peerage_testkit::db::TestDb;

use super::account::{add_account, phone, registrations};
use super::log::complaints;
use super::stack::{CHAN_SIP_16, PATIENCE, PJSIP_16, PJSIP_22, Stack, builder, node_login, on_stacks};

const NUMBER: &str = "1001";

fn database() -> TestDb {
    let db = TestDb::new();
    add_account(&db, NUMBER, &[]);
    db
}

fn node(stack: Stack, db: &TestDb, name: &str, sip_conf: &str) -> Asterisk {
    let builder = builder(stack, node_login(db, name)).node(name);
    builder
        .file("local/sip.conf", format!("[general](+)\n{sip_conf}\n"))
        .start()
        .unwrap()
}

fn address(asterisk: &Asterisk) -> std::net::SocketAddr {
    asterisk.sip_addr(Transport::Udp)
}

/// Has every clear of a registration noted, with the node it comes from and the one that holds the registration.
fn note_clears(db: &TestDb) {
    db.psql(
        "create table public.noted (node text, holder text);
        create function public.note() returns trigger language plpgsql security definer as $$
        begin
          insert into public.noted values (peerage.writer(), old.node);
          return new;
        end $$;
        create trigger a_note before update on peerage.sip_peer for each row
        when (new.fullcontact = '') execute function public.note()",
    );
}

#[test]
fn a_chan_sip_node_that_thinks_a_registration_over_does_not_end_it_at_another() {
    let db = database();
    note_clears(&db);
    // One node keeps peers in memory, with a timer for each: it learns nothing of what other nodes write.
    let stale = node(CHAN_SIP_16, &db, "stale", "rtcachefriends = yes\nminexpiry = 1");
    let other = node(CHAN_SIP_16, &db, "other", "");
    // Its timer runs ten seconds longer than the registration.
    let before = phone(NUMBER).expires(1);
    before.register(address(&stale)).unwrap().assert_code(200);
    // It clears in the database only what it once read from there.
    stale.cli(&format!("sip prune realtime peer {NUMBER}")).unwrap();
    stale.cli(&format!("sip show peer {NUMBER} load")).unwrap();
    before.register(address(&stale)).unwrap().assert_code(200);

    let now = phone(NUMBER);
    let online = now.online(address(&other)).unwrap();
    wait_until("the first node's timer has run out", PATIENCE, || {
        Ok(db.psql("select count(*) from public.noted where node = 'stale' and holder = 'other'") != "0")
    })
    .unwrap();
    let live = registrations(&db, false, NUMBER);
    assert_eq!(live.len(), 1);
    assert_eq!(
        (live[0].uri.clone(), live[0].node.as_str()),
        (now.contact().unwrap(), "other")
    );
    add_account(&db, "1002", &[]);
    phone("1002").call(address(&other), NUMBER).unwrap().assert_code(200);
    assert_eq!(online.calls().unwrap(), 1);

    // The node that holds it may end it.
    drop(online);
    now.unregister(address(&other)).unwrap().assert_code(200);
    assert_eq!(registrations(&db, false, NUMBER), []);
    for node in [&stale, &other] {
        assert_eq!(complaints(node), [""; 0]);
    }
}

#[test]
fn a_chan_sip_clear_holds_when_its_own_node_sends_it_or_nothing_lives() {
    let db = database();
    let [pbx1, pbx2] = ["pbx1", "pbx2"].map(|name| db.node(name).user);
    let write = |node: &str, seconds: i64| {
        db.psql(&format!(
            "set session authorization {node};
            update asterisk.sipregs set ipaddr = '127.0.0.9', fullcontact = 'sip:{NUMBER}@127.0.0.9:5060', lastms = '0',
              useragent = 'a phone', defaultuser = '{NUMBER}', port = '5060',
              regseconds = (extract(epoch from now())::bigint + {seconds})::text
            where name = '{NUMBER}'"
        ))
    };
    // Prints the row count as Asterisk is told it.
    let clear = |node: &str| {
        db.psql(&format!(
            "set session authorization {node};
            with cleared as (
              update asterisk.sipregs set fullcontact = '', lastms = '0', useragent = '', regserver = '', regseconds = '0',
                port = '0', ipaddr = ''
              where name = '{NUMBER}'
              returning 1
            ) select count(*) from cleared"
        ))
    };
    let left = || db.psql("select count(*) from peerage.sip_peer where fullcontact is not null");

    write(&pbx1, 60);
    assert_eq!((clear(&pbx2), left()), ("1".into(), "1".into()));
    assert_eq!((clear(&pbx1), left()), ("1".into(), "0".into()));
    write(&pbx1, -1);
    assert_eq!((clear(&pbx2), left()), ("1".into(), "0".into()));
}

#[test]
fn a_pjsip_registration_moves_and_ends_at_whichever_node_the_phone_says_so() {
    on_stacks(&[PJSIP_16, PJSIP_22], |stack| {
        let db = database();
        let [one, other] = ["pbx1", "pbx2"].map(|name| node(stack, &db, name, ""));
        let only = || {
            let mut live = registrations(&db, true, NUMBER);
            assert_eq!(live.len(), 1, "{live:?}");
            live.remove(0)
        };
        phone(NUMBER).register(address(&one)).unwrap().assert_code(200);
        assert_eq!((only().node, only().server), ("pbx1".into(), "pbx1".into()));

        let moved = phone(NUMBER);
        moved.register(address(&other)).unwrap().assert_code(200);
        assert_eq!((only().uri, only().node), (moved.contact().unwrap(), "pbx2".into()));

        moved.unregister(address(&one)).unwrap().assert_code(200);
        assert_eq!(registrations(&db, true, NUMBER), []);
        for node in [&one, &other] {
            assert!(!node.cli("pjsip show contacts").unwrap().contains(NUMBER));
            assert_eq!(complaints(node), [""; 0], "{}", stack.name);
        }
    });
}
