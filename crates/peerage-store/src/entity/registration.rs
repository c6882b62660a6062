use jiff::Timestamp;
use peerage_model::Driver;

/// Where a device can be reached, as Asterisk wrote it when the device registered.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Registration {
    /// Which channel driver wrote it.
    pub driver: Driver,
    /// The contact URI, decoded.
    pub uri: Option<String>,
    /// Address and port that the REGISTER came from, such as `10.0.0.7:5060`.
    pub address: Option<String>,
    /// What the device calls itself.
    pub user_agent: Option<String>,
    /// The Asterisk that took it; empty when it does not say.
    pub node: String,
    /// When it began.
    pub registered_at: Option<Timestamp>,
    /// When it ends unless renewed.
    pub expires_at: Option<Timestamp>,
    /// Whether it has not expired, by the database's clock.
    pub live: bool,
    /// Whether the account lists the transport of the URI; if not, PJSIP cannot call it there.
    pub transport_listed: bool,
}
