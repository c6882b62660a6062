//! Who signs in to the database: a fault of a command or of the service reaches what an everyday login may do, and no more.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use peerage_cluster::Cluster;
use peerage_testkit::asterisk::wait_until;
use peerage_testkit::command::peerage;
use peerage_testkit::db::TestDb;
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(60);

/// Everyday commands, in an order in which each succeeds.
const EVERYDAY: &[&str] = &[
    "site add rome",
    "site set rome --driver sip",
    "agent add 1001 --name Ada",
    "agent add 1002 --name Bob --site rome",
    "agent set 1001 --codecs opus,ulaw",
    "agent show 1001",
    "agent list",
    "phone add 2001 --name Desk",
    "phone list --offered",
    "queue add sales",
    "queue assign sales 1001",
    "queue list",
    "agent login 1001",
    "pause-reason add lunch --label Lunch",
    "agent pause 1001 --reason lunch",
    "agent history 1001",
    "agent unpause 1001",
    "agent logout 1001",
    "user add mira --role admin",
    "user password mira",
    "token add reader --role admin",
    "token list",
    "node list",
    "audit list",
    "export json",
    "export csv",
    "agent remove 1001",
    "site list",
];

/// What changes roles, schemas or views.
const OWNERS: &[&str] = &[
    "db migrate",
    "views plan",
    "views install",
    "views verify",
    "node add pbx9",
    "node set pbx9 --sites rome",
    "node set pbx9 --manager 127.0.0.1:5038",
    "node password pbx9",
    "node remove pbx9",
];

