//! Whatever the order of operations and of Asterisk's writes, no invariant breaks, and the model says what the database says.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use peerage_model::{
    Actor, Choice, EndCause, LoginRequest, LogoutRequest, LogoutTime, MoveRequest, OnConflict, Pause, PauseReason,
    PauseRequest, Pauses, QueueName, SystemReason, UnpauseRequest,
};
use peerage_store::{PhonePatch, QueuePatch, StateError};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use super::invariants;
use super::support::{Centre, FORGET_SESSIONS, Node, admin, own, supervisor, system, t};

const AGENTS: [&str; 4] = ["1001", "1002", "1003", "1004"];
const QUEUES: [&str; 3] = ["billing", "sales", "support"];

#[derive(Debug, Clone)]
enum Step {
    LogIn(&'static str, LoginRequest, Actor),
    Move(&'static str, MoveRequest, Actor),
    LogOut(&'static str, LogoutTime, Actor),
    CallEnds(&'static str),
    Pause(&'static str, Option<&'static str>, Option<&'static str>, Actor),
    Unpause(&'static str, Option<&'static str>, Actor),
    Release(&'static str),
    Asterisk(&'static str, &'static str, Write),
    Assign(&'static str, &'static str, i32),
    Unassign(&'static str, &'static str),
    /// A telephone's account.
    Disable(&'static str, bool),
    /// The queue gets another name, or its first one back.
    Rename(&'static str),
}

#[derive(Debug, Clone)]
enum Write {
    Pause(Option<&'static str>),
    Unpause,
    Penalty(i32),
    RingInUse(bool),
    Remove,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let agent = || select(AGENTS.to_vec());
    let queue = || select(QUEUES.to_vec());
    let reason = || select(vec!["lunch", "training", "pause"]);
    let phone = || select(vec!["2001", "2002", "2003"]);
    let choice = prop_oneof![
        Just(Choice::Internal),
        Just(Choice::Phone),
        Just(Choice::Mobile),
        phone().prop_map(|phone| Choice::Telephone(t(phone))),
        phone().prop_map(|phone| Choice::Telephone(t(phone))),
    ];
    let conflict = prop_oneof![
        3 => Just(OnConflict::Refuse),
        2 => Just(OnConflict::TakeOver),
        1 => Just(OnConflict::Force(Some(t("needed")))),
    ];
    let actor = |agent: &'static str| prop_oneof![5 => Just(own(agent)), 2 => Just(supervisor()), 1 => Just(admin()), 1 => Just(system())];
    let by = || agent().prop_flat_map(move |agent| (Just(agent), actor(agent)));
    let write = prop_oneof![
        3 => select(vec![None, Some("lunch"), Some("Auto-Pause"), Some("a^3Bb")]).prop_map(Write::Pause),
        3 => Just(Write::Unpause),
        1 => (0..9).prop_map(Write::Penalty),
        1 => any::<bool>().prop_map(Write::RingInUse),
        1 => Just(Write::Remove),
    ];
    let step = prop_oneof![
        6 => (by(), proptest::option::weighted(0.8, choice.clone()), conflict.clone()).prop_map(
            |((agent, actor), choice, on_conflict)| Step::LogIn(agent, LoginRequest { choice, on_conflict }, actor)
        ),
        3 => (by(), choice, conflict).prop_map(
            |((agent, actor), choice, on_conflict)| Step::Move(agent, MoveRequest { choice, on_conflict }, actor)
        ),
        2 => (by(), select(vec![LogoutTime::Now, LogoutTime::AfterCall])).prop_map(
            |((agent, actor), time)| Step::LogOut(agent, time, actor)
        ),
        1 => agent().prop_map(Step::CallEnds),
        5 => (by(), proptest::option::of(queue()), proptest::option::weighted(0.8, reason())).prop_map(
            |((agent, actor), queue, reason)| Step::Pause(agent, queue, reason, actor)
        ),
        4 => (by(), proptest::option::weighted(0.7, queue())).prop_map(
            |((agent, actor), queue)| Step::Unpause(agent, queue, actor)
        ),
        1 => phone().prop_map(Step::Release),
        8 => (agent(), queue(), write).prop_map(|(agent, queue, write)| Step::Asterisk(agent, queue, write)),
        2 => (agent(), queue(), 0..5).prop_map(|(agent, queue, penalty)| Step::Assign(agent, queue, penalty)),
        1 => (agent(), queue()).prop_map(|(agent, queue)| Step::Unassign(agent, queue)),
        1 => (phone(), any::<bool>()).prop_map(|(phone, disabled)| Step::Disable(phone, disabled)),
        1 => queue().prop_map(Step::Rename),
    ];
    proptest::collection::vec(step, 10..40)
}

/// What the model knows of an open session.
#[derive(Debug, Clone, Default, PartialEq)]
struct Session {
    queues: BTreeSet<QueueName>,
    pauses: Pauses,
    leaving: bool,
}

struct World<'a> {
    centre: &'a Centre,
    node: &'a RefCell<Node>,
    names: BTreeMap<&'static str, QueueName>,
    assigned: BTreeMap<&'static str, BTreeSet<&'static str>>,
    sessions: BTreeMap<&'static str, Session>,
}

impl<'a> World<'a> {
    fn new(centre: &'a Centre, node: &'a RefCell<Node>) -> Self {
        centre.exec(&format!(
            "{FORGET_SESSIONS}
             delete from peerage.queue_log;
             update peerage.sip_account set disabled = false where disabled;
             update peerage.queue set name = replace(name, '-new', '') where name like '%-new';
             delete from peerage.queue_assignment;
             insert into peerage.queue_assignment (queue_id, agent_id)
             select queue.id, agent.id
             from peerage.queue as queue, peerage.agent as agent
             where queue.name <> 'billing';",
        ));
        Self {
            centre,
            node,
            names: QUEUES.iter().map(|queue| (*queue, t(queue))).collect(),
            assigned: AGENTS
                .iter()
                .map(|agent| (*agent, BTreeSet::from(["sales", "support"])))
                .collect(),
            sessions: BTreeMap::new(),
        }
    }

    fn name(&self, queue: Option<&'static str>) -> Option<QueueName> {
        queue.map(|queue| self.names[queue].clone())
    }

    fn begin(&mut self, agent: &'static str) {
        let queues = self.assigned[agent]
            .iter()
            .map(|queue| self.names[queue].clone())
            .collect();
        let session = Session {
            queues,
            ..Session::default()
        };
        self.sessions.insert(agent, session);
    }

    /// Whose sessions the database says have ended: taken over, forced out, or with the telephone. Why is said elsewhere.
    fn forget_ended(&mut self, but: Option<&str>) {
        let open = self
            .centre
            .sql("select agent_number from peerage.agent_session where ended_at is null");
        self.sessions
            .retain(|agent, _| but == Some(*agent) || open.lines().any(|number| number == *agent));
    }

    /// Does one step, here and there.
    fn step(&mut self, step: &Step) -> Result<(), TestCaseError> {
        let store = &self.centre.store;
        let changed = |outcome: Result<bool, StateError>| match outcome {
            Ok(changed) => Ok(changed),
            Err(StateError::Refused(_)) => Ok(false),
            Err(StateError::Store(error)) => Err(TestCaseError::fail(format!("{error:?}"))),
        };
        match step {
            Step::LogIn(agent, request, actor) => {
                if changed(store.log_in(&t(agent), request, actor))? {
                    prop_assert!(!self.sessions.contains_key(agent), "a second session");
                    self.forget_ended(Some(agent));
                    self.begin(agent);
                }
            }
            Step::Move(agent, request, actor) => {
                if changed(store.move_agent(&t(agent), request, actor))? {
                    prop_assert!(self.sessions.contains_key(agent), "nobody moved");
                    self.forget_ended(None);
                }
            }
            Step::LogOut(agent, time, actor) => {
                let request = LogoutRequest {
                    time: *time,
                    reason: None,
                };
                if changed(store.log_out(&t(agent), &request, actor))? {
                    match time {
                        LogoutTime::Now => drop(self.sessions.remove(agent)),
                        LogoutTime::AfterCall => {
                            let session = self.sessions.get_mut(agent).unwrap();
                            session.leaving = true;
                            let reason = Some(SystemReason::AfterCall.into());
                            session.pauses.pause(None, pause(reason, actor, agent));
                        }
                    }
                }
            }
            Step::CallEnds(agent) => {
                let leaving = self.sessions.get(agent).is_some_and(|session| session.leaving);
                prop_assert_eq!(changed(store.after_call(&t(agent), &system()))?, leaving);
                if leaving {
                    self.sessions.remove(agent);
                }
            }
            Step::Pause(agent, queue, reason, actor) => {
                let queue = self.name(*queue);
                let request = PauseRequest {
                    reason: reason.map(t),
                    queue: queue.clone(),
                };
                if changed(store.pause(&t(agent), &request, actor))? {
                    let default = if actor.may_force() { "supervisor" } else { "pause" };
                    let reason = Some(t(reason.unwrap_or(default)));
                    let session = self.sessions.get_mut(agent).unwrap();
                    prop_assert!(session.pauses.pause(queue.as_ref(), pause(reason, actor, agent)));
                }
            }
            Step::Unpause(agent, queue, actor) => {
                let queue = self.name(*queue);
                let request = UnpauseRequest { queue: queue.clone() };
                if changed(store.unpause(&t(agent), &request, actor))? {
                    let session = self.sessions.get_mut(agent).unwrap();
                    session.pauses.unpause(queue.as_ref(), &session.queues);
                    session.leaving = false;
                }
            }
            Step::Release(phone) => {
                let reason = t("stuck");
                if changed(store.release_phone(&t(phone), Some(&reason), &supervisor()))? {
                    self.forget_ended(None);
                }
            }
            Step::Asterisk(agent, queue, write) => self.write(agent, queue, write)?,
            Step::Assign(agent, queue, penalty) => {
                let penalty = peerage_model::Penalty::try_from(*penalty).unwrap();
                store.assign(&self.names[queue], &t(agent), penalty).unwrap();
                let is_new = self.assigned.get_mut(agent).unwrap().insert(*queue);
                if let (true, Some(session)) = (is_new, self.sessions.get_mut(agent)) {
                    session.queues.insert(self.names[queue].clone());
                }
            }
            Step::Unassign(agent, queue) => {
                let had = self.assigned.get_mut(agent).unwrap().remove(queue);
                prop_assert_eq!(store.unassign(&self.names[queue], &t(agent)).unwrap(), had);
                self.leave(agent, queue);
            }
            Step::Disable(phone, disabled) => {
                let mut patch = PhonePatch::default();
                patch.account.disabled = Some(*disabled);
                store.set_phone(&t(phone), &patch).unwrap();
                self.forget_ended(None);
            }
            Step::Rename(queue) => {
                let old = self.names[queue].clone();
                let new: QueueName = match old.as_str().strip_suffix("-new") {
                    Some(first) => t(first),
                    None => t(&format!("{old}-new")),
                };
                let patch = QueuePatch {
                    name: Some(new.clone()),
                    ..QueuePatch::default()
                };
                prop_assert!(store.set_queue(&old, &patch).unwrap());
                self.names.insert(queue, new.clone());
                for session in self.sessions.values_mut() {
                    if session.queues.remove(&old) {
                        session.queues.insert(new.clone());
                    }
                    if let Some(pause) = session.pauses.single.remove(&old) {
                        session.pauses.single.insert(new.clone(), pause);
                    }
                }
            }
        }
        Ok(())
    }

    fn leave(&mut self, agent: &'static str, queue: &'static str) {
        if let Some(session) = self.sessions.get_mut(agent) {
            session.queues.remove(&self.names[queue]);
            session.pauses.single.remove(&self.names[queue]);
        }
    }

    /// Writes as app_queue would, by the identity of the member.
    fn write(&mut self, agent: &'static str, queue: &'static str, write: &Write) -> Result<(), TestCaseError> {
        let name = self.names[queue].clone();
        let mut node = self.node.borrow_mut();
        let member = self.centre.sql(&format!(
            "select login.uniqueid
             from peerage.queue_login as login
               join peerage.agent_session as session on session.id = login.session_id
             where session.agent_number = '{agent}'
               and login.queue_name = '{name}'"
        ));
        let is_member = self
            .sessions
            .get(agent)
            .is_some_and(|session| session.queues.contains(&name));
        prop_assert_eq!(!member.is_empty(), is_member, "{} in {}", agent, name);
        let set = match write {
            Write::Pause(None) => "reason_paused = '', paused = '1'".to_owned(),
            Write::Pause(Some(reason)) => format!("reason_paused = '{reason}', paused = '1'"),
            Write::Unpause => "reason_paused = '', paused = '0'".to_owned(),
            Write::Penalty(penalty) => format!("penalty = '{penalty}'"),
            Write::RingInUse(rings) => format!("ringinuse = '{}'", u8::from(*rings)),
            Write::Remove => "penalty = '-1'".to_owned(),
        };
        prop_assert_eq!(node.update(&member, &set), usize::from(is_member));
        if !is_member {
            return Ok(());
        }
        let session = self.sessions.get_mut(agent).unwrap();
        match write {
            Write::Pause(reason) => {
                let asterisk = Actor::new("asterisk:pbx1", peerage_model::ActorRole::System);
                let reason = reason.map(|wire| t(&wire.replace("^3B", ";")));
                let mut pause = pause(reason, &asterisk, agent);
                pause.forced = false;
                session.pauses.pause(Some(&name), pause);
            }
            Write::Unpause if session.pauses.of(&name).is_some() => {
                session.pauses.unpause(Some(&name), &session.queues);
                session.leaving = false;
            }
            Write::Remove => self.leave(agent, queue),
            Write::Unpause | Write::Penalty(_) | Write::RingInUse(_) => {}
        }
        if !matches!(write, Write::Remove) {
            let column = match write {
                Write::Penalty(penalty) => Some(("penalty", penalty.to_string())),
                Write::RingInUse(rings) => Some(("ringinuse", u8::from(*rings).to_string())),
                _ => None,
            };
            if let Some((column, value)) = column {
                let read = node.read(&format!(
                    "select {column} from queue_members where uniqueid = '{member}'"
                ));
                prop_assert_eq!(read, value);
            }
        }
        Ok(())
    }

    /// That the database says what the model says, of everybody.
    fn agrees(&mut self) -> Result<(), TestCaseError> {
        for agent in AGENTS {
            let found = self.centre.store.situation(&t(agent)).unwrap();
            let found = found.session.map(|session| Session {
                queues: session.queues,
                pauses: session.pauses,
                leaving: session.leaving.is_some(),
            });
            if let (Some(known), Some(found)) = (self.sessions.get_mut(agent), &found) {
                learn(&mut known.pauses, &found.pauses);
            }
            prop_assert_eq!(self.sessions.get(agent), found.as_ref(), "{}", agent);
            let state = match &found {
                None => "offline,".to_owned(),
                Some(session) => match session.pauses.state(&session.queues) {
                    peerage_model::SessionState::Paused(reason) => {
                        format!("paused,{}", reason.as_ref().map_or("", PauseReason::as_str))
                    }
                    other => format!("{},", other.as_str()),
                },
            };
            prop_assert_eq!(self.centre.state(agent), state, "{}", agent);
        }
        Ok(())
    }

    /// That no invariant is broken.
    fn is_sound(&self) -> Result<(), TestCaseError> {
        self.centre.with(invariants::check).map_err(TestCaseError::fail)
    }

    /// That the time in any window is spent to the last microsecond.
    fn adds_up(&self, window: (f64, f64)) -> Result<(), TestCaseError> {
        let bounds = self.centre.sql("select min(began_at) from peerage.agent_session");
        if bounds.is_empty() {
            return Ok(());
        }
        let first: Timestamp = self
            .centre
            .sql("select to_char(min(began_at) at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from peerage.agent_session")
            .parse()
            .unwrap();
        let now = Timestamp::now().max(first);
        let length = now.duration_since(first).as_secs_f64();
        let instant = |share: f64| first + SignedDuration::from_secs_f64(length * share);
        for (from, to) in [
            (Timestamp::UNIX_EPOCH, now),
            (instant(window.0.min(window.1)), instant(window.0.max(window.1))),
        ] {
            for agent in AGENTS {
                let history = self.centre.store.history(&t(agent), from, to).unwrap();
                let spent: SignedDuration = history
                    .sessions
                    .iter()
                    .map(|session| {
                        let end = session.ended_at.map_or(to, |end| end.min(to));
                        end.duration_since(session.began_at.max(from))
                    })
                    .sum();
                let totals = &history.totals;
                prop_assert_eq!(totals.logged_in, spent);
                let parts = totals.available + totals.paused_in_all() + totals.partly_paused;
                prop_assert_eq!(totals.logged_in, parts);
            }
        }
        Ok(())
    }
}

fn pause(reason: Option<PauseReason>, actor: &Actor, agent: &str) -> Pause {
    Pause {
        reason,
        by: actor.name.clone(),
        forced: !actor.is_agent(&t(agent)),
        since: Timestamp::UNIX_EPOCH,
    }
}

/// The model has no clock: a pause that it does not know the start of has the database's.
fn learn(known: &mut Pauses, found: &Pauses) {
    let fill = |known: &mut Pause, found: Option<&Pause>| {
        if let Some(found) = found.filter(|_| known.since == Timestamp::UNIX_EPOCH) {
            known.since = found.since;
        }
    };
    if let Some(all) = &mut known.all {
        fill(all, found.all.as_ref());
    }
    for (queue, pause) in &mut known.single {
        fill(pause, found.single.get(queue));
    }
}

#[test]
fn no_order_of_operations_and_writes_breaks_an_invariant() {
    let centre = Centre::new();
    centre.let_take_over();
    let node = RefCell::new(centre.node("pbx1"));
    let config = Config {
        cases: 12,
        max_shrink_iters: 100,
        failure_persistence: None,
        ..Config::default()
    };
    // Always the same sequences.
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let outcome = runner.run(&(steps(), (0.0..1.0_f64, 0.0..1.0_f64)), |(steps, window)| {
        let mut world = World::new(&centre, &node);
        for (n, step) in steps.iter().enumerate() {
            world.step(step)?;
            world.agrees()?;
            // What is broken stays so in history: it need not be looked for each time.
            if n % 4 == 0 {
                world.is_sound()?;
            }
        }
        world.is_sound()?;
        world.adds_up(window)
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    // The last sequence was no idle one.
    let causes = centre.sql("select count(*) > 0 from peerage.agent_session");
    assert_eq!(causes, "t", "{:?}", EndCause::ALL);
}
