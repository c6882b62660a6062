//! Two services on one database, with a real Asterisk: one leads, the other takes over, and nothing is ordered twice.

use std::time::{Duration, Instant};

use peerage_model::{Actor, ActorRole, LoginRequest, Number, PauseRequest, QueueName, UnpauseRequest};
use peerage_store::{NewAgent, NodePatch, RoleName, Store};
use peerage_testkit::asterisk::{Asterisk, DatabaseLogin, Version};
use peerage_testkit::db::Login;
use peerage_testkit::proxy::Proxy;

use super::served::{House, Served, wait};

const NODE: &str = "pbx22";

/// How soon another service leads, as promised; a test allows ten times as much.
const TAKEOVER: Duration = Duration::from_secs(8);

/// An agent at work in two queues of an Asterisk.
struct Stage {
    // Asterisk must be gone when its database goes.
    asterisk: Asterisk,
    store: Store,
    agent: Number,
    queues: [QueueName; 2],
    orders: usize,
    house: House,
}

impl Stage {
    fn new() -> Self {
        let house = House::new();
        let (db, store) = (&house.db, store(&house));
        let role = RoleName::try_from(format!("{}_login_node", db.name())).unwrap();
        let (added, password) = store.add_node(&NODE.parse().unwrap(), Some(&role)).unwrap();
        let login = DatabaseLogin {
            host: db.tcp().host,
            port: db.tcp().port,
            dbname: db.name().to_owned(),
            user: added.login.to_string(),
            password: password.expose().to_owned(),
        };
        let asterisk = Asterisk::builder(Version::V22)
            .database(login)
            .node(NODE)
            .start()
            .unwrap();
        let manager = asterisk.manager().unwrap();
        house.secret(NODE, &manager.secret);
        let patch = NodePatch {
            manager: Some(Some(manager.address.to_string().parse().unwrap())),
            ..NodePatch::default()
        };
        store.set_node(&NODE.parse().unwrap(), &patch).unwrap();
        let agent: Number = "1001".parse().unwrap();
        let ada = NewAgent::new(agent.clone(), "Ada King".parse().unwrap());
        store.add_agent(&ada, &"sesame-open-1001".parse().unwrap()).unwrap();
        let queues = ["sales", "support"].map(|name| name.parse::<QueueName>().unwrap());
        for queue in &queues {
            store.add_queue(queue, &Default::default()).unwrap();
            store.assign(queue, &agent, "0".parse().unwrap()).unwrap();
        }
        assert!(store.log_in(&agent, &LoginRequest::default(), &ada_herself()).unwrap());
        for queue in &queues {
            assert!(
                asterisk
                    .cli(&format!("queue show {queue}"))
                    .unwrap()
                    .contains("PJSIP/1001")
            );
        }
        Self {
            asterisk,
            store,
            agent,
            queues,
            orders: 0,
            house,
        }
    }

    /// A service that reaches the database through a network of its own.
    fn serve_over(&self, name: &str, login: &Login, network: &Proxy) -> Served {
        let (host, port) = (network.address().ip(), network.address().port());
        let Login { user, password } = login;
        let url = format!("postgresql://{user}:{password}@{host}:{port}/{}", self.house.db.name());
        self.house.serve_at(name, &url)
    }

    fn change(&mut self) {
        let request = UnpauseRequest::default();
        if self.orders.is_multiple_of(2) {
            let request = PauseRequest::default();
            assert!(self.store.pause(&self.agent, &request, &ada_herself()).unwrap());
        } else {
            assert!(self.store.unpause(&self.agent, &request, &ada_herself()).unwrap());
        }
        self.orders += 1;
    }

    /// What Asterisk was told, by its own log.
    fn lines(&self, queue: &QueueName) -> Vec<String> {
        let lines = self.asterisk.queue_log(queue.as_str(), &["PAUSE", "UNPAUSE"]).unwrap();
        lines.into_iter().map(|[_, event, _]| event).collect()
    }

    fn is_settled(&self) -> bool {
        self.store
            .pause_orders_due(&NODE.parse().unwrap(), None)
            .unwrap()
            .is_empty()
            && self.queues.iter().all(|queue| self.lines(queue).len() >= self.orders)
    }

    /// Changes the agent's mind, and waits until Asterisk has been told.
    #[track_caller]
    fn change_and_wait(&mut self) {
        self.change();
        wait("Asterisk has been told", || self.is_settled());
    }

    /// Each queue's log has a line for each change, and no more.
    #[track_caller]
    fn assert_once_each(&self, logs: &[&Served]) {
        let wanted: Vec<&str> = (0..self.orders)
            .map(|order| if order % 2 == 0 { "PAUSE" } else { "UNPAUSE" })
            .collect();
        for queue in &self.queues {
            let logs: Vec<String> = logs.iter().map(|served| served.log()).collect();
            assert_eq!(self.lines(queue), wanted, "{queue}\n{}", logs.join("\n----\n"));
        }
    }
}

fn ada_herself() -> Actor {
    Actor::new("ada", ActorRole::Agent("1001".parse().unwrap()))
}

