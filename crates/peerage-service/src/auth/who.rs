use std::net::IpAddr;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use peerage_model::{ActorRole, Number, QueueName, Role, Username};
use peerage_store::{Holder, LetInBy, Seen};

use super::{ClientAddress, cookie, csrf, noted};
use crate::app::App;
use crate::problem::Problem;

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    /// The user; none for a token that acts for nobody.
    pub(crate) username: Option<Username>,
    /// What they may do.
    pub(crate) role: Role,
    /// The agent they are.
    pub(crate) agent: Option<Number>,
    /// Whether that agent may see their own history.
    pub(crate) sees_own_history: bool,
    /// The queues that a supervisor watches.
    pub(crate) queues: Vec<QueueName>,
    /// By what they were let in.
    pub(crate) means: Means,
    /// Where the request comes from; none when not known.
    pub(crate) address: Option<IpAddr>,
}

/// By what somebody was let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Means {
    /// A browser's cookie.
    Cookie {
        /// The session's id.
        session: i64,
        /// What forms of this session must carry.
        csrf: String,
    },
    /// A program's token.
    Token {
        /// The token's name.
        name: String,
    },
}

impl SignedIn {
    pub(super) fn of(holder: Holder, csrf: String, address: Option<IpAddr>) -> Self {
        Self {
            username: holder.username,
            role: holder.role,
            agent: holder.agent,
            sees_own_history: holder.sees_own_history,
            queues: holder.queues,
            means: match holder.by {
                LetInBy::Session(session) => Means::Cookie { session, csrf },
                LetInBy::Token(name) => Means::Token { name },
            },
            address,
        }
    }

    /// The name that audit and history keep: `console:ada`, or `token:crm`.
    pub(crate) fn name(&self) -> String {
        match (&self.means, &self.username) {
            (Means::Token { name }, _) => format!("token:{name}"),
            (Means::Cookie { .. }, Some(username)) => format!("console:{username}"),
            (Means::Cookie { session, .. }, None) => format!("console:{session}"),
        }
    }

    /// Whose allowance of requests and streams it is: a user's, whichever browser or token it is, else the token's.
    pub(crate) fn allowance(&self) -> String {
        match (&self.username, &self.means) {
            (Some(username), _) => format!("user:{username}"),
            (None, _) => self.name(),
        }
    }

    /// For [`App::db_as`](crate::app::App::db_as).
    ///
    /// # Errors
    ///
    /// None that can be seen: names of users and tokens are shorter than an actor may be.
    pub(crate) fn store_actor(&self) -> Result<peerage_store::Actor, Problem> {
        Ok(peerage_store::Actor::new(self.name())?.at(self.address))
    }

    /// For operations on agents' state.
    pub(crate) fn actor(&self) -> peerage_model::Actor {
        let role = match (self.role, &self.agent) {
            (Role::Admin, _) => ActorRole::Admin,
            (Role::Supervisor, _) => ActorRole::Supervisor,
            (Role::Agent, Some(agent)) => ActorRole::Agent(agent.clone()),
            // Not let in: a user of role agent has one. Whoever comes here steers nobody.
            (Role::Agent, None) => ActorRole::System,
        };
        peerage_model::Actor::new(self.name(), role)
    }

    /// For an agent acting on his or her own page, whatever else the user may do.
    pub(crate) fn actor_as_agent(&self) -> peerage_model::Actor {
        match &self.agent {
            Some(agent) => peerage_model::Actor::new(self.name(), ActorRole::Agent(agent.clone())),
            None => self.actor(),
        }
    }

    /// The CSRF token for forms; empty for API clients.
    pub(crate) fn csrf(&self) -> &str {
        match &self.means {
            Means::Cookie { csrf, .. } => csrf,
            Means::Token { .. } => "",
        }
    }

    /// Refuses users without one of these roles.
    pub(crate) fn require(&self, roles: &[Role]) -> Result<(), Problem> {
        if roles.contains(&self.role) {
            return Ok(());
        }
        let wanted: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
        Err(Problem::not_permitted(format!(
            "only {} can do this, and your role is {}",
            wanted.join(" or "),
            self.role
        )))
    }
}

/// Who asks, as far as anybody is known.
async fn identify(parts: &Parts, app: &App) -> Result<Option<SignedIn>, Problem> {
    let address = Some(ClientAddress::of(parts).0);
    if let Some(header) = parts.headers.get(AUTHORIZATION) {
        let token = header
            .to_str()
            .ok()
            .and_then(|text| text.strip_prefix("Bearer "))
            .map(|token| token.trim().to_owned())
            .ok_or_else(|| Problem::not_signed_in().hint("use the form `Authorization: Bearer TOKEN`"))?;
        let holder = app.db(move |store| store.token_holder(&token)).await?;
        return match holder {
            Some(holder) => Ok(Some(SignedIn::of(holder, String::new(), address))),
            None => Err(Problem::new(
                axum::http::StatusCode::UNAUTHORIZED,
                "bad_token",
                "the token is unknown, expired or removed",
            )
            .hint("ask an administrator for a new one")),
        };
    }
    let Some(token) = cookie::token(&parts.headers, app.settings().https) else {
        return Ok(None);
    };
    let csrf = csrf::of(&token);
    let idle = app.settings().idle_sign_in;
    let seen = app.db(move |store| store.signed_in(&token, idle)).await?;
    Ok(match seen {
        Seen::In(holder) => Some(SignedIn::of(holder, csrf, address)),
        Seen::Ended(_) | Seen::Unknown => None,
    })
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        // Identified once per request.
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let who = identify(parts, app).await?.ok_or_else(Problem::not_signed_in)?;
        noted::note(parts, &who.name());
        app.traffic()
            .request_by(&who.allowance())
            .map_err(|wait| Problem::too_many("too many requests from this user", wait))?;
        parts.extensions.insert(who.clone());
        Ok(who)
    }
}

impl OptionalFromRequestParts<App> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Problem> {
        match <Self as FromRequestParts<App>>::from_request_parts(parts, app).await {
            Ok(who) => Ok(Some(who)),
            Err(problem) if problem.status == 401 => Ok(None),
            Err(problem) => Err(problem),
        }
    }
}
