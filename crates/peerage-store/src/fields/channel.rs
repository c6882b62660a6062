//! Channels that are not voice, as `--channel` takes them: `chat=5`, `chat=5,auto-answer=3`, `chat=off`.

use std::fmt::Write;
use std::str::FromStr;

use crate::{AgentChannel, AgentPatch};
use peerage_model::{Channel, Invalid};

/// What becomes of one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelChange {
    /// It is added, or has other settings.
    Set(AgentChannel),
    /// It is taken away.
    Drop(Channel),
}

const FIELD: &str = "channel";
const FORM: &str = "written like chat=5, chat=5,auto-answer=3 or chat=off";
const AUTO_ANSWER: &str = "auto-answer";

impl FromStr for ChannelChange {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || Invalid::new(FIELD, text, FORM);
        let mut parts = text.split(',').map(|part| part.trim_matches(' '));
        let (word, amount) = parts.next().and_then(|part| part.split_once('=')).ok_or_else(refused)?;
        let channel = Channel::try_from(word)?;
        if amount == "off" {
            return match parts.next() {
                None => Ok(Self::Drop(channel)),
                Some(_) => Err(refused()),
            };
        }
        let mut settings = AgentChannel::new(channel);
        settings.capacity = amount.parse()?;
        if let Some(part) = parts.next() {
            let (key, delay) = part.split_once('=').unwrap_or((part, "0"));
            if key != AUTO_ANSWER || parts.next().is_some() {
                return Err(refused());
            }
            settings.auto_answer = true;
            settings.auto_answer_delay = delay
                .parse()
                .map_err(|invalid: Invalid| invalid.with_field(AUTO_ANSWER))?;
        }
        Ok(Self::Set(settings))
    }
}

impl ChannelChange {
    /// Adds the change; a later one of the same channel takes the place of an earlier one.
    pub fn add_to(self, patch: &mut AgentPatch) {
        let channel = match &self {
            Self::Set(settings) => settings.channel,
            Self::Drop(channel) => *channel,
        };
        patch.set_channels.retain(|settings| settings.channel != channel);
        patch.drop_channels.retain(|dropped| *dropped != channel);
        match self {
            Self::Set(settings) => patch.set_channels.push(settings),
            Self::Drop(channel) => patch.drop_channels.push(channel),
        }
    }
}

/// The form that is read.
pub fn write(channel: &AgentChannel) -> String {
    let mut text = format!("{}={}", channel.channel, channel.capacity);
    if channel.auto_answer {
        let _ = write!(text, ",{AUTO_ANSWER}={}", channel.auto_answer_delay);
    }
    text
}

/// The same for people.
pub fn words(channel: &AgentChannel) -> String {
    let mut text = match channel.capacity.get() {
        0 => "any number at once".to_owned(),
        most => format!("at most {most} at once"),
    };
    if channel.auto_answer {
        let _ = write!(text, ", accepted after {} s", channel.auto_answer_delay);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for text in ["chat=0", "open_channel=5,auto-answer=3", "fax=1000,auto-answer=0"] {
            let Ok(ChannelChange::Set(settings)) = text.parse() else {
                panic!("{text}");
            };
            assert_eq!(write(&settings), text);
        }
        assert_eq!("chat=off".parse(), Ok(ChannelChange::Drop(Channel::Chat)));
        let Ok(ChannelChange::Set(settings)) = "chat=5, auto-answer".parse() else {
            panic!("a delay may be left out");
        };
        assert!(settings.auto_answer);
    }

    #[test]
    fn a_bad_part_is_named() {
        for (text, field, value) in [
            ("chat", "channel", "chat"),
            ("talk=5", "channel", "talk"),
            ("chat=-1", "capacity", "-1"),
            ("chat=1001", "capacity", "1001"),
            ("chat=5,auto-answer=9999", "auto-answer", "9999"),
            ("chat=5,colour=red", "channel", "chat=5,colour=red"),
            ("chat=off,auto-answer=3", "channel", "chat=off,auto-answer=3"),
            ("", "channel", ""),
        ] {
            let error = text.parse::<ChannelChange>().unwrap_err();
            assert_eq!((error.field(), error.value()), (field, value), "{text}");
        }
    }

    #[test]
    fn the_last_word_on_a_channel_counts() {
        let mut patch = AgentPatch::default();
        for text in ["chat=5", "fax=1", "chat=off", "fax=off", "chat=7"] {
            text.parse::<ChannelChange>().unwrap().add_to(&mut patch);
        }
        assert_eq!(patch.set_channels.iter().map(write).collect::<Vec<_>>(), ["chat=7"]);
        assert_eq!(patch.drop_channels, [Channel::Fax]);
    }
}
