//! What becomes of a form that somebody filled in while others may have changed the same thing.
//!
//! A form carries, beside each field, how it stood when the form was made. Only what was typed over is a change; where the field stands
//! differently by now, and not as it was typed, two people want different things, and neither is overwritten unasked.

use axum::http::StatusCode;
use peerage_model::Invalid;
use peerage_store::fields::Field;
use peerage_store::fields::account::{Column, Patch, Record};

use crate::problem::Problem;

/// A field that a form can change: of a `R`ecord, through a `P`atch.
pub(super) trait Entry<P, R> {
    /// Its name in the form.
    fn name(&self) -> &'static str;
    /// Puts a text into the patch; an empty one takes the value away where there can be none. An error names the field.
    fn put(&self, patch: &mut P, text: &str) -> Result<(), Invalid>;
    /// The text that [`put`](Self::put) takes.
    fn write(&self, record: &R) -> String;
}

impl<P, R> Entry<P, R> for Field<P, R> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn put(&self, patch: &mut P, text: &str) -> Result<(), Invalid> {
        Self::put(self, patch, text).map_err(|invalid| invalid.with_field(self.name))
    }

    fn write(&self, record: &R) -> String {
        (self.write)(record)
    }
}

impl<P: Patch, R: Record> Entry<P, R> for Column<P, R> {
    fn name(&self) -> &'static str {
        Self::name(self)
    }

    fn put(&self, patch: &mut P, text: &str) -> Result<(), Invalid> {
        Self::put(self, patch, text)
    }

    fn write(&self, record: &R) -> String {
        Self::write(self, record)
    }
}

/// A field as a form sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) name: &'static str,
    /// How it stood when the form was made.
    pub(super) was: String,
    /// What stands in it now.
    pub(super) now: String,
}

impl Typed {
    /// Whether somebody typed in it.
    pub(super) fn is_changed(&self) -> bool {
        self.was != self.now
    }
}

/// The changes that a form asks for of a record as it stands now; or all that stands against them, each with its field.
pub(super) fn decide<P: Default, R, E: Entry<P, R>>(
    entries: &[E],
    typed: &[Typed],
    current: &R,
) -> Result<P, Vec<Problem>> {
    let mut patch = P::default();
    let mut problems = Vec::new();
    for one in typed.iter().filter(|one| one.is_changed()) {
        let Some(entry) = entries.iter().find(|entry| entry.name() == one.name) else {
            continue;
        };
        let stands = entry.write(current);
        if stands == one.now {
            continue;
        }
        match entry.put(&mut patch, &one.now) {
            Err(invalid) => problems.push(invalid.into()),
            Ok(()) if stands != one.was => problems.push(changed_meanwhile(one.name, &stands)),
            Ok(()) => {}
        }
    }
    if problems.is_empty() { Ok(patch) } else { Err(problems) }
}

/// The changes that a form asks for of something new: all that stands in it.
pub(super) fn fill<P: Default, R, E: Entry<P, R>>(entries: &[E], typed: &[Typed]) -> Result<P, Vec<Problem>> {
    let mut patch = P::default();
    let mut problems = Vec::new();
    for entry in entries {
        let Some(one) = typed.iter().find(|one| one.name == entry.name()) else {
            continue;
        };
        if let Err(invalid) = entry.put(&mut patch, &one.now) {
            problems.push(invalid.into());
        }
    }
    if problems.is_empty() { Ok(patch) } else { Err(problems) }
}

fn changed_meanwhile(name: &str, stands: &str) -> Problem {
    let stands = if stands.is_empty() { "nothing" } else { stands };
    let message = format!("another user has changed this field to `{}`", stands.escape_debug());
    Problem::new(StatusCode::CONFLICT, "changed_meanwhile", message)
        .hint("save again to overwrite it, or reload the page to keep it")
        .field(name)
}

#[cfg(test)]
mod tests {
    use peerage_model::Voice;
    use peerage_store::VoicePatch;
    use peerage_store::fields::voice::FIELDS;

    use super::*;

    fn typed(name: &'static str, was: &str, now: &str) -> Typed {
        Typed {
            name,
            was: was.to_owned(),
            now: now.to_owned(),
        }
    }

    fn voice() -> Voice {
        Voice {
            context: "sales".parse().unwrap(),
            ..Voice::default()
        }
    }

    #[test]
    fn only_what_was_typed_over_is_changed() {
        // Somebody else has set the context meanwhile; this form shows the old one, and changes another field.
        let sent = [
            typed("context", "from-sip", "from-sip"),
            typed("nat", "force_rport", "no"),
        ];
        let patch: VoicePatch = decide(FIELDS, &sent, &voice()).unwrap();
        assert_eq!(patch.context, None);
        assert_eq!(patch.nat, Some("no".parse().unwrap()));
    }

    #[test]
    fn who_wants_what_stands_already_is_at_peace() {
        let patch: VoicePatch = decide(FIELDS, &[typed("context", "from-sip", "sales")], &voice()).unwrap();
        assert_eq!(patch, VoicePatch::default());
    }

    #[test]
    fn two_who_want_different_things_are_told() {
        let problems =
            decide::<VoicePatch, _, _>(FIELDS, &[typed("context", "from-sip", "support")], &voice()).unwrap_err();
        assert_eq!(problems[0].code, "changed_meanwhile");
        assert_eq!(problems[0].details.field.as_deref(), Some("context"));
        assert!(problems[0].message.contains("`sales`"), "{}", problems[0].message);
        // Said once, the second attempt knows how it stands.
        let patch: VoicePatch = decide(FIELDS, &[typed("context", "sales", "support")], &voice()).unwrap();
        assert_eq!(patch.context, Some("support".parse().unwrap()));
    }

    #[test]
    fn every_bad_value_is_told_with_its_field() {
        let sent = [typed("nat", "no", "maybe"), typed("codecs", "ulaw", "mp3")];
        let problems = decide::<VoicePatch, _, _>(FIELDS, &sent, &Voice::default()).unwrap_err();
        let fields: Vec<_> = problems.iter().filter_map(|one| one.details.field.as_deref()).collect();
        assert_eq!(fields, ["nat", "codecs"]);
    }

    #[test]
    fn an_empty_text_takes_away_what_can_be_none() {
        let patch: VoicePatch = fill(FIELDS, &[typed("callerid-name", "", "")]).unwrap();
        assert_eq!(patch.caller_name, Some(None));
        assert!(fill::<VoicePatch, _, _>(FIELDS, &[typed("context", "", "")]).is_err());
    }
}
