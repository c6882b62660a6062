//! A real Asterisk for a test, out of the lab (`contrib/lab`), with the configuration that is shipped.
//!
//! Each instance has its own directories in the lab's root and its own loopback address, on which all ports are the
//! usual ones; so any number run side by side, from several test processes too. Asterisk dies with the test process.
//!
//! ```no_run
//! use peerage_testkit::asterisk::{Asterisk, Transport, Version};
//!
//! # fn main() -> anyhow::Result<()> {
//! let asterisk = Asterisk::builder(Version::V22)
//!     .append("pjsip.conf", "[1001]\ntype = endpoint\n")
//!     .start()?;
//! assert!(asterisk.cli("pjsip show endpoints")?.contains("1001"));
//! let address = asterisk.sip_addr(Transport::Udp);
//! # Ok(())
//! # }
//! ```

mod builder;
mod instance;
mod loopback;
mod process;
mod queue;
mod root;
mod wait;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};

pub use builder::Builder;
use instance::Instance;
pub use loopback::Loopback;
pub use peerage_views::node_config::{DatabaseLogin, DatabaseOptions, Driver, Manager, NodeConfig};
pub(crate) use process::{Process, kill_group, spawn, with_parent};
pub use queue::QueueMember;
pub use root::Version;
pub use wait::wait_until;

/// How long Asterisk may take to boot or to stop; both take about a second on an idle machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// A SIP transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    /// SIP over UDP.
    Udp,
    /// SIP over TCP.
    Tcp,
    /// SIP over TLS, with a certificate made for the instance.
    Tls,
    /// SIP over WebSocket.
    Ws,
    /// SIP over secure WebSocket, with the same certificate.
    Wss,
}

/// A running Asterisk; dropping it ends it and removes its directories, which stay when `PEERAGE_KEEP` is set.
pub struct Asterisk {
    config: NodeConfig,
    // Before the instance and the address: the process must be gone when they go.
    process: Option<Process>,
    instance: Instance,
    address: Loopback,
}

impl Asterisk {
    /// Describes an Asterisk to start; by default with PJSIP, no database and the node name `pbx1`.
    #[must_use]
    pub fn builder(version: Version) -> Builder {
        Builder::new(version)
    }

    /// Boots what the builder has laid out.
    fn boot(config: NodeConfig, instance: Instance, address: Loopback) -> Result<Self> {
        let mut asterisk = Self {
            config,
            process: None,
            instance,
            address,
        };
        asterisk.start_process()?;
        Ok(asterisk)
    }

    fn start_process(&mut self) -> Result<()> {
        self.process = Some(Process::start(
            self.instance.asterisk(&["-f"]),
            &self.instance.console(),
        )?);
        let booted = wait_until("Asterisk has booted", PATIENCE, || {
            if let Some(process) = &mut self.process
                && let Some(status) = process.ended()?
            {
                bail!("Asterisk ended: {status}");
            }
            // Before the control socket is there, the answer is that none could be reached.
            Ok(self.instance.control_socket().exists()
                && self
                    .instance
                    .cli("core waitfullybooted")
                    .is_ok_and(|said| said.contains("fully booted")))
        });
        booted.with_context(|| format!("could not start Asterisk; its log:\n{}", self.instance.tail()))
    }

    /// Runs a command on Asterisk's command line (`asterisk -rx`) and returns what it says.
    ///
    /// # Errors
    ///
    /// When Asterisk cannot be reached or has no such command; what a command complains of is text, as on the command
    /// line.
    pub fn cli(&self, command: &str) -> Result<String> {
        self.instance.cli(command)
    }

    /// Where SIP is listened to. With both drivers this is PJSIP's address; see [`Asterisk::chan_sip_addr`].
    #[must_use]
    pub fn sip_addr(&self, transport: Transport) -> SocketAddr {
        match self.config.driver {
            Driver::Sip => self.chan_sip_addr(transport),
            Driver::Pjsip | Driver::Both => self.of(self.config.pjsip, transport),
        }
    }

    /// Where `chan_sip` listens.
    #[must_use]
    pub fn chan_sip_addr(&self, transport: Transport) -> SocketAddr {
        self.of(self.config.sip, transport)
    }

