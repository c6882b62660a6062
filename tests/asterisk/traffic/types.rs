//! Type and host: who registers, who calls, who is called.

use peerage_testkit::asterisk::Loopback;
use peerage_testkit::sipp::Phone;

use super::account::{SECRET, phone};
use super::stack::{Lab, on_each_stack};

/// What an account of some type and host may do.
struct Rights {
    kind: &'static str,
    fixed: bool,
    registers: bool,
    is_called: bool,
    /// Whether it may call, with its secret, from where it has not registered or does not belong.
    calls_from_elsewhere: [bool; 2],
}

/// `calls_from_elsewhere` for chan_sip and PJSIP: a dynamic peer of chan_sip is known by its registered address.
const RIGHTS: [Rights; 6] = [
    rights("user", false, false, false, [true, true]),
    rights("user", true, false, false, [false, false]),
    rights("peer", false, true, true, [false, true]),
    rights("peer", true, false, true, [false, false]),
    rights("friend", false, true, true, [true, true]),
    rights("friend", true, false, true, [false, false]),
];

const fn rights(
    kind: &'static str,
    fixed: bool,
    registers: bool,
    is_called: bool,
    calls_from_elsewhere: [bool; 2],
) -> Rights {
    Rights {
        kind,
        fixed,
        registers,
        is_called,
        calls_from_elsewhere,
    }
}

/// An account of this type, fixed to an address or not.
fn account(lab: &Lab, kind: &str, fixed: Option<&Loopback>) -> String {
    let kind = format!("'{kind}'");
    let host = fixed.map_or("'dynamic'".to_owned(), |address| format!("'{}'", address.ip()));
    lab.account(&[("type", &kind), ("host", &host)])
}

#[test]
fn type_and_host_decide_who_registers_who_calls_and_who_is_called() {
    on_each_stack(|lab| {
        for rights in RIGHTS {
            check(lab, &rights);
        }
    });
}

fn check(lab: &Lab, rights: &Rights) {
    let what = format!(
        "{}, {} at {}",
        rights.kind,
        if rights.fixed { "fixed" } else { "dynamic" },
        lab.stack.name
    );
    let address = Loopback::claim().unwrap();
    let number = account(lab, rights.kind, rights.fixed.then_some(&address));
    let here = || phone(&number).at(address.ip().to_string());

    let registered = here().register(lab.udp()).unwrap();
    assert_eq!(registered.code() == 200, rights.registers, "{what}: {registered}");
    assert_eq!(
        lab.registrations(&number).len(),
        usize::from(rights.registers),
        "{what}"
    );

    here().call(lab.udp(), "*43").unwrap().assert_code(200);
    let elsewhere = phone(&number).call(lab.udp(), "*43").unwrap();
    let expected = rights.calls_from_elsewhere[usize::from(lab.stack.is_pjsip())];
    assert_eq!(elsewhere.code() == 200, expected, "{what}: {elsewhere}");

    let there = if rights.registers {
        here().online(lab.udp()).unwrap()
    } else {
        here().listen().unwrap()
    };
    let call = lab.call(&number);
    assert_eq!(call.code(), if rights.is_called { 200 } else { 480 }, "{what}: {call}");
    assert_eq!(there.calls().unwrap(), usize::from(rights.is_called), "{what}");
}

#[test]
fn a_fixed_host_is_asked_for_its_secret() {
    on_each_stack(|lab| {
        for kind in ["user", "peer", "friend"] {
            let address = Loopback::claim().unwrap();
            let number = account(lab, kind, Some(&address));
            let call = phone(&number)
                .at(address.ip().to_string())
                .call(lab.udp(), "*43")
                .unwrap();
            call.assert_code(200);
            assert!(call.codes().contains(&401), "{kind}\n{call}");
            let wrong = Phone::new(number, "sesame-shut").at(address.ip().to_string());
            wrong.call(lab.udp(), "*43").unwrap().assert_code(lab.stack.refusal());
        }
    });
}

#[test]
fn a_fixed_host_is_known_by_its_address_whatever_its_port_and_whoever_it_says_is_calling() {
    on_each_stack(|lab| {
        for (kind, code) in [("peer", 200), ("friend", 200), ("user", lab.stack.refusal())] {
            let address = Loopback::claim().unwrap();
            let number = account(lab, kind, Some(&address));
            let forwarded = Phone::new("0039061234", SECRET)
                .auth_user(number)
                .at(address.ip().to_string());
            forwarded.port(7060).call(lab.udp(), "*43").unwrap().assert_code(code);
        }
    });
}

#[test]
fn a_dynamic_account_may_be_where_a_fixed_one_is() {
    on_each_stack(|lab| {
        for kind in ["user", "peer", "friend"] {
            let address = Loopback::claim().unwrap();
            account(lab, kind, Some(&address));
            let guest = lab.account(&[]);
            let here = |secret| {
                Phone::new(guest.clone(), secret)
                    .at(address.ip().to_string())
                    .port(7060)
            };
            here(SECRET).register(lab.udp()).unwrap().assert_code(200);
            here(SECRET).call(lab.udp(), "*43").unwrap().assert_code(200);
            let wrong = here("sesame-shut").call(lab.udp(), "*43").unwrap();
            wrong.assert_code(lab.stack.refusal());
        }
    });
}
