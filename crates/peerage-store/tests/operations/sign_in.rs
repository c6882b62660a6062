use std::time::Duration;

use peerage_model::{LogLevel, Penalty, Role};
use peerage_store::{
    ClientLog, ClientLogFilter, LetInBy, LoginPatch, NewLogin, NewToken, Origin, Seen, SignInEnd, SignInError, Store,
    Tokens,
};
use peerage_testkit::db::TestDb;

use crate::support::{add_agent, assert_conflict, assert_invalid, assert_not_found, database, parse, secret};

const HOUR: Duration = Duration::from_secs(3600);

fn house() -> (TestDb, Store) {
    let (db, store) = database();
    add_agent(&store, "1001");
    for (username, role, agent) in [
        ("ada", Role::Agent, Some("1001")),
        ("sam", Role::Supervisor, None),
        ("root", Role::Admin, None),
    ] {
        let login = NewLogin {
            username: parse(username),
            role,
            agent: agent.map(parse),
        };
        store.add_login(&login, Some(&secret().into())).unwrap();
    }
    (db, store)
}

fn sign_in(store: &Store, username: &str) -> peerage_store::NewSignIn {
    store
        .sign_in(&parse(username), secret().expose(), &Origin::default())
        .unwrap()
}

fn fail(store: &Store, username: &str, password: &str) -> SignInError {
    store
        .sign_in(&parse(username), password, &Origin::default())
        .unwrap_err()
}

#[test]
fn who_signs_in_is_known_by_the_token_which_the_database_does_not_hold() {
    let (db, store) = house();
    let new = sign_in(&store, "ada");
    assert_eq!(new.holder.role, Role::Agent);
    assert_eq!(new.holder.agent, Some(parse("1001")));
    assert_eq!(new.holder.username, Some(parse("ada")));
    assert!(matches!(new.holder.by, LetInBy::Session(_)));
    assert_eq!(store.signed_in(new.token.expose(), HOUR).unwrap(), Seen::In(new.holder));
    assert_eq!(store.signed_in("another", HOUR).unwrap(), Seen::Unknown);
    let kept = db.psql("select console_session from peerage.console_session");
    assert!(!kept.contains(new.token.expose()), "{kept}");
}

#[test]
fn a_wrong_name_a_wrong_password_and_no_password_are_refused_alike() {
    let (_db, store) = house();
    let without = NewLogin {
        username: parse("nopass"),
        role: Role::Admin,
        agent: None,
    };
    store.add_login(&without, None).unwrap();
    for (username, password) in [("nobody", "x"), ("ada", "wrong"), ("ada", ""), ("nopass", "")] {
        assert_eq!(fail(&store, username, password), SignInError::Wrong, "{username}");
    }
}

fn from(address: &str) -> Origin {
    Origin {
        address: Some(address.parse().unwrap()),
        ..Origin::default()
    }
}

fn throttled(result: &Result<peerage_store::NewSignIn, SignInError>) -> bool {
    matches!(result, Err(SignInError::Throttled(_)))
}

/// Lets the waits of all lanes pass.
fn later(db: &TestDb) {
    db.psql("update peerage.sign_in_attempt set blocked_until = clock_timestamp() - interval '1 second' where blocked_until is not null");
}

#[test]
fn after_five_failures_every_password_is_answered_alike_and_unlocking_lets_in() {
    let (_db, store) = house();
    for _ in 0..4 {
        assert_eq!(fail(&store, "ada", "wrong"), SignInError::Wrong);
    }
    // A success forgets the failures.
    sign_in(&store, "ada");
    for name in ["ada", "nobody"] {
        for _ in 0..5 {
            assert_eq!(fail(&store, name, "wrong"), SignInError::Wrong, "{name}");
        }
        for password in ["wrong", secret().expose(), ""] {
            assert!(
                throttled(&store.sign_in(&parse(name), password, &Origin::default())),
                "{name} {password}"
            );
        }
    }
    let login = store.login(&parse("ada")).unwrap();
    assert_eq!(login.failed_sign_ins, 5);
    assert!(login.locked_until.is_some());
    let unlock = LoginPatch {
        unlock: true,
        ..LoginPatch::default()
    };
    store.set_login(&parse("ada"), &unlock).unwrap();
    sign_in(&store, "ada");
    assert_eq!(store.login(&parse("ada")).unwrap().failed_sign_ins, 0);
}

