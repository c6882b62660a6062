//! The database's machine vanishes without a word: its packets are dropped, and nobody closes a connection.
//!
//! Server and service stand in network namespaces of their own, with a cable between them. A proxy that stalls would not do: its kernel goes on
//! acknowledging.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use peerage_cluster::{APP, Cluster, DATABASE, Profile};
use peerage_testkit::command::peerage;
use tempfile::TempDir;

use super::served::{TOKEN, wait};

/// Addresses of the server: what vanishes is the first.
const HOSTS: [&str; 2] = ["10.77.0.2", "10.77.0.3"];
const CLIENT: &str = "10.77.0.1";
const LISTEN: &str = "127.0.0.1:8080";

/// Two namespaces with a cable between them, gone with this value.
struct Cable {
    server: String,
    client: String,
}

impl Cable {
    fn lay() -> Self {
        let id = std::process::id();
        let cable = Self {
            server: format!("peerage-db-{id}"),
            client: format!("peerage-serve-{id}"),
        };
        let Self { server, client } = &cable;
        for line in [
            format!("ip netns add {server}"),
            format!("ip netns add {client}"),
            format!("ip -n {server} link add name db type veth peer name serve netns {client}"),
            format!("ip -n {server} addr add {}/24 dev db", HOSTS[0]),
            format!("ip -n {server} addr add {}/24 dev db", HOSTS[1]),
            format!("ip -n {client} addr add {CLIENT}/24 dev serve"),
            format!("ip -n {server} link set lo up"),
            format!("ip -n {client} link set lo up"),
            format!("ip -n {server} link set db up"),
            format!("ip -n {client} link set serve up"),
        ] {
            run(&line);
        }
        cable
    }

    /// Drops all that comes to the first address, without an answer.
    fn cut(&self) {
        let server = &self.server;
        run(&format!("ip netns exec {server} nft add table ip cut"));
        run(&format!(
            "ip netns exec {server} nft add chain ip cut input {{ type filter hook input priority 0 ; }}"
        ));
        run(&format!(
            "ip netns exec {server} nft add rule ip cut input ip daddr {} drop",
            HOSTS[0]
        ));
    }

    /// What the service answers to a request of an administrator's program: its status; none when nobody answers.
    fn ask(&self, path: &str) -> Option<u16> {
        const SCRIPT: &str = r#"exec 3<>"/dev/tcp/127.0.0.1/8080" || exit 1
            printf 'GET %s HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n' "$1" "$2" >&3
            head -n 1 <&3"#;
        let output = Command::new("ip")
            .args([
                "netns",
                "exec",
                &self.client,
                "timeout",
                "60",
                "bash",
                "-c",
                SCRIPT,
                "bash",
                path,
                TOKEN,
            ])
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).split(' ').nth(1)?.parse().ok()
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        for name in [&self.server, &self.client] {
            let _ = Command::new("ip").args(["netns", "del", name]).status();
        }
    }
}

fn run(line: &str) {
    let words: Vec<&str> = line.split(' ').collect();
    let output = Command::new(words[0]).args(&words[1..]).output().unwrap();
    assert!(
        output.status.success(),
        "{line}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A server in the namespace, which the test speaks to over its socket.
struct Server {
    cluster: Cluster,
    home: TempDir,
    program: PathBuf,
}

impl Server {
    fn start(cable: &Cable) -> Self {
        let home = tempfile::Builder::new().prefix("peerage-").tempdir_in("/tmp").unwrap();
        fs::set_permissions(home.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let cluster = Cluster::at(home.path()).with_profile(Profile::Test);
        cluster.start().unwrap();
        let version = fs::read_to_string(home.path().join("pg/PG_VERSION")).unwrap();
        let server = Self {
            cluster,
            program: Path::new("/usr/lib/postgresql").join(version.trim()).join("bin/pg_ctl"),
            home,
        };
        let mut owner = peerage_store::connect(&server.url().parse().unwrap()).unwrap();
        peerage_views::install::migrate(&mut owner).unwrap();
        drop(owner);
        server.psql(&format!(
            "alter role {APP} password 'sesame';
             insert into peerage.api_token (name, token_digest, role)
             values ('ann', encode(sha256(convert_to('{TOKEN}', 'UTF8')), 'hex'), 'admin')"
        ));
        server.psql("alter system set listen_addresses = '*'");
        server.cluster.stop().unwrap();
        let hba = server.home.path().join("pg/pg_hba.conf");
        let text = fs::read_to_string(&hba).unwrap();
        fs::write(&hba, format!("{text}host all all 10.77.0.0/24 scram-sha-256\n")).unwrap();
        server.pg_ctl(&cable.server, "start");
        server
    }

    fn url(&self) -> String {
        self.cluster.url_for(DATABASE).unwrap()
    }

    fn psql(&self, sql: &str) {
        let output = Command::new("psql")
            .args(["-XAtqc", sql, &self.url()])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn pg_ctl(&self, namespace: &str, verb: &str) {
        let data = self.home.path().join("pg");
        let owner = std::os::unix::fs::MetadataExt::uid(&fs::metadata(&data).unwrap());
        let status = Command::new("ip")
            .args([
                "netns",
                "exec",
                namespace,
                "setpriv",
                "--reuid",
                &owner.to_string(),
                "--clear-groups",
            ])
            .arg(&self.program)
            .args([verb, "--wait", "--silent", "--mode=fast", "--log"])
            .arg(data.join("start.log"))
            .arg("--pgdata")
            .arg(&data)
            .current_dir("/")
            .status()
            .unwrap();
        assert!(status.success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.cluster.stop();
    }
}

/// `peerage serve` in the other namespace, ended with this value.
struct Service(std::process::Child);

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_service_whose_database_vanished_without_a_word_goes_on_with_the_next_host() {
    let cable = Cable::lay();
    let server = Server::start(&cable);
    let port = server.cluster.port().unwrap();
    let url = format!(
        "postgresql://{APP}:sesame@{}:{port},{}:{port}/{DATABASE}",
        HOSTS[0], HOSTS[1]
    );
    let log = fs::File::create(server.home.path().join("serve.log")).unwrap();
    let service = Command::new("ip")
        .args(["netns", "exec", &cable.client, "setpriv", "--pdeathsig", "KILL"])
        .arg(peerage().unwrap())
        .args(["serve", "--listen", LISTEN])
        .env("PEERAGE_DATABASE_URL", &url)
        .env("PEERAGE_MANAGER_SECRETS", server.home.path())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap();
    let _service = Service(service);
    wait("the service is ready", || cable.ask("/health/ready") == Some(200));
    // Several connections of the pool are open and idle.
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| assert_eq!(cable.ask("/api/v1/agents"), Some(200)));
        }
    });

    cable.cut();
    wait("requests are answered from the other host", || {
        cable.ask("/api/v1/agents") == Some(200)
    });
    wait("the service is ready again", || cable.ask("/health/ready") == Some(200));
    for _ in 0..8 {
        assert_eq!(cable.ask("/api/v1/agents"), Some(200));
    }
}
