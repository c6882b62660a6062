//! What pages of agents and of telephones have in common.

use std::future::Future;

use maud::Markup;
use peerage_model::{Number, Password, Secret, Username};
use peerage_store::fields::account::{Column, Record};
use peerage_store::fields::kind::Subject;
use peerage_store::{EditError, Store, StoreError};

use super::sheet::{Section, Sheet};
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::shell::PageProblem;
use crate::problem::Problem;

/// Agents or telephones.
pub(super) trait Kind:
    Subject<Record: Send + Sync + 'static, Patch: Send + 'static, New: Send + 'static> + Send + Sync + 'static
{
    /// Where their list is.
    const PATH: &'static str;
    /// What the list is called.
    const TITLE: &'static str;

    /// The sections of a form.
    fn sections() -> &'static [Section];

    /// Every field of these sections.
    fn entries() -> Vec<Column<Self::Patch, Self::Record>>;

    /// What a field of a new one holds before anybody types.
    fn default_of(column: &Column<Self::Patch, Self::Record>) -> String;

    /// What people call it.
    fn name_of(record: &Self::Record) -> String;

    /// The one of this number.
    fn load(store: &Store, number: &Number) -> Result<Self::Record, StoreError>;

    /// Changes it as is decided while it is locked.
    fn edit(
        store: &Store,
        number: &Number,
        decide: impl FnOnce(&Self::Record) -> Result<Self::Patch, Vec<Problem>>,
    ) -> Result<bool, EditError<Vec<Problem>>>;

    /// Adds one.
    fn add(store: &Store, new: &Self::New, secret: &Secret) -> Result<(), StoreError>;

    /// Whether one can sign in to the console, and a new one gets a user with it.
    const HAS_USER: bool;

    /// Adds one together with its user; without where it has none.
    fn add_with_user(
        store: &Store,
        new: &Self::New,
        secret: &Secret,
        username: &Username,
        password: &Password,
    ) -> Result<(), StoreError>;

    /// Removes it.
    fn remove(store: &Store, number: &Number) -> Result<(), StoreError>;

    /// What a removal takes away and what stays: sentences.
    fn farewell() -> (&'static [&'static str], &'static [&'static str]);

    /// The page of one, with this form.
    fn show(
        app: &App,
        user: &SignedIn,
        record: Self::Record,
        sheet: Sheet,
    ) -> impl Future<Output = Result<Markup, PageProblem>> + Send;
}

/// The address of the page of one.
pub(super) fn path_of<K: Kind>(number: &Number) -> String {
    format!("{}/{number}", K::PATH)
}

/// What a title says of one: `1001 Ada King`.
pub(super) fn title_of<K: Kind>(record: &K::Record) -> String {
    format!("{} {}", record.account().number, K::name_of(record))
}
