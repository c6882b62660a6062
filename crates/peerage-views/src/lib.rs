#![doc = include_str!("../README.md")]
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
