//! What the login of a node may do, tried by connecting as it.

use std::process::Command;

use peerage_testkit::db::TestDb;

struct Node {
    db: TestDb,
    user: String,
    password: String,
}

impl Node {
    fn new() -> Self {
        let db = TestDb::new();
        db.psql(
            "with account as (
               insert into peerage.sip_account (site_id, number, kind) values (1, '1001', 'agent') returning id, number
             )
             insert into peerage.agent (account_id, number, full_name) select id, number, 'Ada King' from account;
             insert into peerage.sip_secret (id, number, realm, md5, sha256)
             select id, number, 'asterisk', md5(number), md5(number) || md5(number) from peerage.sip_account",
        );
        let login = db.node("pbx1");
        Self {
            db,
            user: login.user,
            password: login.password,
        }
    }

    /// What psql says to a statement: its command tag or rows, or its error.
    fn says(&self, sql: &str) -> Result<String, String> {
        let tcp = self.db.tcp();
        let output = Command::new("psql")
            .args([
                "-XAt",
                "-v",
                "ON_ERROR_STOP=1",
                "-h",
                &tcp.host,
                "-p",
                &tcp.port.to_string(),
            ])
            .args(["-U", &self.user, "-d", &tcp.database, "-c", sql])
            .env("PGPASSWORD", &self.password)
            .output()
            .unwrap();
        if output.status.success() {
            Ok(String::from_utf8(output.stdout).unwrap().trim().to_string())
        } else {
            Err(String::from_utf8(output.stderr).unwrap())
        }
    }
}

#[test]
fn a_node_reads_every_view_and_writes_what_it_must() {
    let node = Node::new();
    for view in [
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
    ] {
        node.says(&format!("select * from {view} limit 1")).unwrap();
    }
    let insert = "insert into ps_contacts (id, uri, expiration_time, endpoint) values ('1001^3B@0123456789abcdef0123456789abcdef', 'sip:1001@127.0.0.1', '2000000000', '1001')";
    assert_eq!(node.says(insert).unwrap(), "INSERT 0 1");
    // The driver repeats a statement after a lost connection.
    assert_eq!(node.says(insert).unwrap(), "INSERT 0 1");
    assert_eq!(
        node.says("update ps_contacts set user_agent = 'x', outbound_proxy = '' where id = '1001^3B@0123456789abcdef0123456789abcdef'")
            .unwrap(),
        "UPDATE 1"
    );
    assert_eq!(
        node.says("select user_agent, outbound_proxy = '' from ps_contacts")
            .unwrap(),
        "x|t"
    );
    assert_eq!(
        node.says("delete from ps_contacts where id = '1001^3B@0123456789abcdef0123456789abcdef'")
            .unwrap(),
        "DELETE 1"
    );
    for view in ["sippeers", "sipregs"] {
        let update = format!(
            "update {view} set ipaddr = '127.0.0.1', regserver = 'pbx1', fullcontact = 'sip:1001@127.0.0.1', path = '', lastms = '0',
             useragent = 'x', defaultuser = '1001', regseconds = '2000000000', port = '5060' where name = '1001'"
        );
        assert_eq!(node.says(&update).unwrap(), "UPDATE 1");
    }
}

#[test]
fn a_node_writes_members_and_lines_of_the_log() {
    let node = Node::new();
    node.db.psql(
        "insert into peerage.queue (name) values ('sales');
         begin;
         insert into peerage.agent_session (agent_id, agent_number, interface_kind, interface, state_interface, member_name, begun_by, began_at)
         select id, number, 'internal', 'PJSIP/1001', 'PJSIP/1001', full_name, 'ada', clock_timestamp() from peerage.agent;
         insert into peerage.agent_place (session_id, interface_kind, interface, actor, began_at)
         select id, interface_kind, interface, begun_by, began_at from peerage.agent_session;
         insert into peerage.agent_state (session_id, state, began_at) select id, 'available', began_at from peerage.agent_session;
         commit;
         insert into peerage.queue_login (uniqueid, queue_name, interface, member_name, state_interface, session_id, queue_id, began_at)
         select gen_random_uuid()::text, queue.name, session.interface, session.member_name, session.interface, session.id, queue.id, session.began_at
         from peerage.queue, peerage.agent_session as session;",
    );
    let member = node
        .says("select uniqueid from queue_members where queue_name = 'sales'")
        .unwrap();
    for set in [
        "reason_paused = 'lunch', paused = '1'",
        "penalty = '3'",
        "ringinuse = '1'",
    ] {
        let update = format!("update queue_members set {set} where uniqueid = '{member}'");
        assert_eq!(node.says(&update).unwrap(), "UPDATE 1");
    }
    assert_eq!(
        node.says(
            "select membername, paused, reason_paused, penalty, ringinuse from queue_members where queue_name = 'sales'"
        )
        .unwrap(),
        "Ada King|1|lunch|3|1"
    );
    let line = "insert into queue_log (time, callid, queuename, agent, event, data1, data2, data3, data4, data5)
        values (to_char(now() at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), 'NONE', 'sales', 'Ada King', 'PAUSE', 'lunch', '', '', '', '')";
    assert_eq!(node.says(line).unwrap(), "INSERT 0 1");
    assert_eq!(
        node.says("select agent, event, data1 from queue_log where event = 'PAUSE'")
            .unwrap(),
        "1001|PAUSE|lunch"
    );
}

