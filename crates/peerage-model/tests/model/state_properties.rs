//! What holds after any sequence of requests: decisions are made by the crate and written into a
//! call centre in memory.

use jiff::SignedDuration;
use peerage_model::*;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::state_fixture::{at, t};
use crate::state_world::{AGENTS, PHONES, QUEUES, World};

#[derive(Debug, Clone)]
enum Wish {
    Login(LoginRequest),
    Move(MoveRequest),
    Logout(LogoutRequest),
    Pause(PauseRequest),
    Unpause(UnpauseRequest),
    Release(usize, Option<EndReason>),
    CallEnds,
}

/// What changes without anybody asking the state machine.
#[derive(Debug, Clone)]
enum Change {
    Policy(ConflictPolicy),
    HotDesk(bool),
    Mobile(Option<DialNumber>),
    Permissions(bool),
    Disabled(bool),
    Registration(usize, bool),
    Join(QueueName),
    Leave(QueueName),
}

#[derive(Debug, Clone)]
enum Step {
    Ask(Wish, Actor),
    Change(Change),
}

/// A decision written, or the refusal; `false` when it changed nothing.
type Outcome = Result<bool, Refusal>;

fn ask(world: &mut World, agent: usize, wish: &Wish, actor: &Actor) -> Outcome {
    let situation = world.load(agent);
    let number = &situation.number;
    let open = world.open(number);
    match wish {
        Wish::Login(request) => match decide_login(&situation, request, actor)? {
            LoginDecision::Unchanged => return Ok(false),
            LoginDecision::Begin(session) => world.begin(number, &session, actor),
        },
        Wish::Move(request) => match decide_move(&situation, request, actor)? {
            MoveDecision::Unchanged => return Ok(false),
            MoveDecision::Move { to, ends } => {
                world.end_other(ends.as_ref());
                let now = world.now();
                let session = &mut world.sessions[open.unwrap()];
                session.place = to;
                session.moved = now;
            }
        },
        Wish::Logout(request) => match decide_logout(&situation, request, actor)? {
            LogoutDecision::Unchanged => return Ok(false),
            LogoutDecision::End(end) => world.end(open.unwrap(), end.cause),
            LogoutDecision::AfterCall { paused, cause, reason } => {
                let by = actor.name.clone();
                world.sessions[open.unwrap()].leaving = Some(Leaving { by, cause, reason });
                world.pause(open.unwrap(), None, Some(&paused), actor, false);
            }
        },
        Wish::Pause(request) => match decide_pause(&situation, request, actor)? {
            PauseDecision::Unchanged => return Ok(false),
            PauseDecision::Pause { queue, reason, forced } => {
                let mut expected = world.open_pauses(open.unwrap());
                world.pause(open.unwrap(), queue.as_ref(), reason.as_ref(), actor, forced);
                let written = world.open_pauses(open.unwrap());
                let pause = match &queue {
                    Some(queue) => written.single[queue].clone(),
                    None => written.all.clone().unwrap(),
                };
                assert!(expected.pause(queue.as_ref(), pause));
                assert_eq!(expected, written, "the schema and the model differ");
            }
        },
        Wish::Unpause(request) => match decide_unpause(&situation, request, actor)? {
            UnpauseDecision::Unchanged => return Ok(false),
            UnpauseDecision::Unpause {
                queue,
                keeps,
                withdraws_logout,
            } => {
                let id = open.unwrap();
                let mut expected = world.open_pauses(id);
                expected.unpause(queue.as_ref(), &world.sessions[id].queues);
                assert!(
                    keeps
                        .iter()
                        .all(|(queue, pause)| expected.single.get(queue) == Some(pause))
                );
                world.unpause(id, queue.as_ref());
                assert_eq!(world.open_pauses(id), expected, "the schema and the model differ");
                if withdraws_logout {
                    world.sessions[id].leaving = None;
                }
            }
        },
        Wish::Release(phone, reason) => match decide_release(&world.phone(*phone), reason.as_ref(), actor)? {
            ReleaseDecision::Unchanged => return Ok(false),
            ReleaseDecision::End(end) => world.end_other(Some(&end)),
        },
        Wish::CallEnds => match decide_after_call(&situation) {
            None => return Ok(false),
            Some(end) => world.end(open.unwrap(), end.cause),
        },
    }
    Ok(true)
}

