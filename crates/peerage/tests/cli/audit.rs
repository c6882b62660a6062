use crate::session::Session;

#[test]
fn changes_are_listed_and_shown_with_who_made_them() {
    let mut session = Session::new();
    session.squeeze();
    session.quietly("agent add 1001 --name 'Ada King'");
    session.quietly("agent set 1001 --alias Countess --new-secret");
    session.db().psql("update peerage.agent set email = 'ada@example.com'");
    for line in [
        "audit list",
        "audit list --subject 1001 --relation agent --limit 2 --format csv",
        "audit list --relation sip_secret --format json",
        "audit list --since 2999-01-01T00:00:00Z",
        "audit list --actor nobody",
        "audit list --before 2",
    ] {
        assert_eq!(session.run(line).code, 0, "{line}: {}", session.transcript());
    }
    let entries = session.quietly("audit list --relation agent --format json").json();
    let ids: Vec<i64> = entries
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["id"].as_i64().unwrap())
        .collect();
    let [second, first, made] = ids[..] else {
        panic!("{entries}");
    };
    session.run(&format!("audit show {second}"));
    session.run(&format!("audit show {first}"));
    let made = session.quietly(&format!("audit show {made} --format json")).json();
    assert_eq!(
        (&made["before"], &made["after"]["full_name"]),
        (&serde_json::Value::Null, &"Ada King".into())
    );
    session.run("audit show 999999");
    session.run("audit show x");
    session.run("audit list --since yesterday");
    let text = session.transcript();
    assert!(
        !text.contains(&session.db().psql("select md5 from peerage.sip_secret")),
        "a digest in the audit"
    );
    insta::assert_snapshot!(text);
}
