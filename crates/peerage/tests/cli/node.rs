use crate::session::Session;

#[test]
fn a_node_is_added_listed_shown_given_a_password_and_removed() {
    let mut session = Session::new();
    session.squeeze();
    // A role belongs to the whole server, so its name must be this test's own; those of this form go with the database.
    let login = format!("{}_login_pbx1", session.db().name());
    let add = format!("node add pbx1 --login {login}");
    assert_eq!(session.run(&add).code, 0);
    let second = format!("node add pbx2 --login {login}2 --format json");
    let created = session.run(&second).json();
    assert_eq!(created["login"], format!("{login}2"));
    for line in [
        "node list",
        "node list --format csv",
        "node set pbx1 --manager 127.0.0.1:5038",
        "node set pbx1 --manager 127.0.0.1:5038",
        "node set pbx1 --manager-user boss --manager ''",
        "node set pbx1 --manager '[::1]:5038' --manager-user peerage",
        "node show pbx1",
        "node password pbx1",
        "node password pbx1 --format csv",
        "node remove pbx2",
        "node list",
        "node remove pbx1",
    ] {
        assert_eq!(session.run(line).code, 0, "{line}: {}", session.transcript());
    }
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_node_signs_in_with_the_password_it_was_given_and_sees_the_views() {
    let session = Session::new();
    let login = format!("{}_login_pbx1", session.db().name());
    session.quietly("agent add 1001 --name Ada");
    session.quietly(&format!("node add pbx1 --login {login}"));
    let password = session.quietly("node password pbx1").stdout;
    let tcp = session.db().tcp();
    let seen = std::process::Command::new("psql")
        .args(["-XAtq", "-c", "select id from ps_endpoints"])
        .args([
            "-h",
            &tcp.host,
            "-p",
            &tcp.port.to_string(),
            "-U",
            &login,
            "-d",
            &tcp.database,
        ])
        .env("PGPASSWORD", password.trim())
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&seen.stdout).trim(),
        "1001",
        "{}",
        String::from_utf8_lossy(&seen.stderr)
    );
    session.quietly("node remove pbx1");
}

#[test]
fn what_cannot_be_is_refused_with_a_reason() {
    let mut session = Session::new();
    let login = format!("{}_login_pbx1", session.db().name());
    session.quietly(&format!("node add pbx1 --login {login}"));
    for (line, code) in [
        (format!("node add pbx1 --login {login}x"), 1),
        (format!("node add pbx2 --login {login}"), 1),
        ("node add pbx2 --login peerage_owner".to_owned(), 1),
        ("node add pbx2 --login pg_something".to_owned(), 2),
        ("node add PBX".to_owned(), 2),
        (format!("node add {}", "x".repeat(41)), 2),
        ("node set pbx2 --manager 127.0.0.1:5038".to_owned(), 1),
        ("node set pbx1 --manager 127.0.0.1".to_owned(), 2),
        ("node set pbx1 --manager 'a b:5038'".to_owned(), 2),
        ("node set pbx1 --manager-user 'a b'".to_owned(), 2),
        ("node show pbx2".to_owned(), 1),
        ("node password pbx2".to_owned(), 1),
        ("node remove pbx2".to_owned(), 1),
    ] {
        assert_eq!(session.run(&line).code, code, "{line}: {}", session.transcript());
    }
    insta::assert_snapshot!(session.transcript());
    session.quietly("node remove pbx1");
}
