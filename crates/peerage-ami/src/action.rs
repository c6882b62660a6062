//! What Asterisk is asked to do.

use std::fmt;

use crate::value::{Invalid, Name, Value, Word};

/// Asterisk takes 128 lines (`include/asterisk/manager.h`, `AST_MAX_MANHEADERS`); two are the action's name and its id.
const FIELDS: usize = 126;

/// Fields whose values are not shown.
const HIDDEN: [&str; 2] = ["Secret", "Key"];

/// An action: its name and its fields, none of which can be more than the one line it is.
///
/// The link adds the `ActionID`.
#[derive(Clone, PartialEq, Eq)]
pub struct Action {
    name: Name,
    fields: Vec<(Name, Value)>,
}

/// What of a queue is read anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueuePart {
    /// Its members.
    Members,
    /// Its own settings.
    Parameters,
}

impl Action {
    /// Any action, for what has no function of its own here.
    ///
    /// # Errors
    ///
    /// When there are more than 126 fields, or one is named `Action` or `ActionID`.
    pub fn new(name: Name, fields: impl IntoIterator<Item = (Name, Value)>) -> Result<Self, Invalid> {
        let fields: Vec<_> = fields.into_iter().collect();
        if fields.len() > FIELDS {
            return Err(Invalid::new("an action", "must not have more than 126 fields"));
        }
        if fields.iter().any(|(name, _)| name.is("Action") || name.is("ActionID")) {
            return Err(Invalid::new("a field", "must not be named `Action` or `ActionID`"));
        }
        Ok(Self { name, fields })
    }

    /// Asks whether Asterisk is there.
    #[must_use]
    pub fn ping() -> Self {
        Self::named("Ping")
    }

    /// Runs a line of Asterisk's command line; [`Answer::output`](crate::Answer::output) is what it printed.
    ///
    /// The user needs `command` among its rights to write. Names within the line should be a [`Word`] each.
    #[must_use]
    pub fn command(line: Value) -> Self {
        Self::named("Command").with("Command", line)
    }

    /// Pauses a member of one queue, with a reason.
    ///
    /// The queue is always named: without one Asterisk reads every queue from the database.
    #[must_use]
    pub fn queue_pause(queue: Value, interface: Value, reason: Option<Value>) -> Self {
        let action = Self::pause(queue, interface, "true");
        match reason {
            Some(reason) => action.with("Reason", reason),
            None => action,
        }
    }

    /// Ends a member's pause in one queue.
    #[must_use]
    pub fn queue_unpause(queue: Value, interface: Value) -> Self {
        Self::pause(queue, interface, "false")
    }

    fn pause(queue: Value, interface: Value, paused: &'static str) -> Self {
        Self::named("QueuePause")
            .with("Queue", queue)
            .with("Interface", interface)
            .with("Paused", Value::fixed(paused))
    }

    /// Lists one queue (`QueueParams`), its members (`QueueMember`) and callers (`QueueEntry`).
    ///
    /// A queue that Asterisk does not know is an empty list, no refusal.
    #[must_use]
    pub fn queue_status(queue: Value) -> Self {
        Self::named("QueueStatus").with("Queue", queue)
    }

    /// Counts of one queue, as one item (`QueueSummary`); none when Asterisk does not know the queue.
    #[must_use]
    pub fn queue_summary(queue: Value) -> Self {
        Self::named("QueueSummary").with("Queue", queue)
    }

    /// Reads a part of one queue's configuration file anew; what comes from a database is read without it.
    #[must_use]
    pub fn queue_reload(queue: Value, part: QueuePart) -> Self {
        let part = match part {
            QueuePart::Members => "Members",
            QueuePart::Parameters => "Parameters",
        };
        Self::named("QueueReload")
            .with("Queue", queue)
            .with(part, Value::fixed("yes"))
    }

    /// Sends an event of one's own to every Manager connection. The user needs `user` among its rights to write.
    ///
    /// # Errors
    ///
    /// As [`Action::new`].
    pub fn user_event(event: Value, fields: impl IntoIterator<Item = (Name, Value)>) -> Result<Self, Invalid> {
        let first = (Name::fixed("UserEvent"), event);
        Self::new(Name::fixed("UserEvent"), std::iter::once(first).chain(fields))
    }

