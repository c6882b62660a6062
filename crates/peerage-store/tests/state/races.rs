//! Many at once: one open session for each agent and each interface, and whoever loses is told why.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use peerage_model::{LogoutRequest, Number, OnConflict, Refusal, RefusalCode};
use peerage_store::{StateError, Store};

use super::invariants;
use super::support::{
    Centre, Outcome, at, because, force, in_queue, of_queue, open, own, refusal, supervisor, t, take_over, telephone,
    to,
};

const WORKERS: usize = 64;

/// Numbers that look random and are the same in each run.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: usize) -> Self {
        Self(u64::try_from(seed).unwrap())
    }

    /// One of so many, from zero.
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        // Knuth's constants for a linear congruential generator (MMIX); its high bits are the good ones.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// Hot-desk agents from 10000 on in the queue sales, and telephones from 20000 on.
fn call_centre(agents: usize, phones: usize) -> Centre {
    let centre = Centre::empty();
    centre.exec(&format!(
        "insert into peerage.queue (name) values ('sales');
         update peerage.site set conflict_policy = 'take_over';
         insert into peerage.sip_account (site_id, number, kind)
         select site.id, (20000 + n)::text, 'phone' from peerage.site, generate_series(0, {phones} - 1) as n;
         insert into peerage.phone (account_id, number, full_name)
         select id, number, 'Desk ' || number from peerage.sip_account where kind = 'phone';
         insert into peerage.sip_account (site_id, number, kind)
         select site.id, (10000 + n)::text, 'agent' from peerage.site, generate_series(0, {agents} - 1) as n;
         insert into peerage.agent (account_id, number, full_name, hot_desk)
         select id, number, 'Agent ' || number, true from peerage.sip_account where kind = 'agent';
         insert into peerage.queue_assignment (queue_id, agent_id)
         select queue.id, agent.id from peerage.queue, peerage.agent;
         analyze;"
    ));
    centre
}

fn agent(n: usize) -> Number {
    t(&(10_000 + n).to_string())
}

fn phone(n: usize) -> String {
    (20_000 + n).to_string()
}

/// Several, for one has eight connections at most.
fn stores(centre: &Centre) -> Vec<Store> {
    (0..4).map(|_| open(&centre.db)).collect()
}

/// What is neither done nor refused is a failure.
fn told(outcome: Outcome) -> Result<bool, RefusalCode> {
    match outcome {
        Ok(changed) => Ok(changed),
        Err(StateError::Refused(refusal)) => Err(refusal.code()),
        Err(StateError::Store(error)) => panic!("neither done nor refused: {error:?}"),
    }
}

/// One attempt of anything by anybody.
fn attempt(store: &Store, dice: &mut Dice, agents: usize, phones: usize) -> Result<bool, RefusalCode> {
    let who = agent(dice.roll(agents));
    // Half of the time everybody wants the same few.
    let among = if dice.roll(2) == 0 { 8 } else { phones };
    let number = phone(dice.roll(among));
    let there = telephone(&number);
    match dice.roll(10) {
        0..4 => match dice.roll(4) {
            0 => told(store.log_in(&who, &take_over(there), &own(who.as_str()))),
            1 => told(store.log_in(&who, &force(there, Some("needed")), &supervisor())),
            _ => told(store.log_in(&who, &at(there), &own(who.as_str()))),
        },
        4..7 => {
            let mut request = to(there);
            if dice.roll(3) == 0 {
                request.on_conflict = OnConflict::TakeOver;
            }
            told(store.move_agent(&who, &request, &own(who.as_str())))
        }
        7..9 => told(store.log_out(&who, &LogoutRequest::default(), &own(who.as_str()))),
        _ => told(store.release_phone(&t(&number), Some(&t("stuck")), &supervisor())),
    }
}

