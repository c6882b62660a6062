use std::collections::HashMap;

use diesel::prelude::*;
use peerage_model::{Number, Password, QueueName, Role, Username};

use super::account;
use super::sign_in::{end_sessions, end_tokens, forget_failures};
use super::supervisor;
use crate::error::Refusal;
use crate::pool::Store;
use crate::row::account::Kind;
use crate::row::login::LoginRow;
use crate::schema::{agent, login_account};
use crate::{Entity, Login, LoginPatch, NewLogin, SignInEnd, StoreError, Tokens, password};

type Joined = (LoginRow, Option<String>, bool);

impl Store {
    /// Adds somebody who signs in; without a password, not yet.
    ///
    /// # Errors
    ///
    /// The user name is taken, the agent is none or has another user, or a user of role `agent` names no agent.
    pub fn add_login(&self, new: &NewLogin, password: Option<&Password>) -> Result<(), StoreError> {
        let hash = hashed(&new.username, password)?;
        self.write(|connection| {
            let agent = new
                .agent
                .as_ref()
                .map(|number| agent_id(connection, number))
                .transpose()?;
            check_role(new.role, agent)?;
            insert(connection, &new.username, new.role, agent, hash)
        })
    }

    /// Who signs in as each of these agents, by the agent's number; one without a user is missing.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn logins_of(&self, agents: &[&Number]) -> Result<HashMap<Number, Login>, StoreError> {
        let numbers: Vec<&str> = agents.iter().map(|number| number.as_str()).collect();
        self.read(|connection| {
            let rows: Vec<Joined> = joined()
                .filter(agent::account_id.is_not_null())
                .filter(agent::number.eq_any(numbers))
                .load(connection)?;
            let mut watched = supervisor::watched(connection)?;
            rows.into_iter()
                .map(|row| {
                    let queues = watched.remove(&row.0.id).unwrap_or_default();
                    entity(row, queues)
                })
                .filter_map(|login| match login {
                    Ok(login) => login.agent.clone().map(|number| Ok((number, login))),
                    Err(error) => Some(Err(error)),
                })
                .collect()
        })
    }

    /// All who sign in, by user name.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn logins(&self) -> Result<Vec<Login>, StoreError> {
        self.read(|connection| {
            let rows: Vec<Joined> = joined().order(login_account::username).load(connection)?;
            let mut watched = supervisor::watched(connection)?;
            rows.into_iter()
                .map(|row| {
                    let queues = watched.remove(&row.0.id).unwrap_or_default();
                    entity(row, queues)
                })
                .collect()
        })
    }

    /// Who signs in by this name.
    ///
    /// # Errors
    ///
    /// Nobody does.
    pub fn login(&self, username: &Username) -> Result<Login, StoreError> {
        self.read(|connection| {
            let row: Option<Joined> = joined()
                .filter(login_account::username.eq(username.as_str()))
                .first(connection)
                .optional()?;
            let row = row.ok_or_else(|| absent(username))?;
            let queues = supervisor::watched(connection)?.remove(&row.0.id).unwrap_or_default();
            entity(row, queues)
        })
    }

    /// Changes who signs in, and tells whether anything changed.
    ///
    /// # Errors
    ///
    /// Nobody of that name does, the agent is none or has another user, or a user of role `agent` would have no agent.
    pub fn set_login(&self, username: &Username, patch: &LoginPatch) -> Result<bool, StoreError> {
        self.write(|connection| {
            let row = lock(connection, username)?;
            let agent = match &patch.agent {
                Some(Some(number)) => Some(agent_id(connection, number)?),
                Some(None) => None,
                None => row.agent_id,
            };
            let role = patch.role.map_or(row.role.as_str(), |role| role.as_str());
            if patch.role.is_some() || patch.agent.is_some() {
                check_role(crate::row::parsed(role)?, agent)?;
            }
            let disabled = patch.disabled.unwrap_or(row.disabled);
            if disabled && !row.disabled {
                end_sessions(connection, row.id, None, SignInEnd::Disabled)?;
            }
            let locked = row.failed_sign_ins > 0 || row.locked_until.is_some();
            let changed = (role, agent, disabled) != (row.role.as_str(), row.agent_id, row.disabled);
            if changed {
                diesel::update(login_account::table.find(row.id))
                    .set((
                        login_account::role.eq(role),
                        login_account::agent_id.eq(agent),
                        login_account::disabled.eq(disabled),
                    ))
                    .execute(connection)?;
            }
            if patch.unlock && locked {
                unlock(connection, username, row.id)?;
            }
            Ok(changed || (patch.unlock && locked))
        })
    }

    /// Sets a password, or takes it away, and forgets failures. Tokens of the user stay, unless they are to end with it.
    ///
    /// # Errors
    ///
    /// Nobody of that name signs in; the password is little more than the name.
    pub fn set_login_password(
        &self,
        username: &Username,
        password: Option<&Password>,
        tokens: Tokens,
    ) -> Result<(), StoreError> {
        let hash = hashed(username, password)?;
        self.write(|connection| {
            let row = lock(connection, username)?;
            diesel::update(login_account::table.find(row.id))
                .set(login_account::password_hash.eq(hash))
                .execute(connection)?;
            end_sessions(connection, row.id, None, SignInEnd::PasswordChanged)?;
            if tokens == Tokens::End {
                end_tokens(connection, row.id)?;
            }
            unlock(connection, username, row.id)
        })
    }

    /// Removes somebody who signs in.
    ///
    /// # Errors
    ///
    /// Nobody of that name does.
    pub fn remove_login(&self, username: &Username) -> Result<(), StoreError> {
        self.write(|connection| {
            let row = lock(connection, username)?;
            diesel::delete(login_account::table.find(row.id)).execute(connection)?;
            Ok(())
        })
    }
}

