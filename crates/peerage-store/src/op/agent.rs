use std::collections::HashMap;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use peerage_model::{DialNumber, Number, Password, Role, Secret, Username, check_numbers};

use super::state::situation;
use super::{account, login};
use crate::entity::agent::position;
use crate::pool::Store;
use crate::row::account::Kind;
use crate::row::agent::{AgentColumns, AgentRow, ChannelColumns};
use crate::schema::{agent, agent_channel, sip_account, site};
use crate::{Agent, AgentChannel, AgentPatch, EditError, Entity, Filter, NewAgent, StateError, StoreError};

/// Whether an agent has an open session.
const AT_WORK: &str = "exists (
  select
  from peerage.agent_session as session
  where session.agent_id = agent.id
    and session.ended_at is null
)";

/// Whether an agent has a phone or mobile that the site does not allow.
const REFUSED: &str = "exists (
  select
  from peerage.refused_number as refused
  where refused.agent_id = agent.id
)";

impl Store {
    /// Adds an agent with its SIP account.
    ///
    /// # Errors
    ///
    /// The number is taken, the site does not exist, or settings do not go together.
    pub fn add_agent(&self, new: &NewAgent, secret: &Secret) -> Result<(), StoreError> {
        // Before the transaction: it takes a while.
        let pin = new.hashed_pin()?;
        self.write(|connection| insert(connection, new, secret, pin).map(drop))
    }

    /// Adds an agent together with the user of role `agent` that signs in as the agent: both, or none.
    ///
    /// # Errors
    ///
    /// As [`Store::add_agent`]; the user name is taken.
    pub fn add_agent_with_user(
        &self,
        new: &NewAgent,
        secret: &Secret,
        username: &Username,
        password: &Password,
    ) -> Result<(), StoreError> {
        password.check_for(username)?;
        let pin = new.hashed_pin()?;
        let hash = crate::password::hash(password)?;
        self.write(|connection| {
            let id = insert(connection, new, secret, pin)?;
            login::insert(connection, username, Role::Agent, Some(id), Some(hash))
        })
    }

