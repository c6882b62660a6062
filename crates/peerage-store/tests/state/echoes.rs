//! However pauses, orders and echoes are mixed: the state is what the last who spoke said, and in the end all nodes hold it.

use std::collections::{BTreeMap, VecDeque};

use peerage_model::{Choice, UnpauseRequest};
use peerage_store::PauseOrder;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use super::orders::{at_work, pbx};
use super::support::{Centre, FORGET_SESSIONS, Node, because, in_queue, of_queue, own, t, to};

const QUEUES: [&str; 2] = ["sales", "support"];

/// The reason; none when not paused. A pause without one has an empty reason.
type Paused = Option<String>;

#[derive(Debug, Clone)]
enum Step {
    Pause(Option<&'static str>, &'static str),
    Unpause(Option<&'static str>),
    /// Asterisk's own doing: at which node, in which queue, and the reason, or none to end the pause.
    Itself(usize, &'static str, Option<&'static str>),
    Move(bool),
    /// Out, and in again.
    Anew,
    /// The service sends what is due at a node.
    Send(usize),
    /// The connection to a node is lost with what is on it, which may come later, or never.
    Cut(usize),
    /// The next order on some connection arrives, or is lost.
    Arrive(usize, usize, bool),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let node = 0..2_usize;
    let queue = || select(QUEUES.to_vec());
    let reason = || select(vec!["lunch", "training"]);
    let step = prop_oneof![
        4 => (proptest::option::of(queue()), reason()).prop_map(|(queue, reason)| Step::Pause(queue, reason)),
        4 => proptest::option::of(queue()).prop_map(Step::Unpause),
        2 => (node.clone(), queue(), proptest::option::of(reason())).prop_map(|(node, queue, reason)| Step::Itself(node, queue, reason)),
        1 => any::<bool>().prop_map(Step::Move),
        1 => Just(Step::Anew),
        6 => node.clone().prop_map(Step::Send),
        1 => node.clone().prop_map(Step::Cut),
        8 => (node, 0..3_usize, prop::bool::weighted(0.85)).prop_map(|(node, pipe, arrives)| Step::Arrive(node, pipe, arrives)),
    ];
    proptest::collection::vec(step, 10..60)
}

/// An Asterisk, and the connections to it with the orders on them; the last connection is the one in use.
struct Pbx {
    name: &'static str,
    node: Node,
    /// Asterisk 16 writes no reasons.
    reasons: bool,
    pipes: Vec<VecDeque<PauseOrder>>,
    memory: BTreeMap<&'static str, Paused>,
    /// The orders whose answers the service still waits for: those it sent last, while the connection lasts.
    awaited: Vec<i64>,
}

impl Pbx {
    /// What app_queue does on an order: it reads the queue, and then writes the one member, if that is there.
    fn carry_out(&mut self, queue: &'static str, interface: &str, wanted: &Paused) -> bool {
        let member = self.node.read(&format!(
            "select uniqueid from queue_members where queue_name = '{queue}' and interface = '{interface}'"
        ));
        if member.is_empty() {
            return false;
        }
        let paused = u8::from(wanted.is_some());
        let set = match wanted {
            _ if !self.reasons => format!("paused = '{paused}'"),
            reason => format!(
                "reason_paused = '{}', paused = '{paused}'",
                reason.as_deref().unwrap_or_default()
            ),
        };
        assert_eq!(self.node.update(&member, &set), 1);
        self.memory.insert(queue, wanted.clone());
        true
    }

    fn outstanding(&self, centre: &Centre, queue: &str, wanted: &Paused) -> bool {
        let orders = centre.sql(&format!(
            "select ordered.paused, ordered.reason
             from peerage.pause_order as ordered
             join peerage.queue_login as login on login.queue_name = ordered.queue_name and login.interface = ordered.interface
             where ordered.node = '{}' and login.queue_name = '{queue}'",
            self.name
        ));
        orders
            .lines()
            .any(|order| match (order.split_once(',').unwrap(), wanted) {
                (("0", _), None) => true,
                (("1", reason), Some(wanted)) => !self.reasons || reason == wanted,
                _ => false,
            })
    }
}

struct World<'a> {
    centre: &'a Centre,
    nodes: &'a mut [Pbx; 2],
    /// What the last who spoke said.
    said: BTreeMap<&'static str, Paused>,
}

