//! What to do about an error, before a face puts it into its own words.

use std::fmt;

/// What the store keeps by name or number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entity {
    /// An agent, by number.
    Agent,
    /// A phone, by number.
    Phone,
    /// A queue.
    Queue,
    /// A pause reason, by code.
    PauseReason,
    /// A site.
    Site,
    /// An Asterisk node.
    Node,
    /// Somebody who signs in to the console.
    User,
    /// An API token.
    Token,
    /// An entry of the change history, by its id.
    AuditEntry,
}

impl Entity {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Agent,
        Self::Phone,
        Self::Queue,
        Self::PauseReason,
        Self::Site,
        Self::Node,
        Self::User,
        Self::Token,
        Self::AuditEntry,
    ];
}

impl fmt::Display for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Agent => "agent",
            Self::Phone => "telephone",
            Self::Queue => "queue",
            Self::PauseReason => "pause reason",
            Self::Site => "site",
            Self::Node => "node",
            Self::User => "user",
            Self::Token => "token",
            Self::AuditEntry => "audit entry",
        })
    }
}

/// What to do about an error.
///
/// As text it names no command, endpoint, page or setting. The command, the API and the console name their own where they have one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advice {
    /// Words that are right everywhere.
    Words(String),
    /// See which things of this kind there are.
    List(Entity),
    /// Choose another name, or set a new password for the node that has it.
    NodePassword,
    /// Choose a login for the node; the words, which end where a face says how, say why.
    NodeLogin(&'static str),
    /// Take the site from the nodes that serve it.
    NodeSites,
    /// Correct the user or the password of the database's URL.
    DatabasePassword,
    /// Correct the names of the database and the user in the database's URL.
    DatabaseNames,
    /// Start the database's server, or correct the URL.
    DatabaseServer,
    /// Give the owner's login of the database the right to manage the roles of nodes.
    OwnerRoles,
    /// Use the owner's login, or run these statements as a superuser.
    OwnerRights(String),
    /// Grant the everyday rights to the login.
    EverydayRights,
    /// Migrate the database.
    Migrate,
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(words) => f.write_str(words),
            Self::List(kind) => write!(f, "choose one from the list of {}", Plural(*kind)),
            Self::NodePassword => f.write_str("choose another name, or set a new password for that node"),
            Self::NodeLogin(words) => write!(f, "{words} for the node's login"),
            Self::NodeSites => f.write_str("the list of nodes shows which: take the site from it first"),
            Self::DatabasePassword => f.write_str("check the user and the password in the URL of the database"),
            Self::DatabaseNames => f.write_str("check the names of the database and the user in the URL of the database"),
            Self::DatabaseServer => f.write_str("check that the server runs and that the URL of the database is right"),
            Self::OwnerRoles => f.write_str(
                "nodes are added, changed and removed by the owner's login: it needs createrole, and from PostgreSQL 16 on the admin option on \
                 the node's role",
            ),
            Self::OwnerRights(statements) => {
                write!(f, "use the login of the database's owner, or have a superuser run `{statements}`")
            }
            Self::EverydayRights => f.write_str(
                "give the service's database login the everyday rights: `grant peerage_app to LOGIN;`, as the database's owner",
            ),
            Self::Migrate => f.write_str("migrate the database to this version"),
        }
    }
}

struct Plural(Entity);

impl fmt::Display for Plural {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Entity::AuditEntry => f.write_str("changes"),
            Entity::Phone => f.write_str("phones"),
            kind => write!(f, "{kind}s"),
        }
    }
}

impl From<String> for Advice {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

impl From<&str> for Advice {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}