    /// The agents in service that meet the filter, in order of their numbers.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn agents(&self, filter: &Filter) -> Result<Vec<Agent>, StoreError> {
        self.read(|connection| {
            let mut query = agent::table
                .inner_join(sip_account::table.on(agent::account_id.eq(sip_account::id.nullable())))
                .inner_join(site::table.on(site::id.eq(sip_account::site_id)))
                .select(AgentRow::as_select())
                .into_boxed();
            if let Some(pattern) = filter.pattern() {
                query = query.filter(
                    agent::number
                        .nullable()
                        .ilike(pattern.clone())
                        .or(agent::full_name.nullable().ilike(pattern.clone()))
                        .or(agent::alias.ilike(pattern.clone()))
                        .or(agent::email.ilike(pattern)),
                );
            }
            if let Some(site) = &filter.site {
                query = query.filter(site::name.eq(site.as_str().to_owned()));
            }
            if let Some(among) = &filter.among {
                let numbers: Vec<String> = among.iter().map(ToString::to_string).collect();
                query = query.filter(agent::number.eq_any(numbers));
            }
            if let Some(after) = &filter.after {
                query = query.filter(agent::number.gt(after.as_str().to_owned()));
            }
            if let Some(numbers) = &filter.numbers {
                let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
                query = query.filter(agent::number.eq_any(numbers));
            }
            match filter.logged_in {
                Some(true) => query = query.filter(sql::<Bool>(AT_WORK)),
                Some(false) => query = query.filter(sql::<Bool>(&format!("not {AT_WORK}"))),
                None => {}
            }
            if filter.refused_numbers {
                query = query.filter(sql::<Bool>(REFUSED));
            }
            if filter.weak_secret {
                query = query.filter(account::has_weak_secret());
            }
            if let Some(limit) = filter.limit {
                query = query.limit(limit.into());
            }
            let rows = match &filter.before {
                None => query.order(agent::number).load(connection)?,
                Some(before) => {
                    let before = query.filter(agent::number.lt(before.as_str().to_owned()));
                    let mut rows: Vec<AgentRow> = before.order(agent::number.desc()).load(connection)?;
                    rows.reverse();
                    rows
                }
            };
            entities(connection, rows)
        })
    }

    /// The agent of this number.
    ///
    /// # Errors
    ///
    /// There is none in service.
    pub fn agent(&self, number: &Number) -> Result<Agent, StoreError> {
        self.read(|connection| {
            let row = in_service(number).first(connection).optional()?;
            let agents = entities(connection, row.into_iter().collect())?;
            match agents.into_iter().next() {
                Some(agent) => Ok(agent),
                None => Err(account::absent(connection, Kind::Agent, number)),
            }
        })
    }

    /// Changes an agent, and tells whether anything changed.
    ///
    /// # Errors
    ///
    /// There is none in service, the new number is taken or comes without a new secret, the new site does not exist, or settings do
    /// not go together.
    pub fn set_agent(&self, number: &Number, patch: &AgentPatch) -> Result<bool, StoreError> {
        let pin = hashed(number, patch)?;
        self.write(|connection| {
            let agent = lock(connection, number)?;
            change(connection, agent, number, patch, pin)
        })
    }

    /// Changes an agent as somebody decides who sees how the agent stands at that moment, when nobody else can change anything, and
    /// tells whether anything changed.
    ///
    /// # Errors
    ///
    /// What `decide` refuses, and as [`Store::set_agent`].
    pub fn edit_agent<E>(
        &self,
        number: &Number,
        decide: impl FnOnce(&Agent) -> Result<AgentPatch, E>,
    ) -> Result<bool, EditError<E>> {
        self.write(|connection| {
            let locked = lock(connection, number)?;
            let row = AgentRow {
                id: locked.id,
                columns: locked.columns.clone(),
            };
            let found = entities(connection, vec![row])?;
            let agent = found.into_iter().next();
            let agent = agent.ok_or_else(|| StoreError::unknown(Entity::Agent, number))?;
            let patch = decide(&agent).map_err(EditError::Refused)?;
            let pin = hashed(number, &patch)?;
            Ok(change(connection, locked, number, &patch, pin)?)
        })
    }

    /// Changes where an agent's calls can ring besides: phone and mobile, each as it shall be. Tells whether anything
    /// changed.
    ///
    /// # Errors
    ///
    /// What [`check_numbers`] refuses; there is no such agent in service.
    pub fn set_numbers(
        &self,
        number: &Number,
        phone: Option<DialNumber>,
        mobile: Option<DialNumber>,
        actor: &peerage_model::Actor,
    ) -> Result<bool, StateError> {
        let patch = AgentPatch {
            phone: Some(phone),
            mobile: Some(mobile),
            ..AgentPatch::default()
        };
        self.write(|connection| {
            let agent = lock(connection, number)?;
            check_numbers(&situation(connection, number)?, actor)?;
            Ok(change(connection, agent, number, &patch, None)?)
        })
    }

    /// Takes an agent out of service: account, contacts and registration go, and the number is free again. The agent's row
    /// stays for history. A user of role `agent` that belongs to it may no longer sign in.
    ///
    /// # Errors
    ///
    /// There is none in service.
    pub fn remove_agent(&self, number: &Number) -> Result<(), StoreError> {
        self.write(|connection| {
            lock(connection, number)?.account.delete(connection)?;
            Ok(())
        })
    }
}

/// Adds an agent with its SIP account and its channels, and returns the agent's id.
/// The hash of a new PIN, if there is to be one.
impl NewAgent {
    /// The digest of the PIN.
    pub(super) fn hashed_pin(&self) -> Result<Option<String>, StoreError> {
        let number = &self.account.number;
        self.pin.as_ref().map(|pin| pin.hash(number)).transpose()
    }
}

/// The digest of the PIN that a change of this agent sets or takes away.
fn hashed(number: &Number, patch: &AgentPatch) -> Result<Option<Option<String>>, StoreError> {
    let number = patch.account.number.as_ref().unwrap_or(number);
    let pin = patch.pin.as_ref();
    pin.map(|pin| pin.as_ref().map(|pin| pin.hash(number)).transpose())
        .transpose()
}

fn insert(
    connection: &mut PgConnection,
    new: &NewAgent,
    secret: &Secret,
    pin: Option<String>,
) -> Result<i64, StoreError> {
    let account = account::insert(connection, Kind::Agent, &new.account, secret)?;
    let id = diesel::insert_into(agent::table)
        .values(AgentColumns::new(account, &new.account.number, pin, &new.profile))
        .returning(agent::id)
        .get_result(connection)?;
    set_channels(connection, id, &[], &new.profile.channels)?;
    Ok(id)
}

type InService = diesel::helper_types::AsSelect<AgentRow, diesel::pg::Pg>;

/// The row of an agent in service.
#[diesel::dsl::auto_type(no_type_alias)]
fn in_service<'a>(number: &'a Number) -> _ {
    let select: InService = AgentRow::as_select();
    let number: &'a str = number.as_str();
    agent::table
        .filter(agent::number.eq(number))
        .filter(agent::account_id.is_not_null())
        .select(select)
}

