//! `peerage asterisk config`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;

use peerage_model::{Realm, Secret};
use peerage_service::manager_secret;
use peerage_store::{Node, Site};
use peerage_views::node_config::{
    Certificate, DatabaseLogin, DatabaseOptions, Directories, Driver as NodeDriver, Listen, Manager, NodeConfig,
    NodeConfigError, files,
};

use super::Context;
use crate::args::asterisk::{Asterisk as Verb, Config, Driver};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::secret;

mod endpoint;
mod write;

use endpoint::Endpoint;

pub(super) fn run(verb: &Verb, context: &Context) -> Result<Exit, Failure> {
    let Verb::Config(args) = verb;
    let store = context.store()?;
    let node = store.node(&args.node)?;
    let sites = store.sites()?;
    let place = endpoint(args, context)?;
    let password = password(args, context)?;
    let mut config = NodeConfig::new(node.name.to_string(), driver(args.driver, &sites));
    config.realm = realm(args.realm.as_ref(), &sites)?.to_string();
    config.database = Some(DatabaseLogin {
        host: place.host,
        port: place.port,
        dbname: place.database,
        user: node.login.to_string(),
        password: password.expose().to_owned(),
    });
    config.database_options = DatabaseOptions {
        target_session_attrs: place.target_session_attrs,
        sslmode: place.sslmode,
        root_certificate: place.root_certificate,
    };
    listen(&mut config, args);
    config.manager = manager(&node, context)?;
    config.manager_from = args.manager.manager_from;
    config.caching = !args.manager.no_caching;
    config.cache_seconds = args.manager.cache_seconds;
    config.offer_sha256 = offers_sha256(args, &sites, context);
    config.further_addresses.clone_from(&args.listen.own_address);
    config.phones_on_this_machine = args.listen.phones_on_this_machine;
    config.directories = directories(args)?;
    let files = files(&config)?;
    let written = write::all(&args.out, &files, args.force)?;
    store.set_node_addresses(&node.name, &config.own_addresses())?;
    let keeps = config.caches();
    store.set_node_cache(
        &node.name,
        if keeps { config.cache_seconds } else { 0 },
        keeps && config.driver != NodeDriver::Pjsip,
    )?;
    context.printer.list(write::COLUMNS, &written)?;
    context.printer.talk(format_args!(
        "wrote the configuration of node {} to {}: make Asterisk's user the owner, then restart Asterisk",
        node.name,
        args.out.display()
    ));
    Ok(Exit::Done)
}

/// The flags, or else what the sites need.
fn driver(asked: Option<Driver>, sites: &[Site]) -> NodeDriver {
    match asked {
        Some(Driver::Pjsip) => NodeDriver::Pjsip,
        Some(Driver::Sip) => NodeDriver::Sip,
        Some(Driver::Both) => NodeDriver::Both,
        None => {
            let has = |driver| sites.iter().any(|site| site.driver == driver);
            match (has(peerage_model::Driver::Pjsip), has(peerage_model::Driver::Sip)) {
                (true, true) => NodeDriver::Both,
                (false, true) => NodeDriver::Sip,
                (_, false) => NodeDriver::Pjsip,
            }
        }
    }
}

/// Whether the node offers SHA-256 to unknown accounts: yes as soon as one site offers it.
fn offers_sha256(args: &Config, sites: &[Site], context: &Context) -> bool {
    let offers = |offer: bool| {
        let names: Vec<String> = sites
            .iter()
            .filter(|site| site.offer_sha256 == offer)
            .map(|site| format!("`{}`", site.name))
            .collect();
        names.join(", ")
    };
    let (some, others) = (offers(true), offers(false));
    if !some.is_empty() && !others.is_empty() {
        context.printer.warn(format_args!(
            "{some} offers SHA-256 and {others} does not: a stranger can tell accounts of this node from unknown ones"
        ));
    }
    !some.is_empty() && !args.no_sha256
}

/// The flag, or else the realm of all sites: a node has only one.
fn realm<'a>(asked: Option<&'a Realm>, sites: &'a [Site]) -> Result<&'a Realm, Failure> {
    if let Some(realm) = asked {
        return Ok(realm);
    }
    let mut realms: Vec<&Realm> = sites.iter().map(|site| &site.realm).collect();
    realms.sort();
    realms.dedup();
    match realms.as_slice() {
        [realm] => Ok(realm),
        many => {
            let many: Vec<String> = many.iter().map(|realm| format!("`{realm}`")).collect();
            Err(
                Failure::usage(format!("the sites have different realms: {}", many.join(", ")))
                    .hint("choose the realm of this node with --realm"),
            )
        }
    }
}

