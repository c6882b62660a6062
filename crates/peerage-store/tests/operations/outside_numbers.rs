//! Which outside numbers agents may have: a site's rule, whoever sets the number.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use peerage_model::{Actor, ActorRole, Choice, LoginRequest, MoveRequest, Number, OnConflict, RefusalCode, Situation};
use peerage_store::{
    AgentPatch, Filter, ImportError, ImportRow, Mode, NewAgent, SitePatch, StateError, Store, StoreError,
};
use peerage_testkit::db::TestDb;

use crate::concurrency::until_wait;
use crate::support::{add_agent, add_phone, agent, assert_conflict, open, parse, secret};

const LOCAL: &str = "`mobile` cannot be `+4490099`: site default allows numbers of accounts, and ";

/// One without a rule, as after `db migrate`.
fn database() -> (TestDb, Store) {
    let db = TestDb::new();
    let store = open(&db);
    (db, store)
}

fn rule(store: &Store, country: Option<&str>, patterns: Option<&str>) {
    let patch = SitePatch {
        country: Some(country.map(parse)),
        outside_numbers: Some(patterns.map(parse)),
        ..SitePatch::default()
    };
    store.set_site(&parse("default"), &patch).unwrap();
}

fn set_mobile(store: &Store, number: &str, mobile: &str) -> Result<bool, StoreError> {
    let patch = AgentPatch {
        mobile: Some(Some(parse(mobile))),
        ..AgentPatch::default()
    };
    store.set_agent(&parse(number), &patch)
}

fn set_phone(store: &Store, number: &str, phone: &str) -> Result<bool, StoreError> {
    let patch = AgentPatch {
        phone: Some(Some(parse(phone))),
        ..AgentPatch::default()
    };
    store.set_agent(&parse(number), &patch)
}

#[track_caller]
fn assert_refused<T: std::fmt::Debug>(result: Result<T, StoreError>, field: &str, message: &str) {
    let error = result.unwrap_err();
    assert_eq!((error.field(), error.message()), (Some(field), message.to_owned()));
    assert!(matches!(error, StoreError::Invalid(_)), "{error:?}");
}

fn log_in(store: &Store, number: &str, choice: Choice) -> Result<bool, StateError> {
    let request = LoginRequest {
        choice: Some(choice),
        ..LoginRequest::default()
    };
    store.log_in(&parse(number), &request, &Actor::new("root", ActorRole::Admin))
}

#[track_caller]
fn assert_not_allowed(result: Result<bool, StateError>, message: &str) {
    let Err(StateError::Refused(refusal)) = result else {
        panic!("{result:?}");
    };
    assert_eq!(refusal.code(), RefusalCode::NumberNotAllowed);
    assert_eq!(refusal.to_string(), message);
}

/// Agents of this site whose numbers it refuses.
fn refused(store: &Store) -> Vec<Number> {
    let filter = Filter {
        refused_numbers: true,
        ..Filter::default()
    };
    let agents = store.agents(&filter).unwrap();
    assert_eq!(
        i64::try_from(agents.len()).unwrap(),
        store.refused_numbers(&parse("default")).unwrap()
    );
    agents.into_iter().map(|agent| agent.account.number).collect()
}

/// Sets a mobile as nobody can any more: it was there before the rule.
fn smuggle(db: &TestDb, number: &str, mobile: &str) {
    db.psql(&format!(
        "alter table peerage.agent disable trigger agent_outside_numbers;
        update peerage.agent set mobile = '{mobile}' where number = '{number}';
        alter table peerage.agent enable trigger agent_outside_numbers"
    ));
}

#[test]
fn no_outside_number_is_allowed_without_a_rule() {
    let (_db, store) = database();
    add_agent(&store, "1001");
    for number in ["+4490099", "0471123456", "112", "*21*0900#"] {
        let refused = format!(
            "`mobile` cannot be `{number}`: site default allows no outside numbers; set its country or its outside numbers"
        );
        assert_refused(set_mobile(&store, "1001", number), "mobile", &refused);
        assert_refused(
            set_phone(&store, "1001", number),
            "phone",
            &refused.replace("mobile", "phone"),
        );
    }
}