#[test]
fn sixty_four_at_once_on_two_hundred_telephones() {
    const AGENTS: usize = 100;
    const PHONES: usize = 200;
    const ROUNDS: usize = 5;
    const ATTEMPTS: usize = 10;
    let centre = call_centre(AGENTS, PHONES);
    let stores = stores(&centre);
    let expected = [
        RefusalCode::TelephoneInUse,
        RefusalCode::LoggedInElsewhere,
        RefusalCode::NotLoggedIn,
    ];
    let (mut done, mut refused) = (0, 0);
    for round in 0..ROUNDS {
        let start = Barrier::new(WORKERS);
        let outcomes: Vec<_> = thread::scope(|scope| {
            let work = |worker: usize| {
                let (store, start) = (&stores[worker % stores.len()], &start);
                scope.spawn(move || {
                    let mut dice = Dice::new(round * WORKERS + worker);
                    start.wait();
                    (0..ATTEMPTS)
                        .map(|_| attempt(store, &mut dice, AGENTS, PHONES))
                        .collect::<Vec<_>>()
                })
            };
            let workers: Vec<_> = (0..WORKERS).map(work).collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
        });
        for outcome in outcomes {
            match outcome {
                Ok(changed) => done += usize::from(changed),
                Err(code) => {
                    assert!(expected.contains(&code), "{code:?}");
                    refused += 1;
                }
            }
        }
        centre.with(invariants::hold);
    }
    assert!(done > 500, "only {done} attempts did anything");
    assert!(refused > 500, "only {refused} attempts were refused");
    let ended = centre.sql("select count(distinct end_cause) from peerage.agent_session where ended_at is not null");
    assert_eq!(ended, "3", "by agents, by take-over, by a supervisor");
}

#[test]
fn of_sixty_four_who_want_one_telephone_one_has_it_and_the_others_are_told_who() {
    let centre = call_centre(WORKERS, 1);
    let stores = stores(&centre);
    for _ in 0..3 {
        let start = Barrier::new(WORKERS);
        let outcomes: Vec<_> = thread::scope(|scope| {
            let work = |worker: usize| {
                let (store, start) = (&stores[worker % stores.len()], &start);
                scope.spawn(move || {
                    let who = agent(worker);
                    start.wait();
                    store.log_in(&who, &at(telephone(&phone(0))), &own(who.as_str()))
                })
            };
            let workers: Vec<_> = (0..WORKERS).map(work).collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).collect()
        });
        let winner = centre.sql("select agent_number from peerage.agent_session where ended_at is null");
        let mut losers = 0;
        for (worker, outcome) in outcomes.into_iter().enumerate() {
            if agent(worker).as_str() == winner {
                assert!(outcome.unwrap());
                continue;
            }
            match refusal(outcome) {
                Refusal::TelephoneInUse(in_use) => assert_eq!(in_use.holder.agent.as_str(), winner),
                other => panic!("{other}"),
            }
            losers += 1;
        }
        assert_eq!(losers, WORKERS - 1);
        let winner: Number = t(&winner);
        assert!(
            stores[0]
                .log_out(&winner, &LogoutRequest::default(), &own(winner.as_str()))
                .unwrap()
        );
        centre.with(invariants::hold);
    }
}

#[test]
fn everybody_who_goes_on_asking_gets_a_telephone() {
    const AGENTS: usize = 64;
    let centre = call_centre(AGENTS, AGENTS);
    let stores = stores(&centre);
    let start = Barrier::new(WORKERS);
    thread::scope(|scope| {
        for worker in 0..WORKERS {
            let (store, start) = (&stores[worker % stores.len()], &start);
            scope.spawn(move || {
                let who = agent(worker);
                start.wait();
                // All begin with the same one. There are as many as agents, so once round is enough.
                for n in 0..AGENTS {
                    match told(store.log_in(&who, &at(telephone(&phone(n))), &own(who.as_str()))) {
                        Ok(changed) => return assert!(changed),
                        Err(code) => assert_eq!(code, RefusalCode::TelephoneInUse),
                    }
                }
                panic!("{who} got none");
            });
        }
    });
    let taken = "select count(*), count(distinct agent_id), count(distinct interface) from peerage.agent_session where ended_at is null";
    assert_eq!(centre.sql(taken), "64,64,64");
    centre.with(invariants::hold);
}

