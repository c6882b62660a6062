//! An agent's sections in words.

use peerage_model::LogLevel;

use crate::console::admin::sheet::{Choices, Section, Widget, Words};
use crate::console::admin::voice::VOICE;

fn levels() -> Choices {
    let meaning = |level: LogLevel| match level {
        LogLevel::Off => "nothing",
        LogLevel::Error => "errors",
        LogLevel::Warning => "warnings too",
        LogLevel::Info => "what happened, too",
        LogLevel::Debug => "everything",
    };
    LogLevel::ALL
        .iter()
        .map(|level| (level.to_string(), format!("{level}: {}", meaning(*level))))
        .collect()
}

const ACCOUNT: Section = Section {
    id: "account",
    title: "Account: personal info",
    about: "",
    words: &[
        Words {
            name: "name",
            label: "Full name",
            explain: "As people read it, on boards and in queues.",
            widget: Widget::Required,
        },
        Words {
            name: "alias",
            label: "Alias",
            explain: "A name shown in place of the sign-in name.",
            widget: Widget::Line,
        },
        Words {
            name: "email",
            label: "E-mail",
            explain: "For people; nothing is sent there.",
            widget: Widget::Line,
        },
        Words {
            name: "phone",
            label: "Phone",
            explain: "Where calls ring when the agent chooses Phone at login: the number of a telephone here, or an outside number. \
                      Empty: not offered.",
            widget: Widget::Line,
        },
        Words {
            name: "mobile",
            label: "Mobile",
            explain: "The same for the choice Mobile. Empty: not offered.",
            widget: Widget::Line,
        },
        Words {
            name: "site",
            label: "Site",
            explain: "The place whose policy holds, and whose telephones are offered.",
            widget: Widget::Offered,
        },
        Words {
            name: "hot-desk",
            label: "Hot desk",
            explain: "At each login the agent picks a telephone from the list of those that are configured and registered, and calls \
                      ring there. Off: calls ring on an interface of the agent's own, which is chosen at login: internal, phone or mobile.",
            widget: Widget::Switch,
        },
        Words {
            name: "login-in-pause",
            label: "Login in pause",
            explain: "Each login begins paused on all queues, until the agent resumes.",
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
    about: "What the agent takes besides calls. Peerage keeps it for the systems that route these channels, and routes none itself.",
    words: &[
        channel("channel-chat", "Chat"),
        channel("channel-email", "E-mail"),
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
    about: "What the agent may do without asking. Supervisors and administrators may do it for the agent in any case.",
    words: &[
        may(
            "may-choose-interface",
            "Choose interface",
            "Choose between internal, phone and mobile; else internal it is.",
        ),
        may(
            "may-take-any-phone",
            "Take any telephone",
            "With hot desk: take any free telephone of the site, not only the one that the field Phone names.",
        ),
        may(
            "may-move",
            "Move",
            "Move to another interface or telephone without logging out.",
        ),
        may(
            "may-pause-one-queue",
            "Pause one queue",
            "Pause a single queue rather than all.",
        ),
        may("may-log-out", "Log out", "Log out."),
        may(
            "may-request-after-call",
            "After this call",
            "Ask for a pause or a logout once the running call has ended.",
        ),
        may(
            "may-see-own-history",
            "See own history",
            "See the own sessions and pauses.",
        ),
        may(
            "may-edit-own-numbers",
            "Edit own numbers",
            "Change the own phone and mobile numbers.",
        ),
    ],
};

const CLIENT_LOGS: Section = Section {
    id: "client-logs",
    title: "Client logs",
    about: "What the agent's page reports to the service, for finding faults.",
    words: &[Words {
        name: "client-log-level",
        label: "Level",
        explain: "How much is reported. It holds from the page's next load on; old reports are removed by age.",
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
