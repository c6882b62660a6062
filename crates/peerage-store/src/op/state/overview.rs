//! What lists say of agents and telephones right now: one query for a page of them.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Nullable, Text, Timestamptz};
use jiff::Timestamp;
use peerage_model::{
    DisplayState, Holder, Interface, InterfaceKind, NotOffered, Number, Overlay, PauseReason, PhoneSeen, Place,
    Registration, SessionState, SiteName, Unreachable, display_state, telephone_list,
};

use crate::StoreError;
use crate::pool::Store;
use crate::row::{illegible, maybe_parsed, parsed};

/// An agent right now. Calls stand beside the state: whoever sees them with own eyes knows of them a moment earlier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentNow {
    /// The state apart from calls. Unreachable when no node that serves the agent's queues can ring the device.
    pub state: DisplayState,
    /// Since when the agent is in it. Available: since the last call, if that ended later than what went before. Offline: the last
    /// logout, none without any. Unreachable: since the registration of the device ran out, or the last node said so, if that was
    /// later than what went before.
    pub since: Option<Timestamp>,
    /// Where calls ring; none when logged out.
    pub place: Option<Place>,
    /// The login; none when logged out.
    pub logged_in_since: Option<Timestamp>,
    /// The nodes that cannot ring the device, whatever the state: while others can, callers of these wait in vain.
    pub unreachable_at: Vec<Unreachable>,
    /// The call that the services saw last; none when there is none, or when no service looks.
    pub call: Option<CallNow>,
}

/// A call of an agent: of several one that is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallNow {
    /// Whether it is up; otherwise it rings.
    pub is_up: bool,
    /// Since when.
    pub since: Timestamp,
}

impl CallNow {
    /// The state that it puts in front of any other.
    pub fn state(self) -> DisplayState {
        if self.is_up {
            DisplayState::OnCall
        } else {
            DisplayState::Ringing
        }
    }
}

impl AgentNow {
    /// The same with the call, if there is one, in front of the state.
    #[must_use]
    pub fn with_call(mut self) -> Self {
        if let Some(call) = self.call {
            self.state = call.state();
            self.since = Some(call.since);
        }
        self
    }

    /// The same with a call that ended then: idle time counts from the last call.
    #[must_use]
    pub fn idle_since(mut self, ended: Option<Timestamp>) -> Self {
        if self.state == DisplayState::Available {
            self.since = self.since.max(ended);
        }
        self
    }
}

/// A telephone right now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneNow {
    /// Whether it is registered, and since when.
    pub registration: Registration,
    /// Who is there, and since when; also who is there by the phone field.
    pub used_by: Option<Holder>,
    /// Why agents of its site cannot pick it; none when they can.
    pub not_offered: Option<NotOffered>,
}

#[derive(QueryableByName)]
pub(crate) struct AgentRow {
    #[diesel(sql_type = Text)]
    number: String,
    #[diesel(sql_type = Nullable<Text>)]
    state: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    state_since: Option<jiff_diesel::Timestamp>,
    #[diesel(sql_type = Nullable<Text>)]
    interface_kind: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    interface: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    phone_number: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    began_at: Option<jiff_diesel::Timestamp>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    ended_at: Option<jiff_diesel::Timestamp>,
    #[diesel(sql_type = Bool)]
    unreachable: bool,
    #[diesel(sql_type = Text)]
    unreachable_at: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    lost_at: Option<jiff_diesel::Timestamp>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    up_since: Option<jiff_diesel::Timestamp>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    ringing_since: Option<jiff_diesel::Timestamp>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    call_ended_at: Option<jiff_diesel::Timestamp>,
}

#[derive(QueryableByName)]
struct PhoneRow {
    #[diesel(sql_type = Text)]
    number: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    site: String,
    #[diesel(sql_type = Bool)]
    disabled: bool,
    #[diesel(sql_type = Bool)]
    fixed: bool,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    registered_since: Option<jiff_diesel::Timestamp>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    last_seen: Option<jiff_diesel::Timestamp>,
    #[diesel(sql_type = Nullable<Text>)]
    holder_number: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    holder_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    holder_interface: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    holder_since: Option<jiff_diesel::Timestamp>,
}

#[derive(QueryableByName)]
struct SiteRow {
    #[diesel(sql_type = Text)]
    name: String,
}

impl Store {
    /// These agents right now, by number; one who is not in service is missing.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn agents_now(&self, numbers: &[&Number]) -> Result<HashMap<Number, AgentNow>, StoreError> {
        self.read(|connection| {
            let rows: Vec<AgentRow> = diesel::sql_query(include_str!("agents_now.sql"))
                .bind::<Array<Text>, _>(texts(numbers))
                .load(connection)?;
            rows.into_iter().map(AgentRow::now).collect()
        })
    }

    /// The sites of which at least one telephone in service is registered, a fixed host counting as registered. At the
    /// others a registration tells nothing, and all free telephones are offered.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn sites_with_registered_phones(&self) -> Result<BTreeSet<SiteName>, StoreError> {
        self.read(sites_registering)
    }

    /// These telephones right now, by number; one that is no more is missing. `registering` is what
    /// [`Store::sites_with_registered_phones`] says: asked once for many pages, since it may look at every telephone.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn phones_now(
        &self,
        numbers: &[&Number],
        registering: &BTreeSet<SiteName>,
    ) -> Result<HashMap<Number, PhoneNow>, StoreError> {
        self.read(|connection| phones_now(connection, numbers, registering))
    }
}