#[test]
fn each_further_failure_waits_longer_up_to_an_hour_and_a_day_forgets() {
    let (db, store) = house();
    for _ in 0..5 {
        fail(&store, "ada", "wrong");
    }
    for minutes in [1_u64, 2, 4, 8, 16, 32, 60, 60] {
        let SignInError::Throttled(wait) = fail(&store, "ada", "wrong") else {
            panic!("{minutes}")
        };
        assert!(
            (minutes * 60 - 30..=minutes * 60).contains(&wait.as_secs()),
            "{minutes}: {wait:?}"
        );
        later(&db);
        assert_eq!(fail(&store, "ada", "wrong"), SignInError::Wrong, "{minutes}");
    }
    db.psql("update peerage.sign_in_attempt set blocked_until = null, failed_at = failed_at - interval '25 hours'");
    for _ in 0..5 {
        assert_eq!(fail(&store, "ada", "wrong"), SignInError::Wrong);
    }
    assert!(throttled(&store.sign_in(&parse("ada"), "wrong", &Origin::default())));
}

#[test]
fn many_addresses_have_no_more_guesses_than_one_and_keep_no_known_browser_or_network_out() {
    let (_db, store) = house();
    let password = secret();
    let home = from("198.51.100.7");
    let known = store.sign_in(&parse("ada"), password.expose(), &home).unwrap();
    let compared = (1..=40)
        .filter(|last| !throttled(&store.sign_in(&parse("ada"), "guess", &from(&format!("192.0.2.{last}")))))
        .count();
    assert_eq!(compared, 5);
    // IPv6 neighbours, too.
    assert!(throttled(&store.sign_in(
        &parse("ada"),
        password.expose(),
        &from("2001:db8::1")
    )));
    let abroad = Origin {
        device: Some(known.device.expose().to_owned()),
        ..from("203.0.113.9")
    };
    let again = store.sign_in(&parse("ada"), password.expose(), &abroad).unwrap();
    store.sign_in(&parse("ada"), password.expose(), &home).unwrap();
    // The cookie is another each time, and that of somebody else is none.
    assert_ne!(known.device.expose(), again.device.expose());
    assert!(throttled(&store.sign_in(
        &parse("ada"),
        password.expose(),
        &Origin {
            address: "203.0.113.10".parse().ok(),
            ..abroad
        }
    )));
    let other = Origin {
        device: Some(again.device.expose().to_owned()),
        ..from("203.0.113.11")
    };
    for _ in 0..5 {
        assert!(store.sign_in(&parse("sam"), "guess", &other).is_err());
    }
    assert!(throttled(&store.sign_in(&parse("sam"), password.expose(), &other)));
}

#[test]
fn a_neighbour_in_the_own_network_has_five_guesses_too_and_the_known_browser_goes_on() {
    let (_db, store) = house();
    let password = secret();
    let office = from("2001:db8:1:2::10");
    let neighbour = from("2001:db8:1:2::66");
    let known = store.sign_in(&parse("ada"), password.expose(), &office).unwrap();
    let compared = (0..20)
        .filter(|_| !throttled(&store.sign_in(&parse("ada"), "guess", &neighbour)))
        .count();
    assert_eq!(compared, 5);
    let unknown = (0..20)
        .filter(|_| !throttled(&store.sign_in(&parse("nobody"), "guess", &neighbour)))
        .count();
    assert_eq!(unknown, 5, "a name that is known is guessed no more often");
    let own = Origin {
        device: Some(known.device.expose().to_owned()),
        ..office
    };
    store.sign_in(&parse("ada"), password.expose(), &own).unwrap();
}

#[test]
fn guesses_at_once_are_no_more_than_guesses_in_a_row() {
    let (db, store) = house();
    let compared = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..24)
            .map(|_| scope.spawn(|| store.sign_in(&parse("ada"), "guess", &Origin::default())))
            .collect();
        tries
            .into_iter()
            .map(|tried| tried.join().unwrap())
            .filter(|tried| matches!(tried, Err(SignInError::Wrong)))
            .count()
    });
    assert_eq!(compared, 5);
    // What is refused without being compared leaves nothing.
    let audited = "select count(*) from peerage.audit_entry where relation = 'login_account' and operation = 'update'";
    assert_eq!(db.psql(audited), "5");
}

