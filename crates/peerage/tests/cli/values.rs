//! Bad values of every field, by flag and by CSV: the message names field, value and rule.

use std::collections::BTreeSet;

use peerage_model as model;

use crate::session::{Session, finish};

const TABLE: &str = include_str!("../../../../schema/values.tsv");

/// A field of `schema/values.tsv`: its flag, words that its rule has, and whether the empty text clears it.
struct Field {
    column: &'static str,
    flag: &'static str,
    rule: String,
    clears: bool,
}

fn field(column: &'static str, flag: &'static str, rule: impl Into<String>, clears: bool) -> Field {
    Field {
        column,
        flag,
        rule: rule.into(),
        clears,
    }
}

fn fields() -> Vec<Field> {
    vec![
        field("host", "host", model::Host::RULE, false),
        field("nat", "nat", "yes, no, force_rport, comedia, never, route", false),
        field("type", "type", "user, peer, friend", false),
        field("transports", "transport", "", false),
        field("codecs", "codecs", "", false),
        field("callerid_name", "callerid-name", model::CallerName::RULE, true),
        field("callerid_number", "callerid-number", model::CallerNumber::RULE, true),
        field("context", "context", model::Context::RULE, false),
        field("call_groups", "call-group", model::Groups::RULE, false),
        field("pickup_groups", "pickup-group", model::Groups::RULE, false),
        field("named_call_groups", "named-call-group", "", false),
        field("named_pickup_groups", "named-pickup-group", "", false),
        field("record", "record", "inactive, wav, wav49, gsm", false),
        field("qualify_seconds", "qualify", model::QualifySeconds::RULE, false),
        field("max_contacts", "max-contacts", model::MaxContacts::RULE, false),
        field("full_name", "name", model::FullName::RULE, false),
        field("alias", "alias", model::Alias::RULE, true),
        field("email", "email", model::Email::RULE, true),
        field("phone", "phone", model::DialNumber::RULE, true),
        field("mobile", "mobile", model::DialNumber::RULE, true),
        field("description", "description", model::Description::RULE, true),
        field(
            "log_level",
            "client-log-level",
            "off, error, warning, info, debug",
            false,
        ),
        field("site_name", "site", model::SiteName::RULE, false),
        field("number", "number", model::Number::RULE, false),
    ]
}

/// The values of a column with this verdict, decoded as the head of the table says.
fn values(column: &str, verdict: &str) -> Vec<String> {
    TABLE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            line.strip_prefix(column)?
                .strip_prefix('\t')?
                .strip_prefix(verdict)?
                .strip_prefix('\t')
        })
        .map(decoded)
        .collect()
}

fn decoded(written: &str) -> String {
    let mut value = String::new();
    let mut rest = written;
    while let Some((before, after)) = rest.split_once('\\') {
        value.push_str(before);
        let mut chars = after.chars();
        match chars.next() {
            Some('t') => value.push('\t'),
            Some('n') => value.push('\n'),
            Some('\\') => value.push('\\'),
            Some('u') => {
                let (digits, _) = after[2..].split_once('}').unwrap();
                value.push(char::from_u32(u32::from_str_radix(digits, 16).unwrap()).unwrap());
                rest = &after[2 + digits.len() + 1..];
                continue;
            }
            other => panic!("{written}: {other:?}"),
        }
        rest = chars.as_str();
    }
    value.push_str(rest);
    value
}

/// The value as a message shows it.
fn shown(value: &str) -> String {
    value
        .chars()
        .flat_map(|c| {
            if c.is_control() {
                c.escape_default().collect()
            } else {
                vec![c]
            }
        })
        .collect()
}

/// The words of a message without its line breaks, which depend on nothing but its length.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_bad_value_of_a_flag_is_an_error_of_usage_that_names_flag_value_and_rule() {
    let session = Session::without_database();
    let mut tried = 0;
    for field in fields() {
        let mut seen = BTreeSet::new();
        for value in values(field.column, "bad") {
            if value.is_empty() && field.clears {
                continue;
            }
            let words: Vec<String> = match field.flag {
                "number" => ["agent", "add", "--name", "Ada", "--", value.as_str()]
                    .map(str::to_owned)
                    .to_vec(),
                flag => {
                    let given = format!("--{flag}={value}");
                    let mut words = vec!["agent", "add", "1001"];
                    if flag != "name" {
                        words.extend(["--name", "Ada"]);
                    }
                    words.push(&given);
                    words.into_iter().map(str::to_owned).collect()
                }
            };
            let run = finish(session.command_of(&words), "");
            let message = plain(&run.stderr);
            assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{words:?}: {message}");
            let flag = if field.flag == "number" {
                "<NUMBER>".to_owned()
            } else {
                format!("--{} ", field.flag)
            };
            assert!(message.contains(&flag), "{words:?}: {message}");
            if !value.is_empty() {
                let begin: String = shown(&value).chars().take(60).collect();
                assert!(message.contains(&plain(&begin)), "{words:?}: {message}");
            }
            assert!(
                !run.stderr.contains(|c: char| c.is_control() && c != '\n'),
                "{words:?}: {:?}",
                run.stderr
            );
            if message.contains(&plain(&field.rule)) {
                seen.insert(value);
            }
            tried += 1;
        }
        assert!(
            !seen.is_empty(),
            "no message of --{} has its rule: {}",
            field.flag,
            field.rule
        );
    }
    assert!(tried > 200, "{tried}");
}

