//! An agent's day: where calls ring, pauses, the way home.

use anyhow::Result;
use jiff::Timestamp;
use peerage_model::{Number, QueueName};
use peerage_store::NewAgent;
use peerage_testkit::browser::{Browser, WIDE};

use crate::house::House;
use crate::truth::{free, paused};

/// An agent whose telephone is there, at the work page.
struct Desk {
    house: &'static House,
    queue: QueueName,
    agent: Number,
    browser: Browser,
}

impl Desk {
    async fn at_work() -> Result<Self> {
        let house = House::shared().await;
        house.offer("lunch", "Lunch");
        house.offer("training", "Training");
        let queue = house.queue("sales");
        let agent = house.agent("Ada King", &[&queue], |_| {});
        house.online(&agent)?;
        let browser = house.signed_in(&agent, WIDE).await?;
        browser.press("Log in").await?;
        let desk = Self {
            house,
            queue,
            agent,
            browser,
        };
        desk.shows("available").await?;
        desk.house.assert_truth(&desk.queue, &[free(desk.own())])?;
        Ok(desk)
    }

    /// What rings.
    fn own(&self) -> String {
        format!("PJSIP/{}", self.agent)
    }

    /// Waits until the page shows this state.
    async fn shows(&self, state: &str) -> Result<()> {
        self.browser.wait_for(&format!("#state[data-state='{state}']")).await
    }
}

