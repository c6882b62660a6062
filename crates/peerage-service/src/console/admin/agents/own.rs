//! Permissions and channels, each a field of its own in a form; on the command line they are lists.

use peerage_model::Channel;
use peerage_store::fields::channel::{self, ChannelChange};
use peerage_store::fields::permission::{self, Permission};
use peerage_store::fields::{Field, read_switch, yes_or_no};
use peerage_store::{Agent, AgentPatch};

macro_rules! may {
    ($name:literal, $permission:ident) => {
        Field {
            name: $name,
            read: |patch, text| {
                permission::set(&mut patch.permissions, &[Permission::$permission], read_switch(text)?);
                Ok(())
            },
            clear: None,
            write: |agent| yes_or_no(Permission::$permission.is_in(agent.profile.permissions)),
        }
    };
}

macro_rules! channel {
    ($name:literal, $channel:ident) => {
        Field {
            name: $name,
            read: |patch, text| {
                let change = match text {
                    "off" => ChannelChange::Drop(Channel::$channel),
                    settings => settings.parse()?,
                };
                change.add_to(patch);
                Ok(())
            },
            clear: None,
            write: |agent| {
                let set = agent
                    .profile
                    .channels
                    .iter()
                    .find(|one| one.channel == Channel::$channel);
                set.map_or("off".to_owned(), channel::write)
            },
        }
    };
}

/// Each of them.
pub(super) const FIELDS: &[Field<AgentPatch, Agent>] = &[
    may!("may-choose-interface", ChooseInterface),
    may!("may-take-any-phone", TakeAnyPhone),
    may!("may-move", Move),
    may!("may-pause-one-queue", PauseOneQueue),
    may!("may-log-out", LogOut),
    may!("may-request-after-call", RequestAfterCall),
    may!("may-see-own-history", SeeOwnHistory),
    may!("may-edit-own-numbers", EditOwnNumbers),
    channel!("channel-chat", Chat),
    channel!("channel-email", Email),
    channel!("channel-sms", Sms),
    channel!("channel-open-channel", OpenChannel),
    channel!("channel-whatsapp", Whatsapp),
    channel!("channel-fax", Fax),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_and_every_channel_has_a_field() {
        let has = |name: String| FIELDS.iter().any(|field| field.name == name);
        for permission in Permission::EACH {
            assert!(has(format!("may-{permission}")), "{permission}");
        }
        for channel in Channel::ALL {
            assert!(
                has(format!("channel-{}", channel.as_str().replace('_', "-"))),
                "{channel}"
            );
        }
    }
}
