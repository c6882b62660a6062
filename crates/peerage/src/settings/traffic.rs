//! Settings of who may ask the service how much.

use peerage_model::Invalid;
use peerage_service::{ForwardedHeader, Limits, TrustedProxies};
use serde::Deserialize;

use super::Written;
use crate::failure::Failure;

/// Several words: a list in the file, or one text, as a variable has it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Words {
    List(Vec<String>),
    Text(String),
}

/// Whose word is taken on where a request comes from, and how much anybody may take of the service.
#[derive(Debug, Clone)]
pub(crate) struct Traffic {
    pub(crate) trusted_proxies: TrustedProxies,
    pub(crate) forwarded_header: ForwardedHeader,
    pub(crate) limits: Limits,
}

impl Traffic {
    pub(super) fn read(written: &Written) -> Result<Self, Failure> {
        let proxies = match &written.trusted_proxies {
            None => String::new(),
            Some(Words::Text(text)) => text.clone(),
            Some(Words::List(words)) => words.join(","),
        };
        let usage = |invalid: Invalid| Failure::usage(invalid.to_string());
        let header = written.forwarded_header.as_deref().map(str::parse).transpose();
        let usual = Limits::default();
        Ok(Self {
            trusted_proxies: proxies.parse().map_err(usage)?,
            forwarded_header: header.map_err(usage)?.unwrap_or_default(),
            limits: Limits {
                connections: written.connections.unwrap_or(usual.connections),
                connections_per_address: written.connections_per_address.unwrap_or(usual.connections_per_address),
                streams_per_user: written.streams_per_user.unwrap_or(usual.streams_per_user),
                streams_per_address: written.streams_per_address.unwrap_or(usual.streams_per_address),
                requests_per_user: written.requests_per_user.unwrap_or(usual.requests_per_user),
                requests_per_address: written.requests_per_address.unwrap_or(usual.requests_per_address),
            },
        })
    }
}
