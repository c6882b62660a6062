//! Whether answers tell which accounts there are.

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use peerage_testkit::asterisk::{Builder, Transport, Version};

use super::lab::{CHAN_SIP_16, Lab, PJSIP_16, PJSIP_22, SECRET, on_stacks};
use super::talk::{Line, Request, plain};

const METHODS: [&str; 5] = ["REGISTER", "INVITE", "OPTIONS", "SUBSCRIBE", "MESSAGE"];
/// Nobody.
const UNKNOWN: &str = "9999";
/// What an outsider answers a challenge with who does not know the secret.
const GUESS: &str = "00000000000000000000000000000000";

/// Makes an account of each kind, and returns the numbers with what they are.
fn accounts(lab: &Lab) -> Vec<(&'static str, &'static str)> {
    lab.db
        .psql("insert into peerage.site (name, realm) values ('elsewhere', 'asterisk')");
    let elsewhere = "(select id from peerage.site where name = 'elsewhere')";
    lab.account("1001", &[]);
    lab.account("1002", &[("disabled", "true")]);
    lab.account("1003", &[("type", "'user'")]);
    lab.account("1004", &[("host", "'127.250.0.9'"), ("type", "'peer'")]);
    lab.account("1005", &[("host", "'127.250.0.10'")]);
    lab.account_without_secret("1006", &[]);
    lab.account("1007", &[("site_id", elsewhere)]);
    lab.account("1008", &[("type", "'peer'")]);
    let mut accounts = vec![
        ("1001", "a known one"),
        ("1002", "a disabled one"),
        ("1003", "one of type user"),
        ("1006", "one without a secret"),
        ("1007", "one of another site"),
        ("1008", "one of type peer"),
    ];
    // chan_sip answers 403 to whoever claims to be one of these and comes from elsewhere (check_peer_ok); nothing turns that off.
    if lab.stack != CHAN_SIP_16 {
        accounts.extend([("1004", "a peer with a fixed host"), ("1005", "one with a fixed host")]);
    }
    accounts
}

/// What a stranger hears who asks as this user, first without and then with an answer to the challenge.
fn heard(line: &mut Line, method: &str, user: &str) -> [String; 3] {
    let (first, call) = line.ask_in_call(Request::new(method, user));
    let guess = |nonce: &str, algorithm: &str| {
        format!(
            "Authorization: Digest username=\"{user}\", realm=\"asterisk\", nonce=\"{nonce}\", uri=\"sip:43\", \
             response=\"{GUESS}\", algorithm={algorithm}\r\n"
        )
    };
    let nonce = first.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next());
    let second = line.ask(Request {
        headers: &guess(nonce.unwrap_or("1/2"), "MD5"),
        after: Some(&call),
        ..Request::new(method, user)
    });
    let third = line.ask(Request {
        headers: &guess("1770000000/0123456789abcdef", "MD5"),
        ..Request::new(method, user)
    });
    [first, second, third].map(|answer| plain(&answer, user))
}

fn compare(lab: &Lab, transports: &[Transport], accounts: &[(&str, &str)]) {
    for transport in transports {
        let mut line = Line::open(&lab.asterisk, *transport);
        for method in METHODS {
            let unknown = heard(&mut line, method, UNKNOWN);
            for (number, what) in accounts {
                let known = heard(&mut line, method, number);
                assert_eq!(known, unknown, "{}: {transport:?} {method}: {what}", lab.stack.name);
            }
        }
    }
}

#[test]
fn known_and_unknown_accounts_get_the_same_answers_over_every_transport() {
    on_stacks(&[CHAN_SIP_16, PJSIP_16, PJSIP_22], |stack| {
        let lab = Lab::start(stack);
        let accounts = accounts(&lab);
        let transports = [Transport::Udp, Transport::Tcp, Transport::Tls, Transport::Ws];
        compare(&lab, &transports, &accounts);
    });
}

/// A request without `rport` that says it is elsewhere: where is it answered?
#[test]
fn known_and_unknown_accounts_are_answered_the_same_way_back() {
    on_stacks(&[CHAN_SIP_16, PJSIP_16, PJSIP_22], |stack| {
        let lab = Lab::start(stack);
        let accounts = accounts(&lab);
        let way_back = |method: &str, user: &str| {
            let mut line = Line::open(&lab.asterisk, Transport::Udp);
            let elsewhere = UdpSocket::bind((line.here().ip(), 0)).unwrap();
            elsewhere.set_read_timeout(Some(Duration::from_millis(10))).unwrap();
            let call = line.send(Request {
                via: Some(elsewhere.local_addr().unwrap()),
                ..Request::new(method, user)
            });
            let until = Instant::now() + Duration::from_secs(20);
            while Instant::now() < until {
                if elsewhere.recv(&mut [0; 8192]).is_ok() {
                    return "to where its Via says it is";
                }
                if line.has_arrived(&call) {
                    return "to where it came from";
                }
            }
            panic!("{method} of {user}: no answer");
        };
        // An INVITE waits for its answer itself.
        for method in ["REGISTER", "OPTIONS", "SUBSCRIBE", "MESSAGE"] {
            let unknown = way_back(method, UNKNOWN);
            for (number, what) in &accounts {
                let known = way_back(method, number);
                assert_eq!(known, unknown, "{}: {method}: {what}", stack.name);
            }
        }
    });
}

#[test]
fn unknown_accounts_are_offered_sha256_where_known_ones_are() {
    on_stacks(&[PJSIP_16, PJSIP_22], |stack| {
        let lab = Lab::with(stack, |login| login, Builder::offer_sha256);
        lab.db.psql("update peerage.site set offer_sha256 = true");
        lab.account("1001", &[]);
        let known = [("1001", "one of a site that offers SHA-256")];
        compare(&lab, &[Transport::Udp, Transport::Tcp], &known);
        let mut line = Line::open(&lab.asterisk, Transport::Udp);
        let offers = line
            .ask(Request::new("REGISTER", UNKNOWN))
            .matches("algorithm=")
            .count();
        let knows_it = stack.version == Version::V22;
        assert_eq!(offers, if knows_it { 2 } else { 1 });
        // What an old Asterisk does not know costs it nothing else of its global section: the realm stands there.
        let contact = format!("sip:1001@{}", line.here());
        let answer = line.register(&lab.db, "1001", SECRET, &contact);
        assert!(answer.starts_with("SIP/2.0 200"), "{}: {answer}", stack.name);
    });
}

/// On a node of two kinds of sites, those of the one that does not offer it still register.
#[test]
fn account_of_a_site_without_sha256_registers_on_a_node_that_offers_it() {
    let lab = Lab::with(PJSIP_22, |login| login, Builder::offer_sha256);
    lab.account("1001", &[]);
    let mut line = Line::open(&lab.asterisk, Transport::Udp);
    let contact = format!("sip:1001@{}", line.here());
    let answer = line.register(&lab.db, "1001", SECRET, &contact);
    assert!(answer.starts_with("SIP/2.0 200"), "{answer}");
}