/// Writes what differs, and tells whether anything did. The digest of the PIN is the new one, or none when it stays.
fn change(
    connection: &mut PgConnection,
    agent: Locked,
    number: &Number,
    patch: &AgentPatch,
    pin: Option<Option<String>>,
) -> Result<bool, StoreError> {
    let account_changed = agent.account.update(connection, &patch.account)?;
    let old_channels = channels(connection, &[agent.id])?.remove(&agent.id).unwrap_or_default();
    let mut profile = agent.columns.clone().with(old_channels.clone())?;
    patch.apply(&mut profile);
    // A new number has come with the account.
    let number = patch.account.number.as_ref().unwrap_or(number);
    let mut old = agent.columns;
    old.number = number.to_string();
    let pin = pin.unwrap_or_else(|| old.pin_digest.clone());
    let new = AgentColumns::new(agent.account.id(), number, pin, &profile);
    if new != old {
        diesel::update(agent::table.find(agent.id))
            .set(&new)
            .execute(connection)?;
    }
    set_channels(connection, agent.id, &old_channels, &profile.channels)?;
    Ok(account_changed || new != old || profile.channels != old_channels)
}

/// An agent that is about to be changed.
struct Locked {
    id: i64,
    columns: AgentColumns,
    account: account::Locked,
}

fn lock(connection: &mut PgConnection, number: &Number) -> Result<Locked, StoreError> {
    let row: Option<AgentRow> = in_service(number).for_update().first(connection).optional()?;
    let found = row.and_then(|row| row.columns.account_id.map(|account| (row, account)));
    let Some((AgentRow { id, columns }, account)) = found else {
        return Err(account::absent(connection, Kind::Agent, number));
    };
    Ok(Locked {
        id,
        columns,
        account: account::lock(connection, Kind::Agent, account)?,
    })
}

fn entities(connection: &mut PgConnection, rows: Vec<AgentRow>) -> Result<Vec<Agent>, StoreError> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let account_ids: Vec<i64> = rows.iter().filter_map(|row| row.columns.account_id).collect();
    let mut accounts = account::load(connection, &account_ids)?;
    let mut channels = channels(connection, &ids)?;
    let mut agents = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(account) = row.columns.account_id.and_then(|id| accounts.remove(&id)) else {
            continue;
        };
        agents.push(Agent {
            account,
            has_pin: row.columns.pin_digest.is_some(),
            profile: row.columns.with(channels.remove(&row.id).unwrap_or_default())?,
        });
    }
    Ok(agents)
}

/// The channels of these agents, in order.
fn channels(connection: &mut PgConnection, ids: &[i64]) -> Result<HashMap<i64, Vec<AgentChannel>>, StoreError> {
    let rows: Vec<ChannelColumns> = agent_channel::table
        .filter(agent_channel::agent_id.eq_any(ids))
        .select(ChannelColumns::as_select())
        .load(connection)?;
    let mut channels: HashMap<i64, Vec<AgentChannel>> = HashMap::new();
    for row in rows {
        channels.entry(row.agent_id).or_default().push(row.try_into()?);
    }
    for of_one in channels.values_mut() {
        of_one.sort_by_key(|channel| position(channel.channel));
    }
    Ok(channels)
}

fn set_channels(
    connection: &mut PgConnection,
    agent: i64,
    current: &[AgentChannel],
    wanted: &[AgentChannel],
) -> Result<(), StoreError> {
    let dropped: Vec<&str> = current
        .iter()
        .filter(|old| wanted.iter().all(|new| new.channel != old.channel))
        .map(|old| old.channel.as_str())
        .collect();
    if !dropped.is_empty() {
        let of_agent = agent_channel::table.filter(agent_channel::agent_id.eq(agent));
        diesel::delete(of_agent.filter(agent_channel::channel.eq_any(dropped))).execute(connection)?;
    }
    for new in wanted {
        let columns = ChannelColumns::new(agent, new);
        match current.iter().find(|old| old.channel == new.channel) {
            Some(old) if old == new => {}
            Some(_) => {
                let of_agent = agent_channel::table.filter(agent_channel::agent_id.eq(agent));
                diesel::update(of_agent.filter(agent_channel::channel.eq(new.channel.as_str())))
                    .set(columns)
                    .execute(connection)?;
            }
            None => {
                diesel::insert_into(agent_channel::table)
                    .values(columns)
                    .execute(connection)?;
            }
        }
    }
    Ok(())
}
