//! The outcome of each action is in view, wherever the page is scrolled to.

use anyhow::Result;
use peerage_model::Role;
use peerage_testkit::browser::{Browser, HANDHELD, WIDE, Window};
use serde_json::json;

use crate::house::House;

/// Whether something says how an action ended: in the window, with nothing over it.
const IN_VIEW: &str = "
    const told = [...document.querySelectorAll('#notice > *, main [role=alert], main .error')].filter(visible);
    return told.some(one => {
        const box = one.getBoundingClientRect();
        if (box.top < 0 || box.bottom > innerHeight) return false;
        const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        return one.contains(there);
    })";

/// Presses a button where it stands, and waits until its outcome is in view.
async fn assert_outcome_in_view(browser: &Browser, within: &str, label: &str) -> Result<()> {
    browser.press_in(within, label).await?;
    let what = format!("the outcome of {label} in {within} is in view");
    browser.wait_until(&what, IN_VIEW, vec![]).await?;
    Ok(())
}

/// A floor so long that its end and its beginning are windows apart.
async fn long_board(house: &House, window: Window) -> Result<(Browser, String)> {
    let queue = house.queue("sales");
    let agents: Vec<_> = (0..30).map(|_| house.agent("Ada King", &[&queue], |_| {})).collect();
    for agent in &agents {
        house.log_in(agent);
    }
    let boss = house.supervisor(&[&queue]);
    let board = house.signed_in(&boss, window).await?;
    let last = agents.last().map(ToString::to_string).unwrap_or_default();
    board.wait_for(&format!("[name=agent][value='{last}']")).await?;
    Ok((board, last))
}

#[tokio::test(flavor = "multi_thread")]
async fn outcome_on_the_board_is_in_view() -> Result<()> {
    let house = House::shared().await;
    house.offer("lunch", "Lunch");
    for window in [WIDE, HANDHELD] {
        let (board, last) = long_board(house, window).await?;
        let far = "return document.documentElement.scrollHeight > 2 * innerHeight";
        assert_eq!(board.script(far, vec![]).await?, true);
        // Nobody is chosen.
        assert_outcome_in_view(&board, "#steer", "Pause").await?;
        for order in ["Pause", "Resume"] {
            board.tick(&format!("[name=agent][value='{last}']"), true).await?;
            board.choose("#steer [name=reason]", "lunch").await?;
            assert_outcome_in_view(&board, "#steer", order).await?;
            let said = board.wait_for_text("#notice", order).await?;
            assert!(said.contains(&last), "{said}");
        }
        board.end().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn outcome_on_pages_of_settings_is_in_view() -> Result<()> {
    let house = House::shared().await;
    let queue = house.queue("sales");
    let agent = house.agent("Ada King", &[], |_| {});
    let phone = house.telephone("Window");
    let user = house.user(&format!("user{}", house.number()), Role::Supervisor, None);
    let admin = house.admin();
    for window in [WIDE, HANDHELD] {
        let browser = house.signed_in(&admin, window).await?;
        for path in [
            format!("/admin/agents/{agent}"),
            format!("/admin/telephones/{phone}"),
            format!("/admin/queues/{queue}"),
            format!("/admin/users/{user}"),
            "/admin/sites/default".to_owned(),
        ] {
            browser.open(&house.url(&path)).await?;
            assert_outcome_in_view(&browser, "main", "Save").await?;
            // Once more, from where the page is now.
            assert_outcome_in_view(&browser, "main", "Save").await?;
        }
        browser.open(&house.url(&format!("/admin/agents/{agent}"))).await?;
        browser
            .choose("#queues form:last-of-type [name=queue]", queue.as_str())
            .await?;
        assert_outcome_in_view(&browser, "#queues", "Assign").await?;
        assert_outcome_in_view(&browser, "#queues", "Remove").await?;
        assert_outcome_in_view(&browser, "#service", "Disable").await?;
        assert_outcome_in_view(&browser, "#service", "Enable").await?;
        browser.end().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn outcome_on_an_agents_own_page_is_in_view() -> Result<()> {
    let house = House::shared().await;
    house.offer("lunch", "Lunch");
    for window in [WIDE, HANDHELD] {
        let queues = [house.queue("sales"), house.queue("service")];
        let agent = house.agent("Ada King", &queues.each_ref(), |_| {});
        house.online(&agent)?;
        let browser = house.signed_in(&agent, window).await?;
        browser.press("Log in").await?;
        browser.wait_for("#state").await?;
        assert_outcome_in_view(&browser, "main", &format!("Pause {}", queues[1])).await?;
        assert_outcome_in_view(&browser, "main", &format!("Resume {}", queues[1])).await?;
        assert_outcome_in_view(&browser, "#state", "Pause").await?;
        assert_outcome_in_view(&browser, "#state", "Resume").await?;
        assert_outcome_in_view(&browser, "main", "Log out").await?;
        browser.end().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_page_begins_at_its_top() -> Result<()> {
    let house = House::shared().await;
    let agent = house.agent("Ada King", &[], |_| {});
    let browser = house.signed_in(&agent, HANDHELD).await?;
    browser.press("Log in").await?;
    browser.wait_for("#state").await?;
    browser
        .script("scrollTo(0, document.documentElement.scrollHeight)", vec![])
        .await?;
    browser.press("Log out").await?;
    browser.wait_for("[name=interface]").await?;
    assert_eq!(browser.script("return scrollY", vec![]).await?, json!(0));
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn buttons_keep_their_distance_from_what_follows() -> Result<()> {
    let house = House::shared().await;
    let queue = house.queue("sales");
    let user = house.user(&format!("user{}", house.number()), Role::Supervisor, None);
    let browser = house.signed_in(house.admin(), WIDE).await?;
    for path in [format!("/admin/queues/{queue}"), format!("/admin/users/{user}")] {
        browser.open(&house.url(&path)).await?;
        let gap = "
            const buttons = document.querySelector('main > form > .actions');
            const next = buttons.parentElement.nextElementSibling;
            return next.getBoundingClientRect().top - buttons.getBoundingClientRect().bottom";
        let gap = browser.script(gap, vec![]).await?.as_f64().unwrap_or_default();
        assert!(gap >= 12.0, "{path}: {gap}px");
    }
    browser.end().await
}
