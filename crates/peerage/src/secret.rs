//! Secrets and passwords: read from standard input or a file, or generated; shown once.

use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use peerage_model::{Invalid, Password, Secret};
use peerage_store::Pin;

use crate::failure::Failure;
use crate::printer::Printer;

/// Longest line that is read. A password has 1,024 bytes at most; this only keeps a wrong file out of memory.
const LONGEST: u64 = 4096;

/// A secret, and whether it was made here and so must be shown.
pub(crate) struct Given {
    pub(crate) secret: Secret,
    pub(crate) generated: bool,
}

/// Reads the secret from standard input, or generates one.
pub(crate) fn take(from_stdin: bool, what: &'static str, printer: Printer) -> Result<Given, Failure> {
    if from_stdin {
        return Ok(Given {
            secret: from_input(what, printer)?,
            generated: false,
        });
    }
    generate()
}

/// A person's password, and whether it was made here and so must be shown.
pub(crate) struct GivenPassword {
    pub(crate) password: Password,
    pub(crate) generated: bool,
}

/// Reads the password from standard input, or generates one.
pub(crate) fn take_password(from_stdin: bool, printer: Printer) -> Result<GivenPassword, Failure> {
    if from_stdin {
        let line = next_line("password", Password::RULE, printer)?;
        return Ok(GivenPassword {
            password: Password::try_from(line)?,
            generated: false,
        });
    }
    Ok(GivenPassword {
        password: generate()?.secret.into(),
        generated: true,
    })
}

/// Makes a secret.
pub(crate) fn generate() -> Result<Given, Failure> {
    let secret = Secret::generate().map_err(|error| Failure::because(&error))?;
    Ok(Given {
        secret,
        generated: true,
    })
}

/// The next line of standard input.
pub(crate) fn from_input(what: &'static str, printer: Printer) -> Result<Secret, Failure> {
    secret(next_line(what, Secret::RULE, printer)?, what)
}

/// A PIN, from the next line of standard input.
pub(crate) fn pin(printer: Printer) -> Result<Pin, Failure> {
    Ok(Pin::try_from(next_line("PIN", Pin::RULE, printer)?)?)
}

fn next_line(what: &str, rule: &str, printer: Printer) -> Result<String, Failure> {
    if printer.asks_a_person() {
        printer.talk(format_args!(
            "type the {what}, then press Enter; it is visible as you type"
        ));
    }
    let line = first_line(io::stdin().lock())
        .map_err(|error| Failure::while_trying(&format!("cannot read the {what} from standard input"), &error))?;
    line.ok_or_else(|| {
        Failure::usage(format!("no {what} on standard input")).hint(format!(
            "pass it as one line, such as `... < file`; the {what} must be {rule}"
        ))
    })
}

/// The first line of a file.
pub(crate) fn from_file(path: &Path, what: &'static str) -> Result<Secret, Failure> {
    let trying = format!("cannot read the {what} from `{}`", path.display());
    let line = std::fs::File::open(path)
        .and_then(|file| first_line(BufReader::new(file)))
        .map_err(|error| Failure::while_trying(&trying, &error))?;
    secret(line.unwrap_or_default(), what)
}

fn secret(line: String, what: &'static str) -> Result<Secret, Failure> {
    Secret::try_from(line).map_err(|invalid: Invalid| invalid.with_field(what).into())
}

/// The first line without its end; none when there is nothing at all. What comes after stays to be read.
fn first_line(input: impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::with_capacity(256);
    for byte in input.take(LONGEST).bytes() {
        match byte? {
            b'\n' => return text(line).map(Some),
            byte => line.push(byte),
        }
    }
    if line.is_empty() {
        return Ok(None);
    }
    text(line).map(Some)
}

fn text(mut line: Vec<u8>) -> io::Result<String> {
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    // The error would hold the bytes, which are the secret.
    String::from_utf8(line).map_err(|_bytes| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"))
}

/// Says that something was done whose secret then could not be shown, because standard output is gone.
pub(crate) fn not_shown(done: &str, what: &str, remedy: &str, error: &io::Error) -> Failure {
    Failure::failed(format!("{done}, but its {what} could not be shown: {error}"))
        .hint(format!("run `{remedy}` to generate a new one"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(input: &[u8]) -> Option<String> {
        first_line(input).unwrap()
    }

    #[test]
    fn the_first_line_is_read_without_its_end() {
        assert_eq!(line(b"correct-horse\n").as_deref(), Some("correct-horse"));
        assert_eq!(line(b"correct-horse\r\nmore").as_deref(), Some("correct-horse"));
        assert_eq!(line(b"correct-horse").as_deref(), Some("correct-horse"));
        assert_eq!(line(b" a b ").as_deref(), Some(" a b "));
        assert_eq!(line(b"\n").as_deref(), Some(""));
        assert_eq!(line(b""), None);
    }

    #[test]
    fn an_endless_line_is_cut_and_then_refused() {
        let cut = line(&vec![b'x'; 100_000]).unwrap();
        assert_eq!(cut.len(), 4096);
        assert!(secret(cut, "secret").is_err());
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        assert!(first_line(&b"\xff\xfe\n"[..]).is_err());
    }

    #[test]
    fn a_refusal_shows_nothing_of_the_secret() {
        let failure = secret("short".to_owned(), "password").unwrap_err();
        let message = failure.message.unwrap();
        assert!(message.contains("`password` cannot be `***`"), "{message}");
    }
}