#[test]
fn one_address_that_tries_many_names_waits_and_the_rows_are_bounded() {
    let (db, store) = house();
    let from_here = from("192.0.2.1");
    db.psql("insert into peerage.sign_in_attempt (lane, network, failures) values ('address', '192.0.2.1', 49)");
    assert_eq!(
        store.sign_in(&parse("sam"), "guess", &from_here).unwrap_err(),
        SignInError::Wrong
    );
    assert!(throttled(&store.sign_in(&parse("root"), secret().expose(), &from_here)));
    store
        .sign_in(&parse("root"), secret().expose(), &from("192.0.2.2"))
        .unwrap();

    // Names that nobody has drive out themselves, not the row of somebody who is being guessed.
    db.psql(
        "delete from peerage.sign_in_attempt;
         insert into peerage.sign_in_attempt (lane, user_digest, failures) values ('user', repeat('a', 64), 5);
         insert into peerage.sign_in_attempt (lane, user_digest)
           select 'user', encode(sha256(number::text::bytea), 'hex') from generate_series(1, 300) as number;
         insert into peerage.sign_in_attempt (lane, user_digest, failed_at)
           values ('user', repeat('b', 64), clock_timestamp() - interval '25 hours');
         select peerage.forget_sign_ins(100)",
    );
    assert_eq!(
        db.psql("select count(*), max(failures), bool_or(user_digest = repeat('b', 64)) from peerage.sign_in_attempt"),
        "100|5|f"
    );
    store.forget_sign_ins().unwrap();
}

#[test]
fn tokens_are_recognised_expire_and_end_with_the_password_on_request() {
    let (_db, store) = house();
    let text = store.add_token(&token("crm", Role::Agent, Some("ada"))).unwrap();
    assert!(
        text.expose().starts_with("peerage_") && text.expose().len() == 46,
        "{}",
        text.expose().len()
    );
    let password = |tokens| {
        store
            .set_login_password(&parse("ada"), Some(&parse("another-horse")), tokens)
            .unwrap();
    };
    password(Tokens::Keep);
    assert!(store.token_holder(text.expose()).unwrap().is_some());
    password(Tokens::End);
    assert_eq!(store.token_holder(text.expose()).unwrap(), None);
    let days = NewToken::usual_expiry()
        .duration_since(jiff::Timestamp::now())
        .as_hours();
    assert!((89 * 24..=90 * 24).contains(&days), "{days}");
}

#[test]
fn a_password_may_be_in_any_script_and_typed_on_any_keyboard() {
    let (_db, store) = house();
    let composed = "Gr\u{f6}\u{df}e-密码-жираф";
    store
        .set_login_password(&parse("sam"), Some(&parse(composed)), Tokens::Keep)
        .unwrap();
    let decomposed = "Gro\u{308}\u{df}e-密码-жираф";
    store.sign_in(&parse("sam"), decomposed, &Origin::default()).unwrap();
    for weak in ["sam12345", "SAM-sam-", "masmasmas"] {
        let refused = weak
            .parse()
            .map(|weak| store.set_login_password(&parse("sam"), Some(&weak), Tokens::Keep));
        assert!(!matches!(refused, Ok(Ok(()))), "{weak}");
    }
}

#[test]
fn an_agents_second_browser_ends_the_first_and_a_supervisors_does_not() {
    let (_db, store) = house();
    let (first, second) = (sign_in(&store, "ada"), sign_in(&store, "ada"));
    let seen = |token: &peerage_model::Secret| store.signed_in(token.expose(), HOUR).unwrap();
    assert_eq!(seen(&first.token), Seen::Ended(SignInEnd::SignedInElsewhere));
    assert!(matches!(seen(&second.token), Seen::In(_)));
    let (first, second) = (sign_in(&store, "sam"), sign_in(&store, "sam"));
    assert!(matches!(seen(&first.token), Seen::In(_)));
    assert!(matches!(seen(&second.token), Seen::In(_)));
}