#[test]
fn the_country_decides_unless_there_are_patterns() {
    let (_db, store) = database();
    add_agent(&store, "1001");
    rule(&store, Some("IT"), None);
    for number in [
        "+390471123456",
        "+393331234567",
        "0471123456",
        "3331234567",
        "00393331234567",
    ] {
        set_mobile(&store, "1001", number).unwrap();
    }
    // Foreign, premium rate, emergency, service codes, too short.
    for number in [
        "+4490099",
        "+39899123456",
        "899123456",
        "112",
        "*21*3331234567#",
        "+39333",
    ] {
        let said = set_mobile(&store, "1001", number).unwrap_err().message();
        assert!(said.ends_with("fixed-line and mobile numbers of Italy"), "{said}");
    }
    rule(&store, Some("IT"), Some("+44[29]X.,*31#0ZX."));
    for number in ["+4490099", "*31#0471"] {
        set_mobile(&store, "1001", number).unwrap();
    }
    for number in ["+390471123456", "+4430099", "+4490099#", "x+4490099", "+44"] {
        let Ok(number) = number.parse() else { continue };
        let patch = AgentPatch {
            mobile: Some(Some(number)),
            ..AgentPatch::default()
        };
        let said = store.set_agent(&parse("1001"), &patch).unwrap_err().message();
        assert!(said.ends_with("and outside numbers like +44[29]X., *31#0ZX."), "{said}");
    }
}

#[test]
fn numbers_of_accounts_are_allowed() {
    let (_db, store) = database();
    add_agent(&store, "1001");
    add_phone(&store, "2001");
    assert!(set_phone(&store, "1001", "2001").unwrap());
    assert!(set_mobile(&store, "1001", "1001").unwrap());
    // It can only be an account's, perhaps one that is still to come.
    assert!(set_phone(&store, "1001", "front-desk").unwrap());
    assert_eq!(refused(&store), []);
    // An own account as mobile would be dialled outside.
    assert_not_allowed(
        log_in(&store, "1001", Choice::Mobile),
        "site default does not allow calls to 1001, the mobile of agent 1001; \
         choose another interface, or ask an administrator for a number that the site allows",
    );
}

#[test]
fn a_statement_of_a_dba_is_refused_too() {
    let (db, store) = database();
    add_agent(&store, "1001");
    rule(&store, Some("DE"), None);
    let said = db
        .try_psql("update peerage.agent set mobile = '+4490099' where number = '1001'")
        .unwrap_err()
        .to_string();
    assert!(
        said.contains(&format!("{LOCAL}fixed-line and mobile numbers of Germany")),
        "{said}"
    );
    assert!(said.contains("agent_mobile_allowed_check"), "{said}");
    let inserted = db.try_psql(
        "with account as (
          insert into peerage.sip_account (site_id, number, kind) select id, '1009', 'agent' from peerage.site returning id
        )
        insert into peerage.agent (account_id, number, full_name, phone) select id, '1009', 'x', '0900123' from account",
    );
    assert!(inserted.unwrap_err().to_string().contains("agent_phone_allowed_check"));
    // A session that does not ask the model.
    smuggle(&db, "1001", "+4490099");
    let said = db
        .try_psql(
            "insert into peerage.agent_session (agent_id, agent_number, interface_kind, interface, state_interface, member_name, begun_by, began_at)
            select id, number, 'mobile', 'Local/+4490099@peerage-outbound/n', 'x', 'x', 'x', clock_timestamp() from peerage.agent",
        )
        .unwrap_err()
        .to_string();
    assert!(said.contains("agent_session_outside_number_check"), "{said}");
    let odd = "update peerage.site set outside_numbers = '{(.*)}'";
    assert!(
        db.try_psql(odd)
            .unwrap_err()
            .to_string()
            .contains("site_outside_numbers_check")
    );
}

