//! Who may do what: every operation of the OpenAPI document, asked by everybody.
//!
//! The document says of each operation who may use it (`x-peerage-right`), from the same table that the router enforces. Here
//! it is measured what the running service lets pass, and compared with what those words mean; the outcome as a whole is kept
//! in `rights.snap`, so that a change of the table is seen by whoever reads it.

use std::collections::BTreeMap;
use std::fmt::Write;

use reqwest::Method;
use serde_json::{Value, json};

use crate::api::Api;
use crate::support::{Centre, Who};

/// Whoever asks, about whom: agent 1001 is in the supervisor's queue `sales`, agent 1002 in `support` alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asker {
    Nobody,
    AgentSelf,
    AgentOther,
    SupervisorOwn,
    SupervisorOther,
    Admin,
}

impl Asker {
    const ALL: [Self; 6] = [
        Self::Nobody,
        Self::AgentSelf,
        Self::AgentOther,
        Self::SupervisorOwn,
        Self::SupervisorOther,
        Self::Admin,
    ];

    const fn who(self) -> Option<Who> {
        match self {
            Self::Nobody => None,
            Self::AgentSelf => Some(Who::Ada),
            Self::AgentOther => Some(Who::Bob),
            Self::SupervisorOwn | Self::SupervisorOther => Some(Who::Sue),
            Self::Admin => Some(Who::Admin),
        }
    }

    /// The agent and the queue asked about.
    const fn about(self) -> (&'static str, &'static str) {
        match self {
            Self::SupervisorOther => ("1002", "support"),
            _ => ("1001", "sales"),
        }
    }

    /// Whether a right lets this one pass, in the words of the issue: roles, and the scope of a supervisor and an agent.
    fn is_let_by(self, right: &str) -> bool {
        use Asker::{Admin, AgentOther, AgentSelf, Nobody, SupervisorOther, SupervisorOwn};
        match right {
            "open" => true,
            "anyone" => self != Nobody,
            "agent" => matches!(self, AgentSelf | AgentOther),
            "steer" => matches!(self, Admin | SupervisorOwn | AgentSelf),
            "oversee" => matches!(self, Admin | SupervisorOwn | SupervisorOther),
            "oversee_queue" => matches!(self, Admin | SupervisorOwn),
            "admin" => self == Admin,
            // An operation without a right is nobody's.
            _ => false,
        }
    }
}

/// An operation of the document.
#[derive(Debug, Clone)]
struct Operation {
    method: Method,
    path: String,
    right: String,
}

fn operations(document: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let secured = operation.get("security").is_some();
            let right = operation.get("x-peerage-right").and_then(Value::as_str);
            found.push(Operation {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                right: right.unwrap_or(if secured { "none" } else { "open" }).to_owned(),
            });
        }
    }
    found
}

/// Asks for an operation in a way that changes nothing where it is let pass: bodies are wrong, and what an administrator
/// removes is not there.
async fn is_let_pass(api: &Api<'_>, asker: Asker, operation: &Operation) -> bool {
    let (agent, queue) = asker.about();
    let removes = operation.method == Method::DELETE && asker == Asker::Admin;
    let number = match (removes, operation.path.starts_with("/api/v1/phones/")) {
        (true, _) => "no-such",
        (false, true) => "2001",
        (false, false) => agent,
    };
    let name = if removes { "no-such" } else { queue };
    let path = operation
        .path
        .replace("{number}", number)
        .replace("{agent}", agent)
        .replace("{name}", name)
        .replace("{code}", "no-such")
        .replace("{username}", "no.such")
        .replace("{id}", "1");
    // The stream has no end: its head tells.
    if path == "/api/v1/events" {
        let answer = api.request(Method::GET, &path).send().await.unwrap();
        return answer.status() == 200;
    }
    let request = api.request(operation.method.clone(), &path);
    let answer = match operation.method {
        Method::GET | Method::DELETE => api.send(request).await,
        _ => api.send(request.json(&json!({ "no_such_field": 1 }))).await,
    };
    assert_ne!(answer.status, 500, "{operation:?} {asker:?} {answer:?}");
    let refused = matches!(answer.status, 401 | 403);
    assert!(
        !refused || ["not_signed_in", "not_permitted"].contains(&answer.text("/code")),
        "{operation:?} {asker:?} {answer:?}"
    );
    !refused
}

/// What each is let pass.
async fn measured(centre: &Centre, operations: &[Operation]) -> BTreeMap<(String, String), Vec<bool>> {
    let mut outcome = BTreeMap::new();
    for means in ["token", "cookie"] {
        for asker in Asker::ALL {
            let api = match (asker.who(), means) {
                (None, _) => Api::nobody(centre),
                (Some(who), "token") => Api::program(centre, who),
                (Some(who), _) => Api::browser(centre, who).await,
            };
            for operation in operations {
                // It would end the sign-in that the next ones need.
                let passes = operation.path == "/api/v1/sign-out" || is_let_pass(&api, asker, operation).await;
                let row: &mut Vec<bool> = outcome
                    .entry((operation.path.clone(), operation.method.to_string()))
                    .or_default();
                row.push(passes);
            }
        }
    }
    outcome
}

/// Where what is let pass is not what the rights say.
fn differences(operations: &[Operation], measured: &BTreeMap<(String, String), Vec<bool>>) -> Vec<String> {
    let mut found = Vec::new();
    for operation in operations {
        let row = &measured[&(operation.path.clone(), operation.method.to_string())];
        for (column, passes) in row.iter().enumerate() {
            let asker = Asker::ALL[column % Asker::ALL.len()];
            let means = if column < Asker::ALL.len() { "token" } else { "cookie" };
            if *passes != asker.is_let_by(&operation.right) {
                let Operation { method, path, right } = operation;
                found.push(format!(
                    "{method} {path} is for `{right}`, and {asker:?} by {means}: {passes}"
                ));
            }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_is_for_those_whom_the_table_names_and_nobody_else() {
    let centre = Centre::start().await;
    let document = Api::nobody(&centre).get("/api/openapi.json").await.well(200).json;
    let operations = operations(&document);
    assert!(operations.len() > 60, "{}", operations.len());
    let measured = measured(&centre, &operations).await;
    assert_eq!(differences(&operations, &measured), Vec::<String>::new());

    // The comparison can fail: a table that says something else of one operation, or nothing.
    for (wrong, path) in [
        ("anyone", "/api/v1/users"),
        ("admin", "/api/v1/me"),
        ("none", "/api/v1/agents/{number}"),
    ] {
        let mut tampered = operations.clone();
        let operation = tampered
            .iter_mut()
            .find(|one| one.path == path && one.method == Method::GET)
            .unwrap();
        operation.right = wrong.to_owned();
        assert!(!differences(&tampered, &measured).is_empty(), "{path} as {wrong}");
    }

    let mut table = String::from("    nobody, agent self, agent other, supervisor own, supervisor other, admin\n");
    for ((path, method), row) in &measured {
        let marks: Vec<&str> = row
            .iter()
            .take(Asker::ALL.len())
            .map(|passes| if *passes { "x" } else { "-" })
            .collect();
        let _ = writeln!(table, "{} {method:<6} {path}", marks.join(" "));
    }
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "." }, {
        insta::assert_snapshot!("rights", table);
    });
}
