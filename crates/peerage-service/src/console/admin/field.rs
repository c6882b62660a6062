//! Short ways to say how a field of a form is read and written.

use peerage_model::Invalid;

/// A field that is read by its type, and written by its `Display`.
macro_rules! plain {
    ($name:literal, $field:ident) => {
        peerage_store::fields::Field {
            name: $name,
            read: |patch, text| {
                patch.$field = Some(text.parse()?);
                Ok(())
            },
            clear: None,
            write: |record| record.$field.to_string(),
        }
    };
}

/// A field that is read by its type, or none.
macro_rules! optional {
    ($name:literal, $field:ident) => {
        peerage_store::fields::Field {
            name: $name,
            read: |patch, text| {
                patch.$field = Some(Some(text.parse()?));
                Ok(())
            },
            clear: Some(|patch| patch.$field = Some(None)),
            write: |record| peerage_store::fields::or_empty(record.$field.as_ref()),
        }
    };
}

/// A text that the table checks.
macro_rules! text {
    ($name:literal, $field:ident) => {
        peerage_store::fields::Field {
            name: $name,
            read: |patch, text| {
                patch.$field = Some(text.to_owned());
                Ok(())
            },
            clear: None,
            write: |record| record.$field.clone(),
        }
    };
}

/// On or off.
macro_rules! switch {
    ($name:literal, $field:ident) => {
        peerage_store::fields::Field {
            name: $name,
            read: |patch, text| {
                patch.$field = Some(peerage_store::fields::read_switch(text)?);
                Ok(())
            },
            clear: None,
            write: |record| peerage_store::fields::yes_or_no(record.$field),
        }
    };
}

pub(super) use {optional, plain, switch, text};

/// Reads a whole number; what it may be is the table's to say.
pub(super) fn whole_number(name: &'static str, text: &str) -> Result<i32, Invalid> {
    text.parse()
        .map_err(|_no_number| Invalid::new(name, text, "a whole number"))
}
