//! Those who change agents, telephones and queues while everybody is at work.

use std::sync::Barrier;
use std::thread;

use peerage_model::{Choice, LogoutRequest};
use peerage_store::{AgentPatch, PhonePatch, QueuePatch, StateError, Store, StoreError};

use super::invariants;
use super::races::Dice;
use super::support::{
    Centre, Outcome, because, force, in_queue, of_queue, open, own, supervisor, t, take_over, telephone,
};

const ATTEMPTS: usize = 40;

/// Done, refused, or not there: what an administrator and an agent may meet when the other was first.
#[track_caller]
fn understood<T>(what: &str, outcome: Result<T, StateError>) {
    match outcome {
        Ok(_) | Err(StateError::Refused(_) | StateError::Store(StoreError::NotFound(_))) => {}
        Err(StateError::Store(error)) => panic!("{what}: {error:?}"),
    }
}

fn work(store: &Store, dice: &mut Dice) -> Outcome {
    let number = ["1001", "1002", "1003", "1004"][dice.roll(4)];
    let who = t(number);
    let phone = ["2001", "2002"][dice.roll(2)];
    match dice.roll(8) {
        0 => store.log_in(&who, &take_over(telephone(phone)), &own(number)),
        1 => store.log_in(&who, &take_over(Choice::Phone), &own(number)),
        2 => store.log_in(&who, &force(Choice::Internal, Some("needed")), &supervisor()),
        3 => store.move_agent(
            &who,
            &peerage_model::MoveRequest {
                choice: telephone(phone),
                on_conflict: peerage_model::OnConflict::TakeOver,
            },
            &own(number),
        ),
        4 => store.log_out(&who, &LogoutRequest::default(), &own(number)),
        5 => store.pause(&who, &because("lunch"), &own(number)),
        6 => store.pause(&who, &in_queue("sales", "training"), &own(number)),
        _ => store.unpause(&who, &of_queue("support"), &own(number)),
    }
}

fn change(store: &Store, dice: &mut Dice) -> Result<bool, StoreError> {
    let number = ["1001", "1002", "1003", "1004"][dice.roll(4)];
    let queue = t(["sales", "support"][dice.roll(2)]);
    match dice.roll(6) {
        0 | 1 => store.assign(&queue, &t(number), t(["1", "2"][dice.roll(2)])),
        2 => store.unassign(&queue, &t(number)),
        3 => {
            let mut patch = PhonePatch::default();
            patch.account.disabled = Some(dice.roll(2) == 0);
            store.set_phone(&t(["2001", "2002"][dice.roll(2)]), &patch)
        }
        4 => {
            let mut patch = AgentPatch::default();
            patch.account.disabled = Some(dice.roll(3) == 0);
            store.set_agent(&t(number), &patch)
        }
        _ => {
            let (from, to) = [("billing", "sales"), ("sales", "billing")][dice.roll(2)];
            let patch = QueuePatch {
                name: Some(t(to)),
                ..QueuePatch::default()
            };
            match store.set_queue(&t(from), &patch) {
                // There are both at the moment.
                Err(StoreError::Conflict(_)) => Ok(false),
                outcome => outcome,
            }
        }
    }
}

#[test]
fn changes_of_the_configuration_and_people_at_work_do_not_get_in_each_others_way() {
    let centre = Centre::new();
    centre.let_take_over();
    centre.store.remove_queue(&t("billing")).unwrap();
    let stores: Vec<_> = (0..3).map(|_| open(&centre.db)).collect();
    // Until they did meet: sessions ended by their agents, by others, and by changes.
    let met = "select count(distinct end_cause) > 2 and count(*) > 10 from peerage.agent_session";
    for round in 0.. {
        assert!(round < 20, "they never met");
        everybody_at_once(&centre, &stores, round);
        centre.with(invariants::hold);
        if centre.sql(met) == "t" {
            break;
        }
    }
}

