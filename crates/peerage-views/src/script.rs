//! The code of the schema `peerage`, and the whole schemas `asterisk`, `asterisk_sites` and `report`, each as one script with its hash.

use sha2::{Digest, Sha256};

use crate::code::{CODE, is_mapping};
use crate::source::{GRANTS, LIKE, Source, UNTIL, VIEWS};

mod sites;

/// What an install runs, after it dropped what was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// Statements that make the views, in order.
    pub sql: String,
    /// SHA-256 of the statements and of the code, hexadecimal: the same hash, the same views.
    pub hash: String,
    /// What the views stand on.
    pub code: Code,
}

/// Functions, triggers and views of the schema `peerage`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Statements, in order.
    pub sql: String,
    /// SHA-256 of the statements, hexadecimal.
    pub hash: String,
    /// SHA-256 of those that say what Asterisk is told.
    pub mapping_hash: String,
}

/// Compiles the embedded files.
#[must_use]
pub fn compile() -> Script {
    let mut sql = String::new();
    for source in VIEWS {
        sql.push_str(source.sql);
        sql.push('\n');
    }
    for operator in [UNTIL, LIKE] {
        sql.push_str(operator);
        sql.push('\n');
    }
    for source in VIEWS.iter().filter(|source| source.schema() == "asterisk") {
        sql.push_str(&sites::restricted(source));
    }
    sql.push_str(GRANTS);
    let code = compile_code();
    let hash = hash(&[&code.hash, &sql]);
    Script { sql, hash, code }
}

fn compile_code() -> Code {
    let text = |sources: &mut dyn Iterator<Item = &Source>| {
        let mut sql = String::new();
        for source in sources {
            sql.push_str(source.sql);
            sql.push('\n');
        }
        sql
    };
    let sql = text(&mut CODE.iter());
    let mapping = text(&mut CODE.iter().filter(|source| is_mapping(source)));
    Code {
        hash: hash(&[&sql]),
        mapping_hash: hash(&[&mapping]),
        sql,
    }
}

fn hash(texts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update(text.as_bytes());
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
