//! The constraints that people meet, in words.

use super::Advice;

/// A constraint whose breach is a contradiction to what is there.
pub(super) struct Known {
    name: &'static str,
    /// `{}` is the first value of the key at fault.
    message: &'static str,
    /// [`FACES`] where command, API and console each say it in their own way.
    hint: &'static str,
}

/// In place of a hint: [`Known::advice`] has it.
const FACES: &str = "";

const KNOWN: &[Known] = &[
    Known {
        name: "sip_account_number_key",
        message: "number `{}` is taken",
        hint: "agents and telephones share one space of numbers: choose another, or remove whoever has it",
    },
    Known {
        name: "sip_account_number_lower_key",
        message: "number `{}` is taken, in other capitals or small letters",
        hint: "Asterisk takes numbers that differ in case only for one: choose another, or remove whoever has it",
    },
    Known {
        name: "sip_account_host_peer_key",
        message: "another peer has the fixed host `{}`",
        hint: "of two peers at one address the second would never be found: use type `friend`, or another host",
    },
    Known {
        name: "sip_secret_id_number_fk",
        message: "a change of number demands a new secret in the same command",
        hint: "the digest of the secret contains the number: give both",
    },
    Known {
        name: "sip_account_site_id_fk",
        message: "the site is in use, or is gone",
        hint: "move its agents and telephones to another site first",
    },
    Known {
        name: "site_name_key",
        message: "there is a site `{}` already",
        hint: "choose another name, or change that site",
    },
    Known {
        name: "site_country_fk",
        message: "there is no country `{}`",
        hint: "give the two letters of ISO 3166, such as IT",
    },
    Known {
        name: "node_name_key",
        message: "there is a node `{}` already",
        hint: FACES,
    },
    Known {
        name: "node_login_key",
        message: "another node has the login `{}`",
        hint: FACES,
    },
    Known {
        name: "node_site_site_id_fk",
        message: "a node serves this site",
        hint: FACES,
    },
    Known {
        name: "login_account_username_key",
        message: "user name `{}` is taken",
        hint: "choose another",
    },
    Known {
        name: "api_token_name_key",
        message: "there is a token `{}` already",
        hint: "choose another name, or remove that token",
    },
    Known {
        name: "login_account_agent_id_key",
        message: "another user belongs to that agent",
        hint: "an agent has one user at most: change or remove the other",
    },
    Known {
        name: "login_account_role_agent_id_check",
        message: "a user of role `agent` belongs to an agent",
        hint: "name the agent, or choose another role",
    },
    Known {
        name: "agent_account_id_key",
        message: "the account belongs to another agent",
        hint: "an account belongs to one agent or telephone",
    },
    Known {
        name: "phone_account_id_key",
        message: "the account belongs to another telephone",
        hint: "an account belongs to one agent or telephone",
    },
    Known {
        name: "queue_name_key",
        message: "there is a queue `{}` already",
        hint: "choose another name, or change that queue",
    },
    Known {
        name: "queue_name_lower_key",
        message: "there is a queue `{}` already, in other capitals or small letters",
        hint: "Asterisk takes queues whose names differ in case only for one: choose another name, or change that queue",
    },
    Known {
        name: "pause_reason_code_key",
        message: "there is a pause reason `{}` already",
        hint: "choose another code, or change that reason",
    },
    Known {
        name: "agent_session_agent_id_key",
        message: "the agent is logged in already",
        hint: "log out first, or move",
    },
    Known {
        name: "agent_session_interface_key",
        message: "another agent's calls ring on `{}`",
        hint: "choose another interface or telephone",
    },
    Known {
        name: "agent_channel_agent_id_channel_key",
        message: "the agent has that channel already",
        hint: "name each channel once",
    },
];

pub(super) fn find(name: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.name == name)
}

impl Known {
    /// What to do about it.
    pub(super) fn advice(&self) -> Advice {
        match self.name {
            "node_name_key" => Advice::NodePassword,
            "node_login_key" => Advice::NodeLogin("choose another"),
            "node_site_site_id_fk" => Advice::NodeSites,
            _ => Advice::from(self.hint),
        }
    }

    /// The field at fault, by the name of its column, where it is one.
    pub(super) fn field(&self) -> Option<&'static str> {
        match self.name {
            "sip_account_number_key" | "sip_account_number_lower_key" | "sip_secret_id_number_fk" => Some("number"),
            "sip_account_host_peer_key" => Some("host"),
            "sip_account_site_id_fk" => Some("site"),
            "site_country_fk" => Some("country"),
            "site_name_key" | "node_name_key" | "queue_name_key" | "queue_name_lower_key" | "api_token_name_key" => {
                Some("name")
            }
            "node_login_key" => Some("login"),
            "login_account_username_key" => Some("username"),
            "login_account_agent_id_key" => Some("agent"),
            "login_account_role_agent_id_check" => Some("role"),
            "pause_reason_code_key" => Some("code"),
            "agent_channel_agent_id_channel_key" => Some("channel"),
            _ => None,
        }
    }

    /// The sentence, with the key's value from PostgreSQL's `Key (number)=(1001) already exists.`
    pub(super) fn message(&self, details: Option<&str>) -> String {
        let value = details
            .and_then(|details| details.split_once(")=("))
            .and_then(|(_, rest)| rest.rsplit_once(')'))
            .map_or("?", |(value, _)| value);
        self.message.replace("{}", value)
    }
}

/// The names that the table knows.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().map(|known| known.name)
}
