//! `peerage site`.

use clap::{Args, Subcommand};
use peerage_model::{CallerNumber, ConflictPolicy, Country, Driver, NumberPatterns, Realm, SiteName};
use peerage_store::{DisconnectionTimeout, SitePatch};

use super::switch::switch;
use super::value::{Clearable, clearable, typed, word};

const ADD_EXAMPLES: &str = "\
Examples:
  peerage site add rome --time-zone Europe/Rome --country IT
  peerage site add old-hall --driver sip --realm hall.example.net";

const SET_EXAMPLES: &str = "\
Omitted flags leave their fields unchanged. A new realm applies to secrets set later. Existing secrets were digested for \
the old realm; `agent show` and `phone show` say so.

Queue calls to an agent's phone or mobile cost the site money. A site therefore allows only fixed-line and mobile numbers \
of its country, or numbers that match --outside-numbers; without either, none. In a pattern, X is a digit 0-9, Z 1-9, \
N 2-9, [357] one of these, and . one or more further digits. Numbers of accounts are always allowed. Agents keep numbers \
that are no longer allowed, but cannot log in on them: `agent list --refused-numbers` lists these agents.

Examples:
  peerage site set default --country IT
  peerage site set default --outside-numbers +39X.,0ZX.,3X.
  peerage site set default --conflict-policy take_over --disconnection-timeout 120
  peerage site set rome --emergency-callerid \"\"";

const LIST_EXAMPLES: &str = "\
Examples:
  peerage site list --format csv";

const SHOW_EXAMPLES: &str = "\
Examples:
  peerage site show default";

const REMOVE_EXAMPLES: &str = "\
A site that has agents or phones cannot be removed. The site `default` cannot be removed.

Examples:
  peerage site remove rome";

#[derive(Debug, Subcommand)]
pub(crate) enum Site {
    /// Add a site
    #[command(after_long_help = ADD_EXAMPLES)]
    Add(Change),
    /// List sites
    #[command(after_long_help = LIST_EXAMPLES)]
    List,
    /// Show one site
    #[command(after_long_help = SHOW_EXAMPLES)]
    Show(One),
    /// Change a site
    #[command(after_long_help = SET_EXAMPLES)]
    Set(Change),
    /// Remove a site
    #[command(after_long_help = REMOVE_EXAMPLES)]
    Remove(One),
}

/// One site.
#[derive(Debug, Args)]
pub(crate) struct One {
    /// The site's name
    #[arg(value_parser = typed::<SiteName>)]
    pub(crate) name: SiteName,
}

#[derive(Debug, Args)]
pub(crate) struct Change {
    /// The site's name: lower-case letters, digits and `-`
    #[arg(value_parser = typed::<SiteName>)]
    pub(crate) name: SiteName,
    #[command(flatten)]
    pub(crate) policy: Policy,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Policy {
    /// SIP channel driver of the site's Asterisk nodes [new: pjsip]
    #[arg(long, value_name = "DRIVER", value_parser = word!(Driver))]
    driver: Option<Driver>,
    /// Realm of the SIP digests, as `realm` in sip.conf [new: asterisk]
    #[arg(long, value_parser = typed::<Realm>)]
    realm: Option<Realm>,
    /// Offer SHA-256 before MD5 in PJSIP (Asterisk 20.12, 21.7, 22.2 and later)
    #[arg(long, overrides_with = "no_offer_sha256")]
    offer_sha256: bool,
    /// Offer only MD5 [new]
    #[arg(long, overrides_with = "offer_sha256")]
    no_offer_sha256: bool,
    /// The site's chan_sip nodes run with rtcachefriends=yes, which qualify requires [new]
    #[arg(long, overrides_with = "no_rtcachefriends")]
    rtcachefriends: bool,
    /// The site's chan_sip nodes run with rtcachefriends=no
    #[arg(long, overrides_with = "rtcachefriends")]
    no_rtcachefriends: bool,
    /// What happens when an agent logs in on a phone in use [new: deny]
    #[arg(long, value_name = "POLICY", value_parser = word!(ConflictPolicy))]
    conflict_policy: Option<ConflictPolicy>,
    /// Seconds until an agent without an open page is logged out; 0: never [new: 300]
    #[arg(long, value_name = "SECONDS", value_parser = typed::<DisconnectionTimeout>)]
    disconnection_timeout: Option<DisconnectionTimeout>,
    /// Time zone for reports, such as Europe/Rome [new: UTC]
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// Caller ID number for emergency calls; empty: the phone's number
    #[arg(long, value_name = "NUMBER", value_parser = clearable::<CallerNumber>)]
    emergency_callerid: Option<Clearable<CallerNumber>>,
    /// Country whose numbers agents may use as phone and mobile, such as IT; empty: none [new: empty]
    #[arg(long, value_name = "CODE", value_parser = clearable::<Country>)]
    country: Option<Clearable<Country>>,
    /// Patterns of the outside numbers agents may use, such as +39X.,0ZX.; empty: the country's numbers [new: empty]
    #[arg(long, value_name = "LIST", value_parser = clearable::<NumberPatterns>)]
    outside_numbers: Option<Clearable<NumberPatterns>>,
}

impl Policy {
    /// Returns the changes of these flags.
    pub(crate) fn into_patch(self) -> SitePatch {
        SitePatch {
            driver: self.driver,
            realm: self.realm,
            offer_sha256: switch(self.offer_sha256, self.no_offer_sha256),
            rtcachefriends: switch(self.rtcachefriends, self.no_rtcachefriends),
            conflict_policy: self.conflict_policy,
            disconnection_timeout: self.disconnection_timeout,
            time_zone: self.time_zone,
            emergency_callerid: self.emergency_callerid.map(|number| number.0),
            country: self.country.map(|country| country.0),
            outside_numbers: self.outside_numbers.map(|patterns| patterns.0),
        }
    }
}
