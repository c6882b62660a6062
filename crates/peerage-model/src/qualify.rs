use crate::bounded::bounded;

bounded! {
    /// How often a registered phone is asked whether it is there, in seconds; 0 is never.
    ///
    /// # Source
    ///
    /// `qualify_frequency` of an AOR, 0 to 86400: Asterisk 22.10.1 `res/res_pjsip/location.c`.
    QualifySeconds, field "qualify_seconds", 0..=86400, rule "0 to 86400 seconds; 0 is off"
}

impl Default for QualifySeconds {
    /// A minute.
    fn default() -> Self {
        Self(60)
    }
}

bounded! {
    /// How many devices may be registered at once for one account, 1 to 100.
    MaxContacts, field "max_contacts", 1..=100, rule "1 to 100"
}

impl Default for MaxContacts {
    /// One, which a new registration displaces.
    fn default() -> Self {
        Self(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_in_one_way_only() {
        assert_eq!("60".parse(), Ok(QualifySeconds::default()));
        for text in ["+60", "060", " 60", "60 ", "6e1", "60.0", "-0", "", "6_0"] {
            let error = text.parse::<QualifySeconds>().unwrap_err();
            assert_eq!((error.field(), error.value()), ("qualify_seconds", text));
        }
    }
}
