//! Sites.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use peerage_model::{CallerNumber, ConflictPolicy, Country, Driver, NumberPatterns, Realm, SiteName};
use peerage_store::{DisconnectionTimeout, SitePatch, Store, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::change::{Change, changes};
use super::types;
use crate::app::App;
use crate::auth::SignedIn;
use crate::extract::{Json, Path};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(get, set, remove))
}

/// The site of a path.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfSite {
    /// The site's name.
    #[param(value_type = types::SiteName)]
    name: SiteName,
}

/// A place with its own policy.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Site {
    /// Its name.
    #[schema(value_type = types::SiteName)]
    name: SiteName,
    /// SIP channel driver of the Asterisk nodes here.
    #[schema(value_type = types::Driver)]
    driver: Driver,
    /// Realm for which new secrets are digested.
    #[schema(value_type = types::Realm)]
    realm: Realm,
    /// Whether PJSIP offers SHA-256 before MD5.
    offer_sha256: bool,
    /// Whether the chan_sip nodes here keep peers in memory.
    rtcachefriends: bool,
    /// What a login onto a busy telephone does.
    #[schema(value_type = types::ConflictPolicy)]
    conflict_policy: ConflictPolicy,
    /// Seconds after which an agent whose page is gone is logged out; 0 is never.
    #[schema(value_type = types::DisconnectionTimeout)]
    disconnection_timeout: DisconnectionTimeout,
    /// Time zone in which reports are read.
    time_zone: String,
    /// Caller id number for emergency calls; null when the telephone's own is right.
    #[schema(value_type = Option<types::CallerNumber>, required)]
    emergency_callerid: Option<CallerNumber>,
    /// Country whose fixed-line and mobile numbers agents' phone and mobile may be; null for none.
    #[schema(value_type = Option<types::Country>, required)]
    country: Option<Country>,
    /// Patterns of the numbers that they may be; null for those of the country.
    #[schema(value_type = Option<types::NumberPatterns>, required)]
    outside_numbers: Option<NumberPatterns>,
    /// How many agents have a phone or mobile that the site does not allow; null in a list of sites.
    #[schema(required)]
    refused_numbers: Option<i64>,
    /// How many agents belong to it.
    agents: i64,
    /// How many telephones belong to it.
    phones: i64,
    /// When it was made.
    #[schema(value_type = types::Timestamp)]
    created_at: Timestamp,
}

impl From<peerage_store::Site> for Site {
    fn from(site: peerage_store::Site) -> Self {
        Self {
            name: site.name,
            driver: site.driver,
            realm: site.realm,
            offer_sha256: site.offer_sha256,
            rtcachefriends: site.rtcachefriends,
            conflict_policy: site.conflict_policy,
            disconnection_timeout: site.disconnection_timeout,
            time_zone: site.time_zone,
            emergency_callerid: site.emergency_callerid,
            country: site.country,
            outside_numbers: site.outside_numbers,
            refused_numbers: None,
            agents: site.agents,
            phones: site.phones,
            created_at: site.created_at,
        }
    }
}

/// Checked by the database.
type TimeZone = String;

changes! {
    /// Settings of a site. What is left out stays, or has its default; null clears.
    SiteChanges {
        /// SIP channel driver of the Asterisk nodes here. New: pjsip.
        driver: Driver,
        /// Realm for which new secrets are digested; the digests there are stay. New: asterisk.
        realm: Realm,
        /// Whether PJSIP offers SHA-256 before MD5.
        offer_sha256: bool,
        /// Whether the chan_sip nodes here keep peers in memory (`rtcachefriends` of sip.conf).
        rtcachefriends: bool,
        /// What a login onto a busy telephone does. New: deny.
        conflict_policy: ConflictPolicy,
        /// Seconds after which an agent whose page is gone is logged out; 0 is never. New: 300.
        disconnection_timeout: DisconnectionTimeout,
        /// Time zone in which reports are read. New: UTC.
        time_zone: TimeZone,
        /// Caller id number for emergency calls; null when the telephone's own is right.
        emergency_callerid: CallerNumber or null,
        /// Country whose fixed-line and mobile numbers agents' phone and mobile may be; null: no outside number. New: null.
        country: Country or null,
        /// Patterns of the numbers that they may be, in place of the country's; null: those of the country. New: null.
        outside_numbers: NumberPatterns or null,
    }
}

