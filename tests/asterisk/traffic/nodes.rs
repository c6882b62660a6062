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

/// Waits until the database knows the clocks of so many nodes.
fn clocks_are_known(db: &TestDb, nodes: usize) {
    wait_until("the database knows the nodes' clocks", PATIENCE, || {
        Ok(db.psql("select count(*) from peerage.node_clock") == nodes.to_string())
    })
    .unwrap();
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
        clocks_are_known(&db, 2);
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

/// Seconds of an hour.
const HOUR: i32 = 3600;

fn node_with_clock(stack: Stack, db: &TestDb, name: &str, ahead: i32) -> Asterisk {
    let builder = builder(stack, node_login(db, name)).node(name);
    builder.clock_ahead(ahead).start().unwrap()
}

/// Waits until a node has looked for expired contacts again, as far as the database has noted it.
fn seen_again(db: &TestDb, node: &str) {
    let seen = || {
        let clock = "select clock.seen_at from peerage.node_clock as clock join peerage.node as node using (login) where node.name = ";
        db.psql(&format!("{clock}'{node}'"))
    };
    let before = seen();
    assert_ne!(before, "");
    wait_until("the node has looked for expired contacts again", PATIENCE, || {
        Ok(seen() != before)
    })
    .unwrap();
}

#[test]
fn a_pjsip_node_whose_clock_is_ahead_removes_nobodys_living_contact() {
    on_stacks(&[PJSIP_16, PJSIP_22], |stack| {
        let db = database();
        add_account(&db, "1002", &[]);
        let right = node(stack, &db, "right", "");
        let before = phone(NUMBER).expires(600);
        let online = before.online(address(&right)).unwrap();
        let living = || {
            let mut live = registrations(&db, true, NUMBER);
            assert_eq!(live.len(), 1, "{}: {live:?}", stack.name);
            live.remove(0)
        };

        // Reads all contacts when it starts, those of an AOR when it is called, and the expired ones all the time.
        let ahead = node_with_clock(stack, &db, "ahead", HOUR);
        clocks_are_known(&db, 2);
        let measured =
            db.psql("select ahead between 3590 and 3600 from peerage.node_clock order by ahead desc limit 1");
        assert_eq!(measured, "t", "{}", stack.name);
        let _ = phone("1002").call(address(&ahead), NUMBER);
        seen_again(&db, "ahead");
        seen_again(&db, "ahead");
        assert_eq!(
            (living().uri, living().node),
            (before.contact().unwrap(), "right".to_owned())
        );
        phone("1002").call(address(&right), NUMBER).unwrap().assert_code(200);
        assert_eq!(online.calls().unwrap(), 1, "{}", stack.name);
        drop(online);

        // What it takes itself is told in the time of the database.
        let there = phone("1002").expires(120);
        there.register(address(&ahead)).unwrap().assert_code(200);
        let live = registrations(&db, true, "1002");
        assert!((60..=130).contains(&live[0].seconds), "{}: {live:?}", stack.name);

        // A move is a move, and who leaves is gone.
        let moved = phone(NUMBER).expires(600);
        moved.register(address(&ahead)).unwrap().assert_code(200);
        assert_eq!(
            (living().uri, living().node),
            (moved.contact().unwrap(), "ahead".to_owned())
        );
        moved.unregister(address(&ahead)).unwrap().assert_code(200);
        assert_eq!(registrations(&db, true, NUMBER), []);
        there.unregister(address(&right)).unwrap().assert_code(200);
        assert_eq!(registrations(&db, true, "1002"), []);
    });
}

#[test]
fn what_a_pjsip_node_ends_before_its_clock_is_known_ends_when_it_proves_right() {
    on_stacks(&[PJSIP_16, PJSIP_22], |stack| {
        let db = database();
        let [one, other] = ["pbx1", "pbx2"].map(|name| node(stack, &db, name, ""));
        let phone = phone(NUMBER);
        phone.register(address(&one)).unwrap().assert_code(200);
        // As after a start, or a lost connection.
        db.psql("delete from peerage.node_clock");
        phone.unregister(address(&other)).unwrap().assert_code(200);
        wait_until("the contact is gone", PATIENCE, || {
            Ok(registrations(&db, true, NUMBER).is_empty())
        })
        .unwrap();
    });
}

#[test]
fn a_pjsip_node_whose_clock_is_behind_registers_phones_for_as_long_as_they_asked() {
    on_stacks(&[PJSIP_16, PJSIP_22], |stack| {
        let db = database();
        let _right = node(stack, &db, "right", "");
        let behind = node_with_clock(stack, &db, "behind", -600);
        clocks_are_known(&db, 2);
        let phone = phone(NUMBER).expires(120);
        phone.register(address(&behind)).unwrap().assert_code(200);
        let live = registrations(&db, true, NUMBER);
        assert!(
            live.len() == 1 && (60..=130).contains(&live[0].seconds),
            "{}: {live:?}",
            stack.name
        );
        seen_again(&db, "right");
        assert_eq!(registrations(&db, true, NUMBER).len(), 1, "{}", stack.name);
    });
}

#[test]
fn a_chan_sip_node_whose_clock_is_ahead_removes_nobodys_living_registration() {
    let db = database();
    let right = node(CHAN_SIP_16, &db, "right", "");
    let phone = phone(NUMBER).expires(600);
    phone.register(address(&right)).unwrap().assert_code(200);
    let ahead = node_with_clock(CHAN_SIP_16, &db, "ahead", HOUR);
    for _ in 0..3 {
        ahead.cli(&format!("sip show peer {NUMBER} load")).unwrap();
    }
    let live = registrations(&db, false, NUMBER);
    assert_eq!(live.len(), 1);
    assert_eq!(
        (live[0].uri.clone(), live[0].node.as_str()),
        (phone.contact().unwrap(), "right")
    );
}
