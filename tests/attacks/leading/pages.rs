//! A page that is open at one service while another watches, too.

use std::io::{Read, Write};
use std::net::TcpStream;

use peerage_model::{Actor, ActorRole, LoginRequest, Number};
use peerage_store::{NewAgent, Store};

use super::served::{House, PATIENCE, Served, wait};

const COOKIE: &str = "a-cookie-of-1001";

/// An agent at work, with a page open at a service.
struct Page {
    store: Store,
    agent: Number,
    _stream: TcpStream,
}

impl Page {
    fn open(house: &House, served: &Served) -> Self {
        let store = Store::open(
            &house.db.url().parse().unwrap(),
            peerage_store::Actor::new("test").unwrap(),
        )
        .unwrap();
        let agent: Number = "1001".parse().unwrap();
        let ada = NewAgent::new(agent.clone(), "Ada King".parse().unwrap());
        store.add_agent(&ada, &"sesame-open-1001".parse().unwrap()).unwrap();
        let ada = Actor::new("ada", ActorRole::Agent(agent.clone()));
        assert!(store.log_in(&agent, &LoginRequest::default(), &ada).unwrap());
        house.db.psql(&format!(
            "update peerage.site set disconnection_timeout_seconds = 6;
             insert into peerage.login_account (username, role, agent_id)
             select 'ada', 'agent', id from peerage.agent where number = '1001';
             insert into peerage.console_session (token_digest, login_id)
             select encode(sha256(convert_to('{COOKIE}', 'UTF8')), 'hex'), id from peerage.login_account where username = 'ada'"
        ));
        let mut stream = TcpStream::connect(served.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(
            stream,
            "GET /events HTTP/1.1\r\nHost: test\r\nCookie: peerage={COOKIE}\r\n\r\n"
        )
        .unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
        let page = Self {
            store,
            agent,
            _stream: stream,
        };
        wait("the page is seen", || {
            house.db.psql("select count(*) from peerage.agent_presence") == "1"
        });
        page
    }

    fn is_logged_in(&self) -> bool {
        self.store.situation(&self.agent).unwrap().session.is_some()
    }
}

/// Shorter than the fifteen seconds between two beats of a service: the other one took the page for gone.
#[test]
fn an_agent_whose_page_is_open_at_one_service_is_not_logged_out_by_the_other() {
    let house = House::new();
    let one = house.serve("one");
    wait("it has looked once", || {
        house.db.psql("select count(*) from peerage.service_beat") == "1"
    });
    let page = Page::open(&house, &one);
    // It last said so ten seconds ago.
    house.db.psql(
        "update peerage.agent_presence set seen_at = seen_at - interval '10 s';
         update peerage.service_beat set beat_at = beat_at - interval '10 s'",
    );
    let other = house.serve("other");
    wait("the other one has looked", || {
        house
            .db
            .psql("select count(*) from peerage.service_beat where beat_at > clock_timestamp() - interval '8 s'")
            == "1"
    });
    wait("it has said what it thinks", || {
        house
            .db
            .psql("select count(*) from peerage.service_beat where beat_at > clock_timestamp() - interval '3 s'")
            == "0"
    });
    assert!(page.is_logged_in(), "{}\n{}", one.log(), other.log());
    // The first one ends in good order: from then on the page has the time of the site to come to the other one.
    let stopping = std::time::Instant::now();
    one.serve.signal("TERM").unwrap();
    wait("the page that came nowhere is gone at last", || !page.is_logged_in());
    assert!(stopping.elapsed().as_secs() >= 5, "{:?}", stopping.elapsed());
}
