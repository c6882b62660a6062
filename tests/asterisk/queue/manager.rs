//! The Manager interface, as an outside program uses it.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::centre::Centre;

impl Centre {
    /// Sends an action, which must succeed.
    #[track_caller]
    pub(super) fn action(&self, fields: &[(&str, &str)]) {
        let manager = self.asterisk.manager().unwrap();
        let mut stream = BufReader::new(TcpStream::connect(manager.address).unwrap());
        stream
            .get_ref()
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        let login = [
            ("Action", "Login"),
            ("Username", &manager.user),
            ("Secret", &manager.secret),
            ("Events", "off"),
        ];
        for action in [&login[..], fields] {
            let mut request = String::new();
            for (name, value) in action {
                write!(request, "{name}: {value}\r\n").unwrap();
            }
            stream.get_mut().write_all(format!("{request}\r\n").as_bytes()).unwrap();
            let answer = response(&mut stream);
            assert!(answer.contains("Response: Success"), "{request}\n{answer}");
        }
    }
}

/// The next message that answers; events that come unasked at sign-in are passed over.
fn response(stream: &mut impl BufRead) -> String {
    let mut message = String::new();
    loop {
        let mut line = String::new();
        assert_ne!(
            stream.read_line(&mut line).unwrap(),
            0,
            "the Manager hung up: {message}"
        );
        if line.trim().is_empty() {
            if message.contains("Response: ") {
                return message;
            }
            message.clear();
        } else {
            message += &line;
        }
    }
}
