//! Whatever is sent, nothing breaks: no 500, and every refusal is a problem with a code.

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};

use crate::api::Api;
use crate::support::{Centre, Who};

/// Numbers that look random and are the same at each run (an LCG with Knuth's constants).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.roll(items.len())].clone()
    }
}

/// A value that is seldom meant.
fn junk(dice: &mut Dice, depth: usize) -> Value {
    let texts = [
        "",
        " ",
        "1001",
        "sales",
        "\u{0}",
        "\u{7f}",
        "\u{202e}x",
        "' or 1=1 --",
        "{}",
        "../../etc",
        "é\u{301}",
        "日本",
        "null",
        "-1",
        "2026-01-31T08:00:00Z",
        "9999-99-99",
        "PJSIP/1001&Local/1@x",
    ];
    match dice.roll(if depth > 3 { 6 } else { 8 }) {
        0 => Value::Null,
        1 => json!(dice.pick(&[true, false])),
        2 => json!(dice.pick(&[0_i64, -1, 1, i64::MAX, i64::MIN, 86_400, 4_294_967_296])),
        3 => json!(dice.pick(&[0.5, -0.0, 1e308])),
        4 => json!(dice.pick(&texts).repeat(dice.pick(&[1, 1, 50]))),
        5 => json!(dice.pick(&texts)),
        6 => (0..dice.roll(4)).map(|_| junk(dice, depth + 1)).collect(),
        _ => {
            let fields = [
                "number", "name", "voice", "codecs", "option", "role", "reports", "level", "event", "phone", "x",
            ];
            (0..dice.roll(5))
                .map(|_| (dice.pick(&fields).to_owned(), junk(dice, depth + 1)))
                .collect()
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn junk_in_bodies_paths_and_queries_is_refused_and_breaks_nothing() {
    let centre = Centre::start().await;
    let (admin, ada) = (Api::program(&centre, Who::Admin), Api::program(&centre, Who::Ada));
    let document = Api::nobody(&centre).get("/api/openapi.json").await.well(200).json;
    let mut dice = Dice(20_261_128);
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            // The stream has no end, and a node makes a role of the whole server.
            if path == "/api/v1/events" || (path == "/api/v1/nodes" && method == "post") {
                continue;
            }
            let fields: Vec<String> = fields_of(&document, operation);
            for _ in 0..12 {
                let filled = path
                    .split('/')
                    .map(|part| match part.starts_with('{') {
                        true => dice.pick(&[
                            "1001",
                            "2001",
                            "sales",
                            "%00",
                            "%F0%9F%98%80",
                            "x%2Fy",
                            "a_b",
                            "-1",
                            "%20",
                        ]),
                        false => part,
                    })
                    .collect::<Vec<&str>>()
                    .join("/");
                let query = dice.pick(&[
                    "",
                    "",
                    "?limit=-1",
                    "?%00=%00",
                    "?after=%FF&x",
                    "?search=%25_%5C",
                    "?from=x&to=",
                    "?dry_run=maybe",
                ]);
                let method: Method = method.to_uppercase().parse().unwrap();
                let api = if dice.roll(4) == 0 { &ada } else { &admin };
                let mut request = api.request(method.clone(), &format!("{filled}{query}"));
                if method != Method::GET {
                    let body: Value = match dice.roll(4) {
                        0 => junk(&mut dice, 0),
                        _ => fields
                            .iter()
                            .filter(|_| dice.roll(3) > 0)
                            .cloned()
                            .collect::<Vec<_>>()
                            .into_iter()
                            .map(|field| (field, junk(&mut dice, 1)))
                            .collect(),
                    };
                    let kind = dice.pick(&[
                        "application/json",
                        "application/json",
                        "application/json; charset=x",
                        "text/csv",
                    ]);
                    request = request.header(CONTENT_TYPE, kind).body(body.to_string());
                }
                let answer = api.send(request).await;
                let said = format!("{method} {filled}{query}: {answer:?}");
                assert!(answer.status < 500, "{said}");
                assert!(
                    answer.status < 400 || (answer.at("/code").is_string() && answer.at("/message").is_string()),
                    "{said}"
                );
            }
        }
    }
    Api::nobody(&centre).get("/health/live").await.well(200);
}

/// The fields of an operation's body.
fn fields_of(document: &Value, operation: &Value) -> Vec<String> {
    let body = operation
        .pointer("/requestBody/content/application~1json/schema/$ref")
        .and_then(Value::as_str);
    let schema = body.and_then(|reference| document.pointer(reference.trim_start_matches('#')));
    let properties = schema.and_then(|schema| schema["properties"].as_object());
    properties
        .map(|properties| properties.keys().cloned().collect())
        .unwrap_or_default()
}
