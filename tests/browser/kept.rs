//! What somebody has typed is kept: by links within a page, by the end of a sign-in, and by a question before leaving.

use anyhow::Result;
use peerage_store::Tokens;
use peerage_testkit::browser::{Browser, Key, WIDE};
use serde_json::json;

use crate::admin::office;
use crate::house::House;
use crate::people::PASSWORD;

/// Whether the page would ask before the window is closed.
const ASKS_BEFORE_CLOSING: &str = "
    const leaving = new Event('beforeunload', {cancelable: true});
    window.dispatchEvent(leaving);
    return leaving.defaultPrevented";

/// What a field holds right now, typed or not.
async fn holds(browser: &Browser, css: &str) -> Result<String> {
    let value = "return document.querySelector(arguments[0]).value";
    let value = browser.script(value, vec![json!(css)]).await?;
    Ok(value.as_str().unwrap_or_default().to_owned())
}

/// Leaves a mark that goes when the page is loaded anew.
async fn mark(browser: &Browser) -> Result<()> {
    browser.script("window.mark = true", vec![]).await?;
    Ok(())
}

async fn is_same_page(browser: &Browser) -> Result<bool> {
    Ok(browser.script("return window.mark === true", vec![]).await? == true)
}

#[tokio::test(flavor = "multi_thread")]
async fn link_within_page_keeps_typed_text() -> Result<()> {
    let (house, browser) = office().await?;
    let ada = house.agent("Ada King", &[], |_| {});
    browser.open(&house.url(&format!("/admin/agents/{ada}"))).await?;
    browser.fill("[name=name]", "Augusta Ada King").await?;
    mark(&browser).await?;
    let links = "return [...document.querySelectorAll('a[href^=\"#\"]')].map(link => link.getAttribute('href'))";
    let links: Vec<String> = serde_json::from_value(browser.script(links, vec![]).await?)?;
    assert!(links.len() > 8 && links.contains(&"#voice".to_owned()), "{links:?}");
    for link in &links {
        browser
            .script(
                "document.querySelector(`a[href=\"${arguments[0]}\"]`).click()",
                vec![json!(link)],
            )
            .await?;
        assert!(is_same_page(&browser).await?, "{link} loads the page anew");
    }
    for _ in &links {
        browser.back().await?;
        assert!(is_same_page(&browser).await?, "the way back loads the page anew");
    }
    assert_eq!(holds(&browser, "[name=name]").await?, "Augusta Ada King");
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn skip_link_leads_into_the_content_of_every_kind_of_page() -> Result<()> {
    let (house, browser) = office().await?;
    let ada = house.agent("Ada King", &[], |_| {});
    for path in [
        "/board",
        "/admin/agents",
        &format!("/admin/agents/{ada}"),
        "/audit",
        "/password",
    ] {
        browser.open(&house.url(path)).await?;
        mark(&browser).await?;
        let skip = browser.key(Key::Tab).await?;
        assert_eq!(skip.label, "Skip to content", "{path}");
        browser.key(Key::Enter).await?;
        assert!(is_same_page(&browser).await?, "{path} is loaded anew");
        browser.key(Key::Tab).await?;
        let inside = "return document.getElementById('main').contains(document.activeElement)";
        assert_eq!(browser.script(inside, vec![]).await?, true, "{path}");
    }
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn ended_sign_in_asks_over_the_page_and_keeps_what_was_typed() -> Result<()> {
    let house = House::shared().await;
    let admin = house.admin();
    let ada = house.agent("Ada King", &[], |_| {});
    let browser = house.signed_in(&admin, WIDE).await?;
    browser.open(&house.url(&format!("/admin/agents/{ada}"))).await?;
    browser.fill("[name=name]", "Augusta Ada King").await?;
    browser.fill("[name=alias]", "Countess").await?;
    mark(&browser).await?;
    house
        .store
        .set_login_password(&admin, Some(&"another long password".parse()?), Tokens::Keep)?;
    browser
        .wait_for_text("dialog#sign-in-again", "password was changed")
        .await?;
    browser.assert_accessible().await?;
    browser.fill("#sign-in-again [name=password]", PASSWORD).await?;
    browser.press_in("#sign-in-again", "Sign in").await?;
    browser.wait_for_text("#sign-in-again [role=alert]", "wrong").await?;
    browser
        .fill("#sign-in-again [name=password]", "another long password")
        .await?;
    browser.press_in("#sign-in-again", "Sign in").await?;
    browser.wait_gone("#sign-in-again").await?;
    assert!(is_same_page(&browser).await?, "the page was loaded anew");
    assert_eq!(holds(&browser, "[name=alias]").await?, "Countess");
    browser.press("Save").await?;
    browser.wait_for_text("[role=status]", "Saved").await?;
    let profile = house.store.agent(&ada)?.profile;
    assert_eq!(profile.full_name.as_str(), "Augusta Ada King");
    // What happens elsewhere is heard again, too.
    house.log_in(&ada);
    browser.wait_for_text("#now", "on internal").await?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn form_sent_after_the_sign_in_ended_can_be_sent_again() -> Result<()> {
    let house = House::shared().await;
    let admin = house.admin();
    let ada = house.agent("Ada King", &[], |_| {});
    let browser = house.signed_in(&admin, WIDE).await?;
    browser.open(&house.url(&format!("/admin/agents/{ada}"))).await?;
    browser.fill("[name=alias]", "Countess").await?;
    // Nobody tells the page of this end.
    let sent = "
        const done = arguments[0];
        const csrf = document.body.dataset.csrf;
        fetch('/sign-out', {method: 'POST', body: new URLSearchParams({csrf})}).then(() => {
            document.querySelector('main form button.primary').click();
            done(true);
        })";
    browser.script_async(sent, vec![]).await?;
    browser.fill("#sign-in-again [name=password]", PASSWORD).await?;
    browser.press_in("#sign-in-again", "Sign in").await?;
    browser.wait_gone("#sign-in-again").await?;
    browser.press("Save").await?;
    browser.wait_for_text("[role=status]", "Saved").await?;
    let alias = house.store.agent(&ada)?.profile.alias;
    assert_eq!(alias.map(|alias| alias.to_string()).as_deref(), Some("Countess"));
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn ended_sign_in_leads_to_the_sign_in_page_where_nothing_was_typed() -> Result<()> {
    let house = House::shared().await;
    let admin = house.admin();
    let browser = house.signed_in(&admin, WIDE).await?;
    browser.open(&house.url("/admin/agents")).await?;
    house
        .store
        .set_login_password(&admin, Some(&"another long password".parse()?), Tokens::Keep)?;
    browser.wait_for_path("/sign-in").await?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_with_unsaved_changes_asks_first() -> Result<()> {
    let (house, browser) = office().await?;
    let ada = house.agent("Ada King", &[], |_| {});
    house.queue("sales");
    let page = format!("/admin/agents/{ada}");
    browser.open(&house.url(&page)).await?;
    assert_eq!(browser.script(ASKS_BEFORE_CLOSING, vec![]).await?, false);
    browser.fill("[name=alias]", "Countess").await?;
    assert_eq!(browser.script(ASKS_BEFORE_CLOSING, vec![]).await?, true);

    browser.press_in("nav.side", "Queues").await?;
    browser.wait_for_text("dialog#unsaved", "not saved").await?;
    browser.assert_accessible().await?;
    browser.press_in("#unsaved", "Stay").await?;
    browser.wait_gone("#unsaved").await?;
    assert_eq!(browser.path().await?, page);
    assert_eq!(holds(&browser, "[name=alias]").await?, "Countess");

    // Another form of the page is sent: this one is as it was, and still asks.
    browser.press_in("#queues", "Assign").await?;
    browser.wait_for("[role=status] p, main [role=alert]").await?;
    assert_eq!(holds(&browser, "[name=alias]").await?, "Countess");
    browser.press_in("nav.side", "Queues").await?;
    browser.press_in("#unsaved", "Leave").await?;
    browser.wait_for_path("/admin/queues").await?;
    assert_eq!(house.store.agent(&ada)?.profile.alias, None);

    // A choice is a change, too; what was refused is not saved; what was saved is.
    browser.open(&house.url(&page)).await?;
    browser.choose("[name=record]", "wav49").await?;
    assert_eq!(browser.script(ASKS_BEFORE_CLOSING, vec![]).await?, true);
    browser.fill("[name=host]", "no address").await?;
    browser.press("Save").await?;
    browser.wait_for("#field-host-error").await?;
    assert_eq!(browser.script(ASKS_BEFORE_CLOSING, vec![]).await?, true);
    browser.fill("[name=host]", "dynamic").await?;
    browser.press("Save").await?;
    browser.wait_for_text("[role=status]", "Saved").await?;
    assert_eq!(browser.script(ASKS_BEFORE_CLOSING, vec![]).await?, false);
    browser.press_in("nav.side", "Queues").await?;
    browser.wait_for_path("/admin/queues").await?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn search_and_filter_forms_do_not_ask_before_leaving() -> Result<()> {
    let (house, browser) = office().await?;
    for (path, field) in [("/board", "[name=q]"), ("/admin/agents", "[name=search]")] {
        browser.open(&house.url(path)).await?;
        browser.fill(field, "ada").await?;
        assert_eq!(browser.script(ASKS_BEFORE_CLOSING, vec![]).await?, false, "{path}");
        browser.press_in("nav.side", "Queues").await?;
        browser.wait_for_path("/admin/queues").await?;
    }
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn page_of_a_problem_keeps_the_way_to_other_pages() -> Result<()> {
    let (house, browser) = office().await?;
    for path in [
        "/nosuch",
        "/admin/agents/999999",
        "/admin/queues/nosuch",
        "/board/agents/999999",
    ] {
        browser.open(&house.url(path)).await?;
        browser.wait_for_text("nav.side", "Queues").await?;
        let said = browser.text("main").await?;
        assert!(!said.contains("`peerage") && !said.contains("/api/"), "{path}: {said}");
    }
    let ada = house.agent("Ada King", &[], |agent| {
        agent.profile.permissions.see_own_history = false;
    });
    let own = house.signed_in(&ada, WIDE).await?;
    own.wait_for_text("nav.side", "My work").await?;
    assert!(!own.text("nav.side").await?.contains("History"));
    own.open(&house.url("/agent/history")).await?;
    own.wait_for_text("main [role=alert]", "You don't have permission to see your history")
        .await?;
    own.wait_for_text("nav.side", "My work").await?;
    own.end().await?;
    browser.end().await
}