#[test]
fn a_browser_is_signed_out_by_itself_by_idleness_by_a_new_password_and_with_its_user() {
    let (db, store) = house();
    let seen = |token: &peerage_model::Secret| store.signed_in(token.expose(), HOUR).unwrap();

    let one = sign_in(&store, "sam");
    store.sign_out(one.token.expose()).unwrap();
    store.sign_out(one.token.expose()).unwrap();
    assert_eq!(seen(&one.token), Seen::Ended(SignInEnd::SignedOut));

    let one = sign_in(&store, "sam");
    db.psql(
        "update peerage.console_session set seen_at = clock_timestamp() - interval '59 minutes' where ended_at is null",
    );
    assert!(matches!(seen(&one.token), Seen::In(_)));
    // Being seen was noted.
    db.psql("update peerage.console_session set seen_at = seen_at - interval '59 minutes' where ended_at is null");
    assert!(matches!(seen(&one.token), Seen::In(_)));
    db.psql(
        "update peerage.console_session set seen_at = clock_timestamp() - interval '61 minutes' where ended_at is null",
    );
    assert_eq!(seen(&one.token), Seen::Ended(SignInEnd::Expired));

    let (own, other) = (sign_in(&store, "sam"), sign_in(&store, "sam"));
    let LetInBy::Session(session) = own.holder.by else {
        panic!("{own:?}");
    };
    let refused = store.change_password(
        &parse("sam"),
        "wrong",
        &parse("another-horse"),
        Some(session),
        Tokens::Keep,
    );
    assert_eq!(refused, Err(SignInError::Wrong));
    store
        .change_password(
            &parse("sam"),
            secret().expose(),
            &parse("another-horse"),
            Some(session),
            Tokens::Keep,
        )
        .unwrap();
    assert!(matches!(seen(&own.token), Seen::In(_)));
    assert_eq!(seen(&other.token), Seen::Ended(SignInEnd::PasswordChanged));
    assert_eq!(fail(&store, "sam", secret().expose()), SignInError::Wrong);

    let one = sign_in(&store, "root");
    let disable = LoginPatch {
        disabled: Some(true),
        ..LoginPatch::default()
    };
    store.set_login(&parse("root"), &disable).unwrap();
    assert_eq!(seen(&one.token), Seen::Ended(SignInEnd::Disabled));
    assert_eq!(fail(&store, "root", secret().expose()), SignInError::Disabled);

    let one = sign_in(&store, "ada");
    store.remove_agent(&parse("1001")).unwrap();
    assert_eq!(seen(&one.token), Seen::Ended(SignInEnd::Disabled));
    assert_eq!(fail(&store, "ada", secret().expose()), SignInError::Disabled);
}

fn token(name: &str, role: Role, username: Option<&str>) -> NewToken {
    NewToken {
        name: name.to_owned(),
        role,
        username: username.map(parse),
        expires_at: None,
    }
}

#[test]
fn a_token_lets_in_for_its_user_until_it_expires_or_is_removed() {
    let (db, store) = house();
    let crm = store.add_token(&token("crm", Role::Admin, None)).unwrap();
    let holder = store.token_holder(crm.expose()).unwrap().unwrap();
    assert_eq!((holder.role, holder.username), (Role::Admin, None));
    assert_eq!(holder.by, LetInBy::Token("crm".to_owned()));
    assert!(store.tokens().unwrap()[0].used_at.is_some());
    assert!(
        !db.psql("select api_token from peerage.api_token")
            .contains(crm.expose())
    );
    assert!(
        !db.psql("select audit_entry from peerage.audit_entry")
            .contains(crm.expose())
    );

    let own = store.add_token(&token("own", Role::Agent, Some("ada"))).unwrap();
    assert_eq!(
        store.token_holder(own.expose()).unwrap().unwrap().agent,
        Some(parse("1001"))
    );
    db.psql("update peerage.api_token set expires_at = clock_timestamp() where name = 'own'");
    assert_eq!(store.token_holder(own.expose()).unwrap(), None);

    store.remove_token("crm").unwrap();
    assert_eq!(store.token_holder(crm.expose()).unwrap(), None);
    assert_not_found(store.remove_token("crm"), "there is no token `crm`");
}

