//! Where the lab looks for Debian: the mirrors of the machine, asked over HTTP on loopback.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::thread;

use tempfile::TempDir;

/// Where debootstrap keeps what it knows of releases.
const SCRIPTS: &str = "/usr/share/debootstrap/scripts";

/// Sources of apt in both formats that it reads.
struct Apt(TempDir);

impl Apt {
    fn new(list: &str, deb822: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        fs::create_dir_all(path.join("parts")).unwrap();
        fs::create_dir_all(path.join("lists/partial")).unwrap();
        fs::write(path.join("sources.list"), list).unwrap();
        fs::write(path.join("parts/debian.sources"), deb822).unwrap();
        let settings = format!(
            "Dir::Etc::sourcelist \"{0}/sources.list\";\nDir::Etc::sourceparts \"{0}/parts\";\nDir::State::lists \"{0}/lists\";\n",
            path.display()
        );
        fs::write(path.join("apt.conf"), settings).unwrap();
        Self(directory)
    }

    fn lab(&self, arguments: &[&str]) -> Output {
        lab(arguments)
            .env("APT_CONFIG", self.0.path().join("apt.conf"))
            .output()
            .unwrap()
    }

    fn mirrors(&self) -> Vec<String> {
        let output = self.lab(&["mirrors"]);
        assert!(output.status.success(), "{}", said(&output));
        printed(&output).lines().map(str::to_owned).collect()
    }
}

fn lab(arguments: &[&str]) -> Command {
    let mut command = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../contrib/lab/lab"));
    command
        .args(arguments)
        .env_remove("PEERAGE_DEBIAN_MIRROR")
        // What is on loopback is not asked through a proxy.
        .env("no_proxy", "127.0.0.1");
    command
}

/// The lab with one mirror named by whoever runs it.
fn lab_with(mirror: &str, arguments: &[&str]) -> Output {
    lab(arguments).env("PEERAGE_DEBIAN_MIRROR", mirror).output().unwrap()
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Serves the `Release` of these suites, each with its origin, for as long as the test runs; returns where.
fn serve(suites: &[(&str, &str)]) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let mirror = format!("http://{}/debian", listener.local_addr().unwrap());
    let files: HashMap<String, String> = suites
        .iter()
        .map(|(suite, origin)| {
            let text = format!("Origin: {origin}\nLabel: {origin}\nCodename: {suite}\n");
            (format!("/debian/dists/{suite}/Release"), text)
        })
        .collect();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // Whoever asks and goes away again is no fault of the mirror.
            let _ = answer(&stream, &files);
        }
    });
    mirror
}

fn answer(mut stream: &TcpStream, files: &HashMap<String, String>) -> std::io::Result<()> {
    let lines: Vec<String> = BufReader::new(stream)
        .lines()
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
        .collect();
    let path = lines
        .first()
        .and_then(|line| line.split(' ').nth(1))
        .unwrap_or_default();
    let (status, text) = files
        .get(path)
        .map_or(("404 Not Found", ""), |text| ("200 OK", text.as_str()));
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    )
}

#[test]
fn the_mirrors_of_apt_come_before_those_of_debootstrap() {
    let own = [
        "http://127.0.0.1:1/debian".to_owned(),
        "https://127.0.0.1:2/debian".to_owned(),
    ];
    let apt = Apt::new(
        "deb [arch=amd64] http://127.0.0.1:1/debian/ bookworm main\ndeb file:/srv/debian bookworm main\n",
        "Types: deb\nURIs: https://127.0.0.1:2/debian\nSuites: bookworm bookworm-updates\nComponents: main\n\n\
         Types: deb\nEnabled: no\nURIs: https://127.0.0.1:3/debian\nSuites: bookworm\nComponents: main\n",
    );
    let mut mirrors = apt.mirrors();
    let rest = mirrors.split_off(2);
    mirrors.sort();
    assert_eq!(mirrors, own);
    assert_eq!(rest, Apt::new("", "").mirrors());
}

#[test]
fn a_machine_without_sources_takes_what_debootstrap_takes() {
    let mirrors = Apt::new("", "").mirrors();
    let program = ["/usr/sbin/debootstrap", "/usr/bin/debootstrap"]
        .map(Path::new)
        .into_iter()
        .find(|path| path.exists())
        .unwrap();
    let program = fs::read_to_string(program).unwrap();
    let (default, archives) = mirrors.split_first().unwrap();
    assert!(program.contains(&format!("DEF_MIRROR=\"{default}\"")), "{mirrors:?}");
    // sarge is long gone from the mirrors.
    let old = fs::read_to_string(format!("{SCRIPTS}/sarge")).unwrap();
    assert_eq!(archives.len(), 1, "{mirrors:?}");
    assert!(
        old.contains(&format!("default_mirror {}\n", archives[0])),
        "{mirrors:?}"
    );
}

#[test]
fn a_source_with_a_password_is_passed_over() {
    let apt = Apt::new("deb http://ada:sesame@127.0.0.1:1/debian bookworm main\n", "");
    assert_eq!(apt.mirrors(), Apt::new("", "").mirrors());
}

#[test]
fn a_mirror_named_by_whoever_runs_it_is_the_only_one() {
    let output = lab_with("http://127.0.0.1:1/debian/", &["mirrors"]);
    assert_eq!(printed(&output), "http://127.0.0.1:1/debian\n");
}

#[test]
fn another_repository_with_a_suite_of_the_same_name_is_not_debian() {
    let other = serve(&[("forky", "Elsewhere")]);
    let debian = serve(&[("forky", "Debian"), ("sid", "Debian")]);
    let apt = Apt::new(&format!("deb {other} forky main\ndeb {debian} sid main\n"), "");
    let output = apt.lab(&["source", "22"]);
    assert_eq!(printed(&output), format!("forky {debian}\n"), "{}", said(&output));
    assert_eq!(
        said(&output),
        format!("lab: {other} does not carry Debian's forky, or cannot be reached\n")
    );
}

#[test]
fn a_suite_that_no_mirror_has_is_replaced_by_the_next_one() {
    let mirror = serve(&[("sid", "Debian")]);
    let output = lab_with(&mirror, &["source", "22"]);
    assert_eq!(printed(&output), format!("sid {mirror}\n"), "{}", said(&output));
}

#[test]
fn without_any_suite_the_lab_says_where_it_looked_and_what_to_do() {
    let mirror = serve(&[("bookworm", "Debian")]);
    let output = lab_with(&mirror, &["source", "16"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(printed(&output), "");
    for part in [&mirror, "bullseye", "PEERAGE_DEBIAN_MIRROR", "PEERAGE_ASTERISK_16_ROOT"] {
        assert!(said(&output).contains(part), "{part}: {}", said(&output));
    }
}
