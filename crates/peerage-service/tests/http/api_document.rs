//! The OpenAPI document that is kept, and the one that the service gives.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::api::Api;
use crate::support::Centre;

#[tokio::test(flavor = "multi_thread")]
async fn the_written_reference_is_the_document_of_the_service() {
    let centre = Centre::start().await;
    let document = Api::nobody(&centre).get("/api/openapi.json").await.well(200).json;
    assert_eq!(
        document["openapi"].as_str().map(|version| version.starts_with("3.1")),
        Some(true)
    );
    let written = format!("{}\n", serde_json::to_string_pretty(&document).unwrap());
    let path = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/reference/openapi.json"
    ));
    if std::env::var_os("PEERAGE_WRITE_REFERENCE").is_some() {
        std::fs::write(&path, &written).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == written,
        "docs/reference/openapi.json is out of date: `make reference` writes it anew"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_declares_its_problems_and_is_told_apart_by_its_id() {
    let centre = Centre::start().await;
    let document = Api::nobody(&centre).get("/api/openapi.json").await.well(200).json;
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_owned()), "{id} stands there twice");
            assert!(
                operation["summary"].as_str().is_some_and(|summary| !summary.is_empty()),
                "{method} {path}"
            );
            let responses = operation["responses"].as_object().unwrap();
            let needs = |status: &str| assert!(responses.contains_key(status), "{method} {path}: {status}");
            needs("500");
            needs("503");
            if operation.get("security").is_some() {
                needs("401");
                needs("403");
            }
            if path.contains('{') {
                needs("404");
            }
            if operation.get("requestBody").is_some() {
                ["400", "413", "415", "422"].into_iter().for_each(needs);
            }
        }
    }
}
