use crate::session::Session;

#[test]
fn a_site_is_added_listed_shown_changed_and_removed() {
    let mut session = Session::new();
    for line in [
        "site list",
        "site add rome --time-zone Europe/Rome --driver sip --realm hall.example.net --conflict-policy take_over \
         --disconnection-timeout 0 --emergency-callerid 0655512 --offer-sha256 --rtcachefriends \
         --country IT --outside-numbers +39X.,0ZX.",
        "site list",
        "site show rome",
        "site show rome --format json",
        "site set rome --emergency-callerid '' --no-offer-sha256 --no-rtcachefriends --outside-numbers ''",
        "site set rome --driver sip",
        "site list --format csv",
        "site remove rome",
    ] {
        assert_eq!(session.run(line).code, 0, "{line}: {}", session.transcript());
    }
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn what_cannot_be_is_refused_with_a_reason() {
    let mut session = Session::new();
    session.quietly("site add rome");
    session.quietly("agent add 1001 --name Ada --site rome");
    for (line, code) in [
        ("site add rome", 1),
        ("site add Rome", 2),
        ("site add milan --time-zone Mars/Base", 2),
        ("site add milan --driver iax", 2),
        ("site add milan --realm 'a b'", 2),
        ("site add milan --conflict-policy fight", 2),
        ("site add milan --disconnection-timeout 86401", 2),
        ("site add milan --emergency-callerid 'a b'", 2),
        ("site add milan --country it", 2),
        ("site add milan --country XX", 1),
        ("site add milan --outside-numbers _X.", 2),
        ("site show milan", 1),
        ("site set milan --driver sip", 1),
        ("site remove rome", 1),
        ("site remove default", 1),
        ("site remove milan", 1),
    ] {
        assert_eq!(session.run(line).code, code, "{line}: {}", session.transcript());
    }
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_narrower_rule_says_how_many_agents_it_refuses_and_how_to_list_them() {
    let mut session = Session::new();
    for (line, code) in [
        ("site add rome --country IT", 0),
        ("agent add 1001 --name Ada --site rome --mobile +393331234567", 0),
        ("agent add 1002 --name Bo --site rome --mobile +4490099", 2),
        ("site set rome --outside-numbers +39X.,+44X.", 0),
        ("agent add 1002 --name Bo --site rome --mobile +4490099", 0),
        ("site set rome --outside-numbers ''", 0),
        ("site show rome --format json", 0),
        ("agent list --refused-numbers --format csv", 0),
        ("agent login 1002 --interface mobile", 1),
        ("agent login 1001 --interface mobile", 0),
        ("agent set 1002 --mobile ''", 0),
        ("agent list --refused-numbers", 0),
    ] {
        assert_eq!(session.run(line).code, code, "{line}: {}", session.transcript());
    }
    insta::assert_snapshot!(session.transcript());
}
