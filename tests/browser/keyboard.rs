//! The whole of an agent's day without a mouse.

use anyhow::Result;
use peerage_testkit::browser::{Browser, Key, WIDE};

use crate::house::House;
use crate::people::PASSWORD;
use crate::truth::{free, paused};

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_signs_in_works_pauses_and_goes_home_by_keyboard_alone() -> Result<()> {
    let house = House::shared().await;
    house.offer("lunch", "Lunch");
    let queue = house.queue("sales");
    let ada = house.agent("Ada King", &[&queue], |_| {});
    house.online(&ada)?;
    let own = format!("PJSIP/{ada}");
    let browser = Browser::start(WIDE).await?;
    browser.open(&house.url("/")).await?;
    browser.wait_for_path("/sign-in").await?;
    // The page begins where one types.
    browser.type_in(ada.as_str()).await?;
    browser.key(Key::Tab).await?;
    browser.type_in(PASSWORD).await?;
    browser.key(Key::Enter).await?;
    browser.wait_for_path("/agent").await?;

    browser.tab_and_enter("Log in").await?;
    browser.wait_for("#state[data-state=available]").await?;
    house.assert_truth(&queue, &[free(own.clone())])?;

    browser
        .tab_to("a reason", |focused| {
            focused.label.starts_with("Lunch") || focused.tag == "input"
        })
        .await?;
    browser.key(Key::Space).await?;
    let chosen = "return document.querySelector('[name=reason]:checked')?.value";
    let chosen = browser.wait_until("a reason is chosen", chosen, vec![]).await?;
    browser.tab_and_enter("Pause").await?;
    browser.wait_for("#state[data-state=paused]").await?;
    house.assert_truth(&queue, &[paused(own.clone(), chosen.as_str().unwrap())])?;

    browser.tab_and_enter("Resume").await?;
    browser.wait_for("#state[data-state=available]").await?;
    browser.tab_and_enter("Log out").await?;
    browser.wait_for("[name=interface]").await?;
    house.assert_truth(&queue, &[])?;
    browser.end().await
}
