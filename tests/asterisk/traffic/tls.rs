//! A node whose database is far away: encrypted, known by its certificate, under a long name, and one of several.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::PathBuf;
use std::process::Command;

use peerage_cluster::{Cluster, DATABASE, Profile};
use peerage_testkit::asterisk::{Asterisk, DatabaseLogin, DatabaseOptions, Transport, wait_until};
use peerage_testkit::db::TestDb;
use tempfile::TempDir;

use super::account::{Sql, add_account, phone};
use super::stack::{PATIENCE, STACKS, Stack, builder, on_stacks};

/// As long as Asterisk takes a host.
const NAME: &str = "peerage-production.cluster-abcdefghijkl.eu-central-1.example.org";
/// Nobody is there.
const ABSENT: &str = "127.0.0.66";

/// A server of the test's own that speaks TLS, with a certificate for these names.
struct Server {
    cluster: Cluster,
    home: TempDir,
}

impl Server {
    fn start(names: &[&str]) -> Self {
        let home = tempfile::Builder::new().prefix("peerage-tls-").tempdir().unwrap();
        fs::set_permissions(home.path(), Permissions::from_mode(0o755)).unwrap();
        let cluster = Cluster::at(home.path()).with_profile(Profile::Test);
        cluster.start().unwrap();
        let server = Self { cluster, home };
        let mut owner = peerage_store::connect(&server.cluster.url().unwrap().parse().unwrap()).unwrap();
        peerage_views::install::migrate(&mut owner).unwrap();
        let names: Vec<String> = names.iter().map(|name| format!("DNS:{name}")).collect();
        fs::write(server.path("names"), format!("subjectAltName = {}\n", names.join(","))).unwrap();
        const KEY: &str = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
        server.openssl(&format!(
            "req -x509 {KEY} -keyout ca.key -out ca.crt -days 30 -subj /CN=ca"
        ));
        server.openssl(&format!(
            "req -new {KEY} -keyout server.key -out server.csr -subj /CN=server"
        ));
        server.openssl(
            "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -extfile names -out server.crt",
        );
        let data = fs::metadata(server.path("pg")).unwrap();
        for file in ["server.crt", "server.key"] {
            let there = server.path("pg").join(file);
            fs::copy(server.path(file), &there).unwrap();
            chown(&there, Some(data.uid()), Some(data.gid())).unwrap();
            fs::set_permissions(&there, Permissions::from_mode(0o600)).unwrap();
        }
        server.sql("alter system set ssl = on");
        server.sql("select pg_reload_conf()");
        server
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn openssl(&self, arguments: &str) {
        let output = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(self.home.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn node(&self, name: &str, host: &str) -> DatabaseLogin {
        self.sql(&format!("create role {name} login in role peerage_asterisk"));
        self.sql(&format!("alter role {name} password '{name}'"));
        self.sql(&TestDb::node_settings(name));
        DatabaseLogin {
            host: host.into(),
            port: self.cluster.port().unwrap(),
            dbname: DATABASE.into(),
            user: name.into(),
            password: name.into(),
        }
    }

    /// Whether a node's sessions are encrypted; none when it has none.
    fn is_encrypted(&self, node: &str) -> Option<bool> {
        let query = "select bool_and(ssl) from pg_stat_ssl join pg_stat_activity using (pid) where usename = ";
        match self.sql(&format!("{query}'{node}'")).as_str() {
            "t" => Some(true),
            "f" => Some(false),
            _ => None,
        }
    }
}

impl Sql for Server {
    fn sql(&self, statements: &str) -> String {
        let output = Command::new("psql")
            .args(["-XAtqw", "-v", "ON_ERROR_STOP=1", "-c", statements])
            .arg(self.cluster.url().unwrap())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.cluster.stop();
    }
}

#[test]
fn a_node_reads_over_tls_from_the_server_whose_name_it_verified() {
    let name = &NAME[..63];
    let server = Server::start(&[name, "second.example.org"]);
    add_account(&server, "1001", &[]);
    server.sql("update peerage.site set rtcachefriends = false");
    let authority = fs::read_to_string(server.path("ca.crt")).unwrap();
    on_stacks(&STACKS, |stack| {
        // Short, as all of it has to go into lines of 63 bytes.
        let tag = STACKS.iter().position(|one| *one == stack).unwrap();
        let start = |node: &str, host: &str, sslmode: &str| {
            let options = DatabaseOptions {
                target_session_attrs: Some("read-write".into()),
                sslmode: Some(sslmode.into()),
                root_certificate: None,
            };
            builder(stack, server.node(node, host))
                .node(node)
                .database_options(options)
                .database_authority(authority.clone())
                .host("127.0.0.1", name)
                .host("127.0.0.1", "second.example.org")
                .host("127.0.0.1", "other.example.org")
                .start()
                .unwrap()
        };
        let registers = |asterisk: &Asterisk| {
            let code = phone("1001")
                .register(asterisk.sip_addr(Transport::Udp))
                .unwrap()
                .code();
            code == 200
        };

        let long = start(&format!("long{tag}"), name, "verify-full");
        assert!(registers(&long), "{}", stack.name);
        assert_eq!(server.is_encrypted(&format!("long{tag}")), Some(true), "{}", stack.name);

        // The first of the list is not there.
        let second = start(
            &format!("list{tag}"),
            &format!("{ABSENT},second.example.org"),
            "verify-full",
        );
        assert!(registers(&second), "{}", stack.name);
        assert_eq!(server.is_encrypted(&format!("list{tag}")), Some(true), "{}", stack.name);

        // The same server under a name that its certificate has not.
        let other = start(&format!("other{tag}"), "other.example.org", "verify-full");
        assert!(!registers(&other), "{}", stack.name);
        assert_eq!(server.is_encrypted(&format!("other{tag}")), None, "{}", stack.name);
    });
}

/// A PgBouncer as contrib/asterisk/README.md has it, for a database of this name; ended with this value.
struct Pooler {
    child: std::process::Child,
    port: u16,
    _directory: TempDir,
}

impl Pooler {
    fn before(server: &Server, name: &str, login: &DatabaseLogin) -> Self {
        let readme = include_str!("../../../contrib/asterisk/README.md");
        let begins = readme.find("    [databases]").unwrap();
        let ends = begins + readme[begins..].find("\n\n").unwrap();
        let directory = tempfile::tempdir().unwrap();
        fs::set_permissions(directory.path(), Permissions::from_mode(0o755)).unwrap();
        let path = |name: &str| directory.path().join(name);
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let ini: String = readme[begins..ends]
            .lines()
            .map(|line| format!("{}\n", line.trim_start()))
            .collect::<String>()
            .replace(
                "peerage.cluster-abcdefghijkl.eu-central-1.rds.example.com port=5432",
                &format!("{name} port={}", login.port),
            )
            .replace("listen_port = 6432", &format!("listen_port = {port}"))
            .replace("/etc/pgbouncer", &directory.path().display().to_string());
        assert!(ini.contains(name) && ini.contains("verify-full"), "{ini}");
        fs::write(path("pgbouncer.ini"), ini).unwrap();
        fs::write(
            path("userlist.txt"),
            format!("\"{}\" \"{}\"\n", login.user, login.password),
        )
        .unwrap();
        fs::copy(server.path("ca.crt"), path("db-ca.crt")).unwrap();
        fs::write(path("hosts"), format!("127.0.0.1 localhost\n127.0.0.1 {name}\n")).unwrap();
        let child = Command::new("unshare")
            .args(["--mount", "setpriv", "--pdeathsig", "KILL", "sh", "-c"])
            .arg(r#"mount --bind "$1/hosts" /etc/hosts && exec pgbouncer --quiet --user postgres "$1/pgbouncer.ini""#)
            .arg("sh")
            .arg(directory.path())
            .stderr(fs::File::create(path("log")).unwrap())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let pooler = Self {
            child,
            port,
            _directory: directory,
        };
        wait_until("PgBouncer listens", PATIENCE, || {
            Ok(std::net::TcpStream::connect(("127.0.0.1", port)).is_ok())
        })
        .unwrap();
        pooler
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_node_reaches_a_database_with_a_very_long_name_through_a_pgbouncer_of_its_own() {
    let name = "peerage-production-1.cluster-ro-abcdefghijklmnop.eu-central-1.rds.amazonaws.example.com";
    assert!(name.len() > 80);
    let server = Server::start(&[name]);
    // Each its own: a phone has one registration at a time.
    let number = |stack: Stack| (1001 + STACKS.iter().position(|one| *one == stack).unwrap()).to_string();
    for stack in STACKS {
        add_account(&server, &number(stack), &[]);
    }
    server.sql("update peerage.site set rtcachefriends = false");
    on_stacks(&STACKS, |stack| {
        let node = format!("far_{}", stack.name.replace(' ', "_").to_lowercase());
        let login = server.node(&node, "127.0.0.1");
        let pooler = Pooler::before(&server, name, &login);
        let through = DatabaseLogin {
            port: pooler.port,
            ..login
        };
        let options = DatabaseOptions {
            sslmode: Some("disable".into()),
            ..DatabaseOptions::default()
        };
        let asterisk = builder(stack, through)
            .node(&node)
            .database_options(options)
            .start()
            .unwrap();
        let registered = phone(&number(stack))
            .register(asterisk.sip_addr(Transport::Udp))
            .unwrap();
        registered.assert_code(200);
        assert_eq!(server.is_encrypted(&node), Some(true), "{}", stack.name);
        let written = "select count(*) from (select node from peerage.sip_contact union all select node from peerage.sip_peer) as seen where node = ";
        assert_eq!(server.sql(&format!("{written}'{node}'")), "1", "{}", stack.name);
    });
}
