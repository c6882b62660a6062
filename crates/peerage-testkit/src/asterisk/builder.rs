//! What an Asterisk for a test is made of.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use peerage_views::node_config::{
    Certificate, DatabaseLogin, DatabaseOptions, Directories, Driver, Listen, Manager, NodeConfig, files,
};

use super::{Asterisk, Instance, Loopback, Version};

/// Ports an instance listens on, on its own address.
const PORTS: [u16; 7] = [5060, 5061, 5160, 5161, 8088, 8089, 5038];

/// The certificate of the database's authority.
const AUTHORITY: &str = "db-ca.crt";

/// An Asterisk to start.
pub struct Builder {
    version: Version,
    node: String,
    driver: Driver,
    database: Option<DatabaseLogin>,
    database_options: DatabaseOptions,
    database_authority: Option<String>,
    hosts: Option<String>,
    realm: Option<String>,
    time_zone: Option<String>,
    clock_ahead: Option<i32>,
    caching: bool,
    cache_seconds: Option<u32>,
    offer_sha256: bool,
    files: Vec<(String, String)>,
    additions: Vec<(String, String)>,
}

impl Builder {
    pub(super) fn new(version: Version) -> Self {
        Self {
            version,
            node: "pbx1".into(),
            driver: Driver::Pjsip,
            database: None,
            database_options: DatabaseOptions::default(),
            database_authority: None,
            hosts: None,
            realm: None,
            time_zone: None,
            clock_ahead: None,
            caching: false,
            cache_seconds: None,
            offer_sha256: false,
            files: Vec::new(),
            additions: Vec::new(),
        }
    }

    /// Which SIP driver it runs; `chan_sip` is in 16 only.
    #[must_use]
    pub fn driver(mut self, driver: Driver) -> Self {
        self.driver = driver;
        self
    }

    /// The database it reads; without one it knows only what its files say.
    #[must_use]
    pub fn database(mut self, login: DatabaseLogin) -> Self {
        self.database = Some(login);
        self
    }

    /// Which of the database's hosts will do, and how it is known.
    #[must_use]
    pub fn database_options(mut self, options: DatabaseOptions) -> Self {
        self.database_options = options;
        self
    }

    /// Lets it verify the database with this authority's certificate, in PEM.
    #[must_use]
    pub fn database_authority(mut self, certificate: impl Into<String>) -> Self {
        self.database_authority = Some(certificate.into());
        self
    }

    /// Lets it find this address under this name.
    #[must_use]
    pub fn host(mut self, address: &str, name: &str) -> Self {
        let hosts = self.hosts.get_or_insert_with(|| "127.0.0.1 localhost\n".to_owned());
        hosts.push_str(&format!("{address} {name}\n"));
        self
    }

    /// Its node name, `pbx1` unless set.
    #[must_use]
    pub fn node(mut self, name: impl Into<String>) -> Self {
        self.node = name.into();
        self
    }

    /// The realm of digests, `asterisk` unless set.
    #[must_use]
    pub fn realm(mut self, realm: impl Into<String>) -> Self {
        self.realm = Some(realm.into());
        self
    }

    /// The time zone that Asterisk takes for local, by its name in the time zone database, such as `Etc/GMT+5`; that of
    /// the lab's root (UTC) unless set. Needs root, as the lab does.
    #[must_use]
    pub fn time_zone(mut self, zone: impl Into<String>) -> Self {
        self.time_zone = Some(zone.into());
        self
    }

    /// How many seconds its clock is ahead of this machine's; negative when it is behind.
    #[must_use]
    pub fn clock_ahead(mut self, seconds: i32) -> Self {
        self.clock_ahead = Some(seconds);
        self
    }

    /// Lets it keep what it reads, as nodes do that a service looks after. By default it does not, so that what a test
    /// changes holds at once.
    #[must_use]
    pub fn caching(mut self) -> Self {
        self.caching = true;
        self
    }

    /// The same, and no longer than this.
    #[must_use]
    pub fn caching_for(mut self, seconds: u32) -> Self {
        self.cache_seconds = Some(seconds);
        self.caching()
    }

    /// Offers SHA-256 to unknown accounts, as a node does one of whose sites offers it.
    #[must_use]
    pub fn offer_sha256(mut self) -> Self {
        self.offer_sha256 = true;
        self
    }

