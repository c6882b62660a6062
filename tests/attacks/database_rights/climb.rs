//! A login's own types, tables, functions and operators in the way of functions that run with the owner's rights.

use peerage_testkit::db::TestDb;

use super::scene::{Intruder, centre, contact};

/// What each kind of login may do that runs functions of ours: all of it must be done and stay done.
fn work(group: &str) -> String {
    match group {
        "peerage_asterisk" => format!(
            "{};
             update asterisk.ps_contacts set expiration_time = expiration_time + 1, user_agent = 'Other';
             delete from asterisk.ps_contacts;
             update asterisk.sippeers set fullcontact = 'sip:1001@10.0.0.7', regseconds = '4000000000', useragent = 'Phone', ipaddr = '10.0.0.7', lastms = '1' where name = '1001';
             update asterisk.sippeers set fullcontact = '', regseconds = '0', lastms = '0' where name = '1001';
             insert into asterisk.queue_log (time, callid, queuename, agent, event) values ('', 'NONE', 'sales', 'Agent 1001', 'PAUSE');
             update asterisk.queue_members set paused = '0', reason_paused = '' where uniqueid <> 'peerage-probe';
             update asterisk.queue_members set paused = '1', reason_paused = 'tea' where uniqueid <> 'peerage-probe';
             update asterisk.queue_members set penalty = '2', ringinuse = 'no';",
            contact("1001", "10.0.0.7")
        ),
        "peerage_app" => "
             insert into peerage.site (name) values ('intruded');
             update peerage.site set offer_sha256 = true, driver = 'sip' where name = 'default';
             update peerage.sip_account set transports = '{udp,tcp}', named_call_groups = '{a,b}', call_groups = '{1,2}', host = '10.0.0.9' where number = '1001';
             update peerage.sip_secret set md5 = reverse(md5);
             update peerage.agent set alias = 'x', email = 'a@b' where number = '1001';
             update peerage.queue set name = 'renamed', options = '{\"context\": \"x\"}';
             update peerage.queue_assignment set penalty = 3;
             select peerage.lock_agent(id) from peerage.agent;
             select peerage.unpause(id, null, 'x', clock_timestamp()) from peerage.agent_session where ended_at is null;
             select peerage.pause(id, null, 'x', 'x', false, clock_timestamp()) from peerage.agent_session where ended_at is null;
             update peerage.sip_account set disabled = true where number = '1001';
             delete from peerage.sip_account where number = '1002';"
            .to_owned(),
        "peerage_report" => "
             select count(*) from report.sessions;
             select count(*) from report.agents_now;
             select count(*) from report.registrations;"
            .to_owned(),
        other => panic!("{other}"),
    }
}

const GROUPS: [&str; 3] = ["peerage_asterisk", "peerage_report", "peerage_app"];

/// Objects of the intruder's that say as whom they run, in schema `pg_temp`.
const TEMPORARY: &str = "
    create function pg_temp.evil(t pg_catalog.text) returns pg_catalog.bool language plpgsql as $f$ begin
      raise notice 'ran as %', current_user; return true; end $f$;
    create domain pg_temp.text as pg_catalog.text check (pg_temp.evil(value));
    create function pg_temp.evil_at(t pg_catalog.timestamptz) returns pg_catalog.bool language plpgsql as $f$ begin
      raise notice 'ran as %', current_user; return true; end $f$;
    create domain pg_temp.timestamptz as pg_catalog.timestamptz check (pg_temp.evil_at(value));
    create function pg_temp.evil_json(t pg_catalog.jsonb) returns pg_catalog.bool language plpgsql as $f$ begin
      raise notice 'ran as %', current_user; return true; end $f$;
    create domain pg_temp.jsonb as pg_catalog.jsonb check (pg_temp.evil_json(value));
    create domain pg_temp.inet as pg_catalog.inet check (pg_temp.evil('x'));
    create domain pg_temp.int8 as pg_catalog.int8 check (pg_temp.evil('x'));
    create domain pg_temp.bool as pg_catalog.bool check (pg_temp.evil('x'));
    create domain pg_temp.name as pg_catalog.name check (pg_temp.evil('x'));
    do $d$
    declare
      shadowed pg_catalog.text;
    begin
      foreach shadowed in array array['agent', 'phone', 'sip_account', 'sip_secret', 'sip_contact', 'sip_peer', 'queue', 'queue_login', 'node',
        'agent_session', 'agent_pause', 'login_account', 'audit_entry', 'queue_log', 'pg_class', 'pg_attribute', 'pg_roles', 'new_rows', 'old_rows']
      loop
        execute pg_catalog.format('create temporary table %I (id pg_catalog.int8, number pg_catalog.text, name pg_catalog.text default pg_temp.evil(null)::pg_catalog.text)', shadowed);
      end loop;
    end $d$;";

