//! The database goes away, and comes back.

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use diesel::{Connection, PgConnection};
use peerage_cluster::{Cluster, DATABASE, Profile};
use peerage_testkit::asterisk::{Asterisk, DatabaseLogin, Transport};
use peerage_testkit::db::TestDb;
use peerage_testkit::sipp::Outcome;
use tempfile::TempDir;

use super::account::{Sql, add_account, phone, registrations};
use super::stack::{STACKS, Stack, builder};

/// A database server of the test's own, which it may stop.
struct Server {
    cluster: Cluster,
    _home: TempDir,
}

impl Server {
    fn start() -> Self {
        let home = tempfile::Builder::new().prefix("peerage-outage-").tempdir().unwrap();
        // The server is not root, and has to get in.
        fs::set_permissions(home.path(), Permissions::from_mode(0o755)).unwrap();
        let cluster = Cluster::at(home.path()).with_profile(Profile::Test);
        cluster.start().unwrap();
        let server = Self { cluster, _home: home };
        let mut connection = PgConnection::establish(&server.cluster.url().unwrap()).unwrap();
        peerage_views::install::migrate(&mut connection).unwrap();
        server
    }

    fn node(&self, name: &str) -> DatabaseLogin {
        self.sql(&format!(
            "create role {name} login password '{name}' in role peerage_asterisk; {}",
            TestDb::node_settings(name)
        ));
        DatabaseLogin {
            host: "127.0.0.1".into(),
            port: self.cluster.port().unwrap(),
            dbname: DATABASE.into(),
            user: name.into(),
            password: name.into(),
        }
    }
}

impl Sql for Server {
    fn sql(&self, statements: &str) -> String {
        let mut psql = Command::new("psql");
        psql.args(["-XAtqw", "-v", "ON_ERROR_STOP=1", "-f", "-"]);
        // The statements have passwords: an argument would be seen in the list of processes.
        psql.arg(self.cluster.url().unwrap())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = psql.spawn().unwrap();
        child.stdin.take().unwrap().write_all(statements.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its directory goes with it, so nothing of it may run on; a failure shows by itself.
        let _ = self.cluster.stop();
    }
}

/// One Asterisk with its account.
struct Site {
    stack: Stack,
    number: String,
    asterisk: Asterisk,
}

impl Site {
    fn start(server: &Server, stack: Stack, number: u32) -> Self {
        let number = number.to_string();
        add_account(server, &number, &[]);
        let asterisk = builder(stack, server.node(&format!("node_{number}"))).start().unwrap();
        Self {
            stack,
            number,
            asterisk,
        }
    }

    fn register(&self) -> Outcome {
        phone(&self.number)
            .register(self.asterisk.sip_addr(Transport::Udp))
            .unwrap()
    }

    fn call(&self) -> Outcome {
        phone(&self.number)
            .call(self.asterisk.sip_addr(Transport::Udp), "*43")
            .unwrap()
    }
}

#[test]
fn asterisk_refuses_while_the_database_is_away_and_goes_on_when_it_is_back() {
    let server = Server::start();
    let mut sites: Vec<_> = STACKS
        .into_iter()
        .zip(1001..)
        .map(|(stack, number)| Site::start(&server, stack, number))
        .collect();
    for site in &sites {
        site.register().assert_code(200);
        assert_eq!(registrations(&server, site.stack.is_pjsip(), &site.number).len(), 1);
    }
    // The second time Asterisk starts meanwhile.
    for restarts in [false, true] {
        server.cluster.stop().unwrap();
        for site in &mut sites {
            if restarts {
                site.asterisk.restart().unwrap();
            }
            for outcome in [site.register(), site.call()] {
                assert!(outcome.code() >= 400, "{}\n{outcome}", site.stack.name);
            }
        }
        server.cluster.start().unwrap();
        for site in &sites {
            assert_eq!(registrations(&server, site.stack.is_pjsip(), &site.number).len(), 1);
            site.register().assert_code(200);
            site.call().assert_code(200);
        }
    }
}
