//! The lab's Debian trees, and how a program in one is run.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::{fmt, fs};

use anyhow::{Context, Result, bail};

/// Makes and finds the roots; it alone knows where they are.
const LAB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../contrib/lab/lab");

/// An Asterisk of the lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    /// 16, with `chan_sip` and PJSIP.
    V16,
    /// 22, with PJSIP alone.
    V22,
}

impl Version {
    /// Both of the lab.
    pub const ALL: [Version; 2] = [Version::V16, Version::V22];

    /// The major version, as a number.
    #[must_use]
    pub fn major(self) -> u8 {
        match self {
            Version::V16 => 16,
            Version::V22 => 22,
        }
    }

    /// Whether it has `chan_sip`, which left with 21.
    #[must_use]
    pub fn has_chan_sip(self) -> bool {
        self == Version::V16
    }

    /// Which one exactly the lab has, such as `22.10.1+dfsg`.
    ///
    /// # Errors
    ///
    /// When the lab has none; the message says what to run.
    pub fn exact(self) -> Result<String> {
        self.ask_lab("version")
    }

    fn ask_lab(self, question: &str) -> Result<String> {
        let output = Command::new(LAB)
            .args([question, &self.to_string()])
            .output()
            .with_context(|| format!("could not run {LAB}"))?;
        if !output.status.success() {
            bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.major().fmt(f)
    }
}

/// A directory tree with Asterisk in it; `/` is this machine's own.
#[derive(Clone, Debug)]
pub(super) struct Root(PathBuf);

impl Root {
    pub(super) fn of(version: Version) -> Result<Self> {
        Ok(Self(version.ask_lab("root")?.into()))
    }

    fn is_this_machine(&self) -> bool {
        self.0 == Path::new("/")
    }

    /// Lets the tree know this machine's name: Asterisk looks it up when it changes a call's media path, complains when
    /// it does not find it, and asks the internet's root servers next.
    pub(super) fn name_this_machine(&self) -> Result<()> {
        if self.is_this_machine() {
            return Ok(());
        }
        let name = fs::read_to_string("/proc/sys/kernel/hostname")?;
        let wanted = format!("127.0.0.1 localhost\n127.0.0.1 {}\n", name.trim());
        let hosts = self.outside("/etc/hosts");
        if fs::read_to_string(&hosts).is_ok_and(|found| found == wanted) {
            return Ok(());
        }
        // Renamed into place, because other tests may be reading it.
        let new = self.outside(&format!("/etc/hosts.{}", process::id()));
        fs::write(&new, wanted).with_context(|| format!("could not write {}", new.display()))?;
        Ok(fs::rename(&new, &hosts)?)
    }

    /// Where instances are kept, as seen from inside.
    pub(super) fn instances(&self) -> &'static str {
        if self.is_this_machine() {
            "/tmp/peerage-instances"
        } else {
            "/instances"
        }
    }

    /// A path inside, as this process sees it.
    pub(super) fn outside(&self, inside: &str) -> PathBuf {
        self.0.join(inside.trim_start_matches('/'))
    }

    /// The file of a time zone, and the one behind `/etc/localtime` over which it lies for a program that is to see it: Asterisk knows
    /// `/etc/localtime` only and does not heed `TZ`.
    pub(super) fn time_zone(&self, zone: &str) -> (PathBuf, PathBuf) {
        let local = self.outside("/etc/localtime");
        let behind = match fs::read_link(&local) {
            Ok(link) if link.is_absolute() => self.outside(&link.to_string_lossy()),
            Ok(link) => self.outside("/etc").join(link),
            Err(_) => local,
        };
        (self.outside(&format!("/usr/share/zoneinfo/{zone}")), behind)
    }

    /// Words in front of a command that let it see other files in place of some: mounts of its own.
    pub(super) fn in_place_of(files: &[(PathBuf, PathBuf)]) -> Vec<String> {
        if files.is_empty() {
            return Vec::new();
        }
        let mount = r#"while [ "$1" != -- ]; do mount --bind "$1" "$2" || exit 1; shift 2; done; shift; exec "$@""#;
        let mut words = ["unshare", "--mount", "sh", "-c", mount, "sh"]
            .map(str::to_owned)
            .to_vec();
        for (file, place) in files {
            words.extend([file, place].map(|path| path.to_string_lossy().into_owned()));
        }
        words.push("--".to_owned());
        words
    }

    /// Runs `launcher` (such as `timeout 30`) with a program inside the root. The environment is empty but for what
    /// every program needs: libpq would listen to a developer's PG variables.
    pub(super) fn command(&self, launcher: &[&str], program: &str) -> Command {
        let mut words: Vec<&OsStr> = launcher.iter().map(OsStr::new).collect();
        if !self.is_this_machine() {
            words.extend([OsStr::new("chroot"), self.0.as_os_str()]);
        }
        words.push(OsStr::new(program));
        let mut command = Command::new(words[0]);
        command
            .args(&words[1..])
            .env_clear()
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .env("LC_ALL", "C.UTF-8");
        command
    }
}
