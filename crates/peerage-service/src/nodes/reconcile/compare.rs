//! A queue's members here and there. No I/O.

use peerage_ami::Frame;
use peerage_store::Member;

use crate::memory::Finding;

/// A member as Asterisk shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    interface: String,
    penalty: String,
    paused: bool,
    reason: String,
    /// Whether somebody added it there. Of the others Asterisk does not say whether they are from the database or a file.
    dynamic: bool,
}

impl Found {
    /// Reads an item of a list; none when it is about something else.
    pub(super) fn read(item: &Frame) -> Option<Self> {
        if item.event() != Some("QueueMember") {
            return None;
        }
        Some(Self {
            interface: item.get("Location").or_else(|| item.get("Interface"))?.to_owned(),
            penalty: item.get("Penalty").unwrap_or("0").to_owned(),
            paused: item.get("Paused") == Some("1"),
            reason: item.get("PausedReason").unwrap_or_default().to_owned(),
            dynamic: item.get("Membership") == Some("dynamic"),
        })
    }
}

/// What differs between the members that should be and those that are.
pub(super) fn compare(members: &[Member], found: &[Found]) -> Vec<Finding> {
    let ours = |found: &Found, member: &Member| !found.dynamic && found.interface == member.interface.as_str();
    let mut findings = Vec::new();
    for member in members {
        match found.iter().find(|found| ours(found, member)) {
            None => findings.push(Finding::Missing(member.interface.clone())),
            Some(found) => {
                if !same_pause(member, found) {
                    findings.push(Finding::Paused {
                        agent: member.agent.clone(),
                        interface: member.interface.clone(),
                        paused: found.paused,
                        reason: Some(found.reason.clone()).filter(|reason| !reason.is_empty()),
                    });
                }
                if member.penalty != found.penalty {
                    findings.push(Finding::Penalty {
                        interface: member.interface.clone(),
                        there: found.penalty.clone(),
                        here: member.penalty.clone(),
                    });
                }
            }
        }
    }
    let known = |found: &Found| members.iter().any(|member| ours(found, member));
    let strangers = found.iter().filter(|found| !known(found));
    findings.extend(strangers.map(|found| Finding::Stranger(found.interface.clone())));
    findings
}

/// Asterisk 16 reads and writes no reasons: one that is missing on either side says nothing.
fn same_pause(member: &Member, found: &Found) -> bool {
    let here = member.reason.as_ref().map_or("", |reason| reason.as_str());
    member.paused == found.paused && (here == found.reason || here.is_empty() || found.reason.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(paused: Option<&str>) -> Member {
        Member {
            agent: "1001".parse().unwrap(),
            interface: "PJSIP/1001".parse().unwrap(),
            penalty: "2".into(),
            paused: paused.is_some(),
            reason: paused.map(|reason| reason.parse().unwrap()),
        }
    }

    fn found(paused: Option<&str>) -> Found {
        Found {
            interface: "PJSIP/1001".into(),
            penalty: "2".into(),
            paused: paused.is_some(),
            reason: paused.unwrap_or_default().into(),
            dynamic: false,
        }
    }

    #[test]
    fn what_is_the_same_is_no_finding() {
        assert_eq!(compare(&[member(None)], &[found(None)]), []);
        assert_eq!(compare(&[member(Some("lunch"))], &[found(Some("lunch"))]), []);
        assert_eq!(compare(&[member(Some("lunch"))], &[found(Some(""))]), [], "Asterisk 16");
        assert_eq!(compare(&[], &[]), []);
    }

    #[test]
    fn a_pause_that_differs_is_found_with_what_the_node_holds() {
        for (here, there, reason) in [
            (Some("lunch"), None, None),
            (None, Some("lunch"), Some("lunch")),
            (Some("lunch"), Some("training"), Some("training")),
        ] {
            let findings = compare(&[member(here)], &[found(there)]);
            let expected = Finding::Paused {
                agent: "1001".parse().unwrap(),
                interface: "PJSIP/1001".parse().unwrap(),
                paused: there.is_some(),
                reason: reason.map(str::to_owned),
            };
            assert_eq!(findings, [expected]);
        }
    }

    #[test]
    fn members_that_are_missing_or_strange_or_of_another_penalty_are_found() {
        let interface = || "PJSIP/1001".parse().unwrap();
        assert_eq!(compare(&[member(None)], &[]), [Finding::Missing(interface())]);
        assert_eq!(compare(&[], &[found(None)]), [Finding::Stranger("PJSIP/1001".into())]);
        let added = Found {
            dynamic: true,
            ..found(None)
        };
        assert_eq!(
            compare(&[member(None)], &[added]),
            [Finding::Missing(interface()), Finding::Stranger("PJSIP/1001".into())]
        );
        let heavier = Found {
            penalty: "7".into(),
            ..found(None)
        };
        assert_eq!(
            compare(&[member(None)], &[heavier]),
            [Finding::Penalty {
                interface: interface(),
                there: "7".into(),
                here: "2".into()
            }]
        );
    }
}
