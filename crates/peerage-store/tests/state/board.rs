//! Boards: who is on them, what they say, and that they cost the same however many agents there are.

use std::cell::Cell;
use std::sync::Once;

use diesel::connection::{InstrumentationEvent, set_default_instrumentation};
use peerage_model::{Choice, DisplayState, LogoutRequest, LogoutTime, NotOffered, QueueName};
use peerage_store::{Away, Board, BoardAgent, BoardFilter, BoardPhoneFilter, ReasonPatch};

use super::support::{Centre, at, because, failure, force, in_queue, own, supervisor, t, telephone};

thread_local! {
    static STATEMENTS: Cell<usize> = const { Cell::new(0) };
}

/// How many statements an operation sends. Call [`count_statements`] before the store is opened.
fn statements(operation: impl FnOnce()) -> usize {
    let before = STATEMENTS.get();
    operation();
    STATEMENTS.get() - before
}

/// Counts those of each thread, of connections made from now on: an operation runs on the thread that calls it.
fn count_statements() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        set_default_instrumentation(|| {
            Some(Box::new(|event: InstrumentationEvent<'_>| {
                if matches!(event, InstrumentationEvent::StartQuery { .. }) {
                    STATEMENTS.set(STATEMENTS.get() + 1);
                }
            }))
        })
        .unwrap();
    });
}

fn of(queues: &[&str]) -> BoardFilter {
    BoardFilter {
        queues: Some(queues.iter().map(|queue| t::<QueueName>(queue)).collect()),
        ..BoardFilter::default()
    }
}

fn with_away(filter: BoardFilter, after: Option<&str>, limit: u32) -> BoardFilter {
    BoardFilter {
        away: Some(Away {
            after: after.map(t),
            limit,
        }),
        ..filter
    }
}

fn numbers(board: &Board) -> Vec<&str> {
    board.agents.iter().map(|agent| agent.number.as_str()).collect()
}

fn matching(board: &Board) -> Vec<&str> {
    let matching = board.agents.iter().filter(|agent| agent.matches);
    matching.map(|agent| agent.number.as_str()).collect()
}

#[track_caller]
fn agent<'a>(board: &'a Board, number: &str) -> &'a BoardAgent {
    board
        .agents
        .iter()
        .find(|agent| agent.number.as_str() == number)
        .unwrap()
}

/// Queue, joined, paused.
fn seats(agent: &BoardAgent) -> Vec<(&str, bool, bool)> {
    let seats = agent.seats.iter();
    seats
        .map(|seat| (seat.queue.as_str(), seat.joined, seat.paused))
        .collect()
}

#[test]
fn a_board_says_who_is_where_why_and_for_how_long_at_most() {
    let centre = Centre::new();
    let lunch = ReasonPatch {
        label: Some("Lunch break".to_owned()),
        max_seconds: Some(Some(1800)),
        ..ReasonPatch::default()
    };
    centre.store.set_pause_reason(&t("lunch"), &lunch).unwrap();
    centre.register("2001", None);
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.log_in("1003", telephone("2001")).unwrap();
    centre.pause("1003", &because("lunch")).unwrap();
    let board = centre.store.board(&BoardFilter::default()).unwrap();
    let queues: Vec<(&str, u32)> = board
        .queues
        .iter()
        .map(|queue| (queue.name.as_str(), queue.assigned))
        .collect();
    assert_eq!(queues, [("billing", 0), ("sales", 4), ("support", 4)]);
    assert_eq!(numbers(&board), ["1001", "1003"]);

    let ada = agent(&board, "1001");
    assert_eq!(
        (ada.name.as_str(), ada.hot_desk, ada.leaving),
        ("Ada King", false, false)
    );
    assert_eq!(ada.now.state, DisplayState::Unreachable);
    assert_eq!(
        (&ada.reason, ada.registered_since, ada.registered_until),
        (&None, None, None)
    );
    assert_eq!(seats(ada), [("sales", true, false), ("support", true, false)]);

    let cy = agent(&board, "1003");
    assert_eq!(cy.now.state, DisplayState::Paused(Some(t("lunch"))));
    assert_eq!(cy.now.place.as_ref().unwrap().telephone, Some(t("2001")));
    let reason = cy.reason.as_ref().unwrap();
    assert_eq!(
        (
            reason.label.as_str(),
            reason.productive,
            reason.longest.unwrap().as_secs()
        ),
        ("Lunch break", false, 1800)
    );
    assert_eq!(cy.registered_since, Some(t("2026-01-01T09:00:00Z")));
    assert_eq!(cy.registered_until, Some(t("2100-01-01T00:00:00Z")));
    assert_eq!(seats(cy), [("sales", true, true), ("support", true, true)]);
}

