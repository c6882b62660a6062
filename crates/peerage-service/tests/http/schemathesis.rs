//! The interface for programs under schemathesis, which makes requests from its OpenAPI document.

use std::process::{Command, Stdio};

use crate::support::{Centre, Who};

/// What is not asked for: a stream without end, a role of the whole database server, and what would end its own sign-in.
const LEFT_OUT: &[&str] = &[
    "/api/v1/events",
    "/api/v1/nodes",
    "/api/v1/me/password",
    "/api/v1/sign-in",
];

#[tokio::test(flavor = "multi_thread")]
async fn what_an_admins_program_makes_from_the_document_is_answered_as_the_document_says() {
    is_answered_as_the_document_says(Who::Admin, 8).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_supervisors_program_makes_from_the_document_is_answered_as_the_document_says() {
    is_answered_as_the_document_says(Who::Sue, 4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_agents_program_makes_from_the_document_is_answered_as_the_document_says() {
    is_answered_as_the_document_says(Who::Ada, 4).await;
}

/// Asks for so many examples of each operation.
async fn is_answered_as_the_document_says(who: Who, examples: u32) {
    let centre = Centre::start().await;
    let program = peerage_testkit::tools::schemathesis().unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let mut command = Command::new(program);
    command
        .current_dir(scratch.path())
        .args(["run", &centre.at("/api/openapi.json")])
        .args(["--url", &centre.at("")])
        .args([
            "--checks",
            "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
        ])
        .args(["--phases", "examples,coverage,fuzzing"])
        .args(["--max-examples", &examples.to_string(), "--seed", "1"])
        // One thread: Python 3.11 counts the depth of its parser for all threads together, and two sometimes stumble.
        .args(["--workers", "1"])
        .args([
            "--generation-deterministic",
            "--no-shrink",
            "--generation-with-security-parameters",
            "false",
        ])
        .args(["--request-timeout", "30", "--continue-on-failure"])
        .arg("-H")
        .arg(format!("Authorization: Bearer {}", who.token()))
        .stdin(Stdio::null());
    for path in LEFT_OUT {
        command.args(["--exclude-path", path]);
    }
    let run = tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}\n{}", String::from_utf8_lossy(&run.stderr));
    assert!(said.contains("passed"), "{said}");
}