    /// Lists the channels (`CoreShowChannel`).
    #[must_use]
    pub fn core_show_channels() -> Self {
        Self::named("CoreShowChannels")
    }

    /// Lists the devices whose state has changed since Asterisk's start (`DeviceStateChange`).
    #[must_use]
    pub fn device_state_list() -> Self {
        Self::named("DeviceStateList")
    }

    /// Asks for the state of one device, as the dialplan sees it (`DEVICE_STATE`); the answer has it in `Value`.
    #[must_use]
    pub fn device_state(device: &Word) -> Self {
        Self::named("Getvar").with("Variable", Value::function("DEVICE_STATE", device))
    }

    /// Asks whether a module is loaded; refused when it is not.
    #[must_use]
    pub fn module_check(module: Value) -> Self {
        Self::named("ModuleCheck").with("Module", module)
    }

    /// Sends OPTIONS to the contacts of an endpoint now.
    #[must_use]
    pub fn pjsip_qualify(endpoint: Value) -> Self {
        Self::named("PJSIPQualify").with("Endpoint", endpoint)
    }

    /// Lists the contacts of all endpoints (`ContactList`).
    #[must_use]
    pub fn pjsip_show_contacts() -> Self {
        Self::named("PJSIPShowContacts")
    }

    /// Lists the peers that `chan_sip` has in memory (`PeerEntry`).
    #[must_use]
    pub fn sip_peers() -> Self {
        Self::named("SIPpeers")
    }

    /// Has `chan_sip` send OPTIONS to a peer now.
    #[must_use]
    pub fn sip_qualify_peer(peer: Value) -> Self {
        Self::named("SIPqualifypeer").with("Peer", peer)
    }

    /// Makes an endpoint's contacts be qualified by its present settings; Asterisk reads all endpoints for it.
    ///
    /// An endpoint with a fixed address that was made after Asterisk's start is unavailable until then.
    #[must_use]
    pub fn pjsip_reload_qualify(endpoint: &Word) -> Self {
        Self::line("pjsip reload qualify endpoint ", endpoint)
    }

    /// Removes one object from a sorcery memory cache, to be read anew at its next use.
    ///
    /// Refused with [`Reason::Absent`](crate::Reason::Absent) when the cache does not hold it.
    #[must_use]
    pub fn cache_expire_object(cache: Value, object: Value) -> Self {
        Self::named("SorceryMemoryCacheExpireObject")
            .with("Cache", cache)
            .with("Object", object)
    }

    /// Empties a sorcery memory cache.
    #[must_use]
    pub fn cache_expire(cache: Value) -> Self {
        Self::named("SorceryMemoryCacheExpire").with("Cache", cache)
    }

    /// Makes `chan_sip` forget a peer that it has from the database, to be read anew at its next use.
    ///
    /// The peer named `all` is every peer.
    #[must_use]
    pub fn sip_prune_peer(peer: &Word) -> Self {
        Self::line("sip prune realtime peer ", peer)
    }

    /// Reads a module's configuration anew, such as `app_queue.so`.
    #[must_use]
    pub fn reload(module: Value) -> Self {
        Self::named("Reload").with("Module", module)
    }

    pub(crate) fn challenge() -> Self {
        Self::named("Challenge").with("AuthType", Value::fixed("MD5"))
    }

    pub(crate) fn login(user: Value, key: Value, events: Value) -> Self {
        Self::named("Login")
            .with("AuthType", Value::fixed("MD5"))
            .with("Username", user)
            .with("Key", key)
            .with("Events", events)
    }

    pub(crate) fn logoff() -> Self {
        Self::named("Logoff")
    }

    fn named(name: &'static str) -> Self {
        Self {
            name: Name::fixed(name),
            fields: Vec::new(),
        }
    }

    fn with(mut self, name: &'static str, value: Value) -> Self {
        self.fields.push((Name::fixed(name), value));
        self
    }

    fn line(start: &'static str, word: &Word) -> Self {
        Self::command(Value::joined(start, word))
    }

    /// The action's name.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// The action's fields, without its id.
    #[must_use]
    pub fn fields(&self) -> &[(Name, Value)] {
        &self.fields
    }

