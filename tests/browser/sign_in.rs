//! Signing in and out.

use anyhow::Result;
use peerage_testkit::browser::{Browser, HANDHELD, WIDE};

use crate::house::House;
use crate::people::PASSWORD;
use crate::truth::free;

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_refused_and_the_right_one_leads_to_the_own_page() -> Result<()> {
    let house = House::shared().await;
    let ada = house.agent("Ada King", &[], |_| {});
    let browser = Browser::start(WIDE).await?;
    browser.open(&house.url("/agent")).await?;
    browser.wait_for_path("/sign-in").await?;
    house.sign_in(&browser, ada.as_str(), "wrong horse").await?;
    let said = browser.wait_for_text("[role=alert]", "wrong").await?;
    assert!(!said.contains("horse"), "{said}");
    // What was typed is there still, but for the password.
    assert_eq!(
        browser.value("[name=username]", "value").await?.as_deref(),
        Some(ada.as_str())
    );
    browser.fill("[name=password]", PASSWORD).await?;
    browser.press("Sign in").await?;
    browser.wait_for_path("/agent").await?;
    browser.press("Sign out").await?;
    browser.wait_for_path("/sign-in").await?;
    browser.open(&house.url("/agent")).await?;
    browser.wait_for_path("/sign-in").await?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_fails_five_times_has_to_wait_and_nobody_else_does() -> Result<()> {
    let house = House::shared().await;
    let (ada, grace) = (
        house.agent("Ada King", &[], |_| {}),
        house.agent("Grace Hopper", &[], |_| {}),
    );
    let browser = Browser::start(WIDE).await?;
    for _ in 0..5 {
        house.sign_in(&browser, ada.as_str(), "wrong horse").await?;
        browser.wait_for("main [role=alert]").await?;
    }
    house.sign_in(&browser, ada.as_str(), PASSWORD).await?;
    browser.wait_for_text("main [role=alert]", "oo many sign-ins").await?;
    assert_eq!(browser.path().await?, "/sign-in");
    house.sign_in(&browser, grace.as_str(), PASSWORD).await?;
    browser.wait_for_path("/agent").await?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_sign_in_of_an_agent_ends_the_first_browsers_and_no_work() -> Result<()> {
    let house = House::shared().await;
    let queue = house.queue("sales");
    let ada = house.agent("Ada King", &[&queue], |_| {});
    let grace = house.agent("Grace Hopper", &[&queue], |_| {});
    let one = house.signed_in(&ada, WIDE).await?;
    one.press("Log in").await?;
    one.wait_for("#state").await?;
    let bystander = house.signed_in(&grace, WIDE).await?;

    // The session that is open is the second browser's, too.
    let other = house.signed_in(&ada, WIDE).await?;
    other.wait_for("#state").await?;
    // The first browser is told at once, without being touched.
    one.wait_for_text("body", "signed in with another browser").await?;
    one.open(&house.url("/agent")).await?;
    one.wait_for_path("/sign-in").await?;
    house.wait_for_truth(&queue, &[free(format!("PJSIP/{ada}"))]).await?;
    bystander.reload().await?;
    bystander.wait_for_path("/agent").await?;

    one.end().await?;
    other.end().await?;
    bystander.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_while_taking_calls_asks_and_logs_out_when_told_to() -> Result<()> {
    let house = House::shared().await;
    let queue = house.queue("sales");
    let ada = house.agent("Ada King", &[&queue], |_| {});
    house.online(&ada)?;
    let member = free(format!("PJSIP/{ada}"));
    let browser = house.signed_in(&ada, HANDHELD).await?;
    browser.press("Log in").await?;
    browser.wait_for("#state[data-state=available]").await?;

    browser.press("Sign out").await?;
    browser.wait_for_text("main", "still taking calls").await?;
    browser.assert_accessible().await?;
    browser.assert_fits().await?;
    browser.press("Stay").await?;
    browser.wait_for("#state[data-state=available]").await?;
    house.assert_truth(&queue, std::slice::from_ref(&member))?;

    // From any page.
    browser.open(&house.url("/agent/history")).await?;
    browser.press("Sign out").await?;
    browser.press("Log out and sign out").await?;
    browser.wait_for_path("/sign-in").await?;
    browser.wait_for_text("[role=status]", "logged out").await?;
    house.assert_truth(&queue, &[])?;

    // Nothing to ask.
    house.sign_in(&browser, ada.as_str(), PASSWORD).await?;
    browser.wait_for("[name=interface]").await?;
    browser.press("Sign out").await?;
    browser.wait_for_path("/sign-in").await?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_alone_leaves_the_agent_at_work_and_says_for_how_long() -> Result<()> {
    let house = House::shared().await;
    let queue = house.queue("sales");
    let ada = house.agent("Ada King", &[&queue], |_| {});
    house.online(&ada)?;
    let browser = house.signed_in(&ada, WIDE).await?;
    browser.press("Log in").await?;
    browser.wait_for("#state[data-state=available]").await?;
    browser.press("Sign out").await?;
    browser.wait_for_text("main", "5:00").await?;
    browser.press("Sign out only").await?;
    browser.wait_for_path("/sign-in").await?;
    browser.wait_for_text("[role=status]", "still logged in").await?;
    house.assert_truth(&queue, &[free(format!("PJSIP/{ada}"))])?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_the_window_while_taking_calls_asks_first() -> Result<()> {
    let house = House::shared().await;
    let queue = house.queue("sales");
    let ada = house.agent("Ada King", &[&queue], |_| {});
    house.online(&ada)?;
    let browser = house.signed_in(&ada, WIDE).await?;
    let asks = "
        const leaving = new Event('beforeunload', {cancelable: true});
        window.dispatchEvent(leaving);
        return leaving.defaultPrevented";
    assert_eq!(browser.script(asks, vec![]).await?, false);
    browser.press("Log in").await?;
    browser.wait_for("#state[data-state=available]").await?;
    assert_eq!(browser.script(asks, vec![]).await?, true);
    // A link of the console is no way out.
    browser.press("History").await?;
    browser.wait_for_path("/agent/history").await?;
    browser.press("My work").await?;
    browser.press("Pause").await?;
    browser.wait_for("#state[data-state=paused]").await?;
    assert_eq!(browser.script(asks, vec![]).await?, false);
    browser.end().await
}
