//! Where each role can go.

use peerage_model::Role;

use crate::auth::SignedIn;

/// An entry of the navigation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) path: &'static str,
    pub(super) label: &'static str,
}

const fn entry(path: &'static str, label: &'static str) -> Entry {
    Entry { path, label }
}

/// The history last: not every agent may see it.
const AGENT: &[Entry] = &[entry("/agent", "My work"), entry("/agent/history", "History")];

const SUPERVISOR: &[Entry] = &[entry("/board", "Board")];

const ADMIN: &[Entry] = &[
    entry("/board", "Board"),
    entry("/admin/agents", "Agents"),
    entry("/admin/telephones", "Phones"),
    entry("/admin/queues", "Queues"),
    entry("/admin/reasons", "Pause reasons"),
    entry("/admin/users", "Users"),
    entry("/admin/sites", "Sites"),
    entry("/admin/nodes", "Nodes"),
    entry("/admin/tokens", "Tokens"),
    entry("/admin/import", "Import"),
    entry("/audit", "Change history"),
    entry("/client-logs", "Client logs"),
    entry("/refused-registrations", "Refused registrations"),
];

/// The entries for somebody: the role's, and an agent's own for whoever is one besides.
pub(super) fn entries(user: &SignedIn) -> impl Iterator<Item = Entry> {
    let role = match user.role {
        Role::Agent => &[],
        Role::Supervisor => SUPERVISOR,
        Role::Admin => ADMIN,
    };
    let own = match &user.agent {
        None => &[],
        Some(_) if user.sees_own_history => AGENT,
        Some(_) => &AGENT[..1],
    };
    own.iter().chain(role).copied()
}

/// What somebody is called in the corner.
pub(super) fn name_of(user: &SignedIn) -> &str {
    user.username.as_ref().map_or("no name", |name| name.as_str())
}
