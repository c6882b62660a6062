//! An administrator's pages: what is set there is what Asterisk does.

use std::fs;

use anyhow::Result;
use peerage_model::Number;
use peerage_testkit::asterisk::wait_until;
use peerage_testkit::browser::{Browser, PATIENCE, WIDE};
use serde_json::json;

use crate::house::House;
use crate::people::PASSWORD;
use crate::truth::{free, paused};

/// An administrator who has signed in.
pub(crate) async fn office() -> Result<(&'static House, Browser)> {
    let house = House::shared().await;
    let admin = house.admin();
    Ok((house, house.signed_in(&admin, WIDE).await?))
}

/// Goes to a page by its entry in the navigation.
pub(crate) async fn go(browser: &Browser, entry: &str) -> Result<()> {
    browser.press_in("nav.side", entry).await?;
    browser.wait_for_text("nav.side [aria-current=page]", entry).await?;
    Ok(())
}

/// Waits until Asterisk says so of an endpoint: a caching one is told of a change a moment after it.
fn wait_for_endpoint(house: &House, number: &str, wanted: &[&str]) -> Result<()> {
    wait_until(&format!("Asterisk says {wanted:?} of {number}"), PATIENCE, || {
        let said = house.asterisk.cli(&format!("pjsip show endpoint {number}"))?;
        Ok(wanted.iter().all(|wanted| said.contains(wanted)))
    })
}

