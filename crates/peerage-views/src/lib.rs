//! Compiler, installer, verifier and explainer of `schema/code/` and `asterisk-realtime-views/`.
//!
//! - [`source`]: the files of the views, embedded, and what their headers say
//! - [`code`]: the files of functions and triggers, embedded
//! - [`manifest`]: Asterisk's own column lists, and what is left out for which reason
//! - [`script`]: both as scripts
//! - [`plan`]: what an install would do, decided without touching anything
//! - [`install`]: migrations, code and views, all in one transaction
//! - [`verify`]: what differs between the database and the files
//! - [`explain`]: from which field each value comes that Asterisk is told
//! - [`node_config`]: the configuration files of an Asterisk node
#![warn(missing_docs)]

pub mod code;
pub mod explain;
pub mod install;
pub mod manifest;
pub mod node_config;
pub mod plan;
pub mod script;
pub mod source;
pub mod verify;

/// What [`peerage_store::Store::health`] looks for: the views of this release.
#[must_use]
pub fn wanted() -> peerage_store::WantedViews {
    let of_asterisk = source::VIEWS.iter().filter(|view| view.schema() == "asterisk");
    peerage_store::WantedViews {
        hash: script::compile().hash,
        names: source::VIEWS
            .iter()
            .map(|view| (view.schema(), view.name()))
            .chain(of_asterisk.map(|view| ("asterisk_sites", view.name())))
            .collect(),
    }
}
