//! Bad values of every field through the interface for programs: the problem names field, value and rule.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::api::Api;
use crate::support::{Centre, Who};

const TABLE: &str = include_str!("../../../../schema/values.tsv");

/// How a field's values are written in JSON.
#[derive(Clone, Copy)]
enum Kind {
    /// A text; the empty one is a text like others.
    Text,
    /// Words with commas between.
    Words,
    /// Numbers with commas between.
    Numbers,
    /// A number.
    Number,
}

/// Column, field by its path, kind.
const FIELDS: &[(&str, &str, Kind)] = &[
    ("full_name", "name", Kind::Text),
    ("alias", "alias", Kind::Text),
    ("email", "email", Kind::Text),
    ("phone", "phone", Kind::Text),
    ("mobile", "mobile", Kind::Text),
    ("description", "description", Kind::Text),
    ("log_level", "client_log_level", Kind::Text),
    ("site_name", "site", Kind::Text),
    ("host", "voice.host", Kind::Text),
    ("nat", "voice.nat", Kind::Text),
    ("type", "voice.type", Kind::Text),
    ("transports", "voice.transport", Kind::Words),
    ("codecs", "voice.codecs", Kind::Words),
    ("callerid_name", "voice.callerid_name", Kind::Text),
    ("callerid_number", "voice.callerid_number", Kind::Text),
    ("context", "voice.context", Kind::Text),
    ("call_groups", "voice.call_group", Kind::Numbers),
    ("pickup_groups", "voice.pickup_group", Kind::Numbers),
    ("named_call_groups", "voice.named_call_group", Kind::Words),
    ("named_pickup_groups", "voice.named_pickup_group", Kind::Words),
    ("record", "voice.record", Kind::Text),
    ("qualify_seconds", "voice.qualify", Kind::Number),
    ("max_contacts", "voice.max_contacts", Kind::Number),
];

fn decoded(written: &str) -> String {
    let plain = written.replace("\\t", "\t").replace("\\n", "\n").replace("\\\\", "\\");
    let mut parts = plain.split("\\u{");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_once('}').unwrap();
        text.push(char::from_u32(u32::from_str_radix(digits, 16).unwrap()).unwrap());
        text.push_str(rest);
    }
    text
}

fn values(column: &str, verdict: &str) -> Vec<String> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let rest = line.strip_prefix(column)?.strip_prefix('\t')?;
            rest.strip_prefix(verdict)?.strip_prefix('\t').map(decoded)
        })
        .collect()
}

fn written(text: &str, kind: Kind) -> Value {
    let parts = || text.split(',').filter(|_| !text.is_empty());
    let number = |text: &str| text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number));
    match kind {
        Kind::Text => json!(text),
        Kind::Words => parts().map(|part| json!(part)).collect(),
        Kind::Numbers => parts().map(number).collect(),
        Kind::Number => number(text),
    }
}

/// The value in a body, where its field stands.
fn body(path: &str, value: &Value) -> Value {
    match path.split_once('.') {
        Some((outer, inner)) => json!({ outer: { inner: value } }),
        None => json!({ path: value }),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_values_are_refused_with_field_value_and_rule_and_good_ones_are_taken() {
    let centre = Centre::start().await;
    let admin = Api::program(&centre, Who::Admin);
    let before = admin.get("/api/v1/agents/1001").await.well(200).json;
    for (column, path, kind) in FIELDS {
        let bad = values(column, "bad");
        assert!(!bad.is_empty(), "{column}");
        for text in bad {
            let answer = admin
                .patch("/api/v1/agents/1001", body(path, &written(&text, *kind)))
                .await;
            let message = answer.refused(422, "invalid");
            let field = answer.text("/details/field");
            // An item of a list has its place behind the field.
            assert!(
                field == *path || field.starts_with(&format!("{path}[")),
                "{column} {text:?}: {answer:?}"
            );
            assert!(message.starts_with(&format!("`{path}")), "{column} {text:?}: {message}");
        }
    }
    let after = admin.get("/api/v1/agents/1001").await.well(200).json;
    assert_eq!(before, after, "nothing was changed");
    for (column, path, kind) in FIELDS {
        for text in values(column, "good") {
            let answer = admin
                .patch("/api/v1/agents/1001", body(path, &written(&text, *kind)))
                .await;
            // Sites must be there, and some settings do not go together.
            let fits = answer.status == 200
                || (*column == "site_name" && answer.status == 404 || answer.status == 409)
                || (["transports", "host"].contains(column) && answer.status == 422);
            assert!(fits, "{column} {text:?}: {answer:?}");
            if answer.status == 200 && !matches!(kind, Kind::Numbers) {
                let shown = answer.at(&format!("/{}", path.replace('.', "/")));
                assert_eq!(*shown, written(&text, *kind), "{column}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_numbers_are_refused_in_bodies_and_paths() {
    let centre = Centre::start().await;
    let admin = Api::program(&centre, Who::Admin);
    for text in values("number", "bad") {
        let answer = admin
            .post("/api/v1/agents", json!({ "number": text, "name": "Ada" }))
            .await;
        answer.refused(422, "invalid");
        assert_eq!(answer.text("/details/field"), "number", "{text:?}");
    }
    for path in [
        "/api/v1/agents/a_b",
        "/api/v1/phones/%20",
        "/api/v1/agents/%FF",
        "/api/v1/agents/%00",
        "/api/v1/users/a-b",
    ] {
        let answer = admin.get(path).await;
        answer.refused(422, "invalid");
        assert!(answer.at("/details/field").is_string(), "{path}: {answer:?}");
    }
    admin.get("/api/v1/audit/x").await.refused(422, "invalid");
}

#[test]
fn every_field_of_the_table_that_an_agent_has_is_tried() {
    let elsewhere = [
        "number",
        "capacity",
        "channel",
        "conflict_policy",
        "country",
        "driver",
        "emergency_callerid",
        "field",
        "node_name",
        "outside_numbers",
        "realm",
        "role",
        "username",
    ];
    let tried: BTreeSet<&str> = FIELDS.iter().map(|(column, _, _)| *column).chain(elsewhere).collect();
    let there: BTreeSet<&str> = TABLE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .map(|(column, _)| column)
        .collect();
    assert_eq!(there, tried);
}
