//! Browsers that sign in.
//!
//! Cookies are random; the database holds their SHA-256, which needs no salt because nobody can guess what was random.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Double, Nullable, Text};
use peerage_model::{Password, QueueName, Secret, Username};
use sha2::{Digest, Sha256};

use crate::entity::sign_in::{Holder, LetInBy, NewSignIn, Origin, Seen, SignInEnd, SignInError, Tokens};
use crate::hashing::{Rank, slot};
use crate::pool::Store;
use crate::row::{maybe_parsed, parsed};
use crate::{StoreError, password};

/// Most rows that remember failures to sign in.
const MAX_ATTEMPTS: i64 = 100_000;

/// An attempt, as the database sees it.
#[derive(QueryableByName)]
struct AttemptRow {
    #[diesel(sql_type = Nullable<BigInt>)]
    login_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    password_hash: Option<String>,
    #[diesel(sql_type = Text)]
    lane: String,
    #[diesel(sql_type = Double)]
    wait_seconds: f64,
}

#[derive(QueryableByName)]
struct StandingRow {
    #[diesel(sql_type = Nullable<Text>)]
    password_hash: Option<String>,
    #[diesel(sql_type = Bool)]
    disabled: bool,
}

/// Who tries, and from where, as the tables tell them apart.
struct Attempt<'a> {
    /// Empty for a name that nobody can have.
    username: &'a str,
    user: String,
    network: String,
    device: String,
    /// Whoever is signed in, and changes the own password.
    is_own: bool,
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
    #[diesel(sql_type = Bool)]
    sees_own_history: bool,
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
        self.sign_in_as(username.as_str(), given, origin)
    }

    /// The same with a name as somebody typed it. A name that nobody can have is treated as one that nobody has.
    ///
    /// # Errors
    ///
    /// [`SignInError`].
    pub fn sign_in_as(&self, name: &str, given: &str, origin: &Origin) -> Result<NewSignIn, SignInError> {
        let attempt = Attempt {
            username: Username::try_from(name).map_or("", |_can_be| name),
            user: digest(name),
            network: origin.network(),
            device: origin.device.as_deref().map(digest).unwrap_or_default(),
            is_own: false,
        };
        let id = self.check_password(&attempt, given)?;
        let token = Secret::generate().map_err(StoreError::from)?;
        let device = Secret::generate().map_err(StoreError::from)?;
        let digest = digest(token.expose());
        let device_digest = self::digest(device.expose());
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
            .bind::<Nullable<Text>, _>(origin.address.map(|address| address.to_canonical().to_string()))
            .bind::<Nullable<Text>, _>(origin.user_agent.as_deref())
            .get_result(connection)?;
            diesel::sql_query("select peerage.note_sign_in($1, $2, $3, $4)")
                .bind::<BigInt, _>(id)
                .bind::<Text, _>(&attempt.network)
                .bind::<Text, _>(&attempt.device)
                .bind::<Text, _>(&device_digest)
                .execute(connection)?;
            Ok::<_, SignInError>(session.id)
        })?;
        match self.signed_in(token.expose(), Duration::MAX)? {
            Seen::In(holder) => Ok(NewSignIn { token, device, holder }),
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

    /// Changes one's own password, and signs all other browsers of the user out. Tokens stay, unless they are to end with it.
    ///
    /// # Errors
    ///
    /// The old password is wrong, and what else [`SignInError`] lists.
    pub fn change_password(
        &self,
        username: &Username,
        old: &str,
        new: &Password,
        session: Option<i64>,
        tokens: Tokens,
    ) -> Result<(), SignInError> {
        new.check_for(username).map_err(StoreError::from)?;
        let attempt = Attempt {
            username: username.as_str(),
            user: digest(username.as_str()),
            network: String::new(),
            device: String::new(),
            is_own: true,
        };
        let id = self.check_password(&attempt, old)?;
        let hash = password::hash(new)?;
        self.write(|connection| {
            diesel::sql_query("update peerage.login_account set password_hash = $2 where id = $1")
                .bind::<BigInt, _>(id)
                .bind::<Text, _>(&hash)
                .execute(connection)?;
            end_sessions(connection, id, session, SignInEnd::PasswordChanged)?;
            if tokens == Tokens::End {
                end_tokens(connection, id)?;
            }
            Ok(())
        })
    }

    /// Forgets failures that are old, and devices and networks that were not used for long.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn forget_sign_ins(&self) -> Result<(), StoreError> {
        self.write(|connection| {
            diesel::sql_query("select peerage.forget_sign_ins($1)")
                .bind::<BigInt, _>(MAX_ATTEMPTS)
                .execute(connection)?;
            Ok(())
        })
    }

    /// Checks a password, and returns the user's id.
    ///
    /// An attempt is counted as a failure before the password is compared, and given back after a success: of many at once, no more are
    /// compared than of many in a row. The hash is computed outside of any transaction: it takes its time.
    fn check_password(&self, attempt: &Attempt<'_>, given: &str) -> Result<i64, SignInError> {
        // Looked at first without counting: whoever must wait takes nobody's place among those who hash.
        let known = self.attempt(attempt, false)?;
        let rank = if known.lane == "user" {
            Rank::Stranger
        } else {
            Rank::Known
        };
        let mut slot = slot(rank)?;
        let AttemptRow {
            login_id,
            password_hash,
            lane,
            ..
        } = self.attempt(attempt, true)?;
        let right = password::verify(&mut slot, given, password_hash.as_deref());
        drop(slot);
        self.write(|connection| {
            let standing: Option<StandingRow> = diesel::sql_query(
                "select
                   login.password_hash,
                   login.disabled or agent.removed_at is not null as disabled
                 from peerage.login_account as login
                   left join peerage.agent as agent on agent.id = login.agent_id and login.role = 'agent'
                 where login.id = $1
                 for update of login",
            )
            .bind::<Nullable<BigInt>, _>(login_id)
            .get_result(connection)
            .optional()?;
            // It was changed meanwhile: what was checked is not what counts.
            let right = right && standing.as_ref().is_some_and(|now| now.password_hash == password_hash);
            let disabled = standing.is_some_and(|now| now.disabled);
            diesel::sql_query("select peerage.end_sign_in($1, $2, $3, $4, $5, $6)")
                .bind::<Nullable<BigInt>, _>(login_id)
                .bind::<Text, _>(&lane)
                .bind::<Text, _>(&attempt.user)
                .bind::<Text, _>(&attempt.network)
                .bind::<Text, _>(&attempt.device)
                .bind::<Bool, _>(right && !disabled)
                .execute(connection)?;
            Ok::<_, SignInError>(match (right, login_id) {
                (true, Some(_)) if disabled => Err(SignInError::Disabled),
                (true, Some(id)) => Ok(id),
                _ => Err(SignInError::Wrong),
            })
        })?
    }

    /// In which lane an attempt runs.
    fn attempt(&self, attempt: &Attempt<'_>, counts: bool) -> Result<AttemptRow, SignInError> {
        let row: AttemptRow = self.write(|connection| {
            Ok::<_, StoreError>(
                diesel::sql_query(
                    "select
                       attempt.login_id,
                       attempt.password_hash,
                       attempt.lane,
                       attempt.wait_seconds
                     from peerage.begin_sign_in($1, $2, $3, $4, $5, $6) as attempt",
                )
                .bind::<Text, _>(attempt.username)
                .bind::<Text, _>(&attempt.user)
                .bind::<Text, _>(&attempt.network)
                .bind::<Text, _>(&attempt.device)
                .bind::<Bool, _>(attempt.is_own)
                .bind::<Bool, _>(counts)
                .get_result(connection)?,
            )
        })?;
        if row.wait_seconds > 0.0 {
            return Err(SignInError::Throttled(Duration::from_secs_f64(
                row.wait_seconds.min(86_400.0),
            )));
        }
        Ok(row)
    }
}

/// Removes a user's tokens.
pub(super) fn end_tokens(connection: &mut PgConnection, login: i64) -> QueryResult<()> {
    diesel::sql_query("delete from peerage.api_token where login_id = $1")
        .bind::<BigInt, _>(login)
        .execute(connection)?;
    Ok(())
}

/// Forgets a user's failures, in all lanes.
pub(super) fn forget_failures(connection: &mut PgConnection, username: &Username) -> QueryResult<()> {
    diesel::sql_query("delete from peerage.sign_in_attempt where user_digest = $1")
        .bind::<Text, _>(digest(username.as_str()))
        .execute(connection)?;
    Ok(())
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
            sees_own_history: self.sees_own_history,
            queues: self
                .queues
                .into_iter()
                .map(parsed::<QueueName>)
                .collect::<Result<_, _>>()?,
            by,
        })
    }
}
