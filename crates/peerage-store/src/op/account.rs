//! What agents and telephones have in common. No transaction is opened here.

use std::collections::HashMap;

use diesel::dsl::{exists, now, sql};
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text, Timestamptz};
use peerage_model::{Digests, Number, Realm, Secret, SiteName};

use crate::error::Refusal;
use crate::row::account::{AccountColumns, AccountRow, HomeColumns, Kind, SecretColumns, SecretStateColumns};
use crate::row::parsed;
use crate::row::registration::{ContactRow, RegistrationRow};
use crate::schema::{sip_account, sip_contact, sip_peer, sip_secret, site};
use crate::{Account, AccountPatch, Entity, NewAccount, SecretState, StoreError};

/// The accounts with these ids.
pub(super) fn load(connection: &mut PgConnection, ids: &[i64]) -> Result<HashMap<i64, Account>, StoreError> {
    let rows: Vec<(AccountRow, HomeColumns, Option<SecretStateColumns>)> = sip_account::table
        .inner_join(site::table.on(site::id.eq(sip_account::site_id)))
        .left_join(sip_secret::table.on(sip_secret::id.eq(sip_account::id)))
        .filter(sip_account::id.eq_any(ids))
        .select((
            AccountRow::as_select(),
            HomeColumns::as_select(),
            Option::<SecretStateColumns>::as_select(),
        ))
        .load(connection)?;
    let mut accounts = HashMap::with_capacity(rows.len());
    for (row, home, secret) in rows {
        let set = row.columns.at(&home.name)?;
        let account = Account {
            number: set.number,
            site: set.site,
            site_realm: parsed(home.realm)?,
            disabled: set.disabled,
            voice: set.voice,
            secret: secret.map(state).transpose()?,
            registrations: Vec::new(),
            created_at: row.created_at,
        };
        accounts.insert(row.id, account);
    }
    add_registrations(connection, &mut accounts)?;
    Ok(accounts)
}

fn state(secret: SecretStateColumns) -> Result<SecretState, StoreError> {
    Ok(SecretState {
        realm: parsed(secret.realm)?,
        weak: secret.weak,
        changed_at: secret.changed_at,
    })
}

fn add_registrations(connection: &mut PgConnection, accounts: &mut HashMap<i64, Account>) -> Result<(), StoreError> {
    // Liveness goes by the database's clock, which is the one all nodes share.
    let moment: jiff_diesel::Timestamp = diesel::select(now.into_sql::<Timestamptz>()).get_result(connection)?;
    let moment = moment.to_jiff();
    let numbers: Vec<String> = accounts.values().map(|account| account.number.to_string()).collect();
    // The contacts of an account are a range of the primary key.
    let of_accounts = sql::<Bool>(
        "id in (
           select contact.id
           from unnest(",
    )
    .bind::<Array<Text>, _>(&numbers)
    .sql(
        ") as wanted (number)
             join peerage.sip_contact as contact on contact.id >= wanted.number || '^3B@'
               and contact.id < wanted.number || '^3BA'
         )",
    );
    let contacts: Vec<ContactRow> = sip_contact::table
        .filter(of_accounts)
        .order(sip_contact::id)
        .select(ContactRow::as_select())
        .load(connection)?;
    for contact in contacts {
        if let Some(account) = contact.account_id.and_then(|id| accounts.get_mut(&id)) {
            account.registrations.push(contact.at(moment));
        }
    }
    let written: Vec<RegistrationRow> = sip_peer::table
        .filter(sip_peer::number.eq_any(&numbers))
        .filter(sip_peer::ipaddr.is_not_null())
        .select(RegistrationRow::as_select())
        .load(connection)?;
    let mut written: HashMap<String, RegistrationRow> =
        written.into_iter().map(|row| (row.number.clone(), row)).collect();
    for account in accounts.values_mut() {
        let row = written.remove(account.number.as_str());
        account.registrations.extend(row.map(|row| row.at(moment)));
    }
    Ok(())
}

/// Whether the secret of an account is one that guessers try first.
pub(super) fn has_weak_secret() -> SqlLiteral<Bool> {
    sql("exists (
           select
           from peerage.sip_secret as secret
           where secret.id = sip_account.id
             and secret.weak
         )")
}

/// What a site means to its accounts.
pub(super) struct Home {
    pub(super) id: i64,
    pub(super) realm: Realm,
}

