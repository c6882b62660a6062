//! A node that serves one site, and whose login somebody hostile has, against the rows of another site.

use std::process::Command;

use peerage_model::Secret;
use peerage_store::{Actor, NodePatch, RoleName, Store};
use peerage_testkit::asterisk::{Asterisk, DatabaseLogin, Driver, Transport, Version};
use peerage_testkit::db::TestDb;
use peerage_testkit::sipp::Phone;

/// Stands in each text of the other site's rows, and in none of the own.
const MARK: &str = "c0ffee";

/// The account of the own site, and the one of the other.
const OWN: &str = "1001";
const OTHER: &str = "2001";

const SECRET: &str = "sesame";

/// Two sites with an agent each, registered with both drivers and a member of the same queue; a node that serves one of them.
struct Call {
    db: TestDb,
    store: Store,
    role: RoleName,
    password: Secret,
}

const ROWS: &str = "
begin;

insert into peerage.site (name, rtcachefriends) values ('milan', false), ('rome', false);

insert into peerage.sip_account (site_id, number, kind, context, callerid_name, named_call_groups)
select id, '1001', 'agent', 'from-sip', 'Ada King', array['milan'] from peerage.site where name = 'milan'
union all
select id, '2001', 'agent', 'c0ffee', 'c0ffee', array['c0ffee'] from peerage.site where name = 'rome';

insert into peerage.agent (account_id, number, full_name)
select id, number, case when number = '1001' then 'Ada King' else 'c0ffee' end from peerage.sip_account;

insert into peerage.sip_secret (id, number, realm, md5, sha256)
select
  id,
  number,
  'asterisk',
  case when number = '1001' then md5('1001:asterisk:sesame') else md5('2001:asterisk:sesame') end,
  case when number = '1001' then repeat('ab', 32) else 'c0ffee' || repeat('c', 58) end
from peerage.sip_account;

