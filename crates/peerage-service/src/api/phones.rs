//! Phones.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use peerage_model::{
    ActorRole, CallerNumber, EndReason, FullName, Holder, NotOffered, Number, Registration as Registered, Role,
    SiteName,
};
use peerage_store::{Filter, PhoneNow, PhonePatch, StoreError, fields};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::account::{Registration, SecretSeen, Voice, VoiceChanges, placed, secret_or_new};
use super::change::{Change, Secret, changes};
use super::of::OfAgent;
use super::page::{Which, cut};
use super::types;
use crate::app::App;
use crate::auth::{SignedIn, may_steer};
use crate::extract::{Json, Path, Query};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(get, set, remove))
        .routes(routes!(release))
        .routes(routes!(for_agent))
}

/// The phone of a path.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfPhone {
    /// The phone's number.
    #[param(value_type = types::Number)]
    number: Number,
}

/// A phone.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Phone {
    /// Extension and SIP user name.
    #[schema(value_type = types::Number)]
    number: Number,
    /// Name, such as its location.
    #[schema(value_type = types::FullName)]
    name: FullName,
    /// Caller ID number for emergency calls; null for the site's.
    #[schema(value_type = Option<types::CallerNumber>, required)]
    emergency_callerid: Option<CallerNumber>,
    /// Site.
    #[schema(value_type = types::SiteName)]
    site: SiteName,
    /// Whether the account is disabled.
    disabled: bool,
    /// The Voice section.
    voice: Voice,
    /// Metadata of the SIP secret; null if there is none.
    #[schema(required)]
    secret: Option<SecretSeen>,
    /// Registrations, current and expired.
    registrations: Vec<Registration>,
    /// Warnings about settings that are allowed but probably not intended.
    warnings: Vec<String>,
    /// Creation time.
    #[schema(value_type = types::Timestamp)]
    created_at: Timestamp,
    /// Its current state.
    state: PhoneState,
}

/// The current state of a phone.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PhoneState {
    /// Whether it is registered; a phone with a fixed host counts as registered.
    registered: bool,
    /// Time of its registration or, if it is not registered, end of the last one; null if unknown.
    #[schema(value_type = Option<types::Timestamp>, required)]
    registered_at: Option<Timestamp>,
    /// The agent on it; null for none.
    #[schema(required)]
    used_by: Option<UsedBy>,
    /// Why agents of its site cannot choose it; null if they can.
    #[schema(required)]
    not_offered: Option<WhyNot>,
}

/// The agent on a phone.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsedBy {
    /// The agent.
    #[schema(value_type = types::Number)]
    agent: Number,
    /// The agent's name.
    #[schema(value_type = types::FullName)]
    name: FullName,
    /// Since when.
    #[schema(value_type = types::Timestamp)]
    since: Timestamp,
}

impl From<Holder> for UsedBy {
    fn from(holder: Holder) -> Self {
        Self {
            agent: holder.agent,
            name: holder.name,
            since: holder.since,
        }
    }
}

/// Why a phone is not offered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WhyNot {
    /// Stable name.
    code: WhyNotCode,
    /// A sentence.
    message: String,
}

/// Why a phone is not offered, as a code.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WhyNotCode {
    /// It belongs to another site.
    OtherSite,
    /// It is disabled.
    Disabled,
    /// An agent uses it.
    InUse,
    /// It is not registered, while other phones of the site are.
    NotRegistered,
}

impl From<&NotOffered> for WhyNot {
    fn from(why: &NotOffered) -> Self {
        let time = |at: Timestamp| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
        let (code, message) = match why {
            NotOffered::OtherSite(site) => (WhyNotCode::OtherSite, format!("it belongs to site {site}")),
            NotOffered::Disabled => (WhyNotCode::Disabled, "it is disabled".to_owned()),
            NotOffered::InUse(holder) => (
                WhyNotCode::InUse,
                format!(
                    "it is in use by agent {} ({}) since {}",
                    holder.agent,
                    holder.name,
                    time(holder.since)
                ),
            ),
            NotOffered::NotRegistered(Some(since)) => (
                WhyNotCode::NotRegistered,
                format!("it is not registered since {}", time(*since)),
            ),
            NotOffered::NotRegistered(None) => (WhyNotCode::NotRegistered, "it was never registered".to_owned()),
        };
        Self { code, message }
    }
}

impl PhoneState {
    fn of(now: Option<PhoneNow>) -> Self {
        let (registered, registered_at) = match now.as_ref().map(|now| now.registration) {
            Some(Registered::Registered(since)) => (true, since),
            Some(Registered::Absent(last)) => (false, last),
            None => (false, None),
        };
        Self {
            registered,
            registered_at,
            not_offered: now.as_ref().and_then(|now| now.not_offered.as_ref()).map(WhyNot::from),
            used_by: now.and_then(|now| now.used_by).map(UsedBy::from),
        }
    }
}

