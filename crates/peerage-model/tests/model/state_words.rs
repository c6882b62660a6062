//! The texts and words of the agent state.

use peerage_model::*;
use proptest::prelude::*;

use crate::state_fixture::t;

fn is<T: std::str::FromStr>(text: &str) -> bool {
    text.parse::<T>().is_ok()
}

#[test]
fn an_interface_is_a_device_or_an_outside_number() {
    for good in [
        "PJSIP/1001",
        "SIP/desk-9.b",
        "Local/+49301234@peerage-outbound/n",
        "Local/*97#@peerage-outbound/n",
    ] {
        assert_eq!(t::<Interface>(good).to_string(), good);
    }
    for bad in [
        "",
        "PJSIP/",
        "pjsip/1001",
        "IAX2/1001",
        "PJSIP/1001&PJSIP/1002",
        "PJSIP/1001/n",
        "PJSIP/10@trunk",
        "Local/@peerage-outbound/n",
        "Local/1001@from-sip/n",
        "1001@peerage-outbound/n",
        "Local/1001@peerage-outbound",
        "Local/10a1@peerage-outbound/n",
        "Local/1001@peerage-outbound/n@peerage-outbound/n",
        "PJSIP/1001 ",
        "PJSIP/1001\n",
    ] {
        assert!(!is::<Interface>(bad), "{bad:?}");
    }
}

#[test]
fn an_interface_tells_what_it_was_made_of() {
    for driver in Driver::ALL {
        let device = Interface::of(*driver, &t("1001"));
        assert_eq!(device.device(), Some((*driver, t("1001"))));
        assert_eq!(device.outside_number(), None);
    }
    let outside = Interface::outside(&t("+49301234"));
    assert_eq!(outside.as_str(), "Local/+49301234@peerage-outbound/n");
    assert_eq!(outside.outside_number(), Some(t("+49301234")));
    assert_eq!(outside.device(), None);
}

#[test]
fn the_names_take_what_their_columns_take() {
    assert!(is::<QueueName>("Sales_1.a-b") && is::<QueueName>(&"q".repeat(79)));
    assert!(!is::<QueueName>("") && !is::<QueueName>("a b") && !is::<QueueName>(&"q".repeat(80)));
    assert!(!is::<QueueName>("peerage-probe"));
    assert!(is::<ReasonCode>("Auto-Pause") && is::<ReasonCode>(&"r".repeat(40)));
    assert!(!is::<ReasonCode>("") && !is::<ReasonCode>("after call") && !is::<ReasonCode>(&"r".repeat(41)));
    assert!(is::<PauseReason>("Café, zurück um 3") && is::<PauseReason>(&"é".repeat(39)));
    assert!(
        !is::<PauseReason>("")
            && !is::<PauseReason>("a\nb")
            && !is::<PauseReason>(&"r".repeat(80))
            && !is::<PauseReason>(&"é".repeat(40))
    );
    assert!(is::<EndReason>("went home") && !is::<EndReason>(" ") && !is::<EndReason>(""));
    assert!(is::<Penalty>("0") && is::<Penalty>("1000") && !is::<Penalty>("1001") && !is::<Penalty>("-1"));
    assert!(is::<OutsideNumber>("+1*2#") && !is::<OutsideNumber>("+") && !is::<OutsideNumber>("1+2"));
}

#[test]
fn the_words_are_those_of_the_schema() {
    let migration = |text: &'static str, name: &str, words: Vec<&str>| {
        let list = format!(
            "({})",
            words
                .iter()
                .map(|word| format!("'{word}'"))
                .collect::<Vec<_>>()
                .join(", ")
        );
        assert!(text.contains(&list), "{name}: {list}");
    };
    let state = include_str!("../../../../schema/migrations/00000000000008_agent_state/up.sql");
    migration(
        state,
        "interface_kind",
        InterfaceKind::ALL.iter().map(|word| word.as_str()).collect(),
    );
    migration(
        state,
        "end_cause",
        EndCause::ALL.iter().map(|word| word.as_str()).collect(),
    );
    let states = [
        SessionState::Available,
        SessionState::Paused(None),
        SessionState::PartlyPaused,
    ];
    migration(state, "state", states.iter().map(SessionState::as_str).collect());
    let queue = include_str!("../../../../schema/migrations/00000000000007_queue/up.sql");
    for reason in SystemReason::ALL {
        assert!(queue.contains(&format!("('{reason}', ")), "{reason}");
        assert!(is::<ReasonCode>(reason.as_str()));
        assert_eq!(PauseReason::from(*reason).as_str(), reason.as_str());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_interface_that_is_taken_is_one_that_can_be_made(
        text in "(PJSIP/|SIP/|Local/)[0-9a-b+*#./@-]{0,6}(@peerage-outbound/n)?",
    ) {
        if let Ok(interface) = text.parse::<Interface>() {
            let made = match (interface.device(), interface.outside_number()) {
                (Some((driver, number)), None) => Interface::of(driver, &number),
                (None, Some(number)) => Interface::outside(&number),
                other => panic!("{text} is {other:?}"),
            };
            prop_assert_eq!(made.as_str(), text);
        }
    }
}
