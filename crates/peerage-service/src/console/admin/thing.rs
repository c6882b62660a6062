//! Pages of what is kept under a name and set in one form: queues, reasons, users, sites, nodes.

use std::fmt::Display;
use std::future::Future;

use axum::Router;
use axum::routing::get;
use maud::Markup;
use peerage_model::{Invalid, Secret};
use peerage_store::fields::Field;
use peerage_store::{Store, StoreError};

use super::sheet::{Section, Sheet, Words};
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::shell::PageProblem;

mod edit;
mod list;
mod new;
mod remove;

pub(super) use edit::shown;

/// One kind of them.
pub(super) trait Thing: Send + Sync + 'static {
    /// The name it is kept under.
    type Key: for<'a> TryFrom<&'a str, Error = Invalid> + Clone + Display + Send + Sync + 'static;
    /// One as it is.
    type Record: Send + Sync + 'static;
    /// Changes of one.
    type Patch: Default + Send + Sync + 'static;

    /// Where their list is.
    const PATH: &'static str;
    /// What the list is called.
    const TITLE: &'static str;
    /// One, in a sentence.
    const NOUN: &'static str;
    /// What they are for: a sentence.
    const ABOUT: &'static str;
    /// The name in the form of a new one.
    const KEY: Words;
    /// What the list shows; the name comes first.
    const COLUMNS: &'static [&'static str];
    /// What changes it without anybody's doing in the console, as `data-live-on` has it; empty for nothing.
    const LIVE: &'static str = "settings";

    /// The sections of its form.
    fn sections() -> &'static [Section];

    /// Those of a new one.
    fn new_sections() -> &'static [Section] {
        Self::sections()
    }

    /// Every field of these sections.
    fn entries() -> &'static [Field<Self::Patch, Self::Record>];

    /// What a field of a new one holds before anybody types.
    fn default_of(name: &str) -> &'static str;

    /// The name of one.
    fn key_of(record: &Self::Record) -> Self::Key;

    /// What the list says of each.
    fn rows(app: &App, records: &[Self::Record]) -> Vec<Vec<Markup>>;

    /// All of them, by name.
    fn all(store: &Store) -> Result<Vec<Self::Record>, StoreError>;

    /// The one of this name.
    fn load(store: &Store, key: &Self::Key) -> Result<Self::Record, StoreError>;

    /// Adds one, and returns secrets that were made for it, to be shown once.
    fn add(store: &Store, key: &Self::Key, patch: &Self::Patch) -> Result<Vec<(String, Secret)>, StoreError>;

    /// Changes one, and tells whether anything changed.
    fn set(store: &Store, key: &Self::Key, patch: &Self::Patch) -> Result<bool, StoreError>;

    /// The name after such a change.
    fn renamed(key: &Self::Key, _patch: &Self::Patch) -> Self::Key {
        key.clone()
    }

    /// Removes one.
    fn remove(store: &Store, key: &Self::Key) -> Result<(), StoreError>;

    /// What a removal takes away and what stays: sentences.
    fn farewell() -> (&'static [&'static str], &'static [&'static str]);

    /// What its fields offer that others make.
    fn offer(_app: &App, sheet: Sheet) -> impl Future<Output = Result<Sheet, StoreError>> + Send {
        async { Ok(sheet) }
    }

    /// What a change still needs before it is in force, said with its success.
    fn remark(_before: &Self::Record, _patch: &Self::Patch) -> Option<String> {
        None
    }

    /// What its page has beside the form.
    fn beside(
        _app: &App,
        _user: &SignedIn,
        _record: &Self::Record,
        _sheet: &Sheet,
    ) -> impl Future<Output = Result<Markup, PageProblem>> + Send {
        async { Ok(Markup::default()) }
    }
}

/// The routes of a kind.
pub(super) fn routes<T: Thing>() -> Router<App> {
    let at = |rest: &str| format!("{}{rest}", T::PATH);
    Router::new()
        .route(T::PATH, get(list::get::<T>))
        .route(&at("/new"), get(new::get::<T>).post(new::post::<T>))
        .route(&at("/{key}"), get(edit::get::<T>).post(edit::post::<T>))
        .route(&at("/{key}/remove"), get(remove::get::<T>).post(remove::post::<T>))
}

/// The address of one.
pub(super) fn path_of<T: Thing>(key: &T::Key) -> String {
    format!("{}/{key}", T::PATH)
}

/// The name in an address.
pub(super) fn key_in<T: Thing>(text: &str) -> Result<T::Key, crate::problem::Problem> {
    T::Key::try_from(text)
        .map_err(|_no_name| crate::problem::Problem::not_found(format!("this {} does not exist", T::NOUN)))
}
