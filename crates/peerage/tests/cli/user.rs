use crate::session::Session;

#[test]
fn a_user_is_added_listed_changed_given_a_password_and_removed() {
    let mut session = Session::new();
    session.quietly("agent add 1001 --name 'Ada King'");
    for line in [
        "user list",
        "user add mira --role supervisor",
        "user add ada --role agent --agent 1001 --no-password",
        "user add root --role admin --format json",
        "user list",
        "user list --format csv",
        "user password ada",
        "user password ada --format csv",
        "user password root --no-password",
        "user set mira --role admin --disabled",
        "user set mira --role admin --disabled",
        "user set mira --enabled --unlock",
        "user remove root",
        "user list --format json",
    ] {
        assert_eq!(session.run(line).code, 0, "{line}: {}", session.transcript());
    }
    assert_eq!(
        session
            .run_with("user password mira --password-stdin", "correct-horse\n")
            .code,
        0
    );
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn what_cannot_be_is_refused_with_a_reason() {
    let mut session = Session::new();
    session.quietly("agent add 1001 --name 'Ada King'");
    session.quietly("user add ada --role agent --agent 1001");
    for (line, code) in [
        ("user add ada --role admin", 1),
        ("user add bo", 2),
        ("user add bo --role king", 2),
        ("user add bo --role agent", 2),
        ("user add bo --role agent --agent 1001", 1),
        ("user add bo --role agent --agent 1002", 1),
        ("user add 'b o' --role admin", 2),
        ("user add bo --role admin --password correct-horse", 2),
        ("user add bo --role admin --password-stdin --no-password", 2),
        ("user set bo --disabled", 1),
        ("user set ada --agent ''", 2),
        ("user password bo", 1),
        ("user remove bo", 1),
    ] {
        assert_eq!(session.run(line).code, code, "{line}: {}", session.transcript());
    }
    assert_eq!(
        session.run_with("user password ada --password-stdin", "short\n").code,
        2
    );
    insta::assert_snapshot!(session.transcript());
}
