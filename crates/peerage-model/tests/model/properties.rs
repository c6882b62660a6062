//! What holds for arbitrary input.

use std::net::IpAddr;

use peerage_model::*;
use proptest::prelude::*;
use proptest::sample::subsequence;

use crate::fields::FIELDS;

fn config() -> ProptestConfig {
    ProptestConfig {
        // A failing case is printed whole; a file of seeds beside the code would only be litter.
        failure_persistence: None,
        cases: 1000,
        ..ProptestConfig::default()
    }
}

/// Arbitrary texts, and those made of what the fields are made of.
fn input() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[0-9a-z,.:<>\"\\\\ \\-+*#@]{0,20}",
        "(udp|tls|ws|ulaw|opus|[0-9]{1,3}|[0-9]-[0-9]{1,2}|,| ){0,8}",
        any::<IpAddr>().prop_map(|address| address.to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
    ]
}

fn caller_id() -> impl Strategy<Value = CallerId> {
    let name = "[^\u{0}-\u{1f}\u{7f}-\u{9f}]{1,19}|[\"\\\\<> ]{1,9}";
    (
        proptest::option::of(name),
        proptest::option::of("[0-9A-Za-z*#+._-]{1,40}"),
    )
        .prop_map(|(name, number)| CallerId {
            name: name.map(|text| text.parse().unwrap()),
            number: number.map(|text| text.parse().unwrap()),
        })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_written_reads_back_as_written(text in input()) {
        for (field, reading) in FIELDS {
            if let Ok(written) = reading(&text) {
                prop_assert_eq!(reading(&written), Ok(written.clone()), "{}", field);
            }
        }
    }

    #[test]
    fn a_refusal_names_field_value_and_rule_on_one_line(text in input()) {
        for (field, reading) in FIELDS {
            if let Err(error) = reading(&text) {
                prop_assert!(!error.field().is_empty() && !error.rule().is_empty(), "{}", field);
                // A list is named without the blanks around its commas.
                let tight = |text: &str| text.replace(' ', "");
                prop_assert!(tight(&text).contains(&tight(error.value())), "{} {:?}", field, error);
                prop_assert!(!error.to_string().contains(char::is_control), "{:?}", error);
            }
        }
    }

    #[test]
    fn a_caller_id_reads_back_from_what_asterisk_is_told(id in caller_id()) {
        prop_assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn no_text_makes_the_caller_id_parser_panic(text in input()) {
        if let Ok(id) = text.parse::<CallerId>() {
            prop_assert_eq!(id.to_string().parse(), Ok(id));
        }
    }

    #[test]
    fn groups_read_back_from_text_and_from_numbers(numbers in subsequence((0..64).collect::<Vec<i16>>(), 0..=64)) {
        let groups = Groups::from_numbers(numbers.iter().copied()).unwrap();
        prop_assert_eq!(groups.numbers(), numbers);
        prop_assert_eq!(groups.to_string().parse(), Ok(groups));
    }

    #[test]
    fn a_list_keeps_its_order_and_refuses_a_repeat(
        codecs in subsequence(Codec::ALL.to_vec(), 1..=6).prop_shuffle(),
        again in any::<prop::sample::Index>(),
    ) {
        let list = Codecs::new(codecs.clone()).unwrap();
        prop_assert_eq!(list.as_slice(), &codecs[..]);
        prop_assert_eq!(Codecs::from_words(list.words()), Ok(list.clone()));
        prop_assert_eq!(list.to_string().parse(), Ok(list));

        let mut repeated = codecs.clone();
        repeated.push(codecs[again.index(codecs.len())]);
        prop_assert!(Codecs::new(repeated).is_err());
    }

    #[test]
    fn an_address_is_a_host_unless_no_phone_can_have_it(address in prop_oneof![
        any::<IpAddr>(),
        any::<u32>().prop_map(|v4| IpAddr::from(u128::from(v4).to_be_bytes())),
        any::<u32>().prop_map(|v4| IpAddr::from((0xffff_0000_0000 | u128::from(v4)).to_be_bytes())),
        any::<[u8; 4]>().prop_map(|[a, b, c, d]| IpAddr::from([a | 0xe0, b, c, d])),
    ]) {
        let phone = match address {
            IpAddr::V4(v4) => !v4.is_unspecified() && !v4.is_broadcast() && !v4.is_multicast(),
            IpAddr::V6(v6) => v6.is_loopback()
                || !(v6.is_multicast() || matches!(v6.segments(), [0, 0, 0, 0, 0, 0 | 0xffff, ..])),
        };
        let host = address.to_string().parse::<Host>();
        prop_assert_eq!(host.is_ok(), phone);
        if let Ok(host) = host {
            prop_assert_eq!(host.fixed(), Some(address));
        }
    }

    #[test]
    fn numbers_are_taken_within_their_bounds_only(number in prop_oneof![-5..=105_i64, 86_395..=86_405_i64, any::<i64>()]) {
        let text = number.to_string();
        prop_assert_eq!(QualifySeconds::try_from(number).is_ok(), (0..=86_400).contains(&number));
        prop_assert_eq!(MaxContacts::try_from(number).is_ok(), (1..=100).contains(&number));
        prop_assert_eq!(text.parse::<MaxContacts>(), MaxContacts::try_from(number));
        prop_assert_eq!(text.parse::<QualifySeconds>(), QualifySeconds::try_from(number));
    }

    #[test]
    fn a_refused_secret_is_nowhere_in_the_error(text in prop_oneof![any::<String>(), "[!-~]{1,7}", "[!-~]{129,140}"]) {
        if let Err(error) = Secret::try_from(text.as_str()) {
            prop_assert_eq!(error, Secret::try_from("").unwrap_err());
        }
    }

    #[test]
    fn a_secret_is_kept_as_it_is(text in "[!-~][ -~]{6,126}[!-~]") {
        let secret = Secret::try_from(text.as_str()).unwrap();
        prop_assert_eq!(secret.expose(), text);
        prop_assert_eq!(format!("{secret:?}"), "Secret(***)");
    }
}