impl World<'_> {
    fn begin(&mut self) {
        self.centre
            .exec(&format!("{FORGET_SESSIONS} delete from peerage.pause_order"));
        self.centre.log_in("1001", Choice::Internal).unwrap();
        for node in &mut *self.nodes {
            node.pipes = vec![VecDeque::new()];
            node.memory.clear();
            node.awaited.clear();
        }
    }

    fn interface(&self) -> String {
        self.centre
            .sql("select interface from peerage.agent_session where ended_at is null")
    }

    fn holds(&self) -> Result<(), TestCaseError> {
        let expected: Vec<_> = self
            .said
            .iter()
            .map(|(queue, paused)| match paused {
                Some(reason) => format!("{queue},1,{reason}"),
                None => format!("{queue},0,"),
            })
            .collect();
        prop_assert_eq!(self.centre.members("1001"), expected.join("\n"));
        Ok(())
    }

    fn step(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match step {
            Step::Pause(queue, reason) => {
                let request = queue.map_or_else(|| because(reason), |queue| in_queue(queue, reason));
                // The same pause of all again leaves what was said of one queue since.
                if self.centre.pause("1001", &request).unwrap() {
                    self.say(*queue, &Some((*reason).to_owned()));
                }
            }
            Step::Unpause(queue) => {
                let request = queue.map_or_else(UnpauseRequest::default, of_queue);
                self.centre.unpause("1001", &request).unwrap();
                self.say(*queue, &None);
            }
            Step::Itself(node, queue, reason) => {
                let interface = self.interface();
                let wanted = reason.map(str::to_owned);
                let node = &mut self.nodes[*node];
                // Nobody could tell it from the echo of an order under way that says the same.
                if node.outstanding(self.centre, queue, &wanted) {
                    return Ok(());
                }
                assert!(node.carry_out(queue, &interface, &wanted));
                match &wanted {
                    // Without a reason there is nothing new in a pause.
                    Some(_) if !node.reasons && self.said[queue].is_some() => {}
                    Some(_) if !node.reasons => self.say(Some(queue), &Some(String::new())),
                    wanted => self.say(Some(queue), wanted),
                }
            }
            Step::Move(mobile) => {
                let there = if *mobile { Choice::Mobile } else { Choice::Internal };
                let moved = self.centre.store.move_agent(&t("1001"), &to(there), &own("1001"));
                if moved.unwrap() {
                    self.forget();
                }
            }
            Step::Anew => {
                self.centre.log_out("1001").unwrap();
                self.centre.log_in("1001", Choice::Internal).unwrap();
                self.say(None, &None);
                self.forget();
            }
            Step::Send(node) => self.send(*node),
            Step::Cut(node) => {
                self.nodes[*node].pipes.push(VecDeque::new());
                self.nodes[*node].awaited.clear();
            }
            Step::Arrive(node, pipe, arrives) => self.arrive(*node, *pipe, *arrives),
        }
        self.holds()
    }

    fn say(&mut self, queue: Option<&'static str>, paused: &Paused) {
        for (one, said) in &mut self.said {
            if queue.is_none_or(|queue| queue == *one) {
                said.clone_from(paused);
            }
        }
    }

    /// Other members, whom Asterisk reads from the database when it comes to them.
    fn forget(&mut self) {
        for node in &mut *self.nodes {
            node.memory.clear();
        }
    }

    fn send(&mut self, node: usize) {
        let node = &mut self.nodes[node];
        let lease = self.centre.lease(node.name);
        let orders = self
            .centre
            .store
            .order_pauses(&pbx(node.name), &lease, &t("1001"))
            .unwrap();
        node.awaited = orders.iter().map(|order| order.id).collect();
        node.pipes.last_mut().unwrap().extend(orders);
    }

    /// The next order of a connection reaches Asterisk, and its answer the service if that still waits for it.
    fn arrive(&mut self, node: usize, pipe: usize, arrives: bool) {
        let node = &mut self.nodes[node];
        let pipe = pipe % node.pipes.len();
        let Some(order) = node.pipes[pipe].pop_front() else {
            return;
        };
        if !arrives {
            return;
        }
        let queue = QUEUES.into_iter().find(|queue| *queue == order.queue.as_str()).unwrap();
        let wanted = order
            .paused
            .then(|| order.reason.map_or(String::new(), |reason| reason.to_string()));
        let done = node.carry_out(queue, order.interface.as_str(), &wanted);
        if node.awaited.contains(&order.id) {
            let (done, undone) = if done {
                (vec![order.id], vec![])
            } else {
                (vec![], vec![order.id])
            };
            self.centre
                .store
                .pause_orders_answered(&t("1001"), &done, &undone)
                .unwrap();
        }
    }

    /// Everything arrives that is under way; then orders are sent as long as any is due.
    fn come_to_rest(&mut self) -> Result<(), TestCaseError> {
        for node in 0..self.nodes.len() {
            for pipe in 0..self.nodes[node].pipes.len() {
                while !self.nodes[node].pipes[pipe].is_empty() {
                    self.arrive(node, pipe, true);
                    self.holds()?;
                }
            }
        }
        for _ in 0..3 {
            for node in 0..self.nodes.len() {
                self.send(node);
                let last = self.nodes[node].pipes.len() - 1;
                while !self.nodes[node].pipes[last].is_empty() {
                    self.arrive(node, last, true);
                    self.holds()?;
                }
            }
        }
        for node in &*self.nodes {
            prop_assert_eq!(
                self.centre.store.pause_orders_due(&pbx(node.name), None).unwrap(),
                vec![]
            );
            for (queue, memory) in &node.memory {
                let said = &self.said[queue];
                if node.reasons {
                    prop_assert_eq!(memory, said, "{} {}", node.name, queue);
                } else {
                    prop_assert_eq!(memory.is_some(), said.is_some(), "{} {}", node.name, queue);
                }
            }
        }
        Ok(())
    }
}

#[test]
fn the_last_word_holds_however_late_and_in_whatever_order_echoes_come() {
    let (centre, first) = at_work();
    let nodes = std::cell::RefCell::new([("pbx1", first, true), ("pbx2", centre.node("pbx2"), false)].map(
        |(name, node, reasons)| Pbx {
            name,
            node,
            reasons,
            pipes: Vec::new(),
            memory: BTreeMap::new(),
            awaited: Vec::new(),
        },
    ));
    let config = Config {
        cases: 40,
        max_shrink_iters: 100,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let outcome = runner.run(&steps(), |steps| {
        let mut world = World {
            centre: &centre,
            nodes: &mut nodes.borrow_mut(),
            said: QUEUES.into_iter().map(|queue| (queue, None)).collect(),
        };
        world.begin();
        for step in &steps {
            world.step(step)?;
        }
        world.come_to_rest()
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
