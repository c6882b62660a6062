use super::*;

fn config(driver: Driver) -> NodeConfig {
    let mut config = NodeConfig::new("pbx1", driver);
    config.database = Some(DatabaseLogin {
        host: "db.example".into(),
        port: 5432,
        dbname: "peerage".into(),
        user: "node_pbx1".into(),
        password: "correct-horse".into(),
    });
    config.tls = Some(Certificate {
        certificate: "/etc/asterisk/node.crt".into(),
        private_key: "/etc/asterisk/node.key".into(),
    });
    config.manager = Some(Manager {
        address: "127.0.0.1:5038".parse().unwrap(),
        user: "peerage".into(),
        secret: "battery-staple".into(),
    });
    config
}

fn text(config: &NodeConfig, name: &str) -> String {
    let files = files(config).unwrap();
    let file = files.into_iter().find(|file| file.name == name);
    file.unwrap_or_else(|| panic!("no {name}")).contents
}

fn refusal(change: impl FnOnce(&mut NodeConfig, &mut DatabaseLogin)) -> String {
    let mut config = config(Driver::Pjsip);
    let mut database = config.database.clone().unwrap();
    change(&mut config, &mut database);
    config.database = Some(database);
    files(&config).unwrap_err().to_string()
}

#[test]
fn every_template_of_the_directory_is_shipped() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../contrib/asterisk");
    let mut found: Vec<String> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".conf"))
        .collect();
    let mut shipped: Vec<&str> = TEMPLATES.iter().map(|template| template.0).collect();
    found.sort_unstable();
    shipped.sort_unstable();
    assert_eq!(found, shipped);
}

#[test]
fn no_mark_or_placeholder_is_left_in_any_combination() {
    for driver in [Driver::Pjsip, Driver::Sip, Driver::Both] {
        for without in 0..16 {
            let mut config = config(driver);
            if without & 1 != 0 {
                config.database = None;
            }
            if without & 2 != 0 {
                config.tls = None;
            }
            if without & 4 != 0 {
                config.manager = None;
            }
            if without & 8 != 0 {
                config.caching = false;
                config.offer_sha256 = true;
                config.manager_from = Some("192.0.2.5".parse().unwrap());
            }
            for file in files(&config).unwrap() {
                assert!(!file.contents.contains(";@"), "{file:?}");
                assert!(!file.contents.contains("@NODE@"), "{file:?}");
            }
        }
    }
}

#[test]
fn secrets_stand_only_in_files_for_the_owner() {
    for file in files(&config(Driver::Both)).unwrap() {
        let secret = file.contents.contains("correct-horse") || file.contents.contains("battery-staple");
        assert_eq!(secret, file.mode == 0o600, "{file:?}");
    }
}

#[test]
fn secrets_are_not_shown_when_a_configuration_is_printed() {
    let config = config(Driver::Pjsip);
    let shown = format!("{config:?} {:?}", files(&config).unwrap());
    assert!(!shown.contains("correct-horse") && !shown.contains("battery-staple"));
}

#[test]
fn only_the_driver_of_the_node_is_loaded_and_mapped() {
    let pjsip = config(Driver::Pjsip);
    let sip = config(Driver::Sip);
    assert!(!text(&pjsip, "modules.conf").contains("chan_sip.so"));
    assert!(!text(&pjsip, "extconfig.conf").contains("sippeers"));
    assert!(!text(&sip, "modules.conf").contains("res_pjsip"));
    assert!(!text(&sip, "extconfig.conf").contains("ps_endpoints"));
    let both = text(&config(Driver::Both), "extconfig.conf");
    assert!(both.contains("sippeers") && both.contains("ps_contacts"));
}

#[test]
fn a_node_caches_when_somebody_can_make_it_forget() {
    let caches = |config: &NodeConfig| {
        let sip = text(config, "sip.conf").contains("\nrtcachefriends = yes\n");
        assert_eq!(sip, !text(config, "sip.conf").contains("\nrtcachefriends = no\n"));
        assert_eq!(
            sip,
            text(config, "sorcery.conf").contains("\nendpoint/cache = memory_cache,")
        );
        sip
    };
    let mut node = config(Driver::Both);
    assert!(caches(&node));
    node.caching = false;
    assert!(!caches(&node));
    node.caching = true;
    node.manager = None;
    assert!(!caches(&node));
}

