//! Channels other than voice.

use std::collections::HashSet;

use peerage_model::{Capacity, Channel};
use peerage_store::{AgentChannel, AutoAnswerDelay};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ArrayBuilder, Schema};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::api::types;

/// A channel other than voice. Peerage stores it for other systems.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OtherChannel {
    /// The channel.
    #[schema(value_type = types::Channel)]
    channel: Channel,
    /// Maximum conversations at once; 0: no limit.
    #[serde(default)]
    #[schema(value_type = types::Capacity)]
    capacity: Capacity,
    /// Seconds until a conversation is accepted automatically; null for never.
    #[serde(default)]
    #[schema(value_type = Option<types::AutoAnswerDelay>)]
    auto_answer: Option<AutoAnswerDelay>,
}

impl From<AgentChannel> for OtherChannel {
    fn from(one: AgentChannel) -> Self {
        Self {
            channel: one.channel,
            capacity: one.capacity,
            auto_answer: one.auto_answer.then_some(one.auto_answer_delay),
        }
    }
}

impl From<OtherChannel> for AgentChannel {
    fn from(one: OtherChannel) -> Self {
        Self {
            channel: one.channel,
            capacity: one.capacity,
            auto_answer: one.auto_answer.is_some(),
            auto_answer_delay: one.auto_answer.unwrap_or_default(),
        }
    }
}

/// All channels of an agent, each once.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Vec<OtherChannel>")]
pub(crate) struct Channels(pub(super) Vec<OtherChannel>);

impl TryFrom<Vec<OtherChannel>> for Channels {
    type Error = &'static str;

    fn try_from(channels: Vec<OtherChannel>) -> Result<Self, Self::Error> {
        let mut seen = HashSet::new();
        if channels.iter().all(|one| seen.insert(one.channel)) {
            Ok(Self(channels))
        } else {
            Err("a channel stands there twice")
        }
    }
}

impl PartialSchema for Channels {
    fn schema() -> RefOr<Schema> {
        let item = RefOr::Ref(Ref::from_schema_name(OtherChannel::name()));
        RefOr::T(Schema::Array(
            ArrayBuilder::new().items(item).max_items(Some(6)).build(),
        ))
    }
}

impl ToSchema for Channels {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((OtherChannel::name().into_owned(), OtherChannel::schema()));
        OtherChannel::schemas(schemas);
    }
}
