//! Settings: flags before the environment, the environment before the file, the file before defaults.
//!
//! Nothing else reads the environment. Only the variables listed here are read, each by its exact name, so that others that begin
//! with `PEERAGE_`, such as those of the tests, never stop the command.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use config::{Config, File, FileFormat};
use peerage_store::DatabaseUrl;
use peerage_store::cluster::{Cluster, Home};
use serde::Deserialize;

use crate::args::Global;
use crate::failure::Failure;

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
];

/// The variable that names the file.
const FILE: &str = "PEERAGE_CONFIG";

/// What the file and the environment say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
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
    /// Directory with the secrets of the nodes' Manager users, a file for each.
    pub(crate) manager_secrets: PathBuf,
    /// Who runs this command, for the audit.
    pub(crate) operator: String,
}

impl Settings {
    /// Reads file and environment.
    pub(crate) fn load(global: &Global, serves: bool) -> Result<Self, Failure> {
        Self::from(global, serves, |name| {
            std::env::var_os(name).filter(|value| !value.is_empty())
        })
    }

    fn from(global: &Global, serves: bool, variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, Failure> {
        let text = |name: &str| match variable(name).map(OsString::into_string) {
            Some(Ok(value)) => Ok(Some(value)),
            Some(Err(_)) => Err(Failure::usage(format!("`{name}` is no UTF-8"))),
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
        let written: Written = builder
            .build()
            .and_then(Config::try_deserialize)
            .map_err(|error| unreadable(&error, file.as_deref()))?;

        if written.database_url.is_none()
            && written.database_url_file.is_none()
            && (written.owner_database_url.is_some() || written.owner_database_url_file.is_some())
        {
            return Err(Failure::usage("`owner_database_url` is set without `database_url`")
                .hint("set PEERAGE_DATABASE_URL too: the login for everyday work, such as a member of peerage_app"));
        }
        let home = |name: &str| match &written.home {
            Some(home) if name == "PEERAGE_HOME" => Some(home.clone().into_os_string()),
            _ => variable(name),
        };
        let home = Home::resolve(home).map_err(|error| Failure::because(&error).hint(error.hint()))?;
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
            manager_secrets: written.manager_secrets.unwrap_or_else(|| home.path().join("manager")),
            operator: operator(
                uid(),
                &std::fs::read_to_string("/etc/passwd").unwrap_or_default(),
                |name| text(name).ok().flatten(),
            ),
        })
    }
}

/// Reads one of the URLs, or the file that holds it.
fn database_url(setting: &str, url: Option<&String>, file: Option<&Path>) -> Result<Option<DatabaseUrl>, Failure> {
    let url = match (url, file) {
        (Some(_), Some(_)) => {
            let variable = format!("PEERAGE_{}", setting.to_uppercase());
            return Err(
                Failure::usage(format!("both `{setting}` and `{setting}_file` are set")).hint(format!(
                    "set one of {variable} and {variable}_FILE, or one of both in the file"
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
            .hint("write an address and a port, such as `0.0.0.0:8080`")
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
    Failure::usage(message).hint(format!("the file is TOML with these names: {}", known.join(", ")))
}

#[cfg(test)]
mod tests;
