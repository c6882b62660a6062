//! The fields of an agent.

use crate::{Account, AccountPatch, Agent, AgentPatch, AgentProfile, NewAccount, NewAgent};
use peerage_model::{FullName, Invalid, Number};

use super::account::{Patch, Record};
use super::{Field, channel, or_empty, permission, read_switch, yes_or_no};

/// A text that an agent may lack.
macro_rules! optional {
    ($name:literal, $field:ident) => {
        Field {
            name: $name,
            read: |patch, text| {
                patch.$field = Some(Some(text.parse()?));
                Ok(())
            },
            clear: Some(|patch| patch.$field = Some(None)),
            write: |agent| or_empty(agent.profile.$field.as_ref()),
        }
    };
}

macro_rules! switch {
    ($name:literal, $field:ident) => {
        Field {
            name: $name,
            read: |patch, text| {
                patch.$field = Some(read_switch(text)?);
                Ok(())
            },
            clear: None,
            write: |agent| yes_or_no(agent.profile.$field),
        }
    };
}

/// The Account section.
pub const ACCOUNT: &[Field<AgentPatch, Agent>] = &[
    Field {
        name: "name",
        read: |patch, text| {
            patch.full_name = Some(text.parse()?);
            Ok(())
        },
        clear: None,
        write: |agent| agent.profile.full_name.to_string(),
    },
    optional!("alias", alias),
    optional!("email", email),
    optional!("phone", phone),
    optional!("mobile", mobile),
    optional!("description", description),
    switch!("hot-desk", hot_desk),
    switch!("login-in-pause", login_in_pause),
];

/// The other sections, in one column each.
pub const REST: &[Field<AgentPatch, Agent>] = &[
    Field {
        name: "client-log-level",
        read: |patch, text| {
            patch.client_log_level = Some(text.parse()?);
            Ok(())
        },
        clear: None,
        write: |agent| agent.profile.client_log_level.to_string(),
    },
    Field {
        name: "permit",
        read: |patch, text| {
            permission::set(&mut patch.permissions, &permission::read(text)?, true);
            Ok(())
        },
        clear: None,
        write: |agent| permission::write(agent.profile.permissions, true),
    },
    Field {
        name: "forbid",
        read: |patch, text| {
            permission::set(&mut patch.permissions, &permission::read(text)?, false);
            Ok(())
        },
        clear: None,
        write: |agent| permission::write(agent.profile.permissions, false),
    },
    Field {
        name: "channel",
        read: |patch, text| {
            for part in text.split(';') {
                part.trim_matches(' ').parse::<channel::ChannelChange>()?.add_to(patch);
            }
            Ok(())
        },
        clear: None,
        write: |agent| {
            let channels: Vec<String> = agent.profile.channels.iter().map(channel::write).collect();
            channels.join(";")
        },
    },
];

impl Patch for AgentPatch {
    fn account(&mut self) -> &mut AccountPatch {
        &mut self.account
    }
}

impl Record for Agent {
    fn account(&self) -> &Account {
        &self.account
    }
}

/// A new agent: the defaults with these changes.
///
/// # Errors
///
/// There is no name, or settings do not go together.
pub fn new(number: Number, patch: AgentPatch) -> Result<NewAgent, Invalid> {
    let full_name = patch
        .full_name
        .ok_or_else(|| Invalid::new("name", "", FullName::RULE))?;
    let mut profile = AgentProfile::new(full_name);
    profile.alias = patch.alias.flatten();
    profile.email = patch.email.flatten();
    profile.phone = patch.phone.flatten();
    profile.mobile = patch.mobile.flatten();
    profile.description = patch.description.flatten();
    profile.hot_desk = patch.hot_desk.unwrap_or(profile.hot_desk);
    profile.login_in_pause = patch.login_in_pause.unwrap_or(profile.login_in_pause);
    profile.client_log_level = patch.client_log_level.unwrap_or(profile.client_log_level);
    permission::apply(patch.permissions, &mut profile.permissions);
    profile.channels = patch.set_channels;
    Ok(NewAgent {
        account: new_account(number, patch.account)?,
        profile,
        pin: patch.pin.flatten(),
    })
}

/// A new account: the defaults with these changes. Checks the rules between fields, which the flags alone decide here.
pub(super) fn new_account(number: Number, patch: AccountPatch) -> Result<NewAccount, Invalid> {
    let mut account = NewAccount::new(number);
    account.site = patch.site.unwrap_or(account.site);
    account.disabled = patch.disabled.unwrap_or(account.disabled);
    patch.voice.apply(&mut account.voice);
    account.voice.check()?;
    Ok(account)
}
