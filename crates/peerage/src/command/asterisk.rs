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
        "configured node {} in {}: give the files to Asterisk's user, then restart Asterisk",
        node.name,
        args.out.display()
    ));
    Ok(Exit::Done)
}

/// What the flags say, else what the sites need.
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

/// Whether the node offers SHA-256 to accounts that it does not know: as soon as a site offers it to those that it has.
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
            "{some} offers SHA-256 and {others} does not: who asks this node for accounts can tell those of one from unknown ones"
        ));
    }
    !some.is_empty() && !args.no_sha256
}

/// What the flags say, else the one realm of all sites: a node has one.
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
                    .hint("say with --realm which one this node serves"),
            )
        }
    }
}

/// Where the node finds the database: the flags before Peerage's own database.
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
            Failure::usage("the node has nothing to verify the database's certificate with").hint(
                "name the file of the authority's certificates, as Asterisk sees it, with --database-root-certificate, or in the URL (`sslrootcert=`)",
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
                Failure::usage(format!("the database URL does not say what {flag} should be"))
                    .hint("say it with that flag"),
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
                "give it with --database-password-stdin, or name its file in PEERAGE_NODE_PASSWORD_FILE; \
             `peerage node password {}` makes a new one",
                args.node
            )),
        ),
    }
}

/// The Manager interface, when the node has one: where the service reaches it, as far as that is an address; else everywhere.
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
    let address = address.ok_or_else(|| Failure::failed(format!("the Manager address `{written}` has no port")))?;
    let secret = manager_secret(&context.settings.manager_secrets, &node.name)
        .map_err(|error| Failure::because(&error).hint("PEERAGE_MANAGER_SECRETS says where such secrets stand"))?;
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
    text.map_err(|_path| Failure::usage(format!("{trying}: its name is no UTF-8")))
}

impl From<NodeConfigError> for Failure {
    fn from(error: NodeConfigError) -> Self {
        let hint = match &error {
            NodeConfigError::TooLong { field, .. } if *field == "the database's host" => {
                "give the database a shorter name in DNS (--database-host names it; a certificate must have that name too), or let the node go \
                 through a PgBouncer of its own in session mode: contrib/asterisk/README.md says how"
            }
            _ => "Asterisk's configuration files cannot carry that value: choose another",
        };
        Self::usage(error.to_string()).hint(hint)
    }
}