insert into asterisk.ps_contacts (id, uri, expiration_time, endpoint, user_agent, via_addr, path, call_id)
values
  ('1001^3B@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'sip:1001@127.0.0.1', 4000000000, '1001', 'own', '127.0.0.1', '', 'own'),
  ('2001^3B@c0ffeeeeeeeeeeeeeeeeeeeeeeeeeeee', 'sip:2001@c0ffee', 4000000000, '2001', 'c0ffee', 'c0ffee', 'c0ffee', 'c0ffee');

update asterisk.sippeers
set ipaddr = '127.0.0.1', port = '5060', fullcontact = 'sip:1001@127.0.0.1', useragent = 'own', regseconds = '4000000000'
where name = '1001';

update asterisk.sippeers
set ipaddr = 'fd00::c0ff:ee', port = '5060', fullcontact = 'sip:2001@c0ffee', useragent = 'c0ffee', path = 'c0ffee', regseconds = '4000000000'
where name = '2001';

insert into peerage.queue (name) values ('sales');

insert into peerage.agent_session (agent_id, agent_number, interface_kind, interface, state_interface, member_name, begun_by, began_at)
select id, number, 'internal', 'PJSIP/' || number, 'PJSIP/' || number, full_name, 'ada', clock_timestamp() from peerage.agent;

insert into peerage.agent_place (session_id, interface_kind, interface, actor, began_at)
select id, interface_kind, interface, 'ada', began_at from peerage.agent_session;

insert into peerage.agent_state (session_id, state, began_at)
select id, 'available', began_at from peerage.agent_session;

insert into peerage.queue_login (uniqueid, queue_name, interface, member_name, state_interface, session_id, queue_id, began_at)
select gen_random_uuid()::text, queue.name, session.interface, session.member_name, session.interface, session.id, queue.id, session.began_at
from peerage.queue, peerage.agent_session as session;

-- The probe goes behind them: what fails at a row says nothing of those after it.
update peerage.queue_login
set changed_at = clock_timestamp()
where session_id is null;

commit;
";

/// Views that have rows of a site, and in how many rows the own account stands.
const VIEWS: [&str; 7] = [
    "ps_endpoints",
    "ps_auths",
    "ps_aors",
    "ps_contacts",
    "sippeers",
    "sipregs",
    "queue_members",
];

impl Call {
    fn new(sites: &str) -> Self {
        let db = TestDb::new();
        db.psql(ROWS);
        let store = Store::open(&db.app_url().parse().unwrap(), Actor::new("test").unwrap()).unwrap();
        let store = store.with_owner(Some(db.owner_url().parse().unwrap()));
        let role: RoleName = format!("{}_login_pbx", db.name()).parse().unwrap();
        let (_, password) = store
            .add_node_for(&"pbx".parse().unwrap(), Some(&role), &sites.parse().unwrap())
            .unwrap();
        Self {
            db,
            store,
            role,
            password,
        }
    }

    /// What a statement gives the node: rows, or the error with its details.
    fn says(&self, sql: &str) -> Result<String, String> {
        let tcp = self.db.tcp();
        let output = Command::new("psql")
            .args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose"])
            .args(["-h", &tcp.host, "-p", &tcp.port.to_string()])
            .args(["-U", self.role.as_str(), "-d", &tcp.database, "-c", sql])
            .env("PGPASSWORD", self.password.expose())
            .output()
            .unwrap();
        let notices = String::from_utf8(output.stderr).unwrap();
        if output.status.success() {
            Ok(String::from_utf8(output.stdout).unwrap().trim_end().to_owned() + &notices)
        } else {
            Err(notices)
        }
    }

    /// The same for somebody who only wants to see something, in the rows or in the error.
    fn shows(&self, sql: &str) -> String {
        self.says(sql).unwrap_or_else(|error| error)
    }

    /// What these statements show, each of which may fail.
    fn tries(&self, sql: &str) -> String {
        let tcp = self.db.tcp();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), sql).unwrap();
        let output = Command::new("psql")
            .args([
                "-XAtq",
                "-v",
                "VERBOSITY=verbose",
                "-h",
                &tcp.host,
                "-p",
                &tcp.port.to_string(),
            ])
            .args(["-U", self.role.as_str(), "-d", &tcp.database, "-f"])
            .arg(file.path())
            .env("PGPASSWORD", self.password.expose())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
    }

    /// Columns of a view that hold text.
    fn columns(&self, view: &str) -> Vec<String> {
        let columns = self.db.psql(&format!(
            "select attname from pg_attribute where attrelid = 'asterisk_sites.{view}'::regclass and attnum > 0 and atttypid = 'text'::regtype"
        ));
        columns.lines().map(str::to_owned).collect()
    }

    fn set_sites(&self, sites: &str) {
        let patch = NodePatch {
            sites: Some(sites.parse().unwrap()),
            ..NodePatch::default()
        };
        assert!(self.store.set_node(&"pbx".parse().unwrap(), &patch).unwrap());
    }
}

#[test]
fn a_node_sees_the_rows_of_its_sites_in_every_view() {
    let call = Call::new("milan");
    for view in VIEWS {
        let rows = call.says(&format!("select * from {view}")).unwrap();
        assert!(rows.contains(OWN), "{view}: {rows}");
        assert!(!rows.contains(MARK) && !rows.contains(OTHER), "{view}: {rows}");
    }
    // These have no site, and are read by every node.
    assert!(call.says("select name from queues").unwrap().contains("sales"));
    call.says("select * from queue_rules").unwrap();
    // The log has none either: it is written, and not read.
    assert!(
        call.says("select * from queue_log")
            .unwrap_err()
            .contains("permission denied")
    );
}

/// Statements that show a value to whoever gets it: as a row, in an error, in a setting, in a plan.
fn tricks(view: &str, column: &str) -> String {
    [
        format!("select count(*) from {view} where {column}::integer = 1"),
        // Passes over the own rows, on which the others would end.
        format!("select count(*) from {view} where case when {column} ~ 'fee' then {column}::integer = 1 end"),
        format!("select count(*) from {view} where ('{{\"a\":' || {column})::json is not null"),
        format!("select max({column}::numeric) from {view}"),
        format!("select count(*) from {view} where {column}::inet is not null"),
        format!("select count(*) from {view} where set_config('a.b', {column}, false)::date > now()"),
        "select current_setting('a.b', true)".to_owned(),
        format!("select {column} from {view} where {column} like '%fee%' or {column} ~ 'fee'"),
        format!("explain (analyze, verbose) select * from {view} where {column} > 'b' order by {column}"),
        format!("update {view} set {column} = {column} where {column}::integer = 1"),
    ]
    .join(";\n")
}

