//! What a real Asterisk does not do on request: the other side is played.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::*;
use crate::{Credentials, Fault, Parser, Value};

const PATIENCE: Duration = Duration::from_secs(30);
const SOON: Duration = Duration::from_millis(500);

/// A port where connections are taken by hand, and the settings of a link to it.
async fn fake() -> (TcpListener, Settings) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let credentials = Credentials::new(value("peerage"), "sesame");
    let settings = Settings {
        first_wait: Duration::from_millis(1),
        answer_within: PATIENCE,
        keepalive: PATIENCE,
        ..Settings::new(listener.local_addr().unwrap().to_string(), credentials)
    };
    (listener, settings)
}

/// One connection, on Asterisk's side.
struct Peer {
    stream: TcpStream,
    parser: Parser,
    actions: Vec<Frame>,
    /// All that was sent to it.
    heard: Vec<u8>,
}

impl Peer {
    async fn accept(listener: &TcpListener) -> Self {
        let (stream, _) = timeout(PATIENCE, listener.accept()).await.unwrap().unwrap();
        let mut parser = Parser::new(crate::Limits::default());
        parser.feed(b"Asterisk Call Manager/1\r\n", &mut Vec::new()).unwrap();
        Self {
            stream,
            parser,
            actions: Vec::new(),
            heard: Vec::new(),
        }
    }

    /// Greets and lets whoever it is in.
    async fn welcome(listener: &TcpListener) -> Self {
        let mut peer = Self::accept(listener).await;
        peer.say("Asterisk Call Manager/5.0.2\n").await;
        for (action, more) in [("Challenge", "Challenge: 123\n"), ("Login", "")] {
            let asked = peer.action().await;
            assert_eq!(asked.get("Action"), Some(action));
            peer.answer(&asked, more).await;
        }
        peer
    }

    async fn booted(listener: &TcpListener) -> Self {
        let mut peer = Self::welcome(listener).await;
        peer.say("Event: FullyBooted\n\n").await;
        peer
    }

    /// The next action.
    async fn action(&mut self) -> Frame {
        let mut bytes = [0; 1024];
        while self.actions.is_empty() {
            let read = timeout(PATIENCE, self.stream.read(&mut bytes)).await.unwrap().unwrap();
            assert_ne!(read, 0, "the link hung up");
            self.heard.extend_from_slice(&bytes[..read]);
            self.parser.feed(&bytes[..read], &mut self.actions).unwrap();
        }
        self.actions.remove(0)
    }

    async fn answer(&mut self, action: &Frame, more: &str) {
        let id = action.action_id().unwrap();
        self.say(&format!("Response: Success\nActionID: {id}\n{more}\n")).await;
    }

    async fn say(&mut self, text: &str) {
        self.stream
            .write_all(text.replace('\n', "\r\n").as_bytes())
            .await
            .unwrap();
    }
}

fn value(text: &str) -> Value {
    text.try_into().unwrap()
}

async fn failure(link: &Link) -> Failure {
    let mut state = link.state();
    let down = state.wait_for(|state| matches!(state, State::Down { .. }));
    match timeout(PATIENCE, down).await.unwrap().unwrap().clone() {
        State::Down { failure, .. } => failure,
        other => panic!("{other:?}"),
    }
}

/// Sends without waiting.
fn sending(link: &Link, within: Duration) -> tokio::task::JoinHandle<Outcome> {
    let link = link.clone();
    tokio::spawn(async move { link.send_within(Action::ping(), within).await })
}

#[tokio::test]
async fn the_secret_is_not_on_the_wire() {
    let (listener, settings) = fake().await;
    let link = Link::open(settings);
    let peer = Peer::booted(&listener).await;
    assert!(link.wait_until_up().await);
    let heard = String::from_utf8(peer.heard).unwrap();
    assert!(heard.contains("Username: peerage\r\n"), "{heard}");
    // MD5 of `123sesame`.
    assert!(heard.contains("Key: 027cb244d9b4ad629c40bd349e8d2e9b\r\n"), "{heard}");
    assert!(!heard.contains("sesame"), "{heard}");
    assert!(!format!("{link:?}").contains("sesame"));
}