    /// What goes over the wire, with `id` as `ActionID`.
    #[must_use]
    pub fn encode(&self, id: &Value) -> Vec<u8> {
        let mut text = format!("Action: {}\r\nActionID: {id}\r\n", self.name);
        for (name, value) in &self.fields {
            text.extend([name.as_str(), ": ", value.as_str(), "\r\n"]);
        }
        text.push_str("\r\n");
        text.into_bytes()
    }
}

/// The fields, but of those that let one in only that they are there.
impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct(self.name.as_str());
        for (name, value) in &self.fields {
            if HIDDEN.iter().any(|hidden| name.is(hidden)) {
                shown.field(name.as_str(), &"***");
            } else {
                shown.field(name.as_str(), value);
            }
        }
        shown.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Value {
        text.try_into().unwrap()
    }

    fn word(text: &str) -> Word {
        text.try_into().unwrap()
    }

    fn every_action() -> Vec<Action> {
        vec![
            Action::ping(),
            Action::command(value("core show version")),
            Action::queue_pause(value("q"), value("PJSIP/1"), Some(value("lunch"))),
            Action::queue_unpause(value("q"), value("PJSIP/1")),
            Action::queue_status(value("q")),
            Action::queue_summary(value("q")),
            Action::queue_reload(value("q"), QueuePart::Members),
            Action::queue_reload(value("q"), QueuePart::Parameters),
            Action::user_event(value("Hello"), []).unwrap(),
            Action::core_show_channels(),
            Action::device_state_list(),
            Action::device_state(&word("PJSIP/1001")),
            Action::module_check(value("app_queue.so")),
            Action::pjsip_qualify(value("1001")),
            Action::pjsip_show_contacts(),
            Action::sip_peers(),
            Action::sip_qualify_peer(value("1001")),
            Action::pjsip_reload_qualify(&word("1001")),
            Action::cache_expire_object(value("c"), value("o")),
            Action::cache_expire(value("c")),
            Action::sip_prune_peer(&word("1001")),
            Action::reload(value("app_queue.so")),
            Action::challenge(),
            Action::login(value("u"), value("k"), value("on")),
            Action::logoff(),
        ]
    }

    #[test]
    fn the_names_and_values_that_stand_in_the_code_are_sound() {
        for action in every_action() {
            let fields = action.fields.clone();
            for (name, value) in fields {
                assert!(Name::try_from(name.as_str()).is_ok(), "{name}");
                assert!(Value::try_from(value.as_str()).is_ok(), "{value}");
            }
            assert!(Name::try_from(action.name.as_str()).is_ok());
        }
    }

    #[test]
    fn the_longest_word_fits_its_command() {
        let longest = word(&"1".repeat(Word::MOST));
        for action in [Action::sip_prune_peer(&longest), Action::pjsip_reload_qualify(&longest)] {
            assert!(Value::try_from(action.fields[0].1.as_str()).is_ok());
        }
    }

    #[test]
    fn an_action_is_written_as_lines_and_an_empty_one() {
        let action = Action::queue_pause(value("support"), value("PJSIP/1001"), Some(value("a: b")));
        assert_eq!(
            String::from_utf8(action.encode(&value("x-1"))).unwrap(),
            "Action: QueuePause\r\nActionID: x-1\r\nQueue: support\r\nInterface: PJSIP/1001\r\nPaused: true\r\n\
             Reason: a: b\r\n\r\n"
        );
    }

    #[test]
    fn the_id_and_the_name_cannot_be_given_twice() {
        for name in ["ActionID", "actionid", "ACTION"] {
            let field = (Name::try_from(name).unwrap(), value("1"));
            assert!(Action::new(Name::fixed("Ping"), [field]).is_err());
        }
        let many = vec![(Name::fixed("Variable"), value("a=b")); FIELDS + 1];
        assert!(Action::new(Name::fixed("Originate"), many[1..].to_vec()).is_ok());
        assert!(Action::new(Name::fixed("Originate"), many).is_err());
    }

    #[test]
    fn what_lets_one_in_is_not_shown() {
        let shown = format!("{:?}", Action::login(value("peerage"), value("0a1b2c"), value("on")));
        assert!(shown.contains("peerage") && !shown.contains("0a1b2c"), "{shown}");
        let secret = (Name::try_from("secret").unwrap(), value("sesame"));
        let shown = format!("{:?}", Action::new(Name::fixed("Login"), [secret]).unwrap());
        assert!(!shown.contains("sesame"), "{shown}");
    }
}