pub(super) fn insert(
    connection: &mut PgConnection,
    username: &Username,
    role: Role,
    agent: Option<i64>,
    hash: Option<String>,
) -> Result<(), StoreError> {
    diesel::insert_into(login_account::table)
        .values((
            login_account::username.eq(username.as_str()),
            login_account::role.eq(role.as_str()),
            login_account::agent_id.eq(agent),
            login_account::password_hash.eq(hash),
        ))
        .execute(connection)?;
    Ok(())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn joined() -> _ {
    let row: diesel::helper_types::AsSelect<LoginRow, diesel::pg::Pg> = LoginRow::as_select();
    login_account::table
        .left_join(agent::table.on(login_account::agent_id.eq(agent::id.nullable())))
        .select((
            row,
            agent::number.nullable(),
            login_account::password_hash.is_not_null(),
        ))
}

fn entity((row, agent, has_password): Joined, queues: Vec<QueueName>) -> Result<Login, StoreError> {
    row.with(agent, has_password, queues)
}

fn absent(username: &Username) -> StoreError {
    StoreError::unknown(Entity::User, username)
}

fn lock(connection: &mut PgConnection, username: &Username) -> Result<LoginRow, StoreError> {
    let row = login_account::table
        .filter(login_account::username.eq(username.as_str()))
        .select(LoginRow::as_select())
        .for_update()
        .first(connection)
        .optional()?;
    row.ok_or_else(|| absent(username))
}

fn agent_id(connection: &mut PgConnection, number: &Number) -> Result<i64, StoreError> {
    let found = agent::table
        .filter(agent::number.eq(number.as_str()))
        .filter(agent::account_id.is_not_null())
        .select(agent::id)
        .first(connection)
        .optional()?;
    match found {
        Some(id) => Ok(id),
        None => Err(account::absent(connection, Kind::Agent, number)),
    }
}

fn check_role(role: Role, agent: Option<i64>) -> Result<(), StoreError> {
    if role == Role::Agent && agent.is_none() {
        return Err(StoreError::Invalid(
            Refusal::new("a user of role `agent` belongs to an agent")
                .hint("name the agent, or choose another role")
                .field(Role::FIELD),
        ));
    }
    Ok(())
}

/// The hash of a new password, if there is to be one.
fn hashed(username: &Username, password: Option<&Password>) -> Result<Option<String>, StoreError> {
    let Some(password) = password else { return Ok(None) };
    password.check_for(username)?;
    password::hash(password).map(Some)
}

fn unlock(connection: &mut PgConnection, username: &Username, id: i64) -> Result<(), StoreError> {
    diesel::update(login_account::table.find(id))
        .set((
            login_account::failed_sign_ins.eq(0),
            login_account::locked_until.eq(None::<jiff_diesel::Timestamp>),
        ))
        .execute(connection)?;
    forget_failures(connection, username)?;
    Ok(())
}
