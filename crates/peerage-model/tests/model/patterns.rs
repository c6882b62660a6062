//! The documented patterns, read by a matcher that shares nothing with the parsers.

use proptest::prelude::*;
use proptest::string::string_regex;

use crate::fields::FIELDS;

const NOT_CONTROL: &str = "[^\u{0}-\u{1f}\u{7f}-\u{9f}]";

/// Field, alternatives of its pattern, and the most bytes if those are counted too.
fn documented() -> Vec<(&'static str, Vec<String>, usize)> {
    let label = "[a-z0-9]{1,1}[a-z0-9-]{0,39}";
    let name = "[0-9A-Za-z_.-]{1,79}";
    let number = "[0-9A-Za-z]{1,1}[0-9A-Za-z.-]{0,39}";
    let one = |pattern: &str| vec![pattern.to_owned()];
    vec![
        ("number", one(number), usize::MAX),
        (
            "phone",
            vec![number.to_owned(), "[+]{0,1}[0-9*#]{1,40}".to_owned()],
            usize::MAX,
        ),
        ("callerid_number", one("[0-9A-Za-z*#+._-]{1,40}"), usize::MAX),
        ("callerid_name", one(&format!("{NOT_CONTROL}{{1,79}}")), 79),
        (
            "description",
            one("[^\u{0}-\u{9}\u{b}-\u{1f}\u{7f}-\u{9f}]{1,500}"),
            usize::MAX,
        ),
        ("context", one(name), usize::MAX),
        ("realm", one(name), usize::MAX),
        ("site_name", one(label), usize::MAX),
        ("node_name", one(label), usize::MAX),
        ("username", one("[0-9A-Za-z._]{1,64}"), usize::MAX),
    ]
}

/// Whether a text is, from end to end, a sequence of `[class]{least,most}`, each class taking as
/// much as it can. Enough for the patterns above, where no class can starve the next.
fn matches(pattern: &str, text: &str) -> bool {
    let mut rest: Vec<char> = text.chars().rev().collect();
    let mut pattern = pattern;
    while let Some((class, tail)) = pattern.strip_prefix('[').and_then(|p| p.split_once("]{")) {
        let (bounds, tail) = tail.split_once('}').unwrap();
        let (least, most) = bounds.split_once(',').unwrap();
        let (least, most): (usize, usize) = (least.parse().unwrap(), most.parse().unwrap());
        let mut taken = 0;
        while taken < most && rest.last().is_some_and(|c| in_class(class, *c)) {
            rest.pop();
            taken += 1;
        }
        if taken < least {
            return false;
        }
        pattern = tail;
    }
    assert!(pattern.is_empty(), "cannot read {pattern}");
    rest.is_empty()
}

/// Whether a character is in a class such as `0-9a-z.-` or `^a`; a `-` at the end is itself.
fn in_class(class: &str, c: char) -> bool {
    if let Some(class) = class.strip_prefix('^') {
        return !in_class(class, c);
    }
    let mut signs: &[char] = &class.chars().collect::<Vec<char>>();
    while let Some(first) = signs.first() {
        let (hit, used) = match signs {
            [first, '-', last, ..] => ((*first..=*last).contains(&c), 3),
            _ => (*first == c, 1),
        };
        if hit {
            return true;
        }
        signs = &signs[used..];
    }
    false
}

/// Texts near the edge of what some field takes: its own signs, the signs next to them, and the
/// lengths around every limit.
fn near() -> impl Strategy<Value = String> {
    let length = prop_oneof![0..4_usize, 38..43_usize, 62..67_usize, 77..82_usize, 499..502_usize];
    (length, any::<bool>()).prop_flat_map(|(length, plain)| {
        let sign = match plain {
            true => "[0-9a-z]",
            false => "[0-9A-Za-z_.*#+@:;^%/ `{\\-\\[\\n\\t\u{7f}\u{85}\u{a0}éß１日]",
        };
        let odd = "[0-9A-Z_.*#+@:;^%/ {\\-\\n\u{85}é]{0,2}";
        let middle = string_regex(&format!("{sign}{{{length}}}")).unwrap();
        (odd, middle, odd).prop_map(|(a, b, c)| a + &b + &c)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn a_text_is_accepted_when_and_only_when_it_matches(text in prop_oneof![near(), any::<String>()]) {
        for (field, patterns, most_bytes) in documented() {
            let (_, reading) = FIELDS.iter().find(|(name, _)| *name == field).unwrap();
            let documented = text.len() <= most_bytes
                && patterns.iter().any(|pattern| matches(pattern, &text));
            prop_assert_eq!(reading(&text).is_ok(), documented, "{} {:?}", field, text);
        }
    }

    #[test]
    fn a_name_is_one_line_without_blanks_at_its_ends(text in prop_oneof![near(), any::<String>()]) {
        let documented = matches(&format!("{NOT_CONTROL}{{1,80}}"), &text) && text == text.trim_matches(' ');
        for (field, reading) in FIELDS.iter().filter(|(name, _)| matches!(*name, "full_name" | "alias")) {
            prop_assert_eq!(reading(&text).is_ok(), documented, "{} {:?}", field, text);
        }
    }

    #[test]
    fn an_address_for_mail_has_one_at_sign_inside(text in "[a-z.é@ \\t]{0,8}|[a-z]{240,250}@[a-z]{1,10}") {
        let part = "[^\u{0}-\u{20}\u{7f}-\u{9f}@]{1,254}";
        let documented = text.chars().count() <= 254 && matches(&format!("{part}[@]{{1,1}}{part}"), &text);
        let (_, reading) = FIELDS.iter().find(|(name, _)| *name == "email").unwrap();
        prop_assert_eq!(reading(&text).is_ok(), documented, "{:?}", text);
    }
}

#[test]
fn the_matcher_can_say_no() {
    assert!(matches("[a-c]{1,2}[.-]{0,1}", "ab-"));
    for text in ["", "-", "abc", "ab--", "d", "ab-\n"] {
        assert!(!matches("[a-c]{1,2}[.-]{0,1}", text), "{text:?}");
    }
    assert!(matches("[^a-c]{1,9}", "dé") && !matches("[^a-c]{1,9}", "da"));
}
