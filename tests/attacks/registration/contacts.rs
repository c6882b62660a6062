//! Contacts that point at the node itself.

use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::time::Duration;

use peerage_store::{Actor, Store};
use peerage_testkit::asterisk::{Loopback, Transport};

use super::lab::{CHAN_SIP_16, Lab, PJSIP_16, PJSIP_22, SECRET, on_stacks};
use super::talk::Line;

/// Listens for what Asterisk sends to a contact.
struct Target {
    udp: UdpSocket,
    tcp: TcpListener,
}

impl Target {
    fn at(ip: IpAddr) -> Self {
        let udp = UdpSocket::bind((ip, 0)).unwrap();
        let tcp = TcpListener::bind(udp.local_addr().unwrap()).unwrap();
        udp.set_nonblocking(true).unwrap();
        tcp.set_nonblocking(true).unwrap();
        Self { udp, tcp }
    }

    fn address(&self) -> SocketAddr {
        self.udp.local_addr().unwrap()
    }

    /// Whether anything has come since this was last asked.
    fn is_hit(&self) -> bool {
        let mut hit = false;
        while self.udp.recv(&mut [0; 8192]).is_ok() {
            hit = true;
        }
        hit || self.tcp.accept().is_ok()
    }
}

/// The ways to write the address of a node.
fn disguises(target: SocketAddr) -> Vec<String> {
    let IpAddr::V4(ip) = target.ip() else {
        panic!("{target}")
    };
    let [a, b, c, d] = ip.octets();
    let port = target.port();
    let number = u32::from(ip);
    vec![
        format!("sip:1001@{target}"),
        format!("sip:1001@{target};transport=tcp"),
        format!("sip:{target}"),
        format!("sip:a;b@{target}"),
        format!("sip:a%40b@{target};x=1"),
        format!("sip:a,b@{target}"),
        format!("sip:a:b,c@{target}"),
        format!("sip:1001@{number}:{port}"),
        format!("sip:1001@{number:#x}:{port}"),
        format!("sip:1001@{a}.{b}.{}:{port}", u32::from(c) * 256 + u32::from(d)),
        format!("sip:1001@{a:#o}.{b}.{c}.{d}:{port}").replace("0o", "0"),
    ]
}

/// Phones whose contact is taken as they say it: NAT is not assumed.
#[test]
fn contact_at_the_nodes_own_address_gets_no_request() {
    on_stacks(&[CHAN_SIP_16, PJSIP_16, PJSIP_22], |stack| {
        let lab = Lab::with(
            stack,
            |login| login,
            |builder| builder.append("sip.conf", "[general](+)\nqualifyfreq = 1\n"),
        );
        lab.db.psql("update peerage.site set rtcachefriends = true");
        let store = Store::open(&lab.db.url().parse().unwrap(), Actor::new("test:ada").unwrap()).unwrap();
        let node = "pbx1".parse().unwrap();
        let own = lab.asterisk.config().own_addresses();
        store.set_node_addresses(&node, &own).unwrap();
        let settings = [
            ("nat", "'no'"),
            ("qualify_seconds", "1"),
            ("max_contacts", "5"),
            ("transports", "'{udp,tcp}'"),
        ];
        let target = Target::at(lab.asterisk.ip());
        let elsewhere = Loopback::claim().unwrap();
        for (place, contact) in disguises(target.address()).into_iter().enumerate() {
            let number = format!("{}", 1100 + place);
            lab.account(&number, &settings);
            let mut line = Line::open(&lab.asterisk, Transport::Udp);
            line.without_rport = true;
            // What it is told matters to nobody; a word that is no URI to Asterisk is refused as such.
            line.register(&lab.db, &number, SECRET, &contact);
        }
        // Another contact that comes later is asked: by then the hostile ones would have been.
        let control = Target::at(elsewhere.ip());
        for number in ["1001", "1002"] {
            lab.account(number, &settings);
            let mut line = Line::open(&lab.asterisk, Transport::Udp);
            line.without_rport = true;
            let contact = format!("sip:{number}@{}", control.address());
            let answer = line.register(&lab.db, number, SECRET, &contact);
            assert!(answer.starts_with("SIP/2.0 200"), "{}: {answer}", stack.name);
            assert!(answer.contains(&contact), "{}: {answer}", stack.name);
            control.is_hit();
            lab.wait("a telephone that may register is asked whether it is there", || {
                control.is_hit()
            });
        }
        std::thread::sleep(Duration::from_millis(100));
        assert!(
            !target.is_hit(),
            "{}: a request came to the node's own address",
            stack.name
        );
    });
}

/// A phone behind NAT says an address that Asterisk does not use: it must go on registering, whatever that is.
#[test]
fn phone_behind_nat_registers_with_any_contact() {
    on_stacks(&[CHAN_SIP_16, PJSIP_16, PJSIP_22], |stack| {
        let lab = Lab::start(stack);
        let store = Store::open(&lab.db.url().parse().unwrap(), Actor::new("test:ada").unwrap()).unwrap();
        let own = lab.asterisk.config().own_addresses();
        store.set_node_addresses(&"pbx1".parse().unwrap(), &own).unwrap();
        lab.account("1001", &[("nat", "'yes'")]);
        for host in ["192.168.1.20", "10.0.0.7", &lab.asterisk.ip().to_string()] {
            let mut line = Line::open(&lab.asterisk, Transport::Udp);
            let answer = line.register(&lab.db, "1001", SECRET, &format!("sip:1001@{host}:5062"));
            assert!(answer.starts_with("SIP/2.0 200"), "{} {host}: {answer}", stack.name);
            assert!(answer.contains("Contact:"), "{} {host}: {answer}", stack.name);
        }
    });
}