/// Counts itself out, also when its thread panics: nobody must wait for it then.
struct Working<'a>(&'a AtomicUsize);

impl Drop for Working<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[test]
fn sixty_four_who_steer_one_agent_while_asterisk_writes() {
    const ATTEMPTS: usize = 32;
    let centre = Centre::new();
    let stores = stores(&centre);
    let nodes = [centre.node("pbx1"), centre.node("pbx2")];
    let start = Barrier::new(WORKERS + nodes.len());
    let working = AtomicUsize::new(WORKERS);
    thread::scope(|scope| {
        for worker in 0..WORKERS {
            let (store, start) = (&stores[worker % stores.len()], &start);
            let working = Working(&working);
            scope.spawn(move || {
                let _working = working;
                let who: Number = t("1001");
                let by = own("1001");
                let mut dice = Dice::new(worker);
                start.wait();
                for _ in 0..ATTEMPTS {
                    let outcome = match worker % 3 {
                        0 => store.log_in(&who, &Default::default(), &by),
                        1 if dice.roll(3) == 0 => store.log_out(&who, &LogoutRequest::default(), &by),
                        1 => store.unpause(&who, &of_queue("sales"), &by),
                        _ => match dice.roll(3) {
                            0 => store.pause(&who, &because("lunch"), &by),
                            1 => store.pause(&who, &in_queue("sales", "training"), &by),
                            _ => store.unpause(&who, &Default::default(), &by),
                        },
                    };
                    match told(outcome) {
                        Ok(_) | Err(RefusalCode::NotLoggedIn) => {}
                        Err(code) => panic!("{code:?}"),
                    }
                }
            });
        }
        for (seed, mut node) in (WORKERS..).zip(nodes) {
            let (start, working) = (&start, &working);
            scope.spawn(move || {
                let mut dice = Dice::new(seed);
                start.wait();
                while working.load(Ordering::Relaxed) > 0 {
                    let members = node.read("select uniqueid from queue_members where interface = 'PJSIP/1001'");
                    for uniqueid in members.lines() {
                        let set = match dice.roll(4) {
                            0 => "reason_paused = '', paused = '0'",
                            1 => "penalty = '3'",
                            _ => "reason_paused = 'Auto-Pause', paused = '1'",
                        };
                        // It may have ended meanwhile.
                        assert!(node.update(uniqueid, set) <= 1);
                    }
                }
            });
        }
    });
    centre.with(invariants::hold);
    let done = "select count(*) > 20 from peerage.agent_session";
    assert_eq!(centre.sql(done), "t");
    let actors = "select count(distinct actor) > 1 from peerage.agent_pause";
    assert_eq!(centre.sql(actors), "t", "by the agent and by Asterisk");
}

#[test]
fn who_takes_a_telephone_that_is_just_left_begins_after_the_other_ended() {
    let centre = Centre::new();
    centre.let_take_over();
    centre.log_in("1004", telephone("2001")).unwrap();
    let store = open(&centre.db);
    // Di's logout is under way when Cy, whose lock comes first, wants the telephone.
    centre.exec("begin; select peerage.lock_agent(id) from peerage.agent where number = '1004'");
    let login = thread::spawn(move || store.log_in(&t("1003"), &take_over(telephone("2001")), &own("1003")));
    centre.until_somebody_waits();
    centre.exec(
        "select peerage.end_session(session.id, 'agent', null, 'agent:1004', clock_timestamp())
         from peerage.agent_session as session;
         commit",
    );
    assert!(login.join().unwrap().unwrap());
    // Cy took nothing from Di, and came after.
    assert_eq!(centre.end("1004"), "agent,,agent:1004");
    centre.with(invariants::hold);
}