fn everybody_at_once(centre: &Centre, stores: &[Store], round: usize) {
    let nodes = [centre.node("pbx1"), centre.node("pbx2")];
    let start = Barrier::new(16);
    thread::scope(|scope| {
        for worker in 0..14 {
            let (store, start) = (&stores[worker % stores.len()], &start);
            scope.spawn(move || {
                let mut dice = Dice::new(round * 16 + worker);
                start.wait();
                for _ in 0..ATTEMPTS {
                    if worker < 8 {
                        understood("at work", work(store, &mut dice));
                    } else {
                        understood("changing", change(store, &mut dice).map_err(StateError::from));
                    }
                }
            });
        }
        for (worker, mut node) in (14..16).zip(nodes) {
            let start = &start;
            scope.spawn(move || {
                let mut dice = Dice::new(round * 16 + worker);
                start.wait();
                for _ in 0..ATTEMPTS {
                    let members = node.read("select uniqueid from queue_members where queue_name <> 'peerage-probe'");
                    for uniqueid in members.lines() {
                        let set = match dice.roll(3) {
                            0 => "reason_paused = '', paused = '0'",
                            1 => "penalty = '-1'",
                            _ => "reason_paused = 'Auto-Pause', paused = '1'",
                        };
                        assert!(node.update(uniqueid, set) <= 1);
                    }
                }
            });
        }
    });
}

#[test]
fn a_queue_that_is_removed_or_renamed_while_its_members_come_and_go() {
    let centre = Centre::new();
    let stores: Vec<_> = (0..2).map(|_| open(&centre.db)).collect();
    let start = Barrier::new(8);
    thread::scope(|scope| {
        for worker in 0..8 {
            let (store, start) = (&stores[worker % stores.len()], &start);
            scope.spawn(move || {
                let mut dice = Dice::new(worker);
                start.wait();
                for _ in 0..ATTEMPTS {
                    let number = ["1001", "1002"][dice.roll(2)];
                    match worker {
                        0..4 => {
                            understood(
                                "in",
                                store.log_in(&t(number), &force(Choice::Internal, Some("now")), &supervisor()),
                            );
                            understood(
                                "out",
                                store.log_out(&t(number), &LogoutRequest::default(), &own(number)),
                            );
                        }
                        4 => understood("remove", store.remove_queue(&t("sales")).map_err(StateError::from)),
                        5 => match store.add_queue(&t("sales"), &QueuePatch::default()) {
                            Ok(()) | Err(StoreError::Conflict(_)) => {}
                            Err(error) => panic!("{error:?}"),
                        },
                        _ => understood(
                            "assign",
                            store.assign(&t("sales"), &t(number), t("1")).map_err(StateError::from),
                        ),
                    }
                }
            });
        }
    });
    centre.with(invariants::hold);
}

#[test]
fn an_agent_who_is_removed_is_no_error_to_those_who_want_the_telephone() {
    let centre = Centre::new();
    centre.let_take_over();
    centre.log_in("1003", telephone("2001")).unwrap();
    let store = open(&centre.db);
    // The removal is under way: Cy's row is locked.
    centre.exec("begin; select peerage.lock_agent(id) from peerage.agent where number = '1003'");
    let login = thread::spawn(move || store.log_in(&t("1004"), &take_over(telephone("2001")), &own("1004")));
    centre.until_somebody_waits();
    centre.exec("delete from peerage.sip_account where number = '1003'; commit");
    assert!(login.join().unwrap().unwrap());
    let cause = "select end_cause from peerage.agent_session where agent_number = '1003'";
    assert_eq!(centre.sql(cause), "removed");
    centre.with(invariants::hold);
}

#[test]
fn a_number_that_goes_to_another_agent_while_somebody_waits_is_the_other_agents() {
    for operation in [
        |store: &Store| store.log_in(&t("1001"), &Default::default(), &own("1001")),
        |store: &Store| store.pause(&t("1001"), &Default::default(), &supervisor()),
    ] {
        let centre = Centre::new();
        centre.log_in("1001", Choice::Internal).unwrap();
        let store = open(&centre.db);
        centre.exec("begin; select peerage.lock_agent(id) from peerage.agent where number = '1001'");
        let waiting = thread::spawn(move || operation(&store));
        centre.until_somebody_waits();
        // Ada is removed, and Cyd gets the number.
        centre.exec(
            "delete from peerage.sip_account where number = '1001';
             insert into peerage.sip_account (site_id, number, kind) select id, '1001', 'agent' from peerage.site;
             insert into peerage.agent (account_id, number, full_name)
             select id, number, 'Cyd Charisse' from peerage.sip_account where number = '1001';
             commit",
        );
        match waiting.join().unwrap() {
            Ok(changed) => assert!(changed),
            Err(StateError::Refused(refusal)) => {
                assert_eq!(
                    refusal.to_string(),
                    "agent 1001 (Cyd Charisse) is not logged in; log in first"
                );
            }
            Err(error) => panic!("{error:?}"),
        }
        centre.with(invariants::hold);
        let ada = "select end_cause from peerage.agent_session where member_name = 'Ada King'";
        assert_eq!(centre.sql(ada), "removed");
    }
}
