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
insert into peerage.site (name) values ('rome');

with account as (
  insert into peerage.sip_account (site_id, number, kind)
  select 1 + item % 2, item::text, 'phone' from generate_series(100000, 199999) as item
  returning id, number
)
insert into peerage.phone (account_id, number, full_name)
select id, number, number from account;

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
    // PostgreSQL 17 renamed daticulocale to datlocale.
    let collation = db.psql(
        "select coalesce(database ->> 'datlocale', database ->> 'daticulocale', database ->> 'datcollate')
         from (select to_jsonb(pg_database) as database from pg_database where datname = current_database()) as known",
    );
    assert!(
        !["C", "POSIX", "C.UTF-8", "C.utf8"].contains(&collation.trim()),
        "collation is {collation}"
    );
    db.psql(FILL);
    // A node that serves every site, and one that serves one of two.
    let login = db.login(&["peerage_asterisk_sites"]).user;
    db.psql(&format!(
        "insert into peerage.node (name, login, all_sites) values ('milan', '{login}', false);
         insert into peerage.node_site (login, site_id) values ('{login}', 1);
         analyze peerage.node_site"
    ));
    let restricted = format!("set session authorization {login}; set search_path = asterisk_sites, pg_catalog");
    for (session, (statement, index)) in ["set search_path = asterisk", &restricted]
        .into_iter()
        .flat_map(|session| SHAPES.iter().map(move |shape| (session, shape)))
    {
        let plan = db.psql(&format!("{session}; explain {statement}"));
        // Which sites the node serves stands in a table of a few rows.
        assert!(
            !plan.replace("Seq Scan on node_site", "").contains("Seq Scan"),
            "{statement}\n{plan}"
        );
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
        "with account as (
           insert into peerage.sip_account (site_id, number, kind)
           select 1, item::text, 'phone' from generate_series(10000, 19999) as item
           returning id, number
         )
         insert into peerage.phone (account_id, number, full_name)
         select id, number, number from account;
         insert into peerage.sip_secret (id, number, realm, md5, sha256)
         select id, number, 'asterisk', md5(number), md5(number) || md5(number) from peerage.sip_account;
         alter table peerage.pjsip_aor drop constraint pjsip_aor_number_pk;
         analyze",
    );
    let plan = db.psql("set search_path = asterisk; explain select * from ps_aors where id = '15000' limit 1");
    assert!(plan.contains("Seq Scan"), "{plan}");
}

/// What app_queue asks (app_queue.c: find_load_queue_rt_friendly, update_realtime_members, update_realtime_member_field; its
/// call of ast_load_realtime_multientry adds `interface LIKE '%'`), and the indexes that must answer. Whole tables it reads
/// at load and for `queue show` alone.
const QUEUE_SHAPES: &[(&str, &[&str])] = &[
    (
        "select * from queues where name = 'queue0500' limit 1",
        &["queue_name_key"],
    ),
    (
        r"select * from queue_members where interface like '%' escape '\' and queue_name = 'queue0500' order by interface",
        &["queue_login_queue_name_idx"],
    ),
    (
        "select * from queue_members where queue_name = 'queue0500' and interface = 'PJSIP/10025' limit 1",
        &["queue_login_queue_name_idx"],
    ),
    (
        "select * from queue_members where queue_name = 'no-such-queue' and interface like '%' order by interface",
        &["queue_login_queue_name_idx"],
    ),
    (
        "update queue_members set reason_paused = 'lunch', paused = '1' where uniqueid = '00000000-0000-4000-8000-000000025025'",
        &["queue_login_uniqueid_pk"],
    ),
    (
        "update queue_members set penalty = '3' where uniqueid = '00000000-0000-4000-8000-000000025025'",
        &["queue_login_uniqueid_pk"],
    ),
    (
        "update queue_members set ringinuse = '1' where uniqueid = '00000000-0000-4000-8000-000000025025'",
        &["queue_login_uniqueid_pk"],
    ),
];

/// 1,000 queues, 5,000 agents at work, each in ten queues: 50 members in each.
const FILL_QUEUES: &str = "
insert into peerage.queue (name)
select 'queue' || lpad(item::text, 4, '0') from generate_series(0, 999) as item;

insert into peerage.queue_rule (name, after_seconds, max_penalty)
select 'rule' || item, step * 10, '+1' from generate_series(1, 500) as item, generate_series(1, 4) as step;

begin;

insert into peerage.sip_account (site_id, number, kind)
select 1, item::text, 'agent' from generate_series(10000, 14999) as item;

insert into peerage.agent (account_id, number, full_name)
select id, number, 'Agent ' || number from peerage.sip_account;

insert into peerage.agent_session (agent_id, agent_number, interface_kind, interface, state_interface, member_name, begun_by, began_at)
select id, number, 'internal', 'PJSIP/' || number, 'PJSIP/' || number, full_name, 'x', clock_timestamp() from peerage.agent;

insert into peerage.agent_place (session_id, interface_kind, interface, actor, began_at)
select id, 'internal', interface, 'x', began_at from peerage.agent_session;

insert into peerage.agent_state (session_id, state, began_at)
select id, 'available', began_at from peerage.agent_session;

commit;

insert into peerage.queue_login (uniqueid, queue_name, interface, member_name, state_interface, session_id, queue_id, began_at)
select
  '00000000-0000-4000-8000-' || lpad((row_number() over (order by queue.id, session.id))::text, 12, '0'),
  queue.name, session.interface, session.member_name, session.interface, session.id, queue.id, session.began_at
from peerage.agent_session as session
  cross join generate_series(0, 9) as nth
  join peerage.queue as queue on queue.name = 'queue' || lpad(((session.agent_number::integer + nth * 100) % 1000)::text, 4, '0');

vacuum analyze;
";

#[test]
fn every_lookup_of_queues_is_an_index_scan_at_a_thousand_queues_of_fifty_members() {
    let db = TestDb::new();
    db.psql(FILL_QUEUES);
    let size = "select count(*), count(distinct queue_name), max(members) from (
        select queue_name, count(*) over (partition by queue_name) as members from peerage.queue_login where session_id is not null
      ) as login";
    assert_eq!(db.psql(size), "50000|1000|50");
    let analysed = |statement: &str| db.psql(&format!("set search_path = asterisk; explain {statement}"));
    for (statement, indexes) in QUEUE_SHAPES {
        let plan = analysed(statement);
        assert!(!plan.contains("Seq Scan"), "{statement}\n{plan}");
        for index in *indexes {
            assert!(
                plan.contains(&format!("Scan using {index} ")) || plan.contains(&format!("Scan on {index} ")),
                "{statement}\n{plan}"
            );
        }
    }
    // The names in force: app_queue asks so at load, and it is to get each rule's steps in order.
    let rules =
        db.psql("set search_path = asterisk; select count(*) from queue_rules where rule_name like '%' escape '\\'");
    assert_eq!(rules.lines().last().unwrap(), "2001");
    // The check can fail.
    db.psql("drop index peerage.queue_login_queue_name_idx");
    let plan = analysed("select * from queue_members where queue_name = 'queue0500' order by interface");
    assert!(plan.contains("Seq Scan"), "{plan}");
}
