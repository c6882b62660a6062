//! What `make run` shows: a private database, a sample call centre, the service with its console, a real Asterisk that
//! reads it all, a phone that registers, and its agent who logs in.
//!
//! The commands are the ones a person would type; they are printed with what they say. The program then stays until it
//! is stopped, because Asterisk ends with it. With `--once` it ends when all has been shown.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use peerage_testkit::asterisk::{Asterisk, DatabaseLogin, Driver, Transport, Version, wait_until};
use peerage_testkit::sipp::Phone;

/// The agent whose phone registers.
const AGENT: &str = "1001";
/// The queue in which that agent is.
const QUEUE: &str = "sales";
/// The sample's Asterisk.
const NODE: &str = "demo";
/// Who signs in to the console: user, role, and the agent it is.
const USERS: [(&str, &str, Option<&str>); 4] = [
    ("admin", "admin", None),
    ("mira", "supervisor", None),
    ("ada", "agent", Some(AGENT)),
    ("hedy", "agent", Some("1003")),
];

fn main() -> Result<()> {
    let once = std::env::args().any(|argument| argument == "--once");
    let peerage = Peerage::beside_this()?;
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");

    peerage.shown(&["up", "--no-serve", "--quiet"])?;
    if peerage.said(&["agent", "list", "--format", "csv"])?.lines().count() <= 1 {
        // Whose numbers the agents may have as phone and mobile.
        peerage.shown(&["site", "set", "default", "--country", "IT"])?;
        for kind in ["agent", "phone"] {
            let file = repository.join(format!("contrib/sample/{kind}s.csv"));
            let secrets = peerage.home.join(format!("{kind}-secrets.csv"));
            let _ = std::fs::remove_file(&secrets);
            peerage.shown(&[
                "import",
                "csv",
                &file.canonicalize()?.display().to_string(),
                "--kind",
                kind,
                "--secrets-out",
                &secrets.display().to_string(),
            ])?;
        }
    }
    peerage.sample()?;
    peerage.shown(&["agent", "list"])?;

    let secret = peerage.generated_secret()?;
    let mut asterisk = Asterisk::builder(Version::V22)
        .driver(Driver::Pjsip)
        .database(peerage.node_login()?)
        .node(NODE)
        .caching()
        .start()?;
    let address = asterisk.sip_addr(Transport::Udp);
    let manager = asterisk.manager()?;
    peerage.keep_manager_secret(&manager.secret)?;
    peerage.shown(&["node", "set", NODE, "--manager", &manager.address.to_string()])?;
    let service = peerage.serve(if once { Some("127.0.0.1:0") } else { None })?;
    say(&format!("console: {}", service.url))?;

    say(&format!("\nA SIPp phone registers as {AGENT} at {address}"))?;
    // Stays registered, and says that it is there when Asterisk asks.
    let _online = Phone::new(AGENT, &secret).online(address)?;
    wait_until("Asterisk finds the phone", Duration::from_secs(120), || {
        Ok(asterisk
            .cli(&format!("pjsip show endpoint {AGENT}"))?
            .contains("Not in use"))
    })?;
    let contacts = asterisk.cli("pjsip show contacts")?;

    say("\nWhat Asterisk itself says:\n")?;
    say(&format!(
        "*CLI> core show version\n{}",
        asterisk.cli("core show version")?.trim_end()
    ))?;
    say(&format!("\n*CLI> pjsip show contacts\n{}", contacts.trim_end()))?;
    say(&format!(
        "\n*CLI> pjsip show endpoint {AGENT}\n{}",
        excerpt(&asterisk.cli(&format!("pjsip show endpoint {AGENT}"))?)
    ))?;
    say("\nThe agent logs in:")?;
    peerage.shown(&["agent", "login", AGENT])?;
    wait_until("the queue has the agent", Duration::from_secs(60), || {
        Ok(asterisk
            .cli(&format!("queue show {QUEUE}"))?
            .contains(&format!("PJSIP/{AGENT}")))
    })?;
    say(&format!(
        "\n*CLI> queue show {QUEUE}\n{}",
        asterisk.cli(&format!("queue show {QUEUE}"))?.trim_end()
    ))?;
    say("\nAnd what the database says:")?;
    peerage.shown(&["agent", "list"])?;

    say(&format!(
        "\nConsole:  {}\nAsterisk: {address} (SIP, UDP)\nDatabase: psql '{}'\nLog:      {}\n\nSign in as one of these:\n",
        service.url,
        peerage.said(&["db", "url"])?.trim(),
        service.log.display()
    ))?;
    for (user, role, agent) in USERS {
        let password = peerage.said(&["user", "password", user, "--quiet"])?;
        let agent = agent.map(|agent| format!(" {agent}")).unwrap_or_default();
        say(&format!("  {user:<6}  {:<26}  {role}{agent}", password.trim()))?;
    }
    if once {
        return Ok(());
    }
    say("\nStop it with Ctrl-C, or `make stop`.")?;
    loop {
        std::thread::sleep(Duration::from_secs(60));
        ensure!(asterisk.is_running()?, "Asterisk ended");
    }
}

/// The heading of an endpoint and the parameters that came from the agent's Voice section.
fn excerpt(endpoint: &str) -> String {
    const SHOWN: &[&str] = &[
        "allow ",
        "auth ",
        "call_group",
        "callerid ",
        "context ",
        "force_rport",
        "media_encryption ",
        "rewrite_contact",
        "set_var",
        "transport ",
        "webrtc",
    ];
    endpoint
        .lines()
        .filter(|line| {
            let line = line.trim_start();
            [" Endpoint:", "Endpoint:  ", "InAuth:", "Aor:", "Contact:"]
                .iter()
                .any(|heading| line.starts_with(heading.trim()) && !line.contains('<'))
                || SHOWN.iter().any(|parameter| line.starts_with(parameter))
        })
        .collect::<Vec<_>>()
        .join("\n")
}

