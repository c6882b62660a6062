//! `peerage pause-reason`.

use clap::{Args, Subcommand};
use peerage_model::ReasonCode;
use peerage_store::ReasonPatch;

use super::switch::switch;
use super::value::{Clearable, typed};

const ADD_EXAMPLES: &str = "\
[new: ...] is the default for a new reason.

Examples:
  peerage pause-reason add lunch --label \"Lunch\" --max-seconds 3600
  peerage pause-reason add training --productive";

const SET_EXAMPLES: &str = "\
Omitted flags leave their fields unchanged; [new: ...] is the default for a new reason.

Examples:
  peerage pause-reason set lunch --default
  peerage pause-reason set lunch --max-seconds \"\" --no-selectable";

const LIST_EXAMPLES: &str = "\
Peerage and Asterisk use the system reasons; agents cannot select them.

Examples:
  peerage pause-reason list
  peerage pause-reason list --format json";

const REMOVE_EXAMPLES: &str = "\
History keeps the code.

Examples:
  peerage pause-reason remove training";

#[derive(Debug, Subcommand)]
pub(crate) enum PauseReason {
    /// Add a pause reason
    #[command(after_long_help = ADD_EXAMPLES)]
    Add(Change),
    /// List pause reasons by code
    #[command(after_long_help = LIST_EXAMPLES)]
    List,
    /// Change a pause reason
    #[command(after_long_help = SET_EXAMPLES)]
    Set(Change),
    /// Remove a pause reason
    #[command(after_long_help = REMOVE_EXAMPLES)]
    Remove(One),
}

/// One reason.
#[derive(Debug, Args)]
pub(crate) struct One {
    /// The reason's code
    #[arg(value_parser = typed::<ReasonCode>)]
    pub(crate) code: ReasonCode,
}

#[derive(Debug, Args)]
pub(crate) struct Change {
    /// The reason's code, as used in Asterisk and its logs: letters, digits, `_` and `-`
    #[arg(value_parser = typed::<ReasonCode>)]
    pub(crate) code: ReasonCode,
    #[command(flatten)]
    pub(crate) fields: Fields,
}

/// The fields besides the code. The database checks the values.
#[derive(Debug, Clone, Args)]
pub(crate) struct Fields {
    /// Label shown to people [new: the code]
    #[arg(long, value_name = "TEXT")]
    label: Option<String>,
    /// Count the pause as working time
    #[arg(long, overrides_with = "no_productive")]
    productive: bool,
    /// Do not count the pause as working time [new]
    #[arg(long, overrides_with = "productive")]
    no_productive: bool,
    /// Maximum duration in seconds; empty: no limit
    #[arg(long, value_name = "SECONDS", value_parser = seconds, allow_negative_numbers = true)]
    max_seconds: Option<Clearable<i32>>,
    /// Let agents select this reason [new]
    #[arg(long, overrides_with = "no_selectable")]
    selectable: bool,
    /// Do not let agents select this reason
    #[arg(long, overrides_with = "selectable")]
    no_selectable: bool,
    /// Use this reason when an agent gives none (replaces the current default)
    #[arg(long, overrides_with = "no_default")]
    default: bool,
    /// Do not use this reason as the default [new]
    #[arg(long, overrides_with = "default")]
    no_default: bool,
}

impl Fields {
    /// Returns the changes of these flags.
    pub(crate) fn into_patch(self) -> ReasonPatch {
        ReasonPatch {
            label: self.label,
            productive: switch(self.productive, self.no_productive),
            max_seconds: self.max_seconds.map(|seconds| seconds.0),
            selectable: switch(self.selectable, self.no_selectable),
            is_default: switch(self.default, self.no_default),
        }
    }
}

fn seconds(text: &str) -> Result<Clearable<i32>, &'static str> {
    if text.is_empty() {
        return Ok(Clearable(None));
    }
    match text.parse() {
        Ok(number) => Ok(Clearable(Some(number))),
        Err(_) => Err("a number of seconds, or empty"),
    }
}
