//! `peerage serve` as a process on a database of its own.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use peerage_testkit::asterisk::wait_until;
use peerage_testkit::command::Serve;
use peerage_testkit::db::TestDb;
use tempfile::TempDir;

/// How long to wait for what takes seconds on an idle machine.
pub(super) const PATIENCE: Duration = Duration::from_secs(90);

/// A token that may do everything.
pub(super) const TOKEN: &str = "peerage_test_token_of_ann";

/// A service that runs.
pub(super) struct Served {
    pub(super) serve: Serve,
    pub(super) address: SocketAddr,
    log: PathBuf,
}

/// A database with an administrator's token, and the secrets of its nodes.
pub(super) struct House {
    pub(super) db: TestDb,
    pub(super) directory: TempDir,
}

impl House {
    pub(super) fn new() -> Self {
        let db = TestDb::new();
        db.psql(&format!(
            "insert into peerage.api_token (name, token_digest, role)
             values ('ann', encode(sha256(convert_to('{TOKEN}', 'UTF8')), 'hex'), 'admin')"
        ));
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("secrets")).unwrap();
        Self { db, directory }
    }

    /// Lets services sign in at a node's Manager.
    pub(super) fn secret(&self, node: &str, secret: &str) {
        let file = self.directory.path().join("secrets").join(node);
        fs::write(&file, secret).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Starts a service that finds the database at this URL.
    pub(super) fn serve_at(&self, name: &str, url: &str) -> Served {
        let address = free();
        let log = self.directory.path().join(format!("{name}.log"));
        let secrets = self.directory.path().join("secrets");
        let serve = Serve::start_at(url, address, &secrets, &log).unwrap();
        Served { serve, address, log }
    }

    pub(super) fn serve(&self, name: &str) -> Served {
        self.serve_at(name, self.db.url())
    }
}

fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

impl Served {
    /// What it has logged.
    pub(super) fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Sends a request; status, and head and body; none when nobody answers.
    pub(super) fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> Option<(u16, String)> {
        let mut stream = TcpStream::connect(self.address).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: test\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let status = answer.split(' ').nth(1)?.parse().ok()?;
        Some((status, answer))
    }

    /// The same as an administrator's program.
    pub(super) fn api(&self, method: &str, path: &str, body: &str) -> Option<(u16, String)> {
        let headers = format!("Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n");
        self.ask(method, path, &headers, body)
    }

    pub(super) fn metric(&self, name: &str) -> Option<f64> {
        let (_, metrics) = self.ask("GET", "/metrics", "", "")?;
        let line = metrics
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line?.parse().ok()
    }

    pub(super) fn of_node(&self, metric: &str, node: &str) -> Option<f64> {
        self.metric(&format!("peerage_{metric}{{node=\"{node}\"}}"))
    }

    #[track_caller]
    pub(super) fn wait_until_linked(&self, node: &str) {
        wait("the service is linked and listens", || {
            self.of_node("link_up", node) == Some(1.0) && self.metric("peerage_listening") == Some(1.0)
        });
    }

    /// Processor time that it has used, user and system together.
    pub(super) fn processor_time(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.serve.pid())).unwrap();
        let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
        let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
        // Linux tells hundredths of a second (`USER_HZ`).
        Duration::from_millis(ticks * 10)
    }

    /// How often one of its threads has gone to sleep and been woken.
    pub(super) fn wakes(&self) -> u64 {
        let threads = fs::read_dir(format!("/proc/{}/task", self.serve.pid())).unwrap();
        let switches = threads.flatten().filter_map(|thread| {
            // One that has just ended has none.
            let status = fs::read_to_string(thread.path().join("status")).ok()?;
            let line = status
                .lines()
                .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?;
            line.trim().parse::<u64>().ok()
        });
        switches.sum()
    }

    /// The memory that it has in use, in megabytes.
    pub(super) fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.serve.pid())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
    }
}

#[track_caller]
pub(super) fn wait(what: &str, mut probe: impl FnMut() -> bool) {
    wait_until(what, PATIENCE, || Ok(probe())).unwrap();
}