fn say(text: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{text}").context("standard output is closed")
}

/// A service, ended with this program.
struct Service {
    child: Child,
    url: String,
    log: PathBuf,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The command, as it was just built.
struct Peerage {
    command: PathBuf,
    home: PathBuf,
}

impl Peerage {
    fn beside_this() -> Result<Self> {
        let command = std::env::current_exe()?.with_file_name("peerage");
        ensure!(
            command.exists(),
            "{} is not there; `make run` builds it",
            command.display()
        );
        let home = std::env::var_os("PEERAGE_HOME").context("PEERAGE_HOME is not set; `make run` sets it")?;
        Ok(Self {
            command,
            home: home.into(),
        })
    }

    /// Runs it, with the command line and what it said printed.
    fn shown(&self, arguments: &[&str]) -> Result<()> {
        // The command line first: what it talks on standard error comes at once.
        say(&format!("\n$ peerage {}", arguments.join(" ")))?;
        match self.said(arguments)?.trim_end() {
            "" => Ok(()),
            said => say(said),
        }
    }

    fn said(&self, arguments: &[&str]) -> Result<String> {
        self.with_input(arguments, "")
    }

    /// What it said on standard output; its talk goes to ours.
    fn with_input(&self, arguments: &[&str], input: &str) -> Result<String> {
        let mut child = Command::new(&self.command)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("could not run {}", self.command.display()))?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        let output = child.wait_with_output()?;
        if !output.status.success() {
            bail!("`peerage {}` ended with {}", arguments.join(" "), output.status);
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Gives the sample agent a new secret, which only this program knows.
    fn generated_secret(&self) -> Result<String> {
        let secret = peerage_model::Secret::generate()?;
        self.with_input(
            &["agent", "set", AGENT, "--secret-stdin"],
            &format!("{}\n", secret.expose()),
        )?;
        Ok(secret.expose().to_string())
    }

    /// Queues, a reason to pause, and who signs in: what of it is not there yet.
    fn sample(&self) -> Result<()> {
        let has = |noun: &str, field: &str, name: &str| -> Result<bool> {
            let listed: serde_json::Value = serde_json::from_str(&self.said(&[noun, "list", "--format", "json"])?)?;
            Ok(listed
                .as_array()
                .is_some_and(|all| all.iter().any(|one| one[field] == name)))
        };
        if !has("queue", "name", QUEUE)? {
            self.shown(&["queue", "add", QUEUE])?;
            for agent in ["1001", "1002", "1003", "1004"] {
                self.shown(&["queue", "assign", QUEUE, agent])?;
            }
            self.shown(&["pause-reason", "add", "lunch", "--label", "Lunch"])?;
        }
        for (user, role, agent) in USERS {
            if !has("user", "username", user)? {
                let mut line = vec!["user", "add", user, "--role", role, "--no-password"];
                line.extend(agent.iter().flat_map(|agent| ["--agent", agent]));
                self.shown(&line)?;
            }
        }
        self.shown(&["user", "set", "mira", "--queues", QUEUE])
    }

    /// Writes the secret of the node's Manager user where the service looks for it.
    fn keep_manager_secret(&self, secret: &str) -> Result<()> {
        let directory = self.home.join("manager");
        DirBuilder::new().recursive(true).mode(0o700).create(&directory)?;
        let path = directory.join(NODE);
        let _ = fs::remove_file(&path);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        writeln!(file, "{secret}").context("the Manager's secret could not be written")
    }

    /// Runs the service beside this program, until that ends.
    fn serve(&self, listen: Option<&str>) -> Result<Service> {
        let mut line = vec!["serve"];
        line.extend(listen.iter().flat_map(|listen| ["--listen", listen]));
        say(&format!("\n$ peerage {}", line.join(" ")))?;
        let log = self.home.join("serve.log");
        // However this program ends, the service ends too.
        let mut child = Command::new("setpriv")
            .args(["--pdeathsig", "TERM"])
            .arg(&self.command)
            .args(line)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?)
            .spawn()?;
        let stdout = child.stdout.take().context("the service has no output")?;
        let mut service = Service {
            child,
            url: String::new(),
            log,
        };
        BufReader::new(stdout).read_line(&mut service.url)?;
        service.url = service.url.trim().to_owned();
        if service.url.is_empty() {
            bail!(
                "the service did not start: {}",
                fs::read_to_string(&service.log).unwrap_or_default()
            );
        }
        Ok(service)
    }

    /// The database login of the sample's node, with a new password.
    fn node_login(&self) -> Result<DatabaseLogin> {
        let known = self.said(&["node", "list", "--format", "json"])?;
        let known: serde_json::Value = serde_json::from_str(&known)?;
        let is_known = known
            .as_array()
            .is_some_and(|nodes| nodes.iter().any(|node| node["name"] == NODE));
        let verb = if is_known { "password" } else { "add" };
        let node: serde_json::Value = serde_json::from_str(&self.said(&["node", verb, NODE, "--format", "json"])?)?;
        let text = |key: &str| -> Result<String> {
            Ok(node[key]
                .as_str()
                .with_context(|| format!("`peerage node {verb}` did not say its {key}"))?
                .to_string())
        };
        let url = self.said(&["db", "url"])?;
        let port = url
            .trim()
            .rsplit("port=")
            .next()
            .and_then(|rest| rest.split('&').next())
            .and_then(|port| port.parse().ok())
            .context("`peerage db url` did not say its port")?;
        Ok(DatabaseLogin {
            host: "127.0.0.1".to_string(),
            port,
            dbname: "peerage".to_string(),
            user: text("login")?,
            password: text("password")?,
        })
    }
}
