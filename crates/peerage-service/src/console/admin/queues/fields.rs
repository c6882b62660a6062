//! The fields of a queue in a form.

use std::collections::BTreeMap;

use peerage_model::{Invalid, QueueName};
use peerage_store::fields::Field;
use peerage_store::{Queue, QueuePatch};

use crate::console::admin::field::whole_number;

/// Changes of a queue, its options as a whole.
#[derive(Default)]
pub(in crate::console::admin) struct Patch {
    pub(super) queue: QueuePatch,
    pub(super) options: Option<BTreeMap<String, String>>,
}

macro_rules! text {
    ($name:literal, $field:ident) => {
        Field {
            name: $name,
            read: |patch, text| {
                patch.queue.$field = Some(text.to_owned());
                Ok(())
            },
            clear: None,
            write: |queue| queue.$field.clone(),
        }
    };
}

macro_rules! optional {
    ($name:literal, $field:ident) => {
        Field {
            name: $name,
            read: |patch, text| {
                patch.queue.$field = Some(Some(text.to_owned()));
                Ok(())
            },
            clear: Some(|patch| patch.queue.$field = Some(None)),
            write: |queue| queue.$field.clone().unwrap_or_default(),
        }
    };
}

macro_rules! whole {
    ($name:literal, $field:ident) => {
        Field {
            name: $name,
            read: |patch, text| {
                patch.queue.$field = Some(whole_number($name, text)?);
                Ok(())
            },
            clear: None,
            write: |queue| queue.$field.to_string(),
        }
    };
}

pub(super) const FIELDS: &[Field<Patch, Queue>] = &[
    Field {
        name: "name",
        read: |patch, text| {
            patch.queue.name = Some(QueueName::try_from(text)?);
            Ok(())
        },
        clear: None,
        write: |queue| queue.name.to_string(),
    },
    optional!("description", description),
    text!("strategy", strategy),
    whole!("timeout", timeout_seconds),
    whole!("retry", retry_seconds),
    whole!("wrapup", wrapup_seconds),
    whole!("max-length", max_length),
    whole!("weight", weight),
    whole!("service-level", service_level_seconds),
    Field {
        name: "ring-in-use",
        read: |patch, text| {
            patch.queue.ring_in_use = Some(peerage_store::fields::read_switch(text)?);
            Ok(())
        },
        clear: None,
        write: |queue| peerage_store::fields::yes_or_no(queue.ring_in_use),
    },
    text!("autopause", autopause),
    text!("join-empty", join_empty),
    text!("leave-when-empty", leave_when_empty),
    optional!("music-class", music_class),
    Field {
        name: "options",
        read: |patch, text| {
            patch.options = Some(read_options(text)?);
            Ok(())
        },
        clear: Some(|patch| patch.options = Some(BTreeMap::new())),
        write: |queue| write_options(&queue.options),
    },
];

/// `name = value`, one a line.
fn read_options(text: &str) -> Result<BTreeMap<String, String>, Invalid> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| match line.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() && !value.trim().is_empty() => {
                Ok((name.trim().to_owned(), value.trim().to_owned()))
            }
            _ => Err(Invalid::new(
                "options",
                line,
                "name=value on each line, such as autofill=yes",
            )),
        })
        .collect()
}

fn write_options(options: &BTreeMap<String, String>) -> String {
    let lines: Vec<String> = options.iter().map(|(name, value)| format!("{name}={value}")).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_one_a_line() {
        let options = read_options("autofill=yes\n\n setqueuevar = a=b \n").unwrap();
        assert_eq!(write_options(&options), "autofill=yes\nsetqueuevar=a=b");
        for bad in ["autofill", "=yes", "autofill="] {
            assert_eq!(read_options(bad).unwrap_err().field(), "options", "{bad}");
        }
    }
}
