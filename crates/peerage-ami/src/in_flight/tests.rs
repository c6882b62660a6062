use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::sync::oneshot::{Receiver, channel};

use super::*;
use crate::{Credentials, Limits, Parser};

struct Bench {
    in_flight: InFlight,
    slots: Arc<Semaphore>,
    now: Instant,
}

impl Bench {
    fn new() -> Self {
        let credentials = Credentials::new("u".try_into().unwrap(), "s");
        let settings = Settings {
            list_items: 3,
            ..Settings::new("", credentials)
        };
        Self {
            in_flight: InFlight::new("x-".into(), &settings),
            slots: Arc::new(Semaphore::new(4)),
            now: Instant::now(),
        }
    }

    /// Orders a ping that is due after so many seconds.
    fn order(&mut self, seconds: u64) -> Receiver<Outcome> {
        let (reply, outcome) = channel();
        self.in_flight.add(Order {
            not_after: None,
            action: Action::ping(),
            deadline: self.now + Duration::from_secs(seconds),
            reply,
            slot: Arc::clone(&self.slots).try_acquire_owned().unwrap(),
        });
        outcome
    }

    /// Writes all there is; the text.
    fn write(&mut self) -> String {
        let mut text = String::new();
        while let Some(bytes) = self.in_flight.unsent(Instant::now()) {
            text += std::str::from_utf8(bytes).unwrap();
            let count = bytes.len();
            self.in_flight.wrote(count);
        }
        text
    }

    /// What comes from Asterisk; what is given back.
    fn comes(&mut self, text: &str) -> Vec<Frame> {
        let mut parser = Parser::new(Limits::default());
        let mut frames = Vec::new();
        let text = format!("Asterisk Call Manager/1\n{text}").replace('\n', "\r\n");
        parser.feed(text.as_bytes(), &mut frames).unwrap();
        frames
            .into_iter()
            .filter_map(|frame| self.in_flight.take(frame))
            .collect()
    }

    fn expire(&mut self, seconds: u64) -> bool {
        self.in_flight.expire(self.now + Duration::from_secs(seconds))
    }
}

fn outcome(receiver: &mut Receiver<Outcome>) -> String {
    match receiver.try_recv() {
        Ok(Outcome::Done(answer)) => format!("done, {} items", answer.items().len()),
        Ok(other) => format!("{other:?}"),
        Err(_) => "nothing".into(),
    }
}

#[test]
fn each_answer_finds_its_action_in_whatever_order() {
    let mut bench = Bench::new();
    let (mut first, mut second) = (bench.order(1), bench.order(1));
    let sent = bench.write();
    assert!(sent.contains("ActionID: x-1\r\n") && sent.contains("ActionID: x-2\r\n"));
    bench.comes("Response: Error\nActionID: x-2\nMessage: no\n\n");
    assert_eq!(outcome(&mut first), "nothing");
    assert_eq!(outcome(&mut second), "Refused(Refusal { message: \"no\" })");
    bench.comes("Response: Success\nActionID: x-1\n\n");
    assert_eq!(outcome(&mut first), "done, 0 items");
    assert_eq!(bench.slots.available_permits(), 4);
}

#[test]
fn what_was_not_sent_is_told_apart_from_what_may_have_arrived() {
    let mut bench = Bench::new();
    let (mut first, mut second, mut third) = (bench.order(1), bench.order(1), bench.order(9));
    assert!(bench.in_flight.unsent(Instant::now()).is_some());
    bench.in_flight.wrote(3);
    assert!(bench.expire(2));
    assert_eq!(outcome(&mut first), "Unknown(Late)");
    assert_eq!(outcome(&mut second), "NotSent(Busy)");
    assert_eq!(outcome(&mut third), "nothing");
    bench.in_flight.lose();
    assert_eq!(outcome(&mut third), "NotSent(Down)");
    let mut bench = Bench::new();
    let mut sent = bench.order(1);
    bench.write();
    bench.in_flight.lose();
    assert_eq!(outcome(&mut sent), "Unknown(Lost)");
}

#[test]
fn what_nobody_waits_for_any_more_is_not_sent() {
    let mut bench = Bench::new();
    drop(bench.order(1));
    assert_eq!(bench.write(), "");
    assert_eq!(bench.slots.available_permits(), 4);
}

#[test]
fn a_late_answer_is_passed_over_and_gives_its_place_back() {
    let mut bench = Bench::new();
    let mut late = bench.order(1);
    bench.write();
    assert!(bench.expire(1));
    assert_eq!(outcome(&mut late), "Unknown(Late)");
    // Asterisk has it still.
    assert_eq!(bench.slots.available_permits(), 3);
    let given = bench.comes(
        "Response: Success\nActionID: x-1\nEventList: start\n\nEvent: Item\nActionID: x-1\n\n\
         Event: Done\nActionID: x-1\nEventList: Complete\n\n",
    );
    assert_eq!(given, []);
    assert_eq!(bench.slots.available_permits(), 4);
}

#[test]
fn an_answer_that_never_came_is_given_up_with_the_next_one() {
    let mut bench = Bench::new();
    let waiting = bench.order(9);
    let lost = bench.order(1);
    bench.write();
    bench.expire(1);
    drop(lost);
    let next = bench.order(9);
    bench.write();
    bench.comes("Response: Success\nActionID: x-3\n\n");
    drop(next);
    assert_eq!(bench.slots.available_permits(), 3);
    assert!(!bench.in_flight.is_settled());
    drop(waiting);
}

#[test]
fn a_list_is_collected_until_it_says_so() {
    let mut bench = Bench::new();
    let mut list = bench.order(1);
    bench.write();
    bench.comes("Response: Success\nActionID: x-1\nEventList: start\n\nEvent: Item\nActionID: x-1\n\n");
    assert_eq!(outcome(&mut list), "nothing");
    let others = bench.comes("Event: Other\n\nEvent: Other\nActionID: y-1\n\nEvent: Other\nActionID: x-77\n\n");
    assert_eq!(others.len(), 3);
    bench.comes("Event: Item\nActionID: x-1\n\nEvent: Done\nActionID: x-1\nEventList: Complete\n\n");
    assert_eq!(outcome(&mut list), "done, 2 items");
}

#[test]
fn a_list_beyond_its_bound_is_not_passed_off_as_whole() {
    let mut bench = Bench::new();
    let mut list = bench.order(1);
    bench.write();
    bench.comes("Response: Success\nActionID: x-1\nEventList: start\n\n");
    bench.comes(&"Event: Item\nActionID: x-1\n\n".repeat(4));
    assert_eq!(outcome(&mut list), "Unknown(ListTooLong)");
    assert_eq!(bench.comes(&"Event: Item\nActionID: x-1\n\n".repeat(4)), []);
    bench.comes("Event: Done\nActionID: x-1\nEventList: Complete\n\n");
    assert_eq!(bench.slots.available_permits(), 4);
}

#[test]
fn an_event_of_an_action_that_lists_nothing_is_an_event() {
    let mut bench = Bench::new();
    let _originate = bench.order(1);
    bench.write();
    bench.comes("Response: Success\nActionID: x-1\n\n");
    let given = bench.comes("Event: OriginateResponse\nActionID: x-1\nResponse: Failure\n\n");
    assert_eq!(given.len(), 1);
}
