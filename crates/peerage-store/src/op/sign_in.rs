//! Browsers that sign in.
//!
//! Cookies are random; the database holds their SHA-256, which needs no salt because nobody can guess what was random.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Double, Nullable, Text, Timestamptz};
use peerage_model::{QueueName, Secret, Username};
use sha2::{Digest, Sha256};

use crate::entity::sign_in::{Holder, LetInBy, NewSignIn, Origin, Seen, SignInEnd, SignInError};
use crate::pool::Store;
use crate::row::{maybe_parsed, parsed};
use crate::{StoreError, password};

/// Failures after which a user waits.
const FAILURES: i32 = 5;

/// How long, in minutes.
const LOCKED_MINUTES: i32 = 15;

#[derive(QueryableByName)]
struct UserRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Nullable<Text>)]
    password_hash: Option<String>,
}

#[derive(QueryableByName)]
struct LockedRow {
    #[diesel(sql_type = Nullable<Text>)]
    password_hash: Option<String>,
    #[diesel(sql_type = Bool)]
    disabled: bool,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    locked_until: Option<jiff_diesel::Timestamp>,
    #[diesel(sql_type = Text)]
    role: String,
}

#[derive(QueryableByName)]
pub(super) struct HolderRow {
    #[diesel(sql_type = BigInt)]
    pub(super) id: i64,
    #[diesel(sql_type = Nullable<Text>)]
    username: Option<String>,
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Nullable<Text>)]
    agent: Option<String>,
    #[diesel(sql_type = Array<Text>)]
    queues: Vec<String>,
    /// Why it holds no more.
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) end_cause: Option<String>,
    /// Whether its last use was noted long enough ago to be noted again.
    #[diesel(sql_type = Bool)]
    pub(super) stale: bool,
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

#[derive(QueryableByName)]
struct EndedRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    end_cause: String,
}

impl Store {
    /// Signs a browser in. An agent's other browsers are signed out by it; the agent's own session goes on.
    ///
    /// # Errors
    ///
    /// [`SignInError`].
    pub fn sign_in(&self, username: &Username, given: &str, origin: &Origin) -> Result<NewSignIn, SignInError> {
        let id = self.check_password(username, given)?;
        let token = Secret::generate().map_err(StoreError::from)?;
        let digest = digest(token.expose());
        let session = self.write(|connection| {
            diesel::sql_query(
                "update peerage.console_session as session
                 set
                   ended_at = clock_timestamp(),
                   end_cause = 'signed_in_elsewhere'
                 from peerage.login_account as login
                 where login.id = session.login_id
                   and login.id = $1
                   and login.role = 'agent'
                   and session.ended_at is null",
            )
            .bind::<BigInt, _>(id)
            .execute(connection)?;
            let session: IdRow = diesel::sql_query(
                "insert into peerage.console_session (token_digest, login_id, address, user_agent)
                 values ($1, $2, left($3, 100), left($4, 200))
                 returning id",
            )
            .bind::<Text, _>(&digest)
            .bind::<BigInt, _>(id)
            .bind::<Nullable<Text>, _>(origin.address.as_deref())
            .bind::<Nullable<Text>, _>(origin.user_agent.as_deref())
            .get_result(connection)?;
            Ok::<_, SignInError>(session.id)
        })?;
        match self.signed_in(token.expose(), Duration::MAX)? {
            Seen::In(holder) => Ok(NewSignIn { token, holder }),
            // Somebody ended it in this moment.
            Seen::Ended(_) | Seen::Unknown => {
                tracing::warn!(session, "a sign-in ended as it began");
                Err(SignInError::Disabled)
            }
        }
    }

