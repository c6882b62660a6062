//! What to do about an error, in the words of the command line.

use peerage_store::{Advice, Entity};

/// The hint of a command, with the commands and settings that help.
pub(super) fn of(advice: &Advice) -> String {
    match advice {
        Advice::List(entity) => format!("`peerage {} list` shows those there are", noun(*entity)),
        Advice::NodePassword => {
            "choose another name; a new password for that node comes from `peerage node password`".to_owned()
        }
        Advice::NodeLogin(words) => format!("{words} with --login"),
        Advice::NodeSites => {
            "`peerage node list` shows which: take the site from it with `peerage node set NAME --sites ...` first"
                .to_owned()
        }
        Advice::DatabasePassword => "check the user and the password in PEERAGE_DATABASE_URL".to_owned(),
        Advice::DatabaseNames => "check the names of the database and the user in PEERAGE_DATABASE_URL".to_owned(),
        Advice::DatabaseServer => {
            "check that the server runs and that PEERAGE_DATABASE_URL is right; `peerage db start` starts the private one"
                .to_owned()
        }
        Advice::OwnerRoles => "nodes are added, changed and removed by the owner's login (PEERAGE_OWNER_DATABASE_URL): it \
             needs createrole, and from PostgreSQL 16 on the admin option on the node's role"
            .to_owned(),
        Advice::OwnerRights(statements) => {
            format!("set PEERAGE_OWNER_DATABASE_URL to the owner's login, or have a superuser run `{statements}`")
        }
        Advice::EverydayRights => "give the login of PEERAGE_DATABASE_URL the everyday rights: \
             `grant peerage_app to LOGIN;`, as the database's owner"
            .to_owned(),
        Advice::Migrate => "`peerage db migrate` brings the database to this version".to_owned(),
        Advice::Words(_) => advice.to_string(),
    }
}

/// The noun whose verb `list` lists these.
fn noun(entity: Entity) -> &'static str {
    match entity {
        Entity::Agent => "agent",
        Entity::Phone => "phone",
        Entity::Queue => "queue",
        Entity::PauseReason => "pause-reason",
        Entity::Site => "site",
        Entity::Node => "node",
        Entity::User => "user",
        Entity::Token => "token",
        Entity::AuditEntry => "audit",
    }
}
