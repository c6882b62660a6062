//! What `make run` shows: a private database, a sample call centre, a real Asterisk that reads it, and a phone that
//! registers.
//!
//! The commands are the ones a person would type; they are printed with what they say. The program then stays until it
//! is stopped, because Asterisk ends with it. With `--once` it ends when all has been shown.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use peerage_testkit::asterisk::{Asterisk, DatabaseLogin, Driver, Transport, Version, wait_until};
use peerage_testkit::sipp::Phone;

/// The agent whose phone registers.
const AGENT: &str = "1001";
/// The sample's Asterisk.
const NODE: &str = "demo";

fn main() -> Result<()> {
    let once = std::env::args().any(|argument| argument == "--once");
    let peerage = Peerage::beside_this()?;
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");

    peerage.shown(&["up"])?;
    if peerage.said(&["agent", "list", "--format", "csv"])?.lines().count() <= 1 {
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
    peerage.shown(&["agent", "list"])?;

    let secret = peerage.generated_secret()?;
    let mut asterisk = Asterisk::builder(Version::V22)
        .driver(Driver::Pjsip)
        .database(peerage.node_login()?)
        .node(NODE)
        .start()?;
    let address = asterisk.sip_addr(Transport::Udp);

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
    say("\nAnd what the database says:")?;
    peerage.shown(&["agent", "show", AGENT])?;

    say(&format!(
        "\nAsterisk listens on {address} (SIP, UDP).\nDatabase: psql '{}'",
        peerage.said(&["db", "url"])?.trim()
    ))?;
    if once {
        return Ok(());
    }
    say("Stop it with Ctrl-C, or `make stop`.")?;
    loop {
        std::thread::sleep(Duration::from_secs(3600));
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
