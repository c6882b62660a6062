//! The table of good and bad values, through the console's forms: the verdict is that of the parsers and of the database.

use crate::admin_form::Form;
use crate::browser::Browser;
use crate::support::{Centre, Who};

const TABLE: &str = include_str!("../../../../schema/values.tsv");

/// The fields of the table that a form has, under the form's names.
const FIELDS: &[(&str, &str)] = &[
    ("full_name", "name"),
    ("alias", "alias"),
    ("email", "email"),
    ("phone", "phone"),
    ("mobile", "mobile"),
    ("description", "description"),
    ("host", "host"),
    ("nat", "nat"),
    ("type", "type"),
    ("transports", "transport"),
    ("codecs", "codecs"),
    ("callerid_name", "callerid-name"),
    ("callerid_number", "callerid-number"),
    ("context", "context"),
    ("call_groups", "call-group"),
    ("pickup_groups", "pickup-group"),
    ("named_call_groups", "named-call-group"),
    ("named_pickup_groups", "named-pickup-group"),
    ("record", "record"),
    ("qualify_seconds", "qualify"),
    ("max_contacts", "max-contacts"),
    ("log_level", "client-log-level"),
];

/// Where an empty field means none.
const CLEARED: &[&str] = &[
    "alias",
    "email",
    "phone",
    "mobile",
    "description",
    "callerid-name",
    "callerid-number",
];

fn decoded(written: &str) -> String {
    let mut value = String::new();
    let mut chars = written.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            value.push(c);
            continue;
        }
        match chars.next().unwrap() {
            't' => value.push('\t'),
            'n' => value.push('\n'),
            '\\' => value.push('\\'),
            'u' => {
                chars.next();
                let digits: String = chars.by_ref().take_while(|c| *c != '}').collect();
                value.push(char::from_u32(u32::from_str_radix(&digits, 16).unwrap()).unwrap());
            }
            other => panic!("\\{other}"),
        }
    }
    value
}

fn same_groups(shown: &str, value: &str) -> bool {
    let groups = |text: &str| text.parse::<peerage_model::Groups>();
    matches!((groups(shown), groups(value)), (Ok(shown), Ok(value)) if shown == value)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_takes_what_the_table_calls_good_and_refuses_what_it_calls_bad() {
    const PATH: &str = "/admin/agents/1003";
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    let mut tried = std::collections::BTreeMap::<&str, (usize, usize)>::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.splitn(3, '\t');
        let (Some(field), Some(verdict), Some(written)) = (cells.next(), cells.next(), cells.next()) else {
            continue;
        };
        let Some((_, name)) = FIELDS.iter().find(|(known, _)| *known == field) else {
            continue;
        };
        let value = decoded(written);
        let clears = value.is_empty() && CLEARED.contains(name);
        // Browsers send a line feed as two characters, and cannot send some others in a line.
        let sent = value.replace('\n', "\r\n");
        let form = Form::of(&ann.get(PATH).await, PATH);
        if form.value(name) == value {
            continue;
        }
        // Rules between fields are not what is tried here: a browser alone needs encryption, and no fixed host.
        let form = form.with("encryption", "yes").with("host", "dynamic");
        let seen = form.with(name, &sent).send(&ann).await;
        let good = verdict == "good" || clears;
        let counts = tried.entry(field).or_default();
        if good {
            counts.0 += 1;
            assert_eq!(seen.status, 303, "{field} takes {value:?}");
            let shown = Form::of(&ann.get(PATH).await, PATH).value(name);
            // Numbers in a row are shown as a range.
            let same = shown == value || same_groups(&shown, &value);
            assert!(same, "{field} shows {value:?} as {shown:?}");
        } else {
            counts.1 += 1;
            assert_eq!(seen.status, 422, "{field} refuses {value:?}");
            seen.shows(&format!("id=\"field-{name}-error\""));
            // A choice has only what it offers, and what is not sent is not kept.
            if !["nat", "type", "record", "client-log-level", "transport", "codecs"].contains(name) {
                assert_eq!(Form::of(&seen, PATH).value(name), value, "{field} keeps {value:?}");
            }
        }
    }
    for (field, _) in FIELDS {
        let (good, bad) = tried.get(field).copied().unwrap_or_default();
        assert!(good > 0 && bad > 0, "{field}: {good} good, {bad} bad");
    }
}
