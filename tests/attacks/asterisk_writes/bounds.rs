//! How long, how many, and of what shape.

use std::thread;

use super::node::{Node, contact, database, id};

#[test]
fn what_pjsip_could_not_have_written_of_a_contact_is_refused() {
    let db = database();
    let node = Node::new(&db, "pbx1");
    let long_uri = "'sip:1001@127.0.0.9^3Bx=' || repeat('a', 2000000)";
    for (column, value, constraint) in [
        ("uri", long_uri, "sip_contact_uri_check"),
        ("uri", "''", "sip_contact_uri_check"),
        ("uri", "null", "sip_contact_uri_check"),
        ("uri", "'tel:1001'", "sip_contact_uri_check"),
        ("uri", "'sip:'", "sip_contact_uri_check"),
        (
            "uri",
            "'sip:1001@127.0.0.9>,<sip:1002@127.0.0.9'",
            "sip_contact_uri_check",
        ),
        ("uri", "E'sip:1001@127.0.0.9^3Bx=\\nViaa'", "sip_contact_uri_check"),
        ("uri", "'garbage'", "sip_contact_uri_check"),
        ("path", "repeat('<sip:127.0.0.9>,', 1000000)", "sip_contact_path_check"),
        (
            "outbound_proxy",
            "repeat('x', 1000000)",
            "sip_contact_outbound_proxy_check",
        ),
        ("endpoint", "'1002'", "sip_contact_endpoint_check"),
        ("endpoint", "repeat('1', 1000000)", "sip_contact_endpoint_check"),
        ("via_port", "repeat('1', 1000000)", "sip_contact_via_port_check"),
        ("via_port", "'x'", "sip_contact_via_port_check"),
        ("via_port", "'65536'", "sip_contact_via_port_check"),
        ("uri", "'sip:1001@127.0.0.9:65536'", "sip_contact_uri_check"),
        ("uri", "'sip:1001@[fe80::1]:65536^3Bx=1'", "sip_contact_uri_check"),
        ("qualify_frequency", "'often'", "sip_contact_qualify_frequency_check"),
        (
            "qualify_timeout",
            "repeat('1', 1000000)",
            "sip_contact_qualify_timeout_check",
        ),
        ("prune_on_boot", "'perhaps'", "sip_contact_prune_on_boot_check"),
        (
            "authenticate_qualify",
            "repeat('no', 1000000)",
            "sip_contact_prune_on_boot_check",
        ),
        ("qualify_2xx_only", "'x'", "sip_contact_prune_on_boot_check"),
        ("id", "'1001^3B@' || repeat('0', 1000000)", "sip_contact_id_check"),
        ("id", "'1001^3B@x'", "sip_contact_id_check"),
        ("id", "'1001@@0123456789abcdef0123456789abcdef'", "sip_contact_id_check"),
        (
            "id",
            "repeat('1', 1000000) || '^3B@0123456789abcdef0123456789abcdef'",
            "sip_contact_id_check",
        ),
        ("id", "'%^3B@0123456789abcdef0123456789abcdef'", "sip_contact_id_check"),
        (
            "id",
            "'9999^3B@0123456789abcdef0123456789abcdef'",
            "sip_contact_aor_check",
        ),
    ] {
        let mut changes = vec![(column, value)];
        if constraint == "sip_contact_aor_check" {
            changes.push(("endpoint", "'9999'"));
        }
        node.is_refused(&contact("1001", &changes), constraint);
    }
    assert_eq!(db.psql("select count(*) from peerage.sip_contact"), "0");

    // The node's own machine, however it is written.
    db.psql("insert into peerage.node_address (node_id, address) select id, own::cidr from peerage.node cross join unnest(array['127.0.0.0/8', '::1']) as own");
    for host in [
        "127.0.0.1",
        "a,b@127.0.0.1",
        "a:b,c@127.77.1.1:5038",
        "1001@localhost.localdomain",
        "1001@ip6-localhost:5038",
        "1001@[::1]",
        "1001@[::ffff:127.0.0.1]",
        "1001@[::127.0.0.1]:5038",
        "1001@[64:ff9b::7f00:1]",
        "1001@0.0.0.0",
        "1001@224.0.0.1",
        "1001@[ff02::1]",
    ] {
        node.is_refused(
            &contact("1001", &[("uri", &format!("'sip:{host}'"))]),
            "sip_contact_uri_at_node",
        );
    }
    node.is_refused(
        &contact("1001", &[("path", "'<sip:a,b@127.0.0.1^3Blr>'")]),
        "sip_contact_uri_at_node",
    );
    for (column, value) in [
        ("path", "'<sip:203.0.113.1^3Bmaddr=127.0.0.1>'"),
        ("outbound_proxy", "'sip:203.0.113.1^3BMADDR=127.0.0.1'"),
        ("uri", "'sip:1001@203.0.113.9^3Bx=1^3B%6Daddr=127.0.0.1'"),
        ("path", "'<sip:203.0.113.1^3B%6daddr=127.0.0.1>'"),
    ] {
        node.is_refused(&contact("1001", &[(column, value)]), "sip_contact_uri_address");
    }
    node.says(&contact("1001", &[("uri", "'sip:1001@10.1.2.3'")])).unwrap();
    node.is_refused(
        "update ps_contacts set outbound_proxy = 'sip:127.0.0.1:5060'",
        "sip_contact_uri_at_node",
    );
    node.is_refused(
        "update ps_contacts set path = '<sip:a,b@127.0.0.1^3Blr>'",
        "sip_contact_uri_at_node",
    );
    db.psql("delete from peerage.sip_contact; delete from peerage.node_address");

    // A number behind the host is no port.
    node.says(&contact("1001", &[("uri", "'sip:1001@127.0.0.9:5060^3Bline=a:70000'")]))
        .unwrap();
    assert_eq!(db.psql("delete from peerage.sip_contact returning aor"), "1001");

    // Nor may it become so later.
    node.says(&contact("1001", &[])).unwrap();
    for (set, constraint) in [
        ("uri = repeat('x', 2000000)", "sip_contact_id_uri_check"),
        (
            "id = '1002^3B@0123456789abcdef0123456789abcdef'",
            "sip_contact_id_uri_check",
        ),
        ("endpoint = '1002'", "sip_contact_id_uri_check"),
        ("path = repeat('x', 1000000)", "sip_contact_path_check"),
        ("via_port = 'x'", "sip_contact_via_port_check"),
        ("qualify_timeout = 'x'", "sip_contact_qualify_timeout_check"),
        ("prune_on_boot = 'x'", "sip_contact_prune_on_boot_check"),
    ] {
        node.is_refused(&format!("update ps_contacts set {set}"), constraint);
    }
}

