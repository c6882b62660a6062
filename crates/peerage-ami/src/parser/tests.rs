use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::{Action, Name, Value};

const SMALL: Limits = Limits {
    line: 40,
    fields: 5,
    message: 120,
};

fn greeted(limits: Limits) -> Parser {
    let mut parser = Parser::new(limits);
    parser
        .feed(b"Asterisk Call Manager/5.0.2\r\n", &mut Vec::new())
        .unwrap();
    parser
}

/// What a connection gives whose bytes come in these pieces: the frames, and what was wrong after them.
fn parse<'a>(limits: Limits, pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Frame>, Option<Fault>) {
    let mut parser = greeted(limits);
    let mut frames = Vec::new();
    let mut fault = None;
    for piece in pieces {
        fault = parser.feed(piece, &mut frames).err();
    }
    (frames, fault)
}

fn frames(text: &str) -> Vec<Frame> {
    let (frames, fault) = parse(Limits::default(), [text.as_bytes()]);
    assert_eq!(fault, None);
    frames
}

fn fields(frame: &Frame) -> Vec<(&str, &str)> {
    frame.fields().collect()
}

#[test]
fn the_greeting_tells_the_version() {
    let mut parser = Parser::new(Limits::default());
    assert_eq!(parser.version(), None);
    parser.feed(b"Asterisk Call Man", &mut Vec::new()).unwrap();
    parser.feed(b"ager/9.0.0\r\n", &mut Vec::new()).unwrap();
    assert_eq!(parser.version(), Some("9.0.0"));
}

#[test]
fn whoever_greets_otherwise_is_no_manager() {
    for other in [&b"SSH-2.0-OpenSSH_9.2\r\n"[..], b"\r\n", b"Response: Success\r\n\r\n"] {
        let mut parser = Parser::new(Limits::default());
        assert_eq!(parser.feed(other, &mut Vec::new()), Err(Fault::NoBanner));
        assert_eq!(parser.feed(b"Event: X\r\n\r\n", &mut Vec::new()), Err(Fault::NoBanner));
    }
}

#[test]
fn values_keep_colons_blanks_and_nothing_at_all() {
    let got = frames("Event: Newchannel\r\nContact: sip:1@h:5060\r\nEmpty: \r\nBare:\r\nTwo:  x \r\n\r\n");
    assert_eq!(
        fields(&got[0]),
        [
            ("Event", "Newchannel"),
            ("Contact", "sip:1@h:5060"),
            ("Empty", ""),
            ("Bare", ""),
            ("Two", " x ")
        ]
    );
}

#[test]
fn a_line_feed_in_a_value_neither_ends_it_nor_the_message() {
    let got = frames("Event: NewCallerid\r\nCallerIDName: a\n\nResponse: Success\nActionID: 1\r\nLast: x\r\n\r\n");
    assert_eq!(got.len(), 1);
    assert_eq!(got[0].get("CallerIDName"), Some("a\n\nResponse: Success\nActionID: 1"));
    assert_eq!(got[0].get("ActionID"), None);
    assert_eq!(got[0].get("Last"), Some("x"));
}

#[test]
fn a_message_that_ends_twice_is_one() {
    // As res_sorcery_memory_cache refuses.
    let got = frames("Response: Error\r\nMessage: no such cache\n\r\n\r\nEvent: A\r\n\r\n\r\n\r\nEvent: B\r\n\r\n");
    assert_eq!(got.len(), 3);
    assert_eq!(got[0].get("Message"), Some("no such cache\n"));
    assert_eq!(got[2].event(), Some("B"));
}

#[test]
fn bytes_that_are_no_text_become_replacement_characters() {
    let (got, fault) = parse(Limits::default(), [&b"Event: A\r\nName: M\xfcller\r\n\r\n"[..]]);
    assert_eq!(fault, None);
    assert_eq!(got[0].get("Name"), Some("M\u{fffd}ller"));
}

#[test]
fn lines_that_are_no_fields_are_kept_without_a_name() {
    let got = frames("Response: Success\r\nPrivilege: x\r\nNo Members\r\n\r\n");
    assert_eq!(got[0].all("").collect::<Vec<_>>(), ["No Members"]);
}

#[test]
fn output_that_follows_is_read_by_its_lines() {
    let got = frames(
        "Response: Follows\r\nPrivilege: Command\r\nActionID: 7\r\nprinted\n\nActionID: 8\nlast--END COMMAND--\r\n\r\n\
         Event: Next\r\n\r\n",
    );
    assert_eq!(got.len(), 2);
    assert_eq!(got[0].action_id(), Some("7"));
    assert_eq!(got[0].output(), "printed\n\nActionID: 8\nlast");
    assert_eq!(got[1].event(), Some("Next"));
    let nothing = frames("Response: Follows\r\nPrivilege: Command\r\n--END COMMAND--\r\n\r\n");
    assert_eq!(nothing[0].all("Output").count(), 0);
}