#[test]
fn a_bad_value_in_a_file_is_named_with_line_column_value_and_rule() {
    let session = Session::new();
    let fields = fields();
    let mut header: Vec<&str> = fields.iter().map(|field| field.flag).collect();
    header.push("secret");
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(&header).unwrap();
    let mut expected = Vec::new();
    for (position, field) in fields.iter().enumerate() {
        for value in values(field.column, "bad") {
            // An empty cell is one that is not given.
            if value.is_empty() {
                continue;
            }
            let mut line = vec![String::new(); header.len()];
            for (cell, name) in line.iter_mut().zip(&header) {
                match *name {
                    "number" => *cell = format!("1{:05}", expected.len()),
                    "name" => *cell = "Ada".to_owned(),
                    "secret" => *cell = "correct-horse".to_owned(),
                    _ => {}
                }
            }
            line[position].clone_from(&value);
            file.write_record(&line).unwrap();
            expected.push((field, value));
        }
    }
    assert!(expected.len() > 200, "{}", expected.len());
    session.write("agents.csv", &String::from_utf8(file.into_inner().unwrap()).unwrap());
    let run = finish(session.command("import csv agents.csv"), "");
    assert_eq!(run.code, 1);
    let messages: Vec<&str> = run
        .stderr
        .lines()
        .filter(|line| line.starts_with("error: line "))
        .collect();
    assert_eq!(messages.len(), expected.len(), "{}", run.stderr);
    for (message, (field, value)) in messages.iter().zip(&expected) {
        assert!(message.contains(&format!("`{}` cannot be `", field.flag)), "{message}");
        // Of a list it is the word at fault that is named.
        let parts: Vec<String> = value.split(',').map(|part| part.trim_matches(' ')).map(shown).collect();
        let named = parts.iter().chain([&shown(value)]).any(|part| {
            let begin: String = part.chars().take(60).collect();
            message.contains(&format!("cannot be `{begin}"))
        });
        assert!(named, "{message}: {value:?}");
        let rule = message.split("`: ").nth(1).unwrap_or_default();
        assert!(rule.len() >= "1 to 100".len(), "no rule: {message}");
    }
    assert_eq!(session.db().psql("select count(*) from peerage.sip_account"), "0");
}

#[test]
fn good_values_are_taken_by_flag_and_file_alike() {
    let session = Session::new();
    let mut number = 100_000;
    let mut tried = 0;
    for field in fields()
        .iter()
        .filter(|field| !["number", "site", "type", "host"].contains(&field.flag))
    {
        let mut header = vec!["number", "secret", field.flag];
        if field.flag != "name" {
            header.push("name");
        }
        let mut file = csv::Writer::from_writer(Vec::new());
        file.write_record(&header).unwrap();
        for value in values(field.column, "good") {
            number += 1;
            let mut line = vec![number.to_string(), "correct-horse".to_owned(), value];
            line.resize(header.len(), "Ada".to_owned());
            file.write_record(&line).unwrap();
            tried += 1;
        }
        // What makes a browser's account is refused without encryption, whatever the field says.
        if field.flag == "transport" {
            continue;
        }
        session.write("agents.csv", &String::from_utf8(file.into_inner().unwrap()).unwrap());
        session.quietly("import csv agents.csv");
    }
    assert!(tried > 80, "{tried}");
    for value in values("callerid_name", "good").iter().filter(|value| !value.is_empty()) {
        number += 1;
        let words = [
            "agent",
            "add",
            &number.to_string(),
            "--name=Ada",
            &format!("--callerid-name={value}"),
        ]
        .map(str::to_owned);
        assert_eq!(finish(session.command_of(&words), "").code, 0, "{value:?}");
        let show = ["agent", "show", &number.to_string(), "--format=json"].map(str::to_owned);
        let shown = finish(session.command_of(&show), "").json();
        assert_eq!(shown["voice"]["caller_id"]["name"], *value);
    }
}

#[test]
fn numbers_and_counts_out_of_range_are_refused_with_the_range() {
    let session = Session::without_database();
    for (flag, value, rule) in [
        ("qualify", "86401", "0 to 86400"),
        ("qualify", "-1", "0 to 86400"),
        ("qualify", "007", "0 to 86400"),
        ("max-contacts", "0", "1 to 100"),
        ("max-contacts", "101", "1 to 100"),
        ("max-contacts", "99999999999999999999", "1 to 100"),
        ("call-group", "64", "0 to 63"),
        ("pickup-group", "5-3", "0 to 63"),
        ("transport", "udp,udp", "none twice"),
        ("codecs", "", "one or more"),
    ] {
        let words = ["phone", "set", "2001", &format!("--{flag}={value}")].map(str::to_owned);
        let run = finish(session.command_of(&words), "");
        assert_eq!(run.code, 2, "{words:?}");
        assert!(plain(&run.stderr).contains(rule), "{words:?}: {}", run.stderr);
    }
}
