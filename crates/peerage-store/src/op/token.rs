//! Tokens that let programs in. They are random, as cookies are, and kept as digests alike.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};
use peerage_model::{Role, Secret, Username, generate_token};

use super::sign_in::{HolderRow, digest};
use crate::entity::sign_in::{Holder, LetInBy, NewToken, Token};
use crate::error::Refusal;
use crate::pool::Store;
use crate::row::{maybe_parsed, parsed};
use crate::{Entity, StoreError};

#[derive(QueryableByName)]
struct TokenRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Nullable<Text>)]
    username: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    expires_at: Option<jiff_diesel::Timestamp>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    used_at: Option<jiff_diesel::Timestamp>,
    #[diesel(sql_type = Timestamptz)]
    created_at: jiff_diesel::Timestamp,
}

#[derive(QueryableByName)]
struct NameRow {
    #[diesel(sql_type = Text)]
    name: String,
}

impl Store {
    /// Adds a token, and returns it, which is the only time it is seen.
    ///
    /// # Errors
    ///
    /// The name is taken or breaks its rule, there is no such user, or the user may less than the token should.
    pub fn add_token(&self, new: &NewToken) -> Result<Secret, StoreError> {
        if let Some(username) = &new.username {
            let login = self.login(username)?;
            if !may_as_much(login.role, new.role) {
                return Err(StoreError::Invalid(
                    Refusal::new(format!(
                        "user {username} is {}, so a token for it cannot be {}",
                        login.role, new.role
                    ))
                    .hint("choose a lower role, or another user")
                    .field("role"),
                ));
            }
            if new.role == Role::Agent && login.agent.is_none() {
                return Err(StoreError::Invalid(
                    Refusal::new(format!(
                        "user {username} is no agent, so a token for it cannot be agent"
                    ))
                    .hint("choose another role, or another user")
                    .field("role"),
                ));
            }
        }
        let token = generate_token()?;
        let digest = digest(token.expose());
        self.write(|connection| {
            diesel::sql_query(
                "insert into peerage.api_token (name, token_digest, role, login_id, expires_at)
                 values ($1, $2, $3, (select id from peerage.login_account where username = $4), $5)",
            )
            .bind::<Text, _>(&new.name)
            .bind::<Text, _>(&digest)
            .bind::<Text, _>(new.role.as_str())
            .bind::<Nullable<Text>, _>(new.username.as_ref().map(Username::as_str))
            .bind::<Nullable<Timestamptz>, _>(new.expires_at.map(jiff_diesel::Timestamp::from))
            .execute(connection)?;
            Ok(token)
        })
    }

    /// All tokens, by name.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        self.read(|connection| {
            let rows: Vec<TokenRow> = diesel::sql_query(
                "select
                   token.name,
                   token.role,
                   login.username,
                   token.expires_at,
                   token.used_at,
                   token.created_at
                 from peerage.api_token as token
                   left join peerage.login_account as login on login.id = token.login_id
                 order by token.name",
            )
            .load(connection)?;
            rows.into_iter().map(TokenRow::token).collect()
        })
    }

    /// Removes a token; who has it is let in no more.
    ///
    /// # Errors
    ///
    /// There is none of this name.
    pub fn remove_token(&self, name: &str) -> Result<(), StoreError> {
        self.write(|connection| {
            let removed = diesel::sql_query("delete from peerage.api_token where name = $1")
                .bind::<Text, _>(name)
                .execute(connection)?;
            if removed == 0 {
                return Err(StoreError::unknown(Entity::Token, name));
            }
            Ok(())
        })
    }

    /// Whom a token lets in; none when it does not.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn token_holder(&self, token: &str) -> Result<Option<Holder>, StoreError> {
        let digest = digest(token);
        let row: Option<(HolderRow, String)> = self.read(|connection| {
            let row: Option<HolderRow> = diesel::sql_query(include_str!("token/holder.sql"))
                .bind::<Text, _>(&digest)
                .get_result(connection)
                .optional()?;
            let Some(row) = row else { return Ok(None) };
            let name: NameRow = diesel::sql_query("select name from peerage.api_token where id = $1")
                .bind::<BigInt, _>(row.id)
                .get_result(connection)?;
            Ok(Some((row, name.name)))
        })?;
        let Some((row, name)) = row.filter(|(row, _)| row.end_cause.is_none()) else {
            return Ok(None);
        };
        if row.stale {
            self.write(|connection| {
                diesel::sql_query("update peerage.api_token set used_at = clock_timestamp() where id = $1")
                    .bind::<BigInt, _>(row.id)
                    .execute(connection)?;
                Ok::<_, StoreError>(())
            })?;
        }
        Ok(Some(row.holder(LetInBy::Token(name))?))
    }
}

/// Whether somebody of the first role may all that the second may.
fn may_as_much(has: Role, wanted: Role) -> bool {
    use Role::{Admin, Agent, Supervisor};
    matches!(
        (has, wanted),
        (Admin, _) | (Supervisor, Supervisor | Agent) | (Agent, Agent)
    )
}

impl TokenRow {
    fn token(self) -> Result<Token, StoreError> {
        Ok(Token {
            name: self.name,
            role: parsed(self.role)?,
            username: maybe_parsed(self.username)?,
            expires_at: self.expires_at.map(jiff_diesel::Timestamp::to_jiff),
            used_at: self.used_at.map(jiff_diesel::Timestamp::to_jiff),
            created_at: self.created_at.to_jiff(),
        })
    }
}