fn change(world: &mut World, agent: usize, change: &Change) {
    let number: Number = t(AGENTS[agent]);
    let open = world.open(&number);
    match change.clone() {
        Change::Policy(policy) => world.agents.iter_mut().for_each(|agent| agent.conflict_policy = policy),
        Change::HotDesk(on) => world.agents[agent].hot_desk = on,
        Change::Mobile(number) => {
            // The rule of the sites here: national numbers.
            world.agents[agent].mobile_allowed = number.as_ref().is_some_and(|number| number.as_str().starts_with('0'));
            world.agents[agent].mobile = number;
        }
        Change::Permissions(all) => {
            world.agents[agent].permissions = Permissions {
                choose_interface: all,
                move_session: all,
                pause_one_queue: all,
                take_any_phone: all,
                ..Permissions::default()
            };
        }
        Change::Disabled(disabled) => {
            world.agents[agent].disabled = disabled;
            if let (true, Some(open)) = (disabled, open) {
                world.end(open, EndCause::Admin);
            }
        }
        Change::Registration(phone, here) => {
            let since = Some(world.now());
            world.phones[phone].registration = match here {
                true => Registration::Registered(since),
                false => Registration::Absent(since),
            };
        }
        Change::Join(queue) => {
            world.assigned.get_mut(&number).unwrap().insert(queue.clone());
            if let Some(open) = open {
                world.sessions[open].queues.insert(queue);
                world.settle(open);
            }
        }
        Change::Leave(queue) => {
            world.assigned.get_mut(&number).unwrap().remove(&queue);
            if let Some(open) = open {
                world.leave(open, &queue);
            }
        }
    }
}

fn reason() -> impl Strategy<Value = Option<EndReason>> {
    select(vec![None, Some(t("went home"))])
}

fn on_conflict() -> impl Strategy<Value = OnConflict> {
    prop_oneof![
        3 => Just(OnConflict::Refuse),
        2 => Just(OnConflict::TakeOver),
        2 => reason().prop_map(OnConflict::Force),
    ]
}

fn choice() -> impl Strategy<Value = Choice> {
    prop_oneof![
        Just(Choice::Internal),
        Just(Choice::Phone),
        Just(Choice::Mobile),
        select(PHONES.as_slice()).prop_map(|phone| Choice::Telephone(t(phone))),
        select(PHONES.as_slice()).prop_map(|phone| Choice::Telephone(t(phone))),
    ]
}

fn queue() -> impl Strategy<Value = QueueName> {
    select(QUEUES.as_slice()).prop_map(t)
}

fn maybe_queue() -> impl Strategy<Value = Option<QueueName>> {
    prop::option::of(queue())
}

fn wish() -> impl Strategy<Value = Wish> {
    let codes = vec![None, Some("pause"), Some("lunch"), Some("after-call"), Some("nonsense")];
    prop_oneof![
        4 => (prop::option::weighted(0.8, choice()), on_conflict())
            .prop_map(|(choice, on_conflict)| Wish::Login(LoginRequest { choice, on_conflict })),
        3 => (choice(), on_conflict())
            .prop_map(|(choice, on_conflict)| Wish::Move(MoveRequest { choice, on_conflict })),
        1 => (select(vec![LogoutTime::Now, LogoutTime::AfterCall]), reason())
            .prop_map(|(time, reason)| Wish::Logout(LogoutRequest { time, reason })),
        4 => (select(codes), maybe_queue())
            .prop_map(|(code, queue)| Wish::Pause(PauseRequest { reason: code.map(t), queue })),
        3 => maybe_queue().prop_map(|queue| Wish::Unpause(UnpauseRequest { queue })),
        1 => (0..PHONES.len(), reason()).prop_map(|(phone, reason)| Wish::Release(phone, reason)),
        1 => Just(Wish::CallEnds),
    ]
}

fn some_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        select(ConflictPolicy::ALL).prop_map(Change::Policy),
        any::<bool>().prop_map(Change::HotDesk),
        select(vec![None, Some(t("0170")), Some(t("+4490099")), Some(t("desk-9"))]).prop_map(Change::Mobile),
        any::<bool>().prop_map(Change::Permissions),
        prop::bool::weighted(0.3).prop_map(Change::Disabled),
        (0..PHONES.len(), any::<bool>()).prop_map(|(phone, here)| Change::Registration(phone, here)),
        queue().prop_map(Change::Join),
        queue().prop_map(Change::Leave),
    ]
}

