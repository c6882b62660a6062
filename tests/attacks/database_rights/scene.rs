//! A small call centre, and logins that mean no good.

use std::io::Write;
use std::process::{Command, Stdio};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use peerage_store::{Actor, NewAgent, NewPhone, Store};
use peerage_testkit::db::TestDb;

/// Agent 1001 in queue sales, at work and paused there; agent 1002 in it, not at work; phone 2001. 1001 is registered with both
/// channel drivers.
pub(super) fn centre() -> TestDb {
    let db = TestDb::new();
    let store = store(&db);
    let secret = "correct horse battery".parse().unwrap();
    for number in ["1001", "1002"] {
        let mut new: NewAgent = NewAgent::new(number.parse().unwrap(), format!("Agent {number}").parse().unwrap());
        new.account.site = "default".parse().unwrap();
        store.add_agent(&new, &secret).unwrap();
    }
    store
        .add_phone(
            &NewPhone::new("2001".parse().unwrap(), "Desk 1".parse().unwrap()),
            &secret,
        )
        .unwrap();
    db.psql(
        "insert into peerage.queue (name) values ('sales');
         insert into peerage.queue_assignment (queue_id, agent_id)
         select queue.id, agent.id from peerage.queue as queue, peerage.agent as agent;
         begin;
         insert into peerage.agent_session (agent_id, agent_number, interface_kind, interface, state_interface, member_name, begun_by, began_at)
         select id, number, 'internal', 'PJSIP/1001', 'PJSIP/1001', full_name, 'test', clock_timestamp()
         from peerage.agent where number = '1001';
         insert into peerage.agent_place (session_id, interface_kind, interface, actor, began_at)
         select id, 'internal', interface, 'test', began_at from peerage.agent_session;
         select peerage.begin_membership(session.id, queue.id, session.began_at)
         from peerage.agent_session as session, peerage.queue as queue;
         select peerage.settle(session.id, session.began_at) from peerage.agent_session as session;
         select peerage.pause(session.id, queue.id, 'pause', 'test', false, clock_timestamp())
         from peerage.agent_session as session, peerage.queue as queue;
         commit;",
    );
    db
}

pub(super) fn store(db: &TestDb) -> Store {
    Store::open(&db.url().parse().unwrap(), Actor::new("test:ada").unwrap()).unwrap()
}

/// The id that PJSIP makes of a contact at this address, and its row, as it writes them.
pub(super) fn contact(number: &str, host: &str) -> String {
    format!(
        "insert into asterisk.ps_contacts (id, uri, expiration_time, endpoint, user_agent)
         values ('{number}^3B@' || md5('sip:{number}@{host}'), 'sip:{number}@{host}',
           extract(epoch from now())::bigint + 300, '{number}', 'Phone')"
    )
}

/// A session of one login.
pub(super) struct Intruder<'a> {
    db: &'a TestDb,
    pub(super) user: String,
    password: String,
}

impl<'a> Intruder<'a> {
    /// A member of a group, with what `node add` writes for a node.
    pub(super) fn new(db: &'a TestDb, group: &str) -> Self {
        let login = db.login(&[group]);
        if group == "peerage_asterisk" {
            db.psql(&format!(
                "insert into peerage.node (name, login) values (replace('{0}', '_', '-'), '{0}');
                 alter role {0} set search_path = asterisk, pg_catalog",
                login.user
            ));
        }
        Self {
            db,
            user: login.user,
            password: login.password,
        }
    }

    /// What psql prints to this script, errors and notices too; it goes on after an error.
    pub(super) fn does(&self, script: &str) -> String {
        self.does_in(&self.db.tcp().database, script)
    }

    /// The same in another database of the server.
    pub(super) fn does_in(&self, database: &str, script: &str) -> String {
        let tcp = self.db.tcp();
        let mut child = Command::new("psql")
            .args(["-XAtq", "-h", &tcp.host, "-p", &tcp.port.to_string(), "-U", &self.user])
            .args(["-d", database, "-f", "-"])
            .env("PGPASSWORD", &self.password)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It is gone already when it may not connect.
        let _ = child.stdin.take().unwrap().write_all(script.as_bytes());
        let output = child.wait_with_output().unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    }

    /// Each of the statements is refused, because it is not allowed.
    pub(super) fn may_not(&self, statements: &[&str]) {
        let mut connection = PgConnection::establish(&self.url()).unwrap();
        for statement in statements {
            let said = connection.batch_execute(statement).unwrap_err().to_string();
            assert!(
                said.contains("permission denied") || said.contains("must be"),
                "{} did `{statement}`: {said}",
                self.user
            );
            connection.batch_execute("rollback").unwrap();
        }
    }

    /// The URL that it connects with.
    pub(super) fn url(&self) -> String {
        let tcp = self.db.tcp();
        format!(
            "postgresql://{}:{}@{}:{}/{}",
            self.user, self.password, tcp.host, tcp.port, tcp.database
        )
    }
}