#[test]
fn no_operator_or_error_shows_a_row_of_another_site() {
    let call = Call::new("milan");
    let mut tried = 0;
    for view in VIEWS {
        let columns = call.columns(view);
        let shown = call.tries(
            &columns
                .iter()
                .map(|column| tricks(view, column) + ";\n")
                .collect::<String>(),
        );
        assert!(!shown.contains(MARK), "{view}\n{shown}");
        // They were run: the own rows are in it.
        assert!(
            shown.contains("1001") && shown.contains("invalid input syntax"),
            "{view}\n{shown}"
        );
        tried += columns.len();
    }
    assert!(tried > 80, "only {tried} columns were tried");
    // The same statements do show it where a view is no security barrier: the test can fail.
    call.db
        .psql("alter view asterisk_sites.ps_contacts set (security_barrier = false)");
    assert!(call.tries(&tricks("ps_contacts", "uri")).contains("sip:2001@c0ffee"));
}

#[test]
fn statistics_and_the_catalogue_show_no_row() {
    let call = Call::new("milan");
    call.db.psql("analyze");
    for statement in [
        "select * from pg_stats where schemaname in ('peerage', 'asterisk', 'asterisk_sites')",
        "select * from pg_stats_ext",
        "select query from pg_stat_activity",
        "explain (analyze, verbose, buffers) select * from ps_contacts where id like '2001^3B@%'",
        "explain select * from ps_auths where id > '2'",
    ] {
        let shown = call.shows(statement);
        assert!(!shown.contains(MARK), "{statement}\n{shown}");
    }
    for statement in [
        "select * from pg_statistic",
        "select * from peerage.sip_contact",
        "select * from peerage.node_site",
        "select * from asterisk.ps_auths",
        "select * from asterisk.queue_members",
        "select * from asterisk.queue_log",
        "set role peerage_asterisk",
        "set session authorization postgres",
        "set search_path = asterisk; select * from ps_endpoints",
        "insert into peerage.node_site (login, site_id) select session_user, 3",
        "create or replace view asterisk_sites.ps_auths as select 1 as id",
        "alter view ps_auths reset (security_barrier)",
        "create operator asterisk_sites.= (function = texteq, leftarg = text, rightarg = text)",
        "create function asterisk_sites.mine() returns integer language sql return 1",
    ] {
        let error = call.says(statement).unwrap_err();
        assert!(!error.contains(MARK), "{statement}\n{error}");
    }
}

