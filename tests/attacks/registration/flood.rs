//! A flood of refused registrations: who sees it, and whom it delays.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use peerage_model::{
    Actor as Person, ActorRole, LoginRequest, Number, PauseRequest, Penalty, QueueName, UnpauseRequest,
};
use peerage_service::{Running, Settings};
use peerage_store::{Actor, NewAgent, QueuePatch, Store};
use peerage_testkit::asterisk::{Loopback, Transport};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::lab::{CHAN_SIP_16, Lab, PJSIP_16, PJSIP_22, SECRET, on_stacks};
use super::talk::{Line, Request};

/// A token that may do everything.
const TOKEN: &str = "peerage_test_token_of_ann";

/// An Asterisk with the service beside it.
struct Stage {
    // In this order: the service is gone before what it talks to.
    service: Option<Running>,
    runtime: Runtime,
    lab: Lab,
    store: Store,
    _secrets: TempDir,
}

impl Stage {
    fn start(lab: Lab) -> Self {
        let manager = lab.asterisk.manager().unwrap().clone();
        lab.db.psql(&format!(
            "update peerage.node set manager = '{}';
            insert into peerage.api_token (name, token_digest, role)
            values ('ann', encode(sha256(convert_to('{TOKEN}', 'UTF8')), 'hex'), 'admin')",
            manager.address
        ));
        let secrets = tempfile::tempdir().unwrap();
        let file = secrets.path().join("pbx1");
        fs::write(&file, &manager.secret).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        let store = Store::open(&lab.db.url().parse().unwrap(), Actor::new("test:ada").unwrap()).unwrap();
        let runtime = Runtime::new().unwrap();
        let mut settings = Settings::new(lab.db.url().parse().unwrap(), "127.0.0.1:0".parse().unwrap());
        settings.manager_secrets = Some(secrets.path().to_owned());
        let service = Some(runtime.block_on(Running::start(settings)).unwrap());
        let stage = Self {
            service,
            runtime,
            lab,
            store,
            _secrets: secrets,
        };
        stage.lab.wait("the service counts what Asterisk refuses", || {
            stage.get("/metrics").contains("peerage_link_up{node=\"pbx1\"} 1")
                && stage.get("/api/v1/refused-registrations").contains("\"up\":true")
        });
        stage
    }

    fn get(&self, path: &str) -> String {
        let address = self.service.as_ref().unwrap().address();
        let mut stream = TcpStream::connect(address).unwrap();
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// How many refusals of this reason the metrics count.
    fn counted(&self, reason: &str) -> u64 {
        let metrics = self.get("/metrics");
        let name = format!("peerage_refused_registrations_total{{node=\"pbx1\",reason=\"{reason}\"}} ");
        let value = metrics.lines().find_map(|line| line.strip_prefix(&name));
        value.map_or(0, |value| value.parse().unwrap())
    }

    /// The rows of the interface for programs, with account, address, reason and count.
    fn rows(&self) -> Vec<(String, String, String, u64)> {
        let said = self.get("/api/v1/refused-registrations");
        let body = said.split_once("\r\n\r\n").unwrap().1;
        let said: serde_json::Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {said}"));
        let rows = said["items"].as_array().unwrap().iter().map(|row| {
            let text = |name: &str| row[name].as_str().unwrap_or("-").to_owned();
            (
                text("account"),
                text("address"),
                text("reason"),
                row["count"].as_u64().unwrap(),
            )
        });
        rows.collect()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Some(service) = self.service.take() {
            self.runtime.block_on(service.stop());
        }
    }
}

#[test]
fn refused_registrations_show_who_from_where_and_how_often() {
    on_stacks(&[CHAN_SIP_16, PJSIP_16, PJSIP_22], |stack| {
        let stage = Stage::start(Lab::start(stack));
        stage.lab.account("1001", &[]);
        let mut line = Line::open(&stage.lab.asterisk, Transport::Udp);
        let here = line.here().ip().to_string();
        let contact = format!("sip:1001@{}", line.here());
        let registered = line.register(&stage.lab.db, "1001", SECRET, &contact);
        assert!(registered.starts_with("SIP/2.0 200"), "{registered}");
        assert_eq!(stage.rows(), [], "{}: a registration that is good is none", stack.name);
        for _ in 0..3 {
            line.register(&stage.lab.db, "1001", "wrong", &contact);
        }
        // A name that is markup and longer than what is kept.
        let strange = format!("<b>{}", "x".repeat(300));
        line.send(Request::new("REGISTER", &strange.replace(['<', '>'], "%3c")));
        line.ask(Request::new("REGISTER", "9999"));
        stage.lab.wait("they are counted", || {
            let rows = stage.rows();
            let wrong = rows.iter().any(|row| {
                (row.0.as_str(), row.1.as_str(), row.2.as_str()) == ("1001", here.as_str(), "wrong_secret")
                    && row.3 >= 3
            });
            wrong && stage.counted("wrong_secret") >= 3
        });
        let rows = stage.rows();
        assert!(rows.iter().all(|row| row.0.chars().count() <= 64), "{rows:?}");
        if stack != CHAN_SIP_16 {
            stage
                .lab
                .wait("the unknown one is counted", || stage.counted("unknown_account") >= 2);
            assert!(
                stage
                    .rows()
                    .iter()
                    .any(|row| row.0 == "9999" && row.2 == "unknown_account")
            );
        }
        // Its labels are the node and the reason, whatever strangers send.
        let metrics = stage.get("/metrics");
        let labels = metrics
            .lines()
            .filter(|line| line.starts_with("peerage_refused_registrations"));
        assert!(
            labels
                .clone()
                .all(|line| !line.contains("1001") && !line.contains("xxx")),
            "{metrics}"
        );
        let page = stage.get("/refused-registrations");
        assert!(!page.contains("<b>xxx"), "{page}");
    });
}

/// Sends REGISTERs of unknown users for as long as it lives.
struct Flood {
    stop: Arc<AtomicBool>,
    sent: Arc<AtomicU64>,
    sender: Option<JoinHandle<()>>,
}

impl Flood {
    fn start(asterisk: SocketAddr, a_second: u32) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let sent = Arc::new(AtomicU64::new(0));
        let (stopped, count) = (Arc::clone(&stop), Arc::clone(&sent));
        let sender = thread::spawn(move || {
            let address = Loopback::claim().unwrap();
            let socket = UdpSocket::bind((address.ip(), 0)).unwrap();
            let here = socket.local_addr().unwrap();
            let begun = Instant::now();
            while !stopped.load(Ordering::Relaxed) {
                let due = (begun.elapsed().as_secs_f64() * f64::from(a_second)) as u64;
                while count.load(Ordering::Relaxed) < due {
                    let number = count.fetch_add(1, Ordering::Relaxed);
                    let text = format!(
                        "REGISTER sip:{asterisk} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bKf{number};rport\r\n\
                         From: <sip:7{number}@{ip}>;tag=f{number}\r\nTo: <sip:7{number}@{ip}>\r\nCall-ID: flood-{number}\r\n\
                         CSeq: 1 REGISTER\r\nContact: <sip:7{number}@{here}>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
                        ip = asterisk.ip()
                    );
                    let _ = socket.send_to(text.as_bytes(), asterisk);
                }
                thread::sleep(Duration::from_millis(2));
            }
        });
        Self {
            stop,
            sent,
            sender: Some(sender),
        }
    }
}

