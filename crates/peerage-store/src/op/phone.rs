use diesel::prelude::*;
use peerage_model::{Number, Secret};

use super::account;
use crate::pool::Store;
use crate::row::account::Kind;
use crate::row::phone::{PhoneColumns, PhoneRow};
use crate::row::{maybe_parsed, parsed, text};
use crate::schema::{phone, sip_account, site};
use crate::{EditError, Entity, Filter, NewPhone, Phone, PhonePatch, StoreError};

impl Store {
    /// Adds a telephone with its SIP account.
    ///
    /// # Errors
    ///
    /// The number is taken, the site does not exist, or settings do not go together.
    pub fn add_phone(&self, new: &NewPhone, secret: &Secret) -> Result<(), StoreError> {
        self.write(|connection| {
            let account = account::insert(connection, Kind::Phone, &new.account, secret)?;
            diesel::insert_into(phone::table)
                .values(PhoneColumns::new(
                    account,
                    &new.account.number,
                    &new.full_name,
                    &new.emergency_callerid,
                ))
                .execute(connection)?;
            Ok(())
        })
    }

    /// The telephones that meet the filter, in order of their numbers.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn phones(&self, filter: &Filter) -> Result<Vec<Phone>, StoreError> {
        self.read(|connection| {
            let mut query = phone::table
                .inner_join(sip_account::table.on(phone::account_id.eq(sip_account::id)))
                .inner_join(site::table.on(site::id.eq(sip_account::site_id)))
                .select(PhoneRow::as_select())
                .into_boxed();
            if let Some(pattern) = filter.pattern() {
                query = query.filter(phone::number.ilike(pattern.clone()).or(phone::full_name.ilike(pattern)));
            }
            if let Some(site) = &filter.site {
                query = query.filter(site::name.eq(site.as_str().to_owned()));
            }
            if let Some(after) = &filter.after {
                query = query.filter(phone::number.gt(after.as_str().to_owned()));
            }
            if filter.weak_secret {
                query = query.filter(account::has_weak_secret());
            }
            if let Some(limit) = filter.limit {
                query = query.limit(limit.into());
            }
            let rows = match &filter.before {
                None => query.order(phone::number).load(connection)?,
                Some(before) => {
                    let before = query.filter(phone::number.lt(before.as_str().to_owned()));
                    let mut rows: Vec<PhoneRow> = before.order(phone::number.desc()).load(connection)?;
                    rows.reverse();
                    rows
                }
            };
            entities(connection, rows)
        })
    }

    /// The telephone of this number.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn phone(&self, number: &Number) -> Result<Phone, StoreError> {
        self.read(|connection| {
            let row: Option<PhoneRow> = phone::table
                .filter(phone::number.eq(number.as_str()))
                .select(PhoneRow::as_select())
                .first(connection)
                .optional()?;
            let phones = entities(connection, row.into_iter().collect())?;
            match phones.into_iter().next() {
                Some(phone) => Ok(phone),
                None => Err(account::absent(connection, Kind::Phone, number)),
            }
        })
    }

    /// Changes a telephone, and tells whether anything changed.
    ///
    /// # Errors
    ///
    /// There is none, the new number is taken or comes without a new secret, the new site does not exist, or settings do not go
    /// together.
    pub fn set_phone(&self, number: &Number, patch: &PhonePatch) -> Result<bool, StoreError> {
        self.write(|connection| {
            let (row, account) = lock(connection, number)?;
            change(connection, row, &account, number, patch)
        })
    }

    /// Changes a telephone as somebody decides who sees how it stands at that moment, when nobody else can change anything, and tells
    /// whether anything changed.
    ///
    /// # Errors
    ///
    /// What `decide` refuses, and as [`Store::set_phone`].
    pub fn edit_phone<E>(
        &self,
        number: &Number,
        decide: impl FnOnce(&Phone) -> Result<PhonePatch, E>,
    ) -> Result<bool, EditError<E>> {
        self.write(|connection| {
            let (row, account) = lock(connection, number)?;
            let found = entities(connection, vec![row.clone()])?.into_iter().next();
            let phone = found.ok_or_else(|| StoreError::unknown(Entity::Phone, number))?;
            let patch = decide(&phone).map_err(EditError::Refused)?;
            Ok(change(connection, row, &account, number, &patch)?)
        })
    }

    /// Removes a telephone with its account, its contacts and its registration.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn remove_phone(&self, number: &Number) -> Result<(), StoreError> {
        self.write(|connection| lock(connection, number)?.1.delete(connection))
    }
}

/// Writes what differs, and tells whether anything did.
fn change(
    connection: &mut PgConnection,
    row: PhoneRow,
    account: &account::Locked,
    number: &Number,
    patch: &PhonePatch,
) -> Result<bool, StoreError> {
    let account_changed = account.update(connection, &patch.account)?;
    // A new number has come with the account.
    let mut old = row.columns;
    old.number = patch.account.number.as_ref().unwrap_or(number).to_string();
    let mut new = old.clone();
    if let Some(name) = &patch.full_name {
        new.full_name = name.to_string();
    }
    if let Some(callerid) = &patch.emergency_callerid {
        new.emergency_callerid = text(callerid);
    }
    if new != old {
        diesel::update(phone::table.find(row.id))
            .set(&new)
            .execute(connection)?;
    }
    Ok(account_changed || new != old)
}

/// A telephone that is about to be changed.
fn lock(connection: &mut PgConnection, number: &Number) -> Result<(PhoneRow, account::Locked), StoreError> {
    let row: Option<PhoneRow> = phone::table
        .filter(phone::number.eq(number.as_str()))
        .select(PhoneRow::as_select())
        .for_update()
        .first(connection)
        .optional()?;
    let Some(row) = row else {
        return Err(account::absent(connection, Kind::Phone, number));
    };
    let account = account::lock(connection, Kind::Phone, row.columns.account_id)?;
    Ok((row, account))
}

fn entities(connection: &mut PgConnection, rows: Vec<PhoneRow>) -> Result<Vec<Phone>, StoreError> {
    let account_ids: Vec<i64> = rows.iter().map(|row| row.columns.account_id).collect();
    let mut accounts = account::load(connection, &account_ids)?;
    let mut phones = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(account) = accounts.remove(&row.columns.account_id) {
            phones.push(Phone {
                account,
                full_name: parsed(row.columns.full_name)?,
                emergency_callerid: maybe_parsed(row.columns.emergency_callerid)?,
            });
        }
    }
    Ok(phones)
}
