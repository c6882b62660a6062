use std::time::Duration;

use peerage_model::{LogLevel, Penalty, Role};
use peerage_store::{
    ClientLog, ClientLogFilter, LetInBy, LoginPatch, NewLogin, NewToken, Origin, Seen, SignInEnd, SignInError, Store,
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
        store.add_login(&login, Some(&secret())).unwrap();
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

#[test]
fn five_failures_lock_which_only_the_right_password_learns_and_unlocking_lets_in() {
    let (db, store) = house();
    for _ in 0..4 {
        assert_eq!(fail(&store, "ada", "wrong"), SignInError::Wrong);
    }
    // A success forgets the failures.
    sign_in(&store, "ada");
    for _ in 0..5 {
        assert_eq!(fail(&store, "ada", "wrong"), SignInError::Wrong);
    }
    assert_eq!(fail(&store, "ada", "wrong"), SignInError::Wrong);
    assert!(matches!(fail(&store, "ada", secret().expose()), SignInError::Locked(_)));
    let unlock = LoginPatch {
        unlock: true,
        ..LoginPatch::default()
    };
    store.set_login(&parse("ada"), &unlock).unwrap();
    sign_in(&store, "ada");

    // The lock passes with time.
    for _ in 0..5 {
        fail(&store, "ada", "wrong");
    }
    db.psql("update peerage.login_account set locked_until = clock_timestamp() - interval '1 second' where username = 'ada'");
    assert_eq!(fail(&store, "ada", "wrong"), SignInError::Wrong);
    sign_in(&store, "ada");
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
    let refused = store.change_password(&parse("sam"), "wrong", &parse("another-horse"), Some(session));
    assert_eq!(refused, Err(SignInError::Wrong));
    store
        .change_password(&parse("sam"), secret().expose(), &parse("another-horse"), Some(session))
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
