//! The database behind a PgBouncer.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::serve::Served;
use crate::session::{Session, finish};

/// A PgBouncer before the session's database, ended with this value.
struct Pooler(Child);

impl Pooler {
    /// Starts it in this mode, and has the session's commands go through it.
    fn before(session: &mut Session, mode: &str) -> Self {
        let tcp = session.db().tcp();
        let login = session.db().login(&["peerage_app", "peerage_owner"]);
        session.db().psql(&format!(
            "alter role {0} createrole; grant create on database {1} to {0}; grant pg_signal_backend to {0}",
            login.user,
            session.db().name()
        ));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        session.write("users.txt", &format!("\"{}\" \"{}\"\n", login.user, login.password));
        session.write(
            "pgbouncer.ini",
            &format!(
                "[databases]\n* = host={} port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
                 auth_type = trust\nauth_file = {}\npool_mode = {mode}\n",
                tcp.host,
                tcp.port,
                session.path("users.txt").display()
            ),
        );
        let child = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "pgbouncer", "--quiet", "--user", "postgres"])
            .arg(session.path("pgbouncer.ini"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(session.path("pgbouncer.log")).unwrap())
            .spawn()
            .unwrap();
        let pooler = Self(child);
        let deadline = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let log = fs::read_to_string(session.path("pgbouncer.log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "PgBouncer does not listen: {log}");
            std::thread::sleep(Duration::from_millis(50));
        }
        let url = format!("postgresql://{}@127.0.0.1:{port}/{}", login.user, session.db().name());
        session.set("PEERAGE_DATABASE_URL", &url);
        session.set("PEERAGE_OWNER_DATABASE_URL", &url);
        pooler
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_pooler_that_shares_sessions_is_refused_at_the_first_command_in_one_sentence() {
    for first in ["agent list", "db migrate", "views verify"] {
        let mut session = Session::new();
        let _pooler = Pooler::before(&mut session, "transaction");
        for line in [first, "agent list", first] {
            let refused = finish(session.command(line), "");
            assert_eq!(refused.code, 1, "{line}: {}", refused.stderr);
            let said = "error: the database URL leads through a pooler that shares sessions between clients, such as PgBouncer in transaction mode\n\
                        hint: let the URL go past the pooler, or through one in session mode (`pool_mode = session`)\n";
            assert_eq!(refused.stderr, said, "{line}");
        }
        let told = finish(session.command("db status"), "");
        assert_eq!(told.code, 1);
        assert!(told.stderr.contains("a pooler that shares sessions"), "{}", told.stderr);
    }
}

#[test]
fn a_service_behind_a_pooler_that_shares_sessions_is_never_ready_and_says_why() {
    let mut session = Session::new();
    let _pooler = Pooler::before(&mut session, "transaction");
    let served = Served::start(&session, "serve --listen 127.0.0.1:0");
    let mut named = false;
    for _ in 0..40 {
        let answer = served.get("/health/ready");
        assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
        named |= answer.contains("a pooler that shares sessions between clients");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(named);
    let (_, said) = served.terminate();
    assert!(said.contains("a pooler that shares sessions"), "{said}");
    assert!(!said.contains("notifications of the database arrive"), "{said}");
}

#[test]
fn through_a_pooler_in_session_mode_everything_works() {
    let mut session = Session::new();
    let _pooler = Pooler::before(&mut session, "session");
    session.quietly("db migrate");
    session.quietly("views install --again");
    session.quietly("agent add 1001 --name 'Ada King'");
    for _ in 0..3 {
        session.quietly("agent list");
    }
    let name = format!("{}_login_pbx1", session.db().name());
    session.quietly(&format!("node add pbx1 --login {name}"));
    session.quietly("node remove pbx1");
    let served = Served::start(&session, "serve --listen 127.0.0.1:0");
    served.wait_until_ready();
}