fn store(house: &House) -> Store {
    Store::open(
        &house.db.url().parse().unwrap(),
        peerage_store::Actor::new("test").unwrap(),
    )
    .unwrap()
}

fn leads(served: &Served) -> bool {
    served.of_node("leads", NODE) == Some(1.0)
}

/// Who leads is told by the service and by the database, and is ready like who stands by.
#[track_caller]
fn assert_told(stage: &Stage, leader: &Served, other: &Served) {
    let ready = |served: &Served| served.ask("GET", "/health/ready", "", "").unwrap().1;
    assert!(
        ready(leader).contains(&format!("\"leads\":[\"{NODE}\"]")),
        "{}",
        ready(leader)
    );
    assert!(
        ready(other).contains(&format!("\"stands_by\":[\"{NODE}\"]")),
        "{}",
        ready(other)
    );
    let node = stage.store.node(&NODE.parse().unwrap()).unwrap();
    let process = format!("(process {})", leader.serve.pid());
    assert!(
        node.leader.as_ref().is_some_and(|name| name.ends_with(&process)),
        "{node:?}"
    );
    for served in [leader, other] {
        let nodes = served.api("GET", "/api/v1/nodes", "").unwrap().1;
        assert!(nodes.contains(&process), "{nodes}");
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "what is measured is shown with the test's output")]
fn each_order_is_given_once_and_the_other_service_takes_over_after_a_crash_or_a_stop() {
    let mut stage = Stage::new();
    let one = stage.house.serve("one");
    one.wait_until_linked(NODE);
    let two = stage.house.serve("two");
    two.wait_until_linked(NODE);
    for _ in 0..6 {
        stage.change_and_wait();
    }
    stage.assert_once_each(&[&one, &two]);
    wait("one of them leads", || leads(&one) != leads(&two));
    let (leader, other) = if leads(&one) { (one, two) } else { (two, one) };
    assert_told(&stage, &leader, &other);

    // A crash, with a change just before and just after it.
    stage.change_and_wait();
    let crashed = Instant::now();
    leader.serve.kill().unwrap();
    stage.change();
    wait("the other one leads", || leads(&other));
    let took = crashed.elapsed();
    eprintln!("it takes over {took:?} after a crash");
    assert!(took < 10 * TAKEOVER, "{took:?}");
    wait("Asterisk has been told", || stage.is_settled());
    stage.change_and_wait();
    stage.assert_once_each(&[&other]);

    // A stop gives the lease back.
    let third = stage.house.serve("three");
    third.wait_until_linked(NODE);
    assert!(!leads(&third));
    let mut other = other;
    let stopped = Instant::now();
    other.serve.signal("TERM").unwrap();
    stage.change();
    wait("the third one leads", || leads(&third));
    eprintln!("it takes over {:?} after a stop", stopped.elapsed());
    wait("Asterisk has been told", || stage.is_settled());
    other.serve.wait_for_end().unwrap();
    stage.change_and_wait();
    stage.assert_once_each(&[&third]);
    assert!(stage.asterisk.is_running().unwrap());
}

#[test]
#[expect(clippy::print_stderr, reason = "what is measured is shown with the test's output")]
fn a_leader_that_was_stalled_gives_no_order_that_the_next_one_has_given() {
    let mut stage = Stage::new();
    let db = stage.house.db.tcp();
    let login = stage.house.db.login(&["peerage_app"]);
    let database = format!("{}:{}", db.host, db.port).parse().unwrap();
    let networks = [(); 2].map(|()| Proxy::to(database).unwrap());
    let one = stage.serve_over("one", &login, &networks[0]);
    one.wait_until_linked(NODE);
    wait("it leads", || leads(&one));
    let two = stage.serve_over("two", &login, &networks[1]);
    two.wait_until_linked(NODE);
    stage.change_and_wait();

    // Packets between the leader and the database are dropped: nothing is closed.
    let stalled = Instant::now();
    networks[0].stall();
    stage.change();
    wait("the other one leads", || leads(&two));
    eprintln!("it takes over {:?} after packets are dropped", stalled.elapsed());
    assert!(stalled.elapsed() < 10 * TAKEOVER);
    assert!(!leads(&one));
    wait("Asterisk has been told", || stage.is_settled());
    stage.change_and_wait();
    networks[0].pass();
    one.wait_until_linked(NODE);
    for _ in 0..3 {
        stage.change_and_wait();
    }
    stage.assert_once_each(&[&one, &two]);
    assert!(leads(&two) && !leads(&one));

    // The leader itself stands still, and goes on where it was.
    two.serve.signal("STOP").unwrap();
    stage.change();
    wait("the first one leads again", || leads(&one));
    wait("Asterisk has been told", || stage.is_settled());
    two.serve.signal("CONT").unwrap();
    two.wait_until_linked(NODE);
    wait("it knows", || !leads(&two));
    for _ in 0..3 {
        stage.change_and_wait();
    }
    stage.assert_once_each(&[&one, &two]);
}
