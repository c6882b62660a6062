//! A database with a store on it, and short ways to say what is put in.

use std::fmt::Debug;
use std::str::FromStr;

use peerage_model::Secret;
use peerage_store::{Actor, NewAgent, NewPhone, Store, StoreError};
use peerage_testkit::db::TestDb;

/// Who acts in these tests.
pub(crate) const ACTOR: &str = "test:ada";

pub(crate) fn database() -> (TestDb, Store) {
    let db = TestDb::new().with_outside_numbers();
    let store = open(&db);
    (db, store)
}

pub(crate) fn open(db: &TestDb) -> Store {
    let store = Store::open(&parse(db.app_url()), Actor::new(ACTOR).unwrap()).unwrap();
    store.with_owner(Some(parse(db.owner_url())))
}

pub(crate) fn parse<T>(text: &str) -> T
where
    T: FromStr,
    T::Err: Debug,
{
    text.parse().unwrap()
}

pub(crate) fn secret() -> Secret {
    parse("correct-horse-battery")
}

pub(crate) fn agent(number: &str) -> NewAgent {
    NewAgent::new(parse(number), parse(&format!("Agent {number}")))
}

pub(crate) fn phone(number: &str) -> NewPhone {
    NewPhone::new(parse(number), parse(&format!("Desk {number}")))
}

/// Adds an agent of this number with the defaults.
pub(crate) fn add_agent(store: &Store, number: &str) {
    store.add_agent(&agent(number), &secret()).unwrap();
}

/// Adds a telephone of this number with the defaults.
pub(crate) fn add_phone(store: &Store, number: &str) {
    store.add_phone(&phone(number), &secret()).unwrap();
}

/// Asserts that an operation was refused in these words, and returns the error for a closer look.
#[track_caller]
pub(crate) fn assert_refused<T: Debug>(result: Result<T, StoreError>, message: &str) -> StoreError {
    let error = result.unwrap_err();
    assert_eq!(error.message(), message);
    error
}

#[track_caller]
pub(crate) fn assert_conflict<T: Debug>(result: Result<T, StoreError>, message: &str) {
    let error = assert_refused(result, message);
    assert!(matches!(error, StoreError::Conflict(_)), "{error:?}");
    assert!(error.hint().is_some(), "{error:?}");
}

#[track_caller]
pub(crate) fn assert_invalid<T: Debug>(result: Result<T, StoreError>, field: &str, message: &str) {
    let error = assert_refused(result, message);
    assert!(matches!(error, StoreError::Invalid(_)), "{error:?}");
    assert_eq!(error.field(), Some(field));
}

#[track_caller]
pub(crate) fn assert_not_found<T: Debug>(result: Result<T, StoreError>, message: &str) {
    let error = assert_refused(result, message);
    assert!(matches!(error, StoreError::NotFound(_)), "{error:?}");
    assert!(error.hint().is_some(), "{error:?}");
}
