//! The whole schemas `asterisk`, `asterisk_sites` and `report` as one script, and its hash.

use sha2::{Digest, Sha256};

use crate::source::{GRANTS, LIKE, UNTIL, VIEWS};

mod sites;

/// What an install runs, after it dropped what was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// Statements, in order.
    pub sql: String,
    /// SHA-256 of the statements, hexadecimal: the same hash, the same views.
    pub hash: String,
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
    let hash = Sha256::digest(sql.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Script { sql, hash }
}