/// A secret that the page shows once.
async fn shown_secret(browser: &Browser, of: &str) -> Result<String> {
    browser.text(&format!("[data-secret^='{of}']")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_made_in_the_console_signs_in_works_and_rings() -> Result<()> {
    let (house, browser) = office().await?;
    let queue = house.queue("sales");
    let number = house.number();
    go(&browser, "Agents").await?;
    browser.press("New agent").await?;
    browser.fill("[name=number]", number.as_str()).await?;
    browser.fill("[name=username]", &format!("ada{number}")).await?;
    browser.fill("[name=name]", "Ada King").await?;
    browser.press("Add agent").await?;
    shown_secret(&browser, "SIP secret").await?;
    let password = shown_secret(&browser, "Password").await?;
    // Once.
    browser.reload().await?;
    browser.wait_for_text("main [role=alert]", "shown").await?;

    browser.open(&house.url(&format!("/admin/agents/{number}"))).await?;
    browser
        .choose("#queues form:last-of-type [name=queue]", queue.as_str())
        .await?;
    browser.press_in("#queues", "Assign").await?;
    browser.wait_for_text("[role=status]", "Assigned").await?;
    wait_for_endpoint(house, number.as_str(), &["from-sip", "(ulaw|alaw)"])?;

    let own = Browser::start(WIDE).await?;
    house.sign_in(&own, &format!("ada{number}"), &password).await?;
    own.press("Log in").await?;
    own.wait_for("#state").await?;
    house.assert_truth(&queue, &[free(format!("PJSIP/{number}"))])?;

    // Taken out of the queue while at work.
    browser.press_in("#queues", "Remove").await?;
    browser.wait_for_text("[role=status]", "Removed from queue").await?;
    house.wait_for_truth(&queue, &[]).await?;
    own.end().await?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_section_of_an_agent_is_changed_and_asterisk_is_told() -> Result<()> {
    let (house, browser) = office().await?;
    let ada = house.agent("Ada King", &[], |_| {});
    wait_for_endpoint(house, ada.as_str(), &["(ulaw|alaw)"])?;
    browser.open(&house.url(&format!("/admin/agents/{ada}"))).await?;
    // Account.
    browser.fill("[name=alias]", "Countess").await?;
    browser.fill("[name=email]", "ada@example.com").await?;
    browser.tick("[name=hot-desk]", true).await?;
    // Voice.
    browser.choose("#field-codecs li:nth-child(1) select", "alaw").await?;
    browser.choose("#field-codecs li:nth-child(2) select", "g722").await?;
    browser.fill("[name=context]", "from-office").await?;
    browser.tick("[name=video]", true).await?;
    browser.choose("[name=record]", "wav49").await?;
    // Other channels, permissions, client logs.
    browser.tick("[name=channel-chat]", true).await?;
    browser.fill("[name='channel-chat.capacity']", "3").await?;
    browser.tick("[name=may-move]", false).await?;
    browser.choose("[name=client-log-level]", "debug").await?;
    browser.press("Save").await?;
    browser.wait_for_text("[role=status]", "aved").await?;

    wait_for_endpoint(house, ada.as_str(), &["from-office", "(alaw|g722"])?;
    let agent = house.store.agent(&ada)?;
    assert!(agent.profile.hot_desk && !agent.profile.permissions.move_session);
    assert_eq!(agent.profile.channels.len(), 1);
    assert_eq!(agent.profile.client_log_level.to_string(), "debug");
    // All of it stands in the form again.
    browser.reload().await?;
    for (field, value) in [("alias", "Countess"), ("context", "from-office"), ("record", "wav49")] {
        let stands = browser.value(&format!("[name={field}]"), "value").await?;
        assert_eq!(stands.as_deref(), Some(value), "{field}");
    }

    // What Asterisk reads, and where each value comes from.
    browser.press("Asterisk settings").await?;
    browser
        .wait_for_text("#ps_endpoints [data-column=context]", "from-office")
        .await?;
    browser.wait_for("#ps_endpoints a[href$='#field-context']").await?;
    let page = browser.text("main").await?;
    assert!(!page.contains("sesame"), "a secret is shown");
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_value_is_told_at_its_field_and_nothing_is_changed() -> Result<()> {
    let (house, browser) = office().await?;
    let ada = house.agent("Ada King", &[], |_| {});
    browser.open(&house.url(&format!("/admin/agents/{ada}"))).await?;
    browser.fill("[name=alias]", "Countess").await?;
    browser.fill("[name=host]", "no address").await?;
    browser.press("Save").await?;
    browser.wait_for("main [role=alert]").await?;
    browser.wait_for("#field-host-error").await?;
    assert_eq!(
        browser.value("#field-host", "aria-invalid").await?.as_deref(),
        Some("true")
    );
    // What was typed is there to be mended.
    assert_eq!(
        browser.value("#field-host", "value").await?.as_deref(),
        Some("no address")
    );
    assert_eq!(house.store.agent(&ada)?.profile.alias, None);
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_change_the_same_field_the_second_is_told() -> Result<()> {
    let (house, one) = office().await?;
    let other = house.signed_in(house.admin(), WIDE).await?;
    let ada = house.agent("Ada King", &[], |_| {});
    for browser in [&one, &other] {
        browser.open(&house.url(&format!("/admin/agents/{ada}"))).await?;
    }
    one.fill("[name=context]", "from-one").await?;
    one.press("Save").await?;
    one.wait_for_text("[role=status]", "aved").await?;
    other.fill("[name=context]", "from-other").await?;
    other.press("Save").await?;
    other.wait_for_text("main [role=alert]", "from-one").await?;
    wait_for_endpoint(house, ada.as_str(), &["from-one"])?;
    // Asked twice, it is meant.
    other.press("Save").await?;
    other.wait_for_text("[role=status]", "aved").await?;
    wait_for_endpoint(house, ada.as_str(), &["from-other"])?;
    one.end().await?;
    other.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_is_searched_and_leafed_through_in_both_directions() -> Result<()> {
    let (house, browser) = office().await?;
    let numbers: Vec<Number> = (0..120).map(|_| house.plain_agent("Zenobia Palmyra")).collect();
    go(&browser, "Agents").await?;
    browser.fill("[name=search]", "Zenobia").await?;
    browser.press("Search").await?;
    let row = "#list tbody th";
    let first = |at: usize| numbers[at].to_string();
    browser.wait_for_text(row, &first(0)).await?;
    assert_eq!(browser.texts(row).await?.len(), 50);
    browser.press("Next").await?;
    browser.wait_for_text(row, &first(50)).await?;
    browser.press("Next").await?;
    browser.wait_for_text(row, &first(100)).await?;
    assert_eq!(browser.texts(row).await?.len(), 20);
    browser.press("Previous").await?;
    browser.wait_for_text(row, &first(50)).await?;
    assert_eq!(
        browser.texts(row).await?,
        numbers[50..100].iter().map(Number::to_string).collect::<Vec<_>>()
    );
    browser.fill("[name=search]", "nobody of this name").await?;
    browser.press("Search").await?;
    browser.wait_for_text("#list", "Nothing to show").await?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_telephone_is_made_disabled_and_removed_and_asterisk_follows() -> Result<()> {
    let (house, browser) = office().await?;
    let number = house.number();
    go(&browser, "Phones").await?;
    browser.press("New phone").await?;
    browser.fill("[name=number]", number.as_str()).await?;
    browser.fill("[name=name]", "Reception").await?;
    browser.press("Add phone").await?;
    shown_secret(&browser, "SIP secret").await?;
    wait_for_endpoint(house, number.as_str(), &["from-sip"])?;

    browser.open(&house.url(&format!("/admin/telephones/{number}"))).await?;
    browser.press("Disable").await?;
    browser
        .wait_for_text("main", "Asterisk does not see this account")
        .await?;
    wait_for_endpoint(house, number.as_str(), &["Unable to find object"])?;
    browser.press("Enable").await?;
    browser.wait_text_gone("main", "Disabled: Asterisk").await?;
    wait_for_endpoint(house, number.as_str(), &["from-sip"])?;

    browser.press("Remove…").await?;
    browser.press(&format!("Remove phone {number}")).await?;
    browser.wait_for_text("[role=status]", "emoved").await?;
    wait_for_endpoint(house, number.as_str(), &["Unable to find object"])?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_made_in_the_console_is_one_to_asterisk() -> Result<()> {
    let (house, browser) = office().await?;
    let name = format!("help-{}", house.number());
    go(&browser, "Queues").await?;
    browser.press("New queue").await?;
    browser.fill("[name=name]", &name).await?;
    browser.choose("[name=strategy]", "rrmemory").await?;
    browser.fill("[name=service-level]", "42").await?;
    browser.press("Add queue").await?;
    browser.wait_for_text("[role=status]", "Added").await?;
    let said = house.asterisk.cli(&format!("queue show {name}"))?;
    assert!(
        said.contains("'rrmemory' strategy") && said.contains("within 42s"),
        "{said}"
    );
    browser.press("Remove…").await?;
    browser.press(&format!("Remove queue {name}")).await?;
    browser.wait_for_text("[role=status]", "emoved").await?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reason_made_in_the_console_is_offered_to_agents_and_reaches_asterisk() -> Result<()> {
    let (house, browser) = office().await?;
    let queue = house.queue("sales");
    let ada = house.agent("Ada King", &[&queue], |_| {});
    let page = house.signed_in(&ada, WIDE).await?;
    page.press("Log in").await?;
    page.wait_for("#state").await?;
    let code = format!("nap{}", house.number());
    go(&browser, "Pause reasons").await?;
    browser.press("New reason").await?;
    browser.fill("[name=code]", &code).await?;
    browser.fill("[name=label]", "A nap").await?;
    browser.press("Add reason").await?;
    browser.wait_for_text("[role=status]", "Added").await?;
    // By itself.
    page.click(&format!("label:has(> input[name=reason][value='{code}'])"))
        .await?;
    page.press("Pause").await?;
    page.wait_for_text("#state", "Paused: A nap").await?;
    house.assert_truth(&queue, &[paused(format!("PJSIP/{ada}"), &code)])?;
    page.end().await?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_made_in_the_console_sees_the_queues_that_were_given_and_an_administrator_unlocks() -> Result<()> {
    let (house, browser) = office().await?;
    let queue = house.queue("sales");
    let name = format!("sue{}", house.number());
    go(&browser, "Users").await?;
    browser.press("New user").await?;
    browser.fill("[name=username]", &name).await?;
    browser.choose("[name=role]", "supervisor").await?;
    browser.fill("[name=queues]", queue.as_str()).await?;
    browser.press("Add user").await?;
    let password = shown_secret(&browser, "Password").await?;
    let board = Browser::start(WIDE).await?;
    for _ in 0..5 {
        house.sign_in(&board, &name, "wrong horse").await?;
        board.wait_for("main [role=alert]").await?;
    }
    house.sign_in(&board, &name, &password).await?;
    board.wait_for_text("main [role=alert]", "oo many sign-ins").await?;
    browser.open(&house.url(&format!("/admin/users/{name}"))).await?;
    browser.press("Unlock").await?;
    browser.wait_for_text("[role=status]", "nlocked").await?;
    house.sign_in(&board, &name, &password).await?;
    board.wait_for_path("/board").await?;
    board.wait_for_text("#board", queue.as_str()).await?;
    // Who is disabled is out at once.
    browser.tick("[name=disabled]", true).await?;
    browser.press("Save").await?;
    browser.wait_for_text("[role=status]", "aved").await?;
    board.open(&house.url("/board")).await?;
    board.wait_for_path("/sign-in").await?;
    board.end().await?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_lets_a_program_in_until_it_is_revoked() -> Result<()> {
    let (house, browser) = office().await?;
    let name = format!("crm{}", house.number());
    go(&browser, "Tokens").await?;
    browser.fill("[name=name]", &name).await?;
    browser.press("Add token").await?;
    let token = shown_secret(&browser, "Token").await?;
    let ask = "
        const [url, token, done] = arguments;
        fetch(url, {headers: {Authorization: `Bearer ${token}`}, credentials: 'omit'}).then(answer => done(answer.status));";
    let arguments = vec![json!(house.url("/api/v1/agents")), json!(token)];
    assert_eq!(browser.script_async(ask, arguments.clone()).await?, 200);
    go(&browser, "Tokens").await?;
    let row = format!("tr:has([value='{name}'])");
    browser.press_and_confirm(&row, "Remove").await?;
    browser.wait_for_text("[role=status]", "Removed").await?;
    assert_eq!(browser.script_async(ask, arguments).await?, 401);
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_shows_whether_it_is_linked() -> Result<()> {
    let (_, browser) = office().await?;
    go(&browser, "Nodes").await?;
    browser.wait_for_text("main tr", "pbx1").await?;
    browser.wait_for_text("main tr", "Up").await?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_says_who_changed_what_from_what_to_what() -> Result<()> {
    let house = House::shared().await;
    let admin = house.admin().to_string();
    let browser = house.signed_in(&admin, WIDE).await?;
    let ada = house.agent("Ada King", &[], |_| {});
    browser.open(&house.url(&format!("/admin/agents/{ada}"))).await?;
    browser.fill("[name=context]", "from-office").await?;
    browser.press("Save").await?;
    browser.wait_for_text("[role=status]", "aved").await?;
    go(&browser, "Change history").await?;
    browser.fill("[name=subject]", ada.as_str()).await?;
    browser.press("Show").await?;
    let change = browser.wait_for_text("article.change", "from-office").await?;
    for part in ["from-sip", "context", &admin] {
        assert!(change.contains(part), "{part}: {change}");
    }
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_imported_after_a_preview_and_a_bad_one_changes_nothing() -> Result<()> {
    let (house, browser) = office().await?;
    let directory = tempfile::tempdir()?;
    let numbers = [house.number(), house.number()];
    let good = directory.path().join("agents.csv");
    fs::write(
        &good,
        format!(
            "number,name,secret\n{},Ada King,sesame-1\n{},Grace Hopper,sesame-2\n",
            numbers[0], numbers[1]
        ),
    )?;
    let bad = directory.path().join("bad.csv");
    fs::write(&bad, format!("number,name,nat\n{},Ada King,sideways\n", house.number()))?;

    go(&browser, "Import").await?;
    browser.attach("[type=file]", &bad).await?;
    browser.press("Check file").await?;
    browser.wait_for_text("main", "sideways").await?;

    go(&browser, "Import").await?;
    browser.attach("[type=file]", &good).await?;
    browser.press("Check file").await?;
    browser.wait_for_text("main", "Grace Hopper").await?;
    // Seen, and not done.
    assert!(house.store.agent(&numbers[0]).is_err());
    browser.press("Add 2 agents").await?;
    browser.wait_for_text("[role=status]", "Added 2 agents").await?;
    for number in &numbers {
        house.store.agent(number)?;
        wait_for_endpoint(house, number.as_str(), &["from-sip"])?;
    }
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_of_an_agents_page_can_be_read_by_an_administrator() -> Result<()> {
    let (house, browser) = office().await?;
    let ada = house.agent("Ada King", &[], |agent| {
        agent.profile.client_log_level = "error".parse().unwrap();
    });
    let page = house.signed_in(&ada, WIDE).await?;
    page.wait_for("[name=interface]").await?;
    let fail = "window.dispatchEvent(new ErrorEvent('error', {message: 'the page tripped', filename: 'x', lineno: 1}))";
    page.script(fail, vec![]).await?;
    let arrived = || Ok(!house.store.client_logs(&Default::default())?.is_empty());
    wait_until("the report arrives", PATIENCE, arrived)?;
    go(&browser, "Client logs").await?;
    browser.fill("[name=agent]", ada.as_str()).await?;
    browser.press("Show").await?;
    browser.wait_for_text("main tr", "the page tripped").await?;
    page.end().await?;
    browser.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_get_in() -> Result<()> {
    let house = House::shared().await;
    let queue = house.queue("sales");
    let ada = house.agent("Ada King", &[&queue], |_| {});
    let boss = house.supervisor(&[&queue]);
    for user in [ada.to_string(), boss.to_string()] {
        let browser = Browser::start(WIDE).await?;
        house.sign_in(&browser, &user, PASSWORD).await?;
        browser.wait_gone("[name=password]").await?;
        for page in ["agents", "telephones/new", "queues", "users", "tokens", "nodes"] {
            browser.open(&house.url(&format!("/admin/{page}"))).await?;
            browser.wait_for("main [role=alert][data-code=not_permitted]").await?;
        }
        browser.end().await?;
    }
    Ok(())
}