/// Chooses the reason with this code.
async fn choose_reason(browser: &Browser, code: &str) -> Result<()> {
    let chip = format!("label:has(> input[name=reason][value='{code}'])");
    browser.click(&chip).await
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_ring_where_the_agent_chooses_and_follow_when_the_agent_moves() -> Result<()> {
    let house = House::shared().await;
    let queue = house.queue("sales");
    let numbers = |agent: &mut NewAgent| {
        agent.profile.phone = Some("020555001".parse().unwrap());
        agent.profile.mobile = Some("+447700900123".parse().unwrap());
    };
    let ada = house.agent("Ada King", &[&queue], numbers);
    let browser = house.signed_in(&ada, WIDE).await?;
    for number in ["020555001", "+447700900123", ada.as_str()] {
        browser.wait_for_text("fieldset", number).await?;
    }
    browser.click("label:has([name=interface][value=phone])").await?;
    browser.press("Log in").await?;
    browser.wait_for_text("#place", "020555001").await?;
    house.assert_truth(&queue, &[free("Local/020555001@peerage-outbound/n")])?;

    browser.press("Move").await?;
    browser.click("label:has([name=interface][value=mobile])").await?;
    browser.press("Move here").await?;
    browser.wait_for_text("#place", "+447700900123").await?;
    house.assert_truth(&queue, &[free("Local/+447700900123@peerage-outbound/n")])?;

    browser.press("Move").await?;
    browser.click("label:has([name=interface][value=internal])").await?;
    browser.press("Move here").await?;
    browser.wait_for_text("#place", "Internal").await?;
    house.assert_truth(&queue, &[free(format!("PJSIP/{ada}"))])?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_neither_phone_nor_mobile_is_not_offered_them() -> Result<()> {
    let house = House::shared().await;
    let ada = house.agent("Ada King", &[], |_| {});
    let browser = house.signed_in(&ada, WIDE).await?;
    browser.wait_for("[name=interface][value=internal]").await?;
    assert_eq!(browser.texts("label:has([name=interface])").await?.len(), 1);
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_with_a_reason_another_reason_and_back_to_work() -> Result<()> {
    let desk = Desk::at_work().await?;
    choose_reason(&desk.browser, "lunch").await?;
    desk.browser.press("Pause").await?;
    desk.shows("paused").await?;
    desk.browser.wait_for_text("#state", "Paused: Lunch").await?;
    desk.house.assert_truth(&desk.queue, &[paused(desk.own(), "lunch")])?;

    // How long goes on counting by itself.
    let counting = "return document.querySelector('#state .clock').textContent !== arguments[0]";
    let now = desk.browser.text("#state .clock").await?;
    desk.browser
        .wait_until("the clock goes on", counting, vec![now.into()])
        .await?;

    desk.browser.press("Change reason").await?;
    choose_reason(&desk.browser, "training").await?;
    desk.browser.press("Set reason").await?;
    desk.browser.wait_for_text("#state", "Paused: Training").await?;
    desk.house
        .assert_truth(&desk.queue, &[paused(desk.own(), "training")])?;

    desk.browser.press("Resume").await?;
    desk.shows("available").await?;
    desk.house.assert_truth(&desk.queue, &[free(desk.own())])?;
    desk.browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_queue_is_paused_and_the_other_goes_on() -> Result<()> {
    let house = House::shared().await;
    let (sales, service) = (house.queue("sales"), house.queue("service"));
    let ada = house.agent("Ada King", &[&sales, &service], |_| {});
    house.online(&ada)?;
    let own = format!("PJSIP/{ada}");
    let browser = house.signed_in(&ada, WIDE).await?;
    browser.press("Log in").await?;
    browser.wait_for("#state[data-state=available]").await?;

    browser.press_in("tr", &format!("Pause {service}")).await?;
    browser.wait_for("#state[data-state=partly_paused]").await?;
    house.assert_truth(&sales, &[free(own.clone())])?;
    let there = house.truth(&service)?;
    assert!(there.len() == 1 && there[0].1.is_some(), "{there:?}");

    browser.press_in("tr", &format!("Resume {service}")).await?;
    browser.wait_for("#state[data-state=available]").await?;
    for queue in [&sales, &service] {
        house.assert_truth(queue, &[free(own.clone())])?;
    }
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_asterisk_does_to_an_agent_shows_on_the_page_at_once() -> Result<()> {
    let desk = Desk::at_work().await?;
    let interface = desk.own();
    desk.house.asterisk.cli(&format!(
        "queue pause member {interface} queue {} reason training",
        desk.queue
    ))?;
    desk.shows("paused").await?;
    desk.browser.wait_for_text("#state", "Paused: Training").await?;
    desk.house
        .assert_truth(&desk.queue, &[paused(&interface, "training")])?;
    desk.browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_logs_out_is_rung_no_more() -> Result<()> {
    let desk = Desk::at_work().await?;
    desk.browser.press("Log out").await?;
    desk.browser.wait_for("[name=interface]").await?;
    desk.browser.wait_for_text("[role=status]", "logged out").await?;
    desk.house.assert_truth(&desk.queue, &[])?;
    desk.browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_telephone_that_goes_away_is_unreachable_until_it_is_back() -> Result<()> {
    let desk = Desk::at_work().await?;
    // Soon: the page looks by itself only once a minute.
    desk.house.unregister(&desk.agent)?;
    desk.shows("unreachable").await?;
    desk.browser.wait_for_text("#state", "not registered").await?;
    desk.house.online(&desk.agent)?;
    desk.shows("available").await?;
    desk.browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_has_a_clock_of_its_own() -> Result<()> {
    let desk = Desk::at_work().await?;
    let since = "#state .state-clock [data-since]";
    let available: Timestamp = desk
        .browser
        .value(since, "data-since")
        .await?
        .unwrap_or_default()
        .parse()?;
    let before = Timestamp::now();
    let call = desk.house.call(&desk.queue)?;
    call.wait_for_status(200)?;
    desk.shows("on_call").await?;
    let up: Timestamp = desk
        .browser
        .value(since, "data-since")
        .await?
        .unwrap_or_default()
        .parse()?;
    assert!(available < before && before < up, "{available} {before} {up}");
    desk.house.hang_up(&desk.queue)?;
    desk.shows("available").await?;
    desk.browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_after_this_call_waits_for_its_end_and_no_second_call_comes() -> Result<()> {
    let desk = Desk::at_work().await?;
    let call = desk.house.call(&desk.queue)?;
    call.wait_for_status(200)?;
    desk.shows("on_call").await?;

    desk.browser.press("Log out after this call").await?;
    desk.browser.wait_for_text("#state", "when this call ends").await?;
    desk.house
        .assert_truth(&desk.queue, &[paused(desk.own(), "after-call")])?;

    desk.house.hang_up(&desk.queue)?;
    desk.browser.wait_for("[name=interface]").await?;
    desk.house.assert_truth(&desk.queue, &[])?;
    desk.browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_after_this_call_can_be_taken_back() -> Result<()> {
    let desk = Desk::at_work().await?;
    let call = desk.house.call(&desk.queue)?;
    call.wait_for_status(200)?;
    desk.shows("on_call").await?;
    desk.browser.press("Log out after this call").await?;
    desk.browser.press("Stay logged in").await?;
    desk.browser.wait_text_gone("#state", "when this call ends").await?;
    desk.house.assert_truth(&desk.queue, &[free(desk.own())])?;
    desk.house.hang_up(&desk.queue)?;
    desk.shows("available").await?;
    desk.house.assert_truth(&desk.queue, &[free(desk.own())])?;
    desk.browser.end().await
}
