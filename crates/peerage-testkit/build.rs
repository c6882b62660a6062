//! Hashes all that decides what a freshly prepared database looks like, so that its template is made anew when that changes, and only then.
//! At build time, because migrations and views are embedded at build time too: a file that is edited later does not count yet.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

const INPUTS: [&str; 4] = [
    "schema",
    "asterisk-realtime-views",
    "crates/peerage-store/src",
    "crates/peerage-views/src",
];

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut hasher = DefaultHasher::new();
    for input in INPUTS {
        let input = root.join(input);
        let mut files = BTreeSet::new();
        collect(&input, &mut files)?;
        for file in files {
            file.strip_prefix(&root).ok().hash(&mut hasher);
            fs::read(&file)?.hash(&mut hasher);
        }
        println!("cargo::rerun-if-changed={}", input.display());
    }
    println!("cargo::rustc-env=PEERAGE_CONTENT_HASH={:016x}", hasher.finish());
    Ok(())
}

fn collect(directory: &Path, files: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else {
            files.insert(entry.path());
        }
    }
    Ok(())
}
