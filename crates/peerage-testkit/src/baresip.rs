//! baresip as a telephone: what SIPp cannot do, TLS and encrypted media.
//!
//! It connects from 127.0.0.1, whatever its own address, so it is no phone for a fixed host; and it has no certificate
//! to be called with, so Asterisk must use the connection it registered over (`rewrite_contact`, `nat = force_rport`).

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::OpenOptionsExt;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use crate::asterisk::{Loopback, Process, Transport, wait_until, with_parent};

const PATIENCE: Duration = Duration::from_secs(40);
/// Where it takes commands, on its own address.
const CONTROL: u16 = 4444;

/// How a phone sends its media.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// Plain RTP.
    Plain,
    /// SRTP with keys in the SDP, or no call.
    Sdes,
}

/// A telephone that has registered, and answers calls; it ends when dropped.
#[derive(Debug)]
pub struct Baresip {
    process: Process,
    address: Loopback,
    files: TempDir,
}

impl Baresip {
    /// Starts a phone that registers over UDP, TCP or TLS, and waits until it is registered.
    ///
    /// # Errors
    ///
    /// When baresip does not run, or Asterisk refuses it; the message carries what was said.
    pub fn register(
        number: &str,
        secret: &str,
        asterisk: SocketAddr,
        transport: Transport,
        media: Media,
    ) -> Result<Self> {
        let address = Loopback::with_ports(&[5060, 5061, CONTROL])?;
        let files = tempfile::Builder::new().prefix("peerage-baresip-").tempdir()?;
        fs::write(files.path().join("config"), configuration(&address))?;
        write_account(&files, &account(number, secret, asterisk, transport, media)?)?;
        let mut command = with_parent("baresip");
        // -s shows the SIP messages, -v what it does.
        command.arg("-f").arg(files.path()).args(["-s", "-v"]);
        let process = Process::start(command, &files.path().join("output"))?;
        let mut phone = Self {
            process,
            address,
            files,
        };
        phone.wait_for_registration()?;
        Ok(phone)
    }

    /// Calls an extension.
    ///
    /// # Errors
    ///
    /// When it takes no command; whether the call is answered, [`Baresip::wait_for_call`] says.
    pub fn dial(&self, extension: &str) -> Result<()> {
        self.command("dial", extension)
    }

    /// Ends its call.
    ///
    /// # Errors
    ///
    /// When it takes no command.
    pub fn hang_up(&self) -> Result<()> {
        self.command("hangup", "")
    }

    /// Waits until it is in a call, dialled or answered.
    ///
    /// # Errors
    ///
    /// When it does not come to one; the message carries what was said.
    pub fn wait_for_call(&mut self) -> Result<()> {
        self.wait_for("Call established")
    }

    /// Waits until the media of its call is encrypted.
    ///
    /// # Errors
    ///
    /// When it is not; the message carries what was said.
    pub fn wait_for_encryption(&mut self) -> Result<()> {
        self.wait_for("SRTP is Enabled")
    }

    /// All that it has printed: each SIP message, and what it did.
    #[must_use]
    pub fn log(&self) -> String {
        let bytes = fs::read(self.files.path().join("output")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Waits until it has printed `text`.
    ///
    /// # Errors
    ///
    /// When it does not; the message carries what it has printed.
    pub fn wait_for(&mut self, text: &str) -> Result<()> {
        let waited = wait_until(text, PATIENCE, || {
            if let Some(status) = self.process.ended()? {
                bail!("baresip ended ({status})");
            }
            Ok(self.log().contains(text))
        });
        waited.with_context(|| self.log())
    }

    fn wait_for_registration(&mut self) -> Result<()> {
        // It prints one of: 1001@127.1.2.3: {0/TLS/v4} 200 OK (Asterisk PBX) [1 binding]
        //                   reg: sip:1001@127.1.2.3:5060: 403 Forbidden (Asterisk PBX)
        let mut refused = false;
        let waited = wait_until("baresip has registered", PATIENCE, || {
            if let Some(status) = self.process.ended()? {
                bail!("baresip ended ({status})");
            }
            let log = self.log();
            refused = log.contains("reg: sip:");
            Ok(refused || log.lines().any(|line| line.contains("{0/") && line.contains(" 200 OK")))
        });
        waited.with_context(|| self.log())?;
        ensure!(!refused, "the registration failed\n{}", self.log());
        Ok(())
    }

    /// Sends a command of the module `ctrl_tcp`: a JSON object as a netstring.
    fn command(&self, name: &str, argument: &str) -> Result<()> {
        let harmless = |c: char| c.is_ascii_alphanumeric() || matches!(c, '*' | '#' | '+' | '.' | '-');
        ensure!(argument.chars().all(harmless), "not an extension: {argument}");
        let command = format!(r#"{{"command":"{name}","params":"{argument}"}}"#);
        let mut control = TcpStream::connect((self.address.ip(), CONTROL)).context("baresip takes no commands")?;
        write!(control, "{}:{command},", command.len())?;
        Ok(())
    }
}

fn configuration(address: &Loopback) -> String {
    let ip = address.ip();
    format!(
        "sip_listen {ip}:5060\nnet_interface {ip}\nrtp_ports 20000-29999\n\
         ctrl_tcp_listen {ip}:{CONTROL}\n\
         audio_player aubridge,testkit\naudio_source aubridge,testkit\naudio_alert aubridge,testkit\n\
         module_path /usr/lib/baresip/modules\nmodule g711.so\nmodule srtp.so\nmodule aubridge.so\n\
         module_app account.so\nmodule_app menu.so\nmodule_app ctrl_tcp.so\n"
    )
}

fn account(number: &str, secret: &str, asterisk: SocketAddr, transport: Transport, media: Media) -> Result<String> {
    for value in [number, secret] {
        let strange = |c: char| c.is_whitespace() || c.is_control() || matches!(c, ';' | '<' | '>' | '"');
        ensure!(
            !value.contains(strange),
            "baresip's account file cannot carry one of the phone's values"
        );
    }
    let transport = match transport {
        Transport::Udp => "udp",
        Transport::Tcp => "tcp",
        Transport::Tls => "tls",
        Transport::Ws | Transport::Wss => bail!("baresip speaks UDP, TCP and TLS only, not {transport:?}"),
    };
    let encryption = match media {
        Media::Plain => "",
        Media::Sdes => ";mediaenc=srtp-mand",
    };
    Ok(format!(
        "<sip:{number}@{asterisk};transport={transport}>;auth_pass={secret};regint=300;answermode=auto{encryption}\n"
    ))
}

/// The account holds the secret, so nobody else may read it.
fn write_account(files: &TempDir, account: &str) -> Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(files.path().join("accounts"))?;
    Ok(file.write_all(account.as_bytes())?)
}
