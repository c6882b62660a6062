use diesel::prelude::*;
use jiff_diesel::Timestamp;

use peerage_model::NumberPatterns;

use super::{corrupt, maybe_parsed, parsed, text};
use crate::schema::site;
use crate::{Site, SitePatch, StoreError};

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = site, check_for_backend(diesel::pg::Pg))]
pub(crate) struct SiteRow {
    pub(crate) id: i64,
    pub(crate) name: String,
    #[diesel(embed)]
    pub(crate) settings: SiteSettings,
    #[diesel(deserialize_as = Timestamp)]
    created_at: jiff::Timestamp,
}

/// What people set of a site.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = site, check_for_backend(diesel::pg::Pg), treat_none_as_null = true)]
pub(crate) struct SiteSettings {
    driver: String,
    realm: String,
    offer_sha256: bool,
    rtcachefriends: bool,
    conflict_policy: String,
    disconnection_timeout_seconds: i32,
    pub(crate) time_zone: String,
    emergency_callerid: Option<String>,
    country: Option<String>,
    outside_numbers: Option<Vec<String>>,
}

impl SiteRow {
    pub(crate) fn with_counts(self, agents: i64, phones: i64) -> Result<Site, StoreError> {
        let settings = self.settings;
        Ok(Site {
            name: parsed(self.name)?,
            driver: parsed(settings.driver)?,
            realm: parsed(settings.realm)?,
            offer_sha256: settings.offer_sha256,
            rtcachefriends: settings.rtcachefriends,
            conflict_policy: parsed(settings.conflict_policy)?,
            disconnection_timeout: settings.disconnection_timeout_seconds.try_into().map_err(corrupt)?,
            time_zone: settings.time_zone,
            emergency_callerid: maybe_parsed(settings.emergency_callerid)?,
            country: maybe_parsed(settings.country)?,
            outside_numbers: settings
                .outside_numbers
                .map(NumberPatterns::try_from)
                .transpose()
                .map_err(corrupt)?,
            agents,
            phones,
            created_at: self.created_at,
        })
    }
}

impl SiteSettings {
    pub(crate) fn apply(&mut self, patch: &SitePatch) {
        let set = |current: &mut String, wanted: Option<&str>| {
            if let Some(wanted) = wanted {
                wanted.clone_into(current);
            }
        };
        set(&mut self.driver, patch.driver.as_ref().map(AsRef::as_ref));
        set(&mut self.realm, patch.realm.as_ref().map(AsRef::as_ref));
        set(
            &mut self.conflict_policy,
            patch.conflict_policy.as_ref().map(AsRef::as_ref),
        );
        set(&mut self.time_zone, patch.time_zone.as_deref());
        if let Some(offer) = patch.offer_sha256 {
            self.offer_sha256 = offer;
        }
        if let Some(cached) = patch.rtcachefriends {
            self.rtcachefriends = cached;
        }
        if let Some(timeout) = patch.disconnection_timeout {
            self.disconnection_timeout_seconds = timeout.get();
        }
        if let Some(number) = &patch.emergency_callerid {
            self.emergency_callerid = text(number);
        }
        if let Some(country) = &patch.country {
            self.country = text(country);
        }
        if let Some(patterns) = &patch.outside_numbers {
            let words = |patterns: &NumberPatterns| patterns.words().into_iter().map(str::to_owned).collect();
            self.outside_numbers = patterns.as_ref().map(words);
        }
    }
}
