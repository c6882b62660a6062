use crate::session::Session;

#[test]
fn a_token_is_added_listed_and_removed_and_shown_once() {
    let mut session = Session::new();
    session.quietly("user add mira --role supervisor");
    for line in [
        "token list",
        "token add crm --role admin",
        "token add wallboard --role supervisor --user mira --expires 2999-01-01T00:00:00Z --format json",
        "token add other --role admin --format csv",
        "token list",
        "token remove other",
        "token list --format csv",
    ] {
        assert_eq!(session.run(line).code, 0, "{line}: {}", session.transcript());
    }
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn what_cannot_be_is_refused_with_a_reason() {
    let mut session = Session::new();
    session.quietly("user add mira --role supervisor");
    session.quietly("token add crm --role admin");
    for (line, code) in [
        ("token add crm --role admin", 1),
        ("token add x", 2),
        ("token add x --role king", 2),
        ("token add x --role supervisor", 2),
        ("token add x --role admin --user mira", 2),
        ("token add x --role agent --user nobody", 1),
        ("token add 'x y' --role admin", 2),
        ("token add x --role admin --expires tomorrow", 2),
        ("token remove x", 1),
    ] {
        assert_eq!(session.run(line).code, code, "{line}: {}", session.transcript());
    }
    insta::assert_snapshot!(session.transcript());
}
