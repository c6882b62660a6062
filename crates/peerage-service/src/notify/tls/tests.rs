use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::process::Command;

use peerage_cluster::{Cluster, Profile};
use tempfile::TempDir;
use tokio_postgres::SimpleQueryMessage;

use super::*;

/// A server of its own that speaks TLS, with a certificate for another name.
struct Server {
    cluster: Cluster,
    home: TempDir,
    url: String,
}

impl Server {
    fn start() -> Self {
        let home = tempfile::Builder::new().prefix("peerage-").tempdir_in("/tmp").unwrap();
        fs::set_permissions(home.path(), Permissions::from_mode(0o755)).unwrap();
        let cluster = Cluster::at(home.path()).with_profile(Profile::Test);
        cluster.start().unwrap();
        let server = Self {
            url: format!(
                "postgresql://tls:sesame@127.0.0.1:{}/peerage?sslmode=require",
                cluster.port().unwrap()
            ),
            cluster,
            home,
        };
        for authority in ["ca", "stranger"] {
            server.openssl(&format!(
                "req -x509 {KEY} -keyout {authority}.key -out {authority}.crt -days 30 -subj /CN={authority}"
            ));
        }
        server.openssl(&format!(
            "req -new {KEY} -keyout server.key -out server.csr -subj /CN=elsewhere.example"
        ));
        fs::write(server.path("names"), "subjectAltName = DNS:elsewhere.example\n").unwrap();
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
        server.psql("alter system set ssl = on");
        server.psql("create role tls login password 'sesame'");
        server.psql("select pg_reload_conf()");
        server
    }

    fn path(&self, file: &str) -> std::path::PathBuf {
        self.home.path().join(file)
    }

    fn openssl(&self, arguments: &str) {
        let output = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(self.home.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn psql(&self, statement: &str) {
        let url = self.cluster.url_for("postgres").unwrap();
        let output = Command::new("psql").args(["-XAtqc", statement, &url]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Whether the session is encrypted; the error when there is none.
    async fn session(&self, roots: Option<&str>) -> Result<bool, String> {
        let roots = roots.map(|roots| self.path(roots));
        let tls = MakeRustlsConnect::new(config(roots.as_deref(), false).map_err(|error| error.to_string())?);
        let connected = tokio_postgres::connect(&self.url, tls).await;
        let (client, connection) = connected.map_err(|error| super::super::whole(&error))?;
        let connection = tokio::spawn(connection);
        let query = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
        let answer = client.simple_query(query).await.unwrap();
        drop(client);
        connection.await.unwrap().unwrap();
        let is_on =
            |message: &SimpleQueryMessage| matches!(message, SimpleQueryMessage::Row(row) if row.get(0) == Some("t"));
        Ok(answer.iter().any(is_on))
    }
}

impl Server {
    /// Whether both drivers let this URL through, with the server's name as `host`; what either says when it does not.
    async fn verified(&self, host: &str, parameters: &str) -> [Result<(), String>; 2] {
        let port = self.cluster.port().unwrap();
        let text = format!("postgresql://tls:sesame@{host}:{port}/peerage?hostaddr=127.0.0.1&{parameters}");
        let url = peerage_store::DatabaseUrl::try_from(text).unwrap();
        let of_libpq = url.clone();
        let libpq = tokio::task::spawn_blocking(move || peerage_store::connect(&of_libpq).map(drop)).await;
        let tls = like_libpq(&url.tls()).map_err(|error| error.to_string());
        let tokio = match tls {
            Ok(tls) => {
                let connected = tokio_postgres::connect(&url.for_tokio_postgres(), tls).await;
                connected.map(drop).map_err(|error| super::super::whole(&error))
            }
            Err(error) => Err(error),
        };
        [libpq.unwrap().map_err(|error| error.to_string()), tokio]
    }
}

const KEY: &str = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.cluster.stop();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_encrypted_and_its_server_verified_as_libpq_would() {
    let server = Server::start();
    // The server takes up its certificate a moment after it was told to.
    let mut waited = 0;
    while server.session(None).await != Ok(true) {
        waited += 1;
        assert!(waited < 600, "{:?}", server.session(None).await);
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(server.session(Some("ca.crt")).await, Ok(true));
    let refused = server.session(Some("stranger.crt")).await.unwrap_err();
    assert!(refused.contains("certificate"), "{refused}");
    fs::write(server.path("empty.crt"), "").unwrap();
    let unusable = server.session(Some("empty.crt")).await.unwrap_err();
    assert!(unusable.contains("empty.crt"), "{unusable}");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_drivers_verify_the_server_and_its_name_as_the_url_says() {
    let server = Server::start();
    let ca = server.path("ca.crt").display().to_string();
    let stranger = server.path("stranger.crt").display().to_string();
    let absent = server.path("absent.crt").display().to_string();
    let both = |verified: &[Result<(), String>; 2]| verified.iter().all(Result::is_ok);
    let mut waited = 0;
    while !both(&server.verified("elsewhere.example", "sslmode=require").await) {
        waited += 1;
        assert!(
            waited < 600,
            "{:?}",
            server.verified("elsewhere.example", "sslmode=require").await
        );
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    for (host, mode, roots, lets_in) in [
        ("elsewhere.example", "verify-full", &ca, true),
        ("other.example", "verify-full", &ca, false),
        ("other.example", "verify-ca", &ca, true),
        ("elsewhere.example", "verify-ca", &stranger, false),
        ("elsewhere.example", "verify-full", &stranger, false),
        ("elsewhere.example", "verify-full", &absent, false),
        ("elsewhere.example", "require", &stranger, false),
        ("other.example", "require", &ca, true),
    ] {
        let verified = server
            .verified(host, &format!("sslmode={mode}&sslrootcert={roots}"))
            .await;
        for (driver, result) in ["libpq", "tokio-postgres"].into_iter().zip(&verified) {
            assert_eq!(result.is_ok(), lets_in, "{driver}: {host} {mode} {roots}: {result:?}");
        }
    }
}