#[tokio::test]
async fn it_is_up_only_when_asterisk_has_booted() {
    let (listener, settings) = fake().await;
    let link = Link::open(Settings {
        boot_within: Some(SOON),
        ..settings
    });
    let _booting = Peer::welcome(&listener).await;
    assert_eq!(failure(&link).await, Failure::NotBooted);
    assert!(matches!(
        link.send(Action::ping()).await,
        Outcome::NotSent(NotSent::Down)
    ));
    // On a busy machine the moment may be too short once more.
    let boots = async {
        let mut booted = Vec::new();
        loop {
            booted.push(Peer::booted(&listener).await);
        }
    };
    tokio::select! {
        () = boots => {}
        up = link.wait_until_up() => assert!(up),
    }
}

#[tokio::test]
async fn whoever_is_no_manager_is_not_spoken_to() {
    let (listener, settings) = fake().await;
    let link = Link::open(settings);
    let mut peer = Peer::accept(&listener).await;
    peer.say("SSH-2.0-OpenSSH_9.2\n").await;
    assert_eq!(failure(&link).await, Failure::Fault(Fault::NoBanner));
}

#[tokio::test]
async fn a_message_without_end_ends_the_connection() {
    let (listener, settings) = fake().await;
    let link = Link::open(settings);
    let mut peer = Peer::booted(&listener).await;
    assert!(link.wait_until_up().await);
    let outcome = sending(&link, PATIENCE);
    peer.action().await;
    // The link may hang up before all of it is written.
    let _ = peer.stream.write_all(&[b'x'; 100_000]).await;
    assert!(matches!(outcome.await.unwrap(), Outcome::Unknown(Unknown::Lost)));
    assert_eq!(failure(&link).await, Failure::Fault(Fault::LineTooLong(16 * 1024)));
}

#[tokio::test]
async fn what_came_before_a_fault_counts() {
    let (listener, settings) = fake().await;
    let link = Link::open(settings);
    let mut peer = Peer::booted(&listener).await;
    assert!(link.wait_until_up().await);
    let outcome = sending(&link, PATIENCE);
    let action = peer.action().await;
    let id = action.action_id().unwrap();
    let answer = format!("Response: Success\nActionID: {id}\n\n{}", "x".repeat(20_000));
    peer.say(&answer).await;
    assert!(matches!(outcome.await.unwrap(), Outcome::Done(_)));
    failure(&link).await;
}

#[tokio::test]
async fn a_deadline_that_passes_leaves_the_outcome_unknown_and_the_link_up() {
    let (listener, settings) = fake().await;
    let link = Link::open(settings);
    let mut peer = Peer::booted(&listener).await;
    assert!(link.wait_until_up().await);
    let late = sending(&link, SOON);
    let slow = peer.action().await;
    assert!(matches!(late.await.unwrap(), Outcome::Unknown(Unknown::Late)));
    // It asks whether it is still listened to.
    let asked = peer.action().await;
    assert_eq!(asked.get("Action"), Some("Ping"));
    let next = sending(&link, PATIENCE);
    let action = peer.action().await;
    peer.answer(&slow, "").await;
    peer.answer(&asked, "").await;
    peer.answer(&action, "Mine: yes\n").await;
    let answer = next.await.unwrap().done().unwrap();
    assert_eq!(answer.response().get("Mine"), Some("yes"));
    assert!(link.state().borrow().is_up());
}

#[tokio::test]
async fn a_quiet_link_is_kept_up_by_asking() {
    let (listener, settings) = fake().await;
    let link = Link::open(Settings {
        keepalive: Duration::from_secs(1),
        ..settings
    });
    let mut peer = Peer::booted(&listener).await;
    for _ in 0..2 {
        let asked = peer.action().await;
        assert_eq!(asked.get("Action"), Some("Ping"));
        peer.answer(&asked, "").await;
    }
    assert!(link.wait_until_up().await);
    // Asked, and not answered.
    peer.action().await;
    assert_eq!(failure(&link).await, Failure::Silent);
}

