//! Asterisk's command line over the Manager interface: a tenth of the time that `asterisk -rx` takes for each command.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

use anyhow::{Context, Result, ensure};
use peerage_testkit::asterisk::Manager;

/// A signed-in connection.
pub(super) struct Console {
    stream: BufReader<TcpStream>,
}

impl Console {
    pub(super) fn open(manager: &Manager) -> Result<Self> {
        let mut stream = BufReader::new(TcpStream::connect(manager.address)?);
        stream.read_line(&mut String::new()).context("no greeting")?;
        let mut console = Self { stream };
        let said = console.ask(&[
            ("Action", "Login"),
            ("Username", &manager.user),
            ("Secret", &manager.secret),
            ("Events", "off"),
        ])?;
        ensure!(said.first().is_some_and(|line| line == "Response: Success"), "{said:?}");
        Ok(console)
    }

    /// What a command prints.
    pub(super) fn run(&mut self, command: &str) -> Result<String> {
        let said = self.ask(&[("Action", "Command"), ("Command", command)])?;
        let printed: Vec<&str> = said.iter().filter_map(|line| line.strip_prefix("Output: ")).collect();
        ensure!(!printed.is_empty(), "`{command}` printed nothing: {said:?}");
        Ok(printed.join("\n"))
    }

    fn ask(&mut self, headers: &[(&str, &str)]) -> Result<Vec<String>> {
        let mut request = String::new();
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        self.stream.get_mut().write_all(format!("{request}\r\n").as_bytes())?;
        let mut said = Vec::new();
        loop {
            let mut line = Vec::new();
            ensure!(
                self.stream.read_until(b'\n', &mut line)? > 0,
                "Asterisk hung up after {said:?}"
            );
            let line = String::from_utf8_lossy(&line);
            match line.trim_end_matches(['\r', '\n']) {
                "" => return Ok(said),
                line => said.push(line.to_owned()),
            }
        }
    }
}
