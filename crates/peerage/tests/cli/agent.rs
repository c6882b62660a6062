use crate::session::Session;

#[test]
fn an_agent_is_added_listed_shown_changed_and_removed() {
    let mut session = Session::new();
    for line in [
        "agent list",
        "agent add 1001 --name 'Ada King'",
        "agent add 1002 --name 'Bo Li' --format json",
        "agent add 1003 --name 'Cy Day' --format csv",
        "agent list",
        "agent list --format csv",
        "agent list --search king",
        "agent list --after 1001 --limit 1",
        "agent list --site rome",
        "agent show 1001",
        "agent set 1001 --alias Countess --transport tls,udp --no-video",
        "agent set 1001 --alias Countess",
        "agent set 1001 --format json",
        "agent remove 1003",
        "agent remove 1002 --quiet",
        "agent list --quiet",
    ] {
        assert_eq!(session.run(line).code, 0, "{line}: {}", session.transcript());
    }
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn every_field_has_a_flag_and_is_shown() {
    let mut session = Session::new();
    session.quietly("site add rome --outside-numbers +39X.,1XXX");
    let flags = "--name 'Ada King' --alias Countess --email ada@example.com --phone 1009 --mobile +39055123 \
        --description 'Writes programs' --hot-desk --login-in-pause --client-log-level warning \
        --forbid move,log-out --channel chat=5,auto-answer=3 --channel fax=0 \
        --transport udp,tls --host 10.0.0.9 --nat comedia --type peer --codecs opus,alaw --callerid '\"Ada \\\"K\\\"\" <1001>' \
        --context sales --call-group 1,3-5 --pickup-group 0,63 --named-call-group sales,hall-2 --named-pickup-group hall-2 \
        --chanspy --video --record wav49 --encryption --qualify 30 --max-contacts 4 --disabled --site rome";
    assert_eq!(
        session
            .run_with(&format!("agent add 1001 {flags} --secret-stdin"), "correct-horse\n")
            .code,
        0
    );
    session.run("agent show 1001");
    session.run("agent show 1001 --format json");
    session.run("agent show 1001 --format csv");
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn every_field_can_be_set_back() {
    let session = Session::new();
    session.quietly("site add rome --outside-numbers +39X.,1XXX");
    session.quietly(
        "agent add 1001 --name 'Ada King' --alias Countess --email ada@example.com --phone 1009 --mobile 1010 --description x \
        --hot-desk --login-in-pause --client-log-level debug --forbid all --channel chat=5 --transport tls --host 10.0.0.9 \
        --nat no --type peer --codecs gsm --callerid 'Ada <1>' --context a --call-group 1 --pickup-group 2 \
        --named-call-group a --named-pickup-group b --chanspy --video --record wav --encryption --qualify 0 --max-contacts 9 \
        --disabled --site rome",
    );
    session.quietly("agent add 1002 --name 'Ada King'");
    session.quietly(
        "agent set 1001 --alias '' --email '' --phone '' --mobile '' --description '' --no-hot-desk --no-login-in-pause \
        --client-log-level off --permit all --forbid edit-own-numbers --channel chat=off --transport udp --host dynamic --nat force_rport --type friend \
        --codecs ulaw,alaw --callerid '' --context from-sip --call-group '' --pickup-group '' --named-call-group '' \
        --named-pickup-group '' --no-chanspy --no-video --record inactive --no-encryption --qualify 60 --max-contacts 1 \
        --enabled --site default",
    );
    let shown = |number: &str| {
        let mut json = session.quietly(&format!("agent show {number} --format json")).json();
        let fields = json.as_object_mut().unwrap();
        for its_own in ["number", "created_at", "secret"] {
            assert!(fields.remove(its_own).is_some(), "{its_own}");
        }
        assert!(fields.len() > 10, "{fields:?}");
        json
    };
    assert_eq!(shown("1001"), shown("1002"));
}

#[test]
fn the_last_of_two_opposite_flags_counts() {
    let session = Session::new();
    session.quietly("agent add 1001 --name Ada --video --no-video --no-chanspy --chanspy --enabled --disabled");
    let agent = session.quietly("agent show 1001 --format json").json();
    assert_eq!(agent["voice"]["video"], false);
    assert_eq!(agent["voice"]["chanspy"], true);
    assert_eq!(agent["disabled"], true);
}

#[test]
fn the_parts_of_the_caller_id_change_alone() {
    let session = Session::new();
    session.quietly("agent add 1001 --name Ada --callerid 'Ada King <1001>'");
    let caller_id = || session.quietly("agent show 1001 --format json").json()["voice"]["caller_id"].clone();
    session.quietly("agent set 1001 --callerid-number 2001");
    assert_eq!(caller_id(), serde_json::json!({"name": "Ada King", "number": "2001"}));
    session.quietly("agent set 1001 --callerid-name ''");
    assert_eq!(caller_id(), serde_json::json!({"name": null, "number": "2001"}));
}

#[test]
fn a_new_number_needs_a_new_secret() {
    let mut session = Session::new();
    session.quietly("agent add 1001 --name 'Ada King'");
    session.run("agent set 1001 --number 2001");
    session.run("agent set 1001 --number 2001 --new-secret --secret-stdin");
    session.run_with("agent set 1001 --number 2001 --secret-stdin", "correct-horse");
    session.run("agent show 1001");
    session.run("agent set 2001 --number 2002 --new-secret");
    session.run("agent set 2002 --new-secret --format csv");
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn what_cannot_be_is_refused_with_a_reason() {
    let mut session = Session::new();
    session.quietly("agent add 1001 --name 'Ada King'");
    session.quietly("phone add 2001 --name 'Desk 1' --host 10.0.0.9 --type peer");
    for (line, code) in [
        ("agent add 1002", 2),
        ("agent add 1001 --name Bo", 1),
        ("agent add 2001 --name Bo", 1),
        ("agent add 1002 --name Bo --site rome", 1),
        ("agent add 1002 --name Bo --transport ws,wss", 2),
        (
            "agent add 1002 --name Bo --transport wss --encryption --host 10.0.0.1",
            2,
        ),
        ("agent add 1002 --name Bo --host 10.0.0.9 --type peer", 1),
        ("agent add 1002 --name Bo --callerid Bo --callerid-name Bo", 2),
        ("agent add 1002 --name Bo --channel talk=5", 2),
        ("agent add 1002 --name Bo --channel chat=5,auto-answer=9999", 2),
        ("agent add 1002 --name Bo --forbid fly", 2),
        ("agent add 1002 --name Bo --secret correct-horse", 2),
        ("agent add 1002 --name Bo --secret=correct-horse", 2),
        ("agent show 1002", 1),
        ("agent show 2001", 1),
        ("agent set 1002 --video", 1),
        ("agent set 1001 --transport wss", 2),
        ("agent set 1001 --number 2001 --new-secret", 1),
        ("agent set 1001 --name ''", 2),
        ("agent remove 1002", 1),
        ("agent remove 2001", 1),
    ] {
        assert_eq!(session.run(line).code, code, "{line}: {}", session.transcript());
    }
    for input in ["", "\n", "short\n", "päßwörter\n"] {
        assert_eq!(
            session.run_with("agent add 1002 --name Bo --secret-stdin", input).code,
            2,
            "{input:?}"
        );
    }
    assert!(
        !session.transcript().contains("correct-horse") || session.transcript().matches("correct-horse").count() == 2
    );
    insta::assert_snapshot!(session.transcript());
    assert_eq!(
        session
            .quietly("agent list --format json")
            .json()
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn what_is_probably_not_meant_is_said() {
    let mut session = Session::new();
    session.run_with(
        "agent add 1001 --name Ada --transport udp,wss --secret-stdin",
        "correct-horse",
    );
    session.run("agent set 1001 --type user --host 10.0.0.1 --quiet");
    session.run("site set default --realm hall.example.net");
    session.run("agent set 1001 --transport udp --type friend");
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn registrations_are_shown_with_control_characters_escaped() {
    let mut session = Session::new();
    session.quietly("agent add 1001 --name Ada");
    session.db().psql(
        "insert into asterisk.ps_contacts (id, uri, expiration_time, user_agent, endpoint, via_addr, via_port, reg_server)
         values ('1001^3B@0123456789abcdef0123456789abcdef', 'sip:1001@10.0.0.7:5060^3Btransport=tcp',
           extract(epoch from now())::bigint + 600, E'Phone \\u009b31m 1.0', '1001', '10.0.0.7', '5060', 'pbx1')",
    );
    let shown = session.run("agent show 1001");
    assert!(shown.stdout.contains("Phone \\u{9b}31m 1.0"), "{}", shown.stdout);
    assert!(
        shown.stdout.contains("sip:1001@10.0.0.7:5060;transport=tcp"),
        "{}",
        shown.stdout
    );
    assert!(
        shown.stderr.contains("warning: 1001: registered as"),
        "{}",
        shown.stderr
    );
    let listed = session.run("agent list --format csv").csv();
    assert_eq!(listed[1].last().unwrap(), "yes");
    let json = session.run("agent show 1001 --format json").json();
    assert_eq!(json["registrations"][0]["live"], true);
}
