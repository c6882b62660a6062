use diesel::prelude::*;
use jiff_diesel::NullableTimestamp;
use peerage_model::Driver;

use crate::Registration;
use crate::schema::{sip_contact, sip_peer};

/// What PJSIP wrote.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = sip_contact, check_for_backend(diesel::pg::Pg))]
pub(crate) struct ContactRow {
    pub(crate) account_id: Option<i64>,
    contact_uri: Option<String>,
    via_addr: Option<String>,
    via_port: Option<String>,
    agent_name: Option<String>,
    node: String,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    registered_at: jiff::Timestamp,
    #[diesel(deserialize_as = NullableTimestamp)]
    expires_at: Option<jiff::Timestamp>,
    transport_listed: bool,
}

/// What chan_sip wrote.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = sip_peer, check_for_backend(diesel::pg::Pg))]
pub(crate) struct RegistrationRow {
    pub(crate) number: String,
    contact_uri: Option<String>,
    ipaddr: Option<String>,
    port: Option<String>,
    agent_name: Option<String>,
    node: String,
    #[diesel(deserialize_as = NullableTimestamp)]
    registered_at: Option<jiff::Timestamp>,
    #[diesel(deserialize_as = NullableTimestamp)]
    expires_at: Option<jiff::Timestamp>,
}

impl ContactRow {
    pub(crate) fn at(self, now: jiff::Timestamp) -> Registration {
        Registration {
            driver: Driver::Pjsip,
            uri: self.contact_uri,
            address: address(self.via_addr, self.via_port),
            user_agent: self.agent_name,
            node: self.node,
            registered_at: Some(self.registered_at),
            expires_at: self.expires_at,
            live: self.expires_at.is_some_and(|end| end > now),
            transport_listed: self.transport_listed,
        }
    }
}

impl RegistrationRow {
    pub(crate) fn at(self, now: jiff::Timestamp) -> Registration {
        Registration {
            driver: Driver::Sip,
            uri: self.contact_uri,
            address: address(self.ipaddr, self.port),
            user_agent: self.agent_name,
            node: self.node,
            registered_at: self.registered_at,
            expires_at: self.expires_at,
            live: self.expires_at.is_some_and(|end| end > now),
            // chan_sip refuses the others.
            transport_listed: true,
        }
    }
}

fn address(host: Option<String>, port: Option<String>) -> Option<String> {
    let host = host.filter(|host| !host.is_empty())?;
    let host = if host.contains(':') && !host.starts_with('[') {
        format!("[{host}]")
    } else {
        host
    };
    Some(match port.filter(|port| !port.is_empty() && port != "0") {
        Some(port) => format!("{host}:{port}"),
        None => host,
    })
}
