//! Actions and what Asterisk makes of them.

use std::sync::Arc;

use peerage_ami::{Events, Frame, Name, Notice, QueuePart, Reason};

use super::*;

#[tokio::test]
async fn a_command_gives_its_output_and_a_wrong_one_is_refused_with_its_reason() {
    for (asterisk, version) in SHARED.iter().zip(Version::ALL) {
        let link = open(asterisk).await;
        let said = command(&link, "core show version").await;
        assert!(said.starts_with(&format!("Asterisk {version}.")), "{said}");
        let help = command(&link, "core show help queue").await;
        assert!(help.lines().count() > 5, "{help}");
        match link.send(Action::command(value("peerage juggle"))).await {
            Outcome::Refused(refusal) => assert!(refusal.message().contains("No such command"), "{refusal}"),
            other => panic!("{other:?}"),
        }
        link.shut_down().await;
    }
}

#[tokio::test]
async fn a_member_is_paused_with_its_reason_and_the_event_comes() {
    for asterisk in SHARED.iter() {
        let link = open(asterisk).await;
        let mut events = link.subscribe();
        let (queue, member) = (value("support"), value("PJSIP/1001"));
        let pause = Action::queue_pause(queue.clone(), member.clone(), Some(value("lunch: at 12; or so")));
        link.send(pause).await.done().unwrap();
        let paused = wait_for(&mut events, |event| event.event() == Some("QueueMemberPause")).await;
        assert_eq!(paused.get("PausedReason"), Some("lunch: at 12; or so"));
        assert_eq!(paused.get("Interface"), Some("PJSIP/1001"));

        let status = link.send(Action::queue_status(queue.clone())).await.done().unwrap();
        let members: Vec<_> = status
            .items()
            .iter()
            .filter(|item| item.event() == Some("QueueMember"))
            .collect();
        assert_eq!(members.len(), 1);
        assert_eq!(members[0].get("Paused"), Some("1"));
        assert_eq!(members[0].get("Name"), Some("Ada King"));

        link.send(Action::queue_unpause(queue.clone(), member))
            .await
            .done()
            .unwrap();
        let summary = link.send(Action::queue_summary(queue.clone())).await.done().unwrap();
        assert_eq!(summary.items().len(), 1);
        assert_eq!(summary.items()[0].get("Queue"), Some("support"));
        for part in [QueuePart::Members, QueuePart::Parameters] {
            link.send(Action::queue_reload(queue.clone(), part))
                .await
                .done()
                .unwrap();
        }
        link.shut_down().await;
    }
}

#[tokio::test]
async fn what_is_not_there_is_refused_and_the_reason_is_known() {
    for asterisk in SHARED.iter() {
        let link = open(asterisk).await;
        let pause = Action::queue_pause(value("nosuch"), value("PJSIP/1001"), None);
        assert_eq!(refused(link.send(pause).await).reason(), Reason::Absent);
        let nobody = Action::queue_unpause(value("support"), value("PJSIP/9999"));
        assert_eq!(refused(link.send(nobody).await).reason(), Reason::Absent);
        let unknown = Action::new(Name::try_from("Juggle").unwrap(), []).unwrap();
        assert_eq!(refused(link.send(unknown).await).reason(), Reason::NoSuchAction);
        let empty = link.send(Action::queue_status(value("nosuch"))).await.done().unwrap();
        assert_eq!(empty.items().len(), 0);
        link.shut_down().await;
    }
}

#[tokio::test]
async fn what_the_user_may_not_do_is_refused_as_such() {
    for asterisk in SHARED.iter() {
        let manager = asterisk.manager().unwrap();
        let link = open_with(Settings {
            credentials: Credentials::new(value(&manager.user), manager.secret.clone()),
            ..settings(manager.address)
        })
        .await;
        let event = Action::user_event(value("Hello"), []).unwrap();
        assert_eq!(refused(link.send(event).await).reason(), Reason::NotPermitted);
        link.shut_down().await;
    }
}

#[tokio::test]
async fn an_object_is_expired_from_its_cache_once() {
    for asterisk in SHARED.iter() {
        let link = open(asterisk).await;
        let (cache, object) = (value("endpoints"), value("1001"));
        let expire = Action::cache_expire_object(cache.clone(), object);
        assert!(command(&link, "pjsip show endpoint 1001").await.contains("ulaw"));
        link.send(expire.clone()).await.done().unwrap();
        assert_eq!(refused(link.send(expire).await).reason(), Reason::Absent);
        link.send(Action::cache_expire(cache)).await.done().unwrap();
        let other = refused(link.send(Action::cache_expire(value("nosuch"))).await);
        assert_eq!(other.message(), "The provided cache does not exist");
        assert_eq!(other.reason(), Reason::Other);
        link.shut_down().await;
    }
}

#[tokio::test]
async fn endpoints_are_qualified_and_modules_reloaded() {
    for asterisk in SHARED.iter() {
        let link = open(asterisk).await;
        link.send(Action::pjsip_reload_qualify(&word("1001")))
            .await
            .done()
            .unwrap();
        let qualify = refused(link.send(Action::pjsip_qualify(value("nosuch"))).await);
        assert_eq!(qualify.message(), "Unable to retrieve endpoint");
        link.send(Action::reload(value("dsp"))).await.done().unwrap();
        link.shut_down().await;
    }
}

