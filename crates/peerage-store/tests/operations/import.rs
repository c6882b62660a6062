use peerage_model::{Channel, Digests, Realm};
use peerage_store::{AgentChannel, BadRow, Filter, ImportRow, Mode, NewAgent, NewPhone, SitePatch};

use crate::support::{ACTOR, add_agent, agent, database, parse, phone, secret};

pub(crate) fn line<T>(line: u64, row: T) -> Result<ImportRow<T>, BadRow> {
    Ok(ImportRow {
        line,
        row,
        secret: secret(),
    })
}

fn agents(numbers: impl Iterator<Item = u64>) -> Vec<Result<ImportRow<NewAgent>, BadRow>> {
    numbers.map(|number| line(number, agent(&number.to_string()))).collect()
}

#[test]
fn imported_agents_are_like_added_ones() {
    let (db, store) = database();
    store
        .add_site(
            &parse("rome"),
            &SitePatch {
                realm: Some(parse("rome.example")),
                ..SitePatch::default()
            },
        )
        .unwrap();
    let mut full = agent("1001");
    full.account.site = parse("rome");
    full.account.voice.codecs = parse("opus,alaw");
    full.account.voice.call_groups = parse("1,3-5");
    full.account.voice.named_pickup_groups = parse("sales");
    full.account.voice.caller_id = parse("\"Ada; ^King\" <1001>");
    full.account.disabled = true;
    full.profile.alias = Some(parse("ada"));
    full.profile.description = Some(parse("two\nlines, \"quoted\"\\"));
    full.profile.permissions.log_out = false;
    full.profile.channels = vec![AgentChannel::new(Channel::Email), AgentChannel::new(Channel::Fax)];
    full.pin = Some(parse("4711"));
    assert_eq!(
        store
            .import_agents([line(2, full.clone()), line(3, agent("1002"))], Mode::Commit)
            .unwrap(),
        2
    );

    let found = store.agent(&parse("1001")).unwrap();
    assert_eq!(found.profile, full.profile);
    assert_eq!(
        (found.account.voice, found.account.site),
        (full.account.voice, full.account.site)
    );
    assert!(found.has_pin && found.account.disabled);
    let digests = Digests::new(&parse("1001"), &parse("rome.example"), &secret());
    assert_eq!(
        db.psql("select md5 || sha256 from peerage.sip_secret where number = '1001'"),
        format!("{}{}", digests.md5(), digests.sha256())
    );

    store.add_agent(&agent("1003"), &secret()).unwrap();
    let columns = |number: &str| {
        let row = db.psql(&format!(
            "select to_jsonb(account) - array['id', 'number', 'created_at'], to_jsonb(agent) - array['id', 'account_id', 'number', 'full_name', 'created_at']
             from peerage.sip_account as account join peerage.agent on agent.account_id = account.id where account.number = '{number}'"
        ));
        assert!(row.contains("force_rport"), "{row}");
        row
    };
    assert_eq!(columns("1002"), columns("1003"));
}

#[test]
fn imported_telephones_are_there() {
    let (db, store) = database();
    let mut full = phone("2001");
    full.emergency_callerid = Some(parse("112"));
    assert_eq!(
        store
            .import_phones([line(2, full.clone()), line(3, phone("2002"))], Mode::Commit)
            .unwrap(),
        2
    );
    assert_eq!(
        store.phone(&parse("2001")).unwrap().emergency_callerid,
        full.emergency_callerid
    );
    let digests = Digests::new(&parse("2002"), &Realm::default(), &secret());
    assert_eq!(
        db.psql("select md5_cred from peerage.pjsip_auth where number = '2002'"),
        digests.md5()
    );
}

#[test]
fn more_than_one_batch_is_imported_audited_and_served() {
    let (db, store) = database();
    let rows = agents(10_001..=14_500);
    assert_eq!(store.import_agents(rows, Mode::Commit).unwrap(), 4_500);
    for table in [
        "agent",
        "sip_secret",
        "pjsip_endpoint",
        "pjsip_auth",
        "pjsip_aor",
        "sip_peer",
    ] {
        assert_eq!(
            db.psql(&format!("select count(*) from peerage.{table}")),
            "4500",
            "{table}"
        );
    }
    assert_eq!(
        db.psql(&format!(
            "select count(*) from peerage.audit_entry where actor = '{ACTOR}' and operation = 'insert'"
        )),
        "13500"
    );
    let page = Filter {
        after: Some(parse("14498")),
        ..Filter::default()
    };
    assert_eq!(store.agents(&page).unwrap().len(), 2);
}

#[test]
fn a_dry_run_finds_what_an_import_would_and_leaves_nothing() {
    let (db, store) = database();
    let rows = || {
        ["agent", "sip_account", "pjsip_auth", "audit_entry"]
            .map(|table| db.psql(&format!("select count(*) from peerage.{table}")))
    };
    let before = rows();
    assert_eq!(store.import_agents(agents(1001..=1010), Mode::DryRun).unwrap(), 10);
    assert_eq!(rows(), before);
    let bad = store.import_agents([line(2, agent("1001")), line(3, agent("1001"))], Mode::DryRun);
    assert!(bad.is_err());
    assert_eq!(store.import_agents(agents(1001..=1010), Mode::Commit).unwrap(), 10);
}

#[test]
fn an_empty_file_imports_nobody() {
    let (_db, store) = database();
    assert_eq!(store.import_agents([], Mode::Commit).unwrap(), 0);
    let nobody: [Result<ImportRow<NewPhone>, BadRow>; 0] = [];
    assert_eq!(store.import_phones(nobody, Mode::Commit).unwrap(), 0);
}

#[test]
fn an_import_after_a_dry_run_and_a_vacuum_reads_what_it_needs() {
    let (db, store) = database();
    let lines = || agents(10_000..16_000);
    store.import_agents(lines(), Mode::DryRun).unwrap();
    // One row behind those that are gone keeps the pages. Once vacuumed, as autovacuum does by itself soon after, the planner believes
    // that these many pages hold one row.
    add_agent(&store, "9000");
    db.psql("vacuum");
    let read = || -> u64 {
        let read = db.psql(
            "select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))
               + (select sum(idx_tup_read) from pg_stat_user_indexes where relname in ('sip_account', 'sip_secret'))
             from pg_stat_user_tables
             where relname in ('sip_account', 'sip_secret')",
        );
        read.parse().unwrap()
    };
    let before = read();
    store.import_agents(lines(), Mode::Commit).unwrap();
    // What a session has read is counted when it ends.
    drop(store);
    let others = "select count(*) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'";
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while db.psql(others) != "0" {
        assert!(std::time::Instant::now() < deadline, "the session does not end");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let each = (read() - before) / 6_000;
    assert!(each < 200, "{each} rows are read for each line");
}
