use peerage_model::Role;
use peerage_store::{LoginPatch, NewLogin, Store, Tokens};

use crate::support::{
    add_agent, add_phone, assert_conflict, assert_invalid, assert_not_found, database, parse, secret,
};

fn login(username: &str, role: Role, agent: Option<&str>) -> NewLogin {
    NewLogin {
        username: parse(username),
        role,
        agent: agent.map(parse),
    }
}

fn add(store: &Store, username: &str, role: Role, agent: Option<&str>) {
    store.add_login(&login(username, role, agent), None).unwrap();
}

#[test]
fn an_admin_has_an_argon2id_hash_of_the_password_and_nothing_else() {
    let (db, store) = database();
    store
        .add_login(&login("root.admin", Role::Admin, None), Some(&secret().into()))
        .unwrap();
    let found = store.login(&parse("root.admin")).unwrap();
    assert_eq!((found.role, found.agent, found.has_password), (Role::Admin, None, true));
    assert_eq!(
        (found.disabled, found.failed_sign_ins, found.locked_until),
        (false, 0, None)
    );
    let hash = db.psql("select password_hash from peerage.login_account");
    assert!(hash.starts_with("$argon2id$"), "{hash}");
    password_auth::verify_password(secret().expose(), &hash).unwrap();
}

#[test]
fn users_are_listed_by_name_with_their_agents() {
    let (_db, store) = database();
    add_agent(&store, "1001");
    add(&store, "zoe", Role::Supervisor, None);
    add(&store, "ada", Role::Agent, Some("1001"));
    let listed: Vec<_> = store
        .logins()
        .unwrap()
        .into_iter()
        .map(|login| {
            (
                login.username.to_string(),
                login.agent.map(|agent| agent.to_string()),
                login.has_password,
            )
        })
        .collect();
    assert_eq!(
        listed,
        [
            ("ada".to_owned(), Some("1001".to_owned()), false),
            ("zoe".to_owned(), None, false)
        ]
    );
}

#[test]
fn a_user_who_contradicts_others_is_refused() {
    let (_db, store) = database();
    add_agent(&store, "1001");
    add_phone(&store, "2001");
    add(&store, "ada", Role::Agent, Some("1001"));
    assert_conflict(
        store.add_login(&login("ada", Role::Admin, None), None),
        "user name `ada` is taken",
    );
    assert_conflict(
        store.add_login(&login("eve", Role::Supervisor, Some("1001")), None),
        "another user belongs to that agent",
    );
    assert_invalid(
        store.add_login(&login("eve", Role::Agent, None), None),
        "role",
        "a user of role `agent` belongs to an agent",
    );
    assert_not_found(
        store.add_login(&login("eve", Role::Agent, Some("9999")), None),
        "there is no agent `9999`",
    );
    let error = store
        .add_login(&login("eve", Role::Agent, Some("2001")), None)
        .unwrap_err();
    assert_eq!(error.hint().unwrap(), "`2001` is the number of a telephone");
}

#[test]
fn a_user_is_changed_and_what_is_so_already_is_no_change() {
    let (_db, store) = database();
    add_agent(&store, "1001");
    add(&store, "ada", Role::Supervisor, None);
    let ada = parse("ada");
    let patch = LoginPatch {
        role: Some(Role::Agent),
        agent: Some(Some(parse("1001"))),
        disabled: Some(true),
        unlock: true,
    };
    assert!(store.set_login(&ada, &patch).unwrap());
    assert!(!store.set_login(&ada, &patch).unwrap());
    let found = store.login(&ada).unwrap();
    assert_eq!(
        (found.role, found.agent, found.disabled),
        (Role::Agent, Some(parse("1001")), true)
    );
    let orphan = LoginPatch {
        agent: Some(None),
        ..LoginPatch::default()
    };
    assert_invalid(
        store.set_login(&ada, &orphan),
        "role",
        "a user of role `agent` belongs to an agent",
    );
}

#[test]
fn a_locked_user_is_unlocked_by_hand_and_by_a_new_password() {
    let (db, store) = database();
    add(&store, "ada", Role::Admin, None);
    let ada = parse("ada");
    let lock = "update peerage.login_account set failed_sign_ins = 5, locked_until = now() + interval '1 hour'";
    db.psql(lock);
    assert!(store.login(&ada).unwrap().locked_until.is_some());
    let unlock = LoginPatch {
        unlock: true,
        ..LoginPatch::default()
    };
    assert!(store.set_login(&ada, &unlock).unwrap());
    assert_eq!(store.login(&ada).unwrap().failed_sign_ins, 0);
    db.psql(lock);
    store
        .set_login_password(&ada, Some(&secret().into()), Tokens::Keep)
        .unwrap();
    let found = store.login(&ada).unwrap();
    assert!(found.has_password && found.locked_until.is_none());
    store.set_login_password(&ada, None, Tokens::Keep).unwrap();
    assert!(!store.login(&ada).unwrap().has_password);
}

#[test]
fn a_removed_user_is_gone() {
    let (_db, store) = database();
    add(&store, "ada", Role::Admin, None);
    let ada = parse("ada");
    store.remove_login(&ada).unwrap();
    let message = "there is no user `ada`";
    assert_not_found(store.login(&ada), message);
    assert_not_found(store.remove_login(&ada), message);
    assert_not_found(store.set_login(&ada, &LoginPatch::default()), message);
    assert_not_found(store.set_login_password(&ada, None, Tokens::Keep), message);
}
