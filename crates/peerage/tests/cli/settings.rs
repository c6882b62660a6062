use crate::session::Session;

#[test]
fn settings_come_from_the_file_the_environment_and_flags() {
    let mut session = Session::new();
    let url = session.db().url().to_owned();
    session.write("good.toml", &format!("database_url = \"{url}\"\nlog = \"error\"\n"));
    session.write("unknown.toml", "database = \"x\"\n");
    session.write("broken.toml", "database_url = postgresql://ada:hunter2@h/d\n");
    session.set("PEERAGE_DATABASE_URL", "");
    session.set("PEERAGE_OWNER_DATABASE_URL", "");
    session.run("agent list");
    session.run("agent list --config good.toml");
    session.run("agent list --config unknown.toml");
    session.run("agent list --config broken.toml");
    session.run("agent list --config nowhere.toml");
    session.quietly("completions bash --config nowhere.toml");
    session.set("PEERAGE_CONFIG", "good.toml");
    session.run("agent list --format csv");
    session.set("PEERAGE_LOG", "peerage=((");
    session.run("agent list");
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn variables_that_are_not_ours_never_stop_the_command() {
    let mut session = Session::new();
    for name in ["PEERAGE_CACHE", "PEERAGE_TEST_DATABASE_URL", "PEERAGE_KEEP"] {
        session.set(name, "x");
    }
    assert_eq!(session.run("agent list").stderr, "");
    session.set("PEERAGE_MANAGER_SECRET", "hunter2");
    let run = session.run("agent list");
    assert_eq!(run.code, 0);
    assert_eq!(
        run.stderr,
        "warning: unknown variable `PEERAGE_MANAGER_SECRET` has no effect. Did you mean `PEERAGE_MANAGER_SECRETS`?\n"
    );
}

#[test]
fn a_database_that_cannot_be_used_is_told_without_its_password() {
    for url in [
        "postgresql://ada:hunter2@127.0.0.1:1/peerage",
        "postgresql://ada:hunter2@127.0.0.1:1/peerage?sslmode=verify-full",
        "mysql://ada:hunter2@localhost/peerage",
        "hunter2",
    ] {
        let mut session = Session::without_database();
        session.set("PEERAGE_DATABASE_URL", url);
        let run = session.run("agent list");
        assert_ne!(run.code, 0);
        assert!(
            run.stderr.starts_with("error: ") && run.stderr.contains("\nhint: "),
            "{}",
            run.stderr
        );
        assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
    }
}

#[test]
fn the_url_may_stand_in_a_file_that_is_named() {
    let mut session = Session::new();
    let url = session.db().url().to_owned();
    session.write("url", &format!("{url}\n"));
    session.set("PEERAGE_DATABASE_URL", "");
    session.set("PEERAGE_DATABASE_URL_FILE", "url");
    session.quietly("agent list");
    session.set("PEERAGE_DATABASE_URL", &url);
    let run = session.run("agent list");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("both"), "{}", run.stderr);
}