#[test]
fn a_board_says_of_an_agent_what_lists_say() {
    let centre = Centre::new();
    centre.register("2001", Some("2026-01-02T00:00:00Z"));
    centre.log_in("1001", Choice::Phone).unwrap();
    centre.log_in("1002", Choice::Phone).unwrap();
    centre.log_in("1003", telephone("2002")).unwrap();
    centre.pause("1003", &in_queue("sales", "training")).unwrap();
    centre.log_out("1002").unwrap();
    let board = centre
        .store
        .board(&with_away(BoardFilter::default(), None, 10))
        .unwrap();
    assert_eq!(numbers(&board), ["1001", "1002", "1003", "1004"]);
    let lists = centre
        .store
        .agents_now(&board.agents.iter().map(|agent| &agent.number).collect::<Vec<_>>())
        .unwrap();
    for agent in &board.agents {
        assert_eq!(lists[&agent.number], agent.now);
    }
    assert_eq!(
        seats(agent(&board, "1003")),
        [("sales", true, true), ("support", true, false)]
    );
    assert_eq!(
        seats(agent(&board, "1002")),
        [("sales", false, false), ("support", false, false)]
    );
}

#[test]
fn a_board_of_some_queues_knows_nobody_and_nothing_else() {
    let centre = Centre::new();
    centre.store.unassign(&t("sales"), &t("1002")).unwrap();
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.log_in("1002", Choice::Internal).unwrap();
    let board = centre.store.board(&with_away(of(&["sales"]), None, 10)).unwrap();
    assert_eq!(numbers(&board), ["1001", "1003", "1004"]);
    assert_eq!(board.queues.len(), 1);
    assert_eq!(seats(agent(&board, "1001")), [("sales", true, false)]);
    // Of a queue that is none of theirs, nothing; without queues, nobody.
    let others = BoardFilter {
        queue: Some(t("support")),
        ..with_away(of(&["sales"]), None, 10)
    };
    assert_eq!(matching(&centre.store.board(&others).unwrap()), Vec::<&str>::new());
    let none = centre.store.board(&with_away(of(&[]), None, 10)).unwrap();
    assert_eq!((numbers(&none), none.queues.len()), (vec![], 0));
}

#[test]
fn search_and_queue_say_who_matches_and_who_is_at_work_is_there_all_the_same() {
    let centre = Centre::new();
    centre.set_agent("1001", |patch| patch.alias = Some(Some(t("50%_off"))));
    centre.store.assign(&t("billing"), &t("1003"), t("0")).unwrap();
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.log_in("1002", Choice::Internal).unwrap();
    for (search, queue, at_work, others) in [
        (Some("DIDDLEY"), None, vec!["1002"], vec![]),
        (Some("0%_o"), None, vec!["1001"], vec![]),
        (Some("100"), None, vec!["1001", "1002"], vec!["1003", "1004"]),
        (Some("%"), Some("sales"), vec!["1001"], vec![]),
        (None, Some("billing"), vec![], vec!["1003"]),
        (Some("nobody"), None, vec![], vec![]),
    ] {
        let filter = BoardFilter {
            search: search.map(str::to_owned),
            queue: queue.map(t),
            ..BoardFilter::default()
        };
        let board = centre.store.board(&with_away(filter, None, 10)).unwrap();
        let expected: Vec<&str> = at_work.iter().chain(&others).copied().collect();
        assert_eq!(matching(&board), expected, "{search:?} {queue:?}");
        let there: Vec<&str> = ["1001", "1002"].into_iter().chain(others).collect();
        assert_eq!(numbers(&board), there, "{search:?} {queue:?}");
    }
}