#[test]
fn what_chan_sip_could_not_have_written_of_a_registration_is_refused() {
    let db = database();
    let node = Node::new(&db, "pbx1");
    for view in ["sippeers", "sipregs"] {
        for (column, value, constraint) in [
            (
                "fullcontact",
                "'sip:' || repeat('x', 2000000)",
                "sip_peer_fullcontact_check",
            ),
            (
                "fullcontact",
                "E'sip:1001@127.0.0.9\\r\\nx'",
                "sip_peer_fullcontact_check",
            ),
            ("defaultuser", "repeat('x', 1000000)", "sip_peer_defaultuser_check"),
            ("path", "repeat('x', 1000000)", "sip_peer_path_check"),
            ("ipaddr", "repeat('1', 1000000)", "sip_peer_ipaddr_check"),
            ("ipaddr", "'pbx2'", "sip_peer_ipaddr_check"),
            ("ipaddr", "'999.1.1.1'", "sip_peer_ipaddr_check"),
            ("ipaddr", "'127.1'", "sip_peer_ipaddr_check"),
            ("ipaddr", "'224.0.0.1'", "sip_peer_ipaddr_check"),
            ("ipaddr", "'fe80::1::2'", "sip_peer_ipaddr_check"),
            ("port", "'65536'", "sip_peer_port_check"),
            ("port", "repeat('1', 1000000)", "sip_peer_port_check"),
        ] {
            node.is_refused(
                &format!("update {view} set {column} = {value} where name = '1001'"),
                constraint,
            );
        }
    }
    // It has nothing to say of anything else.
    let denied = node.says("update sippeers set secret = 'x'").unwrap_err();
    assert!(denied.contains("secret"), "{denied}");
}

