//! Agents at work: their state, the telephones they are on, queues, reasons for pauses.

use jiff::{SignedDuration, Timestamp};

use crate::session::Session;

mod history;
mod lists;
mod pause;
mod queue;
mod reason;
mod refusal;
mod work;

/// Runs each of these, which must end with its code.
fn run_all(session: &mut Session, lines: &[(&str, i32)]) {
    for (line, code) in lines {
        assert_eq!(session.run(line).code, *code, "{line}: {}", session.transcript());
    }
}

/// Makes a telephone registered, as Asterisk does.
fn register(session: &Session, number: &str) {
    session.db().psql(&format!(
        "insert into asterisk.ps_contacts (id, uri, expiration_time, user_agent, endpoint, via_addr, via_port, reg_server)
         values ('{number}^3B@0123456789abcdef0123456789abcdef', 'sip:{number}@10.0.0.7:5060',
           extract(epoch from now())::bigint + 600, 'Phone 1.0', '{number}', '10.0.0.7', '5060', 'pbx1')"
    ));
}

/// The transcript, in which the times that stand in sentences are hidden, too: they must be of this test.
fn told(session: &Session) -> String {
    const END: &str = " UTC";
    const LENGTH: usize = "2026-01-31 00:00:00".len();
    let mut parts = session.transcript().split(END).peekable();
    let mut text = String::new();
    while let Some(part) = parts.next() {
        let time = part
            .len()
            .checked_sub(LENGTH)
            .and_then(|begin| part.split_at_checked(begin))
            .and_then(|(before, time)| {
                Some((
                    before,
                    format!("{}Z", time.replace(' ', "T")).parse::<Timestamp>().ok()?,
                ))
            });
        match time.filter(|_| parts.peek().is_some()) {
            Some((before, time)) => {
                let age = Timestamp::now().duration_since(time);
                assert!(age.abs() < SignedDuration::from_hours(1), "{time} is not now");
                text.push_str(before);
                text.push_str("[time]");
            }
            None => text.push_str(part),
        }
        if parts.peek().is_some() {
            text.push_str(END);
        }
    }
    text
}
