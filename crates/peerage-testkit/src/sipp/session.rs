//! One run of SIPp.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::process::{Child, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use super::scenario::Scenario;
use super::{Message, Outcome, Phone};
use crate::asterisk::{Transport, kill_group, spawn, wait_until, with_parent};

/// How long an exchange may take besides the time the phone stays in a call; it takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(40);

/// A SIPp that runs, with its files; killed when dropped.
#[derive(Debug)]
pub(super) struct Session {
    child: Child,
    files: TempDir,
    limit: Duration,
}

impl Session {
    /// Starts SIPp. With `reception`, requests that belong to no call of the main scenario are handled by that one.
    /// `hold` is how long a call may last; `None` stays until dropped.
    pub(super) fn start(
        phone: &Phone,
        remote: Option<SocketAddr>,
        scenario: &Scenario,
        reception: Option<&Scenario>,
        hold: Option<Duration>,
    ) -> Result<Self> {
        let files = tempfile::Builder::new().prefix("peerage-sipp-").tempdir()?;
        fs::write(files.path().join("scenario.xml"), scenario.text())?;
        write_account(phone, &files)?;
        let ip = phone.ip()?;
        let limit = hold.unwrap_or_default() + PATIENCE;
        let mut command = with_parent("sipp");
        command.current_dir(files.path()).env("TERM", "dumb");
        command.args(["-sf", "scenario.xml", "-inf", "account.csv", "-nostdin"]);
        command.args(["-trace_msg", "-message_file", "messages.log"]);
        command.args(["-trace_err", "-error_file", "errors.log"]);
        command.args([
            "-i",
            &ip,
            "-p",
            &phone.port.to_string(),
            "-ci",
            &ip,
            "-t",
            transport(phone.transport)?,
        ]);
        if let Some(reception) = reception {
            fs::write(files.path().join("reception.xml"), reception.text())?;
            command.args(["-oocsf", "reception.xml"]);
        }
        if let Some(remote) = remote {
            command.args(["-m", "1", &remote.to_string()]);
        }
        if hold.is_some() {
            command.args(["-timeout", &limit.as_secs().to_string(), "-timeout_error"]);
        }
        let output = File::create(files.path().join("output"))?;
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        Ok(Self {
            child: spawn(command)?,
            files,
            limit,
        })
    }

    /// Waits until it has played its scenario.
    pub(super) fn wait(mut self) -> Result<Outcome> {
        let mut status = None;
        wait_until("SIPp has ended", self.limit + PATIENCE, || {
            status = self.ended()?;
            Ok(status.is_some())
        })?;
        match status.and_then(|status| status.code()) {
            // One call failed: the test judges that by the codes.
            Some(code @ (0 | 1)) => Ok(Outcome::new(code == 0, self.messages()?, self.complaints())),
            _ => bail!("SIPp failed ({status:?}):\n{}{}", self.complaints(), self.transcript()),
        }
    }

    pub(super) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// What has been sent and received so far.
    pub(super) fn messages(&self) -> Result<Vec<Message>> {
        Message::parse_log(&self.transcript())
    }

    pub(super) fn transcript(&self) -> String {
        self.read("messages.log")
    }

    /// What SIPp has to say about errors; what it printed, when it came to no more.
    pub(super) fn complaints(&self) -> String {
        let complaints = self.read("errors.log");
        if complaints.is_empty() {
            self.read("output")
        } else {
            complaints
        }
    }

    fn read(&self, name: &str) -> String {
        let bytes = fs::read(self.files.path().join(name)).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Nothing can be done about a failure; the child ends with this process at the latest.
        let _ = kill_group(&mut self.child);
    }
}

fn transport(transport: Transport) -> Result<&'static str> {
    match transport {
        Transport::Udp => Ok("u1"),
        Transport::Tcp => Ok("t1"),
        Transport::Tls | Transport::Ws | Transport::Wss => {
            bail!("SIPp here speaks UDP and TCP only, not {transport:?}")
        }
    }
}

/// The account with its secret, in a file: an argument would be seen in the list of processes.
fn write_account(phone: &Phone, files: &TempDir) -> Result<()> {
    for value in [&phone.number, &phone.auth_user, &phone.secret.0] {
        let strange = |c: char| c.is_whitespace() || c.is_control() || matches!(c, ';' | '[' | ']' | '"');
        ensure!(
            !value.contains(strange),
            "SIPp's injection file cannot carry one of the phone's values"
        );
    }
    let path = files.path().join("account.csv");
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)
        .context("could not write the account")?;
    let Phone {
        number,
        auth_user,
        secret,
        ..
    } = phone;
    writeln!(file, "SEQUENTIAL")?;
    writeln!(
        file,
        "{number};[authentication username={auth_user} password={}]",
        secret.0
    )?;
    Ok(())
}
