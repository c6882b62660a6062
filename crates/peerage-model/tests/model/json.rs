//! The shape of the values in JSON, and that reading them checks them.

use peerage_model::*;
use serde_json::{from_value, json, to_value};

#[test]
fn voice_settings_have_this_shape() {
    let voice = Voice {
        transports: "tls,udp".parse().unwrap(),
        host: "10.0.0.1".parse().unwrap(),
        caller_id: "Ada King <1001>".parse().unwrap(),
        call_groups: "1,3-5".parse().unwrap(),
        named_call_groups: "sales".parse().unwrap(),
        ..Voice::default()
    };
    let shape = json!({
        "transports": ["tls", "udp"],
        "host": "10.0.0.1",
        "nat": "force_rport",
        "type": "friend",
        "codecs": ["ulaw", "alaw"],
        "caller_id": {"name": "Ada King", "number": "1001"},
        "context": "from-sip",
        "call_groups": [1, 3, 4, 5],
        "pickup_groups": [],
        "named_call_groups": ["sales"],
        "named_pickup_groups": [],
        "chanspy": false,
        "video": false,
        "record": "inactive",
        "encryption": false,
        "qualify": 60,
        "max_contacts": 1,
    });
    assert_eq!(to_value(&voice).unwrap(), shape);
    assert_eq!(from_value::<Voice>(shape).unwrap(), voice);
    assert_eq!(from_value::<Voice>(json!({})).unwrap(), Voice::default());
}

#[test]
fn a_bad_value_is_refused_with_its_field_and_rule() {
    for (field, value) in [
        ("transports", json!(["udp", "udp"])),
        ("transports", json!([])),
        ("transports", json!("udp")),
        ("host", json!("0.0.0.0")),
        ("nat", json!("maybe")),
        ("type", json!("phone")),
        ("codecs", json!(["slin"])),
        ("caller_id", json!({"number": "10 01"})),
        ("context", json!("")),
        ("call_groups", json!([64])),
        ("pickup_groups", json!([1, 1])),
        ("named_call_groups", json!(["a b"])),
        ("record", json!("mp3")),
        ("qualify", json!(86_401)),
        ("max_contacts", json!(0)),
        ("no_such_field", json!(1)),
    ] {
        let error = from_value::<Voice>(json!({ field: value })).unwrap_err();
        assert!(!error.to_string().is_empty(), "{field}");
    }
    let error = from_value::<Nat>(json!("maybe")).unwrap_err().to_string();
    assert_eq!(
        error,
        "`nat` cannot be `maybe`: one of yes, no, force_rport, comedia, never, route"
    );
}

#[test]
fn an_agent_may_do_everything_but_edit_numbers_unless_it_is_taken_away() {
    let permissions: Permissions = from_value(json!({"move": false})).unwrap();
    assert_eq!(
        permissions,
        Permissions {
            move_session: false,
            ..Permissions::default()
        }
    );
    let shape = to_value(Permissions::default()).unwrap();
    let shape = shape.as_object().unwrap();
    assert_eq!(shape.len(), 8);
    for (permission, granted) in shape {
        assert_eq!(*granted, json!(permission != "edit_own_numbers"), "{permission}");
    }
}
