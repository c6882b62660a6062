use std::collections::HashSet;

use super::*;

struct Said {
    message: &'static str,
    details: Option<&'static str>,
    constraint: Option<&'static str>,
}

impl DatabaseErrorInformation for Said {
    fn message(&self) -> &str {
        self.message
    }

    fn details(&self) -> Option<&str> {
        self.details
    }

    fn hint(&self) -> Option<&str> {
        None
    }

    fn table_name(&self) -> Option<&str> {
        None
    }

    fn column_name(&self) -> Option<&str> {
        None
    }

    fn constraint_name(&self) -> Option<&str> {
        self.constraint
    }

    fn statement_position(&self) -> Option<i32> {
        None
    }
}

fn error(kind: DatabaseErrorKind, message: &'static str) -> StoreError {
    let said = Said {
        message,
        details: None,
        constraint: None,
    };
    StoreError::from(DieselError::DatabaseError(kind, Box::new(said)))
}

#[test]
fn a_known_constraint_becomes_a_sentence_with_the_value_at_fault() {
    let said = Said {
        message: "duplicate key value violates unique constraint \"sip_account_number_key\"",
        details: Some("Key (number)=(1001) already exists."),
        constraint: Some("sip_account_number_key"),
    };
    let error = of_database(&DatabaseErrorKind::UniqueViolation, &said);
    assert_eq!(error.message(), "number `1001` is taken");
    assert!(error.hint().unwrap().contains("share one space"));
    assert_eq!(error.constraint(), Some("sip_account_number_key"));
}

#[test]
fn the_detail_of_an_unknown_constraint_is_not_shown() {
    let said = Said {
        message: "null value in column \"md5\" violates not-null constraint",
        details: Some("Failing row contains (1, 0123456789abcdef0123456789abcdef)."),
        constraint: None,
    };
    let error = of_database(&DatabaseErrorKind::NotNullViolation, &said);
    assert!(!format!("{error:?} {error}").contains("0123456789abcdef"));
    assert!(matches!(error, StoreError::Invalid(_)));
}

#[test]
fn what_diesel_does_not_know_is_told_by_the_text() {
    let unknown = |message| error(DatabaseErrorKind::Unknown, message);
    assert!(matches!(
        unknown("canceling statement due to lock timeout"),
        StoreError::Busy(_)
    ));
    assert!(matches!(unknown("deadlock detected"), StoreError::Busy(_)));
    assert!(matches!(
        unknown("the database system is shutting down"),
        StoreError::Unavailable(_)
    ));
    assert!(matches!(
        unknown("permission denied for table site"),
        StoreError::Other(_)
    ));
    let roles = unknown("permission denied to create role");
    assert!(roles.hint().unwrap().contains("createrole"));
    let missing = unknown("relation \"peerage.site\" does not exist");
    assert_eq!(missing.advice(), Some(&Advice::Migrate));
    assert!(matches!(
        error(DatabaseErrorKind::SerializationFailure, "could not serialize"),
        StoreError::Busy(_)
    ));
}

#[test]
fn no_advice_names_a_command_an_endpoint_or_a_setting() {
    let lists = Entity::ALL.map(Advice::List);
    let others = [
        Advice::NodePassword,
        Advice::NodeLogin("choose another"),
        Advice::NodeSites,
        Advice::DatabasePassword,
        Advice::DatabaseNames,
        Advice::DatabaseServer,
        Advice::OwnerRoles,
        Advice::OwnerRights("alter role ada createrole;".to_owned()),
        Advice::EverydayRights,
        Advice::Migrate,
    ];
    for advice in lists.iter().chain(&others) {
        let words = advice.to_string();
        for face in ["`peerage ", "PEERAGE_", "--", "/api/", "/admin/"] {
            assert!(!words.contains(face), "{words}");
        }
    }
}

#[test]
fn each_constraint_stands_in_the_table_once() {
    let mut seen = HashSet::new();
    assert!(constraint::names().all(|name| seen.insert(name)));
    assert!(seen.len() > 10);
}

#[test]
fn a_lost_connection_is_unavailable_however_it_is_said() {
    assert!(matches!(
        StoreError::from(DieselError::BrokenTransactionManager),
        StoreError::Unavailable(_)
    ));
    for said in [
        "terminating connection because of crash of another server process",
        "terminating connection due to administrator command",
        "could not receive data from server: Connection reset by peer\n",
        "SSL connection has been closed unexpectedly",
        "cannot execute INSERT in a read-only transaction",
    ] {
        let error = error(DatabaseErrorKind::Unknown, said);
        assert!(matches!(error, StoreError::Unavailable(_)), "{said}: {error:?}");
    }
    let cancelled = error(DatabaseErrorKind::Unknown, "canceling statement due to user request");
    assert!(matches!(cancelled, StoreError::Busy(_)), "{cancelled:?}");
}
