//! Where calls ring: each interface, and why it is refused.

use peerage_model::{Choice, RefusalCode};

use super::support::{Centre, at, own, supervisor, t, telephone};

/// Kind, interface and telephone of the open session.
fn place(centre: &Centre, number: &str) -> String {
    centre.sql(&format!(
        "select session.interface_kind, session.interface, session.phone_number
         from peerage.agent_session as session
           join peerage.agent_place as place on place.session_id = session.id
             and place.ended_at is null
             and place.interface_kind = session.interface_kind
             and place.interface = session.interface
             and place.phone_number is not distinct from session.phone_number
         where session.agent_number = '{number}'
           and session.ended_at is null"
    ))
}

#[test]
fn each_choice_rings_where_it_says() {
    let centre = Centre::new();
    for (number, choice, rings) in [
        ("1001", Choice::Internal, "internal,PJSIP/1001,"),
        ("1001", Choice::Phone, "phone,Local/+49301234@peerage-outbound/n,"),
        ("1001", Choice::Mobile, "mobile,Local/01701234@peerage-outbound/n,"),
        // The phone field names an account.
        ("1002", Choice::Phone, "phone,PJSIP/2001,"),
        ("1003", telephone("2001"), "hot_desk,PJSIP/2001,2001"),
    ] {
        assert!(centre.log_in(number, choice).unwrap());
        assert_eq!(place(&centre, number), rings);
        let members =
            "select distinct interface, state_interface from peerage.queue_login where session_id is not null";
        let interface = rings.split(',').nth(1).unwrap();
        assert_eq!(centre.sql(members), format!("{interface},{interface}"));
        assert!(centre.log_out(number).unwrap());
    }
}

#[test]
fn the_driver_is_that_of_the_site_of_the_account_that_rings() {
    let centre = Centre::new();
    centre.exec("update peerage.site set driver = 'sip'");
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.log_in("1003", telephone("2002")).unwrap();
    assert_eq!(place(&centre, "1001"), "internal,SIP/1001,");
    assert_eq!(place(&centre, "1003"), "hot_desk,SIP/2002,2002");
    centre.exec(
        "insert into peerage.site (name, driver) values ('leeds', 'pjsip');
         update peerage.sip_account set site_id = (select id from peerage.site where name = 'leeds') where number = '2001';",
    );
    centre.log_in("1002", Choice::Phone).unwrap();
    assert_eq!(place(&centre, "1002"), "phone,PJSIP/2001,");
}

#[test]
fn an_interface_that_the_agent_has_not_is_refused() {
    let centre = Centre::new();
    centre.refuses(
        RefusalCode::NoSuchInterface,
        "agent 1002 has no mobile; enter a number as the agent's mobile, or choose another interface",
        || centre.log_in("1002", Choice::Mobile),
    );
    centre.set_agent("1002", |patch| patch.phone = Some(Some(t("desk-9"))));
    centre.refuses(
        RefusalCode::NoSuchInterface,
        "the phone of agent 1002, desk-9, is neither an account nor an outside number; enter a number as the agent's phone, or choose another interface",
        || centre.log_in("1002", Choice::Phone),
    );
}

#[test]
fn a_phone_field_that_names_a_disabled_account_is_refused() {
    let centre = Centre::new();
    centre.exec("update peerage.sip_account set disabled = true where number = '2001'");
    centre.refuses(
        RefusalCode::AccountDisabled,
        "account 2001 is disabled; ask an administrator to enable it",
        || centre.log_in("1002", Choice::Phone),
    );
}

