//! What an agent does without a script: plain forms, and pages that say how it is.

use std::time::{Duration, Instant};

use peerage_model::{Actor, ActorRole, LogoutRequest, PauseRequest};
use peerage_store::{AgentPatch, PermissionsPatch, SitePatch};

use crate::browser::Browser;
use crate::support::{Centre, Who};

fn sue() -> Actor {
    Actor::new("console:sue", ActorRole::Supervisor)
}

impl Centre {
    /// Runs an operation of the store where it may wait.
    async fn store<T: Send + 'static>(&self, work: impl FnOnce(&peerage_store::Store) -> T + Send + 'static) -> T {
        let store = self.store.clone();
        tokio::task::spawn_blocking(move || work(&store)).await.unwrap()
    }

    async fn permit(&self, change: impl FnOnce(&mut PermissionsPatch)) {
        let mut patch = AgentPatch::default();
        change(&mut patch.permissions);
        self.store(move |store| store.set_agent(&"1001".parse().unwrap(), &patch).unwrap())
            .await;
    }

    async fn lets_take_over(&self) {
        self.store(|store| {
            let patch = SitePatch {
                conflict_policy: Some("take_over".parse().unwrap()),
                ..SitePatch::default()
            };
            let site = store.sites().unwrap().remove(0).name;
            store.set_site(&site, &patch).unwrap()
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_chooses_where_calls_ring_and_each_choice_says_its_number() {
    let centre = Centre::start().await;
    let ada = Browser::of(&centre, Who::Ada).await;
    let page = ada.get("/agent").await;
    page.shows("value=\"internal\" checked")
        .shows("2001")
        .shows("+3969012345");
    let page = ada.does("/agent/log-in", &[("interface", "mobile")]).await;
    page.shows("Mobile <span class=\"number\">+3969012345</span>");
    assert_eq!(page.state(), "available");
    // Bob has neither phone nor mobile.
    let bob = Browser::of(&centre, Who::Bob).await;
    bob.get("/agent")
        .await
        .hides("value=\"phone\"")
        .hides("value=\"mobile\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_choose_has_the_own_extension_alone() {
    let centre = Centre::start().await;
    centre
        .permit(|permissions| permissions.choose_interface = Some(false))
        .await;
    let ada = Browser::of(&centre, Who::Ada).await;
    ada.get("/agent").await.hides("value=\"mobile\"");
    // Hidden is not all: the rule holds for forged forms too.
    let refused = ada.post("/agent/log-in", &[("interface", "mobile")]).await;
    assert_eq!(refused.status, 403);
    refused.shows("data-code=\"not_permitted\"");
    assert_eq!(
        ada.does("/agent/log-in", &[("interface", "internal")]).await.state(),
        "unreachable"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_has_a_reason_and_a_time_and_ends_with_resume() {
    let centre = Centre::start().await;
    let ada = Browser::of(&centre, Who::Ada).await;
    let page = ada.does("/agent/log-in", &[("interface", "mobile")]).await;
    page.shows("value=\"lunch\" checked")
        .shows("value=\"coffee\"")
        .hides("value=\"after-call\"");
    let page = ada.does("/agent/pause", &[("reason", "coffee")]).await;
    assert_eq!(page.state(), "paused");
    page.shows("Paused: coffee").shows("data-since=").shows(">Resume<");
    // A reason of the system is not an agent's to give.
    let refused = ada.post("/agent/pause", &[("reason", "after-call")]).await;
    assert_eq!(refused.status, 409);
    refused
        .shows("data-code=\"reason_not_offered\"")
        .shows("Paused: coffee");
    let page = ada.does("/agent/unpause", &[]).await;
    assert_eq!(page.state(), "available");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_set_to_log_in_paused_begins_so_and_reads_why() {
    let centre = Centre::start().await;
    centre.db.psql("update peerage.agent set login_in_pause = true");
    let ada = Browser::of(&centre, Who::Ada).await;
    let page = ada.does("/agent/log-in", &[("interface", "mobile")]).await;
    assert_eq!(page.state(), "paused");
    page.shows("You start paused").shows(">Resume<");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_a_script_counts_as_being_there_and_its_session_ends_with_it() {
    let centre = Centre::start().await;
    let ada = Browser::of(&centre, Who::Ada).await;
    ada.does("/agent/log-in", &[("interface", "internal")]).await;
    let attended = "select count(*) from peerage.agent_presence";
    assert_eq!(centre.db.psql(attended), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_that_lasts_too_long_is_marked() {
    let centre = Centre::start().await;
    centre
        .db
        .psql("update peerage.pause_reason set max_seconds = 600 where code = 'coffee'");
    let ada = Browser::of(&centre, Who::Ada).await;
    ada.does("/agent/log-in", &[("interface", "mobile")]).await;
    let page = ada.does("/agent/pause", &[("reason", "coffee")]).await;
    page.shows("data-max=\"600\"")
        .shows(" of 10:00")
        .hides("class=\"over\"");
    centre.db.psql(
        "delete from peerage.agent_state where ended_at is not null;
         update peerage.agent_state set began_at = began_at - interval '1 hour'",
    );
    ada.get("/agent").await.shows("class=\"over\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_queue_is_paused_by_itself_where_that_is_permitted() {
    let centre = Centre::start().await;
    let ada = Browser::of(&centre, Who::Ada).await;
    ada.does("/agent/log-in", &[("interface", "mobile")]).await;
    let page = ada.does("/agent/pause", &[("queue", "sales")]).await;
    assert_eq!(page.state(), "partly_paused");
    // Under a pause of all, resuming one leaves the others paused.
    ada.does("/agent/pause", &[("reason", "lunch")]).await;
    let page = ada.does("/agent/unpause", &[("queue", "support")]).await;
    assert_eq!(page.state(), "partly_paused");
    centre
        .permit(|permissions| permissions.pause_one_queue = Some(false))
        .await;
    ada.get("/agent").await.hides("name=\"queue\"");
    assert_eq!(ada.post("/agent/pause", &[("queue", "sales")]).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_telephones_says_of_each_why_it_cannot_be_picked() {
    let centre = Centre::start().await;
    let cy = Browser::of_cy(&centre).await;
    let page = cy.get("/agent").await;
    // None is registered, so all free ones can be picked.
    page.shows("Click the arrow")
        .shows("Desk 2001")
        .shows("2 free")
        .hides("name=\"interface\"");
    centre
        .db
        .psql("update peerage.sip_account set disabled = true where number = '2002'");
    let page = cy.get("/agent").await;
    page.shows("Disabled").shows("1 free");
    let ada = Browser::of(&centre, Who::Ada).await;
    ada.does("/agent/log-in", &[("interface", "phone")]).await;
    cy.get("/agent").await.shows("In use by Ada King (1001) since");
    let refused = cy.post("/agent/log-in", &[("telephone", "2001")]).await;
    assert_eq!(refused.status, 409);
    refused
        .shows("data-code=\"telephone_in_use\"")
        .shows("ask a supervisor")
        .hides("name=\"take_over\"");
    let refused = cy.post("/agent/log-in", &[("telephone", "2002")]).await;
    refused.shows("data-code=\"telephone_disabled\"");
    let refused = cy.post("/agent/log-in", &[]).await;
    refused.shows("data-code=\"choose_a_telephone\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_one_telephone_is_registered_the_others_are_not_offered() {
    let centre = Centre::start().await;
    centre.db.psql(
        "insert into asterisk.ps_contacts (id, uri, via_addr, expiration_time, endpoint)
         values ('2002^3B@' || md5('a'), 'sip:2002@127.0.0.9', '127.0.0.9', extract(epoch from now() + interval '1 hour')::bigint, '2002')",
    );
    let cy = Browser::of_cy(&centre).await;
    cy.get("/agent").await.shows("Not registered").shows("1 free");
    let refused = cy.post("/agent/log-in", &[("telephone", "2001")]).await;
    assert_eq!(refused.status, 409);
    refused.shows("data-code=\"telephone_not_registered\"");
    assert_eq!(
        cy.does("/agent/log-in", &[("telephone", "2002")]).await.state(),
        "available"
    );
    // The telephone of last time needs one click.
    cy.does("/agent/log-out", &[]).await.shows("value=\"2002\" checked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_telephone_is_taken_over_where_the_site_lets_and_the_other_is_told_by_whom() {
    let centre = Centre::start().await;
    centre.lets_take_over().await;
    let ada = Browser::of(&centre, Who::Ada).await;
    let cy = Browser::of_cy(&centre).await;
    ada.does("/agent/log-in", &[("interface", "phone")]).await;
    cy.get("/agent").await.shows("You can take it over");
    let refused = cy.post("/agent/log-in", &[("telephone", "2001")]).await;
    assert_eq!(refused.status, 409);
    refused
        .shows("name=\"take_over\" value=\"yes\"")
        .shows("end that session");
    let page = cy
        .does("/agent/log-in", &[("telephone", "2001"), ("take_over", "yes")])
        .await;
    page.shows("Phone <span class=\"number\">2001</span>");
    ada.get("/agent")
        .await
        .shows("data-cause=\"take_over\"")
        .shows("cy took over your phone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forced_logout_says_who_did_it_and_why() {
    let centre = Centre::start().await;
    let ada = Browser::of(&centre, Who::Ada).await;
    ada.does("/agent/log-in", &[("interface", "internal")]).await;
    centre
        .store(|store| {
            let request = LogoutRequest {
                reason: Some("the shift is over".parse().unwrap()),
                ..LogoutRequest::default()
            };
            store.log_out(&"1001".parse().unwrap(), &request, &sue()).unwrap()
        })
        .await;
    ada.get("/agent")
        .await
        .shows("sue logged you out")
        .shows("Reason: the shift is over")
        .shows("Where should your calls ring?");
    // Who logs out by himself or herself is not told about it again.
    ada.does("/agent/log-in", &[("interface", "internal")]).await;
    let page = ada.does("/agent/log-out", &[]).await;
    page.shows("You are logged out.").hides("id=\"ended\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_paused_by_another_reads_by_whom() {
    let centre = Centre::start().await;
    let ada = Browser::of(&centre, Who::Ada).await;
    ada.does("/agent/log-in", &[("interface", "mobile")]).await;
    centre
        .store(|store| {
            store
                .pause(&"1001".parse().unwrap(), &PauseRequest::default(), &sue())
                .unwrap()
        })
        .await;
    ada.get("/agent").await.shows("Paused by sue.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_after_the_call_is_done_soon_where_there_is_none() {
    let centre = Centre::start().await;
    let ada = Browser::of(&centre, Who::Ada).await;
    ada.does("/agent/log-in", &[("interface", "mobile")]).await;
    ada.does("/agent/log-out", &[("after_call", "yes")]).await;
    let deadline = Instant::now() + Duration::from_secs(60);
    while !ada.get("/agent").await.text.contains("Where should your calls ring?") {
        assert!(Instant::now() < deadline, "still logged in");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // It was the agent's own wish, so nobody else is named for it.
    ada.get("/agent").await.hides("id=\"ended\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_moves_without_logging_out() {
    let centre = Centre::start().await;
    let ada = Browser::of(&centre, Who::Ada).await;
    ada.does("/agent/log-in", &[("interface", "internal")]).await;
    // Another tab still shows the choice of a login: it is refused, and moving is offered.
    let refused = ada.post("/agent/log-in", &[("interface", "mobile")]).await;
    refused
        .shows("data-code=\"logged_in_elsewhere\"")
        .shows("action=\"/agent/move\"")
        .shows("Move there and keep your session");
    ada.get("/agent/move").await.shows("value=\"internal\" checked");
    let page = ada.does("/agent/move", &[("interface", "mobile")]).await;
    page.shows("Your calls now ring there.").shows("+3969012345");
    centre
        .permit(|permissions| permissions.move_session = Some(false))
        .await;
    ada.get("/agent").await.hides("href=\"/agent/move\"");
    assert_eq!(ada.post("/agent/move", &[("interface", "internal")]).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_own_numbers_are_changed_where_that_is_permitted() {
    let centre = Centre::start().await;
    let ada = Browser::of(&centre, Who::Ada).await;
    ada.get("/agent/numbers").await.shows("value=\"+3969012345\"");
    let refused = ada
        .post("/agent/numbers", &[("phone", "2001"), ("mobile", "one two")])
        .await;
    assert_eq!(refused.status, 422);
    refused.shows("id=\"field-mobile-error\"").shows("value=\"one two\"");
    ada.does("/agent/numbers", &[("phone", "2002"), ("mobile", "")]).await;
    ada.get("/agent").await.shows("2002").hides("value=\"mobile\"");
    centre
        .permit(|permissions| permissions.edit_own_numbers = Some(false))
        .await;
    assert_eq!(ada.get("/agent/numbers").await.status, 403);
    assert_eq!(ada.post("/agent/numbers", &[("phone", "2001")]).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_shows_a_day_and_no_other_than_the_own() {
    let centre = Centre::start().await;
    let ada = Browser::of(&centre, Who::Ada).await;
    ada.does("/agent/log-in", &[("interface", "mobile")]).await;
    ada.does("/agent/pause", &[("reason", "coffee")]).await;
    ada.get("/agent/history")
        .await
        .shows("Sessions")
        .shows("coffee")
        .shows("Still");
    ada.get("/agent/history?day=2020-02-29").await.shows("Nothing to show.");
    let bad = ada.get("/agent/history?day=yesterday").await;
    assert_eq!(bad.status, 422);
    bad.shows("2026-01-31");
    centre
        .permit(|permissions| permissions.see_own_history = Some(false))
        .await;
    assert_eq!(ada.get("/agent/history").await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_looks_like_markup_is_shown_as_it_is() {
    let centre = Centre::start().await;
    let evil = "<script>alert(1)</script>";
    centre
        .store(move |store| {
            let patch = AgentPatch {
                full_name: Some(evil.parse().unwrap()),
                ..AgentPatch::default()
            };
            store.set_agent(&"1001".parse().unwrap(), &patch).unwrap()
        })
        .await;
    centre
        .db
        .psql("update peerage.pause_reason set label = '<img src=x onerror=y>' where code = 'coffee'");
    let ada = Browser::of(&centre, Who::Ada).await;
    let cy = Browser::of_cy(&centre).await;
    let page = ada.does("/agent/log-in", &[("interface", "phone")]).await;
    page.hides("<img src=x").shows("&lt;img src=x");
    cy.get("/agent")
        .await
        .hides("<script>alert")
        .shows("&lt;script&gt;alert(1)&lt;/script&gt;");
    let refused = cy.post("/agent/log-in", &[("telephone", "2001")]).await;
    refused.hides("<script>alert").shows("&lt;script&gt;");
    let refused = cy.post("/agent/log-in", &[("telephone", "\"><script>")]).await;
    assert_eq!(refused.status, 422);
    refused.hides("<script>");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_no_agent_has_no_such_page() {
    let centre = Centre::start().await;
    let ann = Browser::of(&centre, Who::Admin).await;
    let page = ann.get("/agent").await;
    assert_eq!(page.status, 403);
    page.shows("your user is not an agent");
}
