//! Digest algorithms.

use peerage_testkit::asterisk::Version;

use super::account::phone;
use super::stack::on_each_stack;
use super::wire::{Algorithm, WirePhone, challenges, parameter};

/// The algorithms that Asterisk offers an account, in order.
fn offered(phone: &WirePhone, asterisk: std::net::SocketAddr) -> Vec<String> {
    let answer = phone.ask(asterisk);
    assert_eq!(answer.status(), Some(401), "{}", answer.text);
    challenges(&answer)
        .iter()
        .map(|challenge| parameter(challenge, "algorithm"))
        .collect()
}

#[test]
fn a_site_that_offers_sha256_offers_it_before_md5_where_asterisk_knows_it() {
    on_each_stack(|lab| {
        lab.db
            .psql("insert into peerage.site (name, offer_sha256, rtcachefriends) values ('modern', true, false)");
        let number = lab.account(&[("site_id", "(select id from peerage.site where name = 'modern')")]);
        let wire = WirePhone::new(&number);
        let knows_it = lab.stack.version == Version::V22;
        let expected: &[&str] = if knows_it { &["SHA-256", "MD5"] } else { &["MD5"] };
        assert_eq!(offered(&wire, lab.udp()), expected);

        let algorithms = [Algorithm::Sha256, Algorithm::Md5];
        for algorithm in algorithms
            .into_iter()
            .filter(|algorithm| expected.contains(&algorithm.name()))
        {
            let answer = wire.register(lab.udp(), &lab.db, algorithm, 300);
            assert_eq!(answer.status(), Some(200), "{algorithm:?}\n{}", answer.text);
            assert_eq!(lab.registration(&number).uri, wire.contact());
            wire.register(lab.udp(), &lab.db, algorithm, 0);
            assert_eq!(lab.registrations(&number), []);
        }

        // Taken back, it is gone at once.
        lab.db
            .psql("update peerage.site set offer_sha256 = false where name = 'modern'");
        assert_eq!(offered(&wire, lab.udp()), ["MD5"]);
    });
}

#[test]
fn other_sites_are_offered_md5_alone() {
    on_each_stack(|lab| {
        let number = lab.account(&[]);
        assert_eq!(offered(&WirePhone::new(&number), lab.udp()), ["MD5"]);
        phone(&number).register(lab.udp()).unwrap().assert_code(200);
    });
}