#[test]
fn a_node_may_do_nothing_else() {
    let node = Node::new();
    let mut tried = 0;
    let tables = node
        .db
        .psql("select relname from pg_class where relnamespace = 'peerage'::regnamespace and relkind in ('r', 'v')");
    for table in tables.lines() {
        for statement in [
            format!("select * from peerage.{table}"),
            format!("delete from peerage.{table}"),
        ] {
            let error = node.says(&statement).unwrap_err();
            assert!(error.contains("permission denied"), "{statement}: {error}");
            tried += 1;
        }
    }
    assert!(tried >= 50, "only {tried} statements were tried");
    for statement in [
        "update ps_endpoints set context = 'x'",
        "delete from ps_endpoints",
        "insert into ps_aors (id) values ('x')",
        "update ps_auths set realm = 'x'",
        "delete from ps_endpoint_id_ips",
        "update sippeers set host = 'x'",
        "update sippeers set md5secret = null",
        "update sipregs set name = 'x'",
        "delete from sipregs",
        "insert into sipregs (name) values ('x')",
        "update queues set strategy = 'random'",
        "insert into queues (name) values ('x')",
        "delete from queues",
        "insert into queue_members (uniqueid) values ('x')",
        "delete from queue_members",
        "update queue_rules set time = '1'",
        "insert into queue_rules (rule_name) values ('x')",
        "delete from queue_rules",
        "update queue_log set event = 'x'",
        "delete from queue_log",
        "select * from report.agents_now",
        "create table asterisk.mine (id text)",
        "create table public.mine (id text)",
        "create schema mine",
        "drop view ps_aors",
        "alter view ps_contacts add column colour text",
        "select peerage.serve_all()",
        "select peerage.actor()",
        "select peerage.end_session(1, 'admin', null, 'x', now())",
        "select peerage.pause(1, null, 'x', 'x', false, now())",
    ] {
        node.says(statement).unwrap_err();
    }
}

#[test]
fn who_reads_reports_reads_them_and_nothing_else() {
    let db = TestDb::new();
    let login = db.login(&["peerage_report"]);
    let reader = Node {
        db,
        user: login.user,
        password: login.password,
    };
    let views = |schema: &str| {
        let of = "select relname from pg_class where relkind in ('r', 'v') and relnamespace = ";
        reader
            .db
            .psql(&format!("{of}'{schema}'::regnamespace order by relname"))
    };
    let reports = views("report");
    let expected = [
        "agents_now",
        "pauses",
        "phone_use",
        "queue_events",
        "queue_membership",
        "registrations",
        "sessions",
    ];
    assert_eq!(reports.lines().collect::<Vec<_>>(), expected);
    for view in expected {
        reader.says(&format!("select * from report.{view}")).unwrap();
        for statement in [format!("delete from report.{view}"), format!("drop view report.{view}")] {
            reader.says(&statement).unwrap_err();
        }
    }
    for schema in ["peerage", "asterisk"] {
        let others = views(schema);
        assert!(others.lines().count() >= 10, "{others}");
        for relation in others.lines() {
            let error = reader.says(&format!("select * from {schema}.{relation}")).unwrap_err();
            assert!(error.contains("permission denied"), "{relation}: {error}");
        }
    }
}

#[test]
fn the_update_of_a_missing_registration_or_contact_does_no_harm() {
    let node = Node::new();
    assert_eq!(
        node.says("update sipregs set lastms = '0' where name = 'nobody'")
            .unwrap(),
        "UPDATE 0"
    );
    assert_eq!(
        node.says("delete from ps_contacts where id = 'nobody^3B@x'").unwrap(),
        "DELETE 0"
    );
}
