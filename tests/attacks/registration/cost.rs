//! What a request of an unknown user costs the database.

use peerage_testkit::asterisk::Transport;

use super::lab::{Lab, PJSIP_16, PJSIP_22, on_stacks};
use super::talk::{Line, Request};
use super::wire::Wire;

/// Most statements of a request: one look for the user whom it says it is from, and one for the user of its digest.
const BARE: usize = 1;
const WITH_DIGEST: usize = 2;

#[test]
#[expect(clippy::print_stderr, reason = "what is counted is shown with the test's output")]
fn unknown_user_costs_one_statement_and_two_with_a_digest() {
    on_stacks(&[PJSIP_16, PJSIP_22], |stack| {
        let mut wire = None;
        let lab = Lab::with(
            stack,
            |mut login| {
                wire = Some(Wire::before(&mut login));
                login
            },
            |builder| builder,
        );
        let wire = wire.unwrap();
        // A fixed host, so that there is something to be identified by.
        lab.account("1004", &[("host", "'127.250.0.9'")]);
        let mut line = Line::open(&lab.asterisk, Transport::Udp);
        for method in ["REGISTER", "OPTIONS", "MESSAGE"] {
            // The first one fills what is cached.
            line.ask(Request::new(method, "9990"));
            wire.take();
            line.ask(Request::new(method, "9991"));
            let bare = asked(&wire);
            let digest = "Authorization: Digest username=\"9992\", realm=\"asterisk\", nonce=\"1/2\", uri=\"sip:43\", \
                          response=\"00000000000000000000000000000000\", algorithm=MD5\r\n";
            line.ask(Request {
                headers: digest,
                ..Request::new(method, "9992")
            });
            let with_digest = asked(&wire);
            eprintln!("{} {method}: {} and {}", stack.name, bare.len(), with_digest.len());
            assert!(bare.len() <= BARE, "{} {method}: {bare:#?}", stack.name);
            assert!(
                with_digest.len() <= WITH_DIGEST,
                "{} {method}: {with_digest:#?}",
                stack.name
            );
        }
    });
}

/// What requests cost: without the look for expired contacts, which comes by the clock.
fn asked(wire: &Wire) -> Vec<String> {
    let mut statements = wire.take();
    statements.retain(|statement| !statement.contains("expiration_time <="));
    statements
}