#[test]
fn a_node_writes_the_rows_of_its_sites_alone() {
    let call = Call::new("milan");
    let before = "select string_agg(row::text, e'\\n' order by row::text) from (
        select contact::text as row from peerage.sip_contact as contact where aor = '2001'
        union all select peer::text from peerage.sip_peer as peer where number = '2001'
        union all select login::text from peerage.queue_login as login where interface = 'PJSIP/2001'
    ) as rows";
    let rows = call.db.psql(before);
    let member = call
        .db
        .psql("select uniqueid from peerage.queue_login where interface = 'PJSIP/2001'");

    for statement in [
        "insert into ps_contacts (id, uri, expiration_time, endpoint) values ('2001^3B@bad', 'sip:2001@127.0.0.9', 4000000000, '2001')",
        "insert into ps_contacts (id, uri, expiration_time, endpoint) values ('2001^3B@c0ffeeeeeeeeeeeeeeeeeeeeeeeeeeee', 'sip:x', 1, '2001')",
        "insert into ps_contacts (id, uri, expiration_time, endpoint) values ('nobody^3B@bad', 'sip:x', 4000000000, 'nobody')",
        "update ps_contacts set id = '2001^3B@bad' where id like '1001%'",
        "insert into sippeers (name) values ('x')",
        "delete from sippeers",
        "lock table ps_auths in access exclusive mode",
        "truncate ps_contacts",
    ] {
        let error = call.says(statement).unwrap_err();
        assert!(
            !error.contains(MARK) || statement.contains(MARK),
            "{statement}\n{error}"
        );
    }
    for statement in [
        "update ps_contacts set uri = 'sip:2001@127.0.0.9', expiration_time = '1' where id like '2001%'".to_owned(),
        "update ps_contacts set uri = 'sip:2001@127.0.0.9' where uri like '%2001%'".to_owned(),
        "delete from ps_contacts where id like '2001%'".to_owned(),
        "delete from ps_contacts where expiration_time > 0 and id > '2'".to_owned(),
        "update sippeers set fullcontact = '', regseconds = '0', ipaddr = '' where name = '2001'".to_owned(),
        "update sipregs set fullcontact = 'sip:x', regseconds = '0' where name = '2001'".to_owned(),
        format!("update queue_members set paused = '1', reason_paused = 'x' where uniqueid = '{member}'"),
        format!("update queue_members set penalty = '-1' where uniqueid = '{member}'"),
        "update queue_members set penalty = '5' where interface = 'PJSIP/2001'".to_owned(),
    ] {
        call.says(&statement).unwrap();
        assert_eq!(call.db.psql(before), rows, "{statement}");
    }

    // And its own it does write.
    for statement in [
        "insert into ps_contacts (id, uri, expiration_time, endpoint) values ('1001^3B@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'sip:1001@127.0.0.9', 4000000000, '1001')",
        "update ps_contacts set user_agent = 'new', expiration_time = '4000000001' where id = '1001^3B@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'",
        "update sippeers set fullcontact = 'sip:1001@new', regseconds = '4000000001' where name = '1001'",
        "update queue_members set paused = '1', reason_paused = 'lunch' where interface = 'PJSIP/1001'",
        "insert into queue_log (time, callid, queuename, agent, event) values ('2026-11-22 11:14:56.287793', 'x', 'sales', 'Ada King', 'RINGNOANSWER')",
    ] {
        call.says(statement).unwrap();
    }
    let written = "select count(*) from peerage.sip_contact where id = '1001^3B@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' and agent_name = 'new'
        union all select count(*) from peerage.sip_peer where contact_uri = 'sip:1001@new'
        union all select count(*) from peerage.queue_login where reason_paused = 'lunch' and interface = 'PJSIP/1001'
        union all select count(*) from peerage.queue_log where callid = 'x'";
    assert_eq!(call.db.psql(written), "1\n1\n1\n1");
    call.says("delete from ps_contacts where id = '1001^3B@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'")
        .unwrap();

    // What it says of another site's agent is in the log as its own word, and no line of that agent's.
    call.db.psql(
        "insert into peerage.queue_log (time, callid, queuename, agent, event, agent_id, agent_number)
         select clock_timestamp(), 'NONE', 'sales', 'c0ffee', 'PAUSE', id, number from peerage.agent where number = '2001'",
    );
    for event in ["PAUSE", "COMPLETEAGENT"] {
        call.says(&format!(
            "insert into queue_log (time, callid, queuename, agent, event, data1) values ('', 'forged', 'sales', 'c0ffee', '{event}', 'forged')"
        ))
        .unwrap();
    }
    assert_eq!(
        call.db.psql("select count(*) filter (where agent_id is null), count(*) filter (where agent_id is not null) from report.queue_events where 'forged' in (callid, data1)"),
        "2|0"
    );
}