pub(crate) fn sites_registering(connection: &mut PgConnection) -> Result<BTreeSet<SiteName>, StoreError> {
    let rows: Vec<SiteRow> = diesel::sql_query(include_str!("sites_registering.sql")).load(connection)?;
    rows.into_iter().map(|row| parsed(row.name)).collect()
}

pub(crate) fn phones_now(
    connection: &mut PgConnection,
    numbers: &[&Number],
    registering: &BTreeSet<SiteName>,
) -> Result<HashMap<Number, PhoneNow>, StoreError> {
    let rows: Vec<PhoneRow> = diesel::sql_query(include_str!("phones_now.sql"))
        .bind::<Array<Text>, _>(texts(numbers))
        .load(connection)?;
    rows.into_iter()
        .map(|row| {
            let seen = row.seen()?;
            Ok((seen.number.clone(), PhoneNow::of(seen, registering)))
        })
        .collect()
}

fn texts<'a>(numbers: &[&'a Number]) -> Vec<&'a str> {
    numbers.iter().map(|number| number.as_str()).collect()
}

impl AgentRow {
    /// The call that the services saw last.
    fn call(&self) -> Option<CallNow> {
        let call = |is_up, since: Option<jiff_diesel::Timestamp>| {
            since.map(|since| CallNow {
                is_up,
                since: since.to_jiff(),
            })
        };
        call(true, self.up_since).or_else(|| call(false, self.ringing_since))
    }

    pub(crate) fn now(self) -> Result<(Number, AgentNow), StoreError> {
        let call = self.call();
        let call_ended_at = self.call_ended_at.map(jiff_diesel::Timestamp::to_jiff);
        let number = parsed(self.number)?;
        let ended_at = self.ended_at.map(jiff_diesel::Timestamp::to_jiff);
        let open = match (self.interface_kind, self.interface, self.began_at) {
            (Some(kind), Some(interface), Some(began_at)) if ended_at.is_none() => {
                Some((kind, interface, began_at.to_jiff()))
            }
            _ => None,
        };
        let Some((kind, interface, began_at)) = open else {
            let now = AgentNow {
                state: display_state(None, Overlay::default()),
                since: ended_at,
                place: None,
                logged_in_since: None,
                call,
                unreachable_at: Vec::new(),
            };
            return Ok((number, now));
        };
        let session = match self.state.as_deref() {
            Some("paused") => SessionState::Paused(maybe_parsed::<PauseReason>(self.reason)?),
            Some("partly_paused") => SessionState::PartlyPaused,
            // The table's check allows these three.
            _ => SessionState::Available,
        };
        let overlay = Overlay {
            unreachable: self.unreachable,
            ..Overlay::default()
        };
        let state = display_state(Some(&session), overlay);
        let since = self.state_since.map_or(began_at, jiff_diesel::Timestamp::to_jiff);
        let unreachable_at = serde_json::from_str(&self.unreachable_at).map_err(|error| illegible(&error))?;
        let lost = self.lost_at.filter(|_| state == DisplayState::Unreachable);
        let now = AgentNow {
            state,
            since: Some(lost.map_or(since, |lost| since.max(lost.to_jiff()))),
            place: Some(Place {
                kind: parsed::<InterfaceKind>(kind)?,
                interface: parsed::<Interface>(interface)?,
                telephone: maybe_parsed(self.phone_number)?,
            }),
            logged_in_since: Some(began_at),
            call,
            unreachable_at,
        };
        Ok((number, now.idle_since(call_ended_at)))
    }
}

impl PhoneRow {
    fn seen(self) -> Result<PhoneSeen, StoreError> {
        let holder = match (
            self.holder_number,
            self.holder_name,
            self.holder_interface,
            self.holder_since,
        ) {
            (Some(agent), Some(name), Some(interface), Some(since)) => Some(Holder {
                agent: parsed(agent)?,
                name: parsed(name)?,
                interface: parsed(interface)?,
                since: since.to_jiff(),
            }),
            _ => None,
        };
        let registration = match self.registered_since {
            Some(since) => Registration::Registered(Some(since.to_jiff())),
            None if self.fixed => Registration::Registered(None),
            None => Registration::Absent(self.last_seen.map(jiff_diesel::Timestamp::to_jiff)),
        };
        Ok(PhoneSeen {
            number: parsed(self.number)?,
            name: parsed(self.name)?,
            site: parsed(self.site)?,
            disabled: self.disabled,
            registration,
            used_by: holder,
        })
    }
}

impl PhoneNow {
    fn of(seen: PhoneSeen, registering: &BTreeSet<SiteName>) -> Self {
        let site = seen.site.clone();
        // The model looks among the telephones of the site for one that is registered; this stands for it.
        let other = registering.contains(&site).then(|| PhoneSeen {
            disabled: false,
            registration: Registration::Registered(None),
            used_by: None,
            ..seen.clone()
        });
        let phones: Vec<PhoneSeen> = std::iter::once(seen.clone()).chain(other).collect();
        let offer = telephone_list(&phones, &site).into_iter().next();
        Self {
            registration: seen.registration,
            used_by: seen.used_by,
            not_offered: offer.and_then(|offer| offer.not_offered),
        }
    }
}
