//! Copying checked lines in.

use std::collections::HashMap;

use diesel::prelude::*;
use peerage_model::Digests;

use crate::row::account::{AccountColumns, Kind, SecretColumns};
use crate::row::agent::{AgentColumns, ChannelColumns};
use crate::row::phone::PhoneColumns;
use crate::schema::{agent, agent_channel, phone, sip_account, sip_secret};
use crate::{NewAccount, NewAgent, NewPhone, StoreError};

/// Whoever has an account: what an import needs to know of agents and telephones.
pub(super) trait Person: Sized {
    const KIND: Kind;

    fn account(&self) -> &NewAccount;

    /// Inserts them beside their accounts, which are in the same order.
    fn insert(connection: &mut PgConnection, people: &[(i64, &Self)]) -> Result<(), StoreError>;
}

/// A line that passed the checks.
pub(super) struct Ready<T> {
    pub(super) line: u64,
    pub(super) row: T,
    pub(super) site: i64,
    pub(super) realm: String,
    pub(super) digests: Digests,
    /// Whether its secret is one that guessers try first.
    pub(super) weak: bool,
}

/// Inserts accounts, secrets and people.
pub(super) fn insert<T: Person>(connection: &mut PgConnection, rows: &[Ready<T>]) -> Result<(), StoreError> {
    let accounts: Vec<AccountColumns> = rows
        .iter()
        .map(|ready| AccountColumns::new(T::KIND, ready.site, ready.row.account()))
        .collect();
    diesel::copy_from(sip_account::table)
        .from_insertable(&accounts)
        .execute(connection)?;

    let numbers: Vec<&str> = rows.iter().map(|ready| ready.row.account().number.as_str()).collect();
    let ids: HashMap<String, i64> = sip_account::table
        .filter(sip_account::number.eq_any(numbers))
        .select((sip_account::number, sip_account::id))
        .load(connection)?
        .into_iter()
        .collect();
    let with_ids: Vec<(i64, &Ready<T>)> = rows
        .iter()
        .filter_map(|ready| Some((*ids.get(ready.row.account().number.as_str())?, ready)))
        .collect();

    let secrets: Vec<SecretColumns<'_>> = with_ids
        .iter()
        .map(|(id, ready)| {
            let number = ready.row.account().number.as_str();
            SecretColumns::new(*id, number, &ready.realm, &ready.digests, ready.weak)
        })
        .collect();
    diesel::copy_from(sip_secret::table)
        .from_insertable(&secrets)
        .execute(connection)?;

    let people: Vec<(i64, &T)> = with_ids.iter().map(|(id, ready)| (*id, &ready.row)).collect();
    T::insert(connection, &people)
}

impl Person for NewAgent {
    const KIND: Kind = Kind::Agent;

    fn account(&self) -> &NewAccount {
        &self.account
    }

    fn insert(connection: &mut PgConnection, people: &[(i64, &Self)]) -> Result<(), StoreError> {
        let rows: Vec<AgentColumns> = people
            .iter()
            .map(|(account, new)| {
                let pin = new.hashed_pin()?;
                Ok(AgentColumns::new(*account, &new.account.number, pin, &new.profile))
            })
            .collect::<Result<_, StoreError>>()?;
        diesel::copy_from(agent::table)
            .from_insertable(&rows)
            .execute(connection)?;

        let of: HashMap<i64, &Self> = people
            .iter()
            .filter(|(_, new)| !new.profile.channels.is_empty())
            .map(|(account, new)| (*account, *new))
            .collect();
        if of.is_empty() {
            return Ok(());
        }
        let ids: Vec<(i64, Option<i64>)> = agent::table
            .filter(agent::account_id.eq_any(of.keys().copied().collect::<Vec<i64>>()))
            .select((agent::id, agent::account_id))
            .load(connection)?;
        let channels: Vec<ChannelColumns> = ids
            .into_iter()
            .filter_map(|(id, account)| Some((id, of.get(&account?)?)))
            .flat_map(|(id, new)| {
                new.profile
                    .channels
                    .iter()
                    .map(move |channel| ChannelColumns::new(id, channel))
            })
            .collect();
        diesel::copy_from(agent_channel::table)
            .from_insertable(&channels)
            .execute(connection)?;
        Ok(())
    }
}

impl Person for NewPhone {
    const KIND: Kind = Kind::Phone;

    fn account(&self) -> &NewAccount {
        &self.account
    }

    fn insert(connection: &mut PgConnection, people: &[(i64, &Self)]) -> Result<(), StoreError> {
        let rows: Vec<PhoneColumns> = people
            .iter()
            .map(|(account, new)| {
                PhoneColumns::new(*account, &new.account.number, &new.full_name, &new.emergency_callerid)
            })
            .collect();
        diesel::copy_from(phone::table)
            .from_insertable(&rows)
            .execute(connection)?;
        Ok(())
    }
}
