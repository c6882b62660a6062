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
A flag that is not given leaves its field as it is. A new realm counts for secrets set from then on; those already there \
were digested for the old one, and `agent show` and `phone show` say so.

Queue calls go out to an agent's phone or mobile at the site's cost, so a site allows only the fixed-line and mobile \
numbers of its country, or those that match --outside-numbers; without either, none. In a pattern X is a digit 0-9, Z 1-9, N \
2-9, [357] one of these, and . one or more further digits. Numbers of accounts are always allowed. Numbers that agents have already are \
kept, but nobody can log in on them: `agent list --refused-numbers` lists them.

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
Only a site without agents and telephones can be removed, and `default` never.

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
    /// SIP channel driver of the Asterisk nodes there [new: pjsip]
    #[arg(long, value_name = "DRIVER", value_parser = word!(Driver))]
    driver: Option<Driver>,
    /// Realm for which secrets are digested; `realm` of sip.conf [new: asterisk]
    #[arg(long, value_parser = typed::<Realm>)]
    realm: Option<Realm>,
    /// Let PJSIP offer SHA-256 before MD5 (Asterisk 20.12, 21.7, 22.2 and later)
    #[arg(long, overrides_with = "no_offer_sha256")]
    offer_sha256: bool,
    /// Let PJSIP offer MD5 alone [new]
    #[arg(long, overrides_with = "offer_sha256")]
    no_offer_sha256: bool,
    /// Say that the chan_sip nodes there run with rtcachefriends=yes, without which they cannot qualify [new]
    #[arg(long, overrides_with = "no_rtcachefriends")]
    rtcachefriends: bool,
    /// Say that they run with rtcachefriends=no
    #[arg(long, overrides_with = "rtcachefriends")]
    no_rtcachefriends: bool,
    /// What a login onto a busy telephone does [new: deny]
    #[arg(long, value_name = "POLICY", value_parser = word!(ConflictPolicy))]
    conflict_policy: Option<ConflictPolicy>,
    /// Seconds after which an agent whose page is gone is logged out; 0 is never [new: 300]
    #[arg(long, value_name = "SECONDS", value_parser = typed::<DisconnectionTimeout>)]
    disconnection_timeout: Option<DisconnectionTimeout>,
    /// Time zone of its reports, such as Europe/Rome [new: UTC]
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// Number shown in emergency calls; empty: the telephone's own
    #[arg(long, value_name = "NUMBER", value_parser = clearable::<CallerNumber>)]
    emergency_callerid: Option<Clearable<CallerNumber>>,
    /// Country whose numbers agents may have as phone and mobile, such as IT; empty: no outside number [new: empty]
    #[arg(long, value_name = "CODE", value_parser = clearable::<Country>)]
    country: Option<Clearable<Country>>,
    /// Patterns of the outside numbers they may have, such as +39X.,0ZX.; empty: those of the country [new: empty]
    #[arg(long, value_name = "LIST", value_parser = clearable::<NumberPatterns>)]
    outside_numbers: Option<Clearable<NumberPatterns>>,
}

impl Policy {
    /// The changes these flags ask for.
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