#[test]
fn numbers_from_before_the_rule_are_kept_and_listed_but_not_dialled() {
    let (db, store) = database();
    for number in ["1001", "1002", "1003"] {
        add_agent(&store, number);
    }
    rule(&store, None, Some("+44X.,0X."));
    set_mobile(&store, "1001", "+4490099").unwrap();
    set_mobile(&store, "1002", "0471123456").unwrap();
    assert_eq!(refused(&store), []);
    assert!(log_in(&store, "1001", Choice::Mobile).unwrap());
    assert!(log_in(&store, "1002", Choice::Mobile).unwrap());

    // Narrowed: whose number is no longer allowed is logged out, with the reason.
    rule(&store, None, Some("0X."));
    assert_eq!(refused(&store), [parse("1001")]);
    assert_eq!(
        db.psql("select agent_number, end_cause, end_reason from peerage.agent_session where ended_at is not null"),
        "1001|admin|the site does not allow the number"
    );
    assert_eq!(
        db.psql("select count(*) from peerage.agent_session where ended_at is null"),
        "1"
    );
    assert_not_allowed(
        log_in(&store, "1001", Choice::Mobile),
        "site default does not allow calls to +4490099, the mobile of agent 1001; \
         choose another interface, or ask an administrator for a number that the site allows",
    );
    // Something else of the agent can be changed; the number can be mended.
    let rename = AgentPatch {
        full_name: Some(parse("Ada")),
        ..AgentPatch::default()
    };
    assert!(store.set_agent(&parse("1001"), &rename).unwrap());
    assert!(set_mobile(&store, "1001", "0471").unwrap());
    assert_eq!(refused(&store), []);
    assert!(log_in(&store, "1001", Choice::Mobile).unwrap());
}

#[test]
fn a_move_to_a_stricter_site_ends_the_session() {
    let (db, store) = database();
    add_agent(&store, "1001");
    rule(&store, None, Some("0X."));
    store.add_site(&parse("rome"), &SitePatch::default()).unwrap();
    set_mobile(&store, "1001", "0471123456").unwrap();
    assert!(log_in(&store, "1001", Choice::Mobile).unwrap());
    let mut patch = AgentPatch::default();
    patch.account.site = Some(parse("rome"));
    assert!(store.set_agent(&parse("1001"), &patch).unwrap());
    assert_eq!(
        db.psql("select count(*) from peerage.agent_session where ended_at is null"),
        "0"
    );
    assert_eq!(store.refused_numbers(&parse("rome")).unwrap(), 1);
}

#[test]
fn a_login_on_an_outside_number_and_a_change_of_the_rule_wait_for_each_other_in_one_order() {
    let (db, store) = database();
    add_agent(&store, "1001");
    rule(&store, None, Some("0X."));
    set_mobile(&store, "1001", "0471123456").unwrap();
    set_phone(&store, "1001", "06123456").unwrap();
    assert!(log_in(&store, "1001", Choice::Mobile).unwrap());

    // The move holds all that it locks before it comes to this one.
    let mut holder = db.connect();
    holder
        .batch_execute(
            "begin;
            select from peerage.interface_lock where slot = hashtext('Local/06123456@peerage-outbound/n') & 1023 for update",
        )
        .unwrap();
    std::thread::scope(|scope| {
        let moving = scope.spawn(|| {
            let request = MoveRequest {
                choice: Choice::Phone,
                on_conflict: OnConflict::default(),
            };
            store.move_agent(&parse("1001"), &request, &Actor::new("root", ActorRole::Admin))
        });
        until_wait(&db, 1);
        let ruling = scope.spawn(|| {
            let patch = SitePatch {
                outside_numbers: Some(Some(parse("1X."))),
                ..SitePatch::default()
            };
            store.set_site(&parse("default"), &patch)
        });
        until_wait(&db, 2);
        holder.batch_execute("commit").unwrap();
        assert!(moving.join().unwrap().unwrap());
        assert!(ruling.join().unwrap().unwrap());
    });
    assert_eq!(
        db.psql("select end_reason from peerage.agent_session order by id desc limit 1"),
        "the site does not allow the number"
    );
}