/// The address of the database for the node: flags, then Peerage's own database.
fn endpoint(args: &Config, context: &Context) -> Result<Endpoint, Failure> {
    let mut place = match &context.settings.database_url {
        Some(url) => endpoint::of_url(url),
        None => Endpoint {
            host: "127.0.0.1".to_owned(),
            port: context.settings.cluster.port()?,
            database: peerage_cluster::DATABASE.to_owned(),
            target_session_attrs: None,
            sslmode: None,
            root_certificate: None,
        },
    };
    let flags = &args.database;
    place.host = flags.database_host.clone().unwrap_or(place.host);
    place.port = flags.database_port.unwrap_or(place.port);
    place.database = flags.database_name.clone().unwrap_or(place.database);
    if flags.database_sslmode.is_some() {
        place.sslmode = flags.database_sslmode.map(|mode| mode.as_str().to_owned());
    }
    if flags.database_root_certificate.is_some() {
        place.root_certificate.clone_from(&flags.database_root_certificate);
    }
    // Among several hosts there is a standby, now or after the next failover, and Asterisk registers nobody there.
    if place.host.contains(',') && place.target_session_attrs.is_none() {
        place.target_session_attrs = Some("read-write".to_owned());
    }
    let verifies = place.sslmode.as_deref().is_some_and(|mode| mode.starts_with("verify-"));
    if verifies && place.root_certificate.is_none() {
        return Err(
            Failure::usage("the node cannot verify the database's certificate: no CA certificates are given").hint(
                "give the path of the CA certificates on the node with --database-root-certificate, or in the URL (`sslrootcert=`)",
            ),
        );
    }
    for (flag, missing) in [
        ("--database-host", place.host.is_empty()),
        ("--database-port", place.port == 0),
        ("--database-name", place.database.is_empty()),
    ] {
        if missing {
            return Err(
                Failure::usage(format!("the database URL does not contain the value for {flag}")).hint("use that flag"),
            );
        }
    }
    Ok(place)
}

fn password(args: &Config, context: &Context) -> Result<Secret, Failure> {
    const WHAT: &str = "database password";
    if args.database.database_password_stdin {
        return secret::from_input(WHAT, context.printer);
    }
    match &context.settings.node_password_file {
        Some(path) => secret::from_file(path, WHAT),
        None => Err(
            Failure::usage("there is no database password for the node").hint(format!(
                "use --database-password-stdin, or set PEERAGE_NODE_PASSWORD_FILE to its file; \
             `peerage node password {}` generates a new one",
                args.node
            )),
        ),
    }
}

/// The node's AMI settings, if it has any. AMI binds to the service's address of the node, or to all addresses for a host name.
fn manager(node: &Node, context: &Context) -> Result<Option<Manager>, Failure> {
    let Some(address) = &node.manager else {
        return Ok(None);
    };
    let written = address.as_str();
    let everywhere = || {
        let port = written.rsplit(':').next()?.parse().ok()?;
        Some(SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), port))
    };
    let address = written.parse().ok().or_else(everywhere);
    let address = address.ok_or_else(|| Failure::failed(format!("the AMI address `{written}` has no port")))?;
    let secret = manager_secret(&context.settings.manager_secrets, &node.name).map_err(|error| {
        Failure::because(&error).hint("check PEERAGE_MANAGER_SECRETS, the directory of AMI secrets")
    })?;
    Ok(Some(Manager {
        address,
        user: node.manager_user.to_string(),
        secret: secret.as_str().to_owned(),
    }))
}

fn listen(config: &mut NodeConfig, args: &Config) {
    let flags = &args.listen;
    let sip_port = flags.sip_port.unwrap_or(config.pjsip.udp.port());
    let chan_sip_port = match config.driver {
        // A port that has none a hundred above it is refused by the range of the flag or, at worst, by Asterisk.
        NodeDriver::Both => sip_port.saturating_add(100),
        NodeDriver::Pjsip | NodeDriver::Sip => sip_port,
    };
    config.pjsip = Listen::on(flags.bind, sip_port);
    config.sip = Listen::on(flags.bind, chan_sip_port);
    let http_port = flags.http_port.unwrap_or(config.http.port());
    config.http = (flags.bind, http_port).into();
    config.https = (flags.bind, http_port.saturating_add(1)).into();
    config.rtp = flags.rtp_first..=flags.rtp_last;
    if let (Some(certificate), Some(private_key)) = (&flags.certificate, &flags.private_key) {
        config.tls = Some(Certificate {
            certificate: certificate.clone(),
            private_key: private_key.clone(),
        });
    }
}

fn directories(args: &Config) -> Result<Directories, Failure> {
    let flags = &args.place;
    let etc = match &flags.etc_dir {
        Some(etc) => etc.clone(),
        None => absolute(&args.out)?,
    };
    Ok(Directories {
        etc,
        lib: flags.lib_dir.clone(),
        spool: flags.spool_dir.clone(),
        run: flags.run_dir.clone(),
        log: flags.log_dir.clone(),
    })
}

fn absolute(path: &Path) -> Result<String, Failure> {
    let trying = format!("cannot use the directory `{}`", path.display());
    let absolute = std::path::absolute(path).map_err(|error| Failure::while_trying(&trying, &error))?;
    let text = absolute.into_os_string().into_string();
    text.map_err(|_path| Failure::usage(format!("{trying}: its name is not UTF-8")))
}

impl From<NodeConfigError> for Failure {
    fn from(error: NodeConfigError) -> Self {
        let hint = match &error {
            NodeConfigError::TooLong { field, .. } if *field == "the database's host" => {
                "give the database a shorter name in DNS (--database-host; a certificate must have that name too), or connect the node through its \
                 own PgBouncer in session mode: see contrib/asterisk/README.md"
            }
            _ => "Asterisk's configuration files cannot contain this value: choose another one",
        };
        Self::usage(error.to_string()).hint(hint)
    }
}
