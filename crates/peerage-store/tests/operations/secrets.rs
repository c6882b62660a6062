//! Neither the audit nor an error ever shows a secret, a digest or a hash.

use peerage_model::{Role, Secret};
use peerage_store::{AgentPatch, LoginPatch, NewLogin, Store, StoreError, Tokens};
use peerage_testkit::db::TestDb;

use crate::support::{add_phone, agent, database, parse};

/// What must be seen nowhere, as the database holds it now.
fn hidden(db: &TestDb) -> Vec<String> {
    let kept = db.psql(
        "select md5 from peerage.sip_secret
         union all select sha256 from peerage.sip_secret
         union all select pin_digest from peerage.agent where pin_digest is not null
         union all select password_hash from peerage.login_account where password_hash is not null",
    );
    let mut hidden: Vec<String> = kept.lines().map(str::to_owned).collect();
    assert!(hidden.len() >= 4, "{hidden:?}");
    hidden.extend(["first-secret", "second-secret", "47110815", "08154711"].map(str::to_owned));
    hidden
}

fn assert_hidden(hidden: &[String], text: &str) {
    for secret in hidden {
        assert!(!text.contains(secret.as_str()), "`{secret}` stands in: {text}");
    }
}

/// Does what has to do with secrets, and returns what must be hidden and the errors met.
fn exercise(db: &TestDb, store: &Store) -> (Vec<String>, Vec<StoreError>) {
    let first: Secret = parse("first-secret");
    let second: Secret = parse("second-secret");
    let mut new = agent("1001");
    new.pin = Some(parse("47110815"));
    store.add_agent(&new, &first).unwrap();
    add_phone(store, "2001");
    let login = NewLogin {
        username: parse("ada"),
        role: Role::Agent,
        agent: Some(parse("1001")),
    };
    store.add_login(&login, Some(&first.clone().into())).unwrap();
    let mut all = hidden(db);

    let mut errors = vec![
        store.add_agent(&new, &first).unwrap_err(),
        store.add_login(&login, Some(&second.clone().into())).unwrap_err(),
        Secret::try_from("short").map_err(StoreError::from).unwrap_err(),
    ];
    let mut patch = AgentPatch {
        pin: Some(Some(parse("08154711"))),
        ..AgentPatch::default()
    };
    patch.account.secret = Some(second.clone());
    patch.account.number = Some(parse("2001"));
    errors.push(store.set_agent(&parse("1001"), &patch).unwrap_err());
    patch.account.number = Some(parse("1002"));
    assert!(store.set_agent(&parse("1001"), &patch).unwrap());
    store
        .set_login_password(&parse("ada"), Some(&second.clone().into()), Tokens::Keep)
        .unwrap();
    store
        .set_login(
            &parse("ada"),
            &LoginPatch {
                disabled: Some(true),
                ..LoginPatch::default()
            },
        )
        .unwrap();
    all.extend(hidden(db));
    store.remove_agent(&parse("1002")).unwrap();
    store.remove_login(&parse("ada")).unwrap();
    (all, errors)
}

#[test]
fn the_audit_says_of_secrets_that_they_were_set_or_changed() {
    let (db, store) = database();
    let (hidden, _) = exercise(&db, &store);
    let audit = db.psql("select entry::text from peerage.audit_entry as entry order by id");
    assert!(audit.lines().count() > 10, "{audit}");
    assert_hidden(&hidden, &audit);
    let of = |relation: &str, column: &str| {
        db.psql(&format!(
            "select string_agg(coalesce(before ->> '{column}', '-') || '>' || coalesce(after ->> '{column}', '-'), ' ' order by id)
             from peerage.audit_entry
             where relation = '{relation}' and subject <> '2001'"
        ))
    };
    assert_eq!(of("sip_secret", "md5"), "->set set>changed set>-");
    assert_eq!(of("sip_secret", "sha256"), "->set set>changed set>-");
    assert_eq!(of("agent", "pin_digest").split(' ').next(), Some("->set"));
    assert!(of("agent", "pin_digest").contains("set>changed"));
    assert!(of("login_account", "password_hash").starts_with("->set set>changed"));
}