#[test]
fn those_who_are_away_come_in_pages_and_those_removed_do_not_come() {
    let centre = Centre::new();
    centre.log_in("1002", Choice::Internal).unwrap();
    let page = |after, limit| {
        let board = centre.store.board(&with_away(of(&["sales"]), after, limit)).unwrap();
        board
            .agents
            .iter()
            .map(|agent| agent.number.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(page(None, 1), ["1001", "1002"]);
    assert_eq!(page(Some("1001"), 1), ["1002", "1003"]);
    assert_eq!(page(Some("1003"), 5), ["1002", "1004"]);
    centre.store.remove_agent(&t("1003")).unwrap();
    assert_eq!(page(None, 9), ["1001", "1002", "1004"]);
}

#[test]
fn a_board_can_be_of_one_agent_at_work_or_not() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    for number in ["1001", "1002"] {
        let filter = BoardFilter {
            agent: Some(t(number)),
            ..with_away(of(&["sales"]), None, 1)
        };
        assert_eq!(numbers(&centre.store.board(&filter).unwrap()), [number]);
        let others = BoardFilter {
            queues: Some(vec![t("billing")]),
            ..filter
        };
        assert_eq!(numbers(&centre.store.board(&others).unwrap()), Vec::<&str>::new());
    }
}

#[test]
fn who_waits_to_leave_is_marked() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    let later = LogoutRequest {
        time: LogoutTime::AfterCall,
        reason: None,
    };
    centre.store.log_out(&t("1001"), &later, &own("1001")).unwrap();
    let board = centre.store.board(&BoardFilter::default()).unwrap();
    let ada = agent(&board, "1001");
    assert!(ada.leaving);
    assert_eq!(ada.reason.as_ref().unwrap().label, "After this call");
}

#[test]
fn a_board_takes_as_many_statements_for_many_agents_as_for_few() {
    count_statements();
    let centre = Centre::new();
    let look = || {
        let board = centre
            .store
            .board(&with_away(BoardFilter::default(), None, 200))
            .unwrap();
        assert!(!board.agents.is_empty());
    };
    let days = || assert!(!centre.store.agent_days(&super::board_days::today()).unwrap().is_empty());
    let phones = || {
        let all = BoardPhoneFilter {
            limit: 100,
            ..BoardPhoneFilter::default()
        };
        assert!(!centre.store.board_phones(&all).unwrap().is_empty());
    };
    centre.log_in("1001", Choice::Internal).unwrap();
    let few = (statements(look), statements(days), statements(phones));
    for number in 1101..1130 {
        let number = number.to_string();
        let agent = peerage_store::NewAgent::new(t(&number), t(&format!("Agent {number}")));
        centre.store.add_agent(&agent, &super::support::secret()).unwrap();
        for queue in ["billing", "sales", "support"] {
            centre.store.assign(&t(queue), &t(&number), t("0")).unwrap();
        }
        centre
            .store
            .log_in(&t(&number), &at(Choice::Internal), &supervisor())
            .unwrap();
        centre.add_phone(&format!("3{number}"));
    }
    assert_eq!((statements(look), statements(days), statements(phones)), few);
    // Three of them are the pool's question whether the connection is alive, begin, and commit.
    assert_eq!(few, (5, 4, 7));
}

