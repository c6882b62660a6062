//! What Asterisk sends, one message at a time.

/// One message of Asterisk's: its fields in the order in which they came.
///
/// Names may repeat (`Output`, `ChanVariable`, `Variable`) and are found without regard to case. A value may be empty,
/// and may contain anything but the end of a line; what was not UTF-8 has become U+FFFD. A line that is no field, as
/// some old actions print, stands under the empty name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    fields: Vec<(String, String)>,
}

impl Frame {
    pub(crate) fn new(fields: Vec<(String, String)>) -> Self {
        Self { fields }
    }

    /// All fields.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of the first field with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields()
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The values of all fields with this name, in order.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.fields()
            .filter(move |(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The name of the event, such as `QueueMemberPause`, when this is one.
    #[must_use]
    pub fn event(&self) -> Option<&str> {
        self.first("Event")
    }

    /// The kind of response, such as `Success`, when this is one.
    ///
    /// It is one by its first field alone: events, too, have a field `Response` (`OriginateResponse`).
    #[must_use]
    pub fn response(&self) -> Option<&str> {
        self.first("Response")
    }

    /// The id of the action that this answers or belongs to.
    #[must_use]
    pub fn action_id(&self) -> Option<&str> {
        self.get("ActionID")
    }

    /// What a command printed, its lines joined by line feeds.
    #[must_use]
    pub fn output(&self) -> String {
        self.all("Output").collect::<Vec<_>>().join("\n")
    }

    /// Bytes of all names and values, for those who bound what they collect.
    pub(crate) fn size(&self) -> usize {
        self.fields().map(|(name, value)| name.len() + value.len()).sum()
    }

    /// About the bytes of memory that it takes: a field of two letters takes far more than two bytes.
    pub(crate) fn weight(&self) -> usize {
        const OF_FIELD: usize = size_of::<(String, String)>() + 2 * 16;
        self.size() + self.fields.len() * OF_FIELD
    }

    fn first(&self, name: &str) -> Option<&str> {
        let (found, value) = self.fields.first()?;
        found.eq_ignore_ascii_case(name).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(fields: &[(&str, &str)]) -> Frame {
        Frame::new(fields.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect())
    }

    #[test]
    fn an_event_that_speaks_of_a_response_is_none() {
        let event = frame(&[("Event", "OriginateResponse"), ("Response", "Failure")]);
        assert_eq!(event.event(), Some("OriginateResponse"));
        assert_eq!(event.response(), None);
        assert_eq!(event.get("response"), Some("Failure"));
    }

    #[test]
    fn repeated_fields_are_all_kept_in_order() {
        let answer = frame(&[
            ("Response", "Success"),
            ("Output", "a"),
            ("Output", ""),
            ("Output", "b"),
        ]);
        assert_eq!(answer.output(), "a\n\nb");
        assert_eq!(answer.get("output"), Some("a"));
    }
}
