//! SECURITY.md names the test of each threat: each name is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The names of functions in the sources below a directory.
fn functions(directory: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            functions(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let names = text
                .split("fn ")
                .skip(1)
                .filter_map(|rest| rest.split(['(', '<']).next());
            found.extend(names.map(str::to_owned));
        }
    }
}

/// The words in backquotes of the third column of each table row.
fn named(text: &str) -> Vec<&str> {
    let rows = text.lines().filter(|line| line.starts_with("| "));
    rows.filter_map(|row| row.split(" | ").nth(2))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .filter(|word| word.contains('_'))
        .collect()
}

#[test]
fn each_test_that_security_md_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = BTreeSet::new();
    for directory in ["tests", "crates"] {
        functions(&root.join(directory), &mut found);
    }
    let text = fs::read_to_string(root.join("SECURITY.md")).unwrap();
    let (_, threats) = text.split_once("## Threats").unwrap();
    let named = named(threats);
    assert!(named.len() > 50, "{named:?}");
    let missing: Vec<&&str> = named.iter().filter(|name| !found.contains(**name)).collect();
    assert_eq!(missing, Vec::<&&str>::new());
    assert!(!found.contains("a_test_that_nobody_wrote"));
}
