use std::fmt;
use std::str::FromStr;

use crate::Invalid;
use crate::text::{only, text};

text! {
    /// The name of a caller id: 1 to 79 bytes of UTF-8, no control characters.
    ///
    /// # Source
    ///
    /// `char cid_name[80]`, its end included: `caller_id_handler`, Asterisk 22.10.1
    /// `res/res_pjsip/pjsip_configuration.c`.
    CallerName, field "callerid_name",
    rule "1 to 79 bytes without control characters",
    accepts |text| text.len() <= 79 && only(text, |c| !c.is_control(), 79)
}

text! {
    /// The number of a caller id: 1 to 40 of `[0-9A-Za-z*#+._-]`.
    CallerNumber, field "callerid_number",
    rule "1 to 40 letters, digits or `*#+._-`",
    accepts |text| only(
        text,
        |c| c.is_ascii_alphanumeric() || matches!(c, '*' | '#' | '+' | '.' | '_' | '-'),
        40,
    )
}

/// What a called party sees of the caller: a name, a number, both or neither.
///
/// Written `"Ada King" <1001>`. Read also without the quotes, without either part, and as a bare
/// number. A bare text is a number when it holds only digits, `*`, `#` and `+`, as in Asterisk;
/// else it is a name. The blank text is neither part.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallerId {
    /// The name; none leaves it to the called phone.
    pub name: Option<CallerName>,
    /// The number; none withholds it.
    pub number: Option<CallerNumber>,
}

const FIELD: &str = "callerid";
const FORM: &str = "written `\"name\" <number>`";

impl CallerId {
    /// Whether there is neither name nor number.
    pub fn is_empty(&self) -> bool {
        self.name.is_none() && self.number.is_none()
    }

    fn of(name: &str, number: &str) -> Result<Self, Invalid> {
        Ok(Self {
            name: present(name).map(CallerName::try_from).transpose()?,
            number: present(number).map(CallerNumber::try_from).transpose()?,
        })
    }
}

fn present(part: &str) -> Option<&str> {
    Some(part).filter(|part| !part.is_empty())
}

/// The quoted name at the start of `text`, with `\"` and `\\` decoded, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut rest = text.strip_prefix('"')?.chars();
    loop {
        match rest.next()? {
            '"' => return Some((name, rest.as_str())),
            '\\' => name.push(rest.next()?),
            c => name.push(c),
        }
    }
}

impl FromStr for CallerId {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || Invalid::new(FIELD, text, FORM);
        let trimmed = text.trim_matches(' ');
        if trimmed.starts_with('"') {
            let (name, rest) = quoted(trimmed).ok_or_else(refused)?;
            let rest = rest.trim_start_matches(' ');
            let number = match rest {
                "" => "",
                _ => rest
                    .strip_prefix('<')
                    .and_then(|number| number.strip_suffix('>'))
                    .ok_or_else(refused)?,
            };
            return Self::of(&name, number);
        }
        // Outside quotes these three only ever open or close something.
        let plain = |part: &str| !part.contains(['"', '<', '>']);
        if let Some(opened) = trimmed.strip_suffix('>') {
            let (name, number) = opened.rsplit_once('<').ok_or_else(refused)?;
            return match plain(name) {
                true => Self::of(name.trim_end_matches(' '), number),
                false => Err(refused()),
            };
        }
        let is_number = |c: char| c.is_ascii_digit() || matches!(c, '*' | '#' | '+');
        if trimmed.chars().all(is_number) {
            Self::of("", trimmed)
        } else if plain(trimmed) {
            Self::of(trimmed, "")
        } else {
            Err(refused())
        }
    }
}

impl TryFrom<&str> for CallerId {
    type Error = Invalid;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for CallerId {
    /// The form Asterisk is told: the name always quoted, `<>` without a number; empty when there
    /// is neither.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return Ok(());
        }
        if let Some(name) = &self.name {
            let escaped = name.as_str().replace('\\', "\\\\").replace('"', "\\\"");
            write!(f, "\"{escaped}\" ")?;
        }
        let number = self.number.as_ref().map_or("", CallerNumber::as_str);
        write!(f, "<{number}>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Option<String>, Option<String>) {
        let id: CallerId = text.parse().unwrap();
        (
            id.name.map(|name| name.to_string()),
            id.number.map(|number| number.to_string()),
        )
    }

    fn some(name: &str, number: &str) -> (Option<String>, Option<String>) {
        (present(name).map(str::to_owned), present(number).map(str::to_owned))
    }

    #[test]
    fn the_forms_people_write_are_read() {
        for (text, name, number) in [
            ("\"Ada King\" <1001>", "Ada King", "1001"),
            ("Ada King <1001>", "Ada King", "1001"),
            ("  \"Ada King\"<1001> ", "Ada King", "1001"),
            ("<1001>", "", "1001"),
            ("1001", "", "1001"),
            ("+39*06#", "", "+39*06#"),
            ("Ada King", "Ada King", ""),
            ("\"1001\"", "1001", ""),
            ("\"Ada King\" <>", "Ada King", ""),
            ("\"\" <1001>", "", "1001"),
            ("", "", ""),
            ("\"a \\\"b\\\" \\\\ <c>\" <7>", "a \"b\" \\ <c>", "7"),
        ] {
            assert_eq!(parts(text), some(name, number), "{text}");
        }
    }

    #[test]
    fn what_opens_must_close() {
        for text in [
            "\"Ada <1001>",
            "\"Ada\" <1001",
            "\"Ada\" 1001>",
            "\"Ada\" x <1001>",
            "Ada <1001",
            "Ada 1001>",
            "A\"da <1001>",
            "A <b> <1001>",
            "\"Ada\\",
        ] {
            let error = text.parse::<CallerId>().unwrap_err();
            assert_eq!((error.field(), error.value()), ("callerid", text));
        }
    }

    #[test]
    fn a_bad_part_is_named() {
        let field = |text: &str| text.parse::<CallerId>().unwrap_err().field();
        assert_eq!(field("Ada <10 01>"), "callerid_number");
        assert_eq!(field("A\tda <1001>"), "callerid_name");
        assert_eq!(field(&format!("{} <1001>", "x".repeat(80))), "callerid_name");
    }

    #[test]
    fn it_is_written_with_the_name_quoted() {
        for text in [
            "\"Ada King\" <1001>",
            "\"Ada King\" <>",
            "<1001>",
            "",
            "\"a \\\"b\\\" \\\\ <c>\" <7>",
        ] {
            assert_eq!(text.parse::<CallerId>().unwrap().to_string(), text);
        }
    }
}
