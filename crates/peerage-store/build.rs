//! Hashes the migrations that are being embedded, and rebuilds when one is added: `embed_migrations!` does not see a new
//! directory by itself.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;

const MIGRATIONS: &str = "../../schema/migrations";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={MIGRATIONS}");
    let mut files = BTreeSet::new();
    for migration in fs::read_dir(MIGRATIONS)? {
        for file in fs::read_dir(migration?.path())? {
            files.insert(file?.path());
        }
    }
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.hash(&mut hasher);
        fs::read(&file)?.hash(&mut hasher);
    }
    println!("cargo::rustc-env=PEERAGE_MIGRATIONS_HASH={:016x}", hasher.finish());
    Ok(())
}
