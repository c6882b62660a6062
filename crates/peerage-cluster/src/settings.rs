//! What `pg/peerage.conf` says: where the server listens, and how it is tuned.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::account::Account;
use crate::error::ClusterError;

/// What the server is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// A call centre's only copy of its data, on a machine shared with Asterisk: nothing committed is lost.
    Durable,
    /// Tests: as fast as can be, and worth nothing after a crash of the machine.
    Test,
}

/// What outlives a run: the port is chosen once, the socket's directory is written for those who connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) port: u16,
    pub(crate) socket: PathBuf,
}

pub(crate) fn path(data: &Path) -> PathBuf {
    data.join("peerage.conf")
}

/// Reads port and socket of the last start.
pub(crate) fn read(data: &Path) -> Result<Kept, ClusterError> {
    let path = path(data);
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(ClusterError::NoSettings { path }),
        other => other.map_err(ClusterError::io("read", &path))?,
    };
    parse(&text).ok_or(ClusterError::NoSettings { path })
}

/// Writes the settings for the next start.
pub(crate) fn write(
    data: &Path,
    profile: Profile,
    kept: &Kept,
    owner: &Account,
    caller: &Account,
) -> Result<(), ClusterError> {
    owner.write_file(&path(data), &text(profile, kept, memory_mb()), caller)
}

fn parse(text: &str) -> Option<Kept> {
    let value = |key: &str| {
        let mut settings = text.lines().filter_map(|line| line.split_once('='));
        let value = settings.rfind(|(name, _)| name.trim() == key)?.1;
        Some(value.split('#').next()?.trim().trim_matches('\''))
    };
    Some(Kept {
        port: value("port")?.parse().ok()?,
        socket: PathBuf::from(value("unix_socket_directories")?),
    })
}

fn text(profile: Profile, kept: &Kept, memory_mb: u64) -> String {
    let tuning = match profile {
        Profile::Durable => durable(memory_mb),
        Profile::Test => TEST.to_owned(),
    };
    let Kept { port, socket } = kept;
    let socket = socket.display();
    format!(
        "\
# Written by Peerage at each start of the server. Only the port is kept: write another one here to move it.
# Settings of your own: `alter system set ...`, which wins over this file.
port = {port}
unix_socket_directories = '{socket}'
listen_addresses = '127.0.0.1'
password_encryption = scram-sha-256

# One file per day of the week. Terse, because the detail of a refused row would show its contents; clients get the detail.
logging_collector = on
log_directory = 'log'
log_filename = 'peerage-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_line_prefix = '%m [%p] %q%u@%d %a '
log_error_verbosity = terse

# Lookups are one index scan: compiling them would cost more than running them.
jit = off
max_connections = 200
{tuning}"
    )
}

/// The machine is Asterisk's too, and the hot data are small: an eighth of the memory is plenty.
fn durable(memory_mb: u64) -> String {
    let shared = (memory_mb / 8).clamp(128, 4096);
    let cache = (memory_mb / 2).max(256);
    format!(
        "\
shared_buffers = {shared}MB
effective_cache_size = {cache}MB
# Solid state: a page out of order costs little more than one in order.
random_page_cost = 1.1
# Registrations are many small writes, so the log is kept small and checkpoints rare.
wal_compression = on
max_wal_size = 2GB
"
    )
}

const TEST: &str = "\
shared_buffers = 256MB
fsync = off
synchronous_commit = off
full_page_writes = off
# No disturbance by checkpoints in a run of some minutes.
checkpoint_timeout = 1h
max_wal_size = 4GB
";

/// Memory of the machine, in MiB; 1024 if the kernel does not say.
fn memory_mb() -> u64 {
    fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| total_mb(&text))
        .unwrap_or(1024)
}

fn total_mb(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept() -> Kept {
        Kept {
            port: 25432,
            socket: PathBuf::from("/var/lib/peerage/run"),
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for profile in [Profile::Durable, Profile::Test] {
            assert_eq!(parse(&text(profile, &kept(), 4096)), Some(kept()));
        }
    }

    #[test]
    fn a_port_changed_by_hand_is_read_with_its_remark() {
        let text = text(Profile::Durable, &kept(), 4096).replace("port = 25432", "port=25433 # was taken");
        assert_eq!(parse(&text).unwrap().port, 25433);
        assert_eq!(parse("port = many\nunix_socket_directories = '/x'\n"), None);
        assert_eq!(parse(""), None);
    }

    #[test]
    fn only_the_test_profile_gives_up_durability() {
        assert!(!text(Profile::Durable, &kept(), 4096).contains("fsync"));
        assert!(!text(Profile::Durable, &kept(), 4096).contains("synchronous_commit"));
        assert!(text(Profile::Test, &kept(), 4096).contains("fsync = off"));
    }

    #[test]
    fn memory_is_read_and_shared_with_the_rest_of_the_machine() {
        assert_eq!(total_mb("MemTotal:       16384000 kB\nMemFree: 1 kB\n"), Some(16000));
        assert!(durable(512).contains("shared_buffers = 128MB"));
        assert!(durable(16000).contains("shared_buffers = 2000MB"));
        assert!(durable(1 << 20).contains("shared_buffers = 4096MB"));
    }
}
