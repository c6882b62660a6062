use peerage_model::{Channel, LogLevel, Voice};
use peerage_store::{
    AccountPatch, AgentChannel, AgentPatch, Filter, NewAgent, PermissionsPatch, SitePatch, Store, StoreError,
    VoicePatch,
};

use crate::support::{
    add_agent, add_phone, agent, assert_conflict, assert_invalid, assert_not_found, assert_refused, database, parse,
    phone, secret,
};

/// An agent of whom everything that can be set is set, and nothing to its default.
fn full() -> NewAgent {
    let mut new = agent("1001");
    new.account.site = parse("rome");
    new.account.disabled = true;
    new.account.voice = Voice {
        transports: parse("tls,udp"),
        host: parse("2001:db8::7"),
        nat: parse("comedia"),
        peer_type: parse("peer"),
        codecs: parse("opus,g722"),
        caller_id: parse(r#""Ada \"A\" King" <+39061001>"#),
        context: parse("internal"),
        call_groups: parse("0,3-5,63"),
        pickup_groups: parse("7"),
        named_call_groups: parse("sales,desk.1"),
        named_pickup_groups: parse("sales"),
        chanspy: true,
        video: true,
        record: parse("wav49"),
        encryption: true,
        qualify: parse("0"),
        max_contacts: parse("3"),
    };
    let profile = &mut new.profile;
    profile.full_name = parse("Ada King");
    profile.alias = Some(parse("ada"));
    profile.email = Some(parse("ada@example.com"));
    profile.phone = Some(parse("2001"));
    profile.mobile = Some(parse("+393331234567"));
    profile.description = Some(parse("speaks\nItalian"));
    profile.hot_desk = true;
    profile.login_in_pause = true;
    profile.client_log_level = LogLevel::Debug;
    profile.permissions.move_session = false;
    profile.permissions.log_out = false;
    profile.channels = vec![
        AgentChannel {
            capacity: parse("4"),
            auto_answer: true,
            auto_answer_delay: parse("20"),
            ..AgentChannel::new(Channel::Chat)
        },
        AgentChannel::new(Channel::Fax),
    ];
    new.pin = Some(parse("4711"));
    new
}

fn add_full(store: &Store) {
    let rule = SitePatch {
        outside_numbers: Some(Some(parse("+39X.,2XXX,112"))),
        ..SitePatch::default()
    };
    store.add_site(&parse("rome"), &rule).unwrap();
    store.add_agent(&full(), &secret()).unwrap();
}

#[test]
fn an_agent_comes_back_as_it_was_added() {
    let (_db, store) = database();
    add_full(&store);
    let found = store.agent(&parse("1001")).unwrap();
    let new = full();
    assert_eq!(found.profile, new.profile);
    assert_eq!(found.account.number, new.account.number);
    assert_eq!(found.account.site, new.account.site);
    assert_eq!(found.account.voice, new.account.voice);
    assert!(found.account.disabled && found.has_pin);
    assert_eq!(found.account.secret.unwrap().realm.as_str(), "asterisk");
    assert!(found.account.registrations.is_empty());
}

#[test]
fn what_is_not_said_of_an_agent_has_the_defaults() {
    let (_db, store) = database();
    add_agent(&store, "1001");
    let found = store.agent(&parse("1001")).unwrap();
    assert_eq!(found.account.voice, Voice::default());
    assert_eq!(found.profile, agent("1001").profile);
    assert_eq!(found.account.site.as_str(), "default");
    assert!(!found.account.disabled && !found.has_pin);
    assert!(found.account.warnings().is_empty(), "{:?}", found.account.warnings());
}

#[test]
fn a_number_that_is_taken_is_refused_whoever_has_it() {
    let (db, store) = database();
    add_agent(&store, "1001");
    add_phone(&store, "2001");
    for number in ["1001", "2001"] {
        let message = format!("number `{number}` is taken");
        assert_conflict(store.add_agent(&agent(number), &secret()), &message);
    }
    assert_eq!(db.psql("select count(*) from peerage.sip_account"), "2");
}

#[test]
fn a_number_that_differs_from_another_in_case_only_is_taken() {
    let (db, store) = database();
    add_agent(&store, "Ada");
    add_phone(&store, "desk-A1");
    let mut renumber = AgentPatch::default();
    renumber.account.number = Some(parse("DESK-A1"));
    renumber.account.secret = Some(secret());
    for (result, number) in [
        (store.add_agent(&agent("ada"), &secret()), "ada"),
        (store.add_phone(&phone("ADA"), &secret()), "ada"),
        (store.add_phone(&phone("Desk-a1"), &secret()), "desk-a1"),
        (store.set_agent(&parse("Ada"), &renumber).map(drop), "desk-a1"),
    ] {
        let error = assert_refused(
            result,
            &format!("number `{number}` is taken, in other capitals or small letters"),
        );
        assert!(matches!(error, StoreError::Conflict(_)), "{error:?}");
        assert_eq!(error.constraint(), Some("sip_account_number_lower_key"));
        assert_eq!(
            error.hint().unwrap(),
            "Asterisk takes numbers that differ in case only for one: choose another, or remove whoever has it"
        );
    }
    assert_eq!(db.psql("select count(*) from peerage.sip_account"), "2");
    // Exactly the same is told as ever, and of one account it is no more than a change of number.
    assert_conflict(store.add_agent(&agent("Ada"), &secret()), "number `Ada` is taken");
    renumber.account.number = Some(parse("ADA"));
    assert!(store.set_agent(&parse("Ada"), &renumber).unwrap());
    assert_not_found(store.agent(&parse("Ada")), "there is no agent `Ada`");
    // Freed, it can be had in any case.
    store.remove_agent(&parse("ADA")).unwrap();
    add_agent(&store, "aDa");
}

#[test]
fn settings_that_do_not_go_together_are_refused_before_the_database_is_asked() {
    let (db, store) = database();
    let mut new = agent("1001");
    new.account.voice.transports = parse("wss");
    assert_invalid(
        store.add_agent(&new, &secret()),
        "encryption",
        "`encryption` cannot be `no`: yes when ws and wss are the only transports, because browsers demand DTLS",
    );
    add_agent(&store, "1001");
    let patch = AgentPatch {
        account: AccountPatch {
            voice: VoicePatch {
                transports: Some(parse("ws")),
                ..VoicePatch::default()
            },
            ..AccountPatch::default()
        },
        ..AgentPatch::default()
    };
    let error = store.set_agent(&parse("1001"), &patch).unwrap_err();
    assert_eq!(error.field(), Some("encryption"));
    assert_eq!(db.psql("select transports from peerage.sip_account"), "{udp}");
}

#[test]
fn a_site_that_does_not_exist_is_refused() {
    let (_db, store) = database();
    let mut new = agent("1001");
    new.account.site = parse("nowhere");
    assert_not_found(store.add_agent(&new, &secret()), "there is no site `nowhere`");
    add_agent(&store, "1001");
    let patch = AgentPatch {
        account: AccountPatch {
            site: Some(parse("nowhere")),
            ..AccountPatch::default()
        },
        ..AgentPatch::default()
    };
    assert_not_found(store.set_agent(&parse("1001"), &patch), "there is no site `nowhere`");
}

#[test]
fn of_two_peers_at_one_address_the_second_is_refused() {
    let (_db, store) = database();
    let mut new = agent("1001");
    new.account.voice.host = parse("10.0.0.7");
    new.account.voice.peer_type = parse("peer");
    store.add_agent(&new, &secret()).unwrap();
    new.account.number = parse("1002");
    assert_conflict(
        store.add_agent(&new, &secret()),
        "another peer has the fixed host `10.0.0.7`",
    );
}

#[test]
fn an_agent_who_does_not_exist_is_said_so_and_a_telephone_of_that_number_is_pointed_out() {
    let (_db, store) = database();
    add_phone(&store, "2001");
    let patch = AgentPatch::default();
    assert_not_found(store.agent(&parse("1001")), "there is no agent `1001`");
    assert_not_found(store.set_agent(&parse("1001"), &patch), "there is no agent `1001`");
    assert_not_found(store.remove_agent(&parse("1001")), "there is no agent `1001`");
    let error = store.agent(&parse("2001")).unwrap_err();
    assert_eq!(error.hint().unwrap(), "`2001` is the number of a telephone");
    assert_eq!(store.remove_agent(&parse("2001")).unwrap_err(), error);
}

#[test]
fn every_field_of_an_agent_can_be_changed() {
    let (_db, store) = database();
    add_full(&store);
    let patch = AgentPatch {
        account: AccountPatch {
            site: Some(parse("default")),
            disabled: Some(false),
            voice: VoicePatch {
                transports: Some(parse("udp")),
                host: Some(parse("dynamic")),
                nat: Some(parse("yes")),
                peer_type: Some(parse("friend")),
                codecs: Some(parse("alaw")),
                caller_name: Some(None),
                caller_number: Some(Some(parse("1"))),
                context: Some(parse("from-sip")),
                call_groups: Some(parse("")),
                pickup_groups: Some(parse("1")),
                named_call_groups: Some(parse("")),
                named_pickup_groups: Some(parse("desk")),
                chanspy: Some(false),
                video: Some(false),
                record: Some(parse("gsm")),
                encryption: Some(false),
                qualify: Some(parse("30")),
                max_contacts: Some(parse("1")),
            },
            ..AccountPatch::default()
        },
        full_name: Some(parse("Ada Byron")),
        alias: Some(None),
        email: Some(None),
        phone: Some(None),
        mobile: Some(Some(parse("112"))),
        description: Some(None),
        hot_desk: Some(false),
        login_in_pause: Some(false),
        client_log_level: Some(LogLevel::Off),
        permissions: PermissionsPatch {
            choose_interface: Some(false),
            log_out: Some(true),
            ..PermissionsPatch::default()
        },
        set_channels: vec![AgentChannel::new(Channel::Chat), AgentChannel::new(Channel::Email)],
        drop_channels: vec![Channel::Fax, Channel::Sms],
        pin: Some(None),
    };
    assert!(store.set_agent(&parse("1001"), &patch).unwrap());

    let found = store.agent(&parse("1001")).unwrap();
    let voice = &found.account.voice;
    assert_eq!(voice.caller_id.to_string(), "<1>");
    assert_eq!(voice.codecs.to_string(), "alaw");
    assert_eq!((voice.record.as_str(), voice.qualify.get()), ("gsm", 30));
    assert!(voice.call_groups.is_empty() && voice.named_call_groups.is_empty());
    assert_eq!(found.profile.full_name.as_str(), "Ada Byron");
    assert_eq!((found.profile.alias, found.profile.description), (None, None));
    let permissions = found.profile.permissions;
    assert!(!permissions.choose_interface && permissions.log_out && !permissions.move_session);
    assert_eq!(
        found.profile.channels,
        [AgentChannel::new(Channel::Chat), AgentChannel::new(Channel::Email)]
    );
    assert!(!found.has_pin && !found.account.disabled);
    assert_eq!(found.account.site.as_str(), "default");
    assert!(
        !store.set_agent(&parse("1001"), &patch).unwrap(),
        "the same again is no change"
    );
}

#[test]
fn what_is_so_already_is_no_change_and_leaves_no_trace() {
    let (db, store) = database();
    add_full(&store);
    let before = db.psql("select count(*) from peerage.audit_entry");
    assert!(!store.set_agent(&parse("1001"), &AgentPatch::default()).unwrap());
    let same = AgentPatch {
        full_name: Some(parse("Ada King")),
        set_channels: vec![AgentChannel::new(Channel::Fax)],
        drop_channels: vec![Channel::Whatsapp],
        ..AgentPatch::default()
    };
    assert!(!store.set_agent(&parse("1001"), &same).unwrap());
    assert_eq!(db.psql("select count(*) from peerage.audit_entry"), before);
}

#[test]
fn the_list_is_in_order_of_numbers_and_can_be_searched_filtered_and_paged() {
    let (_db, store) = database();
    store.add_site(&parse("rome"), &SitePatch::default()).unwrap();
    for number in ["1003", "1001", "999", "a1", "B1", "1002"] {
        let mut new = agent(number);
        if number == "1002" {
            new.account.site = parse("rome");
            new.profile.alias = Some(parse("100%_Élan"));
        }
        store.add_agent(&new, &secret()).unwrap();
    }
    add_phone(&store, "2001");
    let numbers = |filter: Filter| -> Vec<String> {
        let agents = store.agents(&filter).unwrap();
        agents
            .into_iter()
            .map(|agent| agent.account.number.to_string())
            .collect()
    };
    assert_eq!(numbers(Filter::default()), ["1001", "1002", "1003", "999", "B1", "a1"]);
    let search = |text: &str| {
        numbers(Filter {
            search: Some(text.to_owned()),
            ..Filter::default()
        })
    };
    assert_eq!(search("agent 100"), ["1001", "1002", "1003"]);
    assert_eq!(search("%_É"), ["1002"], "signs of LIKE are taken literally");
    assert_eq!(search("b1"), ["B1"]);
    assert_eq!(search("2001"), [""; 0], "telephones are not listed");
    let page = Filter {
        after: Some(parse("1002")),
        limit: Some(2),
        ..Filter::default()
    };
    assert_eq!(numbers(page), ["1003", "999"]);
    let of_rome = Filter {
        site: Some(parse("rome")),
        ..Filter::default()
    };
    assert_eq!(numbers(of_rome), ["1002"]);
}

#[test]
fn an_agent_is_json_without_any_secret() {
    let (db, store) = database();
    add_full(&store);
    let json = serde_json::to_value(store.agent(&parse("1001")).unwrap()).unwrap();
    assert_eq!(json["number"], "1001");
    assert_eq!(json["voice"]["type"], "peer");
    assert_eq!(json["full_name"], "Ada King");
    assert_eq!(json["channels"][0]["capacity"], 4);
    let text = json.to_string();
    for column in ["md5", "sha256"] {
        let digest = db.psql(&format!("select {column} from peerage.sip_secret"));
        assert!(!text.contains(&digest));
    }
    assert!(!text.contains("argon2"));
}