#[test]
fn hot_desk_takes_telephones_only_and_the_others_take_none() {
    let centre = Centre::new();
    centre.log_in("1004", telephone("2002")).unwrap();
    for choice in [Choice::Internal, Choice::Phone, Choice::Mobile] {
        centre.refuses(
            RefusalCode::ChooseATelephone,
            "agent 1003 has hot desk and needs a phone instead of an interface; choose one of 2001, 2003",
            || centre.log_in("1003", choice),
        );
    }
    centre.refuses(
        RefusalCode::ChooseATelephone,
        "agent 1003 has hot desk and needs a phone instead of an interface; choose one of 2001, 2003",
        || centre.store.log_in(&t("1003"), &Default::default(), &own("1003")),
    );
    centre.refuses(
        RefusalCode::NoHotDesk,
        "agent 1001 has no hot desk and needs an interface instead of a phone; choose internal, phone or mobile",
        || centre.log_in("1001", telephone("2001")),
    );
}

#[test]
fn two_agents_never_share_an_interface_whatever_its_kind() {
    let centre = Centre::new();
    centre.log_in("1003", telephone("2001")).unwrap();
    centre.refuses(
        RefusalCode::InterfaceInUse,
        "phone (PJSIP/2001) is in use by agent 1003 (Cy Twombly) since T; choose another one, or ask a supervisor to release it",
        || centre.log_in("1002", Choice::Phone),
    );
    centre.log_out("1003").unwrap();
    centre.log_in("1002", Choice::Phone).unwrap();
    centre.refuses(
        RefusalCode::TelephoneInUse,
        "phone 2001 is in use by agent 1002 (Bo Diddley) since T; choose another one, or ask a supervisor to release it",
        || centre.log_in("1003", telephone("2001")),
    );
    // Two who share a mobile.
    centre.log_out("1002").unwrap();
    centre.set_agent("1002", |patch| patch.mobile = Some(Some(t("01701234"))));
    centre.log_in("1001", Choice::Mobile).unwrap();
    centre.refuses(
        RefusalCode::InterfaceInUse,
        "mobile (Local/01701234@peerage-outbound/n) is in use by agent 1001 (Ada King) since T; choose another one, or ask a supervisor to release it",
        || centre.log_in("1002", Choice::Mobile),
    );
    // Somebody whose phone is another's own account.
    centre.set_agent("1002", |patch| patch.phone = Some(Some(t("1001"))));
    centre.log_in("1002", Choice::Phone).unwrap();
    centre.refuses(
        RefusalCode::InterfaceInUse,
        "internal (PJSIP/1001) is in use by agent 1002 (Bo Diddley) since T; choose another one, or ask a supervisor to release it",
        || centre.move_to("1001", Choice::Internal),
    );
}

#[test]
fn the_choice_of_an_interface_can_be_taken_away_from_the_agent_alone() {
    let centre = Centre::new();
    centre.set_agent("1001", |patch| patch.permissions.choose_interface = Some(false));
    for choice in [Choice::Phone, Choice::Mobile] {
        centre.refuses(
            RefusalCode::NotPermitted,
            "agent:1001 may not choose an interface other than internal; ask a supervisor or an administrator",
            || centre.log_in("1001", choice),
        );
    }
    assert!(centre.log_in("1001", Choice::Internal).unwrap());
    assert!(centre.log_out("1001").unwrap());
    assert!(
        centre
            .store
            .log_in(&t("1001"), &at(Choice::Mobile), &supervisor())
            .unwrap()
    );
}

#[test]
fn who_may_not_take_any_telephone_may_take_the_own_one() {
    let centre = Centre::new();
    centre.set_agent("1003", |patch| {
        patch.permissions.take_any_phone = Some(false);
        patch.phone = Some(Some(t("2002")));
    });
    centre.refuses(
        RefusalCode::NotPermitted,
        "agent:1003 may not use another phone than their own; ask a supervisor or an administrator",
        || centre.log_in("1003", telephone("2001")),
    );
    assert!(centre.log_in("1003", telephone("2002")).unwrap());
    assert!(centre.log_out("1003").unwrap());
    assert!(
        centre
            .store
            .log_in(&t("1003"), &at(telephone("2001")), &supervisor())
            .unwrap()
    );
}
