//! The private cluster, with PostgreSQL's own programs. Runs as root (the server is then `postgres`) and as an ordinary user.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use peerage_cluster::{Change, Cluster, ClusterError, Profile, Status};
use peerage_testkit::asterisk::wait_until;
use tempfile::TempDir;

/// A cluster in a temporary home that `postgres` may enter; stopped at the end, also of a failed test.
struct Fixture {
    cluster: Cluster,
    home: TempDir,
}

impl Fixture {
    fn new() -> Self {
        Self::with(Profile::Test)
    }

    fn with(profile: Profile) -> Self {
        let home = tempfile::Builder::new().prefix("peerage-").tempdir_in("/tmp").unwrap();
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let cluster = Cluster::at(home.path()).with_profile(profile);
        Self { cluster, home }
    }

    fn started() -> Self {
        let fixture = Self::new();
        assert_eq!(fixture.cluster.start().unwrap(), Change::Done);
        fixture
    }

    fn data(&self) -> std::path::PathBuf {
        self.home.path().join("pg")
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        let _ = self.cluster.stop();
    }
}

/// Listens on a port that nobody needs any more; a child that another test is just starting may hold it for a moment longer.
fn bind_when_free(port: u16) -> TcpListener {
    let mut listener = None;
    wait_until("the port is free", Duration::from_secs(30), || {
        listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok();
        Ok(listener.is_some())
    })
    .unwrap();
    listener.unwrap()
}

fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

fn run_psql(url: &str, sql: &str, password: &str) -> Output {
    Command::new("psql")
        .args(["-XAtw", "-v", "ON_ERROR_STOP=1", "-c", sql, url])
        .env("PGPASSWORD", password)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn psql(url: &str, sql: &str) -> String {
    let output = run_psql(url, sql, "");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

#[test]
fn the_caller_is_superuser_of_a_utf8_database_that_does_not_sort_by_bytes() {
    let fixture = Fixture::started();
    let url = fixture.cluster.url().unwrap();
    assert_eq!(
        psql(&url, "select rolsuper from pg_roles where rolname = current_user"),
        "t"
    );
    assert_eq!(psql(&url, "select current_database()"), "peerage");
    assert_eq!(psql(&url, "show server_encoding"), "UTF8");
    // By bytes `B` stands before `a`.
    assert_eq!(psql(&url, "select 'a' < 'B' and not 'a' < 'B' collate \"C\""), "t");
}

#[test]
fn stopping_keeps_data_and_port_and_both_are_harmless_when_repeated() {
    let fixture = Fixture::started();
    let cluster = &fixture.cluster;
    let url = cluster.url().unwrap();
    psql(
        &url,
        "create table kept (note text); insert into kept values ('still here')",
    );
    assert!(matches!(cluster.status().unwrap(), Status::Running { .. }));
    assert_eq!(cluster.start().unwrap(), Change::Nothing);

    assert_eq!(cluster.stop().unwrap(), Change::Done);
    assert_eq!(cluster.status().unwrap(), Status::Stopped);
    assert_eq!(cluster.stop().unwrap(), Change::Nothing);

    assert_eq!(cluster.start().unwrap(), Change::Done);
    assert_eq!(cluster.url().unwrap(), url);
    assert_eq!(psql(&url, "select note from kept"), "still here");
}

#[test]
fn of_several_starts_at_once_one_does_it_and_all_find_it_running() {
    let fixture = Fixture::new();
    assert_eq!(fixture.cluster.status().unwrap(), Status::Absent);
    let starts: Vec<_> = (0..4)
        .map(|_| fixture.cluster.clone())
        .map(|it| thread::spawn(move || it.start()))
        .collect();
    let changes: Vec<_> = starts.into_iter().map(|start| start.join().unwrap().unwrap()).collect();
    assert_eq!(
        changes.iter().filter(|&&change| change == Change::Done).count(),
        1,
        "{changes:?}"
    );
    assert_eq!(psql(&fixture.cluster.url().unwrap(), "select 1"), "1");
}

#[test]
fn a_crashed_server_is_started_again_with_all_that_was_committed() {
    let fixture = Fixture::with(Profile::Durable);
    let cluster = &fixture.cluster;
    cluster.start().unwrap();
    let Status::Running { pid } = cluster.status().unwrap() else {
        panic!("it was just started")
    };
    let url = cluster.url().unwrap();
    psql(
        &url,
        "create table kept (note text); insert into kept values ('recovered')",
    );
    let killed = Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap();
    assert!(killed.success());
    // Its children notice on their own time; until they are gone the server refuses to start, and so may we.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    let change = loop {
        match cluster.start() {
            Ok(Change::Nothing) | Err(ClusterError::Program { .. }) if std::time::Instant::now() < deadline => {}
            other => break other.unwrap(),
        }
        thread::sleep(std::time::Duration::from_millis(50));
    };
    assert_eq!(change, Change::Done);
    assert_eq!(psql(&url, "select note from kept"), "recovered");
}

#[test]
fn over_tcp_a_password_is_demanded_and_over_the_socket_only_the_mapped_role_is_given() {
    let fixture = Fixture::started();
    let url = fixture.cluster.url().unwrap();
    psql(&url, "create role node login password 'open sesame'");
    let port = fixture.cluster.port().unwrap();
    let tcp = |role: &str| format!("postgresql://{role}@127.0.0.1:{port}/peerage");
    assert!(run_psql(&tcp("node"), "select 1", "open sesame").status.success());
    for (url, password) in [(tcp("node"), "wrong"), (tcp("node"), ""), (tcp("postgres"), "")] {
        let output = run_psql(&url, "select 1", password);
        assert!(!output.status.success(), "{url} let in with `{password}`");
    }
    let socket = url.replace("user=postgres", "user=node");
    let refused = run_psql(&socket, "select 1", "open sesame");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("Peer authentication failed"));
}

