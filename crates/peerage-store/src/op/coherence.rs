//! What whoever keeps Asterisk in step has to know of accounts, and how a registration is ended that a node has not ended itself.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Timestamptz};
use jiff_diesel::Timestamp;
use peerage_model::{NodeName, Number};

use crate::StoreError;
use crate::pool::Store;
use crate::row::parsed;

/// Of an account that Asterisk is told of, what decides how it is to forget it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// Its number.
    pub number: Number,
    /// Seconds between OPTIONS requests; none for an account that cannot be called.
    pub qualify: Option<u32>,
    /// Whether it is at a fixed address.
    pub is_fixed: bool,
    /// Whether it is registered with chan_sip now.
    pub has_sip_registration: bool,
}

/// A registration that chan_sip wrote, as far as it tells one from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SipRegistration {
    /// The node that wrote it, by its name.
    pub node: String,
    /// When.
    pub written_at: jiff::Timestamp,
}

#[derive(QueryableByName)]
struct ServedRow {
    #[diesel(sql_type = Text)]
    number: String,
    #[diesel(sql_type = Nullable<Integer>)]
    qualify: Option<i32>,
    #[diesel(sql_type = Bool)]
    is_fixed: bool,
    #[diesel(sql_type = Bool)]
    has_sip_registration: bool,
}

impl ServedRow {
    fn served(self) -> Result<Served, StoreError> {
        Ok(Served {
            number: parsed(self.number)?,
            qualify: self.qualify.and_then(|seconds| u32::try_from(seconds).ok()),
            is_fixed: self.is_fixed,
            has_sip_registration: self.has_sip_registration,
        })
    }
}

#[derive(QueryableByName)]
struct RegistrationRow {
    #[diesel(sql_type = Text)]
    node: String,
    #[diesel(sql_type = Timestamptz, deserialize_as = Timestamp)]
    written_at: jiff::Timestamp,
}

#[derive(QueryableByName)]
struct Ended {
    #[diesel(sql_type = Bool)]
    ended: bool,
}

/// Each account that is served has a row here, whatever the driver.
const SERVED: &str = "
select
  peer.number,
  aor.qualify_frequency::integer as qualify,
  aor.contact is not null as is_fixed,
  coalesce(peer.expires_at > pg_catalog.clock_timestamp(), false) as has_sip_registration
from peerage.sip_peer as peer
  left join peerage.pjsip_aor as aor on aor.number = peer.number
";

impl Store {
    /// Those of these numbers that Asterisk is told of.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn served(&self, numbers: &[Number]) -> Result<Vec<Served>, StoreError> {
        let numbers: Vec<&str> = numbers.iter().map(Number::as_str).collect();
        self.read(|connection| {
            let rows: Vec<ServedRow> = diesel::sql_query(format!("{SERVED} where peer.number = any ($1)"))
                .bind::<Array<Text>, _>(numbers)
                .load(connection)?;
            rows.into_iter().map(ServedRow::served).collect()
        })
    }

    /// Accounts that PJSIP takes note of only when it is told to: those at fixed addresses, and those that are not qualified. At most
    /// so many.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn served_quietly(&self, most: u32) -> Result<Vec<Served>, StoreError> {
        self.read(|connection| {
            let quiet = format!("{SERVED} where aor.contact is not null or aor.qualify_frequency = '0' limit $1");
            let rows: Vec<ServedRow> = diesel::sql_query(quiet)
                .bind::<BigInt, _>(i64::from(most))
                .load(connection)?;
            rows.into_iter().map(ServedRow::served).collect()
        })
    }

    /// The registration of a number with chan_sip; none when it has none, or it has run out.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn sip_registration(&self, number: &Number) -> Result<Option<SipRegistration>, StoreError> {
        self.read(|connection| {
            let row: Option<RegistrationRow> = diesel::sql_query(
                "select node, written_at
                from peerage.sip_peer
                where number = $1 and expires_at > pg_catalog.clock_timestamp() and written_at is not null",
            )
            .bind::<Text, _>(number.as_str())
            .get_result(connection)
            .optional()?;
            Ok(row.map(|row| SipRegistration {
                node: row.node,
                written_at: row.written_at,
            }))
        })
    }

    /// Ends a registration with chan_sip in the name of its node, unless it was written since, and tells whether it did.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn end_sip_registration(
        &self,
        number: &Number,
        node: &NodeName,
        written_at: jiff::Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(|connection| {
            let Ended { ended } = diesel::sql_query("select peerage.end_sip_registration($1, $2, $3) as ended")
                .bind::<Text, _>(number.as_str())
                .bind::<Text, _>(node.as_str())
                .bind::<Timestamptz, _>(Timestamp::from(written_at))
                .get_result(connection)?;
            Ok(ended)
        })
    }
}
