//! An agent's sections in words.

use peerage_model::LogLevel;

use crate::console::admin::sheet::{Choices, Section, Widget, Words};
use crate::console::admin::voice::VOICE;

fn levels() -> Choices {
    let meaning = |level: LogLevel| match level {
        LogLevel::Off => "nothing",
        LogLevel::Error => "errors",
        LogLevel::Warning => "errors and warnings",
        LogLevel::Info => "errors, warnings and events",
        LogLevel::Debug => "everything",
    };
    LogLevel::ALL
        .iter()
        .map(|level| (level.to_string(), format!("{level}: {}", meaning(*level))))
        .collect()
}

const ACCOUNT: Section = Section {
    id: "account",
    title: "Account",
    about: "",
    words: &[
        Words {
            name: "name",
            label: "Full name",
            explain: "Shown on the board and in queues.",
            widget: Widget::Required,
        },
        Words {
            name: "alias",
            label: "Alias",
            explain: "Display name instead of the user name.",
            widget: Widget::Line,
        },
        Words {
            name: "email",
            label: "Email",
            explain: "For information; Peerage sends no email.",
            widget: Widget::Line,
        },
        Words {
            name: "phone",
            label: "Phone",
            explain: "Where calls ring when the agent chooses Phone at login: the number of a phone, or an outside number. \
                      Empty: not available.",
            widget: Widget::Line,
        },
        Words {
            name: "mobile",
            label: "Mobile",
            explain: "Where calls ring when the agent chooses Mobile at login. Empty: not available.",
            widget: Widget::Line,
        },
        Words {
            name: "site",
            label: "Site",
            explain: "The site's policy applies, and its phones are offered.",
            widget: Widget::Offered,
        },
        Words {
            name: "hot-desk",
            label: "Hot desk",
            explain: "The agent chooses a registered phone at each login, and calls ring there. Off: the agent chooses an own interface: \
                      internal, phone or mobile.",
            widget: Widget::Switch,
        },
        Words {
            name: "login-in-pause",
            label: "Start paused",
            explain: "Each login starts paused in all queues, until the agent resumes.",
            widget: Widget::Switch,
        },
        Words {
            name: "description",
            label: "Description",
            explain: "Free text for administrators.",
            widget: Widget::Lines,
        },
    ],
};

const fn channel(name: &'static str, label: &'static str) -> Words {
    Words {
        name,
        label,
        explain: "",
        widget: Widget::Channel,
    }
}

const CHANNELS: Section = Section {
    id: "channels",
    title: "Other channels",
    about: "Other channels the agent handles. Peerage stores this for the systems that route them; it does not route them itself.",
    words: &[
        channel("channel-chat", "Chat"),
        channel("channel-email", "Email"),
        channel("channel-sms", "SMS"),
        channel("channel-open-channel", "Open channel"),
        channel("channel-whatsapp", "WhatsApp"),
        channel("channel-fax", "Fax"),
    ],
};

const fn may(name: &'static str, label: &'static str, explain: &'static str) -> Words {
    Words {
        name,
        label,
        explain,
        widget: Widget::Switch,
    }
}

const PERMISSIONS: Section = Section {
    id: "permissions",
    title: "Permissions",
    about: "What the agent may do. Supervisors and administrators can always do it for the agent.",
    words: &[
        may(
            "may-choose-interface",
            "Choose interface",
            "Choose between internal, phone and mobile. Otherwise calls ring on internal.",
        ),
        may(
            "may-take-any-phone",
            "Use any phone",
            "With hot desk: use any free phone of the site, not only the one in the field Phone.",
        ),
        may(
            "may-move",
            "Move",
            "Move to another interface or phone without logging out.",
        ),
        may(
            "may-pause-one-queue",
            "Pause one queue",
            "Pause in a single queue instead of all.",
        ),
        may("may-log-out", "Log out", "Log out."),
        may(
            "may-request-after-call",
            "After current call",
            "Request a pause or logout after the current call.",
        ),
        may(
            "may-see-own-history",
            "See own history",
            "See their own sessions and pauses.",
        ),
        may(
            "may-edit-own-numbers",
            "Edit own numbers",
            "Change their own phone and mobile numbers.",
        ),
    ],
};

const CLIENT_LOGS: Section = Section {
    id: "client-logs",
    title: "Client logs",
    about: "What the agent's page reports to the service, for troubleshooting.",
    words: &[Words {
        name: "client-log-level",
        label: "Level",
        explain: "How much the page reports. Applies when the page is next loaded. Old reports are deleted.",
        widget: Widget::Choice(levels),
    }],
};

/// In the order of the page.
pub(super) const SECTIONS: &[Section] = &[ACCOUNT, VOICE, CHANNELS, PERMISSIONS, CLIENT_LOGS];

#[cfg(test)]
mod tests {
    use peerage_store::fields::kind::{Agents, Subject};

    use super::*;
    use crate::console::admin::kind::Kind;

    #[test]
    fn every_field_of_an_agent_is_in_the_form() {
        // In lists on the command line, one by one here; service has buttons of its own.
        let apart = ["permit", "forbid", "channel", "disabled"];
        let named: Vec<&str> = SECTIONS.iter().flat_map(|one| one.words).map(|one| one.name).collect();
        for column in Agents::columns() {
            assert!(
                apart.contains(&column.name()) || named.contains(&column.name()),
                "{}",
                column.name()
            );
        }
        let entries = Agents::entries();
        for name in named {
            assert!(entries.iter().any(|entry| entry.name() == name), "{name}");
        }
    }
}