    /// Who signed in with this browser. A session without a request for longer than `idle` has ended.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn signed_in(&self, token: &str, idle: Duration) -> Result<Seen, StoreError> {
        let digest = digest(token);
        let row: Option<HolderRow> = self.read(|connection| {
            Ok(diesel::sql_query(include_str!("sign_in/session.sql"))
                .bind::<Text, _>(&digest)
                .bind::<Double, _>(seconds(idle))
                .get_result(connection)
                .optional()?)
        })?;
        let Some(row) = row else { return Ok(Seen::Unknown) };
        if let Some(cause) = &row.end_cause {
            return Ok(Seen::Ended(SignInEnd::of(cause)));
        }
        if row.stale {
            self.write(|connection| {
                diesel::sql_query("update peerage.console_session set seen_at = clock_timestamp() where id = $1")
                    .bind::<BigInt, _>(row.id)
                    .execute(connection)?;
                Ok::<_, StoreError>(())
            })?;
        }
        let by = LetInBy::Session(row.id);
        Ok(Seen::In(row.holder(by)?))
    }

    /// Which of these browsers' sessions, by id, hold no more, and why. One that is no more known has expired.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn ended_sign_ins(&self, sessions: &[i64], idle: Duration) -> Result<Vec<(i64, SignInEnd)>, StoreError> {
        self.read(|connection| {
            let rows: Vec<EndedRow> = diesel::sql_query(include_str!("sign_in/ended.sql"))
                .bind::<Array<BigInt>, _>(sessions)
                .bind::<Double, _>(seconds(idle))
                .load(connection)?;
            Ok(rows
                .into_iter()
                .map(|row| (row.id, SignInEnd::of(&row.end_cause)))
                .collect())
        })
    }

    /// Signs a browser out; one that is not signed in stays so.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn sign_out(&self, token: &str) -> Result<(), StoreError> {
        let digest = digest(token);
        self.write(|connection| {
            diesel::sql_query(
                "update peerage.console_session
                 set
                   ended_at = clock_timestamp(),
                   end_cause = 'signed_out'
                 where token_digest = $1
                   and ended_at is null",
            )
            .bind::<Text, _>(&digest)
            .execute(connection)?;
            Ok(())
        })
    }

    /// Changes one's own password, and signs all other browsers of the user out.
    ///
    /// # Errors
    ///
    /// The old password is wrong, and what else [`SignInError`] lists.
    pub fn change_password(
        &self,
        username: &Username,
        old: &str,
        new: &Secret,
        session: Option<i64>,
    ) -> Result<(), SignInError> {
        let id = self.check_password(username, old)?;
        let hash = password::hash(new);
        self.write(|connection| {
            diesel::sql_query("update peerage.login_account set password_hash = $2 where id = $1")
                .bind::<BigInt, _>(id)
                .bind::<Text, _>(&hash)
                .execute(connection)?;
            end_sessions(connection, id, session, SignInEnd::PasswordChanged)?;
            Ok(())
        })
    }

    /// Checks a password, counts a failure, and returns the user's id. The hash is computed outside of any transaction: it takes its time.
    fn check_password(&self, username: &Username, given: &str) -> Result<i64, SignInError> {
        let user: Option<UserRow> = self.read(|connection| {
            Ok(
                diesel::sql_query("select id, password_hash from peerage.login_account where username = $1")
                    .bind::<Text, _>(username.as_str())
                    .get_result(connection)
                    .optional()?,
            )
        })?;
        let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
        let right = password::verify(given, hash);
        let Some(user) = user else {
            return Err(SignInError::Wrong);
        };
        self.write(|connection| {
            let now: LockedRow = diesel::sql_query(
                "select
                   login.password_hash,
                   login.disabled or agent.removed_at is not null as disabled,
                   case
                     when login.locked_until > clock_timestamp() then login.locked_until
                   end as locked_until,
                   login.role
                 from peerage.login_account as login
                   left join peerage.agent as agent on agent.id = login.agent_id and login.role = 'agent'
                 where login.id = $1
                 for update of login",
            )
            .bind::<BigInt, _>(user.id)
            .get_result(connection)?;
            tracing::debug!(role = now.role, right, "a password was checked");
            // It was changed meanwhile: what was checked is not what counts.
            let right = right && now.password_hash == user.password_hash;
            Ok::<_, SignInError>(match (right, now.locked_until) {
                (false, None) => {
                    count_failure(connection, user.id)?;
                    Err(SignInError::Wrong)
                }
                (false, Some(_)) => Err(SignInError::Wrong),
                (true, Some(until)) => Err(SignInError::Locked(until.to_jiff())),
                (true, None) if now.disabled => Err(SignInError::Disabled),
                (true, None) => {
                    diesel::sql_query(
                        "update peerage.login_account
                         set
                           failed_sign_ins = 0,
                           locked_until = null
                         where id = $1
                           and (failed_sign_ins > 0 or locked_until is not null)",
                    )
                    .bind::<BigInt, _>(user.id)
                    .execute(connection)?;
                    Ok(user.id)
                }
            })
        })?
    }
}

/// Ends a user's browsers, but this one.
pub(crate) fn end_sessions(
    connection: &mut PgConnection,
    login: i64,
    but: Option<i64>,
    cause: SignInEnd,
) -> QueryResult<()> {
    diesel::sql_query(
        "update peerage.console_session
         set
           ended_at = clock_timestamp(),
           end_cause = $3
         where login_id = $1
           and id is distinct from $2
           and ended_at is null",
    )
    .bind::<BigInt, _>(login)
    .bind::<Nullable<BigInt>, _>(but)
    .bind::<Text, _>(cause.as_str())
    .execute(connection)?;
    Ok(())
}

fn count_failure(connection: &mut PgConnection, id: i64) -> QueryResult<()> {
    diesel::sql_query(
        "update peerage.login_account
         set
           failed_sign_ins = case
             when locked_until is null then failed_sign_ins + 1
             else 1
           end,
           locked_until = case
             when locked_until is null and failed_sign_ins + 1 >= $2 then clock_timestamp() + make_interval(mins => $3)
           end
         where id = $1",
    )
    .bind::<BigInt, _>(id)
    .bind::<diesel::sql_types::Integer, _>(FAILURES)
    .bind::<diesel::sql_types::Integer, _>(LOCKED_MINUTES)
    .execute(connection)?;
    Ok(())
}

pub(super) fn digest(token: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(token.as_bytes()) {
        for half in [byte >> 4, byte & 15] {
            hex.extend(char::from_digit(half.into(), 16));
        }
    }
    hex
}

/// At most a hundred years, which PostgreSQL can still subtract from now.
fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64().min(3.2e9)
}

impl HolderRow {
    pub(super) fn holder(self, by: LetInBy) -> Result<Holder, StoreError> {
        Ok(Holder {
            username: maybe_parsed(self.username)?,
            role: parsed(self.role)?,
            agent: maybe_parsed(self.agent)?,
            queues: self
                .queues
                .into_iter()
                .map(parsed::<QueueName>)
                .collect::<Result<_, _>>()?,
            by,
        })
    }
}
