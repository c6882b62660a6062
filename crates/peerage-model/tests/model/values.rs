//! `schema/values.tsv`, against which the database's constraints are tested too.

use std::collections::BTreeSet;

use crate::fields::{FIELDS, VOCABULARIES};

const TABLE: &str = include_str!("../../../../schema/values.tsv");

struct Row {
    line: usize,
    field: &'static str,
    good: bool,
    value: String,
}

fn rows() -> Vec<Row> {
    let mut lines = TABLE
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    assert_eq!(lines.next().unwrap().1, "field\tverdict\tvalue");
    lines
        .map(|(at, text)| {
            let line = at + 1;
            let columns: Vec<&str> = text.split('\t').collect();
            let [field, verdict, value] = columns[..] else {
                panic!("line {line} has {} columns", columns.len());
            };
            Row {
                line,
                field,
                good: match verdict {
                    "good" => true,
                    "bad" => false,
                    _ => panic!("line {line}: `{verdict}` is neither good nor bad"),
                },
                value: decoded(value),
            }
        })
        .collect()
}

/// The value with its escapes decoded, as the head of the table explains them.
fn decoded(written: &str) -> String {
    let mut value = String::new();
    let mut chars = written.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            value.push(c);
            continue;
        }
        match chars.next() {
            Some('t') => value.push('\t'),
            Some('n') => value.push('\n'),
            Some('\\') => value.push('\\'),
            Some('u') => {
                assert_eq!(chars.next(), Some('{'), "{written}");
                let digits: String = chars.by_ref().take_while(|c| *c != '}').collect();
                let code = u32::from_str_radix(&digits, 16).unwrap();
                value.push(char::from_u32(code).unwrap());
            }
            other => panic!("no such escape: {other:?} in {written}"),
        }
    }
    value
}

#[test]
fn the_parsers_come_to_the_verdict_of_the_table() {
    let mut wrong = Vec::new();
    for row in rows() {
        let (_, reading) = FIELDS
            .iter()
            .find(|(field, _)| *field == row.field)
            .unwrap_or_else(|| panic!("line {}: no field `{}`", row.line, row.field));
        let result = reading(&row.value);
        // What is good in the table is written as the database has it, so it reads back the same.
        let agrees = match &result {
            Ok(written) => row.good && (*written == row.value || is_group_list(row.field)),
            Err(_) => !row.good,
        };
        if !agrees {
            wrong.push(format!("line {}: {:?} gave {result:?}", row.line, row.value));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Groups are written with ranges, and an array has none.
fn is_group_list(field: &str) -> bool {
    matches!(field, "call_groups" | "pickup_groups")
}

#[test]
fn each_field_has_good_and_bad_rows() {
    let rows = rows();
    for (field, _) in FIELDS {
        let count = |good| {
            let of_field = rows.iter().filter(|row| row.field == *field);
            of_field.filter(|row| row.good == good).count()
        };
        // A vocabulary of two words has two good rows; the next test sees that they are all there.
        let least = match VOCABULARIES.iter().find(|(name, _)| name == field) {
            Some((_, words)) => words().len().min(3),
            None => 3,
        };
        assert!(count(true) >= least, "too few good rows for {field}");
        assert!(count(false) >= 3, "too few bad rows for {field}");
    }
}

#[test]
fn each_word_of_a_vocabulary_stands_in_the_table() {
    let rows = rows();
    for (field, words) in VOCABULARIES {
        let good: BTreeSet<&str> = rows
            .iter()
            .filter(|row| row.field == *field && row.good)
            .map(|row| row.value.as_str())
            .collect();
        assert_eq!(good, words().into_iter().collect(), "{field}");
    }
}

#[test]
fn no_row_stands_twice() {
    let mut seen = BTreeSet::new();
    for row in rows() {
        assert!(
            seen.insert((row.field, row.value.clone())),
            "line {} stands above already",
            row.line
        );
    }
}
