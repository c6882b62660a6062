//! The telephone list, and what a page says an agent is.

use peerage_model::*;

use crate::state_fixture::*;

fn offered(situation: &Situation) -> Vec<String> {
    let list = telephone_list(&situation.phones, &situation.site);
    let offered = list.into_iter().filter(|phone| phone.not_offered.is_none());
    offered.map(|phone| phone.number.to_string()).collect()
}

#[test]
fn each_telephone_has_the_one_reason_why_it_is_not_offered() {
    let list = telephone_list(&hot_desk_ada().phones, &SiteName::default());
    let reasons: Vec<_> = list.into_iter().map(|phone| phone.not_offered).collect();
    let expected = [
        None,
        None,
        Some(NotOffered::InUse(bo_on("PJSIP/202"))),
        Some(NotOffered::NotRegistered(Some(at(-600)))),
        Some(NotOffered::Disabled),
        Some(NotOffered::OtherSite(t("leeds"))),
    ];
    assert_eq!(reasons, expected);
}

#[test]
fn of_several_reasons_the_first_is_given() {
    let mut phone = telephone("200");
    phone.registration = Registration::Absent(None);
    phone.used_by = Some(bo_on("PJSIP/200"));
    let only = |phone: &PhoneSeen, site: &str| {
        let list = telephone_list(&[phone.clone(), telephone("201")], &t(site));
        list.into_iter().next().unwrap().not_offered.unwrap()
    };
    assert!(matches!(only(&phone, "default"), NotOffered::InUse(_)));
    phone.disabled = true;
    assert_eq!(only(&phone, "default"), NotOffered::Disabled);
    assert_eq!(only(&phone, "leeds"), NotOffered::OtherSite(SiteName::default()));
}

#[test]
fn when_no_telephone_of_the_site_is_registered_all_free_ones_are_offered() {
    let mut situation = hot_desk_ada();
    assert_eq!(offered(&situation), ["200", "201"]);
    for phone in &mut situation.phones[..3] {
        phone.registration = Registration::Absent(None);
    }
    // What is disabled, or at another site, is no sign that registrations arrive.
    assert!(situation.phones[4].is_registered() && situation.phones[5].is_registered());
    assert_eq!(offered(&situation), ["200", "201", "203"]);
}

#[test]
fn a_telephone_that_is_registered_and_in_use_still_counts_as_registered() {
    let mut situation = hot_desk_ada();
    for phone in &mut situation.phones[..2] {
        phone.registration = Registration::Absent(None);
    }
    assert_eq!(offered(&situation), [""; 0]);
}

#[test]
fn the_first_state_that_holds_is_displayed() {
    let available = SessionState::Available;
    let lunch = SessionState::Paused(Some(t("lunch")));
    let partly = SessionState::PartlyPaused;
    let nothing = Overlay::default();
    let unreachable = Overlay {
        unreachable: true,
        ..nothing
    };
    let ringing = Overlay {
        ringing: true,
        ..unreachable
    };
    let on_call = Overlay {
        on_call: true,
        ..ringing
    };
    let shown = |session, overlay| display_state(session, overlay).as_str().to_owned();
    for session in [None, Some(&available), Some(&lunch), Some(&partly)] {
        assert_eq!(shown(session, on_call), "on_call");
        assert_eq!(shown(session, ringing), "ringing");
    }
    assert_eq!(
        display_state(Some(&lunch), unreachable),
        DisplayState::Paused(Some(t("lunch")))
    );
    assert_eq!(shown(Some(&lunch), nothing), "paused");
    assert_eq!(shown(Some(&partly), unreachable), "partly_paused");
    assert_eq!(shown(Some(&available), unreachable), "unreachable");
    assert_eq!(shown(Some(&available), nothing), "available");
    assert_eq!(shown(None, unreachable), "offline");
}
