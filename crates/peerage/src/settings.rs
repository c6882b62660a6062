//! Settings: flags before the environment, the environment before the file, the file before defaults.
//!
//! Nothing else reads the environment. Only the variables listed here are read, each by its exact name. An unknown name in the
//! environment or the file causes a warning.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use config::{Config, File, FileFormat};
use peerage_cluster::{Cluster, Home};
use peerage_store::DatabaseUrl;
use serde::Deserialize;

use crate::args::Global;
use crate::failure::Failure;

mod traffic;

pub(crate) use traffic::Traffic;

/// Each setting of the file with its variable.
const VARIABLES: &[(&str, &str)] = &[
    ("database_url", "PEERAGE_DATABASE_URL"),
    ("database_url_file", "PEERAGE_DATABASE_URL_FILE"),
    ("owner_database_url", "PEERAGE_OWNER_DATABASE_URL"),
    ("owner_database_url_file", "PEERAGE_OWNER_DATABASE_URL_FILE"),
    ("home", "PEERAGE_HOME"),
    ("node_password_file", "PEERAGE_NODE_PASSWORD_FILE"),
    ("log", "PEERAGE_LOG"),
    ("listen", "PEERAGE_LISTEN"),
    ("https", "PEERAGE_HTTPS"),
    ("manager_secrets", "PEERAGE_MANAGER_SECRETS"),
    ("trusted_proxies", "PEERAGE_TRUSTED_PROXIES"),
    ("forwarded_header", "PEERAGE_FORWARDED_HEADER"),
    ("connections", "PEERAGE_CONNECTIONS"),
    ("connections_per_address", "PEERAGE_CONNECTIONS_PER_ADDRESS"),
    ("streams_per_user", "PEERAGE_STREAMS_PER_USER"),
    ("streams_per_address", "PEERAGE_STREAMS_PER_ADDRESS"),
    ("requests_per_user", "PEERAGE_REQUESTS_PER_USER"),
    ("requests_per_address", "PEERAGE_REQUESTS_PER_ADDRESS"),
];

/// What our variables begin with.
const PREFIX: &str = "PEERAGE_";

/// The variable that names the file.
const FILE: &str = "PEERAGE_CONFIG";

/// Variables of the tests, the lab and the build, which the command does not read; an `_` at the end stands for all that begin so.
const OF_TOOLS: &[&str] = &[
    "PEERAGE_ASTERISK_",
    "PEERAGE_CACHE",
    "PEERAGE_DEBIAN_MIRROR",
    "PEERAGE_KEEP",
    "PEERAGE_MIGRATIONS_HASH",
    "PEERAGE_RECORD",
    "PEERAGE_TEST_",
    "PEERAGE_WRITE_",
];

/// How alike two names are, from 0 to 1, of which one is perhaps meant to be the other.
const ALIKE: f64 = 0.8;

/// What the file and the environment say.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Written {
    database_url: Option<String>,
    database_url_file: Option<PathBuf>,
    owner_database_url: Option<String>,
    owner_database_url_file: Option<PathBuf>,
    home: Option<PathBuf>,
    node_password_file: Option<PathBuf>,
    log: Option<String>,
    listen: Option<String>,
    https: Option<bool>,
    manager_secrets: Option<PathBuf>,
    trusted_proxies: Option<traffic::Words>,
    forwarded_header: Option<String>,
    connections: Option<NonZeroU32>,
    connections_per_address: Option<NonZeroU32>,
    streams_per_user: Option<NonZeroU32>,
    streams_per_address: Option<NonZeroU32>,
    requests_per_user: Option<NonZeroU32>,
    requests_per_address: Option<NonZeroU32>,
}

/// What counts.
#[derive(Debug)]
pub(crate) struct Settings {
    /// The database; none is the private cluster.
    pub(crate) database_url: Option<DatabaseUrl>,
    /// The same database as its owner, for migrations and the roles of nodes; none: as everything else.
    pub(crate) owner_database_url: Option<DatabaseUrl>,
    /// The private cluster, there or not.
    pub(crate) cluster: Cluster,
    /// File with a node's database password.
    pub(crate) node_password_file: Option<PathBuf>,
    /// What is logged, in the syntax of tracing's filters.
    pub(crate) log: String,
    /// Where the service listens.
    pub(crate) listen: SocketAddr,
    /// Whether browsers reach it over HTTPS.
    pub(crate) https: bool,
    /// Whose word is taken on where a request comes from, and how much anybody may take of the service.
    pub(crate) traffic: Traffic,
    /// Directory with the secrets of the nodes' Manager users, a file for each.
    pub(crate) manager_secrets: PathBuf,
    /// Who runs this command, for the audit.
    pub(crate) operator: String,
    /// Names that nobody knows, a sentence each.
    pub(crate) unknown: Vec<String>,
}