/// Which agent it is about, what happens, and how many seconds after the last.
fn step() -> impl Strategy<Value = (usize, Step, i64)> {
    (0..AGENTS.len(), 0..4_i64).prop_flat_map(|(agent, later)| {
        let roles = vec![
            (4, ActorRole::Agent(t(AGENTS[agent]))),
            (1, ActorRole::Agent(t(AGENTS[(agent + 1) % AGENTS.len()]))),
            (2, ActorRole::Supervisor),
            (1, ActorRole::Admin),
            (1, ActorRole::System),
        ];
        let roles = roles.into_iter().map(|(weight, role)| (weight, Just(role)));
        let actor = prop::strategy::Union::new_weighted(roles.collect()).prop_map(|role| Actor::new("somebody", role));
        let step = prop_oneof![
            5 => (wish(), actor).prop_map(|(wish, actor)| Step::Ask(wish, actor)),
            1 => some_change().prop_map(Step::Change),
        ];
        (Just(agent), step, Just(later))
    })
}

fn steps() -> impl Strategy<Value = Vec<(usize, Step, i64)>> {
    prop::collection::vec(step(), 1..60)
}

/// The world after these steps, looked at after each.
fn run(steps: &[(usize, Step, i64)], mut look: impl FnMut(&World)) -> World {
    let mut world = World::new();
    for (agent, step, later) in steps {
        world.seconds += later;
        match step {
            Step::Ask(wish, actor) => {
                let _refused_or_not = ask(&mut world, *agent, wish, actor);
            }
            Step::Change(what) => change(&mut world, *agent, what),
        }
        look(&world);
    }
    world
}

/// Whether two intervals share an instant; one of no length has none.
fn overlap(one: (i64, i64), other: (i64, i64)) -> bool {
    one.0.max(other.0) < one.1.min(other.1)
}

