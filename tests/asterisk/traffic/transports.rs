//! Listed and unlisted transports, and their order.

use peerage_testkit::asterisk::{Loopback, Transport};
use peerage_testkit::sipp::{Listening, Phone};

use super::account::phone;
use super::stack::{CHAN_SIP_16, Lab, PJSIP_16, PJSIP_22, on_each_stack, on_shared};

const OVER: [(Transport, &str); 2] = [(Transport::Udp, "udp"), (Transport::Tcp, "tcp")];

fn address(lab: &Lab, transport: Transport) -> std::net::SocketAddr {
    lab.asterisk.sip_addr(transport)
}

/// Over which transport the first call came, by its Via header. Waits for the end of the call: Asterisk would complain of a
/// TCP phone that goes away before that.
fn called_over(lab: &Lab, phone: &Listening) -> String {
    let received = |method| {
        let messages = phone.messages().unwrap();
        messages.into_iter().find(|message| message.method() == Some(method))
    };
    lab.wait("the call has ended", || received("BYE").is_some());
    let invite = received("INVITE").unwrap();
    let via = invite.header("Via").unwrap().trim_start_matches("SIP/2.0/");
    via.split(' ').next().unwrap().to_lowercase()
}

#[test]
fn a_listed_transport_is_registered_over_and_called_over_whatever_its_place() {
    on_each_stack(|lab| {
        for (transport, name) in OVER {
            for listed in [format!("'{{{name}}}'"), "'{tcp,udp}'".into(), "'{udp,tcp,tls}'".into()] {
                let number = lab.account(&[("transports", &listed)]);
                let phone = phone(&number).over(transport);
                let online = phone.online(address(lab, transport)).unwrap();
                let registration = lab.registration(&number);
                assert!(registration.transport_listed, "{listed}: {registration:?}");
                assert_eq!(registration.uri.to_lowercase(), phone.contact().unwrap());
                lab.call(&number).assert_code(200);
                assert_eq!(called_over(lab, &online), name, "{listed}");
            }
        }
    });
}

#[test]
fn chan_sip_refuses_an_unlisted_transport_and_pjsip_marks_it() {
    on_each_stack(|lab| {
        for (transport, name) in OVER {
            let other = if name == "udp" { "'{tcp}'" } else { "'{udp}'" };
            for listed in [other, "'{tls}'"] {
                let number = lab.account(&[("transports", listed)]);
                let phone = phone(&number).over(transport);
                if lab.stack == CHAN_SIP_16 {
                    phone.register(address(lab, transport)).unwrap().assert_code(403);
                    assert_eq!(lab.registrations(&number), []);
                } else {
                    let _online = phone.online(address(lab, transport)).unwrap();
                    assert!(!lab.registration(&number).transport_listed, "{name} in {listed}");
                }
            }
        }
    });
}

#[test]
fn a_transport_that_is_listed_no_longer_is_treated_so_from_the_next_register_on() {
    on_each_stack(|lab| {
        let number = lab.account(&[("transports", "'{udp}'")]);
        let phone = phone(&number);
        phone.register(lab.udp()).unwrap().assert_code(200);
        assert!(lab.registration(&number).transport_listed);
        lab.set(&number, "transports = '{tcp}'");
        // Whoever changes an account has not taken its registration.
        assert_eq!(lab.registration(&number).node, lab.asterisk.config().node);
        let again = phone.register(lab.udp()).unwrap();
        if lab.stack == CHAN_SIP_16 {
            again.assert_code(403);
        } else {
            again.assert_code(200);
            assert!(!lab.registration(&number).transport_listed);
        }
        lab.set(&number, "transports = '{tcp,udp}'");
        phone.register(lab.udp()).unwrap().assert_code(200);
        assert!(lab.registration(&number).transport_listed);
    });
}

#[test]
fn pjsip_does_not_dial_a_phone_over_a_transport_that_is_not_listed() {
    on_shared(&[PJSIP_16, PJSIP_22], |lab| {
        let number = lab.account(&[("transports", "'{tcp}'")]);
        let online = phone(&number).online(lab.udp()).unwrap();
        let call = lab.call(&number);
        assert!(call.code() >= 400, "{call}");
        assert_eq!(online.calls().unwrap(), 0);
    });
}

#[test]
fn a_fixed_host_is_called_over_its_first_transport() {
    on_each_stack(|lab| {
        for (listed, transport, name) in [
            ("'{udp,tcp}'", Transport::Udp, "udp"),
            ("'{tcp,udp}'", Transport::Tcp, "tcp"),
        ] {
            let place = Loopback::claim().unwrap();
            let host = format!("'{}'", place.ip());
            let number = lab.account(&[("transports", listed), ("host", &host)]);
            let there = Phone::new(number.clone(), "")
                .at(place.ip().to_string())
                .over(transport)
                .listen()
                .unwrap();
            lab.call(&number).assert_code(200);
            assert_eq!(called_over(lab, &there), name);
        }
    });
}
