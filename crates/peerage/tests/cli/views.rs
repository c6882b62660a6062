use crate::session::{Session, finish};

#[test]
fn the_views_are_planned_installed_and_verified() {
    let mut session = Session::empty();
    session.hide_release();
    for (line, code) in [
        ("views plan", 0),
        ("views install", 1),
        ("views verify", 1),
        ("agent list", 1),
        ("db migrate", 0),
        ("db migrate --format json", 0),
        ("views plan --format json", 0),
        ("views install", 0),
        ("views verify", 0),
        ("views verify --format json", 0),
    ] {
        assert_eq!(session.run(line).code, code, "{line}: {}", session.transcript());
    }
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn what_differs_is_named_and_ends_with_3() {
    let mut session = Session::new();
    session.db().psql("comment on view asterisk.ps_aors is 'changed'");
    let run = finish(session.command("views verify"), "");
    assert_eq!(run.code, 3);
    assert!(run.stdout.contains("comment: changed"), "{}", run.stdout);
    let view = session.quietly("views show ps_aors").stdout;
    let comment = view.find("comment on view asterisk.ps_aors").unwrap();
    let end = comment + view[comment..].find("';").unwrap();
    session.db().psql(&view[comment..=end]);
    session.quietly("views verify");

    session.db().psql("alter view asterisk.ps_auths owner to postgres");
    assert_eq!(session.run("views verify").code, 3);
    assert_eq!(session.run("views verify --format json").code, 3);
    assert_eq!(session.run("views verify --format csv --quiet").code, 3);

    // The text in force is that of this release, and somebody has changed something: that is put right.
    session.run("views install");
    assert_eq!(session.run("views verify").code, 0);

    // An install leaves tables alone, and says so.
    session
        .db()
        .psql("alter table peerage.queue_login drop constraint queue_login_paused_check");
    session.run("views install --again");
    assert_eq!(session.run("views verify").code, 3);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_view_that_others_built_upon_is_not_replaced() {
    let mut session = Session::new();
    session.db().psql(
        "create view public.mine as select id from asterisk.ps_aors;
         insert into peerage.view_install (content_hash, code_hash, mapping_hash, version) values ('another', 'another', 'another', '0')",
    );
    let run = session.run("views install");
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("hint: "), "{}", run.stderr);
    assert_eq!(session.db().psql("select count(*) from public.mine"), "0");
}

#[test]
fn a_view_is_shown_with_its_comments() {
    let mut session = Session::without_database();
    let run = session.run("views show ps_aors");
    assert!(run.stdout.contains("create view asterisk.ps_aors"), "{}", run.stdout);
    let json = session.quietly("views show ps_contacts --format json").json();
    assert_eq!((&json["name"], &json["written"]), (&"ps_contacts".into(), &true.into()));
    assert!(json["columns"].as_array().unwrap().len() >= 16, "{json}");
    let csv = session.quietly("views show ps_aors --format csv").csv();
    assert_eq!(csv[0], ["column", "comment"]);
    assert!(csv.len() > 3);

    let mut refused = Session::without_database();
    let run = refused.run("views show ps_nothing");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("hint: the views are ps_aors, "), "{}", run.stderr);
}

#[test]
fn the_plan_as_sql_is_what_is_installed() {
    let session = Session::new();
    let sql = session.quietly("views plan --sql").stdout;
    session.db().psql(
        "drop schema asterisk cascade; create schema asterisk authorization peerage_owner;
         drop schema asterisk_sites cascade; create schema asterisk_sites authorization peerage_owner;
         drop schema report cascade; create schema report authorization peerage_owner",
    );
    session
        .db()
        .psql(&format!("begin; set local role peerage_owner; {sql}; commit;"));
    assert_eq!(session.quietly("views verify").code, 0);
}

#[test]
fn limits_that_the_login_may_not_set_are_told_with_the_statements_for_a_superuser() {
    let mut session = Session::new();
    // The owner is a superuser here, so that nothing is missing after a migration.
    let superuser = session.db().url().to_owned();
    session.set("PEERAGE_OWNER_DATABASE_URL", &superuser);
    let db = session.db();
    let name = db.name();
    let told = session.quietly("db migrate --format json").json();
    assert_eq!(told["missing"].as_array().unwrap().len(), 0);
    db.psql(&format!(
        "grant temporary on database {name} to public; alter database {name} reset temp_file_limit"
    ));
    let status = finish(session.command("db status"), "");
    assert_eq!(status.code, 0);
    for part in [
        "make temporary objects in it",
        &format!("revoke connect, temporary on database {name} from public;"),
        &format!("alter database {name} set temp_file_limit = '1GB';"),
    ] {
        assert!(status.stderr.contains(part), "{part}: {}", status.stderr);
    }
    let told = session.quietly("db status --format json").json();
    assert_eq!(told["missing"].as_array().unwrap().len(), 2);
    session.quietly("db migrate");
    let told = session.quietly("db status --format json").json();
    assert_eq!(told["missing"].as_array().unwrap().len(), 0);
}

#[test]
fn a_database_of_a_newer_release_is_refused() {
    let session = Session::new();
    session
        .db()
        .psql("insert into peerage.__diesel_schema_migrations (version) values ('99999999999999')");
    for line in ["db migrate", "views install", "views install --again"] {
        let refused = finish(session.command(line), "");
        assert_eq!(refused.code, 1, "{line}: {}", refused.stderr);
        assert!(
            refused
                .stderr
                .contains("a newer release of Peerage (migrations 99999999999999)"),
            "{line}: {}",
            refused.stderr
        );
    }
    let told = finish(session.command("db status"), "");
    assert_eq!(told.code, 1, "{}", told.stderr);
    assert!(told.stderr.contains("run that release here"), "{}", told.stderr);
}

#[test]
fn status_is_about_the_database_that_is_configured() {
    let mut session = Session::new();
    let told = session.quietly("db status --format json").json();
    assert_eq!(
        (&told["state"], &told["home"]),
        (&"running".into(), &serde_json::Value::Null)
    );
    assert!(
        told["server"]
            .as_str()
            .unwrap()
            .split('.')
            .next()
            .unwrap()
            .parse::<u32>()
            .unwrap()
            >= 15
    );
    let login = session.db().node("pbx1").user;
    session.db().psql(&format!(
        "drop view asterisk.ps_aors; revoke peerage_asterisk from {login}"
    ));
    let told = finish(session.command("db status"), "");
    assert_eq!(told.code, 1, "{}", told.stderr);
    assert!(told.stdout.contains("not ready"), "{}", told.stdout);
    for part in [
        "views are missing (asterisk.ps_aors)",
        "node pbx1: its database login is no member of peerage_asterisk",
    ] {
        assert!(told.stderr.contains(part), "{part}: {}", told.stderr);
    }
    session.set("PEERAGE_DATABASE_URL", "postgresql://ada:hunter2@127.0.0.1:1/peerage");
    let told = finish(session.command("db status"), "");
    assert_eq!(told.code, 1, "{}", told.stderr);
    assert!(
        told.stdout.contains("unreachable") && told.stdout.contains("ada:***@127.0.0.1:1"),
        "{}",
        told.stdout
    );
    assert!(!told.stdout.contains("hunter2") && !told.stderr.contains("hunter2"));
}