#[test]
fn a_token_may_no_more_than_its_user_also_when_the_user_comes_down() {
    let (_db, store) = house();
    assert_invalid(
        store.add_token(&token("x", Role::Admin, Some("sam"))),
        "role",
        "user sam is supervisor, so a token for it cannot be admin",
    );
    assert_invalid(
        store.add_token(&token("x", Role::Agent, Some("root"))),
        "role",
        "user root is no agent, so a token for it cannot be agent",
    );
    store.add_token(&token("x", Role::Admin, Some("root"))).unwrap();
    assert_conflict(
        store.add_token(&token("x", Role::Admin, None)),
        "there is a token `x` already",
    );
    let power = store.add_token(&token("power", Role::Admin, Some("root"))).unwrap();
    let down = LoginPatch {
        role: Some(Role::Supervisor),
        ..LoginPatch::default()
    };
    store.set_login(&parse("root"), &down).unwrap();
    assert_eq!(
        store.token_holder(power.expose()).unwrap().unwrap().role,
        Role::Supervisor
    );
}

#[test]
fn a_supervisor_watches_queues_and_the_agents_in_them() {
    let (_db, store) = house();
    add_agent(&store, "1002");
    for queue in ["sales", "support"] {
        store.add_queue(&parse(queue), &Default::default()).unwrap();
    }
    store
        .assign(&parse("sales"), &parse("1001"), Penalty::default())
        .unwrap();
    store
        .assign(&parse("support"), &parse("1002"), Penalty::default())
        .unwrap();
    let sam = parse("sam");
    assert!(store.set_supervisor_queues(&sam, &[parse("sales")]).unwrap());
    assert!(!store.set_supervisor_queues(&sam, &[parse("sales")]).unwrap());
    assert_eq!(store.supervisor_queues(&sam).unwrap(), [parse("sales")]);
    assert_eq!(sign_in(&store, "sam").holder.queues, [parse("sales")]);
    assert_eq!(store.agents_of_queues(&[parse("sales")]).unwrap(), [parse("1001")]);
    assert!(store.is_in_queues(&parse("1001"), &[parse("sales")]).unwrap());
    assert!(!store.is_in_queues(&parse("1002"), &[parse("sales")]).unwrap());
    assert!(!store.is_in_queues(&parse("1001"), &[]).unwrap());
    assert!(store.set_supervisor_queues(&sam, &[parse("support")]).unwrap());
    assert_eq!(store.supervisor_queues(&sam).unwrap(), [parse("support")]);
    assert_not_found(
        store.set_supervisor_queues(&sam, &[parse("nowhere")]),
        "there is no queue `nowhere`",
    );
}

fn log(level: LogLevel, event: &str) -> ClientLog {
    ClientLog {
        level,
        event: event.to_owned(),
        detail: None,
        client_at: None,
    }
}

#[test]
fn client_logs_are_kept_at_the_agents_level_and_forgotten_by_age() {
    let (db, store) = house();
    let ada = parse("1001");
    let all =
        [LogLevel::Error, LogLevel::Warning, LogLevel::Info, LogLevel::Debug].map(|level| log(level, level.as_str()));
    assert_eq!(store.add_client_logs(&ada, &all).unwrap(), 0);
    db.psql("update peerage.agent set client_log_level = 'warning'");
    assert_eq!(store.add_client_logs(&ada, &all).unwrap(), 2);
    let events = |filter: &ClientLogFilter| -> Vec<String> {
        store
            .client_logs(filter)
            .unwrap()
            .into_iter()
            .map(|entry| entry.event)
            .collect()
    };
    assert_eq!(events(&ClientLogFilter::default()), ["warning", "error"]);
    let grave = ClientLogFilter {
        agent: Some(ada.clone()),
        level: Some(LogLevel::Error),
        ..ClientLogFilter::default()
    };
    assert_eq!(events(&grave), ["error"]);
    let other = ClientLogFilter {
        agent: Some(parse("1002")),
        ..ClientLogFilter::default()
    };
    assert!(events(&other).is_empty());
    assert!(store.add_client_logs(&ada, &[log(LogLevel::Error, "")]).is_err());
    db.psql("update peerage.client_log set received_at = clock_timestamp() - interval '2 hours' where event = 'error'");
    store.forget(HOUR, HOUR).unwrap();
    assert_eq!(events(&ClientLogFilter::default()), ["warning"]);
}
