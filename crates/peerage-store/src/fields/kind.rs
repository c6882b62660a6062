//! Agents and telephones as what a file is about.

use crate::{
    Agent, AgentPatch, BadRow, Filter, ImportError, ImportRow, Mode, NewAgent, NewPhone, Phone, PhonePatch, Store,
    StoreError,
};
use peerage_model::{Invalid, Number};
use serde::Serialize;

use super::account::{Column, Patch, Record, columns};
use super::{agent, phone, voice};

/// What a file is about.
pub trait Subject {
    /// As in the JSON of an export.
    const PLURAL: &'static str;
    /// One, in a sentence.
    const NOUN: &'static str;
    /// One of them, as it is.
    type Record: Record + Serialize;
    /// Changes of one.
    type Patch: Patch;
    /// One to be added.
    type New;

    /// What is exported, the number apart.
    fn columns() -> Vec<Column<Self::Patch, Self::Record>>;

    /// What is understood in an import besides.
    fn aliases() -> Vec<Column<Self::Patch, Self::Record>>;

    /// The new one: the defaults with these changes.
    ///
    /// # Errors
    ///
    /// There is no name, or settings do not go together.
    fn build(number: Number, patch: Self::Patch) -> Result<Self::New, Invalid>;

    /// Those of a page, by number.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    fn page(store: &Store, filter: &Filter) -> Result<Vec<Self::Record>, StoreError>;

    /// Adds them all, or none.
    ///
    /// # Errors
    ///
    /// [`ImportError`].
    fn import<I>(store: &Store, rows: I, mode: Mode) -> Result<u64, ImportError>
    where
        I: Iterator<Item = Result<ImportRow<Self::New>, BadRow>>;
}

/// Agents.
pub enum Agents {}

/// Telephones.
pub enum Phones {}

impl Subject for Agents {
    const PLURAL: &'static str = "agents";
    const NOUN: &'static str = "agent";
    type Record = Agent;
    type Patch = AgentPatch;
    type New = NewAgent;

    fn columns() -> Vec<Column<AgentPatch, Agent>> {
        columns(&[agent::ACCOUNT, agent::REST].concat())
    }

    fn aliases() -> Vec<Column<AgentPatch, Agent>> {
        vec![Column::Voice(voice::CALLERID)]
    }

    fn build(number: Number, patch: AgentPatch) -> Result<NewAgent, Invalid> {
        agent::new(number, patch)
    }

    fn page(store: &Store, filter: &Filter) -> Result<Vec<Agent>, StoreError> {
        store.agents(filter)
    }

    fn import<I>(store: &Store, rows: I, mode: Mode) -> Result<u64, ImportError>
    where
        I: Iterator<Item = Result<ImportRow<NewAgent>, BadRow>>,
    {
        store.import_agents(rows, mode)
    }
}

impl Subject for Phones {
    const PLURAL: &'static str = "phones";
    const NOUN: &'static str = "phone";
    type Record = Phone;
    type Patch = PhonePatch;
    type New = NewPhone;

    fn columns() -> Vec<Column<PhonePatch, Phone>> {
        columns(phone::ACCOUNT)
    }

    fn aliases() -> Vec<Column<PhonePatch, Phone>> {
        vec![Column::Voice(voice::CALLERID)]
    }

    fn build(number: Number, patch: PhonePatch) -> Result<NewPhone, Invalid> {
        phone::new(number, patch)
    }

    fn page(store: &Store, filter: &Filter) -> Result<Vec<Phone>, StoreError> {
        store.phones(filter)
    }

    fn import<I>(store: &Store, rows: I, mode: Mode) -> Result<u64, ImportError>
    where
        I: Iterator<Item = Result<ImportRow<NewPhone>, BadRow>>,
    {
        store.import_phones(rows, mode)
    }
}