#[test]
fn sites_can_be_changed_and_what_a_node_reads_follows() {
    let call = Call::new("all");
    let numbers = "select string_agg(id, ',' order by id) from ps_endpoints";
    assert_eq!(call.says(numbers).unwrap(), "1001,2001");

    // A session that is open would go on with what it had; it is closed.
    let tcp = call.db.tcp();
    let mut open = Command::new("psql")
        .args([
            "-XAtq",
            "-h",
            &tcp.host,
            "-p",
            &tcp.port.to_string(),
            "-U",
            call.role.as_str(),
            "-d",
            &tcp.database,
        ])
        .args(["-c", "select pg_sleep(9)"])
        .env("PGPASSWORD", call.password.expose())
        .env("PGOPTIONS", "-c statement_timeout=0")
        .spawn()
        .unwrap();
    let connected = format!(
        "select count(*) from pg_stat_activity where usename = '{}' and query like '%pg_sleep%'",
        call.role
    );
    peerage_testkit::asterisk::wait_until("it is connected", std::time::Duration::from_secs(30), || {
        Ok(call.db.psql(&connected) == "1")
    })
    .unwrap();
    call.set_sites("milan");
    assert!(!open.wait().unwrap().success(), "the session went on");
    assert_eq!(call.says(numbers).unwrap(), "1001");

    call.set_sites("milan,rome");
    assert_eq!(call.says(numbers).unwrap(), "1001,2001");
    call.set_sites("rome");
    assert_eq!(call.says(numbers).unwrap(), "2001");

    // An account that moves takes its contacts and memberships along.
    call.db.psql("update peerage.sip_account set site_id = (select id from peerage.site where name = 'rome') where number = '1001'");
    for (view, column) in [
        ("ps_endpoints", "id"),
        ("ps_contacts", "endpoint"),
        ("sippeers", "name"),
        ("queue_members", "interface"),
    ] {
        let rows = call
            .says(&format!("select {column} from {view} where {column} like '%1001'"))
            .unwrap();
        assert_eq!(rows.lines().count(), 1, "{view}: {rows}");
    }
    // A site that a node serves stays; a node whose rows are taken away reads nothing rather than everything.
    let refused = call.store.remove_site(&"rome".parse().unwrap()).unwrap_err();
    assert!(refused.hint().is_some(), "{refused:?}");
    call.db.psql("delete from peerage.node_site");
    assert_eq!(call.says(numbers).unwrap(), "");
    call.set_sites("all");
    assert_eq!(call.says(numbers).unwrap(), "1001,2001");
}

#[test]
fn an_asterisk_registers_the_phones_of_its_site_and_refuses_the_others() {
    for (version, driver) in [(Version::V22, Driver::Pjsip), (Version::V16, Driver::Sip)] {
        let call = Call::new("milan");
        call.db.psql("delete from peerage.sip_contact; update peerage.sip_peer set fullcontact = null, ipaddr = null, regseconds = null, expires_at = null");
        let tcp = call.db.tcp();
        let asterisk = Asterisk::builder(version)
            .driver(driver)
            .database(DatabaseLogin {
                host: tcp.host.clone(),
                port: tcp.port,
                dbname: tcp.database.clone(),
                user: call.role.to_string(),
                password: call.password.expose().to_owned(),
            })
            .node("pbx")
            .start()
            .unwrap();
        let address = asterisk.sip_addr(Transport::Udp);
        let own = Phone::new(OWN, SECRET);
        own.register(address).unwrap().assert_code(200);
        let refused = Phone::new(OTHER, SECRET).register(address).unwrap();
        assert!([401, 403].contains(&refused.code()), "{driver:?}: {refused}");
        let bound = "select string_agg(number || ' by ' || node, ',') from report.registrations where live";
        assert_eq!(call.db.psql(bound), "1001 by pbx", "{driver:?}");
        // A refresh updates what is there, and an end of it removes it.
        own.register(address).unwrap().assert_code(200);
        own.unregister(address).unwrap().assert_code(200);
        assert_eq!(call.db.psql("select count(*) from peerage.sip_contact"), "0");
        assert!(asterisk.cli("queue show sales").unwrap().contains("1001"));
        assert!(!asterisk.cli("queue show sales").unwrap().contains("2001"));
        assert_eq!(asterisk.warnings().unwrap(), [""; 0], "{driver:?}");
        // Once the site is served, so is its phone, without a restart.
        call.set_sites("milan,rome");
        Phone::new(OTHER, SECRET).register(address).unwrap().assert_code(200);
    }
}
