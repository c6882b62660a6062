use jiff::Timestamp;
use peerage_model::{CallerNumber, ConflictPolicy, Country, Driver, NumberPatterns, Realm, SiteName};

use crate::DisconnectionTimeout;

/// A place with its own policy.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Site {
    /// Its name.
    pub name: SiteName,
    /// SIP channel driver of the Asterisk nodes here.
    pub driver: Driver,
    /// Realm for which new secrets are digested.
    pub realm: Realm,
    /// Whether PJSIP offers SHA-256 before MD5.
    pub offer_sha256: bool,
    /// Whether the chan_sip nodes here keep peers in memory (`rtcachefriends` of sip.conf). Without it chan_sip cannot qualify.
    pub rtcachefriends: bool,
    /// What a login onto a busy telephone does.
    pub conflict_policy: ConflictPolicy,
    /// Seconds after which an agent whose page is gone is logged out.
    pub disconnection_timeout: DisconnectionTimeout,
    /// Time zone in which reports are read, by its name in the IANA database.
    pub time_zone: String,
    /// Caller id number for emergency calls; none when the telephone's own is right.
    pub emergency_callerid: Option<CallerNumber>,
    /// Country whose fixed-line and mobile numbers the agents' phone and mobile may be; none: no outside number.
    pub country: Option<Country>,
    /// Patterns of the numbers that they may be, in place of the country's.
    pub outside_numbers: Option<NumberPatterns>,
    /// How many agents belong to it.
    pub agents: i64,
    /// How many telephones belong to it.
    pub phones: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Changes of a site, or what differs from the defaults in a new one; nothing by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SitePatch {
    /// SIP channel driver of the Asterisk nodes here.
    pub driver: Option<Driver>,
    /// Realm for which new secrets are digested. Existing digests stay as they are.
    pub realm: Option<Realm>,
    /// Whether PJSIP offers SHA-256 before MD5.
    pub offer_sha256: Option<bool>,
    /// Whether the chan_sip nodes here keep peers in memory (`rtcachefriends` of sip.conf). Without it chan_sip cannot qualify.
    pub rtcachefriends: Option<bool>,
    /// What a login onto a busy telephone does.
    pub conflict_policy: Option<ConflictPolicy>,
    /// Seconds after which an agent whose page is gone is logged out.
    pub disconnection_timeout: Option<DisconnectionTimeout>,
    /// Time zone in which reports are read; one that the database server knows.
    pub time_zone: Option<String>,
    /// Caller id number for emergency calls, or none.
    pub emergency_callerid: Option<Option<CallerNumber>>,
    /// Country whose fixed-line and mobile numbers the agents' phone and mobile may be, or none.
    pub country: Option<Option<Country>>,
    /// Patterns of the numbers that they may be, or those of the country.
    pub outside_numbers: Option<Option<NumberPatterns>>,
}