#[test]
fn contacts_are_never_cached_and_nothing_goes_stale() {
    let text = text(&config(Driver::Pjsip), "sorcery.conf");
    let settings: Vec<&str> = text.lines().filter(|line| !line.starts_with(';')).collect();
    assert!(!settings.iter().any(|line| line.starts_with("contact/cache")), "{text}");
    assert!(
        !settings
            .iter()
            .any(|line| line.contains("stale") || (line.contains("full_backend") && !line.starts_with("identify/"))),
        "{text}"
    );
}

#[test]
fn the_manager_is_for_this_machine_and_one_other_when_asked() {
    let mut node = config(Driver::Pjsip);
    let permitted = |node: &NodeConfig| text(node, "manager.conf").matches("\npermit = ").count();
    assert_eq!(permitted(&node), 1);
    node.manager_from = Some("192.0.2.5".parse().unwrap());
    assert_eq!(permitted(&node), 2);
    assert!(text(&node, "manager.conf").contains("\npermit = 192.0.2.5/32\n"));
    node.manager_from = Some("2001:db8::5".parse().unwrap());
    assert!(text(&node, "manager.conf").contains("\npermit = 2001:db8::5/128\n"));
}

#[test]
fn a_node_that_caches_keeps_identifications_whole_and_never_empty() {
    let mut node = config(Driver::Pjsip);
    let (sorcery, pjsip) = (text(&node, "sorcery.conf"), text(&node, "pjsip.conf"));
    let cache = sorcery.lines().find(|line| line.starts_with("identify/cache")).unwrap();
    assert!(
        cache.contains("full_backend_cache=yes") && cache.contains("object_lifetime_maximum=600"),
        "{cache}"
    );
    assert!(pjsip.contains("\nmatch = 0.0.0.0/32\n"), "{pjsip}");
    node.caching = false;
    assert!(!text(&node, "sorcery.conf").contains("identify/cache"));
    assert!(!text(&node, "pjsip.conf").contains("peerage-none"));
}

#[test]
fn no_guest_is_looked_up_and_the_security_log_is_a_file_of_its_own() {
    for driver in [Driver::Pjsip, Driver::Sip, Driver::Both] {
        let node = config(driver);
        assert!(!text(&node, "modules.conf").contains("identifier_anonymous"));
        assert!(text(&node, "modules.conf").contains("\nload = res_security_log.so\n"));
        assert!(text(&node, "logger.conf").contains("\nsecurity.log => security\n"));
        assert!(text(&node, "manager.conf").contains("\nread = system,call,agent,reporting,security\n"));
    }
}

#[test]
fn sha256_is_offered_to_unknown_accounts_where_a_site_offers_it() {
    let mut node = config(Driver::Pjsip);
    let has = |node: &NodeConfig| {
        let file = files(node).unwrap().iter().any(|file| file.name == "pjsip_sha256.conf");
        assert_eq!(
            file,
            text(node, "sorcery.conf").contains("\nglobal = config,pjsip_sha256.conf,")
        );
        file
    };
    assert!(!has(&node));
    node.offer_sha256 = true;
    assert!(has(&node));
}

#[test]
fn contacts_at_the_nodes_own_addresses_are_denied() {
    let mut node = config(Driver::Sip);
    node.further_addresses = vec!["192.0.2.7".parse().unwrap()];
    let denied = |node: &NodeConfig| {
        let text = text(node, "sip.conf");
        let line = text.lines().find_map(|line| line.strip_prefix("contactdeny = "));
        line.unwrap().to_owned()
    };
    assert_eq!(denied(&node), "127.0.0.0/8,127.0.0.1/32,192.0.2.7/32,::1/128");
    let ip = "192.0.2.5".parse().unwrap();
    node.sip = Listen::on(ip, 5060);
    node.http.set_ip(ip);
    node.https.set_ip(ip);
    node.manager = None;
    assert_eq!(denied(&node), "192.0.2.5/32,192.0.2.7/32");
    node.phones_on_this_machine = true;
    assert!(!text(&node, "sip.conf").contains("contactdeny"));
}

#[test]
fn only_one_driver_owns_the_websocket() {
    assert!(text(&config(Driver::Sip), "sip.conf").contains("websocket_enabled = yes"));
    assert!(text(&config(Driver::Both), "sip.conf").contains("websocket_enabled = no"));
}

#[test]
fn the_database_sees_the_node_by_its_name() {
    let text = text(&config(Driver::Pjsip), "res_pgsql.conf");
    assert!(text.contains("\ndbappname = pbx1 connect_timeout=3\n"), "{text}");
}