/// The same in a schema of the intruder's, which stands first in the search path.
const SCHEMA: &str = "
    create function evil.say() returns pg_catalog.bool language plpgsql as $f$ begin
      raise notice 'ran as %', current_user; return true; end $f$;
    create function evil.eq(a pg_catalog.text, b pg_catalog.text) returns pg_catalog.bool language plpgsql as $f$ begin
      perform evil.say(); return a operator(pg_catalog.=) b; end $f$;
    create function evil.join(a pg_catalog.text, b pg_catalog.text) returns pg_catalog.text language plpgsql as $f$ begin
      perform evil.say(); return a operator(pg_catalog.||) b; end $f$;
    create function evil.eq8(a pg_catalog.int8, b pg_catalog.int8) returns pg_catalog.bool language plpgsql as $f$ begin
      perform evil.say(); return a operator(pg_catalog.=) b; end $f$;
    create operator evil.= (function = evil.eq, leftarg = pg_catalog.text, rightarg = pg_catalog.text);
    create operator evil.<> (function = evil.eq, leftarg = pg_catalog.text, rightarg = pg_catalog.text);
    create operator evil.~ (function = evil.eq, leftarg = pg_catalog.text, rightarg = pg_catalog.text);
    create operator evil.!~ (function = evil.eq, leftarg = pg_catalog.text, rightarg = pg_catalog.text);
    create operator evil.|| (function = evil.join, leftarg = pg_catalog.text, rightarg = pg_catalog.text);
    create operator evil.= (function = evil.eq8, leftarg = pg_catalog.int8, rightarg = pg_catalog.int8);
    create function evil.clock_timestamp() returns pg_catalog.timestamptz language plpgsql as $f$ begin
      perform evil.say(); return pg_catalog.clock_timestamp(); end $f$;
    create function evil.current_setting(a pg_catalog.text) returns pg_catalog.text language plpgsql as $f$ begin
      perform evil.say(); return pg_catalog.current_setting(a); end $f$;
    create function evil.current_setting(a pg_catalog.text, b pg_catalog.bool) returns pg_catalog.text language plpgsql as $f$ begin
      perform evil.say(); return pg_catalog.current_setting(a, b); end $f$;
    create function evil.split_part(a pg_catalog.text, b pg_catalog.text, c pg_catalog.int4) returns pg_catalog.text language plpgsql as $f$ begin
      perform evil.say(); return pg_catalog.split_part(a, b, c); end $f$;
    create function evil.hashtext(a pg_catalog.text) returns pg_catalog.int4 language plpgsql as $f$ begin
      perform evil.say(); return pg_catalog.hashtext(a); end $f$;
    create function evil.pg_notify(a pg_catalog.text, b pg_catalog.text) returns pg_catalog.void language plpgsql as $f$ begin
      perform evil.say(); end $f$;
    create function evil.format(a pg_catalog.text, variadic b pg_catalog.text[]) returns pg_catalog.text language plpgsql as $f$ begin
      perform evil.say(); return pg_catalog.format(a, variadic b); end $f$;
    create domain evil.text as pg_catalog.text check (evil.say());
    create domain evil.timestamptz as pg_catalog.timestamptz check (evil.say());
    create domain evil.jsonb as pg_catalog.jsonb check (evil.say());
    create table evil.agent (id pg_catalog.int8);
    create table evil.new_rows (id pg_catalog.int8);";

/// Who ran the intruder's code besides the intruder.
fn others<'a>(said: &'a str, intruder: &Intruder<'_>) -> Vec<&'a str> {
    said.lines()
        .filter_map(|line| line.split_once("ran as ").map(|(_, who)| who))
        .filter(|who| *who != intruder.user)
        .collect()
}