#[test]
fn what_is_only_shown_is_cut_between_letters_and_codes() {
    let db = database();
    let node = Node::new(&db, "pbx1");
    // 254 bytes, then a code; 253, then a letter of three bytes; and two megabytes.
    for (end, (agent, kept)) in [
        ("repeat('x', 254) || '^3Bend'", "x".repeat(254)),
        ("repeat('x', 252) || '^3Bend'", "x".repeat(252) + ";"),
        (
            "repeat('x', 253) || convert_from('\\xe69d8e', 'LATIN1') || 'end'",
            "x".repeat(253),
        ),
        (
            "repeat('x', 252) || convert_from('\\xe69d8e', 'LATIN1') || 'end'",
            "x".repeat(252) + "\u{674e}",
        ),
        ("repeat('y', 2000000)", "y".repeat(255)),
    ]
    .into_iter()
    .enumerate()
    {
        let end = u32::try_from(end).unwrap();
        let changes = [
            ("id", &id("1001", end)[..]),
            ("user_agent", agent),
            ("call_id", agent),
            ("via_addr", "repeat('1', 2000000)"),
            ("reg_server", "repeat('p', 2000000)"),
            ("expiration_time", "extract(epoch from now())::bigint - 1"),
        ];
        node.says(&contact("1001", &changes)).unwrap();
        let shown = format!(
            "select agent_name from peerage.sip_contact where id = {}",
            id("1001", end)
        );
        assert_eq!(db.psql(&shown), kept, "{agent}");
    }
    let longest = "select max(octet_length(contact::text)) < 3000 from peerage.sip_contact as contact";
    assert_eq!(db.psql(longest), "t");

    node.says("update sippeers set useragent = repeat('y', 2000000), regserver = repeat('p', 2000000), fullcontact = 'sip:1001@127.0.0.9' where name = '1001'")
        .unwrap();
    assert_eq!(
        db.psql("select octet_length(agent_name), octet_length(useragent), octet_length(regserver) from peerage.sip_peer where number = '1001'"),
        "255|255|255"
    );
}

#[test]
fn what_is_only_shown_stays_one_line() {
    let db = database();
    let node = Node::new(&db, "pbx1");
    let written = "E'a\\r\\nAction: Originate\\x1b[2J'";
    let changes = [
        ("user_agent", written),
        ("call_id", written),
        ("via_addr", written),
        ("reg_server", written),
    ];
    node.says(&contact("1001", &changes)).unwrap();
    let kept = "a  Action: Originate [2J";
    assert_eq!(
        db.psql("select user_agent, call_id, via_addr, reg_server, agent_name from peerage.sip_contact"),
        [kept; 5].join("|")
    );

    let set = format!("useragent = {written}, regserver = {written}, fullcontact = 'sip:1001@127.0.0.9'");
    node.says(&format!("update sippeers set {set} where name = '1001'"))
        .unwrap();
    assert_eq!(
        db.psql("select useragent, regserver, agent_name from peerage.sip_peer where number = '1001'"),
        [kept; 3].join("|")
    );
}

const CONTACTS: &str = "select count(*) from peerage.sip_contact where aor = '1001'";

#[test]
fn an_account_has_as_many_contacts_as_it_may_and_as_many_again_while_they_are_replaced() {
    let db = database();
    let node = Node::new(&db, "pbx1");
    let bind = |end: u32, seconds: i64| {
        contact(
            "1001",
            &[
                ("id", &id("1001", end)),
                (
                    "expiration_time",
                    &format!("extract(epoch from now())::bigint + {seconds}"),
                ),
            ],
        )
    };
    for end in 0..4 {
        node.says(&bind(end, 600)).unwrap();
    }
    node.is_refused(&bind(4, 600), "sip_contact_aor_full_check");
    // The same again is no other.
    node.says(&bind(3, 700)).unwrap();
    // Another account has a bound of its own, and a larger one where the account says so.
    node.says(&contact("1002", &[])).unwrap();
    db.psql("update peerage.sip_account set max_contacts = 3 where number = '1001'");
    for end in 4..8 {
        node.says(&bind(end, 600)).unwrap();
    }
    node.is_refused(&bind(8, 600), "sip_contact_aor_full_check");
    // What has expired makes room, and does not gather either.
    node.says("update ps_contacts set expiration_time = 5 where id like '1001%'")
        .unwrap();
    for end in 100..130 {
        node.says(&bind(end, -5)).unwrap();
    }
    assert!(db.psql(CONTACTS).parse::<u32>().unwrap() <= 8);
    node.says(&bind(200, 600)).unwrap();
}

#[test]
fn many_who_bind_at_once_do_not_exceed_the_bound_together() {
    let db = database();
    let nodes = ["pbx1", "pbx2", "pbx3", "pbx4"].map(|name| Node::new(&db, name));
    let taken: u32 = thread::scope(|scope| {
        let runs: Vec<_> = (0..)
            .step_by(100)
            .zip(&nodes)
            .map(|(first, node)| {
                scope.spawn(move || {
                    let binds = (first..first + 4).map(|end| node.says(&contact("1001", &[("id", &id("1001", end))])));
                    u32::try_from(binds.filter(Result::is_ok).count()).unwrap()
                })
            })
            .collect();
        runs.into_iter().map(|run| run.join().unwrap()).sum()
    });
    assert_eq!((taken.to_string(), db.psql(CONTACTS)), ("4".to_owned(), "4".to_owned()));
}

