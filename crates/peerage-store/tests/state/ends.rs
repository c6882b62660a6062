//! What ends a session without anybody logging out: the account is disabled or removed.

use std::thread;

use jiff::Timestamp;
use peerage_model::{Choice, RefusalCode};
use peerage_store::{PhonePatch, StoreError};

use super::support::{Centre, failure, refusal, t, telephone};

#[test]
fn a_disabled_account_ends_the_session_of_its_agent() {
    let centre = Centre::new();
    for (number, choice) in [("1001", Choice::Mobile), ("1003", telephone("2001"))] {
        centre.log_in(number, choice).unwrap();
        centre.pause(number, &Default::default()).unwrap();
        centre.set_agent(number, |patch| patch.account.disabled = Some(true));
        assert_eq!(centre.end(number), "admin,\"the account was disabled\",test:ada");
        assert_eq!(centre.members(number), "");
        assert_eq!(centre.state(number), "offline,");
    }
    assert_eq!(
        centre.sql("select count(*) from peerage.agent_pause where ended_at is null"),
        "0"
    );
}

#[test]
fn a_disabled_account_ends_the_session_of_whoever_it_rings_for() {
    let centre = Centre::new();
    let disable = |disabled| {
        let mut patch = PhonePatch::default();
        patch.account.disabled = Some(disabled);
        assert!(centre.store.set_phone(&t("2001"), &patch).unwrap());
    };
    // By hot desk, and by the phone field; not that of somebody elsewhere.
    centre.log_in("1004", telephone("2002")).unwrap();
    for (number, choice) in [("1003", telephone("2001")), ("1002", Choice::Phone)] {
        centre.log_in(number, choice).unwrap();
        disable(true);
        assert_eq!(centre.end(number), "admin,\"the account was disabled\",test:ada");
        disable(false);
        assert!(!centre.is_logged_in(number));
    }
    assert!(centre.is_logged_in("1004"));
    // An agent's own account may be another's phone.
    centre.set_agent("1002", |patch| patch.phone = Some(Some(t("1001"))));
    centre.log_in("1002", Choice::Phone).unwrap();
    centre.set_agent("1001", |patch| patch.account.disabled = Some(true));
    assert_eq!(centre.end("1002"), "admin,\"the account was disabled\",test:ada");
}

#[test]
fn a_removed_agent_or_telephone_ends_the_session_and_history_stays() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.log_in("1003", telephone("2001")).unwrap();
    centre.log_in("1002", Choice::Internal).unwrap();
    centre.store.remove_agent(&t("1001")).unwrap();
    centre.store.remove_phone(&t("2001")).unwrap();
    for number in ["1001", "1003"] {
        assert_eq!(centre.end(number), "removed,\"the account was removed\",test:ada");
        assert_eq!(centre.members(number), "");
        let history = centre
            .store
            .history(&t(number), Timestamp::UNIX_EPOCH, Timestamp::now())
            .unwrap();
        assert_eq!(history.sessions.len(), 1);
        assert_eq!(history.sessions[0].end_cause.as_deref(), Some("removed"));
    }
    assert!(centre.is_logged_in("1002"), "nobody else is logged out");
    assert_eq!(failure(centre.store.situation(&t("1001"))), "there is no agent `1001`");
}

#[test]
fn a_new_agent_of_an_old_number_has_a_history_of_the_own() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.store.remove_agent(&t("1001")).unwrap();
    let new = peerage_store::NewAgent::new(t("1001"), t("Cyd Charisse"));
    centre.store.add_agent(&new, &super::support::secret()).unwrap();
    let sessions = |centre: &Centre| {
        let history = centre
            .store
            .history(&t("1001"), Timestamp::UNIX_EPOCH, Timestamp::now())
            .unwrap();
        history.sessions.len()
    };
    assert_eq!(sessions(&centre), 0);
    centre.log_in("1001", Choice::Internal).unwrap();
    assert_eq!(sessions(&centre), 1);
    assert_eq!(
        centre.members("1001"),
        "",
        "the assignments of the old one are not inherited"
    );
}

#[test]
fn a_dba_who_disables_many_accounts_ends_their_sessions() {
    let centre = Centre::new();
    centre.log_in("1001", Choice::Internal).unwrap();
    centre.log_in("1002", Choice::Internal).unwrap();
    centre.log_in("1003", telephone("2001")).unwrap();
    centre.exec("set application_name = 'psql'; update peerage.sip_account set disabled = true where number in ('1001', '1002', '2001')");
    let open = "select count(*) from peerage.agent_session where ended_at is null";
    assert_eq!(centre.sql(open), "0");
    let by = "select distinct ended_by = session_user || ' (psql)' from peerage.agent_session";
    assert_eq!(centre.sql(by), "t");
}