/// The command with an environment of its own.
struct Shell {
    directory: TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Shell {
    fn new() -> Self {
        // The server may run as another user, who must get in.
        let directory = tempfile::Builder::new().prefix("peerage-").tempdir_in("/tmp").unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let home = directory.path().join("home").display().to_string();
        Self {
            variables: vec![("PEERAGE_HOME", home)],
            directory,
        }
    }

    fn home(&self) -> PathBuf {
        self.directory.path().join("home")
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(peerage().unwrap());
        command
            .args(line.split(' '))
            .env_clear()
            .env("PATH", std::env::var("PATH").unwrap())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(self.directory.path())
            .stdin(Stdio::null());
        command
    }

    fn output(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }

    #[track_caller]
    fn works(&self, line: &str) -> String {
        let output = self.output(line);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "peerage {line}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a command says that fails.
    #[track_caller]
    fn fails(&self, line: &str) -> String {
        let output = self.output(line);
        assert!(!output.status.success(), "peerage {line} succeeds");
        String::from_utf8(output.stderr).unwrap()
    }
}

/// A private cluster that is stopped at the end of the test, however that ends.
struct Private(Shell);

impl Private {
    fn up() -> Self {
        let private = Self(Shell::new());
        private.0.works("up --no-serve");
        private
    }

    fn cluster(&self) -> Cluster {
        Cluster::at(self.0.home())
    }

    fn psql(&self, sql: &str) -> String {
        psql(&self.cluster().url().unwrap(), sql)
    }

    /// The logins of the sessions that began since the log had `from` bytes.
    fn sessions(&self, from: usize) -> Vec<String> {
        let log = self.log();
        let new = log.get(from..).unwrap_or_default();
        let logins = new.lines().filter_map(|line| {
            let (_, rest) = line.split_once("connection authorized: user=")?;
            rest.split(' ').next().map(str::to_owned)
        });
        logins.collect()
    }

    fn log(&self) -> String {
        let logs = fs::read_dir(self.0.home().join("pg/log")).unwrap();
        logs.map(|file| String::from_utf8_lossy(&fs::read(file.unwrap().path()).unwrap()).into_owned())
            .collect()
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        let _ = self.cluster().stop();
    }
}

fn psql(url: &str, sql: &str) -> String {
    let output = Command::new("psql")
        .args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql, url])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

#[test]
fn no_command_and_no_service_signs_in_as_superuser() {
    let private = Private::up();
    private.psql("alter system set log_connections = on");
    private.psql("select pg_reload_conf()");
    wait_until("connections are logged", PATIENCE, || {
        private.psql("select 1");
        Ok(private.log().contains("connection authorized: user=postgres"))
    })
    .unwrap();

    let from = private.log().len();
    for line in EVERYDAY {
        private.0.works(line);
    }
    let everyday = private.sessions(from);
    assert!(everyday.len() >= EVERYDAY.len(), "{everyday:?}");
    assert!(everyday.iter().all(|login| login == "peerage"), "{everyday:?}");

    let from = private.log().len();
    for line in OWNERS.iter().filter(|line| **line != "db migrate") {
        private.0.works(line);
    }
    let owners = private.sessions(from);
    assert!(owners.iter().any(|login| login == "peerage_admin"), "{owners:?}");
    assert!(!owners.iter().any(|login| login == "postgres"), "{owners:?}");

    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut serve = private.0.command(&format!("serve --listen {free}"));
    let mut service = serve.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let who = "select string_agg(distinct usename || ' ' || rolsuper || ' ' || rolcreaterole, ',')
        from pg_stat_activity
          join pg_roles on rolname = usename
        where application_name = 'peerage'";
    let seen = wait_until("the service is connected", PATIENCE, || {
        Ok(std::net::TcpStream::connect(free).is_ok() && !private.psql(who).is_empty())
    });
    let logins = private.psql(who);
    service.kill().unwrap();
    service.wait().unwrap();
    seen.unwrap();
    assert_eq!(logins, "peerage false false");

    // For a person with psql it is the superuser, as before.
    let url = private.0.works("db url");
    assert_eq!(
        psql(url.trim(), "select rolsuper from pg_roles where rolname = session_user"),
        "t"
    );
    let rights = "select rolname || ' ' || rolsuper || ' ' || rolcreaterole || ' ' || rolcreatedb || ' ' || pg_has_role(rolname, 'peerage_owner', 'member')
        from pg_roles where rolname in ('peerage', 'peerage_admin') order by rolname";
    assert_eq!(
        private.psql(rights),
        "peerage false false false false\npeerage_admin false true false true"
    );
}

#[test]
fn a_cluster_of_an_earlier_release_gets_its_logins_when_it_is_started_or_migrated() {
    let private = Private::up();
    private.0.works("node add pbx1");
    // As it was: a superuser, and nobody else.
    let earlier = || {
        private.psql(
            "alter database peerage owner to postgres;
             revoke peerage_app from peerage;
             drop role peerage;
             revoke peerage_owner from peerage_admin;
             drop owned by peerage_admin;
             drop role peerage_admin;",
        );
        fs::write(
            private.0.home().join("pg/pg_ident.conf"),
            "# MAP  SYSTEM USER  ROLE\npeerage  \"root\"  postgres\npeerage  \"postgres\"  postgres\npeerage  \"somebody\"  postgres\n",
        )
        .unwrap();
        private.psql("select pg_reload_conf()");
    };
    for remedy in ["db start", "db migrate", "up --no-serve"] {
        earlier();
        let said = private.0.fails("agent list");
        assert!(said.contains("peerage db start"), "{said}");
        private.0.works(remedy);
        private.0.works("agent list");
        private.0.works("node password pbx1");
        let map = fs::read_to_string(private.0.home().join("pg/pg_ident.conf")).unwrap();
        assert!(map.contains("peerage  \"somebody\"  peerage\n"), "{map}");
    }
    earlier();
    private.0.works("db stop");
    private.0.works("db start");
    private.0.works("agent list");
    private.0.works("node remove pbx1");
}

#[test]
fn a_login_with_everyday_rights_does_everyday_work_and_is_told_what_the_owner_does() {
    let db = TestDb::new();
    let login = db.login(&["peerage_app"]);
    let tcp = db.tcp();
    let mut shell = Shell::new();
    let url = format!(
        "postgresql://{}:{}@{}:{}/{}",
        login.user, login.password, tcp.host, tcp.port, tcp.database
    );
    shell.variables.push(("PEERAGE_DATABASE_URL", url.clone()));
    for line in EVERYDAY {
        shell.works(line);
    }
    assert_eq!(
        psql(
            &url,
            "select rolsuper or rolcreaterole from pg_roles where rolname = session_user"
        ),
        "f"
    );
    db.psql(&format!(
        "insert into peerage.node (name, login) values ('pbx9', '{}_login_pbx9')",
        db.name()
    ));
    // Where its AMI is, is no right of a role.
    let (everyday, owners): (Vec<&str>, Vec<&str>) = OWNERS.iter().partition(|line| line.contains("--manager"));
    assert_eq!(everyday.len(), 1);
    shell.works(everyday[0]);
    for line in owners {
        let said = shell.fails(line);
        assert!(
            said.contains(&format!("`{}` lacks the rights of the owner", login.user)),
            "{line}: {said}"
        );
        assert!(said.contains("PEERAGE_OWNER_DATABASE_URL"), "{line}: {said}");
        let statement = if line.starts_with("node") {
            format!("alter role {} createrole;", login.user)
        } else {
            format!("grant create on database {} to {};", db.name(), login.user)
        };
        assert!(said.contains(&statement), "{line}: {said}");
        assert!(!said.contains(&login.password), "{line}: {said}");
    }

    // The statements that are named are enough.
    let said = shell.fails("node remove pbx9");
    let statements = said
        .split('`')
        .rfind(|part| part.contains("grant peerage_owner"))
        .unwrap()
        .to_owned();
    db.psql("delete from peerage.node");
    db.psql(&statements);
    shell.works(&format!("node add pbx9 --login {}_login_pbx9", db.name()));
    shell.works("node remove pbx9");
    let said = shell.fails("db migrate");
    let statements = said
        .split('`')
        .rfind(|part| part.contains("grant create"))
        .unwrap()
        .to_owned();
    db.psql(&statements);
    shell.works("db migrate");
    shell.works("views verify");
}

#[test]
fn a_login_without_rights_is_told_which_it_lacks() {
    let db = TestDb::new();
    let login = db.login(&[]);
    db.psql(&format!("grant connect on database {} to {}", db.name(), login.user));
    let tcp = db.tcp();
    let mut shell = Shell::new();
    shell.variables.push((
        "PEERAGE_DATABASE_URL",
        format!(
            "postgresql://{}:{}@{}:{}/{}",
            login.user, login.password, tcp.host, tcp.port, tcp.database
        ),
    ));
    let said = shell.fails("agent list");
    assert!(said.contains("grant peerage_app to"), "{said}");
}

#[test]
fn no_role_but_a_nodes_gets_a_password_or_rights_whatever_its_row_says() {
    let db = TestDb::new();
    let app = db.login(&["peerage_app"]);
    let report = db.login(&["peerage_report"]);
    let tcp = db.tcp();
    let url = format!(
        "postgresql://{}:{}@{}:{}/{}",
        app.user, app.password, tcp.host, tcp.port, tcp.database
    );
    for statement in [
        "insert into peerage.node (name, login) values ('zz', 'peerage_admin')",
        "update peerage.node set login = 'peerage_admin'",
        "insert into peerage.node_site (login, site_id) values ('x', 1)",
        "delete from peerage.node",
    ] {
        let said = Command::new("psql")
            .args(["-XAtq", "-d", &url, "-c", statement])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(said.contains("permission denied"), "{statement}: {said}");
    }
    let mut shell = Shell::new();
    shell.variables.push(("PEERAGE_DATABASE_URL", db.app_url().to_owned()));
    shell
        .variables
        .push(("PEERAGE_OWNER_DATABASE_URL", db.owner_url().to_owned()));
    let rights = "select string_agg(rolname || roleid::regrole::text, ' ' order by 1)
        from pg_auth_members join pg_roles on oid = member where roleid::regrole::text like 'peerage%'";
    let before = db.psql(rights);
    for login in [report.user.as_str(), app.user.as_str(), "peerage_admin"] {
        db.psql(&format!(
            "insert into peerage.node (name, login) values ('zz', '{login}')"
        ));
        for line in ["node password zz", "node set zz --sites default"] {
            let said = shell.fails(line);
            assert!(said.contains("is no node's login"), "{login}: {line}: {said}");
        }
        shell.works("node remove zz");
        assert_eq!(
            db.psql(&format!("select count(*) from pg_roles where rolname = '{login}'")),
            "1"
        );
    }
    assert_eq!(db.psql(rights), before);
}
