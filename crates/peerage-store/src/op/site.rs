use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use peerage_model::{Invalid, SiteName};

use crate::pool::Store;
use crate::row::account::Kind;
use crate::row::site::{SiteRow, SiteSettings};
use crate::schema::{sip_account, site};
use crate::{Entity, Site, SitePatch, StoreError};

impl Store {
    /// Adds a site; what the patch does not say has its default.
    ///
    /// # Errors
    ///
    /// The name is taken, or the database server does not know the time zone.
    pub fn add_site(&self, name: &SiteName, settings: &SitePatch) -> Result<(), StoreError> {
        self.write(|connection| {
            // The defaults stand once, in the table.
            let mut columns: SiteSettings = diesel::insert_into(site::table)
                .values(site::name.eq(name.as_str()))
                .returning(SiteSettings::as_returning())
                .get_result(connection)?;
            apply(connection, name, &mut columns, settings)?;
            Ok(())
        })
    }

    /// All sites, by name.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn sites(&self) -> Result<Vec<Site>, StoreError> {
        self.read(|connection| {
            let rows: Vec<SiteRow> = site::table
                .select(SiteRow::as_select())
                .order(site::name)
                .load(connection)?;
            rows.into_iter().map(|row| entity(connection, row)).collect()
        })
    }

    /// The site of this name.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn site(&self, name: &SiteName) -> Result<Site, StoreError> {
        self.read(|connection| {
            let row = site::table
                .filter(site::name.eq(name.as_str()))
                .select(SiteRow::as_select())
                .first(connection)
                .optional()?;
            entity(connection, row.ok_or_else(|| StoreError::unknown(Entity::Site, name))?)
        })
    }

    /// Changes a site, and tells whether anything changed.
    ///
    /// # Errors
    ///
    /// There is none, or the database server does not know the time zone.
    pub fn set_site(&self, name: &SiteName, patch: &SitePatch) -> Result<bool, StoreError> {
        self.write(|connection| {
            // What Asterisk is told of every account of the site may change.
            connection.batch_execute("set local statement_timeout = '10min'")?;
            let mut columns = lock(connection, name)?.settings;
            apply(connection, name, &mut columns, patch)
        })
    }

    /// How many agents of a site have a phone or mobile that it does not allow: from before its rule, or from another site.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn refused_numbers(&self, name: &SiteName) -> Result<i64, StoreError> {
        self.read(|connection| {
            let query = "select count(distinct refused.agent_id) as agents
                from peerage.refused_number as refused
                  join peerage.site as site on site.id = refused.site_id
                where site.name = $1";
            let Refused { agents } = diesel::sql_query(query)
                .bind::<Text, _>(name.as_str())
                .get_result(connection)?;
            Ok(agents)
        })
    }

    /// Removes a site that nobody belongs to. The site `default` stays.
    ///
    /// # Errors
    ///
    /// There is none, agents or telephones belong to it, or it is `default`.
    pub fn remove_site(&self, name: &SiteName) -> Result<(), StoreError> {
        if *name == SiteName::default() {
            return Err(StoreError::conflict(
                format!("site `{name}` cannot be removed"),
                "new agents and telephones belong to it unless a site is named",
            ));
        }
        self.write(|connection| {
            let row = lock(connection, name)?;
            let id = row.id;
            let site = entity(connection, row)?;
            if site.agents + site.phones > 0 {
                return Err(StoreError::conflict(
                    format!(
                        "site `{name}` is in use: agents {}, telephones {}",
                        site.agents, site.phones
                    ),
                    "move its agents and telephones to another site first",
                ));
            }
            diesel::delete(site::table.find(id)).execute(connection)?;
            Ok(())
        })
    }
}

fn lock(connection: &mut PgConnection, name: &SiteName) -> Result<SiteRow, StoreError> {
    let row = site::table
        .filter(site::name.eq(name.as_str()))
        .select(SiteRow::as_select())
        .for_update()
        .first(connection)
        .optional()?;
    row.ok_or_else(|| StoreError::unknown(Entity::Site, name))
}

/// Writes what differs, and tells whether anything did.
fn apply(
    connection: &mut PgConnection,
    name: &SiteName,
    columns: &mut SiteSettings,
    patch: &SitePatch,
) -> Result<bool, StoreError> {
    let current = columns.clone();
    columns.apply(patch);
    if *columns == current {
        return Ok(false);
    }
    if columns.time_zone != current.time_zone {
        check_time_zone(connection, &columns.time_zone)?;
    }
    diesel::update(site::table.filter(site::name.eq(name.as_str())))
        .set(&*columns)
        .execute(connection)?;
    Ok(true)
}

#[derive(QueryableByName)]
struct Refused {
    #[diesel(sql_type = BigInt)]
    agents: i64,
}

#[derive(QueryableByName)]
struct Known {
    #[diesel(sql_type = Bool)]
    known: bool,
}

/// Reports are read in the database, so the time zones are those that its server knows.
fn check_time_zone(connection: &mut PgConnection, name: &str) -> Result<(), StoreError> {
    let query = "select exists (select from pg_catalog.pg_timezone_names where name = $1) as known";
    let Known { known } = diesel::sql_query(query).bind::<Text, _>(name).get_result(connection)?;
    if known {
        Ok(())
    } else {
        let rule = "a time zone that the database server knows, such as Europe/Rome; upper and lower case count";
        Err(Invalid::new("time_zone", name, rule).into())
    }
}

fn entity(connection: &mut PgConnection, row: SiteRow) -> Result<Site, StoreError> {
    let mut count = |kind: Kind| -> Result<i64, StoreError> {
        let of_site = sip_account::table.filter(sip_account::site_id.eq(row.id));
        let of_kind = of_site.filter(sip_account::kind.eq(kind.as_str()));
        Ok(of_kind
            .select(diesel::dsl::count_star())
            .get_result::<i64>(connection)?)
    };
    let (agents, phones) = (count(Kind::Agent)?, count(Kind::Phone)?);
    row.with_counts(agents, phones)
}
