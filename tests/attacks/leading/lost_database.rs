//! The database's connections end while requests are under way.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::served::House;

#[test]
#[expect(clippy::print_stderr, reason = "what is measured is shown with the test's output")]
fn a_connection_that_ends_within_a_transaction_is_503_in_every_route() {
    let house = House::new();
    let served = house.serve("service");
    let added = served.api("POST", "/api/v1/queues", r#"{"name": "sales"}"#).unwrap();
    assert!(added.0 < 300, "{added:?}");
    let over = AtomicBool::new(false);
    let routes = [
        ("GET", "/api/v1/agents", ""),
        ("GET", "/api/v1/nodes", ""),
        ("PATCH", "/api/v1/queues/sales", r#"{"timeout": 5}"#),
        ("PATCH", "/api/v1/queues/sales", r#"{"timeout": 6}"#),
        ("GET", "/api/v1/audit", ""),
        ("GET", "/health/ready", ""),
    ];
    let counts: Vec<BTreeMap<u16, usize>> = thread::scope(|scope| {
        let asking: Vec<_> = routes
            .iter()
            .map(|(method, path, body)| {
                let (served, over) = (&served, &over);
                scope.spawn(move || {
                    let mut counts = BTreeMap::new();
                    while !over.load(Ordering::Relaxed) {
                        if let Some((status, answer)) = served.api(method, path, body) {
                            assert_ne!(status, 500, "{method} {path}: {answer}\n{}", served.log());
                            *counts.entry(status).or_insert(0) += 1;
                        }
                    }
                    counts
                })
            })
            .collect();
        // Each connection ends within a hundredth of a second, wherever it is in its transaction.
        house.db.psql(
            "do $$
             begin
               for turn in 1..300 loop
                 perform pg_stat_clear_snapshot();
                 perform pg_terminate_backend(pid)
                 from pg_stat_activity
                 where datname = current_database() and application_name = 'peerage' and pid <> pg_backend_pid();
                 perform pg_sleep(0.01);
               end loop;
             end
             $$",
        );
        over.store(true, Ordering::Relaxed);
        asking.into_iter().map(|asking| asking.join().unwrap()).collect()
    });
    eprintln!("{counts:?}");
    let unavailable: usize = counts.iter().filter_map(|counts| counts.get(&503)).sum();
    assert!(unavailable > 0, "{counts:?}");
}
