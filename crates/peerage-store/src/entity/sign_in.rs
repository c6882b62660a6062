use std::net::IpAddr;
use std::time::Duration;

use jiff::Timestamp;
use peerage_model::{LogLevel, Number, QueueName, Role, Secret, Username};

use crate::StoreError;

/// From where somebody signs in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// The address; none when not known.
    pub address: Option<IpAddr>,
    /// What the browser shows to be known again, whoever signed in there; none when it shows nothing.
    pub device: Option<String>,
    /// What the browser calls itself; longer than 200 characters it is cut.
    pub user_agent: Option<String>,
}

impl Origin {
    /// The network that shares an allowance: an IPv4 address, or the 64 bits of IPv6 that one customer has at least.
    pub(crate) fn network(&self) -> String {
        match self.address.map(|address| address.to_canonical()) {
            None => String::new(),
            Some(IpAddr::V4(address)) => address.to_string(),
            Some(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{}/64", std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        }
    }
}

/// What becomes of a user's tokens when the password is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tokens {
    /// They let in as before.
    #[default]
    Keep,
    /// They are removed.
    End,
}

/// Who was let in, and what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The user; none for a token that acts for nobody.
    pub username: Option<Username>,
    /// What they may do.
    pub role: Role,
    /// The agent they are; none when the user is none.
    pub agent: Option<Number>,
    /// Whether that agent may see their own history.
    pub sees_own_history: bool,
    /// The queues that a supervisor watches, by name.
    pub queues: Vec<QueueName>,
    /// The browser's session, or the token's name.
    pub by: LetInBy,
}

/// By what somebody was let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetInBy {
    /// A browser's session, by its id.
    Session(i64),
    /// A token, by its name.
    Token(String),
}

/// A browser that has just signed in.
#[derive(Debug)]
pub struct NewSignIn {
    /// What the browser shows from now on; kept nowhere but there.
    pub token: Secret,
    /// What the browser shows from now on to be known again, also when it is signed out; kept nowhere but there.
    pub device: Secret,
    /// Who signed in.
    pub holder: Holder,
}

/// Why somebody was not let in.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SignInError {
    /// There is no such user with that password; which of both is not said.
    #[error("user name or password is wrong")]
    Wrong,
    /// Too many failures: so long is nothing compared, and nobody learns whether the password was right.
    #[error("too many sign-ins have failed")]
    Throttled(Duration),
    /// The user is disabled, or its agent was removed; said only to those who know the password.
    #[error("the user is disabled")]
    Disabled,
    /// The database does not answer as expected.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<diesel::result::Error> for SignInError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Whether a browser is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// It is.
    In(Holder),
    /// It was; why it is no more.
    Ended(SignInEnd),
    /// Nobody knows it.
    Unknown,
}

/// Why a browser is no more signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInEnd {
    /// It signed out.
    SignedOut,
    /// The same agent signed in in another browser.
    SignedInElsewhere,
    /// Nothing came from it for too long.
    Expired,
    /// The password was changed.
    PasswordChanged,
    /// The user was disabled.
    Disabled,
}

impl SignInEnd {
    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::SignedInElsewhere => "signed_in_elsewhere",
            Self::Expired => "expired",
            Self::PasswordChanged => "password_changed",
            Self::Disabled => "disabled",
        }
    }

    pub(crate) fn of(text: &str) -> Self {
        match text {
            "signed_in_elsewhere" => Self::SignedInElsewhere,
            "expired" => Self::Expired,
            "password_changed" => Self::PasswordChanged,
            "disabled" => Self::Disabled,
            // The table's check allows these five.
            _ => Self::SignedOut,
        }
    }
}

/// A token that lets a program in.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Token {
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The user for whom it acts; none for none.
    pub username: Option<Username>,
    /// Until when it lets in; none for ever.
    pub expires_at: Option<Timestamp>,
    /// Last use, to about a minute; none for never.
    pub used_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A token that is to let a program in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// What it may do; not more than its user may.
    pub role: Role,
    /// The user for whom it acts; needed for the roles supervisor and agent.
    pub username: Option<Username>,
    /// Until when it lets in; none for ever.
    pub expires_at: Option<Timestamp>,
}

impl NewToken {
    /// How long a token lets in unless somebody says otherwise, in days.
    pub const DAYS: i64 = 90;

    /// When a token that is made now expires, unless somebody says otherwise.
    #[must_use]
    pub fn usual_expiry() -> Timestamp {
        Timestamp::now() + jiff::SignedDuration::from_hours(24 * Self::DAYS)
    }
}

/// Something that an agent's page reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientLog {
    /// How grave it is; never `off`.
    pub level: LogLevel,
    /// What happened, 1 to 200 characters.
    pub event: String,
    /// More about it, up to 4,000 characters; none for nothing.
    pub detail: Option<String>,
    /// When, by the browser's clock.
    pub client_at: Option<Timestamp>,
}

/// What a page reported, as it is kept.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ClientLogEntry {
    /// Order of arrival.
    pub id: i64,
    /// The agent, by the number then or now.
    pub agent: Number,
    /// How grave it is.
    pub level: LogLevel,
    /// What happened.
    pub event: String,
    /// More about it.
    pub detail: Option<String>,
    /// When, by the browser's clock.
    pub client_at: Option<Timestamp>,
    /// When it arrived.
    pub received_at: Timestamp,
}

/// Which reports to list, the newest first; all of them by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClientLogFilter {
    /// Only this agent's.
    pub agent: Option<Number>,
    /// Only those as grave as this or graver.
    pub level: Option<LogLevel>,
    /// Only those that arrived then or later.
    pub since: Option<Timestamp>,
    /// Only those that arrived before then.
    pub until: Option<Timestamp>,
    /// Only those before this one: the last of the page before.
    pub before_id: Option<i64>,
    /// At most so many.
    pub limit: Option<u32>,
}
