use crate::text::{one_line, only, text};

text! {
    /// The full name of an agent or a telephone: 1 to 80 characters, no control characters, no
    /// blank at either end.
    FullName, field "full_name",
    rule "1 to 80 characters without control characters, no blank at either end",
    accepts |text| one_line(text, 80)
}

text! {
    /// What an agent is called instead of the full name; the rule of [`FullName`].
    Alias, field "alias",
    rule "1 to 80 characters without control characters, no blank at either end",
    accepts |text| one_line(text, 80)
}

text! {
    /// A description: 1 to 500 characters; of the control characters only the line feed.
    Description, field "description",
    rule "1 to 500 characters without control characters, line feeds apart",
    accepts |text| only(text, |c| c == '\n' || !c.is_control(), 500)
}

text! {
    /// An address for mail: something, one `@`, something; no blanks or control characters, at
    /// most 254 characters.
    ///
    /// Whether anybody reads it, only a mail can tell; the rule keeps out what is plainly none.
    ///
    /// # Source
    ///
    /// The length: RFC 5321 section 4.5.3.1.3, less the two angle brackets of a path.
    Email, field "email",
    rule "up to 254 characters with one `@` inside, without blanks",
    accepts |text| only(text, |c| c != ' ' && !c.is_control(), 254)
        && text.split('@').count() == 2
        && !text.starts_with('@')
        && !text.ends_with('@')
}

text! {
    /// The name a person signs in with: 1 to 64 of `[0-9A-Za-z._]`.
    Username, field "username",
    rule "1 to 64 letters, digits, `.` or `_`",
    accepts |text| only(text, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'), 64)
}