#[test]
fn what_is_too_large_ends_it() {
    let long = format!("A: {}\r\n", "x".repeat(38));
    assert_eq!(parse(SMALL, [long.as_bytes()]).1, Some(Fault::LineTooLong(40)));
    assert_eq!(parse(SMALL, [&[b'x'; 43][..]]).1, Some(Fault::LineTooLong(40)));
    let many = "A: 1\r\n".repeat(6);
    assert_eq!(parse(SMALL, [many.as_bytes()]).1, Some(Fault::TooManyFields(5)));
    let large = format!("A: {}\r\n", "x".repeat(37)).repeat(3);
    assert_eq!(parse(SMALL, [large.as_bytes()]).1, Some(Fault::MessageTooLong(120)));
    let fits = format!("{}\r\n", "A: 1\r\n".repeat(5)).repeat(50);
    assert_eq!(parse(SMALL, [fits.as_bytes()]).0.len(), 50);
}

#[test]
fn endless_output_is_too_large_too() {
    let printed = format!("Response: Follows\r\n{}", "\n".repeat(1000));
    assert!(parse(SMALL, [printed.as_bytes()]).1.is_some());
}

/// Streams that look like Asterisk's, with much that does not.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        4 => Just(b"\r\n".to_vec()),
        2 => Just(b"\r\n\r\n".to_vec()),
        1 => Just(b"\n".to_vec()),
        1 => Just(b"\r".to_vec()),
        2 => Just(b"Event: A\r\n".to_vec()),
        2 => Just(b"Response: Success\r\nActionID: 1\r\n".to_vec()),
        1 => Just(b"Response: Follows\r\nActionID: 1\r\n".to_vec()),
        1 => Just(b"--END COMMAND--\r\n\r\n".to_vec()),
        3 => "[A-Za-z]{1,6}: ?[ -~]{0,12}".prop_map(String::into_bytes),
        1 => vec(any::<u8>(), 0..12),
    ];
    vec(part, 0..40).prop_map(|parts| parts.concat())
}

fn name() -> impl Strategy<Value = Name> {
    "[A-Za-z0-9_-]{1,20}".prop_map(|name| Name::try_from(name).unwrap())
}

fn value() -> impl Strategy<Value = Value> {
    "\\PC{1,40}".prop_filter_map("no value", |value| Value::try_from(value).ok())
}

proptest! {
    #[test]
    fn any_split_of_the_bytes_gives_the_same_frames(bytes in stream(), cuts in vec(0_usize..400, 0..12)) {
        let whole = parse(SMALL, [&bytes[..]]);
        let mut pieces = Vec::new();
        let mut rest = &bytes[..];
        for cut in cuts {
            let (piece, left) = rest.split_at(cut.min(rest.len()));
            pieces.push(piece);
            rest = left;
        }
        pieces.push(rest);
        prop_assert_eq!(&parse(SMALL, pieces), &whole);
        prop_assert_eq!(&parse(SMALL, bytes.chunks(1)).0, &whole.0);
    }

    #[test]
    fn any_action_encodes_and_decodes_to_itself(
        action in name(),
        pairs in vec((name(), value()), 0..20),
        id in value(),
    ) {
        prop_assume!(!pairs.iter().any(|(name, _)| name.is("Action") || name.is("ActionID")));
        let action = Action::new(action, pairs).unwrap();
        let (got, fault) = parse(Limits::default(), [&action.encode(&id)[..]]);
        prop_assert_eq!(fault, None);
        prop_assert_eq!(got.len(), 1);
        let mut expected = vec![("Action", action.name().as_str()), ("ActionID", id.as_str())];
        expected.extend(action.fields().iter().map(|(name, value)| (name.as_str(), value.as_str())));
        prop_assert_eq!(fields(&got[0]), expected);
    }

    #[test]
    fn any_text_that_is_a_value_stays_one_line(text in "[a-z\r\n\0 :]{0,8}|\\PC*") {
        if let Ok(value) = Value::try_from(text.as_str()) {
            let field = (Name::try_from("X").unwrap(), value);
            let action = Action::new(Name::try_from("Ping").unwrap(), [field]).unwrap();
            let bytes = action.encode(&Value::try_from("1").unwrap());
            prop_assert_eq!(bytes.iter().filter(|byte| matches!(byte, b'\r' | b'\n' | 0)).count(), 8);
        }
    }

    #[test]
    fn no_input_panics_or_grows_beyond_the_bounds(
        bytes in prop_oneof![stream(), vec(any::<u8>(), 0..2000)],
        greet in any::<bool>(),
    ) {
        let mut parser = if greet { greeted(SMALL) } else { Parser::new(SMALL) };
        for piece in bytes.chunks(7) {
            let mut frames = Vec::new();
            // Whether it is refused does not matter here.
            let _ = parser.feed(piece, &mut frames);
            let kept: usize = parser.fields.iter().map(|(name, value)| name.len() + value.len()).sum();
            prop_assert!(parser.line.len() <= SMALL.line + 2);
            prop_assert!(parser.line.capacity() <= 1024);
            prop_assert!(parser.fields.len() <= SMALL.fields);
            prop_assert!(kept <= 3 * SMALL.message);
            prop_assert!(frames.iter().all(|frame| frame.size() <= 3 * SMALL.message));
        }
    }
}
