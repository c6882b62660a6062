use crate::bounded::bounded;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What a person who signs in may do.
    Role, field "role" {
        /// Everything.
        Admin = "admin",
        /// Sees and steers the agents of some queues.
        Supervisor = "supervisor",
        /// Runs his or her own session.
        Agent = "agent",
    }
}

vocabulary! {
    /// How much of an agent's page is written to the client log.
    LogLevel, field "log_level" {
        /// Nothing.
        Off = "off",
        /// Errors.
        Error = "error",
        /// Warnings too.
        Warning = "warning",
        /// What happened, too.
        Info = "info",
        /// Everything.
        Debug = "debug",
    }
}

impl Default for LogLevel {
    /// `off`.
    fn default() -> Self {
        Self::Off
    }
}

vocabulary! {
    /// A channel of an agent that is not voice. Peerage keeps its settings and routes none of it.
    Channel, field "channel" {
        /// Web chat.
        Chat = "chat",
        /// Mail.
        Email = "email",
        /// Text messages.
        Sms = "sms",
        /// Another system's messages.
        OpenChannel = "open_channel",
        /// WhatsApp.
        Whatsapp = "whatsapp",
        /// Fax.
        Fax = "fax",
    }
}

bounded! {
    /// How many conversations of one channel an agent takes at once, 0 to 1000; 0 is unlimited.
    #[derive(Default)]
    Capacity, field "capacity", 0..=1000, rule "0 to 1000; 0 is unlimited"
}
