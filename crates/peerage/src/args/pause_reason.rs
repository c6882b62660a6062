//! `peerage pause-reason`.

use clap::{Args, Subcommand};
use peerage_model::ReasonCode;
use peerage_store::ReasonPatch;

use super::switch::switch;
use super::value::{Clearable, typed};

const ADD_EXAMPLES: &str = "\
[new: ...] is what a new reason gets when the flag is not given.

Examples:
  peerage pause-reason add lunch --label \"Lunch\" --max-seconds 3600
  peerage pause-reason add training --productive";

const SET_EXAMPLES: &str = "\
A flag that is not given leaves its field as it is; [new: ...] is what a new reason gets.

Examples:
  peerage pause-reason set lunch --default
  peerage pause-reason set lunch --max-seconds \"\" --no-selectable";

const LIST_EXAMPLES: &str = "\
Those of the system are given by Peerage and Asterisk themselves; agents are never offered them.

Examples:
  peerage pause-reason list
  peerage pause-reason list --format json";

const REMOVE_EXAMPLES: &str = "\
History keeps its code.

Examples:
  peerage pause-reason remove training";

#[derive(Debug, Subcommand)]
pub(crate) enum PauseReason {
    /// Add a reason
    #[command(after_long_help = ADD_EXAMPLES)]
    Add(Change),
    /// List reasons, by code
    #[command(after_long_help = LIST_EXAMPLES)]
    List,
    /// Change a reason
    #[command(after_long_help = SET_EXAMPLES)]
    Set(Change),
    /// Remove a reason
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
    /// The reason's code, which Asterisk and its logs read: letters, digits, `_` and `-`
    #[arg(value_parser = typed::<ReasonCode>)]
    pub(crate) code: ReasonCode,
    #[command(flatten)]
    pub(crate) fields: Fields,
}

/// What a reason has beside its code. The database checks the values.
#[derive(Debug, Clone, Args)]
pub(crate) struct Fields {
    /// What people read [new: the code]
    #[arg(long, value_name = "TEXT")]
    label: Option<String>,
    /// Count it as work
    #[arg(long, overrides_with = "no_productive")]
    productive: bool,
    /// Count it as no work [new]
    #[arg(long, overrides_with = "productive")]
    no_productive: bool,
    /// Longest it should last; empty: no limit
    #[arg(long, value_name = "SECONDS", value_parser = seconds, allow_negative_numbers = true)]
    max_seconds: Option<Clearable<i32>>,
    /// Offer it to agents [new]
    #[arg(long, overrides_with = "no_selectable")]
    selectable: bool,
    /// Do not offer it to agents
    #[arg(long, overrides_with = "selectable")]
    no_selectable: bool,
    /// Mean it when an agent gives none; takes that from the reason that was
    #[arg(long, overrides_with = "no_default")]
    default: bool,
    /// Do not mean it when an agent gives none [new]
    #[arg(long, overrides_with = "default")]
    no_default: bool,
}

impl Fields {
    /// The changes these flags ask for.
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
