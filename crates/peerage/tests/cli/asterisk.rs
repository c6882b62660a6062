use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::session::Session;

/// A session with a node, and its password.
fn with_node() -> (Session, String) {
    let mut session = Session::new();
    let login = format!("{}_login_pbx1", session.db().name());
    session.quietly(&format!("node add pbx1 --login {login}"));
    let password = session.quietly("node password pbx1").stdout.trim().to_owned();
    let port = session.db().tcp().port;
    session.hide(port.to_string(), "[port]");
    (session, password)
}

#[test]
fn the_files_of_a_node_are_written_once_and_then_only_when_they_change() {
    let (mut session, password) = with_node();
    let line = "asterisk config --node pbx1 --out ast --database-password-stdin";
    let input = format!("{password}\n");
    assert_eq!(session.run_with(line, &input).code, 0);
    let pgsql = session.path("ast/res_pgsql.conf");
    assert_eq!(fs::metadata(&pgsql).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&pgsql).unwrap();
    assert!(text.contains(&format!("dbpass = {password}\n")));
    assert!(text.contains(&format!("dbport = {}", session.db().tcp().port)));
    assert!(text.contains(&format!("dbname = {}\n", session.db().name())));
    assert!(text.contains("dbhost = 127.0.0.1"));
    let asterisk = fs::read_to_string(session.path("ast/asterisk.conf")).unwrap();
    assert!(
        asterisk.contains(&format!("astetcdir => {}", session.path("ast").display())),
        "{asterisk}"
    );
    assert_eq!(session.run_with(&format!("{line} --format csv"), &input).code, 0);
    assert_eq!(
        session
            .run_with(&format!("{line} --bind 127.0.0.9 --sip-port 5070 --quiet"), &input)
            .code,
        0
    );
    insta::assert_snapshot!(session.transcript());
    let leftovers: Vec<_> = fs::read_dir(session.path("ast"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with('.'))
        .collect();
    assert!(leftovers.is_empty(), "{leftovers:?}");
}

#[test]
fn the_password_may_come_from_a_file() {
    let (mut session, password) = with_node();
    session.write("password.txt", &format!("{password}\n"));
    let path = session.path("password.txt").display().to_string();
    session.set("PEERAGE_NODE_PASSWORD_FILE", &path);
    session.quietly("asterisk config --node pbx1 --out ast");
    let text = fs::read_to_string(session.path("ast/res_pgsql.conf")).unwrap();
    assert!(text.contains(&format!("dbpass = {password}\n")));
}

#[test]
fn the_flags_reach_the_files() {
    let (session, password) = with_node();
    session.quietly_with(
        "asterisk config --node pbx1 --out ast --database-password-stdin --driver both --realm hall --database-host 10.0.0.2 \
         --database-port 5433 --database-name calls --bind 10.0.0.3 --sip-port 5070 --http-port 8090 --rtp-first 30000 \
         --rtp-last 30100 --certificate /etc/tls/cert.pem --private-key /etc/tls/key.pem --etc-dir /e --lib-dir /l \
         --spool-dir /s --run-dir /r --log-dir /g",
        &password,
    );
    let all: String = fs::read_dir(session.path("ast"))
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    for wanted in [
        "dbhost = 10.0.0.2",
        "dbport = 5433",
        "dbname = calls",
        "10.0.0.3:5070",
        "10.0.0.3:5071",
        "10.0.0.3:5170",
        "8090",
        "8091",
        "30000",
        "30100",
        "/etc/tls/cert.pem",
        "/etc/tls/key.pem",
        "=> /e",
        "=> /l",
        "=> /s",
        "=> /r",
        "=> /g",
        "hall",
    ] {
        assert!(all.contains(wanted), "{wanted} is in no file");
    }
}

#[test]
fn driver_and_realm_are_those_of_the_sites() {
    let (session, password) = with_node();
    let line = "asterisk config --node pbx1 --database-password-stdin --quiet --out";
    let has = |directory: &str, file: &str| session.path(directory).join(file).exists();
    session.quietly_with(&format!("{line} pjsip"), &password);
    assert!(has("pjsip", "pjsip.conf") && !has("pjsip", "sip.conf"));
    session.quietly("site set default --driver sip");
    session.quietly_with(&format!("{line} sip"), &password);
    assert!(has("sip", "sip.conf") && !has("sip", "pjsip.conf"));
    session.quietly("site add rome");
    session.quietly_with(&format!("{line} both"), &password);
    assert!(has("both", "sip.conf") && has("both", "pjsip.conf"));
}

#[test]
fn what_cannot_be_is_refused_with_a_reason() {
    let (mut session, password) = with_node();
    session.quietly("site add rome --realm hall");
    fs::create_dir(session.path("foreign")).unwrap();
    session.write("foreign/pjsip.conf", "; mine\n");
    session.write("foreign/extensions.conf", "; mine\n");
    session.write("file", "");
    let with = "asterisk config --node pbx1 --realm asterisk --database-password-stdin";
    for (line, code) in [
        ("asterisk config --out ast".to_owned(), 2),
        ("asterisk config --node pbx1".to_owned(), 2),
        (
            "asterisk config --node pbx2 --out ast --database-password-stdin".to_owned(),
            1,
        ),
        ("asterisk config --node pbx1 --out ast --realm hall".to_owned(), 2),
        (
            "asterisk config --node pbx1 --out ast --database-password-stdin".to_owned(),
            2,
        ),
        (format!("{with} --out ast --database-password correct-horse"), 2),
        (format!("{with} --out ast --driver iax"), 2),
        (format!("{with} --out ast --bind localhost"), 2),
        (format!("{with} --out ast --sip-port 0"), 2),
        (format!("{with} --out ast --rtp-first 20 --rtp-last 10"), 2),
        (format!("{with} --out ast --certificate /c.pem"), 2),
        (format!("{with} --out ast --etc-dir relative"), 2),
        (format!("{with} --out ast --database-host 'a b'"), 2),
        (format!("{with} --out ast --database-host {}", "h".repeat(80)), 2),
        (format!("{with} --out foreign"), 1),
        (format!("{with} --out file"), 1),
    ] {
        assert_eq!(
            session.run_with(&line, &password).code,
            code,
            "{line}: {}",
            session.transcript()
        );
    }
    assert_eq!(session.run(&format!("{with} --out ast")).code, 2);
    assert!(!session.path("ast").exists());
    assert_eq!(
        fs::read_to_string(session.path("foreign/pjsip.conf")).unwrap(),
        "; mine\n"
    );
    assert_eq!(
        session
            .run_with(&format!("{with} --out foreign --force --quiet"), &password)
            .code,
        0
    );
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_node_with_a_manager_interface_gets_it_with_a_secret_that_is_made_once() {
    let (session, password) = with_node();
    let config = |flags: &str| {
        let line = format!("asterisk config --node pbx1 --out ast --database-password-stdin {flags}");
        session.quietly_with(&line, &password);
        let read = |name: &str| std::fs::read_to_string(session.path("ast").join(name)).unwrap();
        (read("manager.conf"), read("sorcery.conf"))
    };
    let (manager, sorcery) = config("");
    assert!(
        manager.contains("enabled = no") && !sorcery.contains("memory_cache"),
        "{manager}"
    );

    session.quietly("node set pbx1 --manager 127.0.0.1:5039");
    let (manager, sorcery) = config("");
    let secret = std::fs::read_to_string(session.path("home/manager/pbx1")).unwrap();
    for line in ["enabled = yes", "bindaddr = 127.0.0.1", "port = 5039", "[peerage]"] {
        assert!(manager.contains(line), "{line}: {manager}");
    }
    assert!(manager.contains(&format!("secret = {}", secret.trim())), "{manager}");
    assert!(sorcery.contains("memory_cache"), "{sorcery}");

    session.quietly("node set pbx1 --manager pbx1.example.net:5039");
    let (manager, sorcery) = config("--manager-from 10.0.0.9 --no-caching");
    for line in ["bindaddr = 0.0.0.0", "permit = 10.0.0.9/32", secret.trim()] {
        assert!(manager.contains(line), "{line}: {manager}");
    }
    assert!(!sorcery.contains("memory_cache"), "{sorcery}");
    session.quietly("node remove pbx1");
}

#[test]
fn a_node_is_told_which_host_will_do_and_how_it_is_known() {
    let (mut session, password) = with_node();
    let url = session.db().app_url().to_owned();
    let line = "asterisk config --node pbx1 --out ast --database-password-stdin --quiet";
    let input = format!("{password}\n");
    let long = "peerage-production.cluster-abcdefghijkl.eu-central-1.rds.aws.com";
    assert!(long.len() > 63);
    let written = |session: &Session| {
        let text = fs::read_to_string(session.path("ast/res_pgsql.conf")).unwrap();
        let values: Vec<String> = text
            .lines()
            .filter(|line| line.starts_with("db"))
            .map(|line| line.split_once(" = ").unwrap().1.to_owned())
            .collect();
        assert!(values.iter().all(|value| value.len() <= 63), "{values:?}");
        values.join(" ").split(' ').map(str::to_owned).collect::<Vec<_>>()
    };
    let has = |words: &[String], wanted: &str| words.iter().any(|word| word == wanted);

    session.quietly_with(&format!("{line} --database-host one.example,two.example"), &input);
    assert!(has(&written(&session), "target_session_attrs=read-write"));

    let flags = "--database-sslmode verify-full --database-root-certificate /etc/asterisk/db-ca.crt";
    let host = &long[..63];
    session.quietly_with(&format!("{line} --database-host {host} {flags}"), &input);
    let words = written(&session);
    for wanted in [
        host,
        "sslmode=verify-full",
        "sslrootcert=/etc/asterisk/db-ca.crt",
        "connect_timeout=3",
        "tcp_user_timeout=9000",
    ] {
        assert!(has(&words, wanted), "{wanted}: {words:?}");
    }

    // What the URL says, the flags need not.
    session.set(
        "PEERAGE_DATABASE_URL",
        &format!("{url}&target_session_attrs=any&sslmode=require"),
    );
    session.quietly_with(line, &input);
    let words = written(&session);
    assert!(
        has(&words, "target_session_attrs=any") && has(&words, "sslmode=require"),
        "{words:?}"
    );

    for (bad, said) in [
        (format!("--database-host {long}"), "PgBouncer"),
        (
            "--database-sslmode verify-full".to_owned(),
            "--database-root-certificate",
        ),
    ] {
        let refused = session.run_with(&format!("{line} {bad}"), &input);
        assert_eq!(refused.code, 2);
        assert!(refused.stderr.contains(said), "{}", refused.stderr);
    }
}

#[test]
fn a_change_while_no_service_runs_names_the_nodes_that_may_hold_the_old_values_and_until_when() {
    let (mut session, password) = with_node();
    session.quietly("agent add 1001 --name Ada");
    let config = |session: &Session, flags: &str| {
        let line = format!("asterisk config --node pbx1 --out ast --database-password-stdin {flags}");
        session.quietly_with(&line, &password);
    };
    // Nothing is kept without a Manager interface.
    config(&session, "");
    assert_eq!(session.run("agent set 1001 --disabled").stderr, "changed agent 1001\n");
    session.quietly("node set pbx1 --manager 127.0.0.1:5039");
    config(&session, "--cache-seconds 300");
    let sorcery = std::fs::read_to_string(session.path("ast/sorcery.conf")).unwrap();
    assert!(sorcery.contains("object_lifetime_maximum=300,"), "{sorcery}");
    let said = session.run("agent set 1001 --enabled").stderr;
    assert!(
        said.contains("warning: 1001: no service is running, so these nodes") && said.contains("pbx1 until 20"),
        "{said}"
    );
    // What changes nothing leaves nothing old behind.
    assert_eq!(
        session.run("agent set 1001 --enabled").stderr,
        "nothing changed in agent 1001\n"
    );
    assert!(session.run("agent remove 1001").stderr.contains("pbx1 until 20"));
    config(&session, "--no-caching");
    session.quietly("agent add 1001 --name Ada");
    assert_eq!(session.run("agent set 1001 --disabled").stderr, "changed agent 1001\n");
    session.quietly("node remove pbx1");
}