/// Gives away what nobody gets from us: a careless DBA.
fn give(db: &TestDb, intruder: &Intruder<'_>) {
    db.psql(&format!(
        "grant temporary on database {} to {user}; create schema evil authorization {user};",
        db.name(),
        user = intruder.user
    ));
}

#[test]
fn no_login_makes_temporary_objects_or_schemas() {
    let db = centre();
    for group in GROUPS {
        let intruder = Intruder::new(&db, group);
        intruder.may_not(&[
            "create domain pg_temp.text as pg_catalog.text",
            "create temporary table agent (id bigint)",
            "create function pg_temp.evil() returns int language sql return 1",
            "create schema evil",
            "create table public.evil (id bigint)",
            "create extension hstore",
            "create publication evil",
        ]);
    }
}

#[test]
fn shadowed_types_tables_functions_and_operators_never_run_as_the_owner() {
    for group in GROUPS {
        let db = centre();
        let intruder = Intruder::new(&db, group);
        give(&db, &intruder);
        let work = work(group);
        let plain = intruder.does(&format!("begin; {work} rollback;"));
        assert!(!plain.contains("ERROR"), "{group}: {plain}");
        for (path, objects) in [
            ("pg_temp, asterisk, pg_catalog", TEMPORARY),
            ("evil, pg_catalog, pg_temp", SCHEMA),
            ("pg_catalog, pg_temp", TEMPORARY),
        ] {
            let said = intruder.does(&format!(
                "begin; {objects} set local search_path = {path}; {work} rollback;"
            ));
            assert_eq!(others(&said, &intruder), Vec::<&str>::new(), "{group}: {said}");
            assert!(!said.contains("ERROR"), "{group}: {said}");
        }
        // And they can run: the attack is one.
        let said = intruder.does(&format!("begin; {TEMPORARY} select 'x'::pg_temp.text; rollback;"));
        assert!(said.contains(&format!("ran as {}", intruder.user)), "{said}");
    }
}

#[test]
fn no_login_makes_a_trigger_of_a_function_of_ours() {
    let db = centre();
    for group in GROUPS {
        let intruder = Intruder::new(&db, group);
        db.psql(&format!(
            "grant temporary on database {} to {}",
            db.name(),
            intruder.user
        ));
        let functions = db.psql(
            "select proc.oid::regprocedure
             from pg_proc as proc
               join pg_namespace as namespace on namespace.oid = proc.pronamespace
             where pg_get_userbyid(namespace.nspowner) = 'peerage_owner'
               and proc.prorettype = 'trigger'::regtype",
        );
        assert!(functions.lines().count() >= 20, "{functions}");
        let mut script = String::from("create temporary table mine (id bigint, uniqueid text);");
        for function in functions.lines() {
            script += &format!("create trigger t before insert on mine for each row execute function {function};\n");
        }
        let said = intruder.does(&script);
        let denied = said.matches("permission denied").count();
        assert_eq!(denied, functions.lines().count(), "{group}: {said}");
    }
}

#[test]
fn a_search_path_of_the_database_does_not_reach_our_own_statements() {
    let db = centre();
    let intruder = Intruder::new(&db, "peerage_report");
    give(&db, &intruder);
    intruder.does(SCHEMA);
    intruder.does("grant usage on schema evil to public");
    db.psql(&format!(
        "alter database {} set search_path = evil, pg_catalog",
        db.name()
    ));
    let store = super::scene::store(&db);
    store.agents(&peerage_store::Filter::default()).unwrap();
    let mut connection = peerage_store::connect(&db.url().parse().unwrap()).unwrap();
    peerage_views::install::migrate(&mut connection).unwrap();
    peerage_views::install::install_again(&mut connection).unwrap();
    assert!(peerage_views::verify::verify(&mut connection).unwrap().is_empty());
    let path = diesel::sql_query(
        "select pg_catalog.set_config('x.y', pg_catalog.current_setting('search_path'), false) as value",
    );
    let found: Value = diesel::RunQueryDsl::get_result(path, &mut connection).unwrap();
    assert_eq!(found.value, "pg_catalog, pg_temp");
}

#[derive(diesel::QueryableByName)]
struct Value {
    #[diesel(sql_type = diesel::sql_types::Text)]
    value: String,
}