    /// Replaces one of the shipped files, or adds one.
    #[must_use]
    pub fn file(mut self, name: impl Into<String>, contents: impl Into<String>) -> Self {
        self.files.push((name.into(), contents.into()));
        self
    }

    /// Adds to the end of a file, after all else.
    #[must_use]
    pub fn append(mut self, name: impl Into<String>, contents: impl Into<String>) -> Self {
        self.additions.push((name.into(), contents.into()));
        self
    }

    /// Lays out the instance, starts Asterisk and waits until it has booted.
    ///
    /// # Errors
    ///
    /// When the lab has no such Asterisk (the message says what to run), the configuration is refused, or Asterisk does
    /// not boot (the message carries its log).
    pub fn start(self) -> Result<Asterisk> {
        ensure!(
            self.driver == Driver::Pjsip || self.version.has_chan_sip(),
            "Asterisk {} has no chan_sip",
            self.version
        );
        let address = Loopback::with_ports(&PORTS)?;
        let instance = Instance::create(self.version, self.time_zone.clone(), self.clock_ahead)?;
        let config = self.config(&address, &instance)?;
        make_certificate(&address, &instance)?;
        for file in files(&config)? {
            instance.write(file.name, file.mode, &file.contents)?;
        }
        if let Some(certificate) = &self.database_authority {
            instance.write(AUTHORITY, 0o644, certificate)?;
        }
        if let Some(hosts) = &self.hosts {
            let machine = std::fs::read_to_string("/proc/sys/kernel/hostname")?;
            instance.write("hosts", 0o644, &format!("{hosts}127.0.0.1 {}\n", machine.trim()))?;
        }
        // What Asterisk itself logged of its queues, beside what the database holds.
        instance.write("local/logger.conf", 0o640, "[general](+)\nqueue_log_to_file = yes\n")?;
        for (name, contents) in &self.files {
            instance.write(name, 0o640, contents)?;
        }
        for (name, contents) in &self.additions {
            instance.append(name, contents)?;
        }
        Asterisk::boot(config, instance, address)
    }

    fn config(&self, address: &Loopback, instance: &Instance) -> Result<NodeConfig> {
        let mut config = NodeConfig::new(&self.node, self.driver);
        let ip = address.ip();
        config.database.clone_from(&self.database);
        config.database_options.clone_from(&self.database_options);
        if self.database_authority.is_some() {
            config.database_options.root_certificate = Some(instance.inside(&format!("etc/{AUTHORITY}")));
        }
        config.caching = self.caching;
        config.cache_seconds = self.cache_seconds.unwrap_or(config.cache_seconds);
        config.offer_sha256 = self.offer_sha256;
        if let Some(realm) = &self.realm {
            config.realm.clone_from(realm);
        }
        config.pjsip = Listen::on(ip, config.pjsip.udp.port());
        config.sip = Listen::on(ip, config.sip.udp.port());
        config.http.set_ip(ip);
        config.https.set_ip(ip);
        config.manager = Some(Manager {
            address: (ip, 5038).into(),
            user: "peerage".into(),
            secret: random_secret()?,
        });
        config.directories = Directories {
            etc: instance.inside("etc"),
            lib: instance.inside("lib"),
            spool: instance.inside("spool"),
            run: instance.inside("run"),
            log: instance.inside("log"),
        };
        config.tls = Some(Certificate {
            certificate: instance.inside("etc/node.crt"),
            private_key: instance.inside("etc/node.key"),
        });
        Ok(config)
    }
}

fn random_secret() -> Result<String> {
    use std::fmt::Write as _;
    use std::io::Read as _;
    let mut bytes = [0; 16];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    let mut secret = String::new();
    for byte in bytes {
        write!(secret, "{byte:02x}")?;
    }
    Ok(secret)
}

/// A self-signed certificate for the instance's address.
fn make_certificate(address: &Loopback, instance: &Instance) -> Result<()> {
    let ip = address.ip();
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
        ])
        .args(["-days", "30", "-subj", &format!("/CN={ip}")])
        .args(["-addext", &format!("subjectAltName=IP:{ip}")])
        .arg("-keyout")
        .arg(instance.outside("etc/node.key"))
        .arg("-out")
        .arg(instance.outside("etc/node.crt"))
        .output()
        .context("could not run openssl, which makes the instance's certificate")?;
    let said = String::from_utf8_lossy(&made.stderr);
    ensure!(made.status.success(), "openssl made no certificate: {said}");
    Ok(())
}