    fn of(&self, listen: peerage_views::node_config::Listen, transport: Transport) -> SocketAddr {
        match transport {
            Transport::Udp => listen.udp,
            Transport::Tcp => listen.tcp,
            Transport::Tls => listen.tls,
            Transport::Ws => self.config.http,
            Transport::Wss => self.config.https,
        }
    }

    /// The instance's own address, 127.x.y.z.
    #[must_use]
    pub fn ip(&self) -> IpAddr {
        self.address.ip()
    }

    /// The configuration the instance was made with.
    #[must_use]
    pub fn config(&self) -> &NodeConfig {
        &self.config
    }

    /// The Manager interface: address, user and secret.
    ///
    /// # Errors
    ///
    /// When it is off.
    pub fn manager(&self) -> Result<&Manager> {
        self.config
            .manager
            .as_ref()
            .context("this Asterisk has no Manager interface")
    }

    /// All of the message log so far, of every start of this instance.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn log(&self) -> Result<String> {
        self.instance.log()
    }

    /// The lines of these events that Asterisk itself has written into its log of a queue, in order: the member, the event and
    /// its first parameter. The log in the database has lines of Peerage's own instead of some of them.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn queue_log(&self, queue: &str, events: &[&str]) -> Result<Vec<[String; 3]>> {
        let log = self.instance.queue_log()?;
        let lines = log.lines().map(|line| line.split('|').collect::<Vec<_>>());
        Ok(lines
            .filter_map(|line| match line[..] {
                [_, _, of, member, event, ref data @ ..] if of == queue && events.contains(&event) => {
                    Some([member, event, data.first().copied().unwrap_or_default()].map(str::to_owned))
                }
                _ => None,
            })
            .collect())
    }

    /// Lines of the message log of level WARNING or ERROR; without the remark that `chan_sip` has no future, which
    /// every Asterisk 16 makes that loads it.
    ///
    /// # Errors
    ///
    /// As [`Asterisk::log`].
    pub fn warnings(&self) -> Result<Vec<String>> {
        let log = self.log()?;
        let bad = |line: &&str| {
            (line.contains("] WARNING[") || line.contains("] ERROR["))
                && !line.contains("Module 'chan_sip' has been loaded but will be deprecated")
        };
        Ok(log.lines().filter(bad).map(str::to_owned).collect())
    }

    /// Writes or replaces a configuration file of the running instance; a reload is the caller's.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn write_file(&self, name: &str, contents: &str) -> Result<()> {
        self.instance.write(name, 0o640, contents)
    }

    /// A path in the instance's own directories (`etc`, `lib`, `spool`, `run`, `log`), as this process sees it.
    #[must_use]
    pub fn path(&self, inside: &str) -> PathBuf {
        self.instance.outside(inside)
    }

    /// Whether the process is there.
    ///
    /// # Errors
    ///
    /// When that cannot be told.
    pub fn is_running(&mut self) -> Result<bool> {
        match &mut self.process {
            Some(process) => Ok(process.ended()?.is_none()),
            None => Ok(false),
        }
    }

    /// Stops Asterisk in order: calls are hung up, modules unloaded. Nothing happens when it is not running.
    ///
    /// # Errors
    ///
    /// When it has not ended after a generous time; it is killed then.
    pub fn stop(&mut self) -> Result<()> {
        let Some(mut process) = self.process.take() else {
            return Ok(());
        };
        // The answer is lost with the connection as often as not.
        let _ = self.instance.cli("core stop now");
        wait_until("Asterisk has stopped", PATIENCE, || Ok(process.ended()?.is_some()))
    }

    /// Ends Asterisk at once (SIGKILL), as a crash does.
    ///
    /// # Errors
    ///
    /// When the signal cannot be sent.
    pub fn kill(&mut self) -> Result<()> {
        match self.process.take() {
            Some(mut process) => process.kill(),
            None => Ok(()),
        }
    }

    /// Stops Asterisk if it runs, and starts it again with the same directories and address.
    ///
    /// # Errors
    ///
    /// As [`Asterisk::stop`] and the builder's `start`.
    pub fn restart(&mut self) -> Result<()> {
        self.stop()?;
        self.start_process()
    }
}

impl Drop for Asterisk {
    #[expect(clippy::print_stderr, reason = "shown with the output of a failed test")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- log of Asterisk {}\n{}", self.address.ip(), self.instance.tail());
        }
    }
}