#[test]
fn no_error_of_an_operation_shows_a_secret() {
    let (db, store) = database();
    let (hidden, errors) = exercise(&db, &store);
    assert!(errors.len() >= 4);
    for error in errors {
        assert_hidden(&hidden, &format!("{error} {error:?} {:?}", error.hint()));
    }
}

#[test]
fn no_error_of_a_dbas_statement_shows_a_digest() {
    let (db, store) = database();
    add_phone(&store, "2001");
    store.add_agent(&agent("1001"), &parse("first-secret")).unwrap();
    let md5 = "0123456789abcdef0123456789abcdef";
    let sha256 = md5.repeat(2);
    let hidden: Vec<String> = [md5.to_owned(), sha256.clone()]
        .into_iter()
        .chain(
            db.psql("select md5 || E'\\n' || sha256 from peerage.sip_secret")
                .lines()
                .map(str::to_owned),
        )
        .collect();
    for (statement, says) in [
        (
            format!(
                "insert into peerage.sip_secret (id, number, realm, md5, sha256) values (-1, 'x', 'asterisk', '{md5}', '{sha256}')"
            ),
            "23503",
        ),
        (
            format!("update peerage.sip_secret set md5 = '{md5}0'"),
            "`md5` cannot be `***`",
        ),
        (
            format!("update peerage.sip_secret set sha256 = '{md5}'"),
            "`sha256` cannot be `***`",
        ),
        (
            format!("update peerage.sip_secret set realm = 'no realm', md5 = '{md5}'"),
            "`realm` cannot be `no realm`",
        ),
        (
            format!("update peerage.sip_secret set realm = null, md5 = '{md5}'"),
            "23502",
        ),
        (
            format!("update peerage.sip_secret set number = '9', md5 = '{md5}'"),
            "sip_secret_id_number_fk",
        ),
        (
            format!("update peerage.sip_secret set id = (select min(id) from peerage.sip_account), md5 = '{md5}'"),
            "sip_secret_id_pk",
        ),
        (
            format!("update peerage.sip_secret set changed_at = null, md5 = '{md5}'"),
            "23502",
        ),
        (
            "update peerage.sip_account set number = number || '0'".to_owned(),
            "sip_secret_id_number_fk",
        ),
    ] {
        let error = db.try_psql(&statement).unwrap_err().to_string();
        assert!(error.contains(says), "{statement}: {error}");
        assert_hidden(&hidden, &error);
    }
}

#[test]
fn no_error_of_a_dbas_statement_shows_a_hash() {
    let (db, store) = database();
    let mut new = agent("1001");
    new.pin = Some(parse("47110815"));
    store.add_agent(&new, &parse("first-secret")).unwrap();
    let login = NewLogin {
        username: parse("ada"),
        role: Role::Admin,
        agent: None,
    };
    store.add_login(&login, Some(&parse("first-secret"))).unwrap();
    let hidden = hidden(&db);
    for statement in [
        "update peerage.agent set full_name = null",
        "update peerage.agent set full_name = ''",
        "update peerage.agent set account_kind = 'phone'",
        "update peerage.agent set removed_at = now()",
        "update peerage.login_account set username = null",
        "update peerage.login_account set role = null",
        "update peerage.login_account set role = 'agent'",
        "update peerage.login_account set username = 'a b'",
        "update peerage.login_account set password_hash = password_hash || '', agent_id = -1",
        "insert into peerage.login_account (username, role, password_hash) select username, role, password_hash from peerage.login_account",
    ] {
        let error = db.try_psql(statement).unwrap_err().to_string();
        assert_hidden(&hidden, &error);
        // PostgreSQL cuts long values, so a part of the hash would slip through above.
        assert!(!error.contains("argon2"), "{statement}: {error}");
    }
}
