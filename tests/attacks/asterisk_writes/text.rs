//! Texts of any bytes: taken as they come, given back as they were, and read by people; and nothing that one node writes is
//! something that another cannot read.

use super::node::{Node, contact, database};

const LI: &str = "\u{674e}\u{5c0f}\u{9f8d}";
/// The views that Asterisk reads.
const VIEWS: [&str; 11] = [
    "ps_endpoints",
    "ps_auths",
    "ps_aors",
    "ps_contacts",
    "ps_endpoint_id_ips",
    "sippeers",
    "sipregs",
    "queues",
    "queue_members",
    "queue_rules",
    "queue_log",
];

fn contains(answer: &[u8], wanted: &[u8]) -> bool {
    answer.windows(wanted.len()).any(|bytes| bytes == wanted)
}

#[test]
fn bytes_of_a_phone_are_kept_and_read_by_people_whatever_they_are() {
    let db = database();
    let node = Node::new(&db, "pbx1");
    for (bytes, read) in [
        (&b"T\xe9l\xe9phone"[..], "T\u{e9}l\u{e9}phone"),
        (LI.as_bytes(), LI),
        ("caff\u{e8} ^3B ^5E".as_bytes(), "caff\u{e8} ; ^"),
        // Cut by Asterisk inside the last letter.
        (&LI.as_bytes()[..8], "\u{674e}\u{5c0f}"),
        (b"\xff\xfe\x80", "\u{ff}\u{fe}\u{80}"),
        (b"\xc0\xaf \xed\xa0\x80 \xf5", "\u{c0}\u{af} \u{ed}\u{a0}\u{80} \u{f5}"),
    ] {
        let statement = contact("1001", &[("user_agent", "'@'"), ("call_id", "'@'")]);
        let statement: Vec<u8> = statement
            .split("'@'")
            .map(|part| part.as_bytes().to_owned())
            .collect::<Vec<_>>()
            .join(&[b"'", bytes, b"'"].concat()[..]);
        node.sends(&statement).unwrap();
        assert_eq!(node.sends(b"select user_agent from ps_contacts").unwrap(), bytes);
        assert_eq!(db.psql("select agent_name from peerage.sip_contact"), read);

        let set = [
            b"update sippeers set fullcontact = 'sip:1001@127.0.0.9', regseconds = '1', useragent = '",
            bytes,
            b"' where name = '1001'",
        ];
        node.sends(&set.concat()).unwrap();
        assert_eq!(
            node.sends(b"select useragent from sippeers where name = '1001'")
                .unwrap(),
            bytes
        );
        assert_eq!(
            db.psql("select agent_name from peerage.sip_peer where number = '1001'"),
            read
        );

        let log = [b"insert into queue_log (event, data1) values ('X', '", bytes, b"')"];
        node.sends(&log.concat()).unwrap();
        assert_eq!(db.psql("select data1 from peerage.queue_log where event = 'X'"), read);
        db.psql("delete from peerage.queue_log");
    }
}

#[test]
fn names_that_asterisk_is_told_go_over_the_line_as_utf8_and_stand_in_clear_for_others() {
    let db = database();
    db.psql(&format!(
        "update peerage.sip_account set callerid_name = '{LI} \u{e9}', callerid_number = '1' where number = '1001';
         begin;
         update peerage.agent set full_name = '{LI}' where number = '1001';
         insert into peerage.queue (name, options) values ('sales', '{{\"announce\": \"{LI}\"}}');
         insert into peerage.agent_session (agent_id, agent_number, interface_kind, interface, state_interface, member_name, begun_by, began_at)
         select id, number, 'internal', 'PJSIP/1001', 'PJSIP/1001', full_name, 'ada', clock_timestamp() from peerage.agent where number = '1001';
         insert into peerage.agent_place (session_id, interface_kind, interface, actor, began_at)
         select id, interface_kind, interface, 'ada', began_at from peerage.agent_session;
         insert into peerage.agent_state (session_id, state, began_at) select id, 'available', began_at from peerage.agent_session;
         insert into peerage.queue_login (uniqueid, queue_name, interface, member_name, state_interface, session_id, queue_id, began_at)
         select gen_random_uuid()::text, queue.name, session.interface, session.member_name, session.interface, session.id, queue.id, session.began_at
         from peerage.queue, peerage.agent_session as session;
         commit;",
    ));
    let node = Node::new(&db, "pbx1");
    for view in ["ps_endpoints", "sippeers", "queues", "queue_members"] {
        let told = node.sends(format!("select * from {view}").as_bytes()).unwrap();
        assert!(
            contains(&told, LI.as_bytes()),
            "{view}: {}",
            String::from_utf8_lossy(&told)
        );
        // The view of members has them as app_queue reads them, whoever asks.
        let in_clear = match view {
            "queue_members" => "peerage.queue_login".to_owned(),
            view => format!("asterisk.{view}"),
        };
        let seen = db.psql(&format!("select * from {in_clear}"));
        assert!(seen.contains(LI), "{view}: {seen}");
    }
    let told = node
        .sends(b"select callerid from ps_endpoints where id = '1001'")
        .unwrap();
    assert_eq!(told, format!("\"{LI} \u{e9}\" <1>").as_bytes());

    // A reason comes back as it was written.
    for (bytes, read) in [(LI.as_bytes(), LI), (&b"caf\xe9"[..], "caf\u{e9}")] {
        let set = [
            b"update queue_members set paused = '1', reason_paused = '",
            bytes,
            b"' where queue_name = 'sales'",
        ];
        node.sends(&set.concat()).unwrap();
        assert_eq!(
            db.psql("select reason from peerage.agent_pause where ended_at is null"),
            read
        );
        let told = node
            .sends(b"select reason_paused from queue_members where queue_name = 'sales'")
            .unwrap();
        assert_eq!(told, read.as_bytes());
    }
}

#[test]
fn no_node_writes_what_another_cannot_read() {
    let db = database();
    let [hostile, honest] = ["pbx1", "pbx2"].map(|name| Node::new(&db, name));
    let far = format!("'{LI}'");
    let changes = [
        ("uri", &format!("'sip:{LI}@127.0.0.9'")[..]),
        ("user_agent", &far),
        ("call_id", &far),
        ("via_addr", &far),
        ("reg_server", &far),
        ("path", &far),
        ("outbound_proxy", &far),
    ];
    hostile
        .says(&format!(
            "set client_encoding = 'UTF8'; {}
             update sippeers set fullcontact = 'sip:{LI}@x', useragent = '{LI}', regserver = '{LI}', path = '{LI}', defaultuser = '{LI}' where name = '1001';
             insert into queue_log (time, callid, queuename, agent, event, data1, data5) values ('{LI}', '{LI}', '{LI}', '{LI}', '{LI}', '{LI}', '{LI}');",
            contact("1001", &changes)
        ))
        .unwrap();
    for view in VIEWS {
        honest
            .sends(format!("select * from {view}").as_bytes())
            .unwrap_or_else(|error| panic!("{view}: {error}"));
    }
    assert_eq!(
        db.psql("select agent_name, contact_uri from peerage.sip_contact"),
        format!("{LI}|sip:{LI}@127.0.0.9")
    );
    assert_eq!(
        db.psql("select bad_time, data1 from peerage.queue_log"),
        format!("{LI}|{LI}")
    );
}