#[tokio::test]
async fn actions_beyond_the_bound_wait_and_are_then_not_sent() {
    let (listener, settings) = fake().await;
    let link = Link::open(Settings {
        in_flight: 1,
        ..settings
    });
    let mut peer = Peer::booted(&listener).await;
    assert!(link.wait_until_up().await);
    let first = sending(&link, PATIENCE);
    let action = peer.action().await;
    let second = link.send_within(Action::ping(), SOON).await;
    assert!(matches!(second, Outcome::NotSent(NotSent::Busy)));
    let third = sending(&link, PATIENCE);
    peer.answer(&action, "").await;
    assert!(matches!(first.await.unwrap(), Outcome::Done(_)));
    let action = peer.action().await;
    peer.answer(&action, "").await;
    assert!(matches!(third.await.unwrap(), Outcome::Done(_)));
}

#[tokio::test]
async fn a_slow_reader_is_told_how_many_it_missed() {
    let (listener, settings) = fake().await;
    let link = Link::open(Settings { backlog: 4, ..settings });
    let mut slow = link.subscribe();
    let mut peer = Peer::booted(&listener).await;
    assert!(link.wait_until_up().await);
    let outcome = sending(&link, PATIENCE);
    let action = peer.action().await;
    for number in 0..10 {
        peer.say(&format!("Event: Test\nNumber: {number}\n\n")).await;
    }
    peer.answer(&action, "").await;
    assert!(matches!(outcome.await.unwrap(), Outcome::Done(_)));
    // FullyBooted, Up and six of ten.
    assert_eq!(slow.next().await, Some(Notice::Missed(8)));
    for number in ["6", "7", "8", "9"] {
        let Some(Notice::Event(event)) = slow.next().await else {
            panic!("an event is missing");
        };
        assert_eq!(event.get("Number"), Some(number));
    }
}

#[tokio::test]
async fn the_notices_tell_up_and_down_in_their_order() {
    let (listener, settings) = fake().await;
    let link = Link::open(settings);
    let mut events = link.subscribe();
    for _ in 0..2 {
        let mut peer = Peer::booted(&listener).await;
        peer.say("Event: Test\n\n").await;
        let booted = events.next().await;
        assert!(matches!(booted, Some(Notice::Event(event)) if event.event() == Some("FullyBooted")));
        assert_eq!(events.next().await, Some(Notice::Up));
        assert!(matches!(events.next().await, Some(Notice::Event(event)) if event.event() == Some("Test")));
        drop(peer);
        assert_eq!(events.next().await, Some(Notice::Down));
    }
}

#[tokio::test]
async fn shutting_down_waits_for_answers_signs_off_and_takes_no_more() {
    let (listener, settings) = fake().await;
    let link = Link::open(settings);
    let mut events = link.subscribe();
    let mut peer = Peer::booted(&listener).await;
    assert!(link.wait_until_up().await);
    let pending = sending(&link, PATIENCE);
    let action = peer.action().await;
    let closing = link.clone();
    let closed = tokio::spawn(async move { closing.shut_down().await });
    // The link takes no more from here on, though it is still up.
    while !matches!(
        link.send_within(Action::ping(), SOON).await,
        Outcome::NotSent(NotSent::Closed)
    ) {}
    peer.answer(&action, "").await;
    assert!(matches!(pending.await.unwrap(), Outcome::Done(_)));
    loop {
        let action = peer.action().await;
        if action.get("Action") == Some("Logoff") {
            break;
        }
        peer.answer(&action, "").await;
    }
    drop(peer);
    timeout(PATIENCE, closed).await.unwrap().unwrap();
    assert_eq!(*link.state().borrow(), State::Closed);
    assert!(!link.wait_until_up().await);
    while events.next().await.is_some() {}
    assert_eq!(link.subscribe().next().await, None);
}

#[tokio::test]
async fn dropping_the_last_link_ends_the_connection() {
    let (listener, settings) = fake().await;
    let link = Link::open(settings);
    let mut peer = Peer::booted(&listener).await;
    assert!(link.wait_until_up().await);
    let mut state = link.state();
    drop(link);
    assert_eq!(peer.action().await.get("Action"), Some("Logoff"));
    drop(peer);
    let closed = state.wait_for(|state| *state == State::Closed);
    assert!(timeout(PATIENCE, closed).await.unwrap().is_ok());
}

