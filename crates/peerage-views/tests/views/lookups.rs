//! Each lookup that Asterisk makes is an index scan, at 100,000 accounts and in a collation that is not C.

use peerage_testkit::db::TestDb;

/// Statement shapes as the driver sends them (res_config_pgsql.c; res_sorcery_realtime.c; chan_sip.c), and the index that
/// must answer. `none`: the planner knows without looking that no row can match.
const SHAPES: &[(&str, &str)] = &[
    (
        "select * from ps_endpoints where id = '150000' limit 1",
        "pjsip_endpoint_number_pk",
    ),
    (
        "select * from ps_auths where id = '150000' limit 1",
        "pjsip_auth_number_pk",
    ),
    (
        "select * from ps_aors where id = '150000' limit 1",
        "pjsip_aor_number_pk",
    ),
    (
        "select * from ps_contacts where id = '150000^3B@abc' limit 1",
        "sip_contact_id_pk",
    ),
    (
        r"select * from ps_contacts where id like '150000^3B@%' escape '\' order by id",
        "sip_contact_id_pk",
    ),
    (
        "select * from ps_contacts where expiration_time <= '1000' order by expiration_time",
        "sip_contact_expiration_time_idx",
    ),
    (
        "select * from ps_endpoint_id_ips where id = '100006' limit 1",
        "pjsip_identify_number_pk",
    ),
    (
        "select * from ps_endpoint_id_ips where endpoint = '100006' order by endpoint",
        "pjsip_identify_number_pk",
    ),
    (
        "select * from ps_endpoints where mailboxes != '' order by mailboxes",
        "none",
    ),
    (
        "select * from sippeers where name = '150000' and host = 'dynamic' limit 1",
        "sip_peer_number_pk",
    ),
    (
        "select * from sippeers where name = '150000' limit 1",
        "sip_peer_number_pk",
    ),
    (
        "select * from sippeers where name = '150000' and host = '127.3.0.1' limit 1",
        "sip_peer_host_idx",
    ),
    (
        "select * from sippeers where host = '127.3.0.1' and callbackextension = 's' and port = '5060' limit 1",
        "none",
    ),
    (
        "select * from sippeers where host = '127.3.0.1' and port = '5060' limit 1",
        "sip_peer_host_idx",
    ),
    (
        r"select * from sippeers where host = '127.3.0.1' and insecure like '%port%' escape '\' order by host",
        "sip_peer_host_idx",
    ),
    (
        r"select * from sippeers where insecure like '%port%' escape '\' order by insecure",
        "sip_peer_insecure_idx",
    ),
    (
        "select * from sippeers where ipaddr = '127.5.0.1' and port = '5060' limit 1",
        "sip_peer_ipaddr_port_idx",
    ),
    (
        r"select * from sippeers where ipaddr = '127.5.0.1' and insecure like '%port%' escape '\' order by ipaddr",
        "sip_peer_",
    ),
    (
        r"select * from sippeers where name like '%' escape '\' and callbackextension like '%' escape '\' order by name",
        "none",
    ),
    (
        "select * from sipregs where name = '150000' limit 1",
        "sip_peer_number_pk",
    ),
    (
        "select * from sipregs where ipaddr = '127.5.0.1' and port = '5060' limit 1",
        "sip_peer_ipaddr_port_idx",
    ),
    (
        "select * from sipregs where ipaddr = '127.5.0.1' order by ipaddr",
        "sip_peer_ipaddr_port_idx",
    ),
    (
        "update ps_contacts set uri = 'sip:x', expiration_time = '5' where id = '150000^3B@abc'",
        "sip_contact_id_pk",
    ),
    (
        "delete from ps_contacts where id = '150000^3B@abc'",
        "sip_contact_id_pk",
    ),
    (
        "update sippeers set ipaddr = '', lastms = '0' where name = '150000'",
        "sip_peer_number_pk",
    ),
    (
        "update sipregs set ipaddr = '', lastms = '0' where name = '150000'",
        "sip_peer_number_pk",
    ),
];

const FILL: &str = "
insert into peerage.sip_account (site_id, number, kind)
select 1, item::text, 'agent' from generate_series(100000, 199999) as item;

update peerage.sip_account
set host = '127.3.' || (id / 50 % 250) || '.' || (id / 12500 + 1), type = 'friend'
where id % 50 = 7;

insert into peerage.sip_secret (id, number, realm, md5, sha256)
select id, number, 'asterisk', md5(number), md5(number) || md5(number) from peerage.sip_account;

insert into peerage.sip_contact (id, uri, expiration_time, endpoint, account_id)
select number || '^3B@' || md5(number), 'sip:' || number || '@127.0.0.1', 2000000000 + id, number, id from peerage.sip_account;

update peerage.sip_peer
set ipaddr = '127.5.' || (number::integer % 250) || '.' || (number::integer / 250 % 250), port = '5060', regseconds = '2000000000', fullcontact = 'sip:x';

vacuum analyze;
";

#[test]
fn every_lookup_is_an_index_scan_at_a_hundred_thousand_accounts() {
    let db = TestDb::new();
    let collation =
        db.psql("select coalesce(daticulocale, datcollate) from pg_database where datname = current_database()");
    assert!(
        !["C", "POSIX", "C.UTF-8", "C.utf8"].contains(&collation.trim()),
        "collation is {collation}"
    );
    db.psql(FILL);
    for (statement, index) in SHAPES {
        let plan = db.psql(&format!("set search_path = asterisk; explain {statement}"));
        assert!(!plan.contains("Seq Scan"), "{statement}\n{plan}");
        if *index == "none" {
            assert!(plan.contains("One-Time Filter: false"), "{statement}\n{plan}");
        } else {
            assert!(
                plan.contains(&format!("Scan using {index}")) || plan.contains(&format!("Scan on {index}")),
                "{statement}\n{plan}"
            );
        }
    }
}

#[test]
fn the_check_for_an_index_scan_can_fail() {
    let db = TestDb::new();
    db.psql(
        "insert into peerage.sip_account (site_id, number, kind)
         select 1, item::text, 'agent' from generate_series(10000, 19999) as item;
         insert into peerage.sip_secret (id, number, realm, md5, sha256)
         select id, number, 'asterisk', md5(number), md5(number) || md5(number) from peerage.sip_account;
         alter table peerage.pjsip_aor drop constraint pjsip_aor_number_pk;
         analyze",
    );
    let plan = db.psql("set search_path = asterisk; explain select * from ps_aors where id = '15000' limit 1");
    assert!(plan.contains("Seq Scan"), "{plan}");
}
