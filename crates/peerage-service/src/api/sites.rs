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

/// A location with its own policy.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Site {
    /// Name.
    #[schema(value_type = types::SiteName)]
    name: SiteName,
    /// SIP channel driver of the site's Asterisk nodes.
    #[schema(value_type = types::Driver)]
    driver: Driver,
    /// Realm for new secrets.
    #[schema(value_type = types::Realm)]
    realm: Realm,
    /// Whether PJSIP offers SHA-256 before MD5.
    offer_sha256: bool,
    /// Whether the site's chan_sip nodes keep peers in memory.
    rtcachefriends: bool,
    /// What happens when an agent logs in on a phone in use.
    #[schema(value_type = types::ConflictPolicy)]
    conflict_policy: ConflictPolicy,
    /// Seconds until an agent without an open page is logged out; 0: never.
    #[schema(value_type = types::DisconnectionTimeout)]
    disconnection_timeout: DisconnectionTimeout,
    /// Time zone for reports.
    time_zone: String,
    /// Caller ID number for emergency calls; null for the phone's number.
    #[schema(value_type = Option<types::CallerNumber>, required)]
    emergency_callerid: Option<CallerNumber>,
    /// Country whose fixed-line and mobile numbers agents may use; null for none.
    #[schema(value_type = Option<types::Country>, required)]
    country: Option<Country>,
    /// Patterns of the outside numbers agents may use; null for the country's numbers.
    #[schema(value_type = Option<types::NumberPatterns>, required)]
    outside_numbers: Option<NumberPatterns>,
    /// Number of agents with a phone or mobile number that the site does not allow; null in a list of sites.
    #[schema(required)]
    refused_numbers: Option<i64>,
    /// Number of agents.
    agents: i64,
    /// Number of phones.
    phones: i64,
    /// Creation time.
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
    /// Settings of a site. Omitted fields stay unchanged or get their default; null clears a field.
    SiteChanges {
        /// SIP channel driver of the site's Asterisk nodes. New: pjsip.
        driver: Driver,
        /// Realm for new secrets; existing digests do not change. New: asterisk.
        realm: Realm,
        /// Whether PJSIP offers SHA-256 before MD5.
        offer_sha256: bool,
        /// Whether the site's chan_sip nodes keep peers in memory (`rtcachefriends` of sip.conf).
        rtcachefriends: bool,
        /// What happens when an agent logs in on a phone in use. New: deny.
        conflict_policy: ConflictPolicy,
        /// Seconds until an agent without an open page is logged out; 0: never. New: 300.
        disconnection_timeout: DisconnectionTimeout,
        /// Time zone for reports. New: UTC.
        time_zone: TimeZone,
        /// Caller ID number for emergency calls; null for the phone's number.
        emergency_callerid: CallerNumber or null,
        /// Country whose fixed-line and mobile numbers agents may use; null for none. New: null.
        country: Country or null,
        /// Patterns of the outside numbers agents may use, instead of the country's; null for the country's. New: null.
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

/// A new site.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteToAdd {
    /// Name.
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
/// A site with agents or phones cannot be removed.
#[utoipa::path(delete, path = "/api/v1/sites/{name}", tag = "sites", operation_id = "remove_site",
    params(OfSite), responses((status = 204, description = "Removed")))]
async fn remove(State(app): State<App>, who: SignedIn, Path(of): Path<OfSite>) -> Result<StatusCode, Problem> {
    app.db_as(who.store_actor()?, move |store| store.remove_site(&of.name))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
