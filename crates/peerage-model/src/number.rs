use crate::text::{only, starts, text};

text! {
    /// The number of an agent or a telephone: the user of its SIP identity.
    ///
    /// A letter or digit, then up to 39 letters, digits, `.` or `-` (ASCII):
    /// `[0-9A-Za-z][0-9A-Za-z.-]{0,39}`. Case counts. Agents and telephones share one number space.
    ///
    /// `_` and `%` are refused because Asterisk looks contacts up with `LIKE '<number>^3B@%'` and
    /// does not escape them, so `a_1` would get the contacts of `ab1`; `@`, `;` and `^` because
    /// they separate or encode inside a realtime value.
    ///
    /// # Source
    ///
    /// Retrieval by prefix in `res/res_sorcery_realtime.c`, Asterisk 22.10.1; 40 characters is the width of `ps_endpoints.id` in Asterisk 16.
    Number, field "number",
    rule "a letter or digit, then up to 39 letters, digits, `.` or `-`",
    accepts |text| starts(
        text,
        |c| c.is_ascii_alphanumeric(),
        |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'),
        40,
    )
}

text! {
    /// Where an agent's `phone` or `mobile` rings: an outside number, or the number of an account.
    ///
    /// `[+]?[0-9*#]{1,40}`, or a [`Number`]. It becomes part of a dial string, so nothing that
    /// separates there (`/`, `@`, `&`, `,`) is taken.
    DialNumber, field "phone",
    rule "up to 40 digits, `*` or `#`, `+` before them if wanted; or the number of an account",
    accepts |text| Number::accepts(text)
        || only(
            text.strip_prefix('+').unwrap_or(text),
            |c| c.is_ascii_digit() || matches!(c, '*' | '#'),
            40,
        )
}

impl From<Number> for DialNumber {
    fn from(number: Number) -> Self {
        Self(number.0)
    }
}