#[test]
fn times_and_numbers_that_cannot_be_are_made_such_as_can() {
    let db = database();
    let node = Node::new(&db, "pbx1");
    let soon = "between now() and now() + interval '8 days'";
    for (time, lives) in [
        ("9223372036854775807", "t"),
        ("-9223372036854775808", "f"),
        ("null", "f"),
        ("0", "f"),
        ("extract(epoch from now())::bigint + 60", "t"),
    ] {
        node.says(&contact("1001", &[("expiration_time", time)])).unwrap();
        let stands = format!("select expires_at {soon}, expiration_time > 0 from peerage.sip_contact");
        assert_eq!(db.psql(&stands), format!("{lives}|t"), "{time}");
        node.says(&format!("update ps_contacts set expiration_time = {time}"))
            .unwrap();
        assert_eq!(db.psql(&stands), format!("{lives}|t"), "{time}");
    }
    for (column, value) in [
        ("regseconds", "99999999999"),
        ("regseconds", "99999999999999999999999999"),
        ("regseconds", "soon"),
        ("regseconds", "-5"),
        ("regseconds", "infinity"),
        ("lastms", "slow"),
        ("lastms", "99999999999999999999"),
    ] {
        node.says(&format!(
            "update sippeers set ipaddr = '127.0.0.9', port = '5060', fullcontact = 'sip:1001@127.0.0.9', lastms = '1',
               regseconds = (extract(epoch from now())::bigint + 60)::text where name = '1001';
             update sippeers set {column} = '{value}' where name = '1001'"
        ))
        .unwrap();
        let stands = format!(
            "select expires_at {soon}, regseconds ~ '^[0-9]{{10}}$', lastms ~ '^-?[0-9]{{1,9}}$' from peerage.sip_peer where number = '1001'"
        );
        assert_eq!(db.psql(&stands), "t|t|t", "{column} = {value}");
    }
    db.psql("select * from report.registrations");
}

#[test]
fn the_fast_check_of_a_contact_accepts_only_what_contact_fault_accepts() {
    let db = database();
    // Every combination of values near the border of what is taken without a closer look (sip_contact_written).
    let differing = db.psql(
        "create table public.differing (contact text);
         do $$
         declare
           one peerage.sip_contact;
           is_taken boolean;
         begin
           for one.uri, one.via_port, one.qualify_frequency, one.qualify_timeout, one.prune_on_boot, one.endpoint, one.authenticate_qualify in
             select uri, port, frequency, timeout, flag, endpoint, other
             from unnest(array[
                 'sip:1001@10.1.2.3', 'sip:1001@10.1.2.3:5060', 'sip:1001@10.1.2.3:59999', 'sip:1001@10.1.2.3:60000', 'sip:1001@10.1.2.3:65536',
                 'sip:1001@10.1.2.3:99999', 'sips:a.b+c@10.1.2.3:1^3Btransport=tls^3Bob', 'sip:1001@10.1.2.3^3Bx=\"', 'SIP:1001@10.1.2.3', 'sip:@10.1.2.3',
                 'sip:10.1.2.3', 'sip:1001@10.1.2.3:'
               ]) as uri,
               unnest(array['5060', '0', '59999', '60000', '65535', '65536', '', null, '1x', '-1', '5060/60', '5060 60', '5060/']) as port,
               unnest(array['60', '999999999', '1000000000', '', null, '6.0', '60/3.0', '60/', '/']) as frequency,
               unnest(array['3.000000', '3', '', null, '1.2.3', '1234567890.1']) as timeout,
               unnest(array['no', 'yes', 'true', '', null, 'maybe']) as flag,
               unnest(array['1001', '', null, '1002']) as endpoint,
               unnest(array['no', 'no/no', 'no/', '', null]) as other
             where (timeout = '3.000000' or frequency = '60') and (flag = 'no' or port = '5060') and (endpoint = '1001' or flag = 'yes')
               and (other = 'no' or uri = 'sip:1001@10.1.2.3')
           loop
             one.id := '1001^3B@0123456789abcdef0123456789abcdef';
             begin
               insert into asterisk.ps_contacts (id, uri, via_port, qualify_frequency, qualify_timeout, prune_on_boot, endpoint, authenticate_qualify, expiration_time)
               values (one.id, one.uri, one.via_port, one.qualify_frequency, one.qualify_timeout, one.prune_on_boot, one.endpoint, one.authenticate_qualify, 2000000000);
               is_taken := true;
               delete from asterisk.ps_contacts;
             exception
               when check_violation then
                 is_taken := false;
             end;
             if is_taken <> (peerage.contact_fault(one) is null) then
               insert into public.differing values (one::text);
             end if;
           end loop;
         end
         $$;
         select contact from public.differing",
    );
    assert_eq!(differing, "");
}