impl Phone {
    fn of(phone: peerage_store::Phone, now: Option<PhoneNow>) -> Self {
        let warnings = phone.account.warnings();
        let account = phone.account;
        Self {
            number: account.number,
            name: phone.full_name,
            emergency_callerid: phone.emergency_callerid,
            site: account.site,
            disabled: account.disabled,
            voice: account.voice.into(),
            secret: account.secret.map(SecretSeen::from),
            registrations: account.registrations.into_iter().map(Registration::from).collect(),
            warnings,
            created_at: account.created_at,
            state: PhoneState::of(now),
        }
    }
}

changes! {
    /// Changes of a phone, or a new one. Omitted fields stay unchanged or get their default; null clears a field.
    PhoneChanges {
        /// Extension and SIP user name. A new number requires a new secret.
        number: Number,
        /// Name, such as its location.
        name: FullName,
        /// The SIP secret.
        secret: Secret,
        /// Caller ID number for emergency calls; null for the site's.
        emergency_callerid: CallerNumber or null,
        /// Site. New: default.
        site: SiteName,
        /// Whether the account is disabled. New: no.
        disabled: bool,
        /// The Voice section.
        voice: VoiceChanges,
    }
}

impl PhoneChanges {
    fn into_patch(self) -> PhonePatch {
        let mut patch = PhonePatch {
            full_name: self.name.into_option(),
            emergency_callerid: self.emergency_callerid.into_option(),
            ..PhonePatch::default()
        };
        patch.account.number = self.number.into_option();
        patch.account.secret = self.secret.into_option().map(|secret| secret.0);
        patch.account.site = self.site.into_option();
        patch.account.disabled = self.disabled.into_option();
        patch.account.voice = self.voice.into_option().map(Into::into).unwrap_or_default();
        patch
    }
}

/// A new phone; number and name are required.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct PhoneToAdd(PhoneChanges);

super::document::with_required!(PhoneToAdd = PhoneChanges, ["number", "name"]);

/// A page of phones.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Phones {
    /// The phones, by number.
    items: Vec<Phone>,
    /// The value of `after` for the next page; null on the last one.
    #[schema(value_type = Option<types::Number>, required)]
    next: Option<Number>,
}

/// The new object, with its generated secret, which is returned only once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AddedPhone {
    /// The phone.
    phone: Phone,
    /// The generated SIP secret; null if the request contained one.
    #[schema(required)]
    secret: Option<String>,
}

/// List phones
#[utoipa::path(get, path = "/api/v1/phones", tag = "phones", operation_id = "list_phones",
    params(Which), responses((status = 200, description = "A page of phones", body = Phones)))]
async fn list(State(app): State<App>, Query(which): Query<Which>) -> Result<Json<Phones>, Problem> {
    let (filter, limit) = which.filter()?;
    let (found, mut now, next) = found(&app, filter, limit).await?;
    let items = found
        .into_iter()
        .map(|phone| {
            let now = now.remove(&phone.account.number);
            Phone::of(phone, now)
        })
        .collect();
    Ok(Json(Phones { items, next }))
}

type Found = (Vec<peerage_store::Phone>, HashMap<Number, PhoneNow>, Option<Number>);

async fn found(app: &App, filter: Filter, limit: usize) -> Result<Found, StoreError> {
    app.db(move |store| {
        let mut found = store.phones(&filter)?;
        let next = cut(&mut found, limit, |phone| phone.account.number.clone());
        let numbers: Vec<&Number> = found.iter().map(|phone| &phone.account.number).collect();
        let now = store.phones_now(&numbers, &store.sites_with_registered_phones()?)?;
        Ok((found, now, next))
    })
    .await
}

/// Add a phone
///
/// Without `secret`, one is generated and returned only once.
#[utoipa::path(post, path = "/api/v1/phones", tag = "phones", operation_id = "add_phone",
    request_body = PhoneToAdd, responses((status = 201, description = "Added", body = AddedPhone)))]
async fn add(
    State(app): State<App>,
    who: SignedIn,
    Json(PhoneToAdd(mut changes)): Json<PhoneToAdd>,
) -> Result<(StatusCode, Json<AddedPhone>), Problem> {
    let missing = |field: &str| Problem::invalid(field, format!("`{field}` is missing"));
    let number = std::mem::take(&mut changes.number)
        .into_option()
        .ok_or_else(|| missing("number"))?;
    if changes.name == Change::Keep {
        return Err(missing("name"));
    }
    let (secret, shown) = secret_or_new(std::mem::take(&mut changes.secret).into_option())?;
    let new = fields::phone::new(number.clone(), changes.into_patch()).map_err(placed)?;
    app.db_as(who.store_actor()?, move |store| store.add_phone(&new, &secret))
        .await
        .map_err(placed)?;
    let phone = one(&app, number).await?;
    Ok((StatusCode::CREATED, Json(AddedPhone { phone, secret: shown })))
}

async fn one(app: &App, number: Number) -> Result<Phone, Problem> {
    let read = app.db(move |store| {
        let phone = store.phone(&number)?;
        let now = store
            .phones_now(&[&number], &store.sites_with_registered_phones()?)?
            .remove(&number);
        Ok::<_, StoreError>(Phone::of(phone, now))
    });
    Ok(read.await?)
}

/// Show a phone
#[utoipa::path(get, path = "/api/v1/phones/{number}", tag = "phones", operation_id = "get_phone",
    params(OfPhone), responses((status = 200, description = "The phone", body = Phone)))]
