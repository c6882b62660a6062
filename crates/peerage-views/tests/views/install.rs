//! Installing, again, under load, and by several at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use diesel::{Connection, PgConnection};
use peerage_testkit::db::TestDb;
use peerage_testkit::stop::Stop;
use peerage_views::install::{InstallError, install, migrate, preview};
use peerage_views::plan::Plan;

#[test]
fn migrating_an_empty_database_makes_tables_and_views_and_doing_it_again_changes_nothing() {
    // As a superuser, and as a plain owner who may create roles.
    for is_superuser in [true, false] {
        let db = TestDb::empty();
        let url = if is_superuser { db.url() } else { db.owner_url() };
        migrates_once(&db, || PgConnection::establish(url).unwrap());
    }
}

fn migrates_once(db: &TestDb, connect: impl Fn() -> PgConnection) {
    let foreseen = preview(&mut connect()).unwrap();
    assert_eq!(
        db.psql("select count(*) from pg_namespace where nspname = 'peerage'")
            .trim(),
        "0"
    );
    let first = migrate(&mut connect()).unwrap();
    assert_eq!(
        (&foreseen.migrations, &foreseen.views),
        (&first.migrations, &first.views)
    );
    assert!(first.migrations.len() >= 6, "{first:?}");
    assert!(matches!(first.views, Plan::Replace { .. }));
    let before =
        db.psql("select count(*), max(xmin::text::bigint) from pg_class where relnamespace = 'asterisk'::regnamespace");
    assert_eq!(preview(&mut connect()).unwrap().views, Plan::Unchanged);
    let second = migrate(&mut connect()).unwrap();
    assert_eq!(second.migrations, Vec::<String>::new());
    assert_eq!(second.views, Plan::Unchanged);
    let after =
        db.psql("select count(*), max(xmin::text::bigint) from pg_class where relnamespace = 'asterisk'::regnamespace");
    assert_eq!(before, after);
}

#[test]
fn views_that_somebody_has_dropped_are_installed_again() {
    let db = TestDb::new();
    db.psql("drop schema asterisk cascade");
    let again = migrate(&mut PgConnection::establish(db.owner_url()).unwrap()).unwrap();
    assert!(matches!(again.views, Plan::Replace { .. }), "{again:?}");
    assert_eq!(db.psql("select count(*) from asterisk.ps_endpoints"), "0");
    db.psql("drop view asterisk.ps_aors");
    let again = migrate(&mut PgConnection::establish(db.owner_url()).unwrap()).unwrap();
    assert!(matches!(again.views, Plan::Replace { .. }), "{again:?}");
}

#[test]
fn twenty_migrations_at_once_leave_one_schema_and_no_error() {
    let db = TestDb::empty();
    thread::scope(|scope| {
        let runs: Vec<_> = (0..20)
            .map(|_| scope.spawn(|| migrate(&mut db.connect()).map(|done| done.migrations.len())))
            .collect();
        let ran: Vec<usize> = runs.into_iter().map(|run| run.join().unwrap().unwrap()).collect();
        assert_eq!(ran.iter().filter(|count| **count > 0).count(), 1, "{ran:?}");
    });
    assert_eq!(db.psql("select count(*) from peerage.view_install").trim(), "1");
}

#[test]
fn views_are_not_installed_on_a_database_without_tables() {
    let db = TestDb::empty();
    assert!(matches!(install(&mut db.connect()), Err(InstallError::NotMigrated)));
}

#[test]
fn a_view_that_somebody_built_on_ours_stops_the_install_and_is_named() {
    let db = TestDb::new();
    db.psql("create view public.mine as select id from asterisk.ps_aors; update peerage.view_install set content_hash = 'older'");
    let error = install(&mut db.connect()).unwrap_err();
    assert!(error.to_string().contains("cannot drop"), "{error}");
    assert_eq!(db.psql("select count(*) from public.mine").trim(), "0");
}

#[test]
fn a_reader_that_holds_a_view_makes_the_install_wait_and_not_fail() {
    let db = TestDb::new();
    db.psql("update peerage.view_install set content_hash = 'older'");
    let mut reader = db.connect();
    use diesel::connection::SimpleConnection;
    reader.batch_execute("begin; select * from asterisk.ps_aors").unwrap();
    thread::scope(|scope| {
        let install = scope.spawn(|| install(&mut db.connect()));
        // The first try must have met the lock before the reader lets go.
        while db
            .psql(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
            )
            .trim()
            == "0"
        {
            assert!(!install.is_finished(), "the install did not wait for the reader");
        }
        // Longer than one try: the wait ends by lock_timeout and is tried again.
        while db
            .psql(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
            )
            .trim()
            != "0"
        {}
        reader.batch_execute("commit").unwrap();
        let done = install.join().unwrap().unwrap();
        assert!(done.retries > 0, "{done:?}");
    });
}

#[test]
fn forty_swaps_under_load_fail_no_lookup() {
    let db = Arc::new(TestDb::new());
    db.psql(
        "with account as (
           insert into peerage.sip_account (site_id, number, kind)
           select 1, (1000 + item)::text, 'phone' from generate_series(1, 200) as item
           returning id, number
         )
         insert into peerage.phone (account_id, number, full_name) select id, number, number from account;
         insert into peerage.sip_secret (id, number, realm, md5, sha256)
         select id, number, 'asterisk', md5(number), md5(number) || md5(number) from peerage.sip_account",
    );
    let stop = Stop::default();
    let lookups = AtomicU64::new(0);
    thread::scope(|scope| {
        let readers: Vec<_> = (0..4)
            .map(|reader| {
                let (db, stop, lookups) = (&db, &stop, &lookups);
                scope.spawn(move || {
                    use diesel::connection::SimpleConnection;
                    let mut conn = db.connect();
                    conn.batch_execute("set search_path = asterisk").unwrap();
                    let mut number = 1001 + reader;
                    while !stop.is_asked() {
                        number = 1001 + (number + 7) % 200;
                        for statement in [
                            format!("select * from ps_endpoints where id = '{number}' limit 1"),
                            format!("select * from ps_aors where id = '{number}' limit 1"),
                            format!("select * from ps_contacts where id like '{number}^3B@%' escape '\\' order by id"),
                            format!("select * from sippeers where name = '{number}' and host = 'dynamic' limit 1"),
                        ] {
                            conn.batch_execute(&statement).unwrap();
                            lookups.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                })
            })
            .collect();
        let at_the_end = stop.when_dropped();
        let mut conn = db.connect();
        for swap in 0..40 {
            let before = lookups.load(Ordering::Relaxed);
            db.psql("update peerage.view_install set content_hash = 'older'");
            let done = install(&mut conn).unwrap();
            assert!(matches!(done.views, Plan::Replace { .. }), "swap {swap}: {done:?}");
            // Readers must be at work between swaps, or this would prove nothing.
            while lookups.load(Ordering::Relaxed) < before + 40 {
                assert!(readers.iter().all(|reader| !reader.is_finished()), "a lookup failed");
            }
        }
        drop(at_the_end);
        for reader in readers {
            reader.join().unwrap();
        }
    });
    assert!(lookups.load(Ordering::Relaxed) >= 1600);
    assert_eq!(db.psql("select count(*) from peerage.view_install").trim(), "41");
}
