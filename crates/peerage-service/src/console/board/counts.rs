use peerage_model::{DisplayState, QueueName};

use super::at_work::AtWork;

/// The members of a queue, each counted once: as on a call or ringing, else as paused there, else as unreachable or available.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Members {
    pub(super) logged_in: u32,
    pub(super) on_call: u32,
    pub(super) ringing: u32,
    pub(super) paused: u32,
    pub(super) unreachable: u32,
    pub(super) available: u32,
}

impl Members {
    pub(super) fn of(queue: &QueueName, agents: &[AtWork]) -> Self {
        let mut members = Self::default();
        for seen in agents {
            let Some(seat) = seen.agent.seats.iter().find(|seat| seat.joined && seat.queue == *queue) else {
                continue;
            };
            members.logged_in += 1;
            match seen.state {
                DisplayState::OnCall => members.on_call += 1,
                DisplayState::Ringing => members.ringing += 1,
                _ if seat.paused => members.paused += 1,
                DisplayState::Unreachable => members.unreachable += 1,
                _ => members.available += 1,
            }
        }
        members
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use peerage_store::{AgentNow, BoardAgent, CallNow, KnownReason, Seat};

    use super::super::at_work::Show;
    use super::super::parts;
    use super::*;

    const NOW: jiff::Timestamp = jiff::Timestamp::UNIX_EPOCH;

    /// Since a minute ago; with seats as `queue` or, where paused, `-queue`.
    fn agent(state: DisplayState, seats: &[&str]) -> BoardAgent {
        let away = state == DisplayState::Offline;
        let since = NOW - SignedDuration::from_secs(60);
        BoardAgent {
            number: "1001".parse().unwrap(),
            name: "Ada King".parse().unwrap(),
            hot_desk: false,
            now: AgentNow {
                state,
                since: Some(since),
                place: None,
                logged_in_since: (!away).then_some(since),
                call: None,
                unreachable_at: Vec::new(),
            },
            reason: None,
            registered_since: None,
            registered_until: None,
            leaving: false,
            seats: seats
                .iter()
                .map(|seat| Seat {
                    queue: seat.trim_start_matches('-').parse().unwrap(),
                    joined: !away,
                    paused: seat.starts_with('-'),
                })
                .collect(),
            matches: true,
        }
    }

    fn seen(state: DisplayState, seats: &[&str]) -> AtWork {
        AtWork::of(agent(state, seats), NOW)
    }

    fn called(state: DisplayState, is_up: bool) -> AtWork {
        let since = NOW - SignedDuration::from_secs(7);
        let mut agent = agent(state, &["sales"]);
        agent.now.call = Some(CallNow { is_up, since });
        AtWork::of(agent, NOW)
    }

    #[test]
    fn each_member_is_counted_once() {
        let agents = [
            seen(DisplayState::Available, &["sales", "support"]),
            seen(DisplayState::PartlyPaused, &["-sales", "support"]),
            seen(DisplayState::Paused(None), &["-sales"]),
            seen(DisplayState::Unreachable, &["sales"]),
            called(DisplayState::Paused(None), true),
            called(DisplayState::Available, false),
            seen(DisplayState::Offline, &["sales"]),
        ];
        let members = Members {
            logged_in: 6,
            on_call: 1,
            ringing: 1,
            paused: 2,
            unreachable: 1,
            available: 1,
        };
        assert_eq!(Members::of(&"sales".parse().unwrap(), &agents), members);
        let two = Members {
            logged_in: 2,
            available: 2,
            ..Members::default()
        };
        assert_eq!(Members::of(&"support".parse().unwrap(), &agents), two);
        assert_eq!(Members::of(&"billing".parse().unwrap(), &agents), Members::default());
    }

    #[test]
    fn what_a_call_hides_is_said_beside_it() {
        let mut seen = called(DisplayState::Paused(None), true);
        seen.agent.leaving = true;
        let said = parts::state(&seen).into_string();
        for word in [
            "data-state=\"on_call\"",
            "On a call",
            ">Paused<",
            "logs out after the call",
        ] {
            assert!(said.contains(word), "{word} in {said}");
        }
        let clock = |seconds: i64| format!("data-since=\"{}\"", NOW - SignedDuration::from_secs(seconds));
        assert!(said.contains(&clock(7)), "since when the call is up: {said}");
        assert!(
            !said.contains(&clock(60)),
            "a pause without a bound is not timed meanwhile: {said}"
        );
    }

    #[test]
    fn a_pause_is_over_when_it_is_longer_than_its_reason_should_last() {
        let over = |longest: Option<u64>| {
            let mut agent = agent(DisplayState::Paused(None), &[]);
            agent.reason = Some(KnownReason {
                label: "Lunch".to_owned(),
                productive: false,
                longest: longest.map(std::time::Duration::from_secs),
            });
            AtWork::of(agent, NOW).is_over
        };
        assert!(!over(None));
        assert!(!over(Some(60)));
        assert!(over(Some(59)));
    }

    #[test]
    fn who_is_shown_is_who_is_in_that_state() {
        let all = [
            seen(DisplayState::Available, &[]),
            seen(DisplayState::PartlyPaused, &[]),
            called(DisplayState::Paused(None), true),
            seen(DisplayState::Unreachable, &[]),
            seen(DisplayState::Offline, &[]),
            called(DisplayState::Available, false),
        ];
        for (show, word, places) in [
            (Show::AtWork, "", &[0, 1, 2, 3, 5][..]),
            (Show::Everybody, "all", &[0, 1, 2, 3, 4, 5]),
            (Show::Available, "available", &[0]),
            (Show::Paused, "paused", &[1, 2]),
            (Show::Over, "over", &[]),
            (Show::OnCall, "on_call", &[2]),
            (Show::Ringing, "ringing", &[5]),
            (Show::Unreachable, "unreachable", &[3]),
            (Show::Away, "offline", &[4]),
        ] {
            let shown: Vec<usize> = (0..all.len()).filter(|place| show.shows(&all[*place])).collect();
            assert_eq!(shown, places, "{show:?}");
            assert_eq!((Show::of(word), show.word()), (show, word));
        }
        assert_eq!(Show::of("no such"), Show::AtWork);
    }
}
