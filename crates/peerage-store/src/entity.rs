//! What goes into the operations and comes out of them: model types only, nothing of the database.

pub(crate) mod account;
pub(crate) mod agent;
pub(crate) mod audit;
pub(crate) mod filter;
pub(crate) mod import;
pub(crate) mod login;
pub(crate) mod node;
pub(crate) mod phone;
pub(crate) mod queue;
pub(crate) mod registration;
pub(crate) mod sign_in;
pub(crate) mod site;
pub(crate) mod voice;

/// Takes a patch's value over, if it has one.
pub(crate) fn replace<T: Clone>(current: &mut T, wanted: Option<&T>) {
    if let Some(wanted) = wanted {
        current.clone_from(wanted);
    }
}