#[test]
fn telephones_say_who_is_there_why_they_are_not_offered_and_whether_the_holder_is_ones_own() {
    let centre = Centre::new();
    centre.exec("insert into peerage.site (name) values ('rome')");
    centre.exec(
        "update peerage.sip_account set site_id = (select id from peerage.site where name = 'rome') where number = '2002'",
    );
    centre.store.unassign(&t("sales"), &t("1004")).unwrap();
    centre.register("2001", None);
    centre.register("2003", None);
    centre.log_in("1003", telephone("2001")).unwrap();
    centre.log_in("1004", telephone("2003")).unwrap();
    let filter = BoardPhoneFilter {
        queues: Some(vec![t("sales")]),
        limit: 10,
        ..BoardPhoneFilter::default()
    };
    let phones = centre.store.board_phones(&filter).unwrap();
    let seen: Vec<(&str, &str, Option<&str>, bool)> = phones
        .iter()
        .map(|phone| {
            let holder = phone.now.used_by.as_ref().map(|holder| holder.agent.as_str());
            (phone.number.as_str(), phone.site.as_str(), holder, phone.own)
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("2001", "default", Some("1003"), true),
            ("2002", "rome", None, false),
            ("2003", "default", Some("1004"), false),
        ]
    );
    assert!(matches!(phones[0].now.not_offered, Some(NotOffered::InUse(_))));
    assert_eq!(phones[1].now.not_offered, None);

    let listed = |filter: BoardPhoneFilter| {
        let phones = centre.store.board_phones(&filter).unwrap();
        phones.iter().map(|phone| phone.number.to_string()).collect::<Vec<_>>()
    };
    let all = BoardPhoneFilter {
        limit: 10,
        ..BoardPhoneFilter::default()
    };
    let with = |change: fn(&mut BoardPhoneFilter)| {
        let mut filter = all.clone();
        change(&mut filter);
        listed(filter)
    };
    assert_eq!(with(|filter| filter.in_use = true), ["2001", "2003"]);
    assert_eq!(with(|filter| filter.search = Some("K 2002".to_owned())), ["2002"]);
    assert_eq!(with(|filter| filter.sites = Some(vec![t("rome")])), ["2002"]);
    assert_eq!(with(|filter| filter.after = Some(t("2001"))), ["2002", "2003"]);
    assert_eq!(with(|filter| filter.limit = 1), ["2001"]);
    assert_eq!(with(|filter| filter.number = Some(t("2003"))), ["2003"]);
    assert!(centre.store.board_phones(&all).unwrap()[0].own);
}

#[test]
fn sites_of_queues_are_those_of_their_agents_the_largest_first() {
    let centre = Centre::new();
    centre.exec(
        "insert into peerage.site (name, time_zone) values ('rome', 'Europe/Rome'), ('empty', 'UTC');
         update peerage.sip_account set site_id = (select id from peerage.site where name = 'rome')
         where number in ('1002', '1003', '1004')",
    );
    let names = |queues: Option<&[QueueName]>| {
        let sites = centre.store.board_sites(queues).unwrap();
        sites.iter().map(|site| site.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names(Some(&[t("sales")])), ["rome", "default"]);
    centre.store.unassign(&t("sales"), &t("1001")).unwrap();
    assert_eq!(names(Some(&[t("sales")])), ["rome"]);
    assert_eq!(names(Some(&[])), Vec::<String>::new());
    assert_eq!(names(None), ["default", "rome", "empty"]);
    assert_eq!(centre.store.board_sites(None).unwrap()[1].time_zone, "Europe/Rome");
}

#[test]
fn who_may_end_one_agents_session_ends_nobody_elses() {
    let centre = Centre::new();
    centre.log_in("1003", telephone("2001")).unwrap();
    let taken = "agent 1003 has meanwhile taken the place";
    let (phone, reason) = (t("2001"), t("stuck"));
    let release = |from: &str| {
        centre
            .store
            .release_phone_from(&phone, &t(from), Some(&reason), &supervisor())
    };
    assert_eq!(failure(release("1004")), taken);
    let by_force = force(telephone("2001"), Some("needed"));
    for ends in [None, Some("1002")] {
        let ends = ends.map(t);
        let done = centre
            .store
            .log_in_ending(&t("1004"), &by_force, ends.as_ref(), &supervisor());
        assert_eq!(failure(done), taken);
    }
    assert!(centre.is_logged_in("1003") && !centre.is_logged_in("1004"));
    let done = centre
        .store
        .log_in_ending(&t("1004"), &by_force, Some(&t("1003")), &supervisor());
    assert!(done.unwrap());
    assert!(!centre.is_logged_in("1003"));
    assert!(release("1004").unwrap());
    assert!(!release("1003").unwrap());
}