#[test]
fn the_data_and_the_socket_are_closed_to_others() {
    let fixture = Fixture::started();
    for directory in ["pg", "run"] {
        let found = fs::metadata(fixture.home.path().join(directory)).unwrap();
        assert_eq!(found.permissions().mode() & 0o777, 0o700, "{directory}");
        assert_ne!(found.uid(), 0, "{directory} belongs to root, as whom no server runs");
    }
}

#[test]
fn a_long_home_gets_its_socket_elsewhere() {
    let fixture = Fixture::new();
    let home = fixture.home.path().join("x".repeat(100));
    let cluster = Cluster::at(&home).with_profile(Profile::Test);
    cluster.start().unwrap();
    let url = cluster.url().unwrap();
    let answer = psql(&url, "show unix_socket_directories");
    cluster.stop().unwrap();
    fs::remove_dir(&answer).unwrap();
    assert!(url.contains(&answer) && !url.contains("xxxx"), "{url}");
}

#[test]
fn a_taken_port_is_named_with_the_place_where_it_is_kept() {
    let fixture = Fixture::started();
    let port = fixture.cluster.port().unwrap();
    fixture.cluster.stop().unwrap();
    let squatter = bind_when_free(port);
    let error = fixture.cluster.start().unwrap_err();
    assert!(matches!(error, ClusterError::PortTaken { .. }), "{error}");
    assert!(error.to_string().contains(&port.to_string()), "{error}");
    assert!(error.hint().contains("peerage.conf"), "{}", error.hint());
    drop(squatter);
    drop(bind_when_free(port));
    assert_eq!(fixture.cluster.start().unwrap(), Change::Done);
}

#[test]
fn a_home_that_the_server_may_not_enter_is_named() {
    let fixture = Fixture::new();
    let closed = fixture.home.path().join("closed");
    fs::create_dir(&closed).unwrap();
    // Root's server cannot pass through; an ordinary user cannot make anything below.
    fs::set_permissions(
        &closed,
        fs::Permissions::from_mode(if is_root() { 0o700 } else { 0o500 }),
    )
    .unwrap();
    let error = Cluster::at(closed.join("home")).start().unwrap_err();
    assert!(error.to_string().contains(&closed.display().to_string()), "{error}");
    let expected = if is_root() { "chmod o+x" } else { "PEERAGE_HOME" };
    assert!(error.hint().contains(expected), "{}", error.hint());
}

#[test]
fn data_open_to_everybody_are_refused_with_the_servers_own_words() {
    let fixture = Fixture::started();
    fixture.cluster.stop().unwrap();
    fs::set_permissions(fixture.data(), fs::Permissions::from_mode(0o777)).unwrap();
    let error = fixture.cluster.start().unwrap_err();
    fs::set_permissions(fixture.data(), fs::Permissions::from_mode(0o700)).unwrap();
    assert!(error.to_string().contains("invalid permissions"), "{error}");
    assert_eq!(fixture.cluster.start().unwrap(), Change::Done);
}

#[test]
fn an_interrupted_making_leaves_nothing_that_looks_whole() {
    let fixture = Fixture::new();
    let unfinished = fixture.home.path().join("pg.unfinished");
    fs::create_dir(&unfinished).unwrap();
    fs::write(unfinished.join("PG_VERSION"), "15\n").unwrap();
    assert_eq!(fixture.cluster.status().unwrap(), Status::Absent);
    assert!(matches!(fixture.cluster.url(), Err(ClusterError::Absent { .. })));
    assert_eq!(fixture.cluster.start().unwrap(), Change::Done);
    assert!(!unfinished.exists());
}

#[test]
fn missing_programs_are_reported_with_where_they_were_looked_for() {
    let fixture = Fixture::new();
    let error = fixture.cluster.clone().with_binaries("/nowhere").start().unwrap_err();
    assert!(matches!(error, ClusterError::NotInstalled { .. }), "{error}");
    assert!(error.to_string().contains("/nowhere"), "{error}");
    assert!(!Path::new("/nowhere").exists());
}

#[test]
fn a_start_right_after_a_crash_waits_for_what_the_crash_left_behind() {
    let fixture = Fixture::started();
    let Status::Running { pid } = fixture.cluster.status().unwrap() else {
        panic!("the server does not run");
    };
    let url = fixture.cluster.url().unwrap();
    let socket = url.split("host=").nth(1).unwrap().split('&').next().unwrap();
    let lock = Path::new(socket).join(format!(".s.PGSQL.{}.lock", fixture.cluster.port().unwrap()));
    let kept = fs::read_to_string(&lock).unwrap();
    let killed = Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap();
    assert!(killed.success());
    wait_until("the server is gone", Duration::from_secs(30), || {
        Ok(fixture.cluster.status()? == Status::Stopped)
    })
    .unwrap();
    // As long as the crashed server's number stands for a process, its lock on the socket holds.
    let mut dying = Command::new("sleep").arg("1.5").spawn().unwrap();
    let rest = kept.split_once('\n').unwrap().1;
    fs::write(&lock, format!("{}\n{rest}", dying.id())).unwrap();
    let ending = thread::spawn(move || dying.wait().unwrap());
    assert_eq!(fixture.cluster.start().unwrap(), Change::Done);
    assert!(ending.join().unwrap().success());
    assert_eq!(psql(&url, "select 1"), "1");
}
