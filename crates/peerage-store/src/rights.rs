//! What a login lacks to migrate, or to make and change the roles of nodes, with the statements that grant it.

use diesel::pg::PgConnection;
use diesel::result::Error as DieselError;
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl};

use crate::StoreError;
use crate::error::{Advice, Refusal};

/// Rights that a login lacks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the database login `{login}` lacks the rights of the owner: {}", self.rights())]
pub struct Lacking {
    login: String,
    /// Each right with the statement that grants it.
    missing: Vec<(String, String)>,
}

impl Lacking {
    fn rights(&self) -> String {
        let rights: Vec<&str> = self.missing.iter().map(|(right, _)| right.as_str()).collect();
        rights.join(", ")
    }

    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> Advice {
        let statements: Vec<&str> = self.missing.iter().map(|(_, statement)| statement.as_str()).collect();
        Advice::OwnerRights(statements.join(" "))
    }
}

impl From<Lacking> for StoreError {
    fn from(lacking: Lacking) -> Self {
        Self::Other(Refusal::new(lacking.to_string()).hint(lacking.advice()))
    }
}

/// What the owner's login is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// Migrations and views.
    Migrate,
    /// The roles of nodes.
    Nodes,
}

#[derive(QueryableByName)]
struct Missing {
    #[diesel(sql_type = Text)]
    login: String,
    #[diesel(sql_type = Text)]
    missing: String,
    #[diesel(sql_type = Text)]
    statement: String,
}

/// What this session's login lacks; none when it may do the work.
pub(crate) fn lacking(connection: &mut PgConnection, work: Work) -> Result<Option<Lacking>, DieselError> {
    let rows: Vec<Missing> = diesel::sql_query(include_str!("rights.sql"))
        .bind::<Text, _>(match work {
            Work::Migrate => "migrate",
            Work::Nodes => "nodes",
        })
        .load(connection)?;
    let Some(first) = rows.first() else { return Ok(None) };
    Ok(Some(Lacking {
        login: first.login.clone(),
        missing: rows
            .iter()
            .map(|row| (row.missing.clone(), row.statement.clone()))
            .collect(),
    }))
}