pub(super) fn home(connection: &mut PgConnection, name: &SiteName) -> Result<Home, StoreError> {
    let found: Option<(i64, String)> = site::table
        .filter(site::name.eq(name.as_str()))
        .select((site::id, site::realm))
        .first(connection)
        .optional()?;
    let (id, realm) = found.ok_or_else(|| StoreError::unknown(Entity::Site, name))?;
    Ok(Home {
        id,
        realm: parsed(realm)?,
    })
}

/// Adds an account with its secret, and returns its id.
pub(super) fn insert(
    connection: &mut PgConnection,
    kind: Kind,
    account: &NewAccount,
    secret: &Secret,
) -> Result<i64, StoreError> {
    account.voice.check()?;
    let home = home(connection, &account.site)?;
    let id = diesel::insert_into(sip_account::table)
        .values(AccountColumns::new(kind, home.id, account))
        .returning(sip_account::id)
        .get_result(connection)?;
    set_secret(connection, id, &account.number, &home.realm, secret)?;
    Ok(id)
}

fn set_secret(
    connection: &mut PgConnection,
    id: i64,
    number: &Number,
    realm: &Realm,
    secret: &Secret,
) -> Result<(), StoreError> {
    let weak = secret.check_for(number)?;
    let digests = Digests::new(number, realm, secret);
    let columns = SecretColumns::new(id, number.as_str(), realm.as_str(), &digests, weak);
    let updated = diesel::update(sip_secret::table.find(id))
        .set((&columns, sip_secret::changed_at.eq(now)))
        .execute(connection)?;
    if updated == 0 {
        diesel::insert_into(sip_secret::table)
            .values(&columns)
            .execute(connection)?;
    }
    Ok(())
}

/// An account that is about to be changed, as it stands; nobody else can change it until the transaction ends.
pub(super) struct Locked {
    kind: Kind,
    id: i64,
    current: NewAccount,
}

pub(super) fn lock(connection: &mut PgConnection, kind: Kind, id: i64) -> Result<Locked, StoreError> {
    let row: AccountRow = sip_account::table
        .find(id)
        .select(AccountRow::as_select())
        .for_update()
        .first(connection)?;
    let site: String = sip_account::table
        .find(id)
        .inner_join(site::table.on(site::id.eq(sip_account::site_id)))
        .select(site::name)
        .first(connection)?;
    let current = row.columns.at(&site)?;
    Ok(Locked { kind, id, current })
}

impl Locked {
    pub(super) fn id(&self) -> i64 {
        self.id
    }

    /// Writes what differs, and tells whether anything did.
    pub(super) fn update(&self, connection: &mut PgConnection, patch: &AccountPatch) -> Result<bool, StoreError> {
        let mut wanted = self.current.clone();
        patch.apply(&mut wanted);
        wanted.voice.check()?;
        if wanted.number != self.current.number && patch.secret.is_none() {
            return Err(needs_secret(&wanted.number));
        }
        let home = home(connection, &wanted.site)?;
        if wanted != self.current {
            diesel::update(sip_account::table.find(self.id))
                .set(AccountColumns::new(self.kind, home.id, &wanted))
                .execute(connection)?;
        }
        if let Some(secret) = &patch.secret {
            set_secret(connection, self.id, &wanted.number, &home.realm, secret)?;
        }
        Ok(wanted != self.current || patch.secret.is_some())
    }

    /// Deletes the account, and with it all that was registered.
    pub(super) fn delete(self, connection: &mut PgConnection) -> Result<(), StoreError> {
        diesel::delete(sip_account::table.find(self.id)).execute(connection)?;
        Ok(())
    }
}

fn needs_secret(number: &Number) -> StoreError {
    let message = format!("a change of number to `{number}` demands a new secret in the same command");
    StoreError::Invalid(
        Refusal::new(message)
            .hint("the digest of the secret contains the number: give both")
            .field(Number::FIELD),
    )
}

/// Says that there is no account of this kind, and whether there is one of the other.
pub(super) fn absent(connection: &mut PgConnection, kind: Kind, number: &Number) -> StoreError {
    let other = sip_account::table
        .filter(sip_account::number.eq(number.as_str()))
        .filter(sip_account::kind.eq(kind.other().as_str()));
    match diesel::select(exists(other)).get_result(connection) {
        Ok(true) => StoreError::NotFound(
            Refusal::new(format!("there is no {} `{number}`", kind.word()))
                .hint(format!("`{number}` is the number of {}", kind.other().one())),
        ),
        Ok(false) => StoreError::unknown(kind.entity(), number),
        Err(error) => error.into(),
    }
}