#[tokio::test]
async fn a_link_that_cannot_connect_can_be_shut_down() {
    let (listener, settings) = fake().await;
    drop(listener);
    let link = Link::open(Settings {
        first_wait: PATIENCE,
        ..settings
    });
    assert!(matches!(failure(&link).await, Failure::Unreachable(_)));
    assert!(matches!(
        link.send(Action::ping()).await,
        Outcome::NotSent(NotSent::Down)
    ));
    timeout(PATIENCE, link.shut_down()).await.unwrap();
    assert!(matches!(
        link.send(Action::ping()).await,
        Outcome::NotSent(NotSent::Closed)
    ));
}

#[tokio::test]
async fn a_flood_of_large_events_is_dropped_for_who_does_not_read_and_nothing_else_is() {
    let (listener, settings) = fake().await;
    let most = 2 * 1024 * 1024;
    let link = Link::open(Settings {
        backlog_bytes: most,
        ..settings
    });
    let mut slow = link.subscribe();
    let mut peer = Peer::booted(&listener).await;
    assert!(link.wait_until_up().await);
    let line = format!("X: {}\n", "x".repeat(8 * 1024));
    for number in 0..32 {
        peer.say(&format!("Event: Flood\nNumber: {number}\n{}\n", line.repeat(60)))
            .await;
    }
    peer.say("Event: Last\n\n").await;
    // Answers follow the events, so when this one is here, all of them were read.
    let asked = sending(&link, PATIENCE);
    let action = peer.action().await;
    peer.answer(&action, "").await;
    assert!(matches!(asked.await.unwrap(), Outcome::Done(_)));
    let (mut kept, mut missed) = (0, 0);
    loop {
        match slow.next().await {
            Some(Notice::Missed(count)) => missed += count,
            Some(Notice::Event(event)) if event.event() == Some("Last") => break,
            Some(Notice::Event(event)) => kept += event.weight(),
            Some(_) => {}
            None => panic!("the link is closed"),
        }
    }
    assert!(missed > 20 && kept <= most, "{missed} missed, {kept} bytes kept");
}

#[tokio::test]
async fn what_is_too_late_is_never_sent() {
    let (listener, settings) = fake().await;
    let link = Link::open(settings);
    let mut peer = Peer::booted(&listener).await;
    assert!(link.wait_until_up().await);
    let late = link.send_until(Action::core_show_channels(), Instant::now()).await;
    assert!(matches!(late, Outcome::NotSent(NotSent::TooLate)), "{late:?}");
    let link_in_time = link.clone();
    let in_time = tokio::spawn(async move { link_in_time.send_until(Action::ping(), Instant::now() + PATIENCE).await });
    let action = peer.action().await;
    assert_eq!(action.get("Action"), Some("Ping"));
    peer.answer(&action, "").await;
    assert!(matches!(in_time.await.unwrap(), Outcome::Done(_)));
}

#[tokio::test]
async fn what_is_abandoned_ends_with_its_connection_and_a_quiet_one_goes_on() {
    let (listener, settings) = fake().await;
    let link = Link::open(settings);
    let mut peer = Peer::booted(&listener).await;
    assert!(link.wait_until_up().await);
    // All is answered.
    link.abandon().await;
    let asked = sending(&link, PATIENCE);
    let action = peer.action().await;
    link.abandon().await;
    assert!(matches!(asked.await.unwrap(), Outcome::Unknown(Unknown::Lost)));
    assert_eq!(action.get("Action"), Some("Ping"));
    // A reset, not an end: what was not delivered is gone.
    let mut rest = [0; 64];
    let read = timeout(PATIENCE, peer.stream.read(&mut rest)).await.unwrap();
    assert_eq!(read.unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);
    let _again = Peer::booted(&listener).await;
    assert!(link.wait_until_up().await);
}

#[tokio::test]
async fn a_refusal_is_cut_to_what_can_be_shown() {
    let (listener, settings) = fake().await;
    let link = Link::open(settings);
    let mut peer = Peer::booted(&listener).await;
    assert!(link.wait_until_up().await);
    let asked = sending(&link, PATIENCE);
    let id = peer.action().await.action_id().unwrap().to_owned();
    let message = "é".repeat(5000);
    peer.say(&format!("Response: Error\nActionID: {id}\nMessage: {message}\n\n"))
        .await;
    let Outcome::Refused(refusal) = asked.await.unwrap() else {
        panic!("it is no refusal")
    };
    assert_eq!(refusal.message().chars().count(), 501);
}
