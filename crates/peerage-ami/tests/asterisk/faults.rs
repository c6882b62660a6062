//! A network and an Asterisk that fail.

use std::time::SystemTime;

use peerage_ami::{NotSent, Unknown};
use peerage_testkit::proxy::Proxy;

use super::*;

fn proxy(asterisk: &Asterisk) -> Proxy {
    Proxy::to(asterisk.manager().unwrap().address).unwrap()
}

/// An action that is sent and not answered while the network stalls.
fn unanswered(link: &Link) -> tokio::task::JoinHandle<Outcome> {
    let link = link.clone();
    tokio::spawn(async move { link.send(Action::ping()).await })
}

#[tokio::test]
async fn a_cut_leaves_what_was_in_flight_unknown_and_the_link_comes_back() {
    for asterisk in SHARED.iter() {
        let proxy = proxy(asterisk);
        let link = open_with(settings(proxy.address())).await;
        link.send(Action::ping()).await.done().unwrap();
        proxy.stall();
        let pending: Vec<_> = (0..10).map(|_| unanswered(&link)).collect();
        // The last is behind them in the queue, so they have been sent when its own time is over.
        let late = link.send_within(Action::ping(), Duration::from_secs(1)).await;
        assert!(matches!(late, Outcome::Unknown(Unknown::Late)), "{late:?}");
        proxy.cut();
        for outcome in pending {
            let outcome = outcome.await.unwrap();
            assert!(matches!(outcome, Outcome::Unknown(Unknown::Lost)), "{outcome:?}");
        }
        assert!(!link.state().borrow().is_up());
        assert!(matches!(
            link.send(Action::ping()).await,
            Outcome::NotSent(NotSent::Down)
        ));
        proxy.pass();
        until(&link, State::is_up).await;
        link.send(Action::ping()).await.done().unwrap();
        link.shut_down().await;
    }
}

#[tokio::test]
async fn a_stalled_network_is_noticed_though_nothing_is_closed() {
    for asterisk in SHARED.iter() {
        let proxy = proxy(asterisk);
        let link = open_with(Settings {
            keepalive: Duration::from_secs(2),
            login_within: Duration::from_secs(2),
            ..settings(proxy.address())
        })
        .await;
        proxy.stall();
        let pending = unanswered(&link);
        assert_eq!(failure(&link).await, Failure::Silent);
        let outcome = pending.await.unwrap();
        assert!(matches!(outcome, Outcome::Unknown(Unknown::Lost)), "{outcome:?}");
        proxy.pass();
        until(&link, State::is_up).await;
        link.send(Action::ping()).await.done().unwrap();
        link.shut_down().await;
    }
}

#[tokio::test]
async fn down_since_is_when_it_went_down_however_often_it_tries() {
    for asterisk in SHARED.iter() {
        let proxy = proxy(asterisk);
        let link = open_with(settings(proxy.address())).await;
        proxy.refuse();
        let before = SystemTime::now();
        proxy.cut();
        let hung_up = until(&link, |state| matches!(state, State::Down { .. })).await;
        let refused = until(&link, |state| {
            matches!(
                state,
                State::Down {
                    failure: Failure::Unreachable(_),
                    ..
                }
            )
        })
        .await;
        let since = |state| match state {
            State::Down { since, .. } => since,
            other => panic!("{other:?}"),
        };
        let first = since(hung_up);
        assert!(first >= before);
        assert_eq!(first, since(refused));
        proxy.pass();
        until(&link, State::is_up).await;
        link.shut_down().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn asterisk_restarted_is_found_again() {
    for version in Version::ALL {
        let mut asterisk = start(version);
        let link = open(&asterisk).await;
        asterisk.restart().unwrap();
        // Up before it went down, or after: what counts is that it works.
        let back = async {
            while link.send(Action::ping()).await.done().is_err() {
                link.wait_until_up().await;
            }
        };
        tokio::time::timeout(PATIENCE, back).await.unwrap();
        asterisk.kill().unwrap();
        let failure = failure(&link).await;
        assert!(
            !matches!(failure, Failure::LoginRefused(_) | Failure::Fault(_)),
            "{failure}"
        );
        link.shut_down().await;
    }
}