impl From<SiteChanges> for SitePatch {
    fn from(changes: SiteChanges) -> Self {
        Self {
            driver: changes.driver.into_option(),
            realm: changes.realm.into_option(),
            offer_sha256: changes.offer_sha256.into_option(),
            rtcachefriends: changes.rtcachefriends.into_option(),
            conflict_policy: changes.conflict_policy.into_option(),
            disconnection_timeout: changes.disconnection_timeout.into_option(),
            time_zone: changes.time_zone.into_option(),
            emergency_callerid: changes.emergency_callerid.into_option(),
            country: changes.country.into_option(),
            outside_numbers: changes.outside_numbers.into_option(),
        }
    }
}

/// A site to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteToAdd {
    /// Its name.
    #[schema(value_type = types::SiteName)]
    name: SiteName,
    /// Its settings.
    #[serde(default)]
    #[schema(value_type = SiteChanges)]
    settings: Change<SiteChanges>,
}

/// All sites.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Sites {
    /// The sites, by name.
    items: Vec<Site>,
}

/// List sites
#[utoipa::path(get, path = "/api/v1/sites", tag = "sites", operation_id = "list_sites",
    responses((status = 200, description = "The sites", body = Sites)))]
async fn list(State(app): State<App>) -> Result<Json<Sites>, Problem> {
    let sites = app.db(Store::sites).await?;
    let items = sites.into_iter().map(Site::from).collect();
    Ok(Json(Sites { items }))
}

/// Add a site
#[utoipa::path(post, path = "/api/v1/sites", tag = "sites", operation_id = "add_site",
    request_body = SiteToAdd, responses((status = 201, description = "Added", body = Site)))]
async fn add(
    State(app): State<App>,
    who: SignedIn,
    Json(new): Json<SiteToAdd>,
) -> Result<(StatusCode, Json<Site>), Problem> {
    let patch = new.settings.into_option().map(SitePatch::from).unwrap_or_default();
    let name = new.name.clone();
    app.db_as(who.store_actor()?, move |store| store.add_site(&new.name, &patch))
        .await?;
    let site = one(&app, name).await?;
    Ok((StatusCode::CREATED, Json(site)))
}

async fn one(app: &App, name: SiteName) -> Result<Site, Problem> {
    let (site, refused) = app
        .db(move |store| Ok::<_, StoreError>((store.site(&name)?, store.refused_numbers(&name)?)))
        .await?;
    Ok(Site {
        refused_numbers: Some(refused),
        ..site.into()
    })
}

/// Show a site
#[utoipa::path(get, path = "/api/v1/sites/{name}", tag = "sites", operation_id = "get_site",
    params(OfSite), responses((status = 200, description = "The site", body = Site)))]
async fn get(State(app): State<App>, Path(of): Path<OfSite>) -> Result<Json<Site>, Problem> {
    one(&app, of.name).await.map(Json)
}

/// Change a site
#[utoipa::path(patch, path = "/api/v1/sites/{name}", tag = "sites", operation_id = "set_site",
    params(OfSite), request_body = SiteChanges,
    responses((status = 200, description = "The site as it is now", body = Site)))]
async fn set(
    State(app): State<App>,
    who: SignedIn,
    Path(of): Path<OfSite>,
    Json(changes): Json<SiteChanges>,
) -> Result<Json<Site>, Problem> {
    let (name, patch) = (of.name.clone(), SitePatch::from(changes));
    app.db_as(who.store_actor()?, move |store| store.set_site(&of.name, &patch))
        .await?;
    one(&app, name).await.map(Json)
}

/// Remove a site
///
/// One that has agents or telephones stays.
#[utoipa::path(delete, path = "/api/v1/sites/{name}", tag = "sites", operation_id = "remove_site",
    params(OfSite), responses((status = 204, description = "Removed")))]
async fn remove(State(app): State<App>, who: SignedIn, Path(of): Path<OfSite>) -> Result<StatusCode, Problem> {
    app.db_as(who.store_actor()?, move |store| store.remove_site(&of.name))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