impl Drop for Flood {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(sender) = self.sender.take() {
            let _ = sender.join();
        }
    }
}

/// An agent at work in a queue, to be paused.
fn agent(stage: &Stage) -> (Number, Person) {
    let number: Number = "1501".parse().unwrap();
    let queue: QueueName = "sales".parse().unwrap();
    stage.store.add_queue(&queue, &QueuePatch::default()).unwrap();
    let new = NewAgent::new(number.clone(), "Ada King".parse().unwrap());
    stage.store.add_agent(&new, &SECRET.parse().unwrap()).unwrap();
    stage
        .store
        .assign(&queue, &number, Penalty::try_from(0).unwrap())
        .unwrap();
    let person = Person::new("Ada King".to_owned(), ActorRole::Agent(number.clone()));
    assert!(stage.store.log_in(&number, &LoginRequest::default(), &person).unwrap());
    stage.lab.asterisk.cli("queue show sales").unwrap();
    (number, person)
}

/// How long it takes from a pause until Asterisk has carried it out; the median of several.
fn pause_takes(stage: &Stage, number: &Number, person: &Person) -> Duration {
    let node = "pbx1".parse().unwrap();
    let mut times = Vec::new();
    for _ in 0..9 {
        let settle = || {
            let begun = Instant::now();
            stage.lab.wait("the order is carried out", || {
                stage.store.pause_orders_due(&node, None).unwrap().is_empty()
            });
            begun.elapsed()
        };
        assert!(stage.store.pause(number, &PauseRequest::default(), person).unwrap());
        times.push(settle());
        assert!(stage.store.unpause(number, &UnpauseRequest::default(), person).unwrap());
        settle();
    }
    times.sort();
    times[times.len() / 2]
}

#[test]
#[expect(clippy::print_stderr, reason = "what is measured is shown with the test's output")]
fn flood_of_refused_registrations_does_not_delay_orders() {
    let stage = Stage::start(Lab::start(PJSIP_22));
    let (number, person) = agent(&stage);
    let quiet = pause_takes(&stage, &number, &person);
    let flood = Flood::start(stage.lab.asterisk.sip_addr(Transport::Udp), 200);
    stage
        .lab
        .wait("the flood is under way", || stage.counted("unknown_account") > 200);
    let flooded = pause_takes(&stage, &number, &person);
    let sent = flood.sent.load(Ordering::Relaxed);
    drop(flood);
    eprintln!("an order takes {quiet:?}, and {flooded:?} beside {sent} refused registrations");
    assert!(
        flooded < 10 * quiet.max(Duration::from_millis(20)),
        "{quiet:?}, {flooded:?}"
    );
    stage.lab.wait("each is counted, or said to be missed", || {
        stage.counted("unknown_account") + stage.counted("missed") >= sent / 2
    });
    // One address: the first accounts, and the rest together.
    assert!(stage.rows().len() <= 21, "{}", stage.rows().len());
}
