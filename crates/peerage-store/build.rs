//! Hashes the migrations that are being embedded, writes them as one script, and rebuilds when one is added: `embed_migrations!` does not see a new
//! directory by itself.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::PathBuf;

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
    let mut script = Vec::new();
    for file in files {
        file.hash(&mut hasher);
        let text = fs::read(&file)?;
        text.hash(&mut hasher);
        if file.ends_with("up.sql") {
            script.extend(text);
            script.push(b'\n');
        }
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    fs::write(out.join("migrations.sql"), script)?;
    println!("cargo::rustc-env=PEERAGE_MIGRATIONS_HASH={:016x}", hasher.finish());
    Ok(())
}