#[test]
fn a_number_does_not_change_while_calls_ring_there() {
    let centre = Centre::new();
    let renumber = |number: &str, new: &str| {
        let mut patch = peerage_store::AgentPatch::default();
        patch.account.number = Some(t(new));
        patch.account.secret = Some(t("another-secret"));
        centre.store.set_agent(&t(number), &patch)
    };
    let renumber_phone = || {
        let mut patch = PhonePatch::default();
        patch.account.number = Some(t("2009"));
        patch.account.secret = Some(t("another-secret"));
        centre.store.set_phone(&t("2001"), &patch)
    };
    centre.log_in("1001", Choice::Mobile).unwrap();
    centre.log_in("1003", telephone("2001")).unwrap();
    for (result, message) in [
        (
            renumber("1001", "1009"),
            "`number` cannot be `1009`: agent 1001 is logged in, and would lose calls; log out first",
        ),
        (
            renumber_phone(),
            "`number` cannot be `2009`: agent 1003 is logged in, and would lose calls; log out first",
        ),
    ] {
        let error = result.unwrap_err();
        assert_eq!(error.message(), message);
        assert!(matches!(error, StoreError::Invalid(_)), "{error:?}");
        assert_eq!(error.field(), Some("number"));
    }
    assert!(centre.is_logged_in("1001") && centre.is_logged_in("1003"));
    centre.log_out("1001").unwrap();
    centre.log_out("1003").unwrap();
    assert!(renumber("1001", "1009").unwrap());
    assert!(renumber_phone().unwrap());
    assert!(centre.log_in("1009", Choice::Internal).unwrap());
    assert_eq!(centre.members("1009"), "sales,0,\nsupport,0,");
    let history = centre
        .store
        .history(&t("1009"), Timestamp::UNIX_EPOCH, Timestamp::now())
        .unwrap();
    assert_eq!(history.sessions.len(), 2);
}

/// Somebody changes an account and has not committed yet; the agent logs in meanwhile.
fn log_in_while(centre: &Centre, statement: &str, number: &str, choice: Choice) -> super::support::Outcome {
    let store = super::support::open(&centre.db);
    let number = number.to_owned();
    centre.exec(&format!("begin; {statement}"));
    let login = thread::spawn(move || {
        let request = super::support::at(choice);
        store.log_in(&t(&number), &request, &super::support::own(&number))
    });
    centre.until_somebody_waits();
    centre.exec("commit");
    login.join().unwrap()
}

#[test]
fn a_login_that_meets_the_disabling_of_a_telephone_is_refused() {
    let centre = Centre::new();
    let disable = "update peerage.sip_account set disabled = true where number = '2001'";
    let refused = refusal(log_in_while(&centre, disable, "1003", telephone("2001")));
    assert_eq!(refused.code(), RefusalCode::TelephoneDisabled);
    centre.exec("update peerage.sip_account set disabled = false");
    let refused = refusal(log_in_while(&centre, disable, "1002", Choice::Phone));
    assert_eq!(refused.code(), RefusalCode::AccountDisabled);
    centre.exec("update peerage.sip_account set disabled = false");
    let remove = "delete from peerage.sip_account where number = '2001'";
    let refused = refusal(log_in_while(&centre, remove, "1003", telephone("2001")));
    assert_eq!(refused.code(), RefusalCode::NoSuchTelephone);
    assert_eq!(centre.sql("select count(*) from peerage.agent_session"), "0");
}

#[test]
fn a_login_that_meets_the_disabling_of_the_own_account_is_refused() {
    let centre = Centre::new();
    let disable = "update peerage.sip_account set disabled = true where number = '1001'";
    let refused = refusal(log_in_while(&centre, disable, "1001", Choice::Internal));
    assert_eq!(refused.code(), RefusalCode::AccountDisabled);
    let remove = "delete from peerage.sip_account where number = '1003'";
    let words = failure(log_in_while(&centre, remove, "1003", telephone("2001")));
    assert_eq!(words, "there is no agent `1003`");
    assert_eq!(centre.sql("select count(*) from peerage.agent_session"), "0");
}

#[test]
fn who_has_moved_away_in_time_is_not_logged_out_with_the_telephone() {
    let centre = Centre::new();
    centre.log_in("1003", telephone("2001")).unwrap();
    let store = super::support::open(&centre.db);
    // The move is under way: agent locked, not committed.
    centre.exec(
        "begin;
         select peerage.lock_agent(id) from peerage.agent where number = '1003';
         update peerage.agent_session set interface = 'PJSIP/2002', state_interface = 'PJSIP/2002', phone_number = '2002';
         update peerage.agent_place set interface = 'PJSIP/2002', phone_number = '2002';
         update peerage.queue_login set interface = 'PJSIP/2002', state_interface = 'PJSIP/2002';",
    );
    let disabling = thread::spawn(move || {
        let mut patch = PhonePatch::default();
        patch.account.disabled = Some(true);
        store.set_phone(&t("2001"), &patch)
    });
    centre.until_somebody_waits();
    centre.exec("commit");
    assert!(disabling.join().unwrap().unwrap());
    assert!(centre.is_logged_in("1003"));
}
