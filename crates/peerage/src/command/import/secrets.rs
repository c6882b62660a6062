//! The file for generated secrets. Only its owner can read it. It is complete before the import commits, and removed if the import
//! fails.

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use csv::Writer;
use peerage_model::{Number, Secret};
use peerage_store::file::SecretSource;

use crate::failure::Failure;

/// The destination of generated secrets.
pub(super) struct SecretsFile {
    target: Target,
    generated: u64,
    accepts_weak: bool,
}

enum Target {
    /// No file was named: a line must have its secret.
    None,
    /// A dry run, which writes none.
    Nowhere,
    File(PathBuf, Box<Writer<File>>),
}

impl SecretsFile {
    /// Makes the file, which must not be there yet: it may hold the secrets of an earlier import.
    pub(super) fn create(path: Option<&Path>, dry_run: bool, accepts_weak: bool) -> Result<Self, Failure> {
        let target = match path {
            None => Target::None,
            Some(path) if dry_run => {
                if path.exists() {
                    return Err(exists(path));
                }
                Target::Nowhere
            }
            Some(path) => {
                let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
                let file = file.map_err(|error| match error.kind() {
                    ErrorKind::AlreadyExists => exists(path),
                    _ => Failure::while_trying(&format!("cannot write `{}`", path.display()), &error),
                })?;
                Target::File(path.to_owned(), Box::new(Writer::from_writer(file)))
            }
        };
        let mut secrets = Self {
            target,
            generated: 0,
            accepts_weak,
        };
        secrets.write(["number", "secret"]).map_err(Failure::failed)?;
        Ok(secrets)
    }

    /// Keeps the file; says how many secrets were generated.
    pub(super) fn keep(self) -> u64 {
        self.generated
    }

    /// Removes the file: its secrets are nobody's.
    pub(super) fn discard(self) {
        if let Target::File(path, writer) = self.target {
            drop(writer);
            // What it holds opens nothing, so that a failure is not worth a word.
            let _ = fs::remove_file(path);
        }
    }

    fn write(&mut self, line: [&str; 2]) -> Result<(), String> {
        let Target::File(path, writer) = &mut self.target else {
            return Ok(());
        };
        writer
            .write_record(line)
            .map_err(|error| format!("cannot write the secrets to `{}`: {error}", path.display()))
    }
}

impl SecretSource for SecretsFile {
    fn accepts_weak(&self) -> bool {
        self.accepts_weak
    }

    /// Makes a secret for this number and writes it down.
    fn secret_for(&mut self, number: &Number) -> Result<Secret, String> {
        if matches!(self.target, Target::None) {
            return Err("the secret is missing: add one, or use --secrets-out FILE to generate secrets".to_owned());
        }
        let secret = Secret::generate().map_err(|error| error.to_string())?;
        self.write([number.as_str(), secret.expose()])?;
        self.generated += 1;
        Ok(secret)
    }

    /// Makes sure that what was written is on the disk.
    fn finish(&mut self) -> Result<(), String> {
        let Target::File(path, writer) = &mut self.target else {
            return Ok(());
        };
        writer
            .flush()
            .and_then(|()| writer.get_ref().sync_all())
            .map_err(|error| format!("cannot write the secrets to `{}`: {error}", path.display()))
    }
}

fn exists(path: &Path) -> Failure {
    Failure::failed(format!("`{}` already exists", path.display()))
        .hint("it may contain the secrets of an earlier import: choose another file for --secrets-out")
}