#[test]
fn the_longest_values_fill_an_option_to_its_last_byte() {
    let mut config = config(Driver::Pjsip);
    config.node = "n".repeat(45);
    let database = config.database.as_mut().unwrap();
    database.host = "h".repeat(41);
    database.user = "u".repeat(63);
    database.dbname = "d".repeat(49);
    database.password = "p".repeat(63);
    let text = text(&config, "res_pgsql.conf");
    for option in ["dbhost", "dbuser", "dbpass", "dbappname"] {
        let line = text.lines().find(|line| line.starts_with(option)).unwrap();
        let value = line.split_once(" = ").unwrap().1;
        assert_eq!(value.len(), 63, "{option}");
    }
}

#[test]
fn one_byte_more_is_refused_and_the_limit_is_named() {
    let said = refusal(|config, _| config.node = "n".repeat(64));
    assert_eq!(said, "the node's name has 64 bytes; Asterisk takes at most 63");
    let said = refusal(|_, database| database.host = "h".repeat(64));
    assert_eq!(said, "the database's host has 64 bytes; Asterisk takes at most 63");
    let said = refusal(|_, database| database.user = "u".repeat(64));
    assert_eq!(said, "the database's user has 64 bytes; Asterisk takes at most 63");
    let said = refusal(|_, database| database.dbname = "d".repeat(50));
    assert_eq!(said, "the database's name has 50 bytes; Asterisk takes at most 49");
    let said = refusal(|_, database| database.password = "p".repeat(64));
    assert_eq!(said, "the database's password has 64 bytes; Asterisk takes at most 63");
}

#[test]
fn characters_that_would_mean_something_else_are_refused_without_showing_the_secret() {
    let password = |bad: &str| {
        let bad = bad.to_owned();
        refusal(|_, database| database.password = bad)
    };
    assert_eq!(password("two words"), "the database's password may not contain a blank");
    assert_eq!(password("x;y"), "the database's password may not contain `;`");
    assert_eq!(password("x'y"), "the database's password may not contain `'`");
    assert_eq!(password("x\\y"), "the database's password may not contain `\\`");
    assert_eq!(
        password("x\u{7}"),
        "the database's password may not contain a control character"
    );
    assert_eq!(password(""), "the database's password is empty");
    assert_eq!(
        refusal(|config, _| config.node = "pbx 1".into()),
        "the node's name may not contain a blank"
    );
    assert_eq!(
        refusal(|config, _| config.realm = "my\"realm".into()),
        "the realm may not contain `\"`"
    );
}

#[test]
fn paths_are_absolute_and_the_control_socket_fits() {
    let said = refusal(|config, _| config.directories.log = "log".into());
    assert_eq!(said, "the log directory must be an absolute path");
    let said = refusal(|config, _| config.directories.run = format!("/{}", "r".repeat(94)));
    assert_eq!(said, "the run directory has 95 bytes; Asterisk takes at most 94");
}

#[test]
fn a_value_that_looks_like_a_placeholder_stays_as_it_is() {
    let mut config = config(Driver::Pjsip);
    config.database.as_mut().unwrap().password = "@DB_USER@x@y".into();
    assert!(text(&config, "res_pgsql.conf").contains("\ndbpass = @DB_USER@x@y\n"));
}

#[test]
fn a_faulty_template_is_refused_with_its_line() {
    let mut values = Values::default();
    values.condition("tls", true);
    let fault = |text: &str| template::render("x.conf", text, &values).unwrap_err().to_string();
    assert_eq!(fault("a\n@NOWHERE@"), "template x.conf, line 2: no value `NOWHERE`");
    assert_eq!(
        fault(";@if moon\n;@end"),
        "template x.conf, line 1: unknown condition `moon`"
    );
    assert_eq!(fault("a\n;@end"), "template x.conf, line 2: `;@end` without `;@if`");
    assert_eq!(fault(";@if tls\na"), "template x.conf, line 2: `;@if` without `;@end`");
    assert_eq!(
        fault(";@otherwise"),
        "template x.conf, line 1: unknown mark `;@otherwise`"
    );
}

#[test]
fn conditions_nest() {
    let mut values = Values::default();
    values.condition("a", false);
    values.condition("b", true);
    let text = "1\n;@if a\n2\n;@if b\n3\n;@end\n;@end\n;@if not a\n4\n;@end\n";
    assert_eq!(template::render("x.conf", text, &values).unwrap(), "1\n4\n");
}
