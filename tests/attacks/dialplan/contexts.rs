//! What is dialled, in each context that is shipped.

use std::fmt::Write as _;

use super::lab::{Lab, on_each};

/// What a hostile caller would have Asterisk dial, run or read.
const GOALS: [&str; 6] = [
    "Local/0900667@peerage-outbound",
    "Local/*601303@peerage-listen/n",
    "SIP/sink/0900667",
    "PJSIP/0900667@sink",
    "PJSIP/sink/sip:0900667@sink",
    "Console/dsp",
];

/// Texts that are dialled, with `GOAL` where one of those stands; `N` is a number that the context takes.
const TEXTS: [&str; 34] = [
    "N&GOAL",
    "N&GOAL&N",
    "N&&GOAL",
    "N,60,gG(from-sip^1002^1)",
    "N,qBx(",
    "N,,qBx(peerage",
    "N|60|g",
    "N@GOAL",
    "N/GOAL",
    "N^s^1",
    "N)&GOAL",
    "N):0:4(&GOAL",
    "N):0:0(",
    "N\" | \"1\" = \"1",
    "N\" = \"N\" & \"1",
    "N\"]?Dial(GOAL)",
    "N?Dial(GOAL):NoOp",
    "N:Dial(GOAL)",
    "N${TRUNK}",
    "N${SHELL(id)}",
    "N$[1+1]",
    "${EXTEN}N",
    "N}&GOAL",
    "N\\&GOAL",
    "N'&GOAL",
    "N;&GOAL",
    "N &GOAL",
    " N",
    "N\n&GOAL",
    "N\t",
    "N\u{1b}[31m",
    "N\u{661}\u{662}",
    "Né&GOAL",
    "N%26GOAL",
];

/// Each byte of a text that is no letter and no digit, as a URI carries it.
fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

/// All hostile texts that begin or end with this number.
fn hostile(number: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for text in TEXTS {
        let text = text.replace('N', number);
        if text.contains("GOAL") {
            texts.extend(GOALS.map(|goal| encode(&text.replace("GOAL", goal))));
        } else {
            texts.push(encode(&text));
        }
    }
    // As telephones send it, without the encoding.
    texts.push(format!("{number}&Local/0900667%40peerage-outbound"));
    texts.push(format!("{number}{}", "1".repeat(100)));
    texts.push(format!("{number}{}&Local/0900667%40peerage-outbound", "1".repeat(60)));
    texts
}

/// Dials all of them as an account: none is answered, and nothing comes up but the account's own channel.
#[track_caller]
fn assert_inert(lab: &Lab, account: &str, texts: &[String]) {
    let mut answered = Vec::new();
    let strangers = lab.strangers(&[account], || {
        answered = texts.iter().filter(|text| lab.call(account, text) < 400).collect();
    });
    assert!(
        strangers.is_empty(),
        "{:?}: {account} brought up {strangers:?}",
        lab.stack
    );
    assert!(
        answered.is_empty(),
        "{:?}: {account} was answered {answered:?}",
        lab.stack
    );
}

#[test]
fn dialled_text_is_inert_in_each_context() {
    on_each(|lab| {
        for (account, numbers) in [
            ("1001", &["1", "ab"][..]),
            ("1003", &["0471", "+39471", "*31#0471"]),
            ("1004", &["*601303"]),
            ("2001", &["0471"]),
            ("2002", &["*601303"]),
            ("2003", &["1"]),
        ] {
            for number in numbers {
                assert_inert(lab, account, &hostile(number));
            }
        }
        // What stands at the end of a context alone, and what is no context for calls at all.
        let special = [
            "s",
            "h",
            "i",
            "t",
            "T",
            "e",
            "o",
            "a",
            "fax",
            "*8&1",
            "*43&1",
            "%2A8%26Local%2F1%40from-sip",
            "1%26Local%2F1%40from-sip",
        ];
        let special = special.map(str::to_owned);
        for account in [
            "1001", "1003", "1004", "2001", "2002", "2003", "2004", "2005", "2006", "2007",
        ] {
            assert_inert(lab, account, &special);
        }
    });
}

#[test]
fn a_refused_text_is_logged_on_one_line_and_cannot_forge_another() {
    on_each(|lab| {
        let forged = "1001\n[Jan  1 00:00:00] NOTICE[1] forged: GOOD (1):0:9(";
        assert!(lab.call("1001", &encode(forged)) >= 400);
        let line = || {
            let log = lab.asterisk.log().unwrap();
            log.lines().find(|line| line.contains("1001%0A")).map(str::to_owned)
        };
        lab.wait("the refusal is logged", || line().is_some());
        let line = line().unwrap();
        assert!(
            line.contains(&format!("Refused a call of {}/1001-", lab.technology())),
            "{line}"
        );
        assert!(
            line.contains(" in from-sip: it dialled 1001%0A") && line.contains("forged"),
            "{line}"
        );
        assert!(
            !lab.asterisk
                .log()
                .unwrap()
                .lines()
                .any(|line| line.starts_with("[Jan  1 00:00:00]"))
        );
    });
}

#[test]
fn what_the_numbers_allow_is_dialled_as_it_stands() {
    on_each(|lab| {
        for service in ["*43", "*44"] {
            assert_eq!(lab.call("1001", service), 200, "{service}");
        }
        for number in ["0471123456", "+39471123456", "*31%230471", "%23021", "112"] {
            assert_eq!(lab.call("2001", number), 486, "{:?}: {number}", lab.stack);
            let number = number.replace("%23", "#");
            let users = lab.trunk.users();
            assert!(
                users.iter().any(|user| user.replace("%23", "#") == number),
                "{:?}: {number} {users:?}",
                lab.stack
            );
        }
    });
}