fn span(began: jiff::Timestamp, ended: Option<jiff::Timestamp>) -> (i64, i64) {
    (began.as_second(), ended.map_or(i64::MAX, jiff::Timestamp::as_second))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn an_agent_and_an_interface_have_one_session_at_most(steps in steps()) {
        run(&steps, |world| {
            let open: Vec<_> = world.sessions.iter().filter(|session| session.ended.is_none()).collect();
            for (index, session) in open.iter().enumerate() {
                for other in &open[index + 1..] {
                    assert_ne!(session.agent, other.agent);
                    assert_ne!(session.place.interface, other.place.interface);
                }
                let on_telephone = session.place.telephone.is_some();
                assert_eq!(on_telephone, session.place.kind == InterfaceKind::HotDesk);
            }
        });
    }

    #[test]
    fn nobody_gets_a_telephone_that_is_disabled_or_at_another_site(steps in steps()) {
        run(&steps, |world| {
            for session in &world.sessions {
                let telephone = session.place.telephone.as_ref().map(Number::as_str);
                assert!(!matches!(telephone, Some("203" | "300")));
            }
        });
    }

    #[test]
    fn pauses_of_one_queue_never_overlap_and_end_with_the_session(steps in steps()) {
        let world = run(&steps, |_| {});
        for (index, row) in world.pauses.iter().enumerate() {
            let of_same = |other: &&crate::state_world::PauseRow| other.session == row.session && other.queue == row.queue;
            for other in world.pauses[index + 1..].iter().filter(of_same) {
                prop_assert!(!overlap(span(row.began, row.ended), span(other.began, other.ended)), "{row:?} {other:?}");
            }
            let session = &world.sessions[row.session];
            prop_assert!(row.pause.since <= row.began && session.began <= row.pause.since);
            prop_assert!(span(row.began, row.ended).1 <= span(session.began, session.ended).1);
        }
    }

    #[test]
    fn totals_add_up_to_the_time_logged_in(steps in steps(), ends in prop::array::uniform2(any::<Index>())) {
        let world = run(&steps, |_| {});
        let mut ends = ends.map(|end| end.index(world.seconds as usize + 1) as i64);
        ends.sort_unstable();
        let [from, to] = ends;
        for (id, session) in world.sessions.iter().enumerate() {
            let timeline = world.states.iter().filter(|(of, _)| *of == id).map(|(_, row)| row);
            let sums = totals(timeline, at(from), at(to));
            prop_assert_eq!(sums.available + sums.paused_in_all() + sums.partly_paused, sums.logged_in);
            let (began, ended) = span(session.began, session.ended);
            let inside = began.max(at(from).as_second())..ended.min(at(to).as_second());
            prop_assert_eq!(sums.logged_in, SignedDuration::from_secs((inside.end - inside.start).max(0)));
        }
    }

    #[test]
    fn a_refusal_changes_nothing_and_says_why_on_one_line(steps in steps()) {
        let mut world = World::new();
        for (agent, step, later) in &steps {
            world.seconds += later;
            match step {
                Step::Ask(wish, actor) => {
                    let before = world.clone();
                    match ask(&mut world, *agent, wish, actor) {
                        Ok(true) => {}
                        Ok(false) => prop_assert_eq!(&world, &before),
                        Err(refusal) => {
                            prop_assert_eq!(&world, &before);
                            let said = refusal.to_string();
                            prop_assert!(!said.contains(char::is_control) && !said.contains('.'), "{}", said);
                            prop_assert!(!refusal.message().is_empty() && !refusal.hint().is_empty());
                        }
                    }
                }
                Step::Change(what) => change(&mut world, *agent, what),
            }
        }
    }

    #[test]
    fn the_same_request_again_succeeds_and_changes_nothing(steps in steps()) {
        let mut world = World::new();
        for (agent, step, later) in &steps {
            world.seconds += later;
            match step {
                Step::Ask(wish, actor) => {
                    if ask(&mut world, *agent, wish, actor).is_ok() {
                        prop_assert_eq!(ask(&mut world, *agent, wish, actor), Ok(false), "{:?} {:?}", wish, actor);
                    }
                }
                Step::Change(what) => change(&mut world, *agent, what),
            }
        }
    }

    #[test]
    fn an_agent_ends_a_session_of_another_by_take_over_alone(steps in steps()) {
        let mut world = World::new();
        for (agent, step, later) in &steps {
            world.seconds += later;
            match step {
                Step::Ask(wish, actor) => {
                    let before = world.clone();
                    let outcome = ask(&mut world, *agent, wish, actor);
                    let ActorRole::Agent(own) = &actor.role else { continue };
                    for (now, was) in world.sessions.iter().zip(&before.sessions) {
                        let ended_by_it = now.ended != was.ended && !matches!(wish, Wish::CallEnds);
                        if ended_by_it && now.agent != *own {
                            prop_assert_eq!(now.cause, Some(EndCause::TakeOver));
                            prop_assert_eq!(world.agents[*agent].conflict_policy, ConflictPolicy::TakeOver);
                        }
                    }
                    let own_wish = own.as_str() == AGENTS[*agent] || matches!(wish, Wish::CallEnds);
                    prop_assert!(own_wish || outcome.is_err());
                }
                Step::Change(what) => change(&mut world, *agent, what),
            }
        }
    }
}

/// That the steps above reach what they are meant to reach: else the properties hold for nothing.
#[test]
fn random_steps_reach_each_refusal_and_each_end() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let (mut codes, mut causes, mut states) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..300 {
        let steps = steps().new_tree(&mut runner).unwrap().current();
        let mut world = World::new();
        for (agent, step, later) in &steps {
            world.seconds += later;
            match step {
                Step::Ask(wish, actor) => codes.extend(ask(&mut world, *agent, wish, actor).err().map(|r| r.code())),
                Step::Change(what) => change(&mut world, *agent, what),
            }
        }
        causes.extend(world.sessions.iter().filter_map(|session| session.cause));
        states.extend(world.states.iter().map(|(_, row)| row.state.as_str()));
    }
    for code in RefusalCode::ALL {
        // The only telephones that are asked for exist.
        assert!(codes.contains(code) || *code == RefusalCode::NoSuchTelephone, "{code}");
    }
    for cause in EndCause::ALL {
        // An account is removed by other means.
        assert!(causes.contains(cause) || *cause == EndCause::Removed, "{cause}");
    }
    for state in ["available", "paused", "partly_paused"] {
        assert!(states.contains(&state), "{state}");
    }
}
