//! Which channels came up, and who was listened to, as the Manager interface tells it.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::thread;

use peerage_testkit::asterisk::Asterisk;

/// Everything heard from one Asterisk since the start.
pub(crate) struct Events(Arc<Mutex<Vec<Vec<String>>>>);

impl Events {
    /// Signs in and listens until Asterisk ends.
    pub(crate) fn of(asterisk: &Asterisk) -> Self {
        let manager = asterisk.manager().unwrap();
        let mut stream = TcpStream::connect(manager.address).unwrap();
        let login = format!(
            "Action: Login\r\nUsername: {}\r\nSecret: {}\r\nEvents: call\r\n\r\n",
            manager.user, manager.secret
        );
        stream.write_all(login.as_bytes()).unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let events = heard.clone();
        thread::spawn(move || {
            let mut event = Vec::new();
            for line in BufReader::new(stream).split(b'\n') {
                let Ok(line) = line else { return };
                let line = String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned();
                if line.is_empty() {
                    events.lock().unwrap().push(std::mem::take(&mut event));
                } else {
                    event.push(line);
                }
            }
        });
        Self(heard)
    }

    /// This field of all events of this name, in order.
    pub(crate) fn field(&self, event: &str, field: &str) -> Vec<String> {
        let (event, field) = (format!("Event: {event}"), format!("{field}: "));
        let heard = self.0.lock().unwrap();
        let matching = heard.iter().filter(|lines| lines.contains(&event));
        matching
            .filter_map(|lines| lines.iter().find_map(|line| line.strip_prefix(&field)))
            .map(str::to_owned)
            .collect()
    }
}