impl Settings {
    /// Reads file and environment.
    pub(crate) fn load(global: &Global, serves: bool) -> Result<Self, Failure> {
        let mut settings = Self::from(global, serves, |name| {
            std::env::var_os(name).filter(|value| !value.is_empty())
        })?;
        let names = std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned());
        settings.unknown.extend(unknown_variables(names));
        Ok(settings)
    }

    fn from(global: &Global, serves: bool, variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, Failure> {
        let text = |name: &str| match variable(name).map(OsString::into_string) {
            Some(Ok(value)) => Ok(Some(value)),
            Some(Err(_)) => Err(Failure::usage(format!("`{name}` is not UTF-8"))),
            None => Ok(None),
        };
        let file = global.config.clone().or_else(|| variable(FILE).map(PathBuf::from));
        let mut builder = Config::builder();
        if let Some(file) = &file {
            builder = builder.add_source(File::from(file.as_path()).format(FileFormat::Toml));
        }
        for (key, name) in VARIABLES {
            builder = builder
                .set_override_option(*key, text(name)?)
                .map_err(|error| unreadable(&error, None))?;
        }
        let built = builder.build().map_err(|error| unreadable(&error, file.as_deref()))?;
        let unknown = match &file {
            Some(file) => unknown_keys(&built, file).map_err(|error| unreadable(&error, Some(file)))?,
            None => Vec::new(),
        };
        let written: Written = built
            .try_deserialize()
            .map_err(|error| unreadable(&error, file.as_deref()))?;

        if written.database_url.is_none()
            && written.database_url_file.is_none()
            && (written.owner_database_url.is_some() || written.owner_database_url_file.is_some())
        {
            return Err(Failure::usage("`owner_database_url` is set without `database_url`")
                .hint("also set PEERAGE_DATABASE_URL, with the login for everyday work, a member of peerage_app"));
        }
        let home = |name: &str| match &written.home {
            Some(home) if name == "PEERAGE_HOME" => Some(home.clone().into_os_string()),
            _ => variable(name),
        };
        let home = Home::resolve(home).map_err(|error| Failure::because(&error).hint(error.hint()))?;
        let traffic = Traffic::read(&written)?;
        Ok(Self {
            database_url: database_url(
                "database_url",
                written.database_url.as_ref(),
                written.database_url_file.as_deref(),
            )?,
            owner_database_url: database_url(
                "owner_database_url",
                written.owner_database_url.as_ref(),
                written.owner_database_url_file.as_deref(),
            )?,
            cluster: Cluster::at(home.path()),
            node_password_file: written.node_password_file,
            log: written
                .log
                .unwrap_or_else(|| default_log(global.verbose.max(u8::from(serves))).to_owned()),
            listen: listen(written.listen.as_deref())?,
            https: written.https.unwrap_or_default(),
            traffic,
            manager_secrets: written.manager_secrets.unwrap_or_else(|| home.path().join("manager")),
            operator: operator(
                uid(),
                &std::fs::read_to_string("/etc/passwd").unwrap_or_default(),
                |name| text(name).ok().flatten(),
            ),
            unknown,
        })
    }
}

/// A warning for each name of the file that nobody knows. Its value, which may be a secret, is not shown.
fn unknown_keys(built: &Config, file: &Path) -> Result<Vec<String>, config::ConfigError> {
    let keys: BTreeMap<String, config::Value> = built.clone().try_deserialize()?;
    let known = || VARIABLES.iter().map(|(key, _)| *key);
    let unknown = keys.into_keys().filter(|key| !known().any(|known| known == key));
    let warning = |key: String| {
        let meant = meant(known(), &key, "");
        format!("unknown setting `{key}` in `{}` has no effect{meant}", file.display())
    };
    Ok(unknown.map(warning).collect())
}