#[tokio::test]
async fn chan_sip_forgets_a_peer_by_name() {
    use peerage_testkit::asterisk::Driver;

    let asterisk = Asterisk::builder(Version::V16)
        .driver(Driver::Sip)
        .append("sip.conf", "[1001]\ntype = friend\nhost = dynamic\nsecret = sesame\n")
        .start()
        .unwrap();
    let manager = asterisk.manager().unwrap();
    let link = open_with(Settings {
        credentials: Credentials::new(value(&manager.user), manager.secret.clone()),
        ..settings(manager.address)
    })
    .await;
    let said = link.send(Action::sip_prune_peer(&word("1001"))).await.done().unwrap();
    assert_eq!(said.output(), "Peer '1001' is not a Realtime peer, cannot be pruned.");
    let listed = Action::new(Name::try_from("SIPpeers").unwrap(), []).unwrap();
    let listed = link.send(listed).await.done().unwrap();
    assert_eq!(listed.items()[0].get("ObjectName"), Some("1001"));
    link.shut_down().await;
}

#[tokio::test]
async fn an_event_of_ones_own_comes_back_as_it_was() {
    for asterisk in SHARED.iter() {
        let link = open(asterisk).await;
        let mut events = link.subscribe();
        let name = |name: &str| Name::try_from(name).unwrap();
        // EventList and ActionID: an event is not a list's item because it says so.
        let fields = [
            (name("Colon"), value("a: b::c")),
            (name("Umlaut"), value("Zoë")),
            (name("EventList"), value("Complete")),
        ];
        link.send(Action::user_event(value("Hello"), fields).unwrap())
            .await
            .done()
            .unwrap();
        let event = wait_for(&mut events, |event| event.get("UserEvent") == Some("Hello")).await;
        assert_eq!(event.event(), Some("UserEvent"));
        assert_eq!(event.get("Colon"), Some("a: b::c"));
        assert_eq!(event.get("Umlaut"), Some("Zoë"));
        link.shut_down().await;
    }
}

#[tokio::test]
async fn the_longest_value_arrives_whole() {
    for asterisk in SHARED.iter() {
        let link = open(asterisk).await;
        let mut events = link.subscribe();
        let name = Name::try_from("n".repeat(Name::MOST)).unwrap();
        let long = value(&"v".repeat(Value::MOST));
        let event = Action::user_event(value("Long"), [(name.clone(), long.clone())]).unwrap();
        link.send(event).await.done().unwrap();
        let event = wait_for(&mut events, |event| event.get("UserEvent") == Some("Long")).await;
        assert_eq!(event.get(name.as_str()), Some(long.as_str()));
        link.shut_down().await;
    }
}

#[tokio::test]
async fn two_hundred_actions_in_flight_are_answered_each_to_its_own() {
    for asterisk in SHARED.iter() {
        let link = open(asterisk).await;
        let sent: Vec<_> = (0..200)
            .map(|number| {
                let link = link.clone();
                tokio::spawn(async move {
                    // Commands that fail, lists, and both in turn: each answer names what was asked.
                    if number % 2 == 0 {
                        let line = format!("juggle-{number}-balls");
                        refused(link.send(Action::command(value(&line))).await)
                            .message()
                            .contains(&line)
                    } else {
                        let fields = [("Variable", format!("N{number}")), ("Value", format!("v{number}"))];
                        let fields = fields.map(|(name, text)| (Name::try_from(name).unwrap(), value(&text)));
                        let set = Action::new(Name::try_from("Setvar").unwrap(), fields.clone()).unwrap();
                        link.send(set).await.done().unwrap();
                        let [variable, wanted] = fields;
                        let get = Action::new(Name::try_from("Getvar").unwrap(), [variable]).unwrap();
                        let got = link.send(get).await.done().unwrap();
                        got.response().get("Value") == Some(wanted.1.as_str())
                    }
                })
            })
            .collect();
        for answered in sent {
            assert!(answered.await.unwrap());
        }
        link.shut_down().await;
    }
}

#[tokio::test]
async fn whatever_asterisk_lists_is_read_to_its_end() {
    let lists = [
        "CoreShowChannels",
        "PJSIPShowEndpoints",
        "PJSIPShowAors",
        "PJSIPShowAuths",
        "PJSIPShowContacts",
    ];
    let others = [
        "ListCommands",
        "CoreSettings",
        "CoreStatus",
        "ShowDialPlan",
        "Status",
        "DeviceStateList",
        "QueueRule",
    ];
    for asterisk in SHARED.iter() {
        let link = open(asterisk).await;
        for name in lists.into_iter().chain(others) {
            let action = Action::new(Name::try_from(name).unwrap(), []).unwrap();
            match link.send(action).await {
                Outcome::Done(answer) => {
                    let started = answer.response().get("EventList").is_some();
                    assert!(started || answer.items().is_empty(), "{name}");
                    let ends = answer.items().iter().any(|item| item.get("EventList").is_some());
                    assert!(!ends, "{name}");
                }
                // As Asterisk says of a list without items.
                Outcome::Refused(refusal) => assert!(refusal.message().starts_with("No "), "{name}: {refusal}"),
                other => panic!("{name}: {other:?}"),
            }
        }
        let list = Action::new(Name::try_from("PJSIPShowEndpoints").unwrap(), []).unwrap();
        let list = link.send(list).await.done().unwrap();
        assert!(list.items().iter().any(|item| item.get("ObjectName") == Some("1001")));
        let channels = link.send(Action::core_show_channels()).await.done().unwrap();
        assert_eq!(channels.response().get("EventList"), Some("start"));
        link.shut_down().await;
    }
}

async fn wait_for(events: &mut Events, wanted: impl Fn(&Frame) -> bool) -> Arc<Frame> {
    let found = async {
        loop {
            match events.next().await {
                Some(Notice::Event(event)) if wanted(&event) => return event,
                Some(_) => {}
                None => panic!("the link is closed"),
            }
        }
    };
    tokio::time::timeout(PATIENCE, found).await.unwrap()
}
