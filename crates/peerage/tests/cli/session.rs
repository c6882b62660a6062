//! Runs the command and keeps a transcript.

use std::fmt::Write as _;
use std::fs::Permissions;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use peerage_testkit::db::TestDb;
use tempfile::TempDir;

use crate::redact::Redactor;

/// A series of commands on a database of its own.
pub(crate) struct Session {
    pub(crate) db: Option<TestDb>,
    directory: TempDir,
    variables: Vec<(String, String)>,
    redactor: Redactor,
    transcript: String,
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Session {
    /// With a database that has everything but data.
    pub(crate) fn new() -> Self {
        Self::with(Some(TestDb::new().with_outside_numbers()))
    }

    /// With a database in which nothing is.
    pub(crate) fn empty() -> Self {
        Self::with(Some(TestDb::empty()))
    }

    /// With no database configured, and no private cluster.
    pub(crate) fn without_database() -> Self {
        Self::with(None)
    }

    fn with(db: Option<TestDb>) -> Self {
        // The private cluster's server may run as another user, who must get in.
        let directory = tempfile::Builder::new()
            .permissions(Permissions::from_mode(0o755))
            .tempdir()
            .unwrap();
        let home = directory.path().join("home").display().to_string();
        let mut variables = vec![
            ("PATH".to_owned(), std::env::var("PATH").unwrap()),
            ("HOME".to_owned(), directory.path().display().to_string()),
            ("PEERAGE_HOME".to_owned(), home),
        ];
        let mut redactor = Redactor::default();
        redactor.hide(directory.path().display().to_string(), "[directory]");
        if let Some(db) = &db {
            // No command may need a superuser.
            variables.push(("PEERAGE_DATABASE_URL".to_owned(), db.app_url().to_owned()));
            variables.push(("PEERAGE_OWNER_DATABASE_URL".to_owned(), db.owner_url().to_owned()));
            redactor.hide(db.app_url(), "[database url]");
            redactor.hide(db.owner_url(), "[owner database url]");
            redactor.hide(db.name(), "[database]");
        }
        Self {
            db,
            directory,
            variables,
            redactor,
            transcript: String::new(),
        }
    }

    pub(crate) fn db(&self) -> &TestDb {
        self.db.as_ref().unwrap()
    }

    /// A file or directory of this session's own.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes a file that commands can name; they run in its directory.
    pub(crate) fn write(&self, name: &str, contents: &str) {
        std::fs::write(self.path(name), contents).unwrap();
    }

    pub(crate) fn set(&mut self, variable: &str, value: &str) {
        self.variables.push((variable.to_owned(), value.to_owned()));
    }

    /// Hides a text that differs from run to run.
    pub(crate) fn hide(&mut self, text: impl Into<String>, name: &'static str) {
        self.redactor.hide(text, name);
    }

    /// From now on columns are parted by two blanks, since how wide they are depends on what is hidden.
    pub(crate) fn squeeze(&mut self) {
        self.redactor.squeeze();
    }

    /// Hides what grows with each release: the names of migrations and views, and how many there are.
    pub(crate) fn hide_release(&mut self) {
        let plan = finish(self.command("views plan --format json"), "").json();
        let names = |key: &str| -> Vec<String> {
            let names = plan[key].as_array().unwrap().iter();
            names.map(|name| name.as_str().unwrap().to_owned()).collect()
        };
        let (migrations, views) = (names("migrations"), names("added"));
        assert!(migrations.len() > 3 && views.len() > 3, "{plan}");
        self.hide(migrations.join(", "), "[migrations]");
        self.hide(views.join(", "), "[views]");
        self.hide(format!("ran {} migrations", migrations.len()), "ran [all] migrations");
        self.hide(format!("installed {} views", views.len()), "installed [all] views");
    }

    /// The command with these words, as a shell would part them, not yet started.
    pub(crate) fn command(&self, line: &str) -> Command {
        self.command_of(&words(line))
    }

    pub(crate) fn command_of(&self, words: &[String]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_peerage"));
        command
            .args(words)
            .current_dir(self.directory.path())
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a command, which goes into the transcript.
    pub(crate) fn run(&mut self, line: &str) -> Run {
        self.run_with(line, "")
    }

    /// As [`Self::run`], with this on standard input.
    pub(crate) fn run_with(&mut self, line: &str, input: &str) -> Run {
        let run = finish(self.command(line), input);
        let redirected = if input.is_empty() { "" } else { " < input" };
        let mut entry = format!("$ peerage {line}{redirected}\nexit {}\n", run.code);
        for (name, text) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
            if !text.is_empty() {
                let end = if text.ends_with('\n') { "" } else { "[no line end]\n" };
                write!(entry, "--- {name}\n{text}{end}").unwrap();
            }
        }
        let entry = self.redactor.redact(&entry, &run.stderr);
        writeln!(self.transcript, "{entry}").unwrap();
        run
    }

    /// Runs a command that is not what the test is about. It must succeed.
    pub(crate) fn quietly(&self, line: &str) -> Run {
        self.quietly_with(line, "")
    }

    pub(crate) fn quietly_with(&self, line: &str, input: &str) -> Run {
        let run = finish(self.command(line), input);
        assert_eq!(run.code, 0, "{line}: {}", run.stderr);
        run
    }

    /// What was run and what came of it, with what differs from run to run hidden.
    pub(crate) fn transcript(&self) -> &str {
        &self.transcript
    }
}

/// Runs to the end.
pub(crate) fn finish(mut command: Command, input: &str) -> Run {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    // A command that does not read its input hangs up, which is no fault.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().expect("the command was ended by a signal"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Run {
    /// Standard output as JSON, which must be one document.
    pub(crate) fn json(&self) -> serde_json::Value {
        assert_eq!(self.code, 0, "{}", self.stderr);
        serde_json::from_str(&self.stdout).unwrap()
    }

    /// Standard output as CSV: the header and the lines.
    pub(crate) fn csv(&self) -> Vec<Vec<String>> {
        assert_eq!(self.code, 0, "{}", self.stderr);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(self.stdout.as_bytes());
        reader
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .collect()
    }
}

/// Parts words as a shell does, as far as these tests need it.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}