/// A warning for each variable of our prefix that nobody knows.
fn unknown_variables(names: impl Iterator<Item = String>) -> Vec<String> {
    let known = || VARIABLES.iter().map(|(_, name)| *name).chain([FILE]);
    let is_of_tools = |name: &str| {
        let is = |tool: &str| name == tool || (tool.ends_with('_') && name.starts_with(tool));
        OF_TOOLS.iter().any(|tool| is(tool))
    };
    let unknown = names.filter(|name| {
        let is_ours = name
            .get(..PREFIX.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(PREFIX));
        is_ours && !known().any(|known| known == name) && !is_of_tools(name)
    });
    let warning = |name: String| {
        let meant = meant(known(), &name, PREFIX);
        format!("unknown variable `{name}` has no effect{meant}")
    };
    let mut warnings: Vec<String> = unknown.map(warning).collect();
    warnings.sort();
    warnings
}

/// What was probably meant, as the end of a sentence. All names begin with the prefix, which makes none of them more alike.
fn meant(known: impl Iterator<Item = &'static str>, name: &str, prefix: &str) -> String {
    let own = |name: &str| name.to_uppercase().trim_start_matches(prefix).to_owned();
    let alike = known.map(|known| (strsim::jaro_winkler(&own(known), &own(name)), known));
    let closest = alike.max_by(|one, other| one.0.total_cmp(&other.0));
    match closest {
        Some((score, known)) if score >= ALIKE => format!(". Did you mean `{known}`?"),
        _ => String::new(),
    }
}

/// Reads one of the URLs, or the file that holds it.
fn database_url(setting: &str, url: Option<&String>, file: Option<&Path>) -> Result<Option<DatabaseUrl>, Failure> {
    let url = match (url, file) {
        (Some(_), Some(_)) => {
            let variable = format!("PEERAGE_{}", setting.to_uppercase());
            return Err(
                Failure::usage(format!("both `{setting}` and `{setting}_file` are set")).hint(format!(
                    "set only one of {variable} and {variable}_FILE, or only one of them in the file"
                )),
            );
        }
        (Some(url), None) => url.clone(),
        (None, Some(file)) => std::fs::read_to_string(file)
            .map_err(|error| Failure::while_trying(&format!("cannot read `{}`", file.display()), &error))?
            .trim_end()
            .to_owned(),
        (None, None) => return Ok(None),
    };
    let url = DatabaseUrl::try_from(url).map_err(|error| Failure::usage(error.to_string()).hint(error.hint()))?;
    Ok(Some(url))
}

fn listen(written: Option<&str>) -> Result<SocketAddr, Failure> {
    let written = written.unwrap_or("127.0.0.1:8080");
    written.parse().map_err(|_no_place| {
        Failure::usage(format!("`listen` cannot be `{written}`"))
            .hint("use an address and a port, such as `0.0.0.0:8080`")
    })
}

/// Without `--verbose` only what went wrong; the libraries of others stay quiet until everything is asked for.
fn default_log(verbose: u8) -> &'static str {
    match verbose {
        0 => "warn",
        1 => "warn,peerage=info,peerage_ami=info,peerage_service=info,peerage_store=info,peerage_views=info",
        _ => "debug",
    }
}

/// The person at the keyboard: the system's name for this process's user, or whom `sudo` names, which only root is believed.
fn operator(uid: Option<u32>, accounts: &str, variable: impl Fn(&str) -> Option<String>) -> String {
    let Some(uid) = uid else {
        return "unknown".to_owned();
    };
    if let Some(name) = Some(uid).filter(|uid| *uid == 0).and_then(|_| variable("SUDO_USER")) {
        return printable(&name);
    }
    let name = accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(uid)).then_some(name)
    });
    name.map_or_else(|| format!("uid {uid}"), printable)
}

/// Short and on one line, for the audit.
fn printable(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(64).collect()
}

/// This process's user, as the kernel says.
fn uid() -> Option<u32> {
    std::fs::metadata("/proc/self").ok().map(|process| process.uid())
}

/// A file that cannot be used. What is wrong with its TOML is said without the line itself, which may hold a password.
fn unreadable(error: &config::ConfigError, file: Option<&Path>) -> Failure {
    let said: Vec<String> = error
        .to_string()
        .lines()
        .filter(|line| !line.contains(" | ") && !line.trim_end().ends_with(" |"))
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty() && !line.starts_with("in "))
        .collect();
    let said = said.join(": ");
    let message = match file {
        Some(file) => format!("cannot use the settings in `{}`: {said}", file.display()),
        None => format!("cannot use the settings: {said}"),
    };
    let known: Vec<&str> = VARIABLES.iter().map(|(key, _)| *key).collect();
    Failure::usage(message).hint(format!(
        "the file must be TOML with these settings: {}",
        known.join(", ")
    ))
}

#[cfg(test)]
mod tests;