#[test]
fn an_import_names_the_lines_with_numbers_that_are_not_allowed() {
    let (_db, store) = database();
    rule(&store, Some("IT"), None);
    let row = |line: u64, number: &str, mobile: &str| {
        let mut row: NewAgent = agent(number);
        row.profile.mobile = Some(parse(mobile));
        Ok(ImportRow {
            line,
            row,
            secret: secret(),
        })
    };
    let lines = [
        row(2, "1001", "+393331234567"),
        row(3, "1002", "+4490099"),
        row(4, "1003", "1001"),
    ];
    let Err(ImportError::Rows { bad, .. }) = store.import_agents(lines, Mode::Commit) else {
        panic!("imported");
    };
    let bad: Vec<(u64, String)> = bad.into_iter().map(|row| (row.line, row.message)).collect();
    assert_eq!(bad, [(3, format!("{LOCAL}fixed-line and mobile numbers of Italy"))]);
    assert!(store.agents(&Filter::default()).unwrap().is_empty());
}

#[test]
fn a_country_that_is_none_is_refused() {
    let (_db, store) = database();
    let patch = SitePatch {
        country: Some(Some(parse("XX"))),
        ..SitePatch::default()
    };
    assert_conflict(store.set_site(&parse("default"), &patch), "there is no country `XX`");
}

#[test]
fn an_agent_may_not_edit_own_numbers_unless_permitted() {
    let (_db, store) = database();
    add_agent(&store, "1001");
    let Situation { permissions, .. } = store.situation(&parse("1001")).unwrap();
    assert!(!permissions.edit_own_numbers);
    let own = Actor::new("ada", ActorRole::Agent(parse("1001")));
    let changed = store.set_numbers(&parse("1001"), None, Some(parse("1001")), &own);
    assert!(matches!(changed, Err(StateError::Refused(refusal)) if refusal.code() == RefusalCode::NotPermitted));
}

#[derive(QueryableByName)]
struct Country {
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Bool)]
    takes: bool,
}

/// A number of each of these countries, by the numbering plans of their regulators, and one that costs the caller more.
const NUMBERS: [(&str, &str, &str, &str); 8] = [
    ("IT", "+390612345678", "3123456789", "+39899123456"),
    ("DE", "+493012345678", "015123456789", "+499001234567"),
    ("FR", "+33123456789", "0612345678", "+33891234567"),
    ("GB", "+442071234567", "07400123456", "+449012345678"),
    ("US", "+12015550123", "2015550123", "+19002345678"),
    ("ES", "+34912345678", "612345678", "+34803123456"),
    ("CH", "+41212345678", "0781234567", "+41900123456"),
    ("NL", "+31101234567", "0612345678", "+319001234567"),
];

#[test]
fn each_country_takes_its_own_numbers_and_no_premium_rate() {
    let (db, _store) = database();
    let mut connection = db.connect();
    for (code, fixed, mobile, premium) in NUMBERS {
        for (number, allowed) in [
            (fixed, true),
            (mobile, true),
            (premium, false),
            ("112", false),
            ("+", false),
        ] {
            let found: Vec<Country> =
                diesel::sql_query("select code, $1 ~ numbers as takes from peerage.country order by code")
                    .bind::<Text, _>(number)
                    .load(&mut connection)
                    .unwrap();
            // Each of the expressions is one that PostgreSQL reads.
            assert!(found.len() > 200);
            let own = found.iter().find(|country| country.code == code).unwrap();
            assert_eq!(own.takes, allowed, "{code} {number}");
        }
    }
    let anchored: i64 = diesel::select(diesel::dsl::sql::<BigInt>(
        "(select count(*) from peerage.country where numbers not like '^(?:%)$')",
    ))
    .get_result(&mut connection)
    .unwrap();
    assert_eq!(anchored, 0);
}
