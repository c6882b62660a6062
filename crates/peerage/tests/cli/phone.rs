use crate::session::Session;

#[test]
fn a_telephone_is_added_listed_shown_changed_and_removed() {
    let mut session = Session::new();
    for line in [
        "phone list",
        "phone add 2001 --name 'Desk 1' --emergency-callerid 0655512",
        "phone add 2002 --name 'Front door' --host 10.0.0.7 --format json",
        "phone list",
        "phone list --search DESK --format csv",
        "phone list --format json",
        "phone show 2001",
        "phone show 2001 --format csv",
        "phone set 2001 --emergency-callerid '' --name 'Desk 1, window' --codecs opus,ulaw",
        "phone set 2001 --number 2101 --new-secret",
        "phone set 2101 --disabled",
        "phone show 2101",
        "phone remove 2101",
        "phone list",
    ] {
        assert_eq!(session.run(line).code, 0, "{line}: {}", session.transcript());
    }
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn what_cannot_be_is_refused_with_a_reason() {
    let mut session = Session::new();
    session.quietly("phone add 2001 --name 'Desk 1'");
    session.quietly("agent add 1001 --name 'Ada King'");
    for (line, code) in [
        ("phone add 2001 --name 'Desk 2'", 1),
        ("phone add 1001 --name 'Desk 2'", 1),
        ("phone add 2002", 2),
        ("phone add 2002 --name 'Desk 2' --emergency-callerid '0 6'", 2),
        ("phone add 2002 --name 'Desk 2' --alias Desk", 2),
        ("phone show 1001", 1),
        ("phone set 2002 --video", 1),
        ("phone set 2001 --number 1001 --new-secret", 1),
        ("phone remove 2002", 1),
    ] {
        assert_eq!(session.run(line).code, code, "{line}: {}", session.transcript());
    }
    insta::assert_snapshot!(session.transcript());
}
