use peerage_model::Number;
use serde::Deserialize;
use utoipa::IntoParams;

use super::types;

/// The agent of a path.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfAgent {
    /// The agent's number.
    #[param(value_type = types::Number)]
    pub(crate) number: Number,
}