async fn get(State(app): State<App>, Path(of): Path<OfPhone>) -> Result<Json<Phone>, Problem> {
    one(&app, of.number).await.map(Json)
}

/// Change a phone
#[utoipa::path(patch, path = "/api/v1/phones/{number}", tag = "phones", operation_id = "set_phone",
    params(OfPhone), request_body = PhoneChanges,
    responses((status = 200, description = "The phone as it is now", body = Phone)))]
async fn set(
    State(app): State<App>,
    who: SignedIn,
    Path(of): Path<OfPhone>,
    Json(changes): Json<PhoneChanges>,
) -> Result<Json<Phone>, Problem> {
    let patch = changes.into_patch();
    let after = patch.account.number.clone().unwrap_or_else(|| of.number.clone());
    app.db_as(who.store_actor()?, move |store| store.set_phone(&of.number, &patch))
        .await
        .map_err(placed)?;
    one(&app, after).await.map(Json)
}

/// Remove a phone
#[utoipa::path(delete, path = "/api/v1/phones/{number}", tag = "phones", operation_id = "remove_phone",
    params(OfPhone), responses((status = 204, description = "Removed")))]
async fn remove(State(app): State<App>, who: SignedIn, Path(of): Path<OfPhone>) -> Result<StatusCode, Problem> {
    app.db_as(who.store_actor()?, move |store| store.remove_phone(&of.number))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The reason for freeing a phone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Release {
    /// Reason, for the history of the agent who is logged out; required if an agent uses the phone.
    #[schema(value_type = Option<types::EndReason>)]
    reason: Option<EndReason>,
}

/// The outcome of freeing a phone.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Released {
    /// Whether an agent was logged out.
    changed: bool,
    /// The phone as it is now.
    phone: Phone,
}

/// Free a phone
///
/// Ends the session of the agent on it. Supervisors may do this for agents in their queues.
#[utoipa::path(post, path = "/api/v1/phones/{number}/release", tag = "phones", operation_id = "release_phone",
    params(OfPhone), request_body = Release, responses((status = 200, description = "Free", body = Released)))]
async fn release(
    State(app): State<App>,
    who: SignedIn,
    Path(of): Path<OfPhone>,
    Json(release): Json<Release>,
) -> Result<Json<Released>, Problem> {
    // A supervisor's order is for the agent of whom it was checked.
    let holder = match who.role {
        Role::Admin => None,
        _ => one(&app, of.number.clone())
            .await?
            .state
            .used_by
            .map(|used_by| used_by.agent),
    };
    if let Some(holder) = &holder {
        may_steer(&app, &who, holder).await?;
    }
    let (number, actor) = (of.number.clone(), who.actor());
    let changed = app
        .db_as(who.store_actor()?, move |store| {
            let reason = release.reason.as_ref();
            match (actor.role == ActorRole::Admin, holder) {
                (true, _) => store.release_phone(&number, reason, &actor),
                (false, Some(holder)) => store.release_phone_from(&number, &holder, reason, &actor),
                // Nobody was there.
                (false, None) => Ok(false),
            }
        })
        .await?;
    let phone = one(&app, of.number).await?;
    Ok(Json(Released { changed, phone }))
}

/// A phone, as offered to an agent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfferedPhone {
    /// Its number.
    #[schema(value_type = types::Number)]
    number: Number,
    /// Name.
    #[schema(value_type = types::FullName)]
    name: FullName,
    /// Its current state.
    state: PhoneState,
}

/// A page of phones, as offered to an agent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfferedPhones {
    /// The phones, by number.
    items: Vec<OfferedPhone>,
    /// The value of `after` for the next page; null on the last one.
    #[schema(value_type = Option<types::Number>, required)]
    next: Option<Number>,
}

/// List phones an agent can choose
///
/// Phones of the agent's site, or of the given site; a phone that is not offered has a reason.
#[utoipa::path(get, path = "/api/v1/agents/{number}/phones", tag = "phones", operation_id = "list_phones_for_agent",
    params(OfAgent, Which), responses((status = 200, description = "A page of phones", body = OfferedPhones)))]
async fn for_agent(
    State(app): State<App>,
    Path(of): Path<OfAgent>,
    Query(which): Query<Which>,
) -> Result<Json<OfferedPhones>, Problem> {
    let (mut filter, limit) = which.filter()?;
    let own_site = app.db(move |store| store.agent(&of.number)).await?.account.site;
    let other_site = filter.site.as_ref().filter(|site| **site != own_site).cloned();
    filter.site.get_or_insert(own_site);
    let (found, mut now, next) = found(&app, filter, limit).await?;
    let items = found
        .into_iter()
        .map(|phone| {
            let mut state = PhoneState::of(now.remove(&phone.account.number));
            if let Some(site) = &other_site {
                state.not_offered = Some(WhyNot::from(&NotOffered::OtherSite(site.clone())));
            }
            OfferedPhone {
                number: phone.account.number,
                name: phone.full_name,
                state,
            }
        })
        .collect();
    Ok(Json(OfferedPhones { items, next }))
}
